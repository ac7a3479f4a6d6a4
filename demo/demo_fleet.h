/*
 * The invented fleet of exhibit demo: what its collectors would have said on a
 * day. Everything is data: demo/members.tsv (who), demo/events.tsv (what
 * happens) and demo/systems (what each kind of member says).
 */
#ifndef DEMO_DEMO_FLEET_H
#define DEMO_DEMO_FLEET_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/span.h"
#include "base/text.h"

#define DEMO_COLUMNS 24 /* of a row at most */

/* A file compiled in, by its name; there is one (assert). */
struct span demo_file(const char *path);

/* Step to the next row that is no comment, and cut it at its tabs; those that
 * it lacks are empty. The number of its columns, 0 at the end. */
size_t demo_row(struct span *rest, struct span columns[DEMO_COLUMNS]);

/* Does nobody collect on this day, YYYY-MM-DD? */
bool demo_is_free(const char *day);

/* The lines of its run, as collect --emit prints them, appended to out. */
MUST_USE int demo_lines(const char *day, struct buf *out, struct fault *f);

#endif
