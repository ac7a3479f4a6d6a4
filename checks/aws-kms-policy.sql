-- id: aws-kms-policy
-- order: 705
-- title: KMS key policies permit only accounts that are collected
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6 sc-12; nist-800-171r2 3.1.1 3.1.2 3.13.10
-- kinds: aws.kms_key aws.call aws.scope
-- with: kms-reach
-- rationale: Whoever may use a key can read what it encrypts, once the data reaches them.
--   A key policy that permits every principal, or another account, decides that outside
--   of this account. A Deny in the policy is not weighed: what is left then is unknown.
-- remediation: Name the principals in the key policy, or limit it with kms:CallerAccount
--   or aws:PrincipalOrgID. Collect the other account too, or record a risk exception.
-- references: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
-- since: 0.1.0
-- gone: key
-- lists: keys by kms:ListKeys
-- code: own satisfied its policy permits its own account alone
-- code: collected satisfied its policy permits accounts that are collected: {others}
-- code: anyone not-satisfied its policy permits every account of AWS to use it
-- code: but-denied unknown its policy permits every account of AWS, and a Deny takes some of that away
-- code: other not-satisfied its policy permits another account: {others}
-- code: org unknown its policy permits the whole organization {org}, whose accounts are not listed here
-- code: strange unknown its policy permits a principal of unknown account: {strange}
-- code: unread unknown its policy could not be read: {unread}
, reached AS (
	SELECT r.*, r.others IS NOT NULL AND NOT EXISTS (
	       SELECT 1 FROM json_each('["' || replace(r.others, ',', '","') || '"]') o
	        WHERE NOT EXISTS (SELECT 1 FROM aws_scope s WHERE s.outcome = 'observed'
	              AND s.scope GLOB 'aws/' || o.value || '/*')) AS known
	  FROM key_reach r)
SELECT subject,
       CASE WHEN unread IS NOT NULL THEN 'unread'
            WHEN anyone AND denies THEN 'but-denied'
            WHEN anyone THEN 'anyone'
            WHEN others IS NOT NULL AND NOT known THEN 'other'
            WHEN strange IS NOT NULL THEN 'strange'
            WHEN org IS NOT NULL THEN 'org'
            WHEN others IS NOT NULL THEN 'collected'
            ELSE 'own' END AS code,
       unread, replace(others, ',', ', ') AS others, org, strange
  FROM reached;
