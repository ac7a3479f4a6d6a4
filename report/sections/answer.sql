-- title: The period in short
-- order: 2
-- kinds: *
-- period: yes
-- first: yes
-- about: Each line answers one question from the evidence of the whole period. Rows names
--   the query that gives what a line counts.
-- with: answer
-- param: max_gap [36] hours after which an observation no longer holds
-- param: scope [*] scopes that match, as in host/web-*
-- param: key [*] nodes that match
, lived AS MATERIALIZED ( -- a row for each node that was there in the period
	SELECT s.subject, s.key, max(s.mode = 'off') AS off,
	       max(s.mode IN ('unknown', 'gap') AND s.u > s.t) AS unseen,
	       total(s.u - s.t) FILTER (WHERE s.mode = 'off') AS off_s,
	       total(s.u - s.t) FILTER (WHERE s.mode IN ('unknown', 'gap')) AS unseen_s,
	       max(s.mode = 'gone') AS gone,
	       (SELECT unixepoch(e.ended) FROM node n JOIN ended e ON e.run = n.since
	         WHERE n.id = s.subject) > b.t0 AS late
	  FROM stretch s CROSS JOIN span b GROUP BY s.subject HAVING max(s.mode <> 'gone')),
ended_as AS MATERIALIZED ( -- and how it stood at the end
	SELECT subject, key, mode, t FROM (
		SELECT s.*, row_number() OVER (PARTITION BY subject ORDER BY u DESC, t DESC, run DESC, gap DESC) AS n
		  FROM stretch s) WHERE n = 1),
mute AS MATERIALIZED ( -- asked as a host in the period; never a node, never a response
	SELECT DISTINCT p.scope FROM span b CROSS JOIN place p
	  JOIN answer a ON a.place = p.id AND a.run BETWEEN b.first AND b.last
	 WHERE p.collector = 'node' AND p.scope GLOB :scope AND :key = '*'
	   AND NOT EXISTS (SELECT 1 FROM node n WHERE n.scope = p.scope)),
asked_last AS MATERIALIZED ( -- targets, and those whose newest response was not whole
	SELECT count(*) AS n, coalesce(sum(c.body IS NULL OR c.body ->> '$.outcome' <> 'observed'
	       OR c.body ->> '$.gaps' <> '[]'), 0) AS poor
	  FROM span b JOIN answer_at w ON w.run = b.last JOIN content c ON c.id = w.content),
days AS MATERIALIZED (
	SELECT (SELECT count(DISTINCT date(ended)) FROM ended WHERE ended >= :from AND ended < :to
	           AND ended <= :at AND run <= :run AND state <> 'failed') AS with_run,
	       CAST(julianday(date(b.t1 - 1, 'unixepoch')) - julianday(date(b.t0, 'unixepoch'))
	            AS INTEGER) + 1 AS days, b.t0, b.t1
	  FROM span b WHERE b.t0 < b.t1),
evidence AS MATERIALIZED (
	SELECT min(ended) AS first, strftime('%Y-%m-%dT%H:%M:%SZ', unixepoch(:to) - 1, 'unixepoch') AS whole
	  FROM ended WHERE state <> 'failed' AND run <= :run),
sums AS MATERIALIZED (
	SELECT count(*) AS n, coalesce(sum(off), 0) AS off, coalesce(sum(unseen), 0) AS unseen,
	       coalesce(sum(NOT off AND NOT unseen), 0) AS good, coalesce(sum(late), 0) AS late,
	       total(off_s) / 3600 AS off_h, (SELECT count(*) FROM mute) AS mute
	  FROM lived),
last AS MATERIALIZED (
	SELECT count(*) AS n, coalesce(sum(mode = 'on'), 0) AS on_, coalesce(sum(mode = 'off'), 0) AS off,
	       coalesce(sum(mode IN ('unknown', 'gap')), 0) AS unseen,
	       max(t) FILTER (WHERE mode = 'on') AS since
	  FROM ended_as WHERE mode <> 'gone'),
