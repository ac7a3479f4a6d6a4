-- id: aws-iam-wildcard
-- order: 633
-- title: Nobody is granted everything, or all of a service
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6 ac-6(1); nist-800-171r2 3.1.1 3.1.5 3.1.7; cmmc-l2
--   AC.L2-3.1.5; fedramp-20x IAM-ELP
-- kinds: aws.iam_role aws.iam_user aws.iam_group aws.iam_policy aws.call
-- catalogs: iam-permissions
-- with: iam-grants
-- rationale: Allow with the action * or SERVICE:* on every resource grants what does
--   not exist yet, too, and so does Allow with NotAction. AWS's own policies for nodes name
--   their actions and are not among these.
-- remediation: Name the actions that are needed, and their resources; keep one role
--   for emergencies, under an exception.
-- references: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
-- since: 0.1.0
, told AS (
	SELECT subject, group_concat(text, '; ') AS text FROM (
		SELECT subject, policy || ': ' || group_concat(why, ', ') AS text FROM (
			SELECT DISTINCT subject, policy, why FROM risk WHERE level = 'wildcard'
			 ORDER BY subject, policy, why)
		 GROUP BY subject, policy ORDER BY subject, policy)
	 GROUP BY subject)
SELECT p.subject,
       CASE WHEN p.linked THEN 'not-applicable'
            WHEN t.text IS NOT NULL THEN 'not-satisfied'
            WHEN u.text IS NOT NULL THEN 'unknown' ELSE 'satisfied' END AS verdict,
       CASE WHEN p.linked THEN 'a service of AWS made this role and alone may use it'
            WHEN t.text IS NOT NULL THEN t.text || CASE WHEN p.boundary IS NOT NULL
                 THEN ' (within its permissions boundary)' ELSE '' END
            WHEN u.text IS NOT NULL THEN 'policies of it could not be read: ' || u.text
            ELSE 'grants no more than it names' END AS reason
  FROM principal p LEFT JOIN told t ON t.subject = p.subject
  LEFT JOIN unread u ON u.subject = p.subject
 UNION ALL
SELECT subject, 'unknown', outcome || ': ' || reason FROM (
	SELECT subject, outcome, reason FROM aws_iam_role UNION ALL
	SELECT subject, outcome, reason FROM aws_iam_user UNION ALL
	SELECT subject, outcome, reason FROM aws_iam_group)
 WHERE outcome <> 'observed'
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be roles, users, groups or policies that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'iam:GetAccountAuthorizationDetails';
