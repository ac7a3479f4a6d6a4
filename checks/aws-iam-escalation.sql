-- id: aws-iam-escalation
-- order: 634
-- title: Nobody is granted what takes an account over
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6 ac-6(1); nist-800-171r2 3.1.1 3.1.5 3.1.7; cmmc-l2
--   AC.L2-3.1.5
-- kinds: aws.iam_role aws.iam_user aws.iam_group aws.iam_policy aws.call aws.scope
-- catalogs: iam-permissions
-- with: iam-judged
-- rationale: Some permissions on everything give more than they say: rewriting
--   policies, handing any role to a service, assuming any role, running commands on
--   instances, decrypting with every key, stopping the audit trail. Resources and
--   conditions that limit them are taken into account.
-- remediation: Name the roles, keys and instances that are meant instead of *, or set
--   a permissions boundary.
-- references: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
-- since: 0.1.0
SELECT subject, verdict, reason FROM judged WHERE NOT wild
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
