/* EKS clusters, node groups, add-ons and who may use them: EKS API reference
 * 2017-11-01. */
#include <stdlib.h>
#include <string.h>

#include "collector/aws/ami_parameter.h"
#include "collector/aws/aws_kinds.h"
#include "collector/aws/calls.h"
#include "collector/aws/fill.h"
#include "collector/aws/services.h"

#define LIST_PAGER                                                             \
	.pager = { ".nextToken", "nextToken", "maxResults", 100, NULL, 0 }

static const struct aws_call list_clusters = {
	.service = &aws_eks,
	.operation = "ListClusters",
	.path = "/clusters",
	.items = ".clusters[]",
	LIST_PAGER,
	.must = ".=name",
};

/* ---- clusters ---- */

/* EKS tells enabled and disabled types in entries of their own. */
static json_t *
enabled_logs(const json_t *cluster, struct attrs *a)
{
	const json_t *list = path_value(cluster, ".logging.clusterLogging");
	json_t *out, *types = json_array(), *all, *v, *type;
	size_t i, n;

	if (!json_is_array(list)) {
		json_decref(types);
		return json_null();
	}
	json_array_foreach ((json_t *)list, i, v) {
		if (!json_is_true(json_object_get(v, "enabled")))
			continue;
		json_array_foreach (json_object_get(v, "types"), n, type) {
			add_text(a, types, json_string_value(type));
		}
	}
	all = json_object();
	put(a, all, "types", types);
	out = sorted_texts(all, ".types[]", a);
	json_decref(all);
	return out;
}

static const char *
secrets_key(const json_t *cluster)
{
	json_t *v, *name;
	size_t i, n;

	json_array_foreach (
	    json_object_get(cluster, "encryptionConfig"), i, v) {
		json_array_foreach (json_object_get(v, "resources"), n, name) {
			const char *s = json_string_value(name);

			if (s != NULL && strcmp(s, "secrets") == 0)
				return path_text(v, ".provider.keyArn");
		}
	}
	return NULL;
}

static void
gather_parameters(const struct aws_item *i, struct attrs *a)
{
	const char *version = path_text(i->tree, ".version");
	char name[AMI_PARAMETER_MAX];

	for (size_t n = 0;
	     version != NULL && ami_parameter_name(version, n, name); n++)
		if (aws_gather_id(i, "ami_parameter", name) == -1)
			a->failed = true;
}

static void
fill_cluster(const struct aws_item *i, struct attrs *a)
{
	const char *own =
	    path_text(i->tree, ".resourcesVpcConfig.clusterSecurityGroupId");
	json_t *groups =
	    sorted_texts(i->tree, ".resourcesVpcConfig.securityGroupIds[]", a);

	if (own != NULL && json_is_array(groups))
		add_text(a, groups, own);
	attrs_json(
	    a, "health", sorted_texts(i->tree, ".health.issues[].code", a));
	attrs_json(a, "logs", enabled_logs(i->tree, a));
	attrs_json(a, "public_cidrs",
	    sorted_texts(
		i->tree, ".resourcesVpcConfig.publicAccessCidrs[]", a));
	attrs_str(a, "secrets_key", secrets_key(i->tree));
	attrs_json(a, "security_groups", groups);
	attrs_json(a, "subnets",
	    sorted_texts(i->tree, ".resourcesVpcConfig.subnetIds[]", a));
	gather_parameters(i, a);
}

