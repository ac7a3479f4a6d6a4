/* Looking at a store as it was: what query and show share. */
#ifndef CLI_VIEWING_H
#define CLI_VIEWING_H

#include "cli/rows.h"

struct look {
	struct store *st; /* owned; reads */
	long long run;	  /* the one looked at; 0: none has ended */
	char at[UTC_LEN]; /* the time looked at */
};

struct look_request {	      /* borrowed */
	const char *as_of;    /* a run, date or time; NULL: the newest */
	const char *known_at; /* a date or time; NULL: now */
	bool any_day;	      /* of what reads catalogs and no evidence: a day
			       * before the first run is of an empty state */
};

struct look_request look_read(const struct options *o);

/*
 * Open the store to read, and let the kinds' views show the state as of then,
 * or of the newest run that did not fail. A store without runs is an empty
 * state unless as_of asks for one. known_at hides later judgements.
 * look_close() also after -1.
 */
MUST_USE int look_open(struct cli *cli, const struct look_request *q,
    struct look *l, struct fault *f);
void look_close(struct look *l);

/* Prepare our own SQL; :run and :at are bound where it names them. */
MUST_USE int look_ask(
    struct look *l, const char *sql, sqlite3_stmt **q, struct fault *f);

/* Bind by name, where the SQL names it; the text is borrowed. */
void look_bind_number(sqlite3_stmt *q, const char *name, long long value);
void look_bind_text(sqlite3_stmt *q, const char *name, const char *value);

/* 1: a row, 0: no more, -1. The caller finalises. */
MUST_USE int look_next(struct look *l, sqlite3_stmt *q, struct fault *f);

/* The text of a column, "-" for NULL. Borrowed until the next step. */
const char *look_text(sqlite3_stmt *q, int column);

/*
 * What differs between two contents, column by column: outcome, reason and the
 * attributes, among which none is named so. Goes on after a WITH table told
 * (id, run, old_body, new_body); a body is NULL where there was none, or where
 * retention dropped its bytes.
 */
#define LOOK_DIFFERS                                                           \
	"member AS (SELECT t.id, t.run, v.new, j.key, j.value FROM told t "    \
	"CROSS JOIN (SELECT 0 AS new UNION ALL SELECT 1) v CROSS JOIN "        \
	"json_each(json_set(coalesce(iif(v.new, t.new_body, t.old_body) -> "   \
	"'$.attributes', '{}'), '$.outcome', iif(v.new, t.new_body, "          \
	"t.old_body) ->> '$.outcome', '$.reason', iif(v.new, t.new_body, "     \
	"t.old_body) ->> '$.reason')) j), "                                    \
	"differs AS MATERIALIZED (SELECT id, run, key AS name, "               \
	"max(value) FILTER (WHERE new = 0) AS old, "                           \
	"max(value) FILTER (WHERE new = 1) AS new FROM member "                \
	"GROUP BY id, run, key HAVING max(value) FILTER (WHERE new = 0) IS "   \
	"NOT max(value) FILTER (WHERE new = 1)) "

/* Print the rows; of the columns, those shown. Returns rows, or -1. */
#define LOOK_SHOWN_MAX 32
long long look_rows(struct look *l, sqlite3_stmt *q, const int *shown, size_t n,
    enum rows_format format, struct fault *f);

/* One number; 0 without a row. */
MUST_USE int look_number(
    struct look *l, const char *sql, long long *out, struct fault *f);

#endif
