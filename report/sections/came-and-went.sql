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
step AS ( -- in the order of the table
	SELECT subject, run, content, lag(run) OVER w AS before, lag(content) OVER w AS was
	  FROM change WHERE run <= (SELECT last FROM span)
	WINDOW w AS (PARTITION BY subject ORDER BY run)),
told AS (
	SELECT subject, run, CASE WHEN content IS NULL THEN 'gone'
	       WHEN before IS NULL THEN 'new' ELSE 'back' END AS what
	  FROM step
	 WHERE run >= (SELECT first FROM span) AND (content IS NULL OR was IS NULL)),
counted AS (
	SELECT t.run, t.what, s.kind, count(*) AS n, min(t.subject) AS one
	  FROM told t CROSS JOIN subject s ON s.id = t.subject
	 WHERE s.scope GLOB :scope AND s.kind GLOB :kind GROUP BY 1, 2, 3)
SELECT date(e.ended) AS day, t.what, t.kind, sum(t.n) AS subjects,
       s.key || ' in ' || s.scope AS "one of them"
  FROM counted t
  JOIN ended e ON e.run = t.run JOIN subject s ON s.id = t.one
 GROUP BY 1, t.what, t.kind HAVING min(t.one) > 0 ORDER BY 1, 3, 2;
