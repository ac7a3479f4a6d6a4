-- id: aws-rds-encryption
-- order: 720
-- title: Database instances encrypt their storage
-- severity: high
-- controls: nist-800-53r5 sc-28 sc-28(1) sc-13; nist-800-171r2 3.13.16 3.13.11; cmmc-l2
--   SC.L2-3.13.16
-- kinds: aws.rds_instance aws.rds_cluster aws.call aws.scope aws.kms_key
-- catalogs: kms-key-specs
-- with: aws-key
-- rationale: An instance is encrypted from its creation or never; with it are its
--   snapshots, replicas and logs. An instance of an Aurora cluster has the cluster's
--   storage.
-- remediation: Copy a snapshot with encryption, restore it, and retire the instance.
-- references: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
-- since: 0.1.0
, what AS (
	SELECT i.subject, i.outcome, i.reason, i.cluster, coalesce(c.storage_encrypted,
	       i.storage_encrypted) AS encrypted, coalesce(c.kms_key, i.kms_key) AS kms_key
	  FROM aws_rds_instance i LEFT JOIN aws_rds_cluster c
	    ON c.scope = i.scope AND c.key = i.cluster AND c.outcome = 'observed'
	 UNION ALL
	SELECT subject, outcome, reason, NULL, storage_encrypted, kms_key FROM aws_rds_cluster)
, key_setting AS (
	SELECT subject, scope, kms_key FROM aws_rds_instance
	 UNION ALL SELECT subject, scope, kms_key FROM aws_rds_cluster),
judged AS (
SELECT subject,
       CASE WHEN outcome <> 'observed' OR encrypted IS NULL THEN 'unknown'
            WHEN encrypted = 1 THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'database ' || outcome || ': ' || reason
            WHEN encrypted IS NULL THEN 'the answer does not say whether its storage is encrypted'
            WHEN encrypted = 1 THEN 'its storage is encrypted with a key of KMS'
            ELSE 'its storage is not encrypted' END AS reason
  FROM what)
SELECT subject, verdict, reason FROM keyed
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be databases that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('rds:DescribeDBInstances', 'rds:DescribeDBClusters')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
