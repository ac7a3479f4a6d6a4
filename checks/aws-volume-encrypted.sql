-- id: aws-volume-encrypted
-- order: 622
-- title: EBS volumes are encrypted
-- severity: high
-- controls: nist-800-53r5 sc-28 sc-28(1); nist-800-171r2 3.13.16 3.13.11; cmmc-l2
--   SC.L2-3.13.16
-- kinds: aws.volume aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: What is written to a volume that is not encrypted stays readable to whoever
--   gets a snapshot of it.
-- remediation: Copy a snapshot with encryption and replace the volume; make encryption the
--   default of the region.
-- references: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
-- since: 0.1.0
-- gone: volume
-- lists: volumes by ec2:DescribeVolumes
-- code: on satisfied encrypted under {key}{shared}
-- code: off not-satisfied not encrypted{attached}
-- code: bad-key not-satisfied encrypted, but {why}
-- code: lost-key unknown encrypted, but {why}
-- code: untold unknown the answer does not say whether it is encrypted
, key_setting AS (SELECT subject, scope, kms_key FROM aws_volume)
SELECT v.subject, CASE WHEN v.encrypted IS NULL THEN 'untold' WHEN v.encrypted = 0 THEN 'off'
            WHEN f.verdict = 'not-satisfied' THEN 'bad-key'
            WHEN f.verdict = 'unknown' THEN 'lost-key' ELSE 'on' END AS code,
       coalesce('key ' || v.kms_key, 'a key that is not named') AS key, f.why,
       coalesce('; ' || f.note, '') AS shared,
       iif(json_array_length(coalesce(v.instances, '[]')) > 0, ', and attached to an instance', '')
       AS attached
  FROM aws_volume v LEFT JOIN key_fault f ON f.subject = v.subject;
