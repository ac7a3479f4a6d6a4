-- id: aws-secret-key
-- order: 743
-- title: Secrets are encrypted under a key of your own
-- severity: low
-- controls: nist-800-53r5 sc-12 sc-13; nist-800-171r2 3.13.10 3.13.11; cmmc-l2
--   SC.L2-3.13.10
-- kinds: aws.secret aws.kms_key aws.call aws.scope
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: Secrets Manager encrypts every value; without a key of your own, under the
--   account's aws/secretsmanager, which other accounts and key policies cannot tell
--   apart by secret.
-- remediation: Set KmsKeyId of the secret to a key of your own.
-- references: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
-- since: 0.1.0
, key_setting AS (SELECT subject, scope, kms_key FROM aws_secret),
judged AS (
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown' WHEN deleted = 1 THEN 'not-applicable'
            WHEN owning_service IS NOT NULL AND kms_key IS NULL THEN 'not-applicable'
            WHEN kms_key IS NULL OR kms_key LIKE '%alias/aws/%' THEN 'not-satisfied'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'secret ' || outcome || ': ' || reason
            WHEN deleted = 1 THEN 'marked for deletion'
            WHEN owning_service IS NOT NULL AND kms_key IS NULL
            THEN 'managed by ' || owning_service || ', which chooses its key'
            WHEN kms_key IS NULL OR kms_key LIKE '%alias/aws/%'
            THEN 'encrypted with the account''s aws/secretsmanager only'
            ELSE 'encrypted with a key of your own' END AS reason
  FROM aws_secret)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be secrets that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'secretsmanager:ListSecrets'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
