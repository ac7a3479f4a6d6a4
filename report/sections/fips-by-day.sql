-- title: Node-hours in FIPS mode, day by day
-- order: 10
-- kinds: node
-- period: yes
-- chart: bars
-- about: How long the nodes together were in FIPS mode on each day, how long not, and
--   how long FIPS mode could not be determined. A state holds until the next observation, for as long
--   as the accepted gap and no longer.
-- with: fips-time
-- param: max_gap [36] hours after which an observation no longer holds
-- param: scope [*] scopes that match, as in host/web-*
-- param: key [*] nodes that match
, day(d, a, z) AS (
	SELECT date(b.t0, 'unixepoch'), b.t0,
	       min(unixepoch(date(b.t0, 'unixepoch', '+1 day')), b.t1)
	  FROM span b WHERE b.t0 < b.t1 AND EXISTS (SELECT 1 FROM node)
	 UNION ALL
	SELECT date(z, 'unixepoch'), z, min(z + 86400, b.t1)
	  FROM day CROSS JOIN span b WHERE z < b.t1 AND z < b.t0 + 86400 * 3660),
moment AS MATERIALIZED ( -- how many nodes enter and leave a mode, and when
	SELECT mode, t, sum(n) AS n FROM (
		SELECT iif(mode = 'gap', 'unknown', mode) AS mode, t, 1 AS n
		  FROM stretch WHERE mode <> 'gone' AND u > t
		 UNION ALL
		SELECT iif(mode = 'gap', 'unknown', mode), u, -1
		  FROM stretch WHERE mode <> 'gone' AND u > t)
	 GROUP BY mode, t),
hours AS ( -- node-seconds up to the end of a day, less those up to its beginning
	SELECT d.d, m.mode, sum(m.n * (max(d.z - m.t, 0) - max(d.a - m.t, 0))) AS seconds
	  FROM day d CROSS JOIN moment m ON m.t < d.z
	 GROUP BY d.d, m.mode)
SELECT d.d AS day,
       coalesce(max(h.seconds) FILTER (WHERE h.mode = 'on'), 0) / 3600 AS "in FIPS mode",
       coalesce(max(h.seconds) FILTER (WHERE h.mode = 'off'), 0) / 3600 AS "not in FIPS mode",
       coalesce(max(h.seconds) FILTER (WHERE h.mode = 'unknown'), 0) / 3600 AS "not determined"
  FROM day d LEFT JOIN hours h ON h.d = d.d
 GROUP BY d.d ORDER BY d.d;
