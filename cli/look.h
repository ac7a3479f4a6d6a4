/* Looking at a store as it was: what query and show share. */
#ifndef CLI_LOOK_H
#define CLI_LOOK_H

#include "cli.h"

struct look {
	struct store *st; /* owned; reads */
	long long run;	  /* the one looked at; 0: none has ended */
	char at[UTC_LEN]; /* the time looked at */
};

/*
 * Open the store to read, and let the kinds' views show the state as of
 * --as-of, or of the newest run that did not fail. A store without runs is an
 * empty state unless --as-of asks for one. --known-at hides later judgements.
 * look_close() also after -1.
 */
int look_open(
    struct cli *cli, const struct options *o, struct look *l, struct fault *f);
void look_close(struct look *l);

/* Prepare our own SQL; :run and :at are bound where it names them. */
int look_ask(
    struct look *l, const char *sql, sqlite3_stmt **q, struct fault *f);

/* 1: a row, 0: no more, -1. The caller finalises. */
int look_next(struct look *l, sqlite3_stmt *q, struct fault *f);

/* The text of a column, "-" for NULL. Borrowed until the next step. */
const char *look_text(sqlite3_stmt *q, int column);

/* One number; 0 without a row. */
int look_number(
    struct look *l, const char *sql, long long *out, struct fault *f);

#endif
