/* Who we are, and names of calls. */
#include <stdio.h>

#include "collector/aws/aws_kinds.h"
#include "collector/aws/calls.h"

static const struct aws_service sts = {
	.name = "sts",
	.protocol = AWS_QUERY,
	.version = "2011-06-15",
	.xmlns = "https://sts.amazonaws.com/doc/2011-06-15/",
};

const struct aws_call aws_get_caller_identity = {
	.kind = &aws_identity_kind,
	.service = &sts,
	.operation = "GetCallerIdentity",
	.key = ".Account",
	.must = ".Account=account .Arn=arn .UserId=name",
};

void
aws_call_action(const struct aws_call *c, char out[AWS_ACTION_MAX])
{
	const struct aws_service *s = c->service;
	const char *prefix = s->iam != NULL	  ? s->iam
			     : s->signing != NULL ? s->signing
						  : s->name;

	if (c->action != NULL)
		(void)snprintf(out, AWS_ACTION_MAX, "%s", c->action);
	else
		(void)snprintf(
		    out, AWS_ACTION_MAX, "%s:%s", prefix, c->operation);
}
