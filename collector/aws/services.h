/* Services that several tables of calls ask, and calls that others follow. */
#ifndef AWS_SERVICES_H
#define AWS_SERVICES_H

#include "aws_call.h"

extern const struct aws_service aws_autoscaling, aws_ec2, aws_eks, aws_iam,
    aws_ssm;

extern const struct aws_call aws_describe_nodegroup; /* calls_eks.c */

#endif
