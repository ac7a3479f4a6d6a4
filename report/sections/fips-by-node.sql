-- title: Hours not in FIPS mode or not observed, by node
-- order: 12
-- kinds: node
-- period: yes
-- about: Totals over the period, the longest time out of FIPS mode first, then the longest
--   time not observed. Nodes with the same intervals share one row; hours are of one node.
--   The share counts only time in which the node is known to have existed. It is cut, not
--   rounded. Every node: exhibit query node-hours.
-- with: fips-time
-- param: max_gap [36] hours after which an observation no longer holds
-- param: scope [*] scopes that match, as in host/web-*
-- param: key [*] nodes that match
, line AS (
	SELECT subject, scope, key,
	       group_concat(mode || ' ' || t || ' ' || u, ';') AS sign,
	       total(u - t) FILTER (WHERE mode = 'off') AS off,
	       total(u - t) FILTER (WHERE mode IN ('unknown', 'gap')) AS unseen,
	       total(u - t) FILTER (WHERE mode = 'on') AS in_mode,
	       total(u - t) FILTER (WHERE mode <> 'gone') AS there,
	       max(mode = 'off') AS was_off,
	       min(t) FILTER (WHERE mode IN ('off', 'unknown', 'gap') AND (u > t OR mode = 'off')) AS t,
	       max(u) FILTER (WHERE mode IN ('off', 'unknown', 'gap') AND (u > t OR mode = 'off')) AS u
	  FROM (SELECT * FROM stretch ORDER BY subject, t, u, mode) GROUP BY subject),
ranked AS (SELECT *, row_number() OVER (PARTITION BY sign ORDER BY key, scope) AS place FROM line)
SELECT count(*) AS nodes,
       group_concat(key, ', ') FILTER (WHERE place <= 20)
       || iif(count(*) > 20, ' and ' || (count(*) - 20) || ' more', '') AS which,
       round(off / 3600, 1) AS "hours not in FIPS mode",
       round(unseen / 3600, 1) AS "hours not observed",
       round(in_mode / 3600, 1) AS "hours in FIPS mode",
       iif(there > 0, (CAST(in_mode AS INTEGER) * 1000 / CAST(there AS INTEGER)) / 10.0, NULL)
         AS "% in FIPS mode",
       strftime('%Y-%m-%dT%H:%M:%SZ', t, 'unixepoch') AS "first from",
       strftime('%Y-%m-%dT%H:%M:%SZ', u, 'unixepoch') AS "last to"
  FROM ranked WHERE was_off OR unseen > 0
 GROUP BY sign ORDER BY off DESC, unseen DESC, nodes DESC, which;
