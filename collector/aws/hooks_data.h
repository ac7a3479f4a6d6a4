/* Hooks of the calls for data services, load balancers and CloudTrail: what
 * of an item is not just a path. See aws_call.h. */
#ifndef COLLECTOR_AWS_HOOKS_DATA_H
#define COLLECTOR_AWS_HOOKS_DATA_H

#include "collector/aws_client/aws_call.h"

/* hooks_data.c */
void aws_fill_acm_certificate(const struct aws_item *i, struct attrs *a);
void aws_fill_efs_file_system(const struct aws_item *i, struct attrs *a);
void aws_fill_elasticache_cluster(const struct aws_item *i, struct attrs *a);
void aws_fill_elasticache_group(const struct aws_item *i, struct attrs *a);
void aws_fill_kms_key(const struct aws_item *i, struct attrs *a);
void aws_fill_lambda_function(const struct aws_item *i, struct attrs *a);
void aws_fill_rds_cluster_parameters(const struct aws_item *i, struct attrs *a);
void aws_fill_rds_parameters(const struct aws_item *i, struct attrs *a);
void aws_fill_s3_bucket(const struct aws_item *i, struct attrs *a);
void aws_fill_secret(const struct aws_item *i, struct attrs *a);
void aws_fill_sns_topic(const struct aws_item *i, struct attrs *a);
void aws_fill_sqs_queue(const struct aws_item *i, struct attrs *a);
bool aws_has_no_replication_group(const struct aws_item *i);
bool aws_is_tls_parameter(const struct aws_item *i);

/* hooks_edge.c */
void aws_fill_classic_balancer(const struct aws_item *i, struct attrs *a);
void aws_fill_classic_listener(const struct aws_item *i, struct attrs *a);
void aws_fill_guardduty_detector(const struct aws_item *i, struct attrs *a);
void aws_fill_listener(const struct aws_item *i, struct attrs *a);
void aws_fill_trail(const struct aws_item *i, struct attrs *a);
bool aws_has_port(const struct aws_item *i);
bool aws_is_home_trail(const struct aws_item *i);

/* hooks_use.c: CloudTrail's event history */
#define USE_HOURS 24 /* looked back */
#define USE_PAGES 40 /* of 50 events in one region */
void aws_use_prepare(const struct aws_item *parent, const char *now,
    json_t *input, struct attrs *a);
void aws_use_fold(const struct aws_item *i, json_t *state, struct attrs *a);
void aws_use_window(
    const json_t *state, bool cut, const char *now, struct attrs *a);

/*
 * The day of a time as AWS gives it, seconds since 1970 (a number) or ISO
 * 8601 text, or null.
 */
void put_day(struct attrs *a, const char *column, const json_t *v);

#endif
