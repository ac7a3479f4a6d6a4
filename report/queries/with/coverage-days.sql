-- What each place (a collector in a scope) answered on each day of [:from, :to),
-- counted: daily (id, day, runs, complete, partial, denied, no_answer, dropped,
-- denied_calls), beside asked (id, scope, collector, since) and day (day).
WITH RECURSIVE day(day) AS (
	SELECT date(:from) WHERE :from < min(:to, :at)
	 UNION ALL
	SELECT date(day, '+1 day') FROM day
	 WHERE date(day, '+1 day') || 'T00:00:00Z' < min(:to, :at)
	   AND day < date(:from, '+3660 days')),
span AS MATERIALIZED (
	SELECT min(run) AS first, max(run) AS last FROM ended
	 WHERE ended >= :from AND ended < :to AND ended <= :at AND run <= :run),
asked AS MATERIALIZED (
	SELECT p.id, p.scope, p.collector,
	       (SELECT date(e.ended) FROM answer w JOIN ended e ON e.run = w.run
	         WHERE w.place = p.id ORDER BY w.run LIMIT 1) AS since
	  FROM place p WHERE p.scope GLOB :scope),
told AS MATERIALIZED (
	SELECT k.id, date(e.ended) AS day,
	       iif(c.body IS NULL, 'dropped', c.body ->> '$.outcome') AS outcome,
	       json_array_length(c.body, '$.gaps') AS gaps, c.body ->> '$.denied' AS denied
	  FROM span b CROSS JOIN asked k
	 CROSS JOIN answer w ON w.place = k.id AND w.run BETWEEN b.first AND b.last
	  JOIN ended e ON e.run = w.run
	  JOIN content c ON c.id = w.content),
daily AS MATERIALIZED (
	SELECT id, day, count(*) AS runs,
	       count(*) FILTER (WHERE outcome = 'observed' AND gaps = 0) AS complete,
	       count(*) FILTER (WHERE outcome = 'observed' AND gaps > 0) AS partial,
	       count(*) FILTER (WHERE outcome = 'denied') AS denied,
	       count(*) FILTER (WHERE outcome NOT IN ('observed', 'denied', 'dropped')) AS no_answer,
	       count(*) FILTER (WHERE outcome = 'dropped') AS dropped,
	       sum(denied) AS denied_calls
	  FROM told GROUP BY id, day)
