-- id: aws-iam-wildcard
-- order: 633
-- title: Nobody is granted everything, or all of a service
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6 ac-6(1); nist-800-171r2 3.1.1 3.1.5 3.1.7; cmmc-l2
--   AC.L2-3.1.5
-- kinds: aws.iam_role aws.iam_user aws.iam_group aws.iam_policy aws.call aws.scope
-- catalogs: iam-permissions
-- with: iam-judged
-- rationale: Allow with the action * or SERVICE:* on every resource grants what does
--   not exist yet, too, and so does Allow with NotAction. AWS's own policies for nodes name
--   their actions and are not among these.
-- remediation: Name the actions that are needed, and their resources; keep one role
--   for emergencies, under an exception.
-- references: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
-- since: 0.1.0
SELECT subject, verdict, reason FROM judged WHERE wild
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
