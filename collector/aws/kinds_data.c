/*
 * What exhibit keeps of the services that hold data and keys. Only these
 * columns ever enter a store: of a secret its name and its key, of a function
 * the names of its variables, of a policy whether it asks for TLS.
 */
#include "collector/aws/kinds_data.h"

#include "collector/kit/columns.h"

static const struct column kms_key_columns[] = {
	{ "aliases", J, "ListAliases", "its names, sorted" },
	{ "arn", T, ".KeyArn", "ARN" },
	{ "custom_key_store", T, ".Key.CustomKeyStoreId",
	    "key store outside of KMS that holds it" },
	{ "deletion_date", T, "DescribeKey DeletionDate",
	    "day it will be deleted" },
	{ "manager", T, ".Key.KeyManager", "AWS or CUSTOMER" },
	{ "multi_region", B, ".Key.MultiRegion", "has replicas, or is one" },
	{ "origin", T, ".Key.Origin",
	    "where its material was made: AWS_KMS, EXTERNAL, AWS_CLOUDHSM or "
	    "EXTERNAL_KEY_STORE" },
	{ "policy", J, "GetKeyPolicy",
	    "statements of its policy: who may use and administer it; null: "
	    "it could not be read" },
	{ "rotation_days", I, ".Rotation.RotationPeriodInDays",
	    "days between rotations" },
	{ "rotation_enabled", B, ".Rotation.KeyRotationEnabled",
	    "KMS rotates it by itself" },
	{ "spec", T, ".Key.KeySpec",
	    "kind of key: SYMMETRIC_DEFAULT, RSA_2048" },
	{ "state", T, ".Key.KeyState",
	    "Enabled, Disabled, PendingDeletion ..." },
	UNREAD,
	{ "usage", T, ".Key.KeyUsage",
	    "ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC or "
	    "KEY_AGREEMENT" },
	END,
};
const struct kind aws_kms_key_kind = { "aws.kms_key", "a key of AWS KMS",
	"key id",
	"kms:ListKeys, kms:DescribeKey, kms:ListAliases, kms:GetKeyPolicy, "
	"kms:GetKeyRotationStatus",
	kms_key_columns };

static const struct column s3_bucket_columns[] = {
	{ "block_public_acls", B, ".PublicAccessBlock.BlockPublicAcls",
	    "new public ACLs are refused" },
	{ "block_public_policy", B, ".PublicAccessBlock.BlockPublicPolicy",
	    "new public policies are refused" },
	{ "bucket_key", B, "GetBucketEncryption BucketKeyEnabled",
	    "a key of the bucket stands between KMS and its objects" },
	{ "encryption", T, "GetBucketEncryption SSEAlgorithm",
	    "default of new objects: AES256, aws:kms, aws:kms:dsse; none: "
	    "there is no default" },
	{ "ignore_public_acls", B, ".PublicAccessBlock.IgnorePublicAcls",
	    "public ACLs count for nothing" },
	{ "kms_key", T, "GetBucketEncryption KMSMasterKeyID",
	    "key of aws:kms; null: the account's aws/s3" },
	{ "policy_public", B, "GetBucketPolicyStatus IsPublic",
	    "S3 calls its policy public; null: it has none" },
	{ "public_access_block", T, "GetPublicAccessBlock",
	    "set, or none: the bucket has no block of its own" },
	{ "region", T, ".BucketRegion", "region it is in" },
	{ "restrict_public_buckets", B,
	    ".PublicAccessBlock.RestrictPublicBuckets",
	    "a public policy lets in only the account and AWS services" },
	{ "tls_only", T, "the policy",
	    "its policy refuses what does not come by TLS: yes, partly, no" },
	UNREAD,
	END,
};
const struct kind aws_s3_bucket_kind = { "aws.s3_bucket", "a bucket of S3",
	"bucket name",
	"s3:ListAllMyBuckets, s3:GetEncryptionConfiguration, "
	"s3:GetBucketPublicAccessBlock, s3:GetBucketPolicy, "
	"s3:GetBucketPolicyStatus",
	s3_bucket_columns };

static const struct column rds_instance_columns[] = {
	{ "ca_certificate", T, ".CACertificateIdentifier",
	    "CA of its server certificate" },
	{ "cluster", T, ".DBClusterIdentifier", "cluster it belongs to" },
	{ "endpoint", T, ".Endpoint.Address", "host name" },
	{ "engine", T, ".Engine", "postgres, mysql, oracle-se2 ..." },
	{ "engine_version", T, ".EngineVersion", "version of the engine" },
	{ "kms_key", T, ".KmsKeyId", "key of its storage" },
	{ "parameter_groups", J, ".DBParameterGroups[].DBParameterGroupName",
	    "names of its parameter groups" },
	{ "port", I, ".Endpoint.Port", "port" },
	{ "public", B, ".PubliclyAccessible",
	    "its name resolves to a public address" },
	{ "storage_encrypted", B, ".StorageEncrypted",
	    "storage, snapshots and replicas are encrypted" },
	END,
};
const struct kind aws_rds_instance_kind = { "aws.rds_instance",
	"a database instance of RDS", "instance identifier",
	"rds:DescribeDBInstances", rds_instance_columns };

