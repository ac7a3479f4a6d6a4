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
-- gone: secret
-- lists: secrets by secretsmanager:ListSecrets
-- code: deleted not-applicable marked for deletion
-- code: rotated satisfied rotated{days}
-- code: not-rotated not-satisfied not rotated
SELECT subject,
       CASE WHEN deleted = 1 THEN 'deleted' WHEN rotation_enabled = 1 THEN 'rotated'
            ELSE 'not-rotated' END AS code,
       coalesce(' every ' || rotation_days || ' days', '') AS days
  FROM aws_secret;
