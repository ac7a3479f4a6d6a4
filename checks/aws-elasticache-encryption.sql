-- id: aws-elasticache-encryption
-- order: 730
-- title: Caches encrypt their data at rest
-- severity: high
-- controls: nist-800-53r5 sc-28 sc-28(1) sc-13; nist-800-171r2 3.13.16 3.13.11; cmmc-l2
--   SC.L2-3.13.16
-- kinds: aws.elasticache_group aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: A replication group is encrypted at rest from its creation or never;
--   Memcached encrypts only in serverless caches.
-- remediation: Make the group anew with encryption at rest, and move the data.
-- references: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html
-- since: 0.1.0
, key_setting AS (
	SELECT subject, scope, kms_key FROM aws_elasticache_group),
judged AS (
SELECT subject,
       CASE WHEN outcome <> 'observed' OR at_rest IS NULL THEN 'unknown'
            WHEN at_rest = 1 THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'cache ' || outcome || ': ' || reason
            WHEN at_rest IS NULL THEN 'the answer does not say whether it is encrypted'
            WHEN at_rest = 1 THEN iif(kms_key IS NULL, 'encrypted with a key of ElastiCache', 'encrypted with a key of KMS')
            ELSE 'not encrypted at rest' END AS reason
  FROM aws_elasticache_group)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be caches that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('elasticache:DescribeReplicationGroups', 'elasticache:DescribeCacheClusters')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