static const struct column rds_cluster_columns[] = {
	{ "engine", T, ".Engine", "aurora-postgresql, aurora-mysql ..." },
	{ "engine_version", T, ".EngineVersion", "version of the engine" },
	{ "kms_key", T, ".KmsKeyId", "key of its storage" },
	{ "parameter_group", T, ".DBClusterParameterGroup",
	    "its cluster parameter group" },
	{ "storage_encrypted", B, ".StorageEncrypted",
	    "the cluster's storage is encrypted" },
	END,
};
const struct kind aws_rds_cluster_kind = { "aws.rds_cluster",
	"a database cluster of RDS: Aurora, or several instances",
	"cluster identifier", "rds:DescribeDBClusters", rds_cluster_columns };

static const struct column rds_parameter_group_columns[] = {
	{ "family", T, ".DBParameterGroupFamily", "postgres16, mysql8.0 ..." },
	{ "force_ssl", T, "DescribeDBParameters rds.force_ssl",
	    "1: PostgreSQL and SQL Server refuse what is not TLS" },
	{ "level", T, "the call", "cluster or instance" },
	{ "neptune_enforce_ssl", T, "DescribeDBClusterParameters",
	    "1: Neptune refuses what is not TLS" },
	{ "require_secure_transport", T,
	    "DescribeDBParameters require_secure_transport",
	    "1 or ON: MySQL and MariaDB refuse what is not TLS" },
	{ "tls", T, "DescribeDBClusterParameters",
	    "of DocumentDB: disabled, enabled, fips-140-3, tls1.2+, tls1.3+" },
	{ "tls_version", T,
	    "DescribeDBParameters tls_version, ssl_min_protocol_version",
	    "versions of TLS that are accepted, or the lowest" },
	UNREAD,
	END,
};
const struct kind aws_rds_parameter_group_kind = { "aws.rds_parameter_group",
	"a parameter group of RDS, of its parameters those that speak of TLS",
	"instance/NAME, cluster/NAME",
	"rds:DescribeDBParameterGroups, rds:DescribeDBParameters, "
	"rds:DescribeDBClusterParameterGroups, "
	"rds:DescribeDBClusterParameters",
	rds_parameter_group_columns };

static const struct column efs_file_system_columns[] = {
	{ "arn", T, ".FileSystemArn", "ARN" },
	{ "encrypted", B, ".Encrypted", "encrypted at rest" },
	{ "kms_key", T, ".KmsKeyId", "key of its data" },
	{ "tls_only", T, "the policy",
	    "its policy refuses what does not come by TLS: yes, partly, no" },
	UNREAD,
	END,
};
const struct kind aws_efs_file_system_kind = { "aws.efs_file_system",
	"a file system of EFS", "file system id",
	"elasticfilesystem:DescribeFileSystems, "
	"elasticfilesystem:DescribeFileSystemPolicy",
	efs_file_system_columns };

static const struct column elasticache_group_columns[] = {
	{ "at_rest", B, ".AtRestEncryptionEnabled", "encrypted at rest" },
	{ "auth_token", B, ".AuthTokenEnabled", "clients give a token" },
	{ "engine", T, ".Engine", "redis, valkey or memcached" },
	{ "form", T, "the call", "group, or cluster: one without a group" },
	{ "kms_key", T, ".KmsKeyId", "key of its data" },
	{ "transit", B, ".TransitEncryptionEnabled", "TLS is on" },
	{ "transit_mode", T, ".TransitEncryptionMode",
	    "required, or preferred: plain connections are taken too" },
	END,
};
const struct kind aws_elasticache_group_kind = { "aws.elasticache_group",
	"a replication group of ElastiCache, or a cluster without one",
	"group/ID, cluster/ID",
	"elasticache:DescribeReplicationGroups, "
	"elasticache:DescribeCacheClusters",
	elasticache_group_columns };

static const struct column dynamodb_table_columns[] = {
	{ "kms_key", T, ".SSEDescription.KMSMasterKeyArn",
	    "key of its data; null: one that DynamoDB owns" },
	{ "sse_status", T, ".SSEDescription.Status",
	    "ENABLED, UPDATING ...; null: the default, a key of DynamoDB" },
	{ "sse_type", T, ".SSEDescription.SSEType", "KMS or AES256" },
	{ "status", T, ".TableStatus",
	    "ACTIVE, INACCESSIBLE_ENCRYPTION_CREDENTIALS ..." },
	END,
};
const struct kind aws_dynamodb_table_kind = { "aws.dynamodb_table",
	"a table of DynamoDB", "table name",
	"dynamodb:ListTables, dynamodb:DescribeTable", dynamodb_table_columns };

