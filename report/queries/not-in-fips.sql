-- title: Intervals in which each node was not in FIPS mode, or in which it could not be determined
-- with: fips-outage
-- param: max_gap [36] hours after which an observation no longer holds
-- param: scope [*] scopes that match, as in host/web-*
-- param: key [*] nodes that match
SELECT CASE s.mode WHEN 'off' THEN 'not in FIPS mode' ELSE s.mode END AS state,
       strftime('%Y-%m-%dT%H:%M:%SZ', s.t, 'unixepoch') AS "from",
       strftime('%Y-%m-%dT%H:%M:%SZ', s.u, 'unixepoch') AS "to",
       round((s.u - s.t) / 3600.0, 2) AS hours, s.key AS node, s.scope,
       s.run AS since_run, s.cause AS reason
  FROM caused s ORDER BY s.scope, s.key, s.t, s.run, s.gap;
