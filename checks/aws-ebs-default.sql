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
SELECT subject,
       CASE WHEN outcome <> 'observed' OR encrypted IS NULL THEN 'unknown'
            WHEN encrypted THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'the default ' || outcome || ': ' || reason
            WHEN encrypted IS NULL THEN 'the answer does not say'
            WHEN encrypted THEN 'on, under ' || coalesce(kms_key, 'a key that could not be read')
            ELSE 'off' END AS reason
  FROM aws_ebs_default
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be defaults that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'ec2:GetEbsEncryptionByDefault'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
