-- id: aws-iam-trust
-- order: 636
-- title: Roles are assumed by those they are meant for
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6 ia-2; nist-800-171r2 3.1.1 3.1.2
-- kinds: aws.iam_role aws.call aws.scope
-- rationale: A role that trusts * may be assumed from any account of AWS. One that trusts
--   another account without a condition leaves to that account who it is.
-- remediation: Name the principals, or limit the trust by aws:PrincipalOrgID,
--   aws:SourceAccount or sts:ExternalId.
-- references: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
-- since: 0.1.0
WITH trusted AS MATERIALIZED (
	SELECT r.subject, substr(r.scope, 5, 12) AS account, p.value AS principal,
	       EXISTS (SELECT 1 FROM json_each(s.value, '$.condition') o JOIN json_each(o.value) k
	                WHERE lower(k.key) NOT IN ('aws:securetransport', 'aws:requestedregion')) AS limited
	  FROM aws_iam_role r JOIN json_each(r.trust) s JOIN json_each(s.value, '$.principal.AWS') p
	 WHERE r.outcome = 'observed' AND s.value ->> '$.effect' = 'Allow'),
told AS (
	SELECT subject, max(principal = '*' AND NOT limited) AS anyone,
	       group_concat(DISTINCT CASE WHEN principal <> '*' AND NOT limited
	           AND principal NOT GLOB 'arn:aws*:*::' || account || ':*' AND principal <> account
	           AND principal NOT GLOB 'A[IR][DO]A*' -- what an ARN becomes when it is deleted
	           THEN principal END) AS others
	  FROM trusted GROUP BY subject)
SELECT r.subject,
       CASE WHEN r.outcome <> 'observed' OR r.trust IS NULL THEN 'unknown'
            WHEN r.path GLOB '/aws-service-role/*' THEN 'not-applicable'
            WHEN t.anyone OR t.others IS NOT NULL OR n.open THEN 'not-satisfied' ELSE 'satisfied' END AS verdict,
       CASE WHEN r.outcome <> 'observed' THEN 'role ' || r.outcome || ': ' || r.reason
            WHEN r.trust IS NULL THEN 'its trust policy could not be read' || coalesce(': ' || r.trust_problem, '')
            WHEN r.path GLOB '/aws-service-role/*' THEN 'a service of AWS made this role and alone may use it'
            WHEN t.anyone THEN 'everyone in every account of AWS may assume it'
            WHEN n.open THEN 'everyone but those it names may assume it'
            WHEN t.others IS NOT NULL THEN 'another account may assume it, and no condition limits that: ' || t.others
            ELSE 'it trusts whom it names' END AS reason
  FROM aws_iam_role r LEFT JOIN told t ON t.subject = r.subject
  LEFT JOIN (SELECT DISTINCT r.subject, 1 AS open FROM aws_iam_role r JOIN json_each(r.trust) s
              WHERE s.value ->> '$.effect' = 'Allow' AND s.value -> '$.not_principal' IS NOT NULL) n
    ON n.subject = r.subject
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be roles that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'iam:GetAccountAuthorizationDetails'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
