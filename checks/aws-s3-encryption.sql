-- id: aws-s3-encryption
-- order: 710
-- title: Buckets encrypt what is put into them
-- severity: high
-- controls: nist-800-53r5 sc-28 sc-28(1) sc-13; nist-800-171r2 3.13.16 3.13.11; cmmc-l2
--   SC.L2-3.13.16
-- kinds: aws.s3_bucket aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: Every new object is encrypted by the bucket's default: with AES-256 under
--   keys of S3, or under a key of KMS. The default says nothing of objects that were
--   there before it.
-- remediation: Give the bucket a default encryption, with aws:kms and a key of your own
--   where who may decrypt matters.
-- references: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html
-- since: 0.1.0
, key_setting AS (
	SELECT subject, scope, kms_key FROM aws_s3_bucket),
judged AS (
SELECT subject,
       CASE WHEN outcome <> 'observed' OR unread ->> 'Encryption' IS NOT NULL
                 OR encryption IS NULL THEN 'unknown'
            WHEN encryption = 'none' THEN 'not-satisfied'
            WHEN encryption IN ('AES256', 'aws:kms', 'aws:kms:dsse') THEN 'satisfied'
            ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'bucket ' || outcome || ': ' || reason
            WHEN unread ->> 'Encryption' IS NOT NULL OR encryption IS NULL
            THEN 'its default encryption could not be read: '
                 || coalesce(unread ->> 'Encryption', 'no answer')
            WHEN encryption = 'none' THEN 'no default encryption'
            WHEN encryption = 'AES256' THEN 'AES-256 under keys of S3'
            WHEN encryption IN ('aws:kms', 'aws:kms:dsse')
            THEN encryption || ' with ' || iif(kms_key IS NULL OR kms_key LIKE '%alias/aws/s3',
                 'the account''s key for S3', 'a key that is named')
            ELSE 'default encryption ' || encryption || ', which is not known' END AS reason
  FROM aws_s3_bucket)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be buckets that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 's3:ListBuckets'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
