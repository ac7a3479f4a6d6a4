-- How services of AWS encrypt what they keep: resource (scope, service, key,
-- outcome, how, kms_key, manager). how NULL: not known. manager is that of the
-- key as KMS describes it, NULL where it was not collected.
WITH kept AS MATERIALIZED (
	SELECT scope, 'S3 buckets' AS service, key, outcome, CASE
	       WHEN encryption = 'AES256' THEN 'keys of the service'
	       WHEN encryption LIKE 'aws:kms%' THEN 'key of KMS'
	       WHEN encryption = 'none' THEN 'not encrypted' END AS how,
	       iif(encryption LIKE 'aws:kms%', coalesce(kms_key, 'alias/aws/s3'), NULL) AS kms_key
	  FROM aws_s3_bucket
	 UNION ALL
	SELECT scope, 'RDS instances', key, outcome, CASE storage_encrypted
	       WHEN 1 THEN 'key of KMS' WHEN 0 THEN 'not encrypted' END, kms_key
	  FROM aws_rds_instance WHERE cluster IS NULL
	 UNION ALL
	SELECT scope, 'RDS clusters', key, outcome, CASE storage_encrypted
	       WHEN 1 THEN 'key of KMS' WHEN 0 THEN 'not encrypted' END, kms_key
	  FROM aws_rds_cluster
	 UNION ALL
	SELECT scope, 'EFS file systems', key, outcome, CASE encrypted
	       WHEN 1 THEN 'key of KMS' WHEN 0 THEN 'not encrypted' END, kms_key
	  FROM aws_efs_file_system
	 UNION ALL
	SELECT scope, 'ElastiCache', key, outcome, CASE at_rest
	       WHEN 1 THEN iif(kms_key IS NULL, 'keys of the service', 'key of KMS')
	       WHEN 0 THEN 'not encrypted' END, kms_key
	  FROM aws_elasticache_group
	 UNION ALL
	SELECT scope, 'DynamoDB tables', key, outcome, CASE
	       WHEN status IS NULL THEN NULL
	       WHEN status = 'INACCESSIBLE_ENCRYPTION_CREDENTIALS' THEN 'key cannot be used'
	       WHEN sse_status IN ('ENABLED', 'UPDATING') THEN 'key of KMS'
	       ELSE 'keys of the service' END, kms_key
	  FROM aws_dynamodb_table
	 UNION ALL
	SELECT scope, 'SQS queues', key, outcome, CASE
	       WHEN kms_key IS NOT NULL THEN 'key of KMS'
	       WHEN sqs_managed = 1 THEN 'keys of the service'
	       WHEN sqs_managed = 0 THEN 'not encrypted' END, kms_key
	  FROM aws_sqs_queue
	 UNION ALL
	SELECT scope, 'SNS topics', key, outcome, CASE
	       WHEN unread ->> 'Attributes' IS NOT NULL THEN NULL
	       WHEN kms_key IS NOT NULL THEN 'key of KMS' ELSE 'no key of KMS' END, kms_key
	  FROM aws_sns_topic
	 UNION ALL
	SELECT scope, 'ECR repositories', key, outcome, CASE
	       WHEN encryption = 'AES256' THEN 'keys of the service'
	       WHEN encryption IS NOT NULL THEN 'key of KMS' END, kms_key
	  FROM aws_ecr_repository
	 UNION ALL
	SELECT scope, 'log groups', key, outcome,
	       iif(kms_key IS NULL, 'keys of the service', 'key of KMS'), kms_key
	  FROM aws_log_group
	 UNION ALL
	SELECT scope, 'secrets', key, outcome, 'key of KMS',
	       coalesce(kms_key, 'alias/aws/secretsmanager')
	  FROM aws_secret
	 UNION ALL
	SELECT scope, 'variables of Lambda functions', key, outcome,
	       iif(kms_key IS NULL, 'keys of the service', 'key of KMS'), kms_key
	  FROM aws_lambda_function WHERE env_names <> '[]' OR outcome <> 'observed'
	 UNION ALL
	SELECT scope, 'files of trails', key, outcome,
	       iif(kms_key IS NULL, 'keys of S3', 'key of KMS'), kms_key
	  FROM aws_trail WHERE outcome <> 'absent'
	 UNION ALL
	SELECT scope, 'EBS volumes', key, outcome, CASE encrypted
	       WHEN 1 THEN 'key of KMS' WHEN 0 THEN 'not encrypted' END, kms_key
	  FROM aws_volume
	 UNION ALL
	SELECT scope, 'new EBS volumes', key, outcome, CASE encrypted
	       WHEN 1 THEN 'key of KMS' WHEN 0 THEN 'not encrypted unless asked for' END, kms_key
	  FROM aws_ebs_default
	 UNION ALL -- from 1.28 on EKS encrypts every Secret with a key it owns
	SELECT scope, 'Secrets of EKS clusters', key, outcome, CASE
	       WHEN secrets_key IS NOT NULL THEN 'key of KMS'
	       WHEN version IS NULL OR version NOT GLOB '1.[0-9]*' THEN NULL
	       WHEN CAST(substr(version, 3) AS INTEGER) >= 28 THEN 'keys of the service'
	       ELSE 'not encrypted' END, secrets_key
	  FROM aws_eks_cluster
	 UNION ALL
	SELECT i.scope, 'disks of images', i.key || ' ' || coalesce(v.value ->> '$.device', '?'),
	       i.outcome, CASE v.value ->> '$.encrypted' WHEN 1 THEN 'key of KMS'
	       WHEN 0 THEN 'not encrypted' END, v.value ->> '$.kms_key'
	  FROM aws_image i JOIN json_each(i.volumes) v WHERE i.outcome = 'observed'
	 UNION ALL
	SELECT t.scope, 'disks of launch templates', t.key || ' ' || coalesce(v.value ->> '$.device', '?'),
	       t.outcome, CASE v.value ->> '$.encrypted' WHEN 1 THEN 'key of KMS'
	       WHEN 0 THEN 'not encrypted' ELSE 'as the region does by default' END,
	       v.value ->> '$.kms_key'
	  FROM aws_launch_template t JOIN json_each(t.volumes) v WHERE t.outcome = 'observed'),
name AS MATERIALIZED (
	SELECT key AS name, scope, manager FROM aws_kms_key WHERE outcome = 'observed'
	 UNION SELECT arn, NULL, manager FROM aws_kms_key
	        WHERE outcome = 'observed' AND arn IS NOT NULL
	 UNION SELECT a.value, k.scope, k.manager FROM aws_kms_key k JOIN json_each(k.aliases) a
	        WHERE k.outcome = 'observed'),
resource AS MATERIALIZED (
	SELECT k.scope, k.service, k.key, k.outcome,
	       iif(k.outcome = 'observed', k.how, NULL) AS how, k.kms_key,
	       CASE WHEN k.kms_key LIKE '%alias/aws/%' THEN 'AWS'
	            ELSE (SELECT min(n.manager) FROM name n WHERE n.name = k.kms_key
	                     AND (n.scope IS NULL OR n.scope = k.scope)) END AS manager
	  FROM kept k)
