-- id: aws-efs-encryption
-- order: 725
-- title: File systems encrypt their data
-- severity: high
-- controls: nist-800-53r5 sc-28 sc-28(1) sc-13; nist-800-171r2 3.13.16 3.13.11; cmmc-l2
--   SC.L2-3.13.16
-- kinds: aws.efs_file_system aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: A file system of EFS is encrypted from its creation or never.
-- remediation: Make an encrypted file system and copy the files (DataSync).
-- references: https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html
-- since: 0.1.0
, key_setting AS (
	SELECT subject, scope, kms_key FROM aws_efs_file_system),
judged AS (
SELECT subject,
       CASE WHEN outcome <> 'observed' OR encrypted IS NULL THEN 'unknown'
            WHEN encrypted = 1 THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'file system ' || outcome || ': ' || reason
            WHEN encrypted IS NULL THEN 'the answer does not say whether it is encrypted'
            WHEN encrypted = 1 THEN 'encrypted with a key of KMS'
            ELSE 'not encrypted' END AS reason
  FROM aws_efs_file_system)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be file systems that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'elasticfilesystem:DescribeFileSystems'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
