/*
 * How a cluster is reached and by whom: from a kubeconfig as kubectl reads it
 * (kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig)
 * or from the service account mounted into a pod. Credentials live here and
 * nowhere else; they are wiped when they are freed.
 */
#ifndef COLLECTOR_KUBE_CLUSTER_ACCESS_H
#define COLLECTOR_KUBE_CLUSTER_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/arena.h"
#include "collector/kit/collector.h"
#include "base/fault.h"
#include "base/json.h"

#define KUBECONFIG_MAX ((size_t)4 * 1024 * 1024) /* bytes of one file */
#define KUBECONFIG_FILES_MAX 32
#define CREDENTIAL_MAX                                                         \
	((size_t)256 * 1024) /* a token, a PEM file, a plugin's                \
				answer */
#define EXEC_ARGS_MAX 128
#define EXEC_ENV_MAX 1024 /* variables, the user's included */
#define EXEC_TIME_MS 60000

#define SERVICE_ACCOUNT_FOLDER "/var/run/secrets/kubernetes.io/serviceaccount"

struct access_exec {	     /* client.authentication.k8s.io ExecCredential */
	const char *command; /* NULL: no plugin */
	const char *version; /* apiVersion */
	const char *const *args; /* argv[1..], ends with NULL */
	const char *const *env;	 /* "NAME=value", ends with NULL */
	bool cluster_info;	 /* provideClusterInfo */
	const char *hint;	 /* installHint, or NULL */
};

struct access_eks {	     /* what an EKS token is made for; all borrowed */
	const char *cluster; /* its name; NULL: not EKS */
	const char *region, *role, *profile; /* NULL: as AWS is configured */
	bool native; /* make it here, whatever plugin is named */
};

struct kube_access {
	struct arena *arena;  /* owns the texts */
	const char *server;   /* https://host:port[/prefix], no / at its end */
	const char *cluster;  /* its name in the kubeconfig; NULL: in a pod */
	const char *user;     /* its name in the kubeconfig, or NULL */
	struct buf ca;	      /* PEM; empty: the system's authorities */
	struct buf cert, key; /* PEM of a client certificate; empty: none */
	const char *server_name; /* tls-server-name, or NULL */
	const char *proxy;	 /* proxy-url, or NULL */
	const char *token_file;	 /* read anew when asked, or NULL */
	struct access_exec exec;
	struct access_eks eks;
	struct buf token;  /* as last read; empty: none */
	int64_t token_due; /* clock_ms() at which it is read anew; 0: never */
};

/*
 * Read the kubeconfig the user means: path (--kubeconfig), or the files of
 * KUBECONFIG, or ~/.kube/config. Of what several files say the first wins.
 * context: --context, or NULL: current-context. FAULT_ABSENT: there is none;
 * FAULT_USAGE: it asks for what is refused; FAULT_FORMAT: it is broken.
 */
MUST_USE int access_kubeconfig(struct kube_access *a, const struct request *r,
    const char *path, const char *context, struct fault *f);

/* The service account of the pod we run in. folder holds token and ca.crt.
 * FAULT_ABSENT: we run in no pod. */
MUST_USE int access_in_cluster(struct kube_access *a, const struct request *r,
    const char *folder, struct fault *f);

/*
 * Have a token at hand: read the file, or run the plugin, when there is none
 * yet, it is due, or again says it was refused. A plugin may bring a client
 * certificate instead (the first time only).
 */
MUST_USE int access_refresh(struct kube_access *a, const struct request *r,
    bool again, struct fault *f);

void access_free(struct kube_access *a);

/*
 * Is the plugin 'aws eks get-token' or 'aws-iam-authenticator token'? Then
 * a->eks says for what, and a token can be made without it.
 */
bool access_eks_plugin(struct kube_access *a, const struct request *r);

/* Make a token for a->eks (aws_eks_token in collector/aws/session.h). */
MUST_USE int access_eks_token(
    struct kube_access *a, const struct request *r, struct fault *f);

/*
 * An EKS cluster by its name alone: AWS is asked for its endpoint and
 * authority (eks:DescribeCluster), with the options eks-region and profile.
 */
MUST_USE int access_eks_cluster(struct kube_access *a, const struct request *r,
    const char *cluster, struct fault *f);

/* Run the plugin; its answer is checked and taken over. */
MUST_USE int access_exec_run(
    struct kube_access *a, const struct request *r, struct fault *f);

#endif
