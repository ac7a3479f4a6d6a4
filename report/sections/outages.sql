-- title: Intervals not in FIPS mode or not observed
-- order: 14
-- kinds: node
-- period: yes
-- about: Longest first, those not in FIPS mode before those not observed. Nodes with
--   the same interval and cause share a row, and so do several intervals of the same
--   nodes for the same cause. Hours are the total of one node. An interval without an end
--   is a moment: not in FIPS mode when observed, and not observed for too long after.
--   Every node and interval: exhibit query not-in-fips.
-- with: fips-outage
-- param: max_gap [36] hours after which an observation no longer holds
-- param: scope [*] scopes that match, as in host/web-*
-- param: key [*] nodes that match
SELECT state, nodes, which, round(seconds / 3600.0, 1) AS hours,
       strftime('%Y-%m-%dT%H:%M:%SZ', t, 'unixepoch') AS "from",
       strftime('%Y-%m-%dT%H:%M:%SZ', u, 'unixepoch') AS "to",
       iif(u >= b.t1, 'yes', 'no') AS "open at end", cause, iif(intervals = 1, NULL, intervals) AS intervals,
       iif(intervals = 1, NULL, each) AS "each interval"
  FROM outage CROSS JOIN span b
 ORDER BY state <> 'not in FIPS mode', seconds DESC, nodes DESC, t, which;
