/*
 * Tables asked for once: several statements of a connection go on after the
 * same WITH clause, whose last table costs more than what they ask of it. It is
 * kept as a temporary table then. A statement that says anything else than the
 * clause compiled in, as an older check may, is run as it stands.
 */
#include <stdio.h>
#include <string.h>

#include "report/judge/query.h"
#include "report/judge/with.h"

#define CLAUSE_MAX (128 * 1024)
#define TABLE_MAX 64
#define OPENS "\nledger AS MATERIALIZED (" /* the last table of each */

static const char *const ledgers[] = { "module-ledger", "image-ledger",
	"whole-ledger", NULL };

struct found {
	char table[TABLE_MAX]; /* where it is kept */
	struct buf clause;
	const char *at; /* of it in the statement */
	size_t before;	/* bytes of it before its last table */
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

/* 1: the statement, after its header, begins with such a clause; 0, -1. */
static int
find_clause(const char *sql, struct found *d, struct fault *f)
{
	const char *opens;

	d->clause = (struct buf){ .max = CLAUSE_MAX };
	d->at = after_header(sql);
	if (strncmp(d->at, "WITH\n", 5) != 0 || strstr(d->at, OPENS) == NULL)
		return 0;
	for (size_t i = 0; ledgers[i] != NULL; i++) {
		buf_reset(&d->clause);
		with_put(&d->clause, ledgers[i], strlen(ledgers[i]));
		if (buf_done(&d->clause, ledgers[i], f) == -1)
			return -1;
		opens = strstr(d->clause.p, OPENS);
		if (opens == NULL ||
		    strncmp(d->at, d->clause.p, d->clause.len) != 0)
			continue;
		d->before = (size_t)(opens - d->clause.p);
		name_table(ledgers[i], d->table);
		return 1;
	}
	return 0;
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
	buf_put(&sql, d->clause.p, d->clause.len);
	buf_puts(&sql, "SELECT * FROM ledger");
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
	buf_put(out, sql, (size_t)(d->at - sql) + d->before);
	buf_printf(out, "\nledger AS (SELECT * FROM temp.%s)\n", d->table);
	buf_puts(out, d->at + d->clause.len);
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
	for (size_t i = 0; ledgers[i] != NULL; i++) {
		char table[TABLE_MAX], sql[128];

		name_table(ledgers[i], table);
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
