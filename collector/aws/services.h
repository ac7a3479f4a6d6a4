/* Services that several tables of calls ask, and calls that others follow. */
#ifndef COLLECTOR_AWS_SERVICES_H
#define COLLECTOR_AWS_SERVICES_H

#include "collector/aws_client/aws_call.h"

extern const struct aws_service aws_autoscaling, aws_ec2, aws_eks, aws_iam,
    aws_ssm;

extern const struct aws_call aws_describe_nodegroup; /* calls_eks.c */

#endif
