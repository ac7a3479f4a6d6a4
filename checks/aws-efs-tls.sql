-- id: aws-efs-tls
-- order: 726
-- title: File systems refuse what does not come by TLS
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8
-- kinds: aws.efs_file_system aws.call aws.scope
-- rationale: NFS is plain unless the client mounts with TLS. Only a file system policy
--   that denies everyone everything when aws:SecureTransport is false makes every
--   client do so.
-- remediation: Give the file system a policy with Effect Deny, Principal *, Action *
--   and the condition Bool aws:SecureTransport false.
-- references: https://docs.aws.amazon.com/efs/latest/ug/enforce-in-transit-encryption.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' OR unread ->> 'Policy' IS NOT NULL
                 OR tls_only IS NULL THEN 'unknown'
            WHEN tls_only = 'yes' THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'file system ' || outcome || ': ' || reason
            WHEN unread ->> 'Policy' IS NOT NULL OR tls_only IS NULL
            THEN 'its policy could not be read: ' || coalesce(unread ->> 'Policy', 'no answer')
            WHEN tls_only = 'yes' THEN 'its policy refuses every request without TLS'
            WHEN tls_only = 'partly' THEN 'its policy refuses some requests without TLS, not all: '
                 || 'not of everyone, not every action, not every resource, or on a further condition'
            ELSE 'no policy of it refuses requests without TLS' END AS reason
  FROM aws_efs_file_system
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be file systems that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'elasticfilesystem:DescribeFileSystems'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
