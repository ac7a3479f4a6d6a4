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
SELECT subject,
       CASE WHEN outcome <> 'observed' OR unread ->> 'Policy' IS NOT NULL
                 OR tls_only IS NULL THEN 'unknown'
            WHEN tls_only = 'yes' THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'bucket ' || outcome || ': ' || reason
            WHEN unread ->> 'Policy' IS NOT NULL OR tls_only IS NULL
            THEN 'its policy could not be read: ' || coalesce(unread ->> 'Policy', 'no answer')
            WHEN tls_only = 'yes' THEN 'its policy refuses every request without TLS'
            WHEN tls_only = 'partly' THEN 'its policy refuses some requests without TLS, not all: '
                 || 'not of everyone, not every action, not every resource, or on a further condition'
            ELSE 'no policy of it refuses requests without TLS' END AS reason
  FROM aws_s3_bucket
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be buckets that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 's3:ListBuckets'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
