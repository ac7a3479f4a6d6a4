/*
 * An emission: what one "collect --emit" prints. Its lines are those of
 * ndjson_sink(), and each says its number and the digest of all of them so far:
 *
 *   {"key":…,"scope":…,"seq":{"chain":"<64 hex digits>","line":1}}
 *   {"end":2,"seq":{"chain":…,"line":3}}
 *
 * chain is SHA-256 of the chain before it (32 bytes, zeros before the first)
 * and the line without its seq member and newline. The last line counts those
 * before it. So a line that was lost, repeated, changed, moved, or cut off with
 * all that follow is seen when the emission is read. Anyone can compute a
 * chain: it shows loss on the way, not who wrote it; a bundle is signed.
 */
#ifndef BASE_EMISSION_H
#define BASE_EMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/observation.h"

/* ---- writing ---- */

struct emission {
	struct ndjson to;      /* where numbered lines go */
	struct crypto *crypto; /* borrowed */
	uint8_t chain[SHA256_LEN];
	long long lines;
};

/* A write() for struct ndjson, with a struct emission as its ctx. */
MUST_USE int emission_write(
    void *ctx, const char *p, size_t len, struct fault *f);

/* The last line. Without it whoever reads refuses the emission. */
MUST_USE int emission_end(struct emission *e, struct fault *f);

/* ---- reading ---- */

struct emission_odd {	     /* what was taken, and is told */
	long long skipped;   /* lines that were not of the emission */
	long long uncounted; /* lines more than coverage statements count */
};

/*
 * Lines as they come, from emissions or without numbers (as in a bundle, or of
 * older versions), into a sink. Of each scope the lines that came are compared
 * with the count in its coverage statement: where there are fewer, the whole is
 * refused. A scope whose statement did not come gets one that says "error", so
 * that nothing of it is concluded to be gone. In emissions, what is no JSON
 * object is skipped and counted: a container's log has standard error between
 * the lines.
 */
struct emission_reader {
	const struct sink *to;		 /* borrowed */
	const struct kind *const *kinds; /* borrowed */
	struct crypto *crypto;		 /* borrowed */
	uint8_t chain[SHA256_LEN];
	long long at;	/* lines of this emission so far; 0: in none */
	long long read; /* lines with an object so far */
	struct emission_odd odd;
	bool numbered;		     /* the first line was */
	struct ndjson_scope *scopes; /* owned; see emission_scopes.c */
	size_t nscopes, cap;
};

#define EMISSION_SCOPES_MAX 1000000
#define EMISSION_SKIPPED_MAX 8192 /* bytes of a line that is skipped */

/*
 * One line, without its newline; it is changed. FAULT_FORMAT: it is not what
 * has to follow, or not one that can be read. Any other fault is the sink's.
 */
MUST_USE int emission_line(
    struct emission_reader *r, char *p, size_t len, struct fault *f);

/* For who reads a part of an emission: the line without its number, into out,
 * which is emptied first. The number, or 0 if it has none; then out is the line
 * as it is. Check out with buf_done(). */
long long emission_bare(const char *p, size_t len, struct buf *out);

/* After the last line. FAULT_FORMAT: something is missing; else the sink's. */
MUST_USE int emission_whole(struct emission_reader *r, struct fault *f);

void emission_reader_free(struct emission_reader *r);

/* For emission.c: r->to behind the counting of scopes, and its end. */
struct sink emission_counting(struct emission_reader *r);
MUST_USE int emission_scopes_end(struct emission_reader *r, struct fault *f);

#endif
