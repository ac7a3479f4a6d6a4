/* A named query's rows as CSV, or its first column. See query.h. */
#include "report/judge/query.h"

#include <stdio.h>
#include <string.h>

#include "report/format/csv.h"
#include "report/judge/asked.h"

#define PIECE (64 * 1024)
#define LINE_MAX_LEN (64 * 1024 * 1024)

int
query_look(struct store *reader, const struct query_when *when, struct fault *f)
{
	char sql[256];

	if (store_freeze(reader, when->run, f) == -1)
		return -1;
	(void)snprintf(sql, sizeof(sql),
	    "DROP VIEW IF EXISTS temp.verdict; CREATE TEMP VIEW verdict AS "
	    "SELECT * FROM verdict_at WHERE judgement = %lld",
	    when->judgement);
	if (sqlite3_exec(store_db(reader), sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fault(reader, "verdicts", f);
	return asked_set(
	    reader, when->at, when->made, when->run, when->judgement, f);
}

static const char *
value_of(
    const struct named_query *q, const struct query_when *w, const char *name)
{
	for (size_t k = 0; k < q->nparams; k++)
		if (strcmp(name, q->params[k].name) == 0)
			return q->params[k].value;
	if (strcmp(name, "at") == 0)
		return w->at;
	if (strcmp(name, "from") == 0)
		return w->from;
	return strcmp(name, "to") == 0 ? w->to : NULL;
}

static void
bind_values(
    const struct named_query *q, const struct query_when *w, sqlite3_stmt *s)
{
	for (int i = 1; i <= sqlite3_bind_parameter_count(s); i++) {
		const char *name = sqlite3_bind_parameter_name(s, i);

		if (name == NULL)
			continue;
		if (strcmp(name, ":run") == 0)
			sqlite3_bind_int64(s, i, w->run);
		else
			sqlite3_bind_text(s, i, value_of(q, w, name + 1), -1,
			    SQLITE_TRANSIENT);
	}
}

static void
put_row(sqlite3_stmt *s, bool names, struct buf *out)
{
	int n = sqlite3_column_count(s);

	for (int i = 0; i < n; i++) {
		int type = names ? SQLITE_TEXT : sqlite3_column_type(s, i);
		const char *p = names ? sqlite3_column_name(s, i)
				      : (const char *)sqlite3_column_text(s, i);
		size_t len = p != NULL ? strlen(p) : 0;

		if (i > 0)
			csv_next(out);
		if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
			csv_number(out, p, len);
		else
			csv_text(out, p, len);
	}
	csv_end(out);
}

static int
put_rows(struct store *reader, const char *name, sqlite3_stmt *s,
    int (*put)(void *ctx, const void *p, size_t len, struct fault *), void *ctx,
    struct fault *f)
{
	BUF_AUTO(out, LINE_MAX_LEN);
	int rc;

	put_row(s, true, &out);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		put_row(s, false, &out);
		if (out.len < PIECE)
			continue;
		if (buf_done(&out, name, f) == -1 ||
		    put(ctx, out.p, out.len, f) == -1)
			return -1;
		buf_reset(&out);
	}
	if (rc != SQLITE_DONE)
		return store_fault(reader, name, f);
	if (buf_done(&out, name, f) == -1)
		return -1;
	return put(ctx, out.p, out.len, f);
}

/* The statement of a named query, its values bound; the caller finalises. */
static int
ask(struct store *reader, const struct catalogs *catalogs, const char *name,
    const struct query_when *when, sqlite3_stmt **s, struct fault *f)
{
	struct named_query q;

	if (!named_query_find(name, &q))
		return fault(f, FAULT_USAGE, "no query '%s'", name);
	if (named_query_prepare(reader, catalogs, &q, s, f) == -1)
		return -1;
	bind_values(&q, when, *s);
	return 0;
}

int
named_query_csv(struct store *reader, const struct catalogs *catalogs,
    const char *name, const struct query_when *when,
    int (*put)(void *ctx, const void *p, size_t len, struct fault *), void *ctx,
    struct fault *f)
{
	sqlite3_stmt *s = NULL;
	int rc;

	if (ask(reader, catalogs, name, when, &s, f) == -1)
		return -1;
	rc = put_rows(reader, name, s, put, ctx, f);
	(void)sqlite3_finalize(s);
	return rc;
}

int
named_query_texts(struct store *reader, const struct catalogs *catalogs,
    const char *name, const struct query_when *when,
    int (*take)(void *ctx, const char *text, struct fault *), void *ctx,
    struct fault *f)
{
	sqlite3_stmt *s = NULL;
	int rc;

	if (ask(reader, catalogs, name, when, &s, f) == -1)
		return -1;
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(s, 0);

		if (text != NULL && take(ctx, text, f) == -1)
			break;
	}
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		(void)store_fault(reader, name, f);
	(void)sqlite3_finalize(s);
	return rc == SQLITE_DONE ? 0 : -1;
}
