/*
 * Who there is and what is granted: iam:GetAccountAuthorizationDetails, asked
 * once a kind by its filter (IAM API reference 2010-05-08). Policies come as
 * JSON in percent encoding; policy.h makes statements of one form of them.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/aws/aws_kinds.h"
#include "collector/aws/calls.h"
#include "collector/aws/fill.h"
#include "collector/aws/iam_policy.h"
#include "collector/aws/services.h"

/* The statements of a document; a new reference, or null and *problem. */
static json_t *
statements_of(const json_t *document, struct fault *why, struct attrs *a)
{
	const char *s = json_string_value(document);
	json_t *out;

	*why = (struct fault){ 0 };
	if (s == NULL) {
		(void)fault(why, FAULT_FORMAT, "policy: no document");
		return json_null();
	}
	if ((out = iam_policy_read(s, strlen(s), why)) != NULL)
		return out;
	if (why->kind == FAULT_IO) /* memory */
		a->failed = true;
	return json_null();
}

static int
name_order(const void *a, const void *b)
{
	const char *p =
	    json_string_value(json_object_get(*(json_t *const *)a, "name"));
	const char *q =
	    json_string_value(json_object_get(*(json_t *const *)b, "name"));

	return strcmp(p != NULL ? p : "", q != NULL ? q : "");
}

#define INLINE_MAX 256

/* name and statements of each inline policy, by name */
static json_t *
inline_of(const json_t *list, struct attrs *a)
{
	json_t *sorted[INLINE_MAX], *out = json_array(), *v;
	size_t i, n = 0;

	json_array_foreach ((json_t *)list, i, v) {
		json_t *one = json_object(), *statements;
		struct fault why;

		statements = statements_of(
		    json_object_get(v, "PolicyDocument"), &why, a);
		put_text(a, one, "name", path_text(v, ".PolicyName"));
		if (json_is_array(statements))
			put(a, one, "statements", statements);
		else
			put_text(a, one, "problem", why.text);
		if (n < INLINE_MAX)
			sorted[n++] = one;
		else
			json_decref(one);
	}
	if (n > 1)
		qsort(sorted, n, sizeof(sorted[0]), name_order);
	for (i = 0; i < n; i++)
		add(a, out, sorted[i]);
	return out;
}

static void
fill_role(const struct aws_item *i, struct attrs *a)
{
	struct fault why;
	json_t *trust = statements_of(
	    json_object_get(i->tree, "AssumeRolePolicyDocument"), &why, a);

	attrs_str(a, "trust_problem", json_is_array(trust) ? NULL : why.text);
	attrs_json(a, "trust", trust);
	attrs_json(a, "attached",
	    sorted_texts(i->tree, ".AttachedManagedPolicies[].PolicyArn", a));
	attrs_json(a, "inline",
	    inline_of(json_object_get(i->tree, "RolePolicyList"), a));
	attrs_json(a, "instance_profiles",
	    sorted_texts(i->tree, ".InstanceProfileList[].Arn", a));
}

static void
fill_user(const struct aws_item *i, struct attrs *a)
{
	attrs_json(a, "attached",
	    sorted_texts(i->tree, ".AttachedManagedPolicies[].PolicyArn", a));
	attrs_json(a, "groups", sorted_texts(i->tree, ".GroupList[]", a));
	attrs_json(a, "inline",
	    inline_of(json_object_get(i->tree, "UserPolicyList"), a));
}

static void
fill_group(const struct aws_item *i, struct attrs *a)
{
	attrs_json(a, "attached",
	    sorted_texts(i->tree, ".AttachedManagedPolicies[].PolicyArn", a));
	attrs_json(a, "inline",
	    inline_of(json_object_get(i->tree, "GroupPolicyList"), a));
}

static bool
is_aws_managed(const struct aws_item *i)
{
	const char *arn = path_text(i->tree, ".Arn");

	return arn != NULL && strstr(arn, ":iam::aws:policy/") != NULL;
}

