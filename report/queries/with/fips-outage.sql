-- Intervals of [:from, :to) in which nodes were not in FIPS mode or their mode could
-- not be determined: caused, one a row; and outage (state, t, u, cause, nodes, which,
-- intervals, seconds, each), those of the same nodes for the same cause in one row:
-- t the beginning of the first, u the end of the last, seconds their sum. state is
-- "not in FIPS mode", "not determined" (asked, without a usable response) or
-- "not observed" (no observation within the accepted gap).
-- with: fips-time
, caused AS MATERIALIZED (
	SELECT s.*, CASE s.mode
	       WHEN 'gap' THEN coalesce(
	              (SELECT c.body ->> '$.outcome' || ': ' || (c.body ->> '$.reason')
	                 FROM span b CROSS JOIN place p CROSS JOIN answer a
	                      ON a.place = p.id AND a.run > s.run AND a.run <= b.last
	                 JOIN ended e ON e.run = a.run AND unixepoch(e.ended) <= s.u
	                 JOIN content c ON c.id = a.content
	                WHERE p.scope = s.scope AND c.body ->> '$.outcome' <> 'observed'
	                ORDER BY a.run LIMIT 1),
	              (SELECT 'coverage: ' || max(d.why)
	                 FROM span b CROSS JOIN place p CROSS JOIN answer a
	                      ON a.place = p.id AND a.run >= s.run AND a.run <= b.last
	                 JOIN ended e ON e.run = a.run AND unixepoch(e.ended) <= s.u
	                 JOIN dropped d ON d.content = a.content
	                WHERE p.scope = s.scope),
	              iif(EXISTS (SELECT 1 FROM span b CROSS JOIN place p CROSS JOIN answer a
	                      ON a.place = p.id AND a.run > s.run AND a.run <= b.last
	                    JOIN ended e ON e.run = a.run AND unixepoch(e.ended) < s.u
	                   WHERE p.scope = s.scope),
	                  'not in the responses of this time', 'no run asked for it in this time'))
	       ELSE (SELECT CASE WHEN c.body IS NULL
	                         THEN (SELECT why FROM dropped WHERE content = c.id)
	                         WHEN c.body ->> '$.outcome' <> 'observed'
	                         THEN c.body ->> '$.outcome' || ': ' || (c.body ->> '$.reason')
	                         WHEN c.body ->> '$.attributes.fips_enabled' IS NOT NULL
	                         THEN '/proc/sys/crypto/fips_enabled = '
	                              || (c.body ->> '$.attributes.fips_enabled')
	                         WHEN c.body ->> '$.attributes.live' = 0
	                         THEN 'image on disk: it does not show how its kernel runs'
	                         ELSE '/proc/sys/crypto/fips_enabled: ' || coalesce(
	                              c.body ->> '$.attributes.fips_enabled_outcome',
	                              'not collected') END
	               FROM change x JOIN content c ON c.id = x.content
	              WHERE x.subject = s.subject AND x.run <= s.run
	              ORDER BY x.run DESC LIMIT 1) END AS cause
	  FROM stretch s
	 WHERE s.mode IN ('unknown', 'gap') AND s.u > s.t OR s.mode = 'off'),
member AS MATERIALIZED ( -- nodes with the same interval and cause
	SELECT mode, t, u, cause, count(*) AS nodes,
	       group_concat(key, ', ') FILTER (WHERE place <= 20)
	       || iif(count(*) > 20, ' and ' || (count(*) - 20) || ' more', '') AS which,
	       min(subject) AS one
	  FROM (SELECT *, row_number() OVER (PARTITION BY mode, t, u, cause ORDER BY key, scope) AS place
	          FROM (SELECT * FROM caused ORDER BY key, scope))
	 GROUP BY mode, t, u, cause),
outage AS MATERIALIZED (
	SELECT CASE mode WHEN 'off' THEN 'not in FIPS mode' WHEN 'unknown' THEN 'not determined'
	       ELSE 'not observed' END AS state, min(t) AS t, max(u) AS u, cause, nodes, which,
	       count(*) AS intervals, sum(u - t) AS seconds,
	       group_concat(strftime('%Y-%m-%d %H:%M', t, 'unixepoch') || iif(u > t, ' to '
	           || strftime('%Y-%m-%d %H:%M', u, 'unixepoch'), ''), '; ') AS each
	  FROM (SELECT * FROM member ORDER BY t)
	 GROUP BY mode, cause, nodes, which, one)
