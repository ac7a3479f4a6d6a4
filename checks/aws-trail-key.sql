-- id: aws-trail-key
-- order: 763
-- title: Files of trails are encrypted under a key of your own
-- severity: low
-- controls: nist-800-53r5 au-9 sc-12 sc-28(1); nist-800-171r2 3.3.8 3.13.16
-- kinds: aws.trail aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: Without a key of your own the files are encrypted under keys of S3, and
--   whoever may read the bucket may read them.
-- remediation: Give the trail a key of KMS.
-- references: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
-- since: 0.1.0
, key_setting AS (
	SELECT subject, scope, kms_key FROM aws_trail),
judged AS (
SELECT subject,
       CASE WHEN outcome = 'absent' THEN 'not-applicable' WHEN outcome <> 'observed' THEN 'unknown'
            WHEN kms_key IS NOT NULL THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'trail ' || outcome || ': ' || reason
            WHEN kms_key IS NOT NULL THEN 'encrypted with a key of KMS'
            ELSE 'encrypted with keys of S3 only' END AS reason
  FROM aws_trail)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be trails that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'cloudtrail:DescribeTrails'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
