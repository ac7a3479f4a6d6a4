/*
 * What the files that fill a model share: a reading connection, the model that
 * becomes full, and rows that are not kept.
 */
#ifndef REPORT_MODEL_MODEL_LOADING_H
#define REPORT_MODEL_MODEL_LOADING_H

#include "report/model/model_load.h"

#define EVIDENCE_PROP "evidence_sha256" /* the last prop of each subject */

struct row { /* one verdict */
	size_t check, subject;
	enum verdict verdict;
	const char *reason, *since;
};

struct loading {
	struct store *st;
	sqlite3 *db;
	struct crypto *crypto;
	const struct model_request *q;
	struct model *m;
	struct arena *arena;
	bool no_memory;	  /* SQLite could not give a text: sticky */
	long long record; /* log index of the judgement */
	struct row *rows; /* owned while loading */
	size_t nrows, caprows;
	int64_t *ids; /* database id of each subject */
};

/* Prepare SQL that is formatted with names of our own only. */
int loading_ask(struct loading *l, sqlite3_stmt **q, struct fault *f,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* 1: a row, 0: no more (finalised), -1. */
MUST_USE int loading_next(struct loading *l, sqlite3_stmt *q, struct fault *f);

/* A column's text, owned by the model; NULL: SQL's null, or no_memory. */
const char *loading_text(struct loading *l, sqlite3_stmt *q, int column);

/* The same name under the same judgement, the same UUID; NULL with a fault. */
MUST_USE const char *loading_uuid(
    struct loading *l, const char *what, const char *name, struct fault *f);

/* Room for one more in a growing array; -1 on memory. */
MUST_USE int loading_grow(
    void **p, size_t n, size_t *cap, size_t size, struct fault *f);

/* In this order, each into l->m. */
MUST_USE int model_load_judgement(struct loading *l, struct fault *f);
MUST_USE int model_load_run(
    struct loading *l, struct fault *f); /* and its coverage */
MUST_USE int model_load_checks(struct loading *l, struct fault *f);
MUST_USE int model_load_subjects(struct loading *l, struct fault *f);
MUST_USE int model_load_verdicts(
    struct loading *l, struct fault *f); /* and groups */
MUST_USE int model_load_evidence(struct loading *l, struct fault *f);

#endif
