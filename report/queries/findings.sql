-- title: What is not satisfied, and why
-- param: scope [*] scopes that match, as in host/web-*
-- param: check [*] checks whose id matches, as in node-fips-*
-- param: profile [*] profiles that match
SELECT v.check_id AS "check", v.kind, v.key, s.as_of AS since,
       v.judged, v.scope, v.profile, v.reason
  FROM judged_at n
  JOIN verdict_at v ON v.judgement = n.judgement
  JOIN judgement s ON s.id = v.since_judgement
 WHERE n.run = :run AND v.verdict = 'not-satisfied' AND v.scope GLOB :scope AND v.check_id GLOB :check
   AND v.profile GLOB :profile
 ORDER BY v.profile, v.check_id, v.scope, v.key;