static const struct aws_gather cluster_gathers[] = {
	{ "ami_parameter", ".gathered-by-fill" },
	{ NULL, NULL },
};
static const struct aws_input cluster_input[] = {
	{ "name", ".", NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call describe_cluster = {
	.kind = &aws_eks_cluster_kind,
	.service = &aws_eks,
	.operation = "DescribeCluster",
	.path = "/clusters/{name}",
	.input = cluster_input,
	.items = ".cluster",
	.key = ".name",
	.each = &list_clusters,
	.gathers = cluster_gathers,
	.fill = fill_cluster,
	.echo = ".name",
	.asked = ".",
	.must = ".name=name .arn=arn .status=name .roleArn=arn? "
		".resourcesVpcConfig.vpcId=like:vpc-? "
		".encryptionConfig[].provider.keyArn=key?",
};

/* ---- node groups, add-ons ---- */

static void
fill_nodegroup(const struct aws_item *i, struct attrs *a)
{
	attrs_json(a, "autoscaling_groups",
	    sorted_texts(i->tree, ".resources.autoScalingGroups[].name", a));
	attrs_json(
	    a, "health", sorted_texts(i->tree, ".health.issues[].code", a));
	attrs_json(
	    a, "instance_types", sorted_texts(i->tree, ".instanceTypes[]", a));
	attrs_json(a, "ssh_sources",
	    sorted_texts(i->tree, ".remoteAccess.sourceSecurityGroups[]", a));
	attrs_json(a, "subnets", sorted_texts(i->tree, ".subnets[]", a));
}

static const struct aws_call list_nodegroups = {
	.service = &aws_eks,
	.operation = "ListNodegroups",
	.path = "/clusters/{name}/node-groups",
	.input = cluster_input,
	.items = ".nodegroups[]",
	LIST_PAGER,
	.each = &list_clusters,
	.must = ".=name",
};
static const struct aws_input nodegroup_input[] = {
	{ "name", "^.", NULL },
	{ "nodegroupName", ".", NULL },
	{ NULL, NULL, NULL },
};
const struct aws_call aws_describe_nodegroup = {
	.kind = &aws_eks_nodegroup_kind,
	.service = &aws_eks,
	.operation = "DescribeNodegroup",
	.path = "/clusters/{name}/node-groups/{nodegroupName}",
	.input = nodegroup_input,
	.items = ".nodegroup",
	.key = ".clusterName .nodegroupName",
	.each = &list_nodegroups,
	.fill = fill_nodegroup,
	.echo = ".nodegroupName",
	.asked = ".",
	.must = ".nodegroupName=name .clusterName=name .status=name "
		".amiType=name",
};

static void
fill_addon(const struct aws_item *i, struct attrs *a)
{
	attrs_json(
	    a, "health", sorted_texts(i->tree, ".health.issues[].code", a));
	attrs_bool(a, "pod_identity",
	    json_array_size(
		json_object_get(i->tree, "podIdentityAssociations")) > 0);
}

static const struct aws_call list_addons = {
	.service = &aws_eks,
	.operation = "ListAddons",
	.path = "/clusters/{name}/addons",
	.input = cluster_input,
	.items = ".addons[]",
	LIST_PAGER,
	.each = &list_clusters,
	.must = ".=name",
};
static const struct aws_input addon_input[] = {
	{ "name", "^.", NULL },
	{ "addonName", ".", NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call describe_addon = {
	.kind = &aws_eks_addon_kind,
	.service = &aws_eks,
	.operation = "DescribeAddon",
	.path = "/clusters/{name}/addons/{addonName}",
	.input = addon_input,
	.items = ".addon",
	.key = ".clusterName .addonName",
	.each = &list_addons,
	.fill = fill_addon,
	.echo = ".addonName",
	.asked = ".",
	.must = ".addonName=name .clusterName=name .addonVersion=name",
};

/* ---- access entries ---- */

/* "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy" */
static const char *
last_step(const char *arn)
{
	const char *slash = arn != NULL ? strrchr(arn, '/') : NULL;

	return slash != NULL ? slash + 1 : arn;
}

static int
policy_order(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	const char *p = path_text(x, ".policyArn");
	const char *q = path_text(y, ".policyArn");

	return strcmp(p != NULL ? p : "", q != NULL ? q : "");
}

#define POLICIES_MAX 64

static json_t *
policies_of(const json_t *list, struct attrs *a)
{
	json_t *sorted[POLICIES_MAX], *out, *v;
	size_t n = 0, i;

	if (!json_is_array(list))
		return json_null();
	out = json_array();
	json_array_foreach ((json_t *)list, i, v) {
		if (n < POLICIES_MAX)
			sorted[n++] = v;
	}
	if (n > 1)
		qsort(sorted, n, sizeof(sorted[0]), policy_order);
	for (i = 0; i < n; i++) {
		json_t *one = json_object();

		put(a, one, "namespaces",
		    sorted_texts(sorted[i], ".accessScope.namespaces[]", a));
		put_text(a, one, "policy",
		    last_step(path_text(sorted[i], ".policyArn")));
		put_text(
		    a, one, "scope", path_text(sorted[i], ".accessScope.type"));
		add(a, out, one);
	}
	return out;
}

static void
fill_access_entry(const struct aws_item *i, struct attrs *a)
{
	attrs_json(
	    a, "groups", sorted_texts(i->tree, ".kubernetesGroups[]", a));
	attrs_json(a, "policies",
	    policies_of(
		path_value(i->tree, ".policies.associatedAccessPolicies"), a));
}

/* A cluster whose users stand in its config map alone refuses the question. */
static const struct aws_call list_access_entries = {
	.service = &aws_eks,
	.operation = "ListAccessEntries",
	.path = "/clusters/{name}/access-entries",
	.input = cluster_input,
	.items = ".accessEntries[]",
	LIST_PAGER,
	.each = &list_clusters,
	.absent = "InvalidRequestException",
	.must = ".=arn",
};
static const struct aws_input entry_input[] = {
	{ "name", "^.", NULL },
	{ "principalArn", ".", NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call describe_access_entry = {
	.kind = &aws_eks_access_entry_kind,
	.service = &aws_eks,
	.operation = "DescribeAccessEntry",
	.path = "/clusters/{name}/access-entries/{principalArn}",
	.input = entry_input,
	.items = ".accessEntry",
	.key = ".clusterName .principalArn",
	.each = &list_access_entries,
	.fill = fill_access_entry,
	.echo = ".principalArn",
	.asked = ".",
	.must = ".clusterName=name .principalArn=arn "
		".kubernetesGroups[]=text",
};
static const struct aws_input policies_input[] = {
	{ "name", ".clusterName", NULL },
	{ "principalArn", ".principalArn", NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call list_access_policies = {
	.service = &aws_eks,
	.operation = "ListAssociatedAccessPolicies",
	.path =
	    "/clusters/{name}/access-entries/{principalArn}/access-policies",
	.input = policies_input,
	.each = &describe_access_entry,
	.into = "policies",
	.must = ".associatedAccessPolicies[].policyArn=arn "
		".associatedAccessPolicies[].accessScope.type=text",
};

/* ---- Pod Identity ---- */

static const struct aws_call list_pod_identities = {
	.service = &aws_eks,
	.operation = "ListPodIdentityAssociations",
	.path = "/clusters/{name}/pod-identity-associations",
	.input = cluster_input,
	.items = ".associations[]",
	LIST_PAGER,
	.each = &list_clusters,
	.must = ".clusterName=name .associationId=name",
};
static const struct aws_input association_input[] = {
	{ "name", ".clusterName", NULL },
	{ "associationId", ".associationId", NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call describe_pod_identity = {
	.kind = &aws_eks_pod_identity_kind,
	.service = &aws_eks,
	.operation = "DescribePodIdentityAssociation",
	.path = "/clusters/{name}/pod-identity-associations/{associationId}",
	.input = association_input,
	.items = ".association",
	.key = ".clusterName .associationId",
	.each = &list_pod_identities,
	.echo = ".associationId",
	.asked = ".associationId",
	.must = ".clusterName=name .associationId=name .namespace=name "
		".serviceAccount=name .roleArn=arn",
};

const struct aws_call *const aws_eks_calls[] = {
	&list_clusters,
	&describe_cluster,
	&list_nodegroups,
	&aws_describe_nodegroup,
	&list_addons,
	&describe_addon,
	&list_access_entries,
	&describe_access_entry,
	&list_access_policies,
	&list_pod_identities,
	&describe_pod_identity,
	NULL,
};
