/*
 * A row of jobs for the API server, several done at once, used in their order:
 * most of the time a job takes is the server's. The thread that wants them
 * works as well, so that without another connection or thread all of it is
 * done there, one after another.
 */
#ifndef COLLECTOR_KUBE_CREW_H
#define COLLECTOR_KUBE_CREW_H

#include <stdatomic.h>
#include <stddef.h>

#include "collector/kube/kube.h"

struct crew {
	size_t jobs;
	/* Begun at most so many ahead of the one that is waited for, which
	 * bounds what waits; at least 1. */
	size_t ahead;
	/* Do the ith by asking api; in any thread, with any others. */
	void (*work)(void *ctx, size_t i, const struct api *api);
	/* In the caller's thread: the ith is waited for (may be NULL), and it
	 * is done and all before it were used. -1 ends everything. */
	void (*await)(void *ctx, size_t i);
	int (*use)(void *ctx, size_t i, struct fault *f);
	void *ctx;
	atomic_bool stop; /* false at first; true: nothing more is wanted */
};

/* -1: what use() said, or FAULT_IO, no memory. No thread is left. */
MUST_USE int crew_run(struct crew *c, const struct api *api, struct fault *f);

#endif
