-- Findings (not satisfied) of the evaluation asked about, compared with those of the
-- newest evaluation of the same profile before :from: compared (state, check_id,
-- severity, kind, scope, key, reason, first_detected, last_seen, age_days,
-- remediation), beside earlier (judgement, as_of).
--
-- A finding is first detected by the run that first brought its evidence as it was
-- when it was first evaluated so: the item's own content, and that of the check's
-- other kinds in its scope. It is not dated before an evaluation that said otherwise.
, current AS MATERIALIZED (
	SELECT j.id AS judgement, j.profile, j.run FROM temp.asked a JOIN judgement j ON j.id = a.judgement),
earlier AS MATERIALIZED (
	SELECT j.id AS judgement, j.as_of FROM current n
	  JOIN judged_at p ON p.profile = n.profile AND p.run =
	       (SELECT max(run) FROM ended WHERE ended < :from AND run <= :run)
	  JOIN judgement j ON j.id = p.judgement WHERE j.id <> n.judgement),
check_text AS MATERIALIZED (
	SELECT k.key AS check_id, char(10) || CAST(t.body AS TEXT) AS body
	  FROM current n JOIN judgement j ON j.id = n.judgement
	  JOIN log l ON l.seq = j.record CROSS JOIN json_each(l.body, '$.checks') k
	  JOIN content t ON substr(t.body, 1, 6) = '-- id:' AND lower(hex(t.sha256)) = k.value),
head AS MATERIALIZED (
	SELECT check_id, substr(severity, 1, instr(severity, char(10)) - 1) AS severity,
	       '["' || replace(substr(kinds, 1, instr(kinds, char(10)) - 1), ' ', '","') || '"]' AS kinds,
	       iif(remediation IS NULL, NULL, replace(substr(remediation, 1, instr(replace(remediation,
	           char(10) || '--   ', '      '), char(10)) - 1), char(10) || '--   ', ' ')) AS remediation
	  FROM (SELECT check_id,
	       substr(body, instr(body, char(10) || '-- severity: ') + 14) AS severity,
	       substr(body, instr(body, char(10) || '-- kinds: ') + 11) AS kinds,
	       iif(instr(body, char(10) || '-- remediation: ') > 0,
	           substr(body, instr(body, char(10) || '-- remediation: ') + 17), NULL) AS remediation
	  FROM check_text)),
failed AS MATERIALIZED ( -- as of the evaluation asked about, and of the one before
	SELECT v.judgement, v.check_id, v.subject, v.kind, v.scope, v.key, v.reason, 1 AS open
	  FROM current n JOIN verdict_at v ON v.judgement = n.judgement
	 WHERE v.verdict = 'not-satisfied'
	 UNION ALL
	SELECT v.judgement, v.check_id, v.subject, v.kind, v.scope, v.key, v.reason, 0
	  FROM earlier n JOIN verdict_at v ON v.judgement = n.judgement
	 WHERE v.verdict = 'not-satisfied'),
now_failed AS MATERIALIZED (SELECT check_id, subject FROM failed WHERE open),
was_failed AS MATERIALIZED (SELECT check_id, subject FROM failed WHERE NOT open),
kept AS MATERIALIZED ( -- each finding once; other: the last evaluation that said otherwise
	SELECT f.*, u.id AS rule, coalesce((
	       SELECT max(o.judgement) FROM opinion o LEFT JOIN content c ON c.id = o.content
	        WHERE o.rule = u.id AND o.subject = f.subject AND o.judgement <= f.judgement
	          AND c.body ->> '$.verdict' IS NOT 'not-satisfied'), 0) AS other
	  FROM failed f CROSS JOIN current n
	  JOIN rule u ON u.profile = n.profile AND u.check_id = f.check_id
	 WHERE f.open OR (f.check_id, f.subject) NOT IN (SELECT check_id, subject FROM now_failed)),
begun_at AS MATERIALIZED (
	SELECT k.*, (SELECT min(o.judgement) FROM opinion o WHERE o.rule = k.rule
	                AND o.subject = k.subject AND o.judgement > k.other) AS start
	  FROM kept k),
dated AS MATERIALIZED (
	SELECT b.*, j.run AS run, iif(b.other = 0, 0, coalesce((SELECT q.run FROM judgement q
	        WHERE q.profile = j.profile AND q.id < j.id ORDER BY q.id DESC LIMIT 1), 0)) AS after
	  FROM begun_at b JOIN judgement j ON j.id = b.start),
moved AS MATERIALIZED ( -- the last change of other kinds that a check reads, by scope
	SELECT w.run, w.scope, w.check_id, max(x.run) AS last
	  FROM (SELECT DISTINCT d.run, d.scope, d.kind, d.check_id FROM dated d) w
	  JOIN head h ON h.check_id = w.check_id CROSS JOIN json_each(h.kinds) k
	  JOIN subject s ON s.kind = k.value AND s.scope = w.scope
	  JOIN change x ON x.subject = s.id AND x.run <= w.run
	 WHERE k.value <> w.kind GROUP BY 1, 2, 3),
shown AS MATERIALIZED (
	SELECT d.*, max(coalesce((SELECT max(x.run) FROM change x WHERE x.subject = d.subject
	            AND x.run <= d.run), d.run), coalesce(m.last, 0)) AS brought
	  FROM dated d LEFT JOIN moved m ON m.run = d.run AND m.scope = d.scope
	   AND m.check_id = d.check_id),
observed_last AS MATERIALIZED (
	SELECT d.subject, (SELECT e.ended FROM seen_at n JOIN ended e ON e.run = n.seen_run
	                    WHERE n.run = c.run AND n.subject = d.subject) AS at
	  FROM (SELECT DISTINCT subject FROM shown WHERE open) d CROSS JOIN current c),
compared AS MATERIALIZED (
	SELECT CASE
	       WHEN d.open AND NOT EXISTS (SELECT 1 FROM earlier) THEN 'no earlier evaluation'
	       WHEN d.open AND (d.check_id, d.subject) IN (SELECT check_id, subject FROM was_failed)
	       THEN iif(d.start <= (SELECT judgement FROM earlier), 'carried', 'reopened')
	       WHEN d.open AND d.other > 0 AND EXISTS (
	            SELECT 1 FROM opinion o JOIN content c ON c.id = o.content WHERE o.rule = d.rule
	               AND o.subject = d.subject AND o.judgement < d.other
	               AND c.body ->> '$.verdict' = 'not-satisfied') THEN 'reopened'
	       WHEN d.open THEN 'new'
	       ELSE coalesce((SELECT CASE WHEN v.verdict IN ('satisfied', 'not-applicable')
	                      THEN 'resolved' ELSE 'now unknown' END
	                 FROM current n JOIN verdict_at v ON v.judgement = n.judgement
	                WHERE v.check_id = d.check_id AND v.subject = d.subject), 'item removed')
	       END AS state, d.check_id, h.severity, d.kind, d.scope, d.key, d.reason,
	       iif(d.brought > d.after, b.ended, e.ended) AS first_detected,
	       iif(d.open, o.at, (SELECT as_of FROM earlier)) AS last_seen,
	       CAST(julianday(min(:to, :at)) - julianday(iif(d.brought > d.after, b.ended, e.ended))
	            AS INTEGER) AS age_days, h.remediation
	  FROM shown d JOIN ended b ON b.run = d.brought JOIN ended e ON e.run = d.run
	  LEFT JOIN head h ON h.check_id = d.check_id
	  LEFT JOIN observed_last o ON o.subject = d.subject)
