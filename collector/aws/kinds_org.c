/* The accounts of an organization, and the regions of an account. */
#include "collector/aws/aws_kinds.h"

#include "collector/kit/columns.h"

static const struct column account_columns[] = {
	{ "arn", T, ".Arn", "ARN" },
	{ "name", T, ".Name", "what the account is called" },
	{ "paths", J, ".Paths",
	    "ids of the organization, root and organizational units it is in" },
	{ "state", T, ".State, else .Status",
	    "ACTIVE, SUSPENDED, PENDING_ACTIVATION, PENDING_CLOSURE or CLOSED; "
	    "closed and suspended ones are not asked" },
	END,
};
const struct kind aws_account_kind = { "aws.account",
	"an account of the organization", "account number",
	"organizations:ListAccounts", account_columns };

static const struct column organizational_unit_columns[] = {
	{ "arn", T, ".Arn", "ARN" },
	{ "name", T, ".Name", "what the unit is called" },
	{ "path", T, ".Path", "ids on the way to it" },
	END,
};
const struct kind aws_organizational_unit_kind = { "aws.organizational_unit",
	"an organizational unit", "its id",
	"organizations:DescribeOrganizationalUnit",
	organizational_unit_columns };

static const struct column region_columns[] = {
	{ "status", T, ".optInStatus",
	    "opt-in-not-required and opted-in: enabled in the account; "
	    "not-opted-in: not, and not asked" },
	END,
};
const struct kind aws_region_kind = { "aws.region",
	"a region, and whether the account has it enabled",
	"name of the region", "ec2:DescribeRegions", region_columns };
