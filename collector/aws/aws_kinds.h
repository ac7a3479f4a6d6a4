/* The kinds of the AWS collector; kinds_*.c declare their columns. */
#ifndef COLLECTOR_AWS_AWS_KINDS_H
#define COLLECTOR_AWS_AWS_KINDS_H

#include "base/observation.h"

extern const struct kind aws_account_kind, aws_ami_parameter_kind,
    aws_autoscaling_group_kind, aws_call_kind, aws_ebs_default_kind,
    aws_eks_access_entry_kind, aws_eks_addon_kind, aws_eks_cluster_kind,
    aws_eks_nodegroup_kind, aws_eks_pod_identity_kind, aws_flow_log_kind,
    aws_iam_group_kind, aws_iam_policy_kind, aws_iam_role_kind,
    aws_iam_user_kind, aws_identity_kind, aws_image_kind, aws_instance_kind,
    aws_instance_type_kind, aws_launch_template_kind, aws_route_table_kind,
    aws_organizational_unit_kind, aws_region_kind, aws_scope_kind,
    aws_subnet_kind, aws_volume_kind, aws_vpc_endpoint_kind;

/* clang-format off */
#define AWS_KINDS                                                              \
	&aws_account_kind,                                                     \
	&aws_ami_parameter_kind,                                               \
	&aws_autoscaling_group_kind,                                           \
	&aws_call_kind,                                                        \
	&aws_ebs_default_kind,                                                 \
	&aws_eks_access_entry_kind,                                            \
	&aws_eks_addon_kind,                                                   \
	&aws_eks_cluster_kind,                                                 \
	&aws_eks_nodegroup_kind,                                               \
	&aws_eks_pod_identity_kind,                                            \
	&aws_flow_log_kind,                                                    \
	&aws_iam_group_kind,                                                   \
	&aws_iam_policy_kind,                                                  \
	&aws_iam_role_kind,                                                    \
	&aws_iam_user_kind,                                                    \
	&aws_identity_kind,                                                    \
	&aws_image_kind,                                                       \
	&aws_instance_kind,                                                    \
	&aws_instance_type_kind,                                               \
	&aws_launch_template_kind,                                             \
	&aws_organizational_unit_kind,                                         \
	&aws_region_kind,                                                      \
	&aws_route_table_kind,                                                 \
	&aws_scope_kind,                                                       \
	&aws_subnet_kind,                                                      \
	&aws_volume_kind,                                                      \
	&aws_vpc_endpoint_kind
/* clang-format on */

/* these and those of kinds_data.h, then NULL; for the collector */
extern const struct kind *const aws_kinds[];

#endif
