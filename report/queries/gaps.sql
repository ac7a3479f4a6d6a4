-- title: What could not be asked or answered in full, and why
WITH newest AS (
	SELECT p.scope, p.collector, w.run, e.ended AS at, c.body,
	       (SELECT why FROM dropped WHERE content = c.id) AS why
	  FROM place p
	  JOIN answer w ON w.place = p.id AND w.run =
	       (SELECT max(run) FROM answer WHERE place = p.id AND run <= :run)
	  JOIN ended e ON e.run = w.run
	  JOIN content c ON c.id = w.content)
SELECT scope, collector, '*' AS kind,
       iif(body IS NULL, 'dropped', body ->> '$.outcome') AS outcome, run, at,
       coalesce(why, body ->> '$.reason') AS reason
  FROM newest WHERE body IS NULL OR body ->> '$.outcome' <> 'observed'
UNION ALL
SELECT n.scope, n.collector, g.value ->> '$.kind', g.value ->> '$.outcome',
       n.run, n.at, g.value ->> '$.reason'
  FROM newest n, json_each(n.body, '$.gaps') g
 ORDER BY 1, 2, 3;
