/*
 * Stepping over JSON that nobody reads. Of a page most bytes are of no use to
 * anybody here, so they are looked at 64 at a time: which of them are quotes,
 * backslashes and brackets is all that matters for finding the end.
 */
#ifndef COLLECTOR_KUBE_SKIP_H
#define COLLECTOR_KUBE_SKIP_H

#include <stddef.h>
#include <stdint.h>

struct skip {	      /* all zero before the first byte */
	int depth;    /* brackets that are open */
	uint64_t in;  /* all ones: inside a string */
	uint64_t esc; /* 1: a backslash escapes the next byte */
};

/*
 * Step on within an object or list that may come in pieces; the first piece
 * begins with its bracket. Returns how many of len bytes belong to it: all,
 * and s->depth is not 0; or up to its end, and s->depth is 0; or up to the
 * bracket with which s->depth is over depth_max. That brackets match in kind
 * is not looked at, nor what stands outside of strings: a parser sees to what
 * is kept.
 */
size_t skip_nested(struct skip *s, const char *p, size_t len, int depth_max);

/* How many of len bytes come before the first quote or backslash. */
size_t skip_plain(const char *p, size_t len);

#endif
