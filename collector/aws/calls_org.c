/*
 * The organization and the regions: which accounts and regions there are to ask
 * (AWS Organizations API reference, 2016-11-28; EC2, DescribeRegions). Each is
 * asked only with the option that needs it.
 */
#include <string.h>

#include "collector/aws/aws_kinds.h"
#include "collector/aws/calls.h"
#include "collector/aws/fill.h"
#include "collector/aws/services.h"

static const struct aws_service organizations = { .name = "organizations",
	.protocol = AWS_JSON,
	.version = "1.1",
	.target = "AWSOrganizationsV20161128",
	.global = true };

/* ---- accounts ---- */

/* Nobody can take a role in an account that is closed; any other state, and
 * none, is asked. Status is what State was called until September 2026. */
static bool
is_closed(const char *state)
{
	return state != NULL && (strcmp(state, "SUSPENDED") == 0 ||
				    strcmp(state, "PENDING_CLOSURE") == 0 ||
				    strcmp(state, "CLOSED") == 0);
}

/* "ou-..." of each path "o-.../r-.../ou-.../ou-.../" */
static int
gather_units(const struct aws_item *i, const char *path)
{
	while (path != NULL && *path != '\0') {
		size_t len = strcspn(path, "/");
		char id[128];

		(void)snprintf(id, sizeof(id), "%.*s", (int)len, path);
		if (strncmp(id, "ou-", 3) == 0 && len < sizeof(id) &&
		    aws_gather_id(i, "organizational unit", id) == -1)
			return -1;
		path += len + (path[len] == '/');
	}
	return 0;
}

static void
fill_account(const struct aws_item *i, struct attrs *a)
{
	const char *state = path_text(i->tree, ".State");
	const char *id = path_text(i->tree, ".Id");
	json_t *v;
	size_t n;

	if (state == NULL)
		state = path_text(i->tree, ".Status");
	attrs_str(a, "state", state);
	attrs_json(a, "paths", sorted_texts(i->tree, ".Paths[]", a));
	if (id != NULL && !is_closed(state) &&
	    aws_gather_id(i, "account", id) == -1)
		a->failed = true;
	json_array_foreach (json_object_get(i->tree, "Paths"), n, v)
		if (gather_units(i, json_string_value(v)) == -1)
			a->failed = true;
}

static const struct aws_call list_accounts = {
	.kind = &aws_account_kind,
	.service = &organizations,
	.operation = "ListAccounts",
	.items = ".Accounts[]",
	.pager = { ".NextToken", "NextToken", "MaxResults", 20, NULL, 0 },
	.key = ".Id",
	.gathers = GATHER({ "account", ".gathered-by-fill" },
	    { "organizational unit", ".gathered-by-fill" }),
	.fill = fill_account,
	.option = "organization",
	.must = ".Id=account .Arn=arn .Name=text? .Paths[]=text?",
};
static const struct aws_call describe_unit = {
	.kind = &aws_organizational_unit_kind,
	.service = &organizations,
	.operation = "DescribeOrganizationalUnit",
	.input = INPUT({ "OrganizationalUnitId", ".", NULL }),
	.items = ".OrganizationalUnit",
	.key = ".Id",
	.set = "organizational unit",
	.option = "organization",
	.must = ".Id=like:ou- .Name=text",
};

/* ---- regions ---- */

static void
fill_region(const struct aws_item *i, struct attrs *a)
{
	const char *status = path_text(i->tree, ".optInStatus");
	const char *name = path_text(i->tree, ".regionName");

	if (name != NULL && status != NULL &&
	    strcmp(status, "not-opted-in") != 0 &&
	    aws_gather_id(i, "region", name) == -1)
		a->failed = true;
}

static const struct aws_call describe_regions = {
	.kind = &aws_region_kind,
	.service = &aws_ec2,
	.operation = "DescribeRegions",
	.input = INPUT({ "AllRegions", NULL, "true" }),
	.items = ".regionInfo[]",
	.key = ".regionName",
	.gathers = GATHER({ "region", ".gathered-by-fill" }),
	.fill = fill_region,
	.option = "regions=all",
	.once = true,
	.must = ".regionName=name .optInStatus=text",
};

const struct aws_call *const aws_org_calls[] = { &list_accounts, &describe_unit,
	&describe_regions, NULL };
