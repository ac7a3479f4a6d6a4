/* What a collector needs to be allowed, made from the calls that it makes. */
#include "reference/reference.h"

#include <stdlib.h>
#include <string.h>

#include "collector/aws/calls.h"
#include "collector/kube/agents.h"
#include "collector/kube/resources.h"

/* Is it asked by default, and not the second list of the same? */
static bool
in_role(const struct resource *r)
{
	if (r->option != NULL || r->url)
		return false;
	for (const struct resource *p = kube_resources; p != r; p++)
		if (strcmp(p->group, r->group) == 0 &&
		    strcmp(p->name, r->name) == 0 && p->option == NULL)
			return false;
	return true;
}

void
reference_cluster_role(struct buf *out)
{
	buf_printf(out,
	    "# Made by 'exhibit kinds --format cluster-role'; do not edit.\n"
	    "# Secrets are not in it: --secrets needs list on secrets, "
	    "which lets\n# its holder read them.\n"
	    "apiVersion: rbac.authorization.k8s.io/v1\n"
	    "kind: ClusterRole\nmetadata:\n  name: exhibit\nrules:\n");
	for (const char *const *p = kube_paths; *p != NULL; p++)
		buf_printf(
		    out, "- nonResourceURLs: [\"%s\"]\n  verbs: [get]\n", *p);
	for (const struct resource *r = kube_resources; r->kind != NULL; r++) {
		if (!in_role(r))
			continue;
		buf_printf(out, "- apiGroups: [\"%s\"]\n  resources: [%s]\n",
		    r->group, r->name);
		if (r->only != NULL)
			buf_printf(out, "  resourceNames: [%s]\n", r->only);
		buf_printf(out, "  verbs: [%s]\n",
		    r->verb == API_GET ? "get" : "list");
	}
	buf_printf(out, "---\n# In the namespace of the nodes' agents alone.\n"
			"apiVersion: rbac.authorization.k8s.io/v1\n"
			"kind: Role\nmetadata:\n  name: exhibit\n  "
			"namespace: " AGENT_NAMESPACE "\nrules:\n");
	for (const struct namespaced *n = kube_namespaced; n->group != NULL;
	     n++)
		buf_printf(out,
		    "- apiGroups: [\"%s\"]\n  resources: [%s]\n"
		    "  verbs: [%s]\n",
		    n->group, n->resource, n->verb);
}

#define ACTIONS_MAX 512

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

int
reference_iam_policy(struct buf *out, struct fault *f)
{
	static char actions[ACTIONS_MAX][AWS_ACTION_MAX];
	size_t n = 0, shown = 0;

	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++) {
			if (n == ACTIONS_MAX - 1)
				return fault(f, FAULT_LIMIT, "over %d calls",
				    ACTIONS_MAX);
			aws_call_action(aws_calls[t][i], actions[n++]);
		}
	aws_call_action(&aws_get_caller_identity, actions[n++]);
	qsort(actions, n, sizeof(actions[0]), by_name);
	buf_printf(out,
	    "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n"
	    "    {\n      \"Sid\": \"ExhibitReads\",\n"
	    "      \"Effect\": \"Allow\",\n      \"Action\": [");
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(actions[i - 1], actions[i]) != 0)
			buf_printf(out, "%s\n        \"%s\"",
			    shown++ > 0 ? "," : "", actions[i]);
	buf_printf(
	    out, "\n      ],\n      \"Resource\": \"*\"\n    }\n  ]\n}\n");
	return buf_done(out, "the IAM policy", f);
}
