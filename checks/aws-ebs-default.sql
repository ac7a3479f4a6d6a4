-- id: aws-ebs-default
-- order: 623
-- title: New EBS volumes are encrypted by default
-- severity: medium
-- controls: nist-800-53r5 sc-28 cm-6; nist-800-171r2 3.13.16
-- kinds: aws.ebs_default aws.call aws.scope
-- rationale: Where encryption is not the default, a volume is encrypted only if whoever
--   makes it says so; the EBS driver of Kubernetes does not unless its storage class says so.
-- remediation: Switch it on in every region that is used (aws ec2
--   enable-ebs-encryption-by-default).
-- references: https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
-- since: 0.1.0
-- gone: the default
-- lists: defaults by ec2:GetEbsEncryptionByDefault
-- code: on satisfied on, under {key}
-- code: off not-satisfied off
-- code: untold unknown the answer does not say
SELECT subject, CASE encrypted WHEN 1 THEN 'on' WHEN 0 THEN 'off' ELSE 'untold' END AS code,
       coalesce(kms_key, 'a key that could not be read') AS key
  FROM aws_ebs_default;
