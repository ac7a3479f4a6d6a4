/* Columns made of what was read. */
#ifndef COLLECTOR_KIT_PUT_H
#define COLLECTOR_KIT_PUT_H

#include "base/observation.h"
#include "base/span.h"

/* A column of at most max bytes of s, a cut shown; p NULL: null. */
void put_span(struct attrs *a, const char *key, struct span s, size_t max);
void put_null(struct attrs *a, const char *key);
void put_outcome(struct attrs *a, const char *key, enum outcome o);

/* Append a string to an array column under construction; false: no memory. */
bool add_string(json_t *array, struct span s, size_t max);

#endif