told AS MATERIALIZED ( -- outages in words, in their order
	SELECT *, row_number() OVER (PARTITION BY state <> 'not in FIPS mode'
	            ORDER BY iif(state = 'not in FIPS mode', 0, nodes) DESC, seconds DESC, nodes DESC, which) AS n,
	       iif(nodes > 3, nodes || ' of ' || (SELECT n FROM sums) || ' nodes', which) || ', '
	       || strftime('%Y-%m-%d %H:%M', t, 'unixepoch') || ' to '
	       || strftime('%Y-%m-%d %H:%M', u, 'unixepoch') || iif(u >= (SELECT t1 FROM span), ' UTC, the end', ' UTC')
	       || ' (' || iif(intervals > 1, intervals || ' intervals, ', '') || iif(seconds <= 72 * 3600,
	          round(seconds / 3600.0, 1) || ' h', (seconds / 86400) || ' d ' || (seconds % 86400 / 3600)
	          || ' h') || '): ' || cause AS text
	  FROM outage),
module AS MATERIALIZED (
	SELECT v.check_id, count(*) FILTER (WHERE v.verdict <> 'not-applicable') AS n,
	       count(*) FILTER (WHERE v.verdict = 'satisfied') AS good,
	       count(*) FILTER (WHERE v.verdict = 'not-satisfied') AS bad,
	       count(*) FILTER (WHERE v.verdict = 'unknown') AS unseen
	  FROM current c JOIN verdict_at v ON v.judgement = c.judgement
	 WHERE v.check_id IN ('node-module-validated', 'node-certificate-status') GROUP BY 1),
kube AS MATERIALIZED (
	SELECT count(*) AS n, count(*) FILTER (WHERE v.verdict = 'satisfied') AS good
	  FROM current c JOIN verdict_at v ON v.judgement = c.judgement
	 WHERE v.check_id = 'kube-node-evidence' AND v.verdict <> 'not-applicable'),
counted AS MATERIALIZED (
	SELECT coalesce(sum(state = 'new'), 0) AS new, coalesce(sum(state = 'reopened'), 0) AS reopened,
	       coalesce(sum(state = 'carried'), 0) AS carried, coalesce(sum(state = 'resolved'), 0) AS resolved,
	       coalesce(sum(state IN ('now unknown', 'item removed')), 0) AS lost,
	       coalesce(sum(state = 'no earlier evaluation'), 0) AS first FROM compared),
