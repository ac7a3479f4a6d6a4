/*
 * Bundles: evidence that was collected where the store is not, in one signed
 * file that stock tools check. docs/bundles.md has the format and how.
 *
 * Line 1 is the record, canonical JSON; the last line is a detached CMS over
 * line 1 with its newline, DER in base64; between them is NDJSON (see
 * observation.h), which the record's digest, size and count answer for.
 */
#ifndef REPORT_PACKAGE_BUNDLE_H
#define REPORT_PACKAGE_BUNDLE_H

#include "report/sign/sign.h"
#include "base/utc.h"

#define BUNDLE_VERSION 1
#define BUNDLE_MAX (256UL * 1024 * 1024) /* bytes of one bundle */
#define BUNDLE_RECORD_MAX (128 * 1024)	 /* bytes of its first line */
#define BUNDLE_ID_LEN 33		 /* 128 random bits as hex, NUL */
#define BUNDLE_ORIGIN_MAX 64		 /* bytes of A-Z a-z 0-9 . _ - */
#define BUNDLE_TEXT_MAX 256		 /* bytes of who and which version */

struct bundle {
	char id[BUNDLE_ID_LEN], origin[BUNDLE_ORIGIN_MAX + 1];
	char began[UTC_LEN], ended[UTC_LEN]; /* by the origin's clock */
	char asked_by[BUNDLE_TEXT_MAX], exhibit[BUNDLE_TEXT_MAX];
	struct slice plan;   /* canonical JSON object; see below */
	struct slice record; /* line 1 with its newline */
	struct slice body;   /* whole lines */
	struct buf own;	     /* what plan points to after reading; owned */
	struct buf cms;	     /* DER; owned */
};

/* Is it a name that an origin may have? It may stand in a file's name. */
bool bundle_origin_ok(const char *origin);

/* Does this line begin a bundle? */
bool bundle_begins(const char *line, size_t len);

/*
 * Append a bundle: everything of b but record and cms is given, borrowed.
 * when: seconds since 1970, of the signature. FAULT_USAGE: a bad origin.
 */
MUST_USE int bundle_make(const struct bundle *b, const struct signer *signer,
    struct crypto *c, int64_t when, struct buf *out, struct fault *f);

/*
 * Read a bundle and check that its lines are those of its record. The
 * signature is not looked at. *out borrows from text; bundle_free() frees the
 * rest. FAULT_FORMAT: not a bundle, of another version, cut off or with bytes
 * after its end; FAULT_INTEGRITY: other lines; FAULT_LIMIT.
 */
MUST_USE int bundle_read(struct crypto *c, const char *text, size_t len,
    struct bundle *out, struct fault *f);
void bundle_free(struct bundle *b);

/* Verify its signature by these anchors (see signature_verify()) at the time
 * at. */
MUST_USE int bundle_verify(const struct bundle *b, struct crypto *c,
    const void *anchors, size_t anchors_len, int64_t at,
    struct signature_info *info, struct fault *f);

#endif
