-- id: aws-kms-state
-- order: 703
-- title: No key is about to be deleted
-- severity: high
-- controls: nist-800-53r5 sc-12 sc-13; nist-800-171r2 3.13.10 3.13.11; cmmc-l2
--   SC.L2-3.13.10
-- kinds: aws.kms_key aws.call aws.scope
-- rationale: What a deleted key encrypted can never be read again. A key that waits for
--   deletion is not in use, and a service that still names it fails.
-- remediation: If something still needs it, cancel the deletion (kms
--   cancel-key-deletion) and enable the key.
-- references: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' OR state IS NULL THEN 'unknown'
            WHEN state LIKE 'Pending%Deletion' THEN 'not-satisfied'
            WHEN state IN ('Enabled', 'Creating', 'Updating') THEN 'satisfied'
            WHEN state = 'Disabled' THEN 'not-applicable'
            ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'key ' || outcome || ': ' || reason
            WHEN state IS NULL THEN 'the key could not be described: '
                 || coalesce(unread ->> 'Key', 'no state in the answer')
            WHEN state LIKE 'Pending%Deletion' THEN 'waits for deletion'
                 || coalesce(', on ' || deletion_date, '')
            WHEN state = 'Disabled' THEN 'disabled: nobody can use it'
            ELSE 'its state is ' || state END AS reason
  FROM aws_kms_key
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be keys that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'kms:ListKeys'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
