-- title: AWS: dangerous grants of IAM, and by which path
-- order: 288
-- kinds: aws.iam_role
-- catalogs: iam-permissions
-- with: iam-grants
-- about: Who is granted what gives more than it says, and by which policy. Principals
--   with the same grants by the same policies stand once. Service roles of AWS are left
--   out; what a condition, a Deny or a permissions boundary limits is not here.
, worn AS ( -- how somebody comes to a role
	SELECT r.subject, group_concat(DISTINCT CASE
	       WHEN p.key = 'Service' THEN v.value
	       WHEN p.key = 'Federated' THEN 'OIDC ' || substr(v.value, instr(v.value, ':oidc-provider/') + 15)
	       ELSE v.value END) AS path
	  FROM aws_iam_role r JOIN json_each(r.trust) s JOIN json_each(s.value, '$.principal') p
	  JOIN json_each(p.value) v
	 WHERE r.outcome = 'observed' AND s.value ->> '$.effect' = 'Allow' GROUP BY r.subject),
told AS (
	SELECT subject, policy, level, group_concat(why, ', ') AS why FROM (
		SELECT DISTINCT subject, policy, level, why FROM risk
		 WHERE level = 'wildcard' OR why <> 'everything' AND why NOT GLOB 'everything but*'
		   AND why NOT GLOB 'all of *'
		 ORDER BY subject, policy, level, why)
	 GROUP BY subject, policy, level)
SELECT substr(p.scope, 5, 12) AS account, p.what AS "is a",
       min(p.key) || CASE count(*) WHEN 1 THEN '' ELSE ' and ' || (count(*) - 1) || ' more' END AS name,
       coalesce(w.path, CASE p.what WHEN 'user' THEN 'its own keys or password' ELSE (
           SELECT 'its users: ' || count(*) FROM aws_iam_user u JOIN json_each(u.groups) g
            WHERE u.scope = p.scope AND u.outcome = 'observed' AND g.value = p.key) END) AS "by whom",
       t.policy, t.level, t.why AS "what it grants", p.boundary
  FROM told t JOIN principal p ON p.subject = t.subject
  LEFT JOIN worn w ON w.subject = p.subject
 GROUP BY 1, 2, 4, 5, 6, 7, 8
 ORDER BY 1, CASE t.level WHEN 'wildcard' THEN 1 WHEN 'escalation' THEN 2 ELSE 3 END, 2, 3, 5;
