/* What one cluster and one user of a kubeconfig say. See access.h. */
#ifndef COLLECTOR_KUBE_KUBECONFIG_ENTRY_H
#define COLLECTOR_KUBE_KUBECONFIG_ENTRY_H

#include "collector/kube/cluster_access.h"

/* A member that is a string and not empty, borrowed; or NULL. */
const char *entry_text(const json_t *object, const char *name);

/*
 * Take over what an entry says; whose names it in faults: "user 'x'". The
 * texts go into a's arena, credentials into its buffers. FAULT_USAGE: it asks
 * for what is refused; FAULT_FORMAT, FAULT_LIMIT: it cannot be read.
 */
MUST_USE int kubeconfig_cluster(struct kube_access *a, const json_t *cluster,
    const char *whose, struct fault *f);
MUST_USE int kubeconfig_user(struct kube_access *a, const json_t *user,
    const char *whose, struct fault *f);

#endif
