-- title: Verdicts that changed, and why
-- order: 40
-- kinds: node
-- period: yes
-- about: Where a judgement of the period differs from the one before it. "evidence"
--   is what was collected; "check" is its text or a catalogue; "age" is that what was
--   seen became too old, or that another subject of its scope changed.
-- param: profile [*] profiles that match
SELECT v.judged, v.check_id AS "check", v.was, v.verdict, count(*) AS subjects,
       min(v.key) AS "one of them", CASE
       WHEN v.before_judgement IS NULL OR v.was IS NULL THEN 'first judged'
       WHEN v.verdict IS NULL THEN 'left the population'
       WHEN v.check_sha256 IS NOT
            (SELECT k.value FROM judgement j JOIN log l ON l.seq = j.record,
                    json_each(l.body, '$.checks') k
              WHERE j.id = v.before_judgement AND k.key = v.check_id) THEN 'check'
       WHEN (SELECT max(run) FROM change WHERE subject = v.subject AND run <= v.run) >
            (SELECT run FROM judgement WHERE id = v.before_judgement) THEN 'evidence'
       ELSE 'age' END AS "what changed", v.reason
  FROM verdict_change v
 WHERE v.judged >= :from AND v.judged < :to AND v.judged <= :at AND v.run <= :run
   AND v.was IS NOT v.verdict AND v.profile GLOB :profile
 GROUP BY v.judgement, v.check_id, v.was, v.verdict, 7, v.reason
 ORDER BY v.judgement, v.check_id, v.was, v.verdict, v.reason;
