-- title: Intervals not in FIPS mode or not observed
-- order: 14
-- kinds: node
-- period: yes
-- about: Longest first, those not in FIPS mode before those not observed. Nodes with
--   the same interval and cause share one row. Hours are of one node. Every node on
--   a row of its own: exhibit query not-in-fips.
-- with: fips-outage
-- param: max_gap [36] hours after which an observation no longer holds
-- param: scope [*] scopes that match, as in host/web-*
-- param: key [*] nodes that match
SELECT state, nodes, which, strftime('%Y-%m-%dT%H:%M:%SZ', t, 'unixepoch') AS "from",
       strftime('%Y-%m-%dT%H:%M:%SZ', u, 'unixepoch') AS "to",
       iif(u >= b.t1, 'yes', 'no') AS "open at end",
       round((u - t) / 3600.0, 1) AS hours, cause
  FROM outage CROSS JOIN span b
 ORDER BY state <> 'not in FIPS mode', u - t DESC, nodes DESC, t, which;
