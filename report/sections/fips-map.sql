-- title: FIPS mode by node and day
-- order: 8
-- kinds: node
-- period: yes
-- chart: days
-- about: One character per day: F in FIPS mode all day, x not in FIPS mode at some time,
--   ? not determined at some time, . not in the inventory that day. Nodes that were
--   alike on every day share one row, the worst first.
-- with: fips-time
-- param: max_gap [36] hours after which an observation no longer holds
-- param: scope [*] scopes that match, as in host/web-*
-- param: key [*] nodes that match
, day(d, a, z) AS (
	SELECT date(b.t0, 'unixepoch'), b.t0, min(unixepoch(date(b.t0, 'unixepoch', '+1 day')), b.t1)
	  FROM span b WHERE b.t0 < b.t1 AND EXISTS (SELECT 1 FROM node)
	 UNION ALL
	SELECT date(z, 'unixepoch'), z, min(z + 86400, b.t1)
	  FROM day CROSS JOIN span b WHERE z < b.t1 AND z < b.t0 + 86400 * 550),
line AS MATERIALIZED (
	SELECT subject, scope, key,
	       json_group_array(json_array(mode, t, u)) AS sign
	  FROM (SELECT * FROM stretch ORDER BY subject, t, u, mode) GROUP BY subject),
drawn AS MATERIALIZED (
	SELECT l.sign, group_concat(c, '') AS days FROM (
		SELECT k.sign, d.d, CASE
		       WHEN max(v.value ->> 0 = 'off') THEN 'x'
		       WHEN max(v.value ->> 0 IN ('unknown', 'gap') AND v.value ->> 2 > v.value ->> 1)
		       THEN '?' WHEN max(v.value ->> 0 = 'on') THEN 'F' ELSE '.' END AS c
		  FROM (SELECT DISTINCT sign FROM line) k CROSS JOIN day d
		  LEFT JOIN json_each(k.sign) v ON v.value ->> 1 < d.z AND (v.value ->> 2 > d.a
		        OR v.value ->> 2 = v.value ->> 1 AND v.value ->> 1 >= d.a)
		 GROUP BY k.sign, d.d ORDER BY k.sign, d.d) l
	 GROUP BY l.sign),
ranked AS (
	SELECT w.days, l.key, row_number() OVER (PARTITION BY w.days ORDER BY l.key, l.scope) AS place
	  FROM line l JOIN drawn w ON w.sign = l.sign)
SELECT count(*) AS nodes,
       group_concat(key, ', ') FILTER (WHERE place <= 20)
       || iif(count(*) > 20, ' and ' || (count(*) - 20) || ' more', '') AS which,
       length(replace(replace(replace(days, 'F', ''), '?', ''), '.', '')) AS "days not in FIPS mode",
       length(replace(replace(replace(days, 'F', ''), 'x', ''), '.', '')) AS "days not determined",
       length(days) - length(replace(days, 'F', '')) AS "days in FIPS mode",
       (SELECT min(d) FROM day) AS "first day", days
  FROM ranked GROUP BY days
 ORDER BY 3 DESC, 4 DESC, 1 DESC, which;
