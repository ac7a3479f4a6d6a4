-- id: aws-kms-rotation
-- order: 700
-- title: Keys that can be rotated by KMS are
-- severity: medium
-- controls: nist-800-53r5 sc-12 sc-13; nist-800-171r2 3.13.10 3.13.11; cmmc-l2
--   SC.L2-3.13.10
-- kinds: aws.kms_key aws.call aws.scope
-- rationale: KMS rotates a symmetric key it made itself if told to; keys managed by AWS
--   it rotates every year. Asymmetric keys, HMAC keys and imported material it cannot
--   rotate by itself.
-- remediation: Turn on automatic rotation (kms enable-key-rotation).
-- references: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
-- since: 0.1.0
WITH what AS (
	SELECT *, CASE
	       WHEN outcome <> 'observed' THEN 'gone'
	       WHEN unread ->> 'Key' IS NOT NULL OR manager IS NULL OR state IS NULL THEN 'unread'
	       WHEN manager = 'AWS' THEN 'aws'
	       WHEN state <> 'Enabled' THEN 'state'
	       WHEN spec <> 'SYMMETRIC_DEFAULT' THEN 'spec'
	       WHEN origin <> 'AWS_KMS' THEN 'origin'
	       WHEN rotation_enabled = 1 THEN 'on'
	       WHEN unread ->> 'Rotation' IS NOT NULL OR rotation_enabled IS NULL THEN 'rotation'
	       ELSE 'off' END AS found
	  FROM aws_kms_key)
SELECT subject,
       CASE WHEN found IN ('gone', 'unread', 'rotation') THEN 'unknown'
            WHEN found IN ('on', 'aws') THEN 'satisfied'
            WHEN found = 'off' THEN 'not-satisfied' ELSE 'not-applicable' END AS verdict,
       CASE found
       WHEN 'gone' THEN 'key ' || outcome || ': ' || reason
       WHEN 'unread' THEN 'the key could not be described: '
            || coalesce(unread ->> 'Key', 'no manager or state in the answer')
       WHEN 'aws' THEN 'managed by AWS, which rotates it every year'
       WHEN 'state' THEN 'its state is ' || state || ': it is not in use'
       WHEN 'spec' THEN 'a key of ' || spec || ' cannot be rotated by KMS; replace it by hand'
       WHEN 'origin' THEN 'its origin is ' || origin || ': KMS does not rotate such a key by itself'
       WHEN 'rotation' THEN 'whether it is rotated could not be read: '
            || coalesce(unread ->> 'Rotation', 'no answer')
       WHEN 'on' THEN 'rotated every ' || coalesce(rotation_days, 365) || ' days'
       ELSE 'not rotated' END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be keys that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'kms:ListKeys'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
