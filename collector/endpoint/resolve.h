/*
 * Addresses of many names at once, in a child that is ended at its deadline:
 * the system's resolver cannot be told how long it may take.
 */
#ifndef COLLECTOR_ENDPOINT_RESOLVE_H
#define COLLECTOR_ENDPOINT_RESOLVE_H

#include "collector/endpoint/connection.h"
#include "collector/endpoint/target.h"

struct resolved {
	struct link_address addresses[LINK_ADDRESSES_MAX];
	size_t n;
	char why[128]; /* n is 0: the resolver's words, stable */
};

/* v (t->n entries) is filled for every target; literals need no resolver. */
MUST_USE int resolve(
    const struct targets *t, int time_ms, struct resolved *v, struct fault *f);

#endif
