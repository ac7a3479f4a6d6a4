/*
 * What EC2's instance metadata service says of this host, version 2 only
 * (token first). Source: AWS, "Use the Instance Metadata Service", "Instance
 * identity documents". Asked in a forked child beside the reading of files.
 *
 * Adds the entry "!imds", canonical JSON: {"account","image_id",
 * "instance_id","instance_type","region"}, each text or null. Of the identity
 * document only accountId is taken; the token never leaves the child.
 */
#ifndef COLLECTOR_NODE_IMDS_H
#define COLLECTOR_NODE_IMDS_H

#include "base/child.h"
#include "collector/node/snapshot.h"

#define IMDS_URL "http://169.254.169.254"
#define IMDS_CONNECT_MS 300
#define IMDS_TIME_MS 1000	   /* all requests together */
#define IMDS_BYTES_MAX (16 * 1024) /* of one answer, headers included */

struct imds_probe {
	struct child child;
	struct buf out;
	const char *url;
	struct fault why; /* the child could not be started */
};

/* Start asking. url: scheme and authority, NULL for IMDS_URL. p and url must
 * stay until the finish; a failure to start is told there, as evidence. */
void imds_start(struct imds_probe *p, const char *url);

/*
 * Wait, at most IMDS_TIME_MS from the start, and add the entry: unreachable
 * without an answer, denied when the service refuses (401, 403, 404), error
 * when it answers something else. -1: FAULT_IO or FAULT_LIMIT. Frees p.
 */
MUST_USE int imds_finish(
    struct imds_probe *p, struct snapshot *s, struct fault *f);

/* Give up: kill the child and free p. Fine when zeroed or finished. */
void imds_stop(struct imds_probe *p);

#endif
