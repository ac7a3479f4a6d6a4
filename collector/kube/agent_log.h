/*
 * What a node's agent printed, as the API server hands it out: lines of
 * "TIME {observation}", the last of a report being its coverage statement,
 * which counts the lines before it. So a report that was cut by rotation or
 * by the end of a container is seen as such. TIME is the kubelet's.
 *
 * Nothing here believes what a report says about itself: scope and key become
 * those of the node its pod runs on.
 */
#ifndef COLLECTOR_KUBE_AGENT_LOG_H
#define COLLECTOR_KUBE_AGENT_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "collector/kube/agents.h"
#include "base/observation.h"

#define AGENT_LOG_MAX ((size_t)4 * 1024 * 1024) /* bytes read of one log */
#define AGENT_LINES_MAX 4000			/* lines of it */

struct agent_report {
	const char *p; /* its first line; borrowed from the log */
	size_t len;    /* to the end of its coverage statement */
	size_t lines;  /* with the coverage statement */
	int64_t when;  /* UTC seconds: when it was printed */
};

enum agent_found {
	AGENT_WHOLE, /* the newest report is whole */
	AGENT_CUT,   /* its beginning is not in this part of the log */
	AGENT_NONE   /* no report ends here */
};

/* The newest report of a log. FAULT_FORMAT (-1): it ends in something that is
 * no report. */
MUST_USE int agent_log_newest(const char *p, size_t len,
    enum agent_found *found, struct agent_report *r, struct fault *f);

/*
 * Put a report's observations under scope, the host's own key as node, and
 * its coverage last. The node's own provenance names the pod, its owner and
 * image, and when the report was printed. boot_id: what the API server says the
 * node runs, or NULL. -1 with FAULT_FORMAT or FAULT_LIMIT: the report is not to
 * be believed; what was put of it is to be thrown away. Any other fault is the
 * sink's.
 */
MUST_USE int agent_log_put(const struct agent_report *r,
    const struct agent_pod *pod, const char *scope, const char *node,
    const char *boot_id, const struct sink *sink, struct fault *f);

#endif
