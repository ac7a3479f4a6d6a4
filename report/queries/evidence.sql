-- title: The evidence that the state rests on: each subject's content, by its digest
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
WITH standing AS MATERIALIZED (
	SELECT subject, max(run) AS run, content, provenance FROM change
	 WHERE run <= :run GROUP BY subject),
-- each content, and each provenance, is taken apart once
told AS MATERIALIZED (
	SELECT id, body ->> '$.outcome' AS outcome, lower(hex(sha256)) AS sha256, size
	  FROM content WHERE id IN (SELECT content FROM standing)),
origin AS MATERIALIZED (
	SELECT id, body ->> '$.source' AS source, body ->> '$.collector' AS collector
	  FROM content WHERE id IN (SELECT provenance FROM standing))
SELECT s.kind, s.scope, s.key, c.outcome, c.sha256, c.size, x.run AS since_run,
       e.ended AS since, p.source, p.collector
  FROM subject s CROSS JOIN standing x ON x.subject = s.id
 CROSS JOIN told c ON c.id = x.content CROSS JOIN ended e ON e.run = x.run
  LEFT JOIN origin p ON p.id = x.provenance
 WHERE s.scope GLOB :scope AND s.kind GLOB :kind
 ORDER BY s.kind, s.scope, s.key;
