/*
 * Many texts looked for in one passing: the search of Wu and Manber ("A fast
 * algorithm for multi-pattern searching", 1994) over a window that slides
 * along a stream, so that each hit can be seen with what surrounds it.
 */
#ifndef COLLECTOR_RECOGNISE_SCAN_H
#define COLLECTOR_RECOGNISE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCAN_BEFORE 1024 /* bytes before a hit that can be seen, at least */
#define SCAN_AFTER 1024	 /* and behind its first */
#define SCAN_NEEDLES_MAX 48

struct scan;

/*
 * hit() gets the number of the needle, the window and where in it the needle
 * begins. needles: texts of at least 7 bytes (their lengths beside them, for
 * some hold bytes that are none), borrowed. NULL: out of memory.
 */
struct needle {
	const char *text;
	size_t len;
};
typedef void scan_hit(
    void *ctx, size_t needle, const char *window, size_t at, size_t end);

struct scan *scan_new(
    const struct needle *needles, size_t n, scan_hit *hit, void *ctx);
void scan_free(struct scan *s);

void scan_begin(struct scan *s);
void scan_feed(struct scan *s, const char *p, size_t len);
void scan_end(struct scan *s); /* what is left in the window */

/* Where in the stream the window begins; for hit(). */
uint64_t scan_offset(const struct scan *s);

#endif
