/* From a snapshot to observations: pure, the same for every source. */
#ifndef COLLECTOR_NODE_INTERPRET_H
#define COLLECTOR_NODE_INTERPRET_H

#include "collector/node_kinds/node_kinds.h"
#include "collector/node/snapshot.h"

/*
 * Emit every node kind that the snapshot can speak of, under the scope of e.
 * An unreadable file is the outcome of what depends on it, never absence.
 * Does not emit the coverage statement: the collector does.
 */
int node_interpret(
    const struct snapshot *s, struct emitter *e, struct fault *f);

#endif
