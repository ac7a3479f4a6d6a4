-- id: aws-ecr-encryption
-- order: 740
-- title: Repositories encrypt their images
-- severity: medium
-- controls: nist-800-53r5 sc-28 sc-28(1) sc-13; nist-800-171r2 3.13.16 3.13.11; cmmc-l2
--   SC.L2-3.13.16
-- kinds: aws.ecr_repository aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: ECR encrypts every image: with keys of S3 (AES256), or under a key of KMS.
-- remediation: Make the repository anew with encryption type KMS where who may decrypt
--   matters; it cannot be changed later.
-- references: https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
-- since: 0.1.0
, key_setting AS (
	SELECT subject, scope, kms_key FROM aws_ecr_repository),
judged AS (
SELECT subject,
       CASE WHEN outcome = 'observed' AND encryption IN ('AES256', 'KMS', 'KMS_DSSE')
            THEN 'satisfied' ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'repository ' || outcome || ': ' || reason
            WHEN encryption IS NULL THEN 'the answer does not say how it is encrypted'
            WHEN encryption = 'AES256' THEN 'AES-256 under keys of S3'
            WHEN encryption IN ('KMS', 'KMS_DSSE') THEN 'encrypted with a key of KMS'
            ELSE 'encryption ' || encryption || ', which is not known' END AS reason
  FROM aws_ecr_repository)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be repositories that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'api.ecr:DescribeRepositories'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
