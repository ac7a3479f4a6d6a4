/*
 * Tables asked for once: several statements of a connection go on after the
 * same WITH clause, one table of which costs more than what they ask of it. It
 * is kept as a temporary table then. A statement that says anything else than
 * the clause compiled in, as an older check may, is run as it stands.
 */
#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "report/judge/query.h"
#include "report/judge/with.h"
#include "report/judge/asked.h"
#include "report/judge/catalog_table.h"

#define CLAUSE_MAX (128 * 1024)
#define TABLE_MAX 64

/* Clauses, and which of their tables costs most. */
static const struct kept {
	const char *clause, *table;
} kept[] = {
	{ "module-ledger", "ledger" },
	{ "image-ledger", "ledger" },
	{ "whole-ledger", "ledger" },
	{ "iam-grants", "risk" },
	{ "kube-power", "bound" },
};

struct found {
	const struct kept *kept;
	char table[TABLE_MAX]; /* where it is kept */
	struct buf clause;
	const char *at;	 /* the clause in the statement, without comments */
	size_t len;	 /* of it */
	size_t from, to; /* its table within it, from the line break before */
};

static void
name_table(const char *clause, char out[TABLE_MAX])
{
	(void)snprintf(out, TABLE_MAX, "kept_%s", clause);
	for (char *p = out; *p != '\0'; p++)
		if (*p == '-')
			*p = '_';
}

static const char *
after_header(const char *sql)
{
	while (*sql == '\n' || strncmp(sql, "--", 2) == 0) {
		sql += strcspn(sql, "\n");
		sql += *sql == '\n';
	}
	return sql;
}

/* Where the table stands in its clause: up to the next that begins a line. */
static bool
find_table(struct found *d, const char *clause)
{
	char opens[TABLE_MAX];
	const char *from, *to;

	(void)snprintf(
	    opens, sizeof(opens), "\n%s AS MATERIALIZED (", d->kept->table);
	if ((from = strstr(clause, opens)) == NULL)
		return false;
	for (to = strchr(from + 1, '\n');
	     to != NULL && to[1] != '\0' && (to[1] < 'a' || to[1] > 'z');)
		to = strchr(to + 1, '\n');
	d->from = (size_t)(from - clause);
	d->to = to == NULL || to[1] == '\0' ? d->len : (size_t)(to - clause);
	return true;
}

/* 1: the statement, after its header, begins with such a clause; 0, -1. */
static int
find_clause(const char *sql, struct found *d, struct fault *f)
{
	d->clause = (struct buf){ .max = CLAUSE_MAX };
	d->at = after_header(sql);
	if (strncmp(d->at, "WITH", 4) != 0)
		return 0;
	for (size_t i = 0; i < LENGTH(kept); i++) {
		const char *clause;

		d->kept = &kept[i];
		buf_reset(&d->clause);
		with_put(&d->clause, kept[i].clause, strlen(kept[i].clause));
		if (buf_done(&d->clause, kept[i].clause, f) == -1)
			return -1;
		clause = after_header(d->clause.p);
		d->len = strlen(clause);
		if (strncmp(d->at, clause, d->len) != 0 ||
		    !find_table(d, clause))
			continue;
		name_table(kept[i].clause, d->table);
		return 1;
	}
	return 0;
}

/* The clause up to the table, and no comma after it. */
static void
put_clause(const struct found *d, struct buf *out)
{
	size_t to = d->to;

	buf_put(out, d->at, d->from);
	while (to > d->from && d->at[to - 1] != ')')
		to--; /* a comma, and what is said of the next */
	buf_put(out, d->at + d->from, to - d->from);
}

static int
make(struct store *reader, const struct found *d, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc = reader_has_table(reader, d->table, f);
	BUF_AUTO(sql, QUERY_SQL_MAX);

	if (rc != 0)
		return rc == 1 ? 0 : -1;
	buf_printf(&sql, "CREATE TEMP TABLE %s AS ", d->table);
	put_clause(d, &sql);
	buf_printf(&sql, "\nSELECT * FROM %s", d->kept->table);
	if (buf_done(&sql, d->table, f) == -1)
		return -1;
	if (store_prepare(reader, sql.p, &q, f) == -1)
		/* lacks a catalogue, say: the statement itself will tell */
		return sqlite3_errcode(store_db(reader)) == SQLITE_ERROR ? 0
									 : -1;
	if (sqlite3_step(q) != SQLITE_DONE)
		rc = store_fault(reader, d->table, f);
	(void)sqlite3_finalize(q);
	return rc;
}

int
kept_make(struct store *reader, const char *sql, struct fault *f)
{
	struct found d;
	int rc = find_clause(sql, &d, f);

	if (rc == 1)
		rc = make(reader, &d, f);
	buf_free(&d.clause);
	return rc;
}

static void
put_kept(const char *sql, const struct found *d, struct buf *out)
{
	buf_put(out, sql, (size_t)(d->at - sql) + d->from);
	buf_printf(out, "\n%s AS (SELECT * FROM temp.%s)%s", d->kept->table,
	    d->table, d->to < d->len ? "," : "\n");
	buf_puts(out, d->at + d->to);
}

int
kept_use(
    struct store *reader, const char *sql, struct buf *out, struct fault *f)
{
	struct found d;
	int rc = find_clause(sql, &d, f);

	if (rc == 1)
		rc = reader_has_table(reader, d.table, f);
	if (rc == 1)
		put_kept(sql, &d, out);
	else
		buf_puts(out, sql);
	buf_free(&d.clause);
	return rc == -1 ? -1 : buf_done(out, "statement", f);
}

int
kept_forget(struct store *reader, struct fault *f)
{
	for (size_t i = 0; i < LENGTH(kept); i++) {
		char table[TABLE_MAX], sql[128];

		name_table(kept[i].clause, table);
		(void)snprintf(
		    sql, sizeof(sql), "DROP TABLE IF EXISTS temp.%s", table);
		if (sqlite3_exec(store_db(reader), sql, NULL, NULL, NULL) !=
		    SQLITE_OK)
			return store_fault(reader, table, f);
	}
	return 0;
}

int
named_query_prepare(struct store *reader, const struct catalogs *catalogs,
    const struct named_query *q, sqlite3_stmt **out, struct fault *f)
{
	BUF_AUTO(whole, QUERY_SQL_MAX);
	BUF_AUTO(sql, QUERY_SQL_MAX);

	*out = NULL;
	named_query_sql(q, &whole);
	if (buf_done(&whole, q->name, f) == -1 ||
	    catalogs_attach_for(catalogs, whole.p, reader, f) == -1 ||
	    kept_make(reader, whole.p, f) == -1 ||
	    kept_use(reader, whole.p, &sql, f) == -1)
		return -1;
	return store_prepare(reader, sql.p, out, f);
}
