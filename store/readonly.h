/*
 * SQL from outside, on a connection that reads: a user's query or check may
 * select, and nothing else; what runs away is stopped.
 */
#ifndef STORE_READONLY_H
#define STORE_READONLY_H

#include "store/store.h"

#define READ_HEAP_MAX (512LL * 1024 * 1024) /* bytes SQLite may hold */
#define READ_VALUE_MAX (64 * 1024 * 1024)   /* bytes of one value */
#define READ_SQL_MAX (1024 * 1024)	    /* bytes of one statement */
#define READ_PATTERN_MAX 256		    /* bytes of a LIKE pattern */

/* Work one statement may do. Steps count alike on every machine, so a verdict
 * does not hang on its speed; seconds are for a person who waits. */
struct read_limit {
	long long steps;  /* of SQLite's virtual machine; 0: any number */
	int seconds;	  /* by the monotonic clock; 0: any time */
	bool stopped;	  /* out: the statement was stopped for it */
	long long done;	  /* steps so far */
	int64_t deadline; /* milliseconds, monotonic clock */
};

/*
 * From now on st, opened with STORE_READ, prepares nothing but SELECT, and
 * limit (borrowed until store_read_end or store_close) stops what runs.
 * SQLite's memory is capped for the whole process.
 */
void store_read_only(struct store *st, struct read_limit *limit);

/* The next statement has the whole limit again. */
void read_limit_start(struct read_limit *limit);

/* Lift the limits; the authorizer too. */
void store_read_end(struct store *st);

/* The one statement that text holds, to be finalised by the caller. FAULT_USAGE
 * if it is none, more than one, not a SELECT, or wrong: the text says so, and
 * starts with what. */
MUST_USE int store_read_prepare(struct store *st, const char *text, size_t len,
    const char *what, sqlite3_stmt **out, struct fault *f);

/* Step: 1: a row, 0: no more, -1. FAULT_LIMIT: stopped. */
MUST_USE int store_read_step(struct store *st, sqlite3_stmt *q,
    const struct read_limit *limit, const char *what, struct fault *f);

#endif