/* AWS has more than a thousand; what nobody has grants nothing. */
static bool
is_of_use(const struct aws_item *i)
{
	const char *n = path_text(i->tree, ".AttachmentCount");
	const char *bounds =
	    path_text(i->tree, ".PermissionsBoundaryUsageCount");

	return !is_aws_managed(i) || (n != NULL && strcmp(n, "0") != 0) ||
	       (bounds != NULL && strcmp(bounds, "0") != 0);
}

static void
fill_policy(const struct aws_item *i, struct attrs *a)
{
	const json_t *document = NULL;
	json_t *v, *statements;
	struct fault why;
	size_t n;

	json_array_foreach (
	    json_object_get(i->tree, "PolicyVersionList"), n, v) {
		const char *s = path_text(v, ".IsDefaultVersion");

		if (s != NULL && strcmp(s, "true") == 0)
			document = json_object_get(v, "Document");
	}
	statements = statements_of(document, &why, a);
	attrs_str(a, "problem", json_is_array(statements) ? NULL : why.text);
	attrs_json(a, "statements", statements);
	attrs_bool(a, "aws_managed", is_aws_managed(i));
}

#define DETAILS_CALL                                                           \
	.service = &aws_iam, .operation = "GetAccountAuthorizationDetails",    \
	.answer = ".IsTruncated=flag",                                         \
	.pager = { ".Marker", "Marker", "MaxItems", 200, ".IsTruncated", 0 }

static const struct aws_input role_input[] = {
	{ "Filter.member.1", NULL, "Role" },
	{ NULL, NULL, NULL },
};
static const struct aws_call details_of_roles = {
	DETAILS_CALL,
	.kind = &aws_iam_role_kind,
	.input = role_input,
	.items = ".RoleDetailList[]",
	.lists = "RolePolicyList AttachedManagedPolicies InstanceProfileList",
	.key = ".RoleName",
	.fill = fill_role,
	.must = ".RoleName=name .Arn=arn .AssumeRolePolicyDocument=text "
		".AttachedManagedPolicies[].PolicyArn=arn "
		".RolePolicyList[]=object .InstanceProfileList[]=object",
};

static const struct aws_input user_input[] = {
	{ "Filter.member.1", NULL, "User" },
	{ NULL, NULL, NULL },
};
static const struct aws_call details_of_users = {
	DETAILS_CALL,
	.kind = &aws_iam_user_kind,
	.input = user_input,
	.items = ".UserDetailList[]",
	.lists = "UserPolicyList AttachedManagedPolicies GroupList",
	.key = ".UserName",
	.fill = fill_user,
	.must = ".UserName=name .Arn=arn "
		".AttachedManagedPolicies[].PolicyArn=arn "
		".UserPolicyList[]=object? .GroupList[]=text",
};

static const struct aws_input group_input[] = {
	{ "Filter.member.1", NULL, "Group" },
	{ NULL, NULL, NULL },
};
static const struct aws_call details_of_groups = {
	DETAILS_CALL,
	.kind = &aws_iam_group_kind,
	.input = group_input,
	.items = ".GroupDetailList[]",
	.lists = "GroupPolicyList AttachedManagedPolicies",
	.key = ".GroupName",
	.fill = fill_group,
	.must = ".GroupName=name .Arn=arn "
		".AttachedManagedPolicies[].PolicyArn=arn "
		".GroupPolicyList[]=object",
};

static const struct aws_input policy_input[] = {
	{ "Filter.member.1", NULL, "LocalManagedPolicy" },
	{ "Filter.member.2", NULL, "AWSManagedPolicy" },
	{ NULL, NULL, NULL },
};
static const struct aws_call details_of_policies = {
	DETAILS_CALL,
	.kind = &aws_iam_policy_kind,
	.input = policy_input,
	.items = ".Policies[]",
	.lists = "PolicyVersionList",
	.key = ".Arn",
	.wanted = is_of_use,
	.fill = fill_policy,
	.must = ".Arn=arn .PolicyName=text? .AttachmentCount=number "
		".DefaultVersionId=text .PolicyVersionList[]=object",
};

const struct aws_call *const aws_iam_calls[] = {
	&details_of_roles,
	&details_of_users,
	&details_of_groups,
	&details_of_policies,
	NULL,
};
