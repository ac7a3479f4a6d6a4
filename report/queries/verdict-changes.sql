-- title: Verdicts that flipped in the period: when judged, and when the evidence changed
-- param: scope [*] scopes that match, as in host/web-*
-- param: check [*] checks whose id matches, as in node-fips-*
-- param: profile [*] profiles that match
-- evidence_changed is the newest change of the subject itself; a check may also
-- read others of its scope, or find that a sighting has become too old.
SELECT v.judged, v.check_id AS "check", v.was, v.verdict, v.kind, v.key, v.scope,
       v.as_of, v.judgement, v.before_judgement, v.run,
       (SELECT max(run) FROM change WHERE subject = v.subject AND run <= v.run)
         AS evidence_run,
       (SELECT e.ended FROM change x JOIN ended e ON e.run = x.run
         WHERE x.subject = v.subject AND x.run <= v.run
         ORDER BY x.run DESC LIMIT 1) AS evidence_changed,
       CASE WHEN v.before_judgement IS NOT NULL THEN v.check_sha256 IS NOT
            (SELECT k.value FROM judgement j JOIN log l ON l.seq = j.record,
                    json_each(l.body, '$.checks') k
              WHERE j.id = v.before_judgement AND k.key = v.check_id) END
         AS check_changed,
       v.check_sha256, v.profile, v.reason
  FROM verdict_change v
 WHERE v.judged >= :from AND v.judged < :to AND v.judged <= :at AND v.run <= :run
   AND v.was IS NOT v.verdict AND v.scope GLOB :scope
   AND v.check_id GLOB :check AND v.profile GLOB :profile
 ORDER BY v.judgement, v.profile, v.check_id, v.scope, v.key;
