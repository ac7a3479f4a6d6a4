-- id: aws-trail-validation
-- order: 762
-- title: Files of trails are signed in a chain
-- severity: medium
-- controls: nist-800-53r5 au-9 au-10; nist-800-171r2 3.3.8
-- kinds: aws.trail aws.call aws.scope
-- rationale: With log file validation CloudTrail signs a digest of every file with RSA
--   and SHA-256, so that a file that was changed or taken away is found out.
-- remediation: Turn on log file validation.
-- references: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome = 'absent' THEN 'not-applicable' WHEN outcome <> 'observed' OR validation IS NULL THEN 'unknown'
            WHEN validation = 1 THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'trail ' || outcome || ': ' || reason
            WHEN validation IS NULL THEN 'the answer does not say whether log file validation is on'
            WHEN validation = 1 THEN 'log file validation is on' ELSE 'log file validation is off' END AS reason
  FROM aws_trail
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be trails that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'cloudtrail:DescribeTrails'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
