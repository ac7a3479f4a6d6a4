/* What the parts of verifying a store share: verify.c, verify_log.c,
 * verify_runs.c. */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/internal.h"

/* Digests by the number of their row: 1 to n. */
struct digests {
	uint8_t (*d)[SHA256_LEN];
	bool *used; /* something refers to it */
	long long n;
};

struct verifying {
	struct store *st;
	const struct verifier *v;
	struct verify_counts *n;
	struct digests contents, subjects;
};

/* what is wrong, and (fmt) where */
void problem(struct verifying *y, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same of a claim that nothing contradicts but another claim. */
void doubt(struct verifying *y, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A statement of the store's; NULL with a fault. */
sqlite3_stmt *verify_ask(
    struct verifying *y, const char *text, struct fault *f);

/* A column's text, "" for NULL. */
const char *column_text(sqlite3_stmt *q, int column);

/* 32 bytes of a column; NULL: it is not that. */
const uint8_t *column_digest(sqlite3_stmt *q, int column);

/* That of a row's number, which it marks as used; NULL: there is none. */
const uint8_t *digests_use(struct digests *d, long long id);

MUST_USE int verify_log(struct verifying *y, struct fault *f);
MUST_USE int verify_runs(struct verifying *y, struct fault *f);
MUST_USE int verify_opinions(struct verifying *y, struct fault *f);

#endif
