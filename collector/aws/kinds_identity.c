/* Who asked, and how each question to AWS went. */
#include "collector/aws/aws_kinds.h"

#include "collector/kit/columns.h"

static const struct column call_columns[] = {
	{ "endpoint", T, "aws-endpoints.tsv, --endpoint-url",
	    "listed: a host listed as FIPS; regular: no FIPS host is listed "
	    "for the region; given: by --endpoint-url" },
	{ "error", T, "the answer",
	    "error code, or why none came; null: "
	    "answered" },
	{ "fips", B, "aws-endpoints.tsv",
	    "the host is listed as a FIPS endpoint" },
	{ "host", T, "the request", "host that was asked" },
	{ "operation", T, "calls_*.c", "API operation" },
	{ "permission", T, "calls_*.c", "IAM action that allows it" },
	{ "requested_again", B, "the run",
	    "a list that had entries in the run before was empty, and was "
	    "empty again when requested a second time" },
	{ "result", T, "the answer",
	    "answered, denied, unreachable or error: the worst of its "
	    "requests" },
	{ "service", T, "calls_*.c",
	    "service, as the endpoint table calls it" },
	END,
};
const struct kind aws_call_kind = { "aws.call",
	"an API operation that was asked, of which host, and how it went",
	"SERVICE:OPERATION", "none of its own", call_columns };

static const struct column scope_columns[] = {
	{ "account", T, "the request", "account number" },
	{ "region", T, "the request",
	    "region; global: services with one host for the account" },
	END,
};
const struct kind aws_scope_kind = { "aws.scope",
	"an account and region that was requested, and whether it answered",
	"ACCOUNT/REGION; account 'unknown': it would not say who it is",
	"none of its own", scope_columns };

static const struct column identity_columns[] = {
	{ "account", T, ".Account", "account number" },
	{ "arn", T, ".Arn", "who asked" },
	{ "partition", T, "the region's name", "aws, aws-us-gov, aws-cn ..." },
	{ "source", T, "the user's configuration",
	    "where the credentials came from; never what they are" },
	END,
};
const struct kind aws_identity_kind = { "aws.identity",
	"the account that was asked, and as whom", "account number",
	"sts:GetCallerIdentity (nobody can be denied it)", identity_columns };
