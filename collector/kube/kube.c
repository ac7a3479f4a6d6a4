/* The Kubernetes collector: one cluster, the scope "kube/<name>". */
#include <stdio.h>
#include <string.h>

#include "collector/kube/kube.h"
#include "collector/kube/kube_kinds.h"
#include "collector/kube/transport.h"
#include "base/number.h"

static const struct collector_option options[] = {
	{ "kubeconfig", "FILE", "kubeconfig (KUBECONFIG, or ~/.kube/config)" },
	{ "context", "NAME", "context of the kubeconfig (its current one)" },
	{ "cluster", "NAME", "the cluster's name in the evidence" },
	{ "eks-token", NULL, "make EKS tokens here, without the aws command" },
	{ "eks-cluster", "NAME", "an EKS cluster, without a kubeconfig" },
	{ "eks-region", "REGION", "its region (that of the AWS profile)" },
	{ "service-account", "DIR", "the pod's account: token and ca.crt" },
	{ "agents", "NAMESPACE",
	    "where the nodes' agents run (" AGENT_NAMESPACE ")" },
	{ "agent-age", "HOURS",
	    "a node's report older than this is none (24)" },
	{ "configz", NULL, "also ask each kubelet how it is configured" },
	{ "secrets", NULL, "also list names and types of secrets" },
	{ NULL, NULL, NULL },
};

/* As kubectl: what is named, then a kubeconfig, then the pod we run in. */
static int
find_access(struct kube_access *a, const struct request *r, struct fault *f)
{
	const char *path = request_get(r, "kubeconfig");
	const char *context = request_get(r, "context");
	const char *folder = request_get(r, "service-account");
	const char *eks = request_get(r, "eks-cluster");
	struct fault none = { 0 };
	int rc;

	if ((folder != NULL) + (path != NULL) + (eks != NULL) > 1)
		return fault(f, FAULT_USAGE,
		    "--kubeconfig, --eks-cluster and --service-account exclude "
		    "each other");
	if (eks != NULL && (rc = access_eks_cluster(a, r, eks, f)) == -1)
		f->kind = FAULT_USAGE;
	if (eks != NULL)
		return rc;
	if (folder != NULL) {
		rc = access_in_cluster(a, r, folder, f);
		f->kind = rc == -1 ? FAULT_USAGE : f->kind;
		return rc;
	}
	rc = access_kubeconfig(a, r, path, context, &none);
	if (rc == 0)
		return 0;
	if (path == NULL && none.kind == FAULT_ABSENT &&
	    (rc = access_in_cluster(a, r, SERVICE_ACCOUNT_FOLDER, f)) == 0)
		return 0;
	*f = none;
	f->kind = none.kind == FAULT_IO ? FAULT_IO : FAULT_USAGE;
	return -1;
}

static int
find_name(const struct request *r, const struct kube_access *a,
    const char **name, struct fault *f)
{
	if ((*name = request_get(r, "cluster")) == NULL)
		*name = a->cluster;
	if (*name == NULL || (*name)[0] == '\0')
		return fault(f, FAULT_USAGE,
		    "a pod does not know what its cluster is called; give "
		    "--cluster NAME");
	return 0;
}

static int
ask(const struct request *r, struct kube_access *a, const struct sink *sink,
    struct fault *f)
{
	struct transport *t;
	struct kube k = { .r = r, .out = sink };
	const char *name;
	int rc;

	if (find_name(r, a, &name, f) == -1)
		return -1;
	if (request_get(r, "eks-token") != NULL &&
	    !(a->eks.native = access_eks_plugin(a, r)))
		return fault(f, FAULT_USAGE,
		    "--eks-token: the kubeconfig's user has no plugin 'aws eks "
		    "get-token' that names a cluster");
	/* a plugin may bring the certificate the connection is made with */
	if (access_refresh(a, r, false, f) == -1) {
		f->kind = FAULT_USAGE;
		return -1;
	}
	if ((t = transport_new(a, r, f)) == NULL)
		return -1;
	k.api = transport_api(t);
	rc = kube_collect_all(&k, name, f);
	transport_free(t);
	return rc;
}

/* A name of a namespace goes into a path, an age into a comparison. */
static int
check_options(const struct request *r, struct fault *f)
{
	const char *ns = request_get(r, "agents");
	const char *age = request_get(r, "agent-age");
	long long hours;

	if (ns != NULL &&
	    (ns[0] == '\0' || strlen(ns) > 63 ||
		ns[strspn(ns, "abcdefghijklmnopqrstuvwxyz0123456789-")] !=
		    '\0'))
		return fault(f, FAULT_USAGE,
		    "--agents '%.100s': not the name of a namespace", ns);
	if (age != NULL && !number_read(age, 1, 9999, &hours))
		return fault(f, FAULT_USAGE,
		    "--agent-age '%.40s': not 1 to 9999 hours", age);
	return 0;
}

static int
collect(const struct request *r, const struct sink *sink, struct fault *f)
{
	struct kube_access a;
	int rc;

	if (check_options(r, f) == -1 || find_access(&a, r, f) == -1)
		return -1;
	rc = ask(r, &a, sink, f);
	access_free(&a);
	return rc;
}

extern const struct collector kube_collector; /* in collector/table.c */

const struct collector kube_collector = {
	.name = "kube",
	.about = "a Kubernetes cluster: RBAC, nodes, workloads, encryption",
	.kinds = kube_kinds,
	.options = options,
	.collect = collect,
};
