/* See query_rests.h. */
#include "cli/query_rests.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char what[] = "query";

static const char *
text(sqlite3_stmt *q, int column)
{
	const char *s = (const char *)sqlite3_column_text(q, column);

	return s != NULL ? s : "";
}

/* A line a row: scope, what, whole. */
static int
print_rows(struct store *st, sqlite3_stmt *q, struct read_limit *limit,
    struct fault *f)
{
	bool lacking = false;
	int rc;

	while ((rc = store_read_step(st, q, limit, what, f)) == 1) {
		(void)fprintf(stderr, "exhibit: %s: this answer %s.\n",
		    text(q, 0), text(q, 1));
		lacking = lacking || strcmp(text(q, 2), "yes") != 0;
	}
	return rc == 0 && lacking ? 1 : rc;
}

int
query_rests(struct store *st, const struct named_query *q, const char *scope,
    struct read_limit *limit, struct fault *f)
{
	struct named_query rests;
	sqlite3_stmt *stmt = NULL;
	BUF_AUTO(sql, QUERY_SQL_MAX);
	int at, rc;

	if (!named_query_find(q->rests, &rests))
		return fault(f, FAULT_USAGE, "query: there is none named '%s'",
		    q->rests);
	named_query_sql(&rests, &sql);
	if (buf_done(&sql, what, f) == -1 ||
	    store_read_prepare(st, sql.p, sql.len, what, &stmt, f) == -1)
		return -1;
	at = sqlite3_bind_parameter_index(stmt, ":scope");
	if (at > 0)
		sqlite3_bind_text(
		    stmt, at, scope != NULL ? scope : "*", -1, SQLITE_STATIC);
	rc = print_rows(st, stmt, limit, f);
	(void)sqlite3_finalize(stmt);
	return rc;
}
