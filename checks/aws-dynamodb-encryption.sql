-- id: aws-dynamodb-encryption
-- order: 735
-- title: Tables of DynamoDB are encrypted
-- severity: medium
-- controls: nist-800-53r5 sc-28 sc-28(1) sc-13; nist-800-171r2 3.13.16 3.13.11; cmmc-l2
--   SC.L2-3.13.16
-- kinds: aws.dynamodb_table aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: DynamoDB encrypts every table with AES-256; where nothing else is set,
--   under a key it owns. If a table's own key cannot be used any more, the table cannot
--   either.
-- remediation: Choose a key of your own where who may decrypt matters; enable the key
--   again where a table has become inaccessible.
-- references: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
-- since: 0.1.0
, key_setting AS (
	SELECT subject, scope, kms_key FROM aws_dynamodb_table),
judged AS (
SELECT subject,
       CASE WHEN outcome <> 'observed' OR status IS NULL THEN 'unknown'
            WHEN status = 'INACCESSIBLE_ENCRYPTION_CREDENTIALS' THEN 'not-satisfied'
            WHEN sse_status IS NULL OR sse_status IN ('ENABLED', 'UPDATING', 'DISABLED')
            THEN 'satisfied' ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'table ' || outcome || ': ' || reason
            WHEN status IS NULL THEN 'the table could not be described'
            WHEN status = 'INACCESSIBLE_ENCRYPTION_CREDENTIALS'
            THEN 'its key cannot be used any more, so that it cannot be read'
            WHEN sse_status IN ('ENABLED', 'UPDATING') THEN 'encrypted with a key of KMS'
            WHEN sse_status IS NULL OR sse_status = 'DISABLED'
            THEN 'encrypted with a key that DynamoDB owns'
            ELSE 'the state of its encryption is ' || sse_status END AS reason
  FROM aws_dynamodb_table)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be tables that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('dynamodb:ListTables', 'dynamodb:DescribeTable')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
