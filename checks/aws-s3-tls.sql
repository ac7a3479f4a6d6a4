-- id: aws-s3-tls
-- order: 712
-- title: Buckets refuse what does not come by TLS
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-8(1) sc-13; nist-800-171r2 3.13.8 3.13.11; cmmc-l2
--   SC.L2-3.13.8
-- kinds: aws.s3_bucket aws.call aws.scope
-- rationale: S3 answers plain HTTP too. Only a bucket policy that denies everyone
--   everything when aws:SecureTransport is false, for the bucket and its objects,
--   refuses it.
-- remediation: Add to the bucket's policy a statement with Effect Deny, Principal *,
--   Action s3:*, the bucket and its objects as Resource, and the condition Bool
--   aws:SecureTransport false.
-- references: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
-- since: 0.1.0
-- gone: bucket
-- lists: buckets by s3:ListBuckets
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
  FROM aws_s3_bucket;
