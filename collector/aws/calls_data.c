/*
 * Keys and the services that hold data: KMS, S3, RDS, EFS, ElastiCache,
 * DynamoDB, SQS, SNS, ECR, CloudWatch Logs, Secrets Manager, Lambda. Each
 * call follows the API reference of its service.
 */
#include "collector/aws/calls.h"
#include "collector/aws/hooks_data.h"
#include "collector/aws/kinds_data.h"

/* ---- KMS ---- */

static const struct aws_service kms = { .name = "kms",
	.protocol = AWS_JSON,
	.version = "1.1",
	.target = "TrentService" };

static const struct aws_call list_keys = {
	.kind = &aws_kms_key_kind,
	.service = &kms,
	.operation = "ListKeys",
	.items = ".Keys[]",
	.pager = { ".NextMarker", "Marker", "Limit", 1000, ".Truncated", 0 },
	.key = ".KeyId",
	.fill = aws_fill_kms_key,
	.must = ".KeyId=name .KeyArn=arn",
	.answer = ".Truncated=flag",
};
static const struct aws_call describe_key = {
	.service = &kms,
	.operation = "DescribeKey",
	.input = INPUT({ "KeyId", ".KeyId", NULL }),
	.items = ".KeyMetadata",
	.each = &list_keys,
	.into = "Key",
	.must = ".KeyId=name .Arn=arn .KeyManager=text .KeySpec=text "
		".KeyState=text .KeyUsage=text? .Origin=text",
};
/* Every key has one policy, and that is its name. */
static const struct aws_call get_key_policy = {
	.service = &kms,
	.operation = "GetKeyPolicy",
	.input = INPUT(
	    { "KeyId", ".KeyId", NULL }, { "PolicyName", NULL, "\"default\"" }),
	.each = &list_keys,
	.into = "Policy",
	.must = ".Policy=text .PolicyName=text?",
};
/* Refused of keys that no rotation is for: asymmetric, HMAC, imported. */
static const struct aws_call get_key_rotation_status = {
	.service = &kms,
	.operation = "GetKeyRotationStatus",
	.input = INPUT({ "KeyId", ".KeyId", NULL }),
	.each = &list_keys,
	.into = "Rotation",
	.absent = "UnsupportedOperationException KMSInvalidStateException",
	.must = ".KeyRotationEnabled=flag",
};
static const struct aws_call list_aliases = {
	.service = &kms,
	.operation = "ListAliases",
	.input = INPUT({ "KeyId", ".KeyId", NULL }),
	.items = ".Aliases[].AliasName",
	.pager = { ".NextMarker", "Marker", "Limit", 100, ".Truncated", 0 },
	.each = &list_keys,
	.into = "Aliases",
	.must = ".=text",
	.answer = ".Truncated=flag",
};

/* ---- S3: one list for the account, each bucket asked in its region ---- */

static const struct aws_service s3 = {
	.name = "s3",
	.protocol = AWS_REST_XML,
	.global = true,
	.xmlns = "http://s3.amazonaws.com/doc/2006-03-01/",
};
static const struct aws_service s3_json = { /* a policy is JSON */
	.name = "s3",
	.protocol = AWS_REST_JSON,
	.global = true
};

static const struct aws_call list_buckets = {
	.kind = &aws_s3_bucket_kind,
	.service = &s3,
	.operation = "ListBuckets",
	.action = "s3:ListAllMyBuckets",
	.path = "/",
	.items = ".Buckets[]",
	.pager = { ".ContinuationToken", "continuation-token", "max-buckets",
	    1000, NULL, 0 },
	.key = ".Name",
	.fill = aws_fill_s3_bucket,
	.root = "ListAllMyBucketsResult",
	.entry = "Bucket",
	.must = ".Name=name .BucketRegion=name?",
};
static const struct aws_call get_bucket_encryption = {
	.service = &s3,
	.operation = "GetBucketEncryption",
	.action = "s3:GetEncryptionConfiguration",
	.path = "/{Name}?encryption",
	.input = INPUT({ "Name", ".Name", NULL }),
	.flat = "Rule",
	.each = &list_buckets,
	.into = "Encryption",
	.absent = "ServerSideEncryptionConfigurationNotFoundError",
	.region = ".BucketRegion",
	.root = "ServerSideEncryptionConfiguration",
	.must =
	    ".Rule[].ApplyServerSideEncryptionByDefault.SSEAlgorithm=text "
	    ".Rule[].ApplyServerSideEncryptionByDefault.KMSMasterKeyID=key?",
};
static const struct aws_call get_public_access_block = {
	.service = &s3,
	.operation = "GetPublicAccessBlock",
	.action = "s3:GetBucketPublicAccessBlock",
	.path = "/{Name}?publicAccessBlock",
	.input = INPUT({ "Name", ".Name", NULL }),
	.each = &list_buckets,
	.into = "PublicAccessBlock",
	.absent = "NoSuchPublicAccessBlockConfiguration",
	.region = ".BucketRegion",
	.root = "PublicAccessBlockConfiguration",
	.must = ".BlockPublicAcls=flag .BlockPublicPolicy=flag "
		".IgnorePublicAcls=flag .RestrictPublicBuckets=flag",
};
static const struct aws_call get_bucket_policy = {
	.service = &s3_json,
	.operation = "GetBucketPolicy",
	.path = "/{Name}?policy",
	.input = INPUT({ "Name", ".Name", NULL }),
	.each = &list_buckets,
	.into = "Policy",
	.absent = "NoSuchBucketPolicy",
	.region = ".BucketRegion",
	.must = ".Statement=any",
};
static const struct aws_call get_bucket_policy_status = {
	.service = &s3,
	.operation = "GetBucketPolicyStatus",
	.path = "/{Name}?policyStatus",
	.input = INPUT({ "Name", ".Name", NULL }),
	.each = &list_buckets,
	.into = "PolicyStatus",
	.absent = "NoSuchBucketPolicy",
	.region = ".BucketRegion",
	.root = "PolicyStatus",
	.must = ".IsPublic=flag?",
};

