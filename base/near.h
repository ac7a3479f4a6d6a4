/*
 * What was meant by a name that there is not: the nearest of those there are,
 * by edits of single letters, letters alike in any case.
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/span.h"

#define NEAR_NAME_MAX 64 /* bytes; a longer name is near nothing */

struct near {
	const char *asked;	      /* borrowed */
	char best[NEAR_NAME_MAX + 1]; /* "": nothing is near enough */
	size_t least; /* edits; what is offered has to stay below */
};

/* Nothing is near asked yet. A third of its letters may be wrong. */
struct near near_to(const char *asked);

/* A name there is. Of equally near ones the first is kept. */
void near_offer(struct near *n, struct span name);

#endif
