/* RPM's database as a table, for a source that can open it. */
#ifndef COLLECTOR_NODE_RPM_TABLE_H
#define COLLECTOR_NODE_RPM_TABLE_H

#include "base/buf.h"
#include "base/fault.h"

/*
 * Append the packages that matter (packages.h), each a line as rpm_read() reads
 * it, of the database fd is open on; wal: its log of SQLite, or -1. Both stay
 * the caller's. FAULT_FORMAT: not such a database, cut off, or without a
 * package; FAULT_LIMIT.
 */
MUST_USE int rpm_table(int fd, int wal, struct buf *out, struct fault *f);

#endif
