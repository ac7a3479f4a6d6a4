/*
 * XCCDF results (NIST IR 7275 rev. 4), alone or within ARF (NIST IR 7694),
 * read as they come: files of tens of megabytes pass through without a tree.
 * A document with a DTD is refused, so there are no entities; nothing is
 * fetched.
 */
#ifndef COLLECTOR_SCAP_SCAP_READ_H
#define COLLECTOR_SCAP_SCAP_READ_H

#include "base/fault.h"

#define SCAP_TEXT_MAX 512    /* bytes of an id, a name, a time */
#define SCAP_IDENTS_MAX 32   /* of one rule */
#define SCAP_RULES_MAX 20000 /* results of one scan */
#define SCAP_TESTS_MAX 10000 /* scans of one file */

struct scap_test { /* so far as it was read; "" where nothing was said */
	char benchmark[SCAP_TEXT_MAX], profile[SCAP_TEXT_MAX];
	char target[SCAP_TEXT_MAX], test_system[SCAP_TEXT_MAX];
	char started[SCAP_TEXT_MAX], ended[SCAP_TEXT_MAX];
	long long pass, fail, other; /* rules */
};

struct scap_rule {
	char rule[SCAP_TEXT_MAX], result[SCAP_TEXT_MAX];
	char severity[SCAP_TEXT_MAX];
	char idents[SCAP_IDENTS_MAX][SCAP_TEXT_MAX]; /* "SYSTEM VALUE" */
	size_t nidents;
};

struct scap_handler { /* each: 0, or -1 with a fault, which ends the reading */
	int (*rule)(void *ctx, const struct scap_test *,
	    const struct scap_rule *, struct fault *);
	int (*test)(void *ctx, const struct scap_test *, struct fault *);
	void *ctx;
};

struct scap;
MUST_USE struct scap *scap_new(const struct scap_handler *h, struct fault *f);
void scap_free(struct scap *s); /* NULL is fine */

/* The next bytes. FAULT_FORMAT: not XML, or not as the standards have it. */
MUST_USE int scap_feed(
    struct scap *s, const void *p, size_t len, struct fault *f);

/* There are no more. FAULT_FORMAT too if no TestResult was there. */
MUST_USE int scap_end(struct scap *s, struct fault *f);

#endif
