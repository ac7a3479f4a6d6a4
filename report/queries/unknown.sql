-- title: What is unknown, and what would have to be seen
-- param: scope [*] scopes that match, as in host/web-*
-- param: check [*] checks whose id matches, as in node-fips-*
-- param: profile [*] profiles that match
WITH newest AS ( -- of each profile: the latest state judged, judged last
	SELECT profile, (SELECT i.id FROM judgement i
	                  WHERE i.profile = j.profile AND i.run <= :run
	                  ORDER BY i.run DESC, i.id DESC LIMIT 1) AS judgement
	  FROM judgement j GROUP BY profile)
SELECT v.check_id AS "check", v.kind, v.key, s.as_of AS since,
       v.scope, v.profile, v.reason
  FROM newest n
  JOIN verdict_at v ON v.judgement = n.judgement
  JOIN judgement s ON s.id = v.since_judgement
 WHERE v.verdict = 'unknown' AND v.scope GLOB :scope AND v.check_id GLOB :check
   AND v.profile GLOB :profile
 ORDER BY v.profile, v.check_id, v.scope, v.key;
