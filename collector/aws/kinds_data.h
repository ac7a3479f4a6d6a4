/* The kinds of data services, of load balancers and of what AWS recorded;
 * kinds_data.c and kinds_edge.c declare their columns. */
#ifndef COLLECTOR_AWS_KINDS_DATA_H
#define COLLECTOR_AWS_KINDS_DATA_H

#include "base/observation.h"

extern const struct kind aws_acm_certificate_kind, aws_api_use_kind,
    aws_api_window_kind, aws_dynamodb_table_kind, aws_ecr_repository_kind,
    aws_efs_file_system_kind, aws_elasticache_group_kind,
    aws_guardduty_detector_kind, aws_kms_key_kind, aws_lambda_function_kind,
    aws_listener_kind, aws_load_balancer_kind, aws_log_group_kind,
    aws_rds_cluster_kind, aws_rds_instance_kind, aws_rds_parameter_group_kind,
    aws_s3_bucket_kind, aws_secret_kind, aws_sns_topic_kind, aws_sqs_queue_kind,
    aws_ssl_policy_kind, aws_trail_kind;

/* by name; for the table of all kinds and the collector's own */
#define AWS_DATA_KINDS                                                         \
	&aws_acm_certificate_kind, &aws_api_use_kind, &aws_api_window_kind,    \
	    &aws_dynamodb_table_kind, &aws_ecr_repository_kind,                \
	    &aws_efs_file_system_kind, &aws_elasticache_group_kind,            \
	    &aws_guardduty_detector_kind, &aws_kms_key_kind,                   \
	    &aws_lambda_function_kind, &aws_listener_kind,                     \
	    &aws_load_balancer_kind, &aws_log_group_kind,                      \
	    &aws_rds_cluster_kind, &aws_rds_instance_kind,                     \
	    &aws_rds_parameter_group_kind, &aws_s3_bucket_kind,                \
	    &aws_secret_kind, &aws_sns_topic_kind, &aws_sqs_queue_kind,        \
	    &aws_ssl_policy_kind, &aws_trail_kind

/* The column of kinds that are put together of parts; see columns.h. */
#define UNREAD                                                                 \
	{                                                                      \
		"unread", J, "the calls of its parts",                         \
		    "parts that could not be read, each with its outcome and " \
		    "error"                                                    \
	}

#endif
