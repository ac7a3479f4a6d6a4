-- title: Hours of each node in FIPS mode, not in it, and not observed
-- with: fips-time
-- param: max_gap [36] hours after which a sighting no longer holds
-- param: scope [*] scopes that match, as in host/web-*
-- param: key [*] nodes that match
-- The share is of the time that the node was known to be there: what was not
-- observed counts against it; what was before its first sighting, or while it
-- was gone, does not count. It is cut, not rounded: 100 is 100.
SELECT n.key AS node, n.scope,
       round(total(s.u - s.t) FILTER (WHERE s.mode = 'on') / 3600, 2) AS in_fips,
       round(total(s.u - s.t) FILTER (WHERE s.mode = 'off') / 3600, 2) AS not_in_fips,
       round(total(s.u - s.t) FILTER (WHERE s.mode IN ('unknown', 'gap')) / 3600, 2)
         AS not_observed,
       round(max(0, min(unixepoch(e.ended), b.t1) - b.t0) / 3600.0, 2) AS before_first_seen,
       round(total(s.u - s.t) FILTER (WHERE s.mode = 'gone') / 3600, 2) AS gone,
       coalesce(sum(s.u - s.t) FILTER (WHERE s.mode = 'on'), 0) * 10000
         / sum(s.u - s.t) FILTER (WHERE s.mode <> 'gone') / 100.0 AS percent_in_fips
  FROM span b CROSS JOIN node n JOIN ended e ON e.run = n.since
  LEFT JOIN stretch s ON s.subject = n.id
 GROUP BY n.id
 ORDER BY n.scope, n.key;
