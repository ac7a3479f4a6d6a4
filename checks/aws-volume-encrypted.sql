-- id: aws-volume-encrypted
-- order: 622
-- title: EBS volumes are encrypted
-- severity: high
-- controls: nist-800-53r5 sc-28 sc-28(1); nist-800-171r2 3.13.16 3.13.11; cmmc-l2
--   SC.L2-3.13.16; fedramp-20x SVC-VRI
-- kinds: aws.volume aws.call aws.scope
-- rationale: What is written to a volume that is not encrypted stays readable to whoever
--   gets a snapshot of it.
-- remediation: Copy a snapshot with encryption and replace the volume; make encryption the
--   default of the region.
-- references: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' OR encrypted IS NULL THEN 'unknown'
            WHEN encrypted THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'volume ' || outcome || ': ' || reason
            WHEN encrypted IS NULL THEN 'the answer does not say whether it is encrypted'
            WHEN encrypted THEN 'encrypted under ' || coalesce('key ' || kms_key, 'a key that is not named')
            ELSE 'not encrypted' || iif(json_array_length(coalesce(instances, '[]')) > 0,
                 ', and attached to an instance', '') END AS reason
  FROM aws_volume
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be volumes that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'ec2:DescribeVolumes'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