static const struct column sqs_queue_columns[] = {
	{ "kms_key", T, "the attribute KmsMasterKeyId", "key of its messages" },
	{ "sqs_managed", B, "the attribute SqsManagedSseEnabled",
	    "encrypted with keys of SQS" },
	{ "tls_only", T, "the policy",
	    "its policy refuses what does not come by TLS: yes, partly, no" },
	UNREAD,
	END,
};
const struct kind aws_sqs_queue_kind = { "aws.sqs_queue", "a queue of SQS",
	"queue ARN", "sqs:ListQueues, sqs:GetQueueAttributes",
	sqs_queue_columns };

static const struct column sns_topic_columns[] = {
	{ "kms_key", T, "the attribute KmsMasterKeyId", "key of its messages" },
	{ "tls_only", T, "the policy",
	    "its policy refuses what does not come by TLS: yes, partly, no" },
	UNREAD,
	END,
};
const struct kind aws_sns_topic_kind = { "aws.sns_topic", "a topic of SNS",
	"topic ARN", "sns:ListTopics, sns:GetTopicAttributes",
	sns_topic_columns };

static const struct column ecr_repository_columns[] = {
	{ "encryption", T, ".encryptionConfiguration.encryptionType",
	    "AES256, KMS or KMS_DSSE" },
	{ "kms_key", T, ".encryptionConfiguration.kmsKey",
	    "key of its images" },
	{ "scan_on_push", B, ".imageScanningConfiguration.scanOnPush",
	    "images are scanned as they come" },
	{ "tag_mutability", T, ".imageTagMutability",
	    "IMMUTABLE: a tag stays with its image" },
	{ "uri", T, ".repositoryUri", "where images are pulled from" },
	END,
};
const struct kind aws_ecr_repository_kind = { "aws.ecr_repository",
	"a repository of ECR", "repository name", "ecr:DescribeRepositories",
	ecr_repository_columns };

static const struct column log_group_columns[] = {
	{ "class", T, ".logGroupClass", "STANDARD, INFREQUENT_ACCESS ..." },
	{ "kms_key", T, ".kmsKeyId",
	    "key of its events; null: one of CloudWatch Logs" },
	{ "retention_days", I, ".retentionInDays",
	    "days events are kept; null: for ever" },
	END,
};
const struct kind aws_log_group_kind = { "aws.log_group",
	"a log group of CloudWatch Logs", "group name",
	"logs:DescribeLogGroups", log_group_columns };

static const struct column secret_columns[] = {
	{ "deleted", B, "ListSecrets DeletedDate",
	    "it is marked for deletion" },
	{ "kms_key", T, ".KmsKeyId",
	    "key of its value; null: the account's aws/secretsmanager" },
	{ "owning_service", T, ".OwningService",
	    "service of AWS that manages it" },
	{ "rotation_days", I, ".RotationRules.AutomaticallyAfterDays",
	    "days between rotations" },
	{ "rotation_enabled", B, ".RotationEnabled",
	    "it is rotated by itself; null: it never was" },
	END,
};
const struct kind aws_secret_kind = { "aws.secret",
	"a secret of Secrets Manager: what is said about it, never its value",
	"secret name", "secretsmanager:ListSecrets", secret_columns };

static const struct column lambda_function_columns[] = {
	{ "architectures", J, ".Architectures[]", "x86_64 or arm64" },
	{ "env", J, "ListFunctions Environment.Variables",
	    "variables that bear on FIPS, by the list kube.workload has: of "
	    "a URL its host" },
	{ "env_error", T, ".Environment.Error.ErrorCode",
	    "why its variables could not be read" },
	{ "env_names", J, "ListFunctions Environment.Variables",
	    "names of all its variables, sorted" },
	{ "kms_key", T, ".KMSKeyArn",
	    "key of its variables; null: one of Lambda" },
	{ "package", T, ".PackageType", "Zip or Image" },
	{ "runtime", T, ".Runtime", "python3.12, java21 ..." },
	END,
};
const struct kind aws_lambda_function_kind = { "aws.lambda_function",
	"a function of Lambda", "function name", "lambda:ListFunctions",
	lambda_function_columns };

static const struct column acm_certificate_columns[] = {
	{ "domain", T, ".DomainName", "name it is for" },
	{ "in_use", B, "ListCertificates InUse", "a service uses it" },
	{ "key_algorithm", T, "ListCertificates KeyAlgorithm",
	    "RSA_2048, EC_prime256v1 ..." },
	{ "not_after", T, "ListCertificates NotAfter", "day it ends" },
	{ "renewal", T, "ListCertificates RenewalEligibility",
	    "ELIGIBLE: ACM renews it; INELIGIBLE: somebody must" },
	{ "signature_algorithm", T, ".Detail.SignatureAlgorithm",
	    "SHA256WITHRSA ..." },
	{ "status", T, "ListCertificates Status",
	    "ISSUED, EXPIRED, PENDING_VALIDATION ..." },
	{ "type", T, "ListCertificates Type",
	    "AMAZON_ISSUED, IMPORTED or PRIVATE" },
	UNREAD,
	END,
};
const struct kind aws_acm_certificate_kind = { "aws.acm_certificate",
	"a certificate of ACM", "certificate ARN",
	"acm:ListCertificates, acm:DescribeCertificate",
	acm_certificate_columns };
