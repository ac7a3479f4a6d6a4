-- title: Every change there ever was, newest first
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
-- param: key [*] keys that match
SELECT h.run, h.at, h.kind, h.scope, h.key, h.outcome,
       json_extract(h.provenance, '$.source') AS source, h.sha256
  FROM history h
 WHERE h.run <= :run AND h.scope GLOB :scope AND h.kind GLOB :kind
   AND h.key GLOB :key
 ORDER BY h.run DESC, h.kind, h.scope, h.key;
