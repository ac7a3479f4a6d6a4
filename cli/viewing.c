/* See viewing.h. */
#include "cli/viewing.h"

#include <assert.h>
#include <string.h>

struct look_request
look_read(const struct options *o)
{
	return (struct look_request){ .as_of = option(o, "as-of"),
		.known_at = option(o, "known-at") };
}

/* Only the judgements of then. */
static int
known_at(const struct look_request *q, struct look *l, struct fault *f)
{
	char when[UTC_LEN];
	int64_t t;

	if (q->known_at == NULL)
		return 0;
	if (utc_parse(q->known_at, &t) == -1)
		return fault(f, FAULT_USAGE,
		    "--known-at %s: not a UTC date or time", q->known_at);
	utc_format(strlen(q->known_at) == UTC_DAY ? t + 86399 : t, when);
	return store_known_at(l->st, when, f);
}

/* A day or time, and no run's number. */
static bool
is_day(const char *asked)
{
	int64_t t;

	return !cli_is_number(asked) && utc_parse(asked, &t) == 0;
}

int
look_open(struct cli *cli, const struct look_request *q, struct look *l,
    struct fault *f)
{
	*l = (struct look){ 0 };
	cli_clock(cli, l->at);
	if ((l->st = cli_store(cli, STORE_READ, false, f)) == NULL)
		return -1;
	if (q->as_of != NULL) {
		if (cli_as_of(cli, q->as_of, l->st, &l->run, l->at, f) == -1 &&
		    !(q->any_day && is_day(q->as_of)))
			return -1;
	} else if (look_number(l,
		       "SELECT coalesce(max(run), 0) FROM ended "
		       "WHERE state <> 'failed'",
		       &l->run, f) == -1) {
		return -1;
	}
	if (store_as_of(l->st, l->run, f) == -1)
		return -1;
	return known_at(q, l, f);
}

void
look_close(struct look *l)
{
	store_close(l->st);
	l->st = NULL;
}

void
look_bind_number(sqlite3_stmt *q, const char *name, long long value)
{
	int i = sqlite3_bind_parameter_index(q, name);

	if (i > 0)
		sqlite3_bind_int64(q, i, value);
}

void
look_bind_text(sqlite3_stmt *q, const char *name, const char *value)
{
	int i = sqlite3_bind_parameter_index(q, name);

	if (i > 0)
		sqlite3_bind_text(q, i, value, -1, SQLITE_STATIC);
}

int
look_ask(struct look *l, const char *sql, sqlite3_stmt **q, struct fault *f)
{
	if (store_prepare(l->st, sql, q, f) == -1)
		return -1;
	look_bind_number(*q, ":run", l->run);
	look_bind_text(*q, ":at", l->at);
	return 0;
}

int
look_next(struct look *l, sqlite3_stmt *q, struct fault *f)
{
	switch (sqlite3_step(q)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return store_fault(l->st, "read", f);
	}
}

const char *
look_text(sqlite3_stmt *q, int column)
{
	const char *s = (const char *)sqlite3_column_text(q, column);

	return s != NULL ? s : "-";
}

/* A text, or the digits of a number. */
static struct cell
cell_at(sqlite3_stmt *q, int column)
{
	struct cell c = cell_text((const char *)sqlite3_column_text(q, column));

	if (c.type == CELL_TEXT &&
	    sqlite3_column_type(q, column) != SQLITE_TEXT)
		c.type = CELL_NUMBER;
	return c;
}

long long
look_rows(struct look *l, sqlite3_stmt *q, const int *shown, size_t n,
    enum rows_format format, struct fault *f)
{
	const char *names[LOOK_SHOWN_MAX];
	struct cell cells[LOOK_SHOWN_MAX];
	long long count = 0;
	struct rows *r;
	int rc;

	assert(n <= LOOK_SHOWN_MAX);
	for (size_t i = 0; i < n; i++)
		names[i] = sqlite3_column_name(q, shown[i]);
	if ((r = rows_new(stdout, format, names, n, f)) == NULL)
		return -1;
	while ((rc = look_next(l, q, f)) == 1) {
		for (size_t i = 0; i < n; i++)
			cells[i] = cell_at(q, shown[i]);
		if ((rc = rows_put(r, cells, f)) == -1)
			break;
		count++;
	}
	if (rc == 0)
		rc = rows_end(r, f);
	rows_free(r);
	return rc == -1 ? -1 : count;
}

int
look_number(struct look *l, const char *sql, long long *out, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	*out = 0;
	if (look_ask(l, sql, &q, f) == -1)
		return -1;
	if ((rc = look_next(l, q, f)) == 1)
		*out = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	return rc == -1 ? -1 : 0;
}
