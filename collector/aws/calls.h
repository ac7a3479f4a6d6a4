/* Tables of calls, one an area: calls_*.c. */
#ifndef COLLECTOR_AWS_CALLS_H
#define COLLECTOR_AWS_CALLS_H

#include "collector/aws_client/aws_call.h"

/* Each ends with NULL; add a table here and in calls.c. */

extern const struct aws_call *const aws_calls_data[];
extern const struct aws_call *const aws_calls_edge[];
extern const struct aws_call *const aws_org_calls[];

extern const struct aws_call *const aws_eks_calls[],
    *const aws_fleet_calls[], *const aws_iam_calls[],
				  *const aws_network_calls[];

/* sts:GetCallerIdentity, which the collector asks before all others. */
extern const struct aws_call aws_get_caller_identity;

/* Tables within a declaration, ended as they must be. */
#define INPUT(...)                                                             \
	(const struct aws_input[])                                             \
	{                                                                      \
		__VA_ARGS__,                                                   \
		{                                                              \
			0                                                      \
		}                                                              \
	}
#define GATHER(...)                                                            \
	(const struct aws_gather[])                                            \
	{                                                                      \
		__VA_ARGS__,                                                   \
		{                                                              \
			0                                                      \
		}                                                              \
	}

#endif
