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
-- gone: key
-- lists: keys by kms:ListKeys
-- code: aws satisfied managed by AWS, which rotates it every year
-- code: on satisfied rotated every {days} days
-- code: off not-satisfied not rotated
-- code: unread unknown the key could not be described: {unread_key}
-- code: rotation unknown whether it is rotated could not be read: {unread_rotation}
-- code: state not-applicable its state is {state}: it is not in use
-- code: spec not-applicable a key of {spec} cannot be rotated by KMS; replace it by hand
-- code: origin not-applicable its origin is {origin}: KMS does not rotate such a key by
--   itself
SELECT subject,
       CASE WHEN unread ->> 'Key' IS NOT NULL OR manager IS NULL OR state IS NULL THEN 'unread'
            WHEN manager = 'AWS' THEN 'aws'
            WHEN state <> 'Enabled' THEN 'state'
            WHEN spec <> 'SYMMETRIC_DEFAULT' THEN 'spec'
            WHEN origin <> 'AWS_KMS' THEN 'origin'
            WHEN rotation_enabled = 1 THEN 'on'
            WHEN unread ->> 'Rotation' IS NOT NULL OR rotation_enabled IS NULL THEN 'rotation'
            ELSE 'off' END AS code,
       state, spec, origin, coalesce(rotation_days, 365) AS days,
       coalesce(unread ->> 'Key', 'no manager or state in the answer') AS unread_key,
       coalesce(unread ->> 'Rotation', 'no answer') AS unread_rotation
  FROM aws_kms_key;