/* ---- RDS: parameter groups only where an instance or cluster has one ---- */

static const struct aws_service rds = {
	.name = "rds",
	.protocol = AWS_QUERY,
	.version = "2014-10-31",
	.xmlns = "http://rds.amazonaws.com/doc/2014-10-31/",
};

static const struct aws_call describe_db_instances = {
	.kind = &aws_rds_instance_kind,
	.service = &rds,
	.operation = "DescribeDBInstances",
	.items = ".DBInstances[]",
	.pager = { ".Marker", "Marker", "MaxRecords", 100, NULL, 0 },
	.key = ".DBInstanceIdentifier",
	.gathers = GATHER({ "db parameter group",
	    ".DBParameterGroups[].DBParameterGroupName" }),
	.entry = "DBInstance",
	.must = ".DBInstanceIdentifier=name .Engine=name .KmsKeyId=name? "
		".StorageEncrypted=flag .PubliclyAccessible=flag",
};
static const struct aws_call describe_db_parameter_groups = {
	.kind = &aws_rds_parameter_group_kind,
	.service = &rds,
	.operation = "DescribeDBParameterGroups",
	.input = INPUT({ "DBParameterGroupName", ".", NULL }),
	.items = ".DBParameterGroups[]",
	.key = "instance .DBParameterGroupName",
	.set = "db parameter group",
	.absent = "DBParameterGroupNotFound",
	.fill = aws_fill_rds_parameters,
	.entry = "DBParameterGroup",
	.must = ".DBParameterGroupName=text .DBParameterGroupFamily=text",
};
static const struct aws_call describe_db_parameters = {
	.service = &rds,
	.operation = "DescribeDBParameters",
	.input =
	    INPUT({ "DBParameterGroupName", ".DBParameterGroupName", NULL }),
	.items = ".Parameters[]",
	.pager = { ".Marker", "Marker", "MaxRecords", 100, NULL, 0 },
	.each = &describe_db_parameter_groups,
	.into = "Parameters",
	.wanted = aws_is_tls_parameter,
	.entry = "Parameter",
	.must = ".ParameterName=text",
};
static const struct aws_call describe_db_clusters = {
	.kind = &aws_rds_cluster_kind,
	.service = &rds,
	.operation = "DescribeDBClusters",
	.items = ".DBClusters[]",
	.pager = { ".Marker", "Marker", "MaxRecords", 100, NULL, 0 },
	.key = ".DBClusterIdentifier",
	.gathers = GATHER(
	    { "db cluster parameter group", ".DBClusterParameterGroup" }),
	.entry = "DBCluster",
	.must = ".DBClusterIdentifier=name .Engine=name .KmsKeyId=name? "
		".StorageEncrypted=flag",
};
static const struct aws_call describe_db_cluster_parameter_groups = {
	.kind = &aws_rds_parameter_group_kind,
	.service = &rds,
	.operation = "DescribeDBClusterParameterGroups",
	.input = INPUT({ "DBClusterParameterGroupName", ".", NULL }),
	.items = ".DBClusterParameterGroups[]",
	.key = "cluster .DBClusterParameterGroupName",
	.set = "db cluster parameter group",
	.absent = "DBParameterGroupNotFound DBClusterParameterGroupNotFound",
	.fill = aws_fill_rds_cluster_parameters,
	.entry = "DBClusterParameterGroup",
	.must = ".DBClusterParameterGroupName=text "
		".DBParameterGroupFamily=text",
};
static const struct aws_call describe_db_cluster_parameters = {
	.service = &rds,
	.operation = "DescribeDBClusterParameters",
	.input = INPUT({ "DBClusterParameterGroupName",
	    ".DBClusterParameterGroupName", NULL }),
	.items = ".Parameters[]",
	.pager = { ".Marker", "Marker", "MaxRecords", 100, NULL, 0 },
	.each = &describe_db_cluster_parameter_groups,
	.into = "Parameters",
	.wanted = aws_is_tls_parameter,
	.entry = "Parameter",
	.must = ".ParameterName=text",
};

