/* From a snapshot to observations: pure, the same for every source. */
#ifndef NODE_INTERPRET_H
#define NODE_INTERPRET_H

#include "kinds.h"
#include "snapshot.h"

/*
 * Emit every node kind that the snapshot can speak of, under the scope of e.
 * An unreadable file is the outcome of what depends on it, never absence.
 * Does not emit the coverage statement: the collector does.
 */
int node_interpret(
    const struct snapshot *s, struct emitter *e, struct fault *f);

#endif
