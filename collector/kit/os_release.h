/* Which operating system a host or image is: os-release(5). */
#ifndef COLLECTOR_KIT_OS_RELEASE_H
#define COLLECTOR_KIT_OS_RELEASE_H

#include "base/buf.h"
#include "base/span.h"

/*
 * The value of NAME= in os-release(5): shell quoting undone, the last one
 * wins. False if there is none, it is not well quoted, or does not fit out.
 */
bool os_release_value(struct span text, const char *name, struct buf *out);

/* The family an ID and VERSION_ID belong to, as in node_kinds.c; static. */
const char *os_family(const char *os_id, const char *version);

#endif
