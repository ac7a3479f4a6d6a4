-- Every principal of IAM, judged twice: judged (subject, wild, verdict, reason). wild: for
-- wildcards, or else for what single permissions give (see iam-grants).
-- with: iam-grants
, wanted(wild, clean) AS (VALUES (1, 'grants no more than it names'),
	(0, 'grants nothing of the kind')),
told AS (
	SELECT wild, subject, group_concat(text, '; ') AS text FROM (
		SELECT wild, subject, policy || ': ' || group_concat(why, ', ') AS text FROM (
			SELECT DISTINCT level = 'wildcard' AS wild, subject, policy, why FROM risk
			 ORDER BY 1, subject, policy, why)
		 GROUP BY wild, subject, policy ORDER BY wild, subject, policy)
	 GROUP BY wild, subject),
kept_in AS ( -- what its permissions boundary alone keeps from it
	SELECT g.level = 'wildcard' AS wild, g.subject, group_concat(DISTINCT g.policy) AS text
	  FROM given g JOIN principal p USING (subject)
	 WHERE p.boundary IS NOT NULL AND NOT EXISTS (
	       SELECT 1 FROM risk r WHERE r.subject = g.subject AND r.policy = g.policy
	                              AND r.why = g.why)
	 GROUP BY 1, 2),
judged AS (
	SELECT p.subject, w.wild,
	       CASE WHEN p.linked THEN 'not-applicable'
	            WHEN t.text IS NOT NULL THEN 'not-satisfied'
	            WHEN u.text IS NOT NULL THEN 'unknown' ELSE 'satisfied' END AS verdict,
	       CASE WHEN p.linked THEN 'a service of AWS made this role and alone may use it'
	            WHEN t.text IS NOT NULL THEN t.text || CASE WHEN p.boundary IS NOT NULL
	                 THEN ' (within its permissions boundary ' || p.boundary || ')' ELSE '' END
	            WHEN u.text IS NOT NULL THEN 'policies of it could not be read: ' || u.text
	            ELSE w.clean || coalesce('; its permissions boundary ' || p.boundary
	                 || ' limits ' || k.text, '') END AS reason
	  FROM principal p CROSS JOIN wanted w
	  LEFT JOIN told t ON t.subject = p.subject AND t.wild = w.wild
	  LEFT JOIN unread u ON u.subject = p.subject
	  LEFT JOIN kept_in k ON k.subject = p.subject AND k.wild = w.wild
	 UNION ALL
	SELECT subject, wild, 'unknown', outcome || ': ' || reason FROM (
		SELECT subject, outcome, reason FROM aws_iam_role UNION ALL
		SELECT subject, outcome, reason FROM aws_iam_user UNION ALL
		SELECT subject, outcome, reason FROM aws_iam_group) CROSS JOIN wanted
	 WHERE outcome <> 'observed'
	 UNION ALL -- what may be missing
	SELECT subject, wild, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be roles, users, groups or policies that are not judged'
	  FROM aws_call CROSS JOIN wanted WHERE outcome = 'observed' AND result <> 'answered'
	   AND key = 'iam:GetAccountAuthorizationDetails')
