-- title: What is encrypted with which key of AWS KMS, and keys that nothing names
-- param: scope [*] scopes that match, as in aws/123456789012/*
WITH used AS MATERIALIZED (
	SELECT 'aws.s3_bucket' AS kind, scope, key, kms_key FROM aws_s3_bucket
	UNION ALL SELECT 'aws.rds_instance', scope, key, kms_key FROM aws_rds_instance
	UNION ALL SELECT 'aws.rds_cluster', scope, key, kms_key FROM aws_rds_cluster
	UNION ALL SELECT 'aws.efs_file_system', scope, key, kms_key FROM aws_efs_file_system
	UNION ALL SELECT 'aws.elasticache_group', scope, key, kms_key FROM aws_elasticache_group
	UNION ALL SELECT 'aws.dynamodb_table', scope, key, kms_key FROM aws_dynamodb_table
	UNION ALL SELECT 'aws.sqs_queue', scope, key, kms_key FROM aws_sqs_queue
	UNION ALL SELECT 'aws.sns_topic', scope, key, kms_key FROM aws_sns_topic
	UNION ALL SELECT 'aws.ecr_repository', scope, key, kms_key FROM aws_ecr_repository
	UNION ALL SELECT 'aws.log_group', scope, key, kms_key FROM aws_log_group
	UNION ALL SELECT 'aws.secret', scope, key, kms_key FROM aws_secret
	UNION ALL SELECT 'aws.lambda_function', scope, key, kms_key FROM aws_lambda_function
	UNION ALL SELECT 'aws.trail', scope, key, kms_key FROM aws_trail
	UNION ALL SELECT 'aws.volume', scope, key, kms_key FROM aws_volume
	UNION ALL SELECT 'aws.ebs_default', scope, key, kms_key FROM aws_ebs_default
	UNION ALL SELECT 'aws.eks_cluster', scope, key, secrets_key FROM aws_eks_cluster
	UNION ALL SELECT 'aws.image', i.scope, i.key, v.value ->> '$.kms_key'
	  FROM aws_image i, json_each(i.volumes) v
	UNION ALL SELECT 'aws.launch_template', t.scope, t.key, v.value ->> '$.kms_key'
	  FROM aws_launch_template t, json_each(t.volumes) v
	UNION ALL SELECT 'kube.storage_class', scope, key, kms_key FROM kube_storage_class
	UNION ALL SELECT 'kube.node_class', scope, key, kms_key FROM kube_node_class
	UNION ALL SELECT 'kube.node_class', n.scope, n.key, v.value ->> '$.kms_key'
	  FROM kube_node_class n, json_each(n.volumes) v),
-- A scope in which some list of users was refused does not show who uses a key.
unseen AS (
	SELECT DISTINCT substr(scope, 1, 17) AS account FROM aws_call
	 WHERE outcome <> 'observed' OR result <> 'answered'
	UNION SELECT substr(scope, 1, 17) FROM aws_scope WHERE outcome <> 'observed'),
-- A key is named by its ARN, or in its own account by its id or an alias.
named AS MATERIALIZED (
	SELECT k.subject, k.scope, k.key, k.origin, u.kind, u.scope AS user_scope,
	       u.key AS user, u.kms_key
	  FROM used u JOIN aws_kms_key k
	    ON u.kms_key = k.arn
	    OR (substr(u.scope, 1, 17) = substr(k.scope, 1, 17)
	        AND (u.scope = k.scope OR u.scope GLOB '*/global')
	        AND (u.kms_key = k.key OR EXISTS (
	             SELECT 1 FROM json_each(k.aliases) a
	              WHERE u.kms_key = a.value OR u.kms_key GLOB '*:' || a.value)))
	 WHERE u.kms_key IS NOT NULL)
SELECT scope, key AS "kms key", origin, kind, user_scope AS "used in", user AS "used by"
  FROM named WHERE scope GLOB :scope
UNION ALL
SELECT k.scope, k.key, k.origin, NULL, NULL,
       iif(EXISTS (SELECT 1 FROM unseen x WHERE x.account = substr(k.scope, 1, 17)),
           'could not determine: not every list of this account answered',
           'nothing that was collected')
  FROM aws_kms_key k
 WHERE k.scope GLOB :scope AND k.subject NOT IN (SELECT subject FROM named)
UNION ALL -- a key that was not seen: another account's, or one that was not listed
SELECT NULL, u.kms_key, NULL, u.kind, u.scope, u.key
  FROM used u
 WHERE u.kms_key IS NOT NULL AND u.scope GLOB :scope
   AND NOT EXISTS (SELECT 1 FROM named n WHERE n.kms_key = u.kms_key
                      AND n.user = u.key AND n.user_scope = u.scope)
 ORDER BY 1, 2, 4, 5, 6;
