-- title: What the checks of each FedRAMP rule or indicator came to, every day of a year
-- catalogs: fedramp-rules fedramp-bearing
-- with: fedramp-days
, day(d, i) AS (
	SELECT date(substr(as_of, 1, 10)), 0 FROM asked
	 UNION ALL
	SELECT date(d, '-1 day'), i + 1 FROM day WHERE i < 364)
SELECT r.id, c.d AS day, iif(d.day IS NULL, 'no evaluation', 'evaluated') AS state,
       d.satisfied, d.not_satisfied AS "not satisfied", d.unknown
  FROM (SELECT DISTINCT n, id FROM days) r CROSS JOIN day c
  LEFT JOIN days d ON d.n = r.n AND d.day = c.d
 ORDER BY r.n, c.d;
