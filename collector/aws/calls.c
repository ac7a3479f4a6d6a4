/* Every call there is, by area. */
#include "collector/aws/calls.h"

const struct aws_call *const *const aws_calls[] = {
	aws_eks_calls, /* before those that follow node groups */
	aws_fleet_calls,
	aws_iam_calls,
	aws_network_calls,
	aws_calls_data,
	aws_calls_edge,
	aws_org_calls,
	NULL,
};