/* ---- EFS, ElastiCache, DynamoDB ---- */

static const struct aws_service efs = { .name = "elasticfilesystem",
	.protocol = AWS_REST_JSON };

static const struct aws_call describe_file_systems = {
	.kind = &aws_efs_file_system_kind,
	.service = &efs,
	.operation = "DescribeFileSystems",
	.path = "/2015-02-01/file-systems",
	.items = ".FileSystems[]",
	.pager = { ".NextMarker", "Marker", "MaxItems", 100, NULL, 0 },
	.key = ".FileSystemId",
	.fill = aws_fill_efs_file_system,
	.must = ".FileSystemId=like:fs- .Encrypted=flag .KmsKeyId=key? "
		".FileSystemArn=arn?",
};
static const struct aws_call describe_file_system_policy = {
	.service = &efs,
	.operation = "DescribeFileSystemPolicy",
	.path = "/2015-02-01/file-systems/{FileSystemId}/policy",
	.input = INPUT({ "FileSystemId", ".FileSystemId", NULL }),
	.each = &describe_file_systems,
	.into = "Policy",
	.absent = "PolicyNotFound",
	.must = ".FileSystemId=text .Policy=text",
};

static const struct aws_service elasticache = {
	.name = "elasticache",
	.protocol = AWS_QUERY,
	.version = "2015-02-02",
	.xmlns = "http://elasticache.amazonaws.com/doc/2015-02-02/",
};

static const struct aws_call describe_replication_groups = {
	.kind = &aws_elasticache_group_kind,
	.service = &elasticache,
	.operation = "DescribeReplicationGroups",
	.items = ".ReplicationGroups[]",
	.pager = { ".Marker", "Marker", "MaxRecords", 100, NULL, 0 },
	.key = "group .ReplicationGroupId",
	.fill = aws_fill_elasticache_group,
	.entry = "ReplicationGroup",
	.must = ".ReplicationGroupId=name .KmsKeyId=key? "
		".TransitEncryptionEnabled=flag "
		".AtRestEncryptionEnabled=flag",
};
static const struct aws_call describe_cache_clusters = {
	.kind = &aws_elasticache_group_kind,
	.service = &elasticache,
	.operation = "DescribeCacheClusters",
	.items = ".CacheClusters[]",
	.pager = { ".Marker", "Marker", "MaxRecords", 100, NULL, 0 },
	.key = "cluster .CacheClusterId",
	.wanted = aws_has_no_replication_group,
	.fill = aws_fill_elasticache_cluster,
	.entry = "CacheCluster",
	.must = ".CacheClusterId=name .Engine=name",
};

static const struct aws_service dynamodb = { .name = "dynamodb",
	.protocol = AWS_JSON,
	.version = "1.0",
	.target = "DynamoDB_20120810" };

static const struct aws_call list_tables = {
	.service = &dynamodb,
	.operation = "ListTables",
	.items = ".TableNames[]",
	.pager = { ".LastEvaluatedTableName", "ExclusiveStartTableName",
	    "Limit", 100, NULL, 0 },
	.must = ".=name",
};
static const struct aws_call describe_table = {
	.kind = &aws_dynamodb_table_kind,
	.service = &dynamodb,
	.operation = "DescribeTable",
	.input = INPUT({ "TableName", ".", NULL }),
	.items = ".Table",
	.key = ".TableName",
	.each = &list_tables,
	.absent = "ResourceNotFoundException", /* gone since it was listed */
	.echo = ".TableName",
	.asked = ".",
	.must = ".TableName=name .TableStatus=name "
		".SSEDescription.KMSMasterKeyArn=key?",
};

/* ---- SQS, SNS ---- */

static const struct aws_service sqs = { .name = "sqs",
	.protocol = AWS_JSON,
	.version = "1.0",
	.target = "AmazonSQS" };

