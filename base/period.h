/*
 * A stretch of time as a person writes it: 2026, 2026Q3, 2026-07, 2026-07-04,
 * or FROM..TO of these and of times. A year, quarter, month or date is the
 * whole of it, at either end; a time is that second. All UTC.
 */
#ifndef BASE_PERIOD_H
#define BASE_PERIOD_H

#include "base/fault.h"
#include "base/utc.h"

struct period { /* [from, to) */
	char from[UTC_LEN];
	char to[UTC_LEN];
};

/* FAULT_USAGE names the part that cannot be read, or says that it is empty. */
MUST_USE int period_parse(const char *s, struct period *out, struct fault *f);

/* The quarter that at (UTC text) is in. */
void period_quarter_of(const char at[UTC_LEN], struct period *out);

#endif
