-- id: aws-secret-rotation
-- order: 744
-- title: Secrets are rotated
-- severity: low
-- controls: nist-800-53r5 ia-5(1) sc-12; nist-800-171r2 3.5.10
-- kinds: aws.secret aws.call aws.scope
-- rationale: A secret that nobody changes is known to ever more people and files.
-- remediation: Turn on rotation for the secret.
-- references: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown' WHEN deleted = 1 THEN 'not-applicable'
            WHEN rotation_enabled = 1 THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'secret ' || outcome || ': ' || reason
            WHEN deleted = 1 THEN 'marked for deletion'
            WHEN rotation_enabled = 1 THEN 'rotated'
                 || coalesce(' every ' || rotation_days || ' days', '')
            ELSE 'not rotated' END AS reason
  FROM aws_secret
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be secrets that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'secretsmanager:ListSecrets'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
