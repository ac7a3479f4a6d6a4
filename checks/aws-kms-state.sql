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
-- gone: key
-- lists: keys by kms:ListKeys
-- code: use satisfied its state is {state}
-- code: deletion not-satisfied waits for deletion{day}
-- code: disabled not-applicable disabled: nobody can use it
-- code: other unknown its state is {state}
-- code: unread unknown the key could not be described: {why}
SELECT subject,
       CASE WHEN state IS NULL THEN 'unread'
            WHEN state LIKE 'Pending%Deletion' THEN 'deletion'
            WHEN state IN ('Enabled', 'Creating', 'Updating') THEN 'use'
            WHEN state = 'Disabled' THEN 'disabled'
            ELSE 'other' END AS code,
       state, coalesce(', on ' || deletion_date, '') AS day,
       coalesce(unread ->> 'Key', 'no state in the answer') AS why
  FROM aws_kms_key;
