-- title: What came and what went
-- order: 50
-- kinds: node
-- period: yes
-- about: Subjects first seen in the period, and subjects that a complete answer no
--   longer had, by kind and day.
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
WITH span AS MATERIALIZED (
	SELECT coalesce(min(run), 1 << 60) AS first, coalesce(max(run), 0) AS last FROM ended
	 WHERE ended >= :from AND ended < :to AND ended <= :at AND run <= :run),
told AS (
	SELECT x.run, s.kind, s.scope, s.key, CASE
	       WHEN x.content IS NULL THEN 'gone'
	       WHEN NOT EXISTS (SELECT 1 FROM change WHERE subject = s.id AND run < x.run)
	       THEN 'new'
	       WHEN (SELECT content FROM change WHERE subject = s.id AND run < x.run
	              ORDER BY run DESC LIMIT 1) IS NULL THEN 'back' END AS what
	  FROM span b CROSS JOIN change x ON x.run BETWEEN b.first AND b.last
	  JOIN subject s ON s.id = x.subject
	 WHERE s.scope GLOB :scope AND s.kind GLOB :kind)
SELECT date(e.ended) AS day, t.what, t.kind, count(*) AS subjects,
       min(t.key || ' in ' || t.scope) AS "one of them"
  FROM told t JOIN ended e ON e.run = t.run
 WHERE t.what IS NOT NULL
 GROUP BY 1, 2, 3 ORDER BY 1, 3, 2;
