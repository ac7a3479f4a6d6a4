-- title: What could not be asked or answered in full, and why
WITH newest AS (
	SELECT p.scope, p.collector, w.run, e.ended AS at, c.body
	  FROM place p
	  JOIN answer w ON w.place = p.id AND w.run =
	       (SELECT max(run) FROM answer WHERE place = p.id AND run <= :run)
	  JOIN ended e ON e.run = w.run
	  JOIN content c ON c.id = w.content)
SELECT scope, collector, '*' AS kind, body ->> '$.outcome' AS outcome, run, at,
       body ->> '$.reason' AS reason
  FROM newest WHERE body ->> '$.outcome' <> 'observed'
UNION ALL
SELECT n.scope, n.collector, g.value ->> '$.kind', g.value ->> '$.outcome',
       n.run, n.at, g.value ->> '$.reason'
  FROM newest n, json_each(n.body, '$.gaps') g
 ORDER BY 1, 2, 3;
