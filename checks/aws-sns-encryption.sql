-- id: aws-sns-encryption
-- order: 737
-- title: Topics encrypt their messages
-- severity: medium
-- controls: nist-800-53r5 sc-28 sc-28(1) sc-13; nist-800-171r2 3.13.16 3.13.11; cmmc-l2
--   SC.L2-3.13.16
-- kinds: aws.sns_topic aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: A topic encrypts the messages it holds when a key of KMS is set.
-- remediation: Set KmsMasterKeyId to a key; with alias/aws/sns other services of AWS
--   cannot publish.
-- references: https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
-- since: 0.1.0
, key_setting AS (
	SELECT subject, scope, kms_key FROM aws_sns_topic),
judged AS (
SELECT subject,
       CASE WHEN outcome <> 'observed' OR unread ->> 'Attributes' IS NOT NULL THEN 'unknown'
            WHEN kms_key IS NOT NULL THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'topic ' || outcome || ': ' || reason
            WHEN unread ->> 'Attributes' IS NOT NULL
            THEN 'its attributes could not be read: ' || (unread ->> 'Attributes')
            WHEN kms_key IS NOT NULL THEN 'encrypted with a key of KMS'
            ELSE 'no key of KMS is set' END AS reason
  FROM aws_sns_topic)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be topics that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'sns:ListTopics'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
