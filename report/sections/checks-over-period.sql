-- title: Every check at the beginning and at the end
-- order: 20
-- kinds: node
-- period: yes
-- about: Subjects per verdict as judged for the end of the period, and for the newest
--   judged state before it began. No number: it was not judged then.
-- param: profile [*] profiles that match
WITH span AS MATERIALIZED (
	SELECT (SELECT max(run) FROM ended WHERE ended < :from AND run <= :run) AS before),
was AS MATERIALIZED (
	SELECT v.profile, v.check_id, v.verdict, count(*) AS n
	  FROM span b CROSS JOIN judged_at j ON j.run = b.before
	  JOIN verdict_at v ON v.judgement = j.judgement
	 WHERE v.profile GLOB :profile
	 GROUP BY 1, 2, 3),
now AS MATERIALIZED (
	SELECT profile, check_id, verdict, count(*) AS n
	  FROM verdict WHERE profile GLOB :profile GROUP BY 1, 2, 3),
named AS (SELECT profile, check_id FROM now UNION SELECT profile, check_id FROM was),
counted AS ( -- NULL where it was not judged, 0 where nothing came to it
	SELECT k.profile, k.check_id, v.verdict,
	       iif(EXISTS (SELECT 1 FROM was w WHERE w.profile = k.profile
	                      AND w.check_id = k.check_id), coalesce(w.n, 0), NULL) AS before,
	       iif(EXISTS (SELECT 1 FROM now w WHERE w.profile = k.profile
	                      AND w.check_id = k.check_id), coalesce(n.n, 0), NULL) AS after
	  FROM named k CROSS JOIN (SELECT 'satisfied' AS verdict UNION ALL
	       SELECT 'not-satisfied' UNION ALL SELECT 'unknown') v
	  LEFT JOIN was w ON w.profile = k.profile AND w.check_id = k.check_id
	        AND w.verdict = v.verdict
	  LEFT JOIN now n ON n.profile = k.profile AND n.check_id = k.check_id
	        AND n.verdict = v.verdict)
SELECT check_id AS "check",
       max(before) FILTER (WHERE verdict = 'satisfied') AS "satisfied: before",
       max(after) FILTER (WHERE verdict = 'satisfied') AS "satisfied: after",
       max(before) FILTER (WHERE verdict = 'not-satisfied') AS "not satisfied: before",
       max(after) FILTER (WHERE verdict = 'not-satisfied') AS "not satisfied: after",
       max(before) FILTER (WHERE verdict = 'unknown') AS "unknown: before",
       max(after) FILTER (WHERE verdict = 'unknown') AS "unknown: after"
  FROM counted GROUP BY profile, check_id ORDER BY profile, check_id;
