-- id: aws-sqs-encryption
-- order: 736
-- title: Queues encrypt their messages
-- severity: medium
-- controls: nist-800-53r5 sc-28 sc-28(1) sc-13; nist-800-171r2 3.13.16 3.13.11; cmmc-l2
--   SC.L2-3.13.16
-- kinds: aws.sqs_queue aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: A queue encrypts with keys of SQS or with a key of KMS, or not at all.
-- remediation: Set SqsManagedSseEnabled to true, or KmsMasterKeyId to a key.
-- references: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
-- since: 0.1.0
, key_setting AS (
	SELECT subject, scope, kms_key FROM aws_sqs_queue),
judged AS (
SELECT subject,
       CASE WHEN outcome <> 'observed' OR unread ->> 'Attributes' IS NOT NULL THEN 'unknown'
            WHEN kms_key IS NOT NULL OR sqs_managed = 1 THEN 'satisfied'
            WHEN sqs_managed = 0 THEN 'not-satisfied' ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'queue ' || outcome || ': ' || reason
            WHEN unread ->> 'Attributes' IS NOT NULL
            THEN 'its attributes could not be read: ' || (unread ->> 'Attributes')
            WHEN kms_key IS NOT NULL THEN 'encrypted with a key of KMS'
            WHEN sqs_managed = 1 THEN 'encrypted with keys of SQS'
            WHEN sqs_managed = 0 THEN 'not encrypted'
            ELSE 'the answer does not say whether it is encrypted' END AS reason
  FROM aws_sqs_queue)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be queues that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('sqs:ListQueues', 'sqs:GetQueueAttributes')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
