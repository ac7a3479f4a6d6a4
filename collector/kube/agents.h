/*
 * Evidence of nodes from inside the cluster. A DaemonSet (deploy/kubernetes/
 * nodes.yaml) prints on every node what 'exhibit collect node' finds there;
 * its pods' logs are read here. Which node a report is of is what the API
 * server says: pod.spec.nodeName.
 *
 * Every node of the node list becomes a host, "host/<cluster>/<node>", judged
 * by the same checks as any other; one without a report that can be believed
 * is there with the reason.
 */
#ifndef COLLECTOR_KUBE_AGENTS_H
#define COLLECTOR_KUBE_AGENTS_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/json.h"

#define AGENT_NAMESPACE "exhibit-nodes"
#define AGENT_CONTAINER "exhibit"
#define AGENT_NAME "exhibit"		/* app.kubernetes.io/name */
#define AGENT_COMPONENT "node-evidence" /* app.kubernetes.io/component */
#define AGENT_AGE_HOURS 24		/* a report older than this is none */
#define AGENT_AHEAD_MAX 3600 /* seconds a node's clock may be ahead */
#define AGENT_NODES_MAX 100000

#define AGENT_PODS_MAX 8 /* on one node that are told apart */

struct kube;

/* A pod that reports, as the API server knows it. */
struct agent_pod {
	char name[256], phase[64];
	char uid[64], owner[64]; /* its own UID, and its daemon set's */
	char image[80];		 /* digest of what runs, or "" */
};

enum agent_pod_found {
	AGENT_FOUND,
	AGENT_MISSING,	   /* none is on the node */
	AGENT_NOT_RUNNING, /* out has its phase */
	AGENT_SEVERAL,	   /* more than one, none of them on its way out */
	AGENT_FOREIGN	   /* its owner is no daemon set of the agents */
};

struct agents {
	json_t *nodes;	/* owned; node name -> its boot id, or "" */
	json_t *pods;	/* owned; node name -> pods of daemon sets on it */
	json_t *sets;	/* owned; UIDs of the agents' daemon sets */
	bool installed; /* there is a DaemonSet or a pod of it */
	/* while logs are read, several at once: */
	atomic_bool refused; /* logs may not be read */
	atomic_size_t lines; /* of the longest report so far */
};

MUST_USE int agents_init(struct agents *a, struct fault *f);
void agents_free(struct agents *a);

/* Note what another list told as well. FAULT_IO: out of memory. */
MUST_USE int agents_add(
    struct agents *a, const struct agents *more, struct fault *f);

/* For resources.c: what lists of nodes, daemon sets and pods tell; 1: a pod is
 * an agent. */
MUST_USE int agents_note_node(struct kube *, const json_t *, struct fault *);
MUST_USE int agents_note_set(struct kube *, const json_t *, struct fault *);
MUST_USE int agents_note_pod(struct kube *, const json_t *, struct fault *);
void agents_forget_nodes(struct kube *);
void agents_forget_pods(struct kube *);
void agents_forget_sets(struct kube *);

/* Which pod reports for a node. */
enum agent_pod_found agents_pod_of(
    const struct agents *a, const char *node, struct agent_pod *out);

/* Where agents are looked for; borrowed. */
const char *agent_namespace(const struct kube *k);

/* Read every agent's newest report. Nothing where no agent is installed. -1:
 * the sink or the spool failed. cluster: the cluster's name. */
MUST_USE int agents_collect(
    struct kube *k, const char *cluster, struct fault *f);

#endif
