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
-- gone: file system
-- lists: file systems by elasticfilesystem:DescribeFileSystems
-- code: every satisfied its policy refuses every request without TLS
-- code: some not-satisfied its policy refuses some requests without TLS, not all: not of
--   everyone, not every action, not every resource, or on a further condition
-- code: none not-satisfied no policy of it refuses requests without TLS
-- code: unread unknown its policy could not be read: {why}
SELECT subject,
       CASE WHEN unread ->> 'Policy' IS NOT NULL OR tls_only IS NULL THEN 'unread'
            WHEN tls_only = 'yes' THEN 'every' WHEN tls_only = 'partly' THEN 'some'
            ELSE 'none' END AS code,
       coalesce(unread ->> 'Policy', 'no answer') AS why
  FROM aws_efs_file_system;
