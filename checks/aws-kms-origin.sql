-- id: aws-kms-origin
-- order: 702
-- title: Key material was made inside KMS
-- severity: medium
-- controls: nist-800-53r5 sc-12 sc-13; nist-800-171r2 3.13.10 3.13.11; cmmc-l2
--   SC.L2-3.13.10
-- kinds: aws.kms_key aws.call aws.scope
-- rationale: KMS makes keys inside validated hardware modules. Of imported material
--   nobody at AWS knows how it was made, and a custom or external key store computes
--   elsewhere: both need evidence of their own.
-- remediation: Keep the record of how the material was made and by which module, or
--   make a key with origin AWS_KMS.
-- references: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html https://docs.aws.amazon.com/kms/latest/developerguide/key-store-overview.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome = 'observed' AND origin = 'AWS_KMS' THEN 'satisfied'
            ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'key ' || outcome || ': ' || reason
            WHEN origin IS NULL THEN 'the key could not be described: '
                 || coalesce(unread ->> 'Key', 'no origin in the answer')
            WHEN origin = 'AWS_KMS' THEN 'made by KMS in its own modules'
            WHEN origin = 'EXTERNAL' THEN 'its material was imported: AWS cannot say how it was '
                 || 'made; show the record of the module that made it'
            WHEN origin = 'AWS_CLOUDHSM' THEN 'held by a CloudHSM cluster: show the mode and '
                 || 'certificate of its modules'
            WHEN origin = 'EXTERNAL_KEY_STORE' THEN 'held by a key manager outside of AWS, which '
                 || 'computes for KMS: show the certificate of its module'
            ELSE 'its origin is ' || origin END AS reason
  FROM aws_kms_key
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be keys that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'kms:ListKeys'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
