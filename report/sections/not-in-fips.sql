-- title: When nodes were not in FIPS mode, and when nobody could tell
-- order: 30
-- kinds: node
-- period: yes
-- about: Every stretch in which a node was not in FIPS mode, or in which nobody
--   could tell: refused, unreachable, or not looked at for longer than the
--   accepted gap.
-- with: fips-time
-- param: max_gap [36] hours after which a sighting no longer holds
-- param: scope [*] scopes that match, as in host/web-*
-- param: key [*] nodes that match
SELECT CASE s.mode WHEN 'off' THEN 'not in FIPS mode' ELSE s.mode END AS state,
       strftime('%Y-%m-%dT%H:%M:%SZ', s.t, 'unixepoch') AS "from",
       strftime('%Y-%m-%dT%H:%M:%SZ', s.u, 'unixepoch') AS "to",
       round((s.u - s.t) / 3600.0, 2) AS hours, s.key AS node, s.scope,
       s.run AS since_run, CASE s.mode
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
              'last seen in run ' || s.run)
       ELSE (SELECT CASE WHEN c.body IS NULL
                         THEN (SELECT why FROM dropped WHERE content = c.id)
                         WHEN c.body ->> '$.outcome' <> 'observed'
                         THEN c.body ->> '$.outcome' || ': '
                              || (c.body ->> '$.reason')
                         WHEN c.body ->> '$.attributes.fips_enabled' IS NOT NULL
                         THEN '/proc/sys/crypto/fips_enabled is '
                              || (c.body ->> '$.attributes.fips_enabled')
                         WHEN c.body ->> '$.attributes.live' = 0
                         THEN 'an image does not show how its kernel runs'
                         ELSE '/proc/sys/crypto/fips_enabled: ' || coalesce(
                              c.body ->> '$.attributes.fips_enabled_outcome',
                              'not read') END
               FROM change x JOIN content c ON c.id = x.content
              WHERE x.subject = s.subject AND x.run <= s.run
              ORDER BY x.run DESC LIMIT 1) END AS reason
  FROM stretch s
 WHERE s.mode IN ('unknown', 'gap') AND s.u > s.t OR s.mode = 'off'
 ORDER BY s.scope, s.key, s.t, s.run, s.gap;
