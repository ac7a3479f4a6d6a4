/* Which running programs have which cryptographic library mapped. */
#ifndef COLLECTOR_NODE_PROCESSES_H
#define COLLECTOR_NODE_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fault.h"

#define PROCESSES_MAX 65536

/*
 * Append what PROCESSES_QUERY (parts.h) prints, read from the procfs that
 * folder is open on (borrowed): for each process that has such a library a line
 * "= NAME" and its lines of maps(5); "? PID" for one that may not be read.
 * Processes in another mount namespace than ours are left out: their paths are
 * not this host's. FAULT_LIMIT, FAULT_IO.
 */
MUST_USE int processes_list(int folder, struct buf *out, struct fault *f);

/* Is it a line of maps with code of a cryptographic library? */
bool processes_concern(const char *line, size_t len);

#endif
