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
MUST_USE int node_interpret(
    const struct snapshot *s, struct emitter *e, struct fault *f);

/*
 * Append what tells one machine from another while it runs: its machine id,
 * its boot id and its own name. false: not all of them were read.
 */
bool identity_machine(const struct snapshot *s, struct buf *out);

/* Emit of a machine that was collected as same_as that it is that one, and no
 * node of its own. */
MUST_USE int identity_alias(const struct snapshot *s, const char *same_as,
    struct emitter *e, struct fault *f);

#endif
