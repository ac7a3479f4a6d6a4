-- title: The evidence that the state rests on: each subject's content, by its digest
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
SELECT s.kind, s.scope, s.key, c.body ->> '$.outcome' AS outcome,
       lower(hex(c.sha256)) AS sha256, c.size, x.run AS since_run, e.ended AS since,
       p.body ->> '$.source' AS source, p.body ->> '$.collector' AS collector
  FROM subject s
  JOIN change x ON x.subject = s.id AND x.run =
       (SELECT max(run) FROM change WHERE subject = s.id AND run <= :run)
  JOIN ended e ON e.run = x.run
  JOIN content c ON c.id = x.content
  LEFT JOIN content p ON p.id = x.provenance
 WHERE s.scope GLOB :scope AND s.kind GLOB :kind
 ORDER BY s.kind, s.scope, s.key;