line(n, question, result, answer, rows) AS (
	SELECT 10, 'In FIPS mode all period?', CASE WHEN off > 0 THEN 'no'
	       WHEN n = 0 OR unseen > 0 OR mute > 0 OR late > 0 OR e.first > :from OR :at < e.whole
	       THEN 'not determined' ELSE 'yes' END,
	       CASE WHEN n = 0 THEN 'Not determined: no node was observed in the period.'
	       WHEN off > 0 THEN 'No: ' || off || ' of ' || n || iif(n = 1, ' node was', ' nodes were')
	            || ' out of FIPS mode at some time, ' || round(off_h, 1) || ' node-hours in all.'
	       WHEN unseen > 0 OR mute > 0 THEN 'Not determined for the whole period. No node was observed out of FIPS mode.'
	       WHEN late > 0 OR e.first > :from OR :at < e.whole THEN 'In FIPS mode whenever observed: ' || n || ' of ' || n
	            || iif(n = 1, ' node.', ' nodes.')
	       ELSE 'Yes: ' || n || ' of ' || n || iif(n = 1, ' node was', ' nodes were') || ' in FIPS mode, observed at least every '
	            || :max_gap || ' h.' END
	       || iif(n > 0 AND (off > 0 OR unseen > 0), ' ' || good || ' of ' || n
	            || iif(good = 1, ' was', ' were') || ' in FIPS mode whenever observed, without an unobserved interval.', '')
	       || iif(unseen > 0, ' ' || unseen || ' of ' || n || ' could not be determined at some time.', '')
	       || iif(mute > 0, ' ' || mute || iif(mute = 1, ' more target', ' more targets') || ' never responded.', '')
	       || iif(late > 0, ' ' || late || ' of ' || n || iif(late = 1, ' was', ' were')
	            || ' first observed during the period; nothing is known of the time before.', '')
	       || iif(e.first > :from, ' Evidence begins on ' || substr(e.first, 1, 10) || ' UTC; nothing is known of the time before.', '')
	       || iif(:at < e.whole, ' The period has not ended; this covers it up to ' || replace(substr(:at, 1, 16), 'T', ' ') || ' UTC.', ''),
	       'node-hours'
	  FROM sums CROSS JOIN evidence e
	UNION ALL
	SELECT 20, 'In FIPS mode at the end, and since when?', CASE WHEN off > 0 THEN 'no'
	       WHEN n = 0 OR unseen > 0 OR EXISTS (SELECT 1 FROM mute) THEN 'not determined' ELSE 'yes' END,
	       CASE WHEN n = 0 THEN 'Not determined: no node was in the inventory at the end.'
	       WHEN on_ = n THEN on_ || ' of ' || n || iif(n = 1, ' node', ' nodes') || ', all of them '
	            || iif(since <= (SELECT t0 FROM span), 'since the beginning of the period or earlier.',
	               'since ' || strftime('%Y-%m-%d %H:%M', since, 'unixepoch') || ' UTC.')
	       ELSE 'In FIPS mode: ' || on_ || ' of ' || n || iif(n = 1, ' node.', ' nodes.')
	            || iif(off > 0, ' Not in FIPS mode: ' || off || ' (' || (SELECT group_concat(key, ', ')
	               FROM (SELECT key FROM ended_as WHERE mode = 'off' ORDER BY key LIMIT 5)) || iif(off > 5, ', ...', '') || ').', '')
	            || iif(unseen > 0, ' Not determined: ' || unseen || ' (' || (SELECT group_concat(key, ', ')
	               FROM (SELECT key FROM ended_as WHERE mode IN ('unknown', 'gap') ORDER BY key LIMIT 5))
	               || iif(unseen > 5, ', ...', '') || ').', '') END, 'fips-by-node'
	  FROM last
	UNION ALL
	SELECT 30, 'Under validated modules at the end?', CASE WHEN v.bad > 0 OR s.bad > 0 THEN 'no'
	       WHEN coalesce(v.n, 0) = 0 OR coalesce(s.n, 0) = 0 OR v.good < v.n OR s.good < s.n
	            OR v.n < l.n OR s.n < l.n OR l.n = 0 OR EXISTS (SELECT 1 FROM mute)
	       THEN 'not determined' ELSE 'yes' END,
	       iif(v.n > 0, 'Validated build: ' || v.good || ' of ' || v.n || ' nodes; not ' || v.bad
	            || ', unknown ' || v.unseen || '.', 'Validated build: not evaluated for any node.')
	       || iif(s.n > 0, ' Certificate Active on the day: ' || s.good || ' of ' || s.n || ' nodes; not ' || s.bad
	            || ', unknown ' || s.unseen || '.', ' Certificate status: not evaluated for any node.')
	       || ' This is the state at the end; it was not evaluated for each day.', 'modules'
	  FROM last l LEFT JOIN module v ON v.check_id = 'node-module-validated'
	  LEFT JOIN module s ON s.check_id = 'node-certificate-status'
	UNION ALL
	SELECT 39 + n, iif(n = 1, 'What was out of FIPS mode, how long and why?', ''), 'no', text, 'outages'
	  FROM told WHERE state = 'not in FIPS mode' AND n <= 4
	UNION ALL
	SELECT 44, '', 'no', 'and ' || (count(*) - 4) || iif(count(*) = 5, ' more row', ' more rows'), 'outages'
	  FROM told WHERE state = 'not in FIPS mode' HAVING count(*) > 4
	UNION ALL
	SELECT 40, 'What was out of FIPS mode, how long and why?', iif(n > 0 AND unseen = 0 AND mute = 0, 'yes', 'not determined'),
	       iif(n = 0, 'Not determined: no node was observed.', 'No interval out of FIPS mode was observed.'
	       || iif(unseen > 0 OR mute > 0, ' The intervals not observed may hold some.', '')), 'outages'
	  FROM sums WHERE off = 0
	UNION ALL
	SELECT 49 + n, iif(n = 1, 'What could not be observed?', ''), 'not determined', text, 'outages'
	  FROM told WHERE state <> 'not in FIPS mode' AND n <= 3
	UNION ALL
	SELECT 54, '', 'not determined', 'and ' || (count(*) - 3) || iif(count(*) = 4, ' more row', ' more rows'), 'outages'
	  FROM told WHERE state <> 'not in FIPS mode' HAVING count(*) > 3
	UNION ALL
	SELECT 55, iif(unseen = 0, 'What could not be observed?', ''), 'not determined',
	       mute || iif(mute = 1, ' target', ' targets') || ' never responded in the period: ' || (SELECT group_concat(scope, ', ')
	       FROM (SELECT scope FROM mute ORDER BY scope LIMIT 5)) || iif(mute > 5, ', ...', ''), 'never-observed'
	  FROM sums WHERE mute > 0
	UNION ALL
	SELECT 56, '', 'not determined', poor || ' of ' || n || iif(n = 1, ' target was', ' targets were')
	       || ' not collected in full when last asked.', 'gaps-in-period'
	  FROM asked_last WHERE poor > 0
	UNION ALL
	SELECT 50, 'What could not be observed?', 'yes', 'No node that was found was unobserved for longer than ' || :max_gap || ' h.', 'coverage-by-day'
	  FROM sums WHERE unseen = 0 AND mute = 0 AND n > 0
	UNION ALL
	SELECT 60, 'How often was evidence collected?', iif(with_run = days, '', 'not determined'),
	       'Runs ended on ' || with_run || ' of ' || days || iif(days = 1, ' day.', ' days.'), 'scope-over-period' FROM days
	UNION ALL
	SELECT 70, 'Who was expected?', 'not determined', 'Nobody said what to expect: no inventory was supplied. Only what was asked, or what a cloud or cluster listed, can be reported as missing.'
	       || iif(n > 0, ' Evidence from inside: ' || good || ' of ' || n || ' Kubernetes nodes.', ''), 'population'
	  FROM kube
	UNION ALL
	SELECT 80, 'What changed since the evaluation before the period?',
	       CASE WHEN NOT EXISTS (SELECT 1 FROM earlier) THEN 'not determined' WHEN new + reopened > 0 THEN 'no' ELSE '' END,
	       iif(EXISTS (SELECT 1 FROM earlier), 'Findings since the evaluation of ' || (SELECT substr(as_of, 1, 10) FROM earlier) || ': '
	       || new || ' new, ' || reopened || ' reopened, ' || carried || ' carried, ' || resolved || ' resolved.'
	       || iif(lost > 0, ' ' || lost || ' can no longer be evaluated (item removed or now unknown) and are not counted as resolved.', ''),
	       iif(EXISTS (SELECT 1 FROM current), 'Not determined: no evaluation before the period. At the end, ' || first
	       || iif(first = 1, ' result is', ' results are') || ' not satisfied and ' || (SELECT count(*) FROM current c
	       JOIN verdict_at v ON v.judgement = c.judgement WHERE v.verdict = 'unknown') || ' unknown.',
	       'Not determined: nothing was evaluated.')), 'findings-compared'
	  FROM counted)
SELECT question, result, answer, rows FROM line ORDER BY n;
