-- title: What could not be asked or answered in full, and why
WITH newest AS (
	SELECT p.scope, p.collector, w.answer_run AS run, e.ended AS at, c.body,
	       (SELECT why FROM dropped WHERE content = c.id) AS why
	  FROM answer_at w
	  JOIN place p ON p.id = w.place
	  JOIN ended e ON e.run = w.answer_run
	  JOIN content c ON c.id = w.content
	 WHERE w.run = :run)
SELECT scope, collector, '*' AS kind,
       iif(body IS NULL, 'dropped', body ->> '$.outcome') AS outcome, run, at,
       coalesce(why, body ->> '$.reason') AS reason
  FROM newest WHERE body IS NULL OR body ->> '$.outcome' <> 'observed'
UNION ALL
SELECT n.scope, n.collector, g.value ->> '$.kind', g.value ->> '$.outcome',
       n.run, n.at, g.value ->> '$.reason'
  FROM newest n, json_each(n.body, '$.gaps') g
 ORDER BY 1, 2, 3;
