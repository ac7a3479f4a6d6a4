-- title: Changed results and causes
-- order: 40
-- kinds: node
-- period: yes
-- about: Where an evaluation of the period differs from the one before it, equal changes
--   of a check once, and items that became too old once for all checks. Cause: evidence is what was collected; check is its text or a
--   catalog; age is that an observation became too old, or that another item of its scope
--   changed. Every one: exhibit query verdict-changes.
-- param: profile [*] profiles that match
WITH told AS MATERIALIZED (
	SELECT v.judged, v.check_id, v.was, v.verdict, v.subject, v.key, CASE
	       WHEN v.before_judgement IS NULL OR v.was IS NULL THEN 'first evaluated'
	       WHEN v.verdict IS NULL THEN 'left the population'
	       WHEN v.check_sha256 IS NOT
	            (SELECT k.value FROM judgement j JOIN log l ON l.seq = j.record,
	                    json_each(l.body, '$.checks') k
	              WHERE j.id = v.before_judgement AND k.key = v.check_id) THEN 'check'
	       WHEN (SELECT max(run) FROM change WHERE subject = v.subject AND run <= v.run) >
	            (SELECT run FROM judgement WHERE id = v.before_judgement) THEN 'evidence'
	       ELSE 'age' END AS cause, v.reason
	  FROM verdict_change v
	 WHERE v.judged >= :from AND v.judged < :to AND v.judged <= :at AND v.run <= :run
	   AND v.was IS NOT v.verdict AND v.profile GLOB :profile)
SELECT iif(count(DISTINCT check_id) = 1, min(check_id), count(DISTINCT check_id) || ' checks') AS "check", was, verdict, cause, count(*) AS changes,
       count(DISTINCT subject) AS items, min(key) AS "one of them",
       min(judged) AS "first", max(judged) AS "last", min(reason) AS "one reason"
  FROM told GROUP BY iif(verdict = 'unknown' AND cause = 'age', reason, check_id), was, verdict, cause
 ORDER BY cause = 'first evaluated', verdict IS NOT 'not-satisfied', verdict IS NOT 'unknown',
          items DESC, 1, was;
