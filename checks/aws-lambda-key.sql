-- id: aws-lambda-key
-- order: 746
-- title: Variables of functions are encrypted under a key of your own
-- severity: low
-- controls: nist-800-53r5 sc-12 sc-28(1); nist-800-171r2 3.13.10 3.13.16
-- kinds: aws.lambda_function aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: Lambda encrypts variables at rest; without a key of your own, under one
--   that whoever may read the function needs no right to.
-- remediation: Set a key of KMS for the function, or keep what is secret in Secrets
--   Manager.
-- references: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
-- since: 0.1.0
, key_setting AS (
	SELECT subject, scope, kms_key FROM aws_lambda_function),
judged AS (
SELECT subject,
       CASE WHEN outcome <> 'observed' OR env_names IS NULL THEN 'unknown'
            WHEN env_names = '[]' THEN 'not-applicable'
            WHEN kms_key IS NOT NULL THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'function ' || outcome || ': ' || reason
            WHEN env_names IS NULL THEN 'its variables could not be read'
                 || coalesce(': ' || env_error, '')
            WHEN env_names = '[]' THEN 'it has no variables'
            WHEN kms_key IS NOT NULL THEN 'encrypted with a key of KMS'
            ELSE 'encrypted with a key of Lambda only' END AS reason
  FROM aws_lambda_function)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be functions that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'lambda:ListFunctions'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
