/*
 * Checks as coded findings: the SELECT gives subject, code and arguments from
 * one CASE, and the header says what each code means, so that verdict and
 * reason cannot differ. From both comes one statement of subject, verdict,
 * reason, which a stock sqlite3 runs too:
 *
 *   -- gone: what a subject is called, where it could not be observed
 *   -- untold: columns of the first kind without which nothing can be said
 *   -- lists: what there may be more of, by the calls that list it
 *   -- code: NAME VERDICT text with {argument}; a line or more each
 *
 * Every subject of the first kind is in it: one that was not observed, or
 * lacks a column of untold, is unknown whatever the SELECT says of it. One of
 * which it says nothing, or a code that is none, gets no verdict, which is a
 * fault; so does a subject of another kind.
 */
#ifndef REPORT_JUDGE_CODED_H
#define REPORT_JUDGE_CODED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "report/judge/verdict.h"

#define CODES_MAX 64

struct code {
	const char *name;
	enum verdict verdict;
	const char *text; /* with {argument} */
};

struct coded { /* of one check; all NULL and 0: it gives verdicts itself */
	const struct code *codes;
	size_t ncodes;
	const char *gone;
	const char *const *untold;
	size_t nuntold;
	const char *what;	  /* lists: "instances" */
	const char *const *calls; /* lists: keys of aws.call */
	size_t ncalls;
};

/*
 * Read the header's fields, each NULL if it does not stand there; codes has a
 * line for each. Everything goes into the arena. FAULT_FORMAT names path.
 */
MUST_USE int coded_read(struct coded *out, struct arena *a, const char *codes,
    const char *gone, const char *untold, const char *lists, const char *path,
    struct fault *f);

/* Append the statement that is made of a check's own SQL; kind: the name of the
 * first kind it reads. */
void coded_put(
    const struct coded *c, const char *kind, const char *sql, struct buf *out);

#endif
