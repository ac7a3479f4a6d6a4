-- id: aws-ebs-default
-- order: 623
-- title: New EBS volumes are encrypted by default
-- severity: medium
-- controls: nist-800-53r5 sc-28 cm-6; nist-800-171r2 3.13.16
-- kinds: aws.ebs_default aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: Where encryption is not the default, a volume is encrypted only if whoever
--   makes it says so; the EBS driver of Kubernetes does not unless its storage class says so.
-- remediation: Switch it on in every region that is used (aws ec2
--   enable-ebs-encryption-by-default).
-- references: https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
-- since: 0.1.0
-- gone: the default
-- lists: defaults by ec2:GetEbsEncryptionByDefault
-- code: on satisfied on, under {key}{shared}
-- code: bad-key not-satisfied on, but {why}
-- code: lost-key unknown on, but {why}
-- code: off not-satisfied off
-- code: untold unknown the answer does not say
, key_setting AS (SELECT subject, scope, kms_key FROM aws_ebs_default)
SELECT d.subject, CASE WHEN d.encrypted IS NULL THEN 'untold' WHEN d.encrypted = 0 THEN 'off'
            WHEN f.verdict = 'not-satisfied' THEN 'bad-key'
            WHEN f.verdict = 'unknown' OR d.kms_key IS NULL THEN 'lost-key' ELSE 'on' END AS code,
       d.kms_key AS key, coalesce('; ' || f.note, '') AS shared,
       coalesce(f.why, 'its key could not be read') AS why
  FROM aws_ebs_default d LEFT JOIN key_fault f ON f.subject = d.subject;