static const struct aws_call list_queues = {
	.service = &sqs,
	.operation = "ListQueues",
	.items = ".QueueUrls[]",
	.pager = { ".NextToken", "NextToken", "MaxResults", 1000, NULL, 0 },
	.must = ".=name",
	.omits = true,
};
static const struct aws_call get_queue_attributes = {
	.kind = &aws_sqs_queue_kind,
	.service = &sqs,
	.operation = "GetQueueAttributes",
	.input = INPUT({ "QueueUrl", ".", NULL },
	    { "AttributeNames", NULL,
		"[\"QueueArn\",\"KmsMasterKeyId\",\"SqsManagedSseEnabled\","
		"\"Policy\"]" }),
	.key = ".Attributes.QueueArn",
	.each = &list_queues,
	.fill = aws_fill_sqs_queue,
	.must = ".Attributes.QueueArn=arn .Attributes.KmsMasterKeyId=key?",
};

static const struct aws_service sns = {
	.name = "sns",
	.protocol = AWS_QUERY,
	.version = "2010-03-31",
	.xmlns = "http://sns.amazonaws.com/doc/2010-03-31/",
};

static const struct aws_call list_topics = {
	.kind = &aws_sns_topic_kind,
	.service = &sns,
	.operation = "ListTopics",
	.items = ".Topics[]",
	.pager = { ".NextToken", "NextToken", NULL, 0, NULL, 0 },
	.key = ".TopicArn",
	.fill = aws_fill_sns_topic,
	.must = ".TopicArn=arn",
};
static const struct aws_call get_topic_attributes = {
	.service = &sns,
	.operation = "GetTopicAttributes",
	.input = INPUT({ "TopicArn", ".TopicArn", NULL }),
	.flat = "entry",
	.each = &list_topics,
	.into = "Attributes",
	.must = ".Attributes.entry[].key=text "
		".Attributes.entry[].value=string",
};

/* ---- ECR, Logs, Secrets Manager, Lambda ---- */

static const struct aws_service ecr = { .name = "api.ecr",
	.signing = "ecr",
	.protocol = AWS_JSON,
	.version = "1.1",
	.target = "AmazonEC2ContainerRegistry_V20150921" };

static const struct aws_call describe_repositories = {
	.kind = &aws_ecr_repository_kind,
	.service = &ecr,
	.operation = "DescribeRepositories",
	.items = ".repositories[]",
	.pager = { ".nextToken", "nextToken", "maxResults", 1000, NULL, 0 },
	.key = ".repositoryName",
	.must = ".repositoryName=name .encryptionConfiguration.kmsKey=key?",
};

static const struct aws_service logs = { .name = "logs",
	.protocol = AWS_JSON,
	.version = "1.1",
	.target = "Logs_20140328" };

static const struct aws_call describe_log_groups = {
	.kind = &aws_log_group_kind,
	.service = &logs,
	.operation = "DescribeLogGroups",
	.items = ".logGroups[]",
	.pager = { ".nextToken", "nextToken", "limit", 50, NULL, 0 },
	.key = ".logGroupName",
	.must = ".logGroupName=name .kmsKeyId=key?",
};

static const struct aws_service secrets = { .name = "secretsmanager",
	.protocol = AWS_JSON,
	.version = "1.1",
	.target = "secretsmanager" };

static const struct aws_call list_secrets = {
	.kind = &aws_secret_kind,
	.service = &secrets,
	.operation = "ListSecrets",
	.input = INPUT({ "IncludePlannedDeletion", NULL, "true" }),
	.items = ".SecretList[]",
	.pager = { ".NextToken", "NextToken", "MaxResults", 100, NULL, 0 },
	.key = ".Name",
	.fill = aws_fill_secret,
	.must = ".Name=name .KmsKeyId=key?",
};

static const struct aws_service lambda = { .name = "lambda",
	.protocol = AWS_REST_JSON };

static const struct aws_call list_functions = {
	.kind = &aws_lambda_function_kind,
	.service = &lambda,
	.operation = "ListFunctions",
	.path = "/2015-03-31/functions/",
	.items = ".Functions[]",
	.pager = { ".NextMarker", "Marker", "MaxItems", 50, NULL, 0 },
	.key = ".FunctionName",
	.fill = aws_fill_lambda_function,
	.must = ".FunctionName=name .KMSKeyArn=key?",
};

const struct aws_call *const aws_calls_data[] = { &list_keys, &describe_key,
	&get_key_policy, &get_key_rotation_status, &list_aliases, &list_buckets,
	&get_bucket_encryption, &get_public_access_block, &get_bucket_policy,
	&get_bucket_policy_status, &describe_db_instances,
	&describe_db_parameter_groups, &describe_db_parameters,
	&describe_db_clusters, &describe_db_cluster_parameter_groups,
	&describe_db_cluster_parameters, &describe_file_systems,
	&describe_file_system_policy, &describe_replication_groups,
	&describe_cache_clusters, &list_tables, &describe_table, &list_queues,
	&get_queue_attributes, &list_topics, &get_topic_attributes,
	&describe_repositories, &describe_log_groups, &list_secrets,
	&list_functions, NULL };
