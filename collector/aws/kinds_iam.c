/*
 * What exhibit keeps of IAM: who there is, and what is granted. Policies are
 * kept as statements of one form (policy.h), without the values of conditions
 * that serve as passwords.
 */
#include "collector/aws/aws_kinds.h"

#include "collector/kit/columns.h"

#define INLINE_ABOUT                                                           \
	"name and statements of each; a policy that is not understood has "    \
	"problem instead"
#define STATEMENTS_ABOUT                                                       \
	"effect, action or not_action, resource or not_resource, principal "   \
	"or not_principal by type, condition by operator and key"

static const struct column role_columns[] = {
	{ "arn", T, ".Arn", "its ARN" },
	{ "attached", J, ".AttachedManagedPolicies[].PolicyArn",
	    "managed policies" },
	{ "boundary", T, ".PermissionsBoundary.PermissionsBoundaryArn",
	    "policy beyond which nothing is granted" },
	{ "inline", J, ".RolePolicyList[]", INLINE_ABOUT },
	{ "instance_profiles", J, ".InstanceProfileList[].Arn",
	    "instances have it by these" },
	{ "path", T, ".Path", "/aws-service-role/...: an AWS service made it" },
	{ "trust", J, "the trust policy",
	    "who may assume it; " STATEMENTS_ABOUT },
	{ "trust_problem", T, "the trust policy", "why trust is null" },
	END,
};
const struct kind aws_iam_role_kind = { "aws.iam_role", "an IAM role",
	"its name", "iam:GetAccountAuthorizationDetails", role_columns };

static const struct column policy_columns[] = {
	{ "arn", T, ".Arn", "its ARN" },
	{ "attachments", I, ".AttachmentCount", "how many have it" },
	{ "aws_managed", B, ".Arn", "AWS wrote it" },
	{ "name", T, ".PolicyName", "its name" },
	{ "path", T, ".Path", "its path" },
	{ "problem", T, ".PolicyVersionList[]", "why statements is null" },
	{ "statements", J, ".PolicyVersionList[] default",
	    "of the default version; " STATEMENTS_ABOUT },
	END,
};
const struct kind aws_iam_policy_kind = { "aws.iam_policy",
	"a managed IAM policy: the account's own, and AWS's that are attached",
	"its ARN", "iam:GetAccountAuthorizationDetails", policy_columns };

static const struct column user_columns[] = {
	{ "arn", T, ".Arn", "its ARN" },
	{ "attached", J, ".AttachedManagedPolicies[].PolicyArn",
	    "managed policies" },
	{ "boundary", T, ".PermissionsBoundary.PermissionsBoundaryArn",
	    "policy beyond which nothing is granted" },
	{ "groups", J, ".GroupList", "groups it is in" },
	{ "inline", J, ".UserPolicyList[]", INLINE_ABOUT },
	{ "path", T, ".Path", "its path" },
	END,
};
const struct kind aws_iam_user_kind = { "aws.iam_user", "an IAM user",
	"its name", "iam:GetAccountAuthorizationDetails", user_columns };

static const struct column group_columns[] = {
	{ "arn", T, ".Arn", "its ARN" },
	{ "attached", J, ".AttachedManagedPolicies[].PolicyArn",
	    "managed policies" },
	{ "inline", J, ".GroupPolicyList[]", INLINE_ABOUT },
	{ "path", T, ".Path", "its path" },
	END,
};
const struct kind aws_iam_group_kind = { "aws.iam_group", "an IAM group",
	"its name", "iam:GetAccountAuthorizationDetails", group_columns };
