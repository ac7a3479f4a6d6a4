-- title: Collection gaps of the whole period
-- order: 72
-- kinds: *
-- period: yes
-- about: Targets and kinds that were asked in the period and not collected in full, equal
--   causes once. Days are those on which a run met the gap.
-- param: scope [*] scopes that match, as in host/web-*
WITH span AS MATERIALIZED (
	SELECT min(run) AS first, max(run) AS last FROM ended
	 WHERE ended >= :from AND ended < :to AND ended <= :at AND run <= :run),
told AS MATERIALIZED (
	SELECT p.scope, p.collector, w.run, date(e.ended) AS day, w.content
	  FROM span b CROSS JOIN place p
	 CROSS JOIN answer w ON w.place = p.id AND w.run BETWEEN b.first AND b.last
	  JOIN ended e ON e.run = w.run WHERE p.scope GLOB :scope),
poor AS MATERIALIZED (
	SELECT c.id, '*' AS kind, iif(c.body IS NULL, 'dropped', c.body ->> '$.outcome') AS outcome,
	       iif(c.body IS NULL, (SELECT why FROM dropped WHERE content = c.id),
	           c.body ->> '$.reason') AS reason
	  FROM (SELECT DISTINCT content FROM told) t JOIN content c ON c.id = t.content
	 WHERE c.body IS NULL OR c.body ->> '$.outcome' <> 'observed'
	 UNION ALL
	SELECT c.id, g.value ->> '$.kind', g.value ->> '$.outcome', g.value ->> '$.reason'
	  FROM (SELECT DISTINCT content FROM told) t JOIN content c ON c.id = t.content
	 CROSS JOIN json_each(iif(c.body ->> '$.outcome' = 'observed', c.body -> '$.gaps', '[]')) g)
SELECT t.collector, iif(p.kind = '*', 'everything', p.kind) AS kind, p.outcome, p.reason,
       count(DISTINCT t.scope) AS targets, min(t.scope) AS "one of them",
       count(DISTINCT t.day) AS days, min(t.day) AS "first", max(t.day) AS "last"
  FROM told t JOIN poor p ON p.id = t.content
 GROUP BY 1, 2, 3, 4 ORDER BY p.kind <> '*', targets DESC, days DESC, 1, 2, 3, 4;
