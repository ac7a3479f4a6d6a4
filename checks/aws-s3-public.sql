-- id: aws-s3-public
-- order: 711
-- title: Buckets block public access themselves
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-4 sc-7; nist-800-171r2 3.1.1 3.13.5; cmmc-l2
--   AC.L2-3.1.1
-- kinds: aws.s3_bucket aws.call aws.scope
-- rationale: Four switches of a bucket keep a later policy or ACL from making it
--   public. A block of the whole account would serve as well; it is not asked for here.
-- remediation: Turn on all four settings of the bucket's public access block.
-- references: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
-- since: 0.1.0
WITH what AS (
	SELECT *, block_public_acls + ignore_public_acls + block_public_policy
	          + restrict_public_buckets AS n,
	       substr(iif(block_public_acls, '', ', BlockPublicAcls')
	              || iif(ignore_public_acls, '', ', IgnorePublicAcls')
	              || iif(block_public_policy, '', ', BlockPublicPolicy')
	              || iif(restrict_public_buckets, '', ', RestrictPublicBuckets'), 3) AS off
	  FROM aws_s3_bucket)
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN policy_public = 1 AND n IS NOT 4 THEN 'not-satisfied'
            WHEN unread ->> 'PublicAccessBlock' IS NOT NULL OR public_access_block IS NULL
            THEN 'unknown'
            WHEN public_access_block = 'none' THEN 'not-satisfied'
            WHEN n IS NULL THEN 'unknown'
            WHEN n = 4 THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'bucket ' || outcome || ': ' || reason
            WHEN policy_public = 1 AND n IS NOT 4 THEN 'its policy lets the public in'
            WHEN unread ->> 'PublicAccessBlock' IS NOT NULL OR public_access_block IS NULL
            THEN 'its public access block could not be read: '
                 || coalesce(unread ->> 'PublicAccessBlock', 'no answer')
            WHEN public_access_block = 'none' THEN 'it has no public access block of its own'
            WHEN n IS NULL THEN 'its public access block was not given whole'
            WHEN n = 4 THEN 'all four settings are on'
            ELSE 'off: ' || off END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be buckets that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 's3:ListBuckets'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
