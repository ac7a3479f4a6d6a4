-- title: What came and what went
-- order: 50
-- kinds: node
-- period: yes
-- about: Subjects first seen in the period, and subjects that a complete answer no
--   longer had, by kind and day. With the store's first run, the record itself begins:
--   what it found is one line.
-- param: scope [*] scopes that match, as in host/web-*
-- param: kind [*] kinds that match, as in node.boot
WITH span AS MATERIALIZED (
	SELECT coalesce(min(run), 1 << 60) AS first, coalesce(max(run), 0) AS last FROM ended
	 WHERE ended >= :from AND ended < :to AND ended <= :at AND run <= :run),
told AS MATERIALIZED (
	SELECT x.subject, x.run, CASE WHEN x.content IS NULL THEN 'gone'
	       WHEN b.run IS NULL THEN 'new' ELSE 'back' END AS what
	  FROM span n CROSS JOIN change x ON x.run BETWEEN max(n.first, 2) AND n.last
	  LEFT JOIN change b ON b.subject = x.subject AND b.run =
	       (SELECT max(run) FROM change WHERE subject = x.subject AND run < x.run)
	 WHERE x.content IS NULL OR b.content IS NULL),
counted AS (
	SELECT t.run, t.what, s.kind, count(*) AS n, min(t.subject) AS one
	  FROM told t CROSS JOIN subject s ON s.id = t.subject
	 WHERE s.scope GLOB :scope AND s.kind GLOB :kind GROUP BY 1, 2, 3)
SELECT date(e.ended) AS day, 'first run' AS what, NULL AS kind, count(*) AS subjects,
       NULL AS "one of them"
  FROM span n CROSS JOIN ended e ON e.run = 1 CROSS JOIN change x ON x.run = 1
 WHERE n.first = 1 AND (:scope = '*' AND :kind = '*' OR EXISTS (
       SELECT 1 FROM subject s
        WHERE s.id = x.subject AND s.scope GLOB :scope AND s.kind GLOB :kind)) GROUP BY 1
 UNION ALL
SELECT date(e.ended), t.what, t.kind, sum(t.n), s.key || ' in ' || s.scope
  FROM counted t
  JOIN ended e ON e.run = t.run CROSS JOIN subject s ON s.id = t.one
 GROUP BY 1, t.what, t.kind HAVING min(t.one) > 0 ORDER BY 1, 3, 2;
