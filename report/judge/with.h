/*
 * WITH clauses that several checks and queries share: report/queries/with/.
 * A line "-- with: NAME" in one stands for another, so that ledgers of
 * different things match modules by the same words.
 */
#ifndef REPORT_JUDGE_WITH_H
#define REPORT_JUDGE_WITH_H

#include <stdbool.h>

#include "base/buf.h"

/* Is there one of this name? */
bool with_known(const char *name, size_t len);

/* Append it, whole. It must be known, and so must what it names. */
void with_put(struct buf *out, const char *name, size_t len);

#endif
