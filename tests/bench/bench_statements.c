/*
 * What each check and each table of a report costs: rows, steps of SQLite's
 * virtual machine, which are the same on every machine, and milliseconds.
 *
 *	bench_statements STORE [RUN [NAME]]
 *
 * With a name, how SQLite goes about that one statement as well.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/kit/collector.h"
#include "report/judge/check.h"
#include "report/judge/profile.h"
#include "report/judge/query.h"
#include "store/store.h"
#include "report/judge/asked.h"
#include "report/judge/catalog_table.h"

static struct fault fault_;

static void
die(const char *what)
{
	(void)fprintf(stderr, "bench_statements: %s: %s\n", what, fault_.text);
	exit(1);
}

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
explain(struct store *st, const char *sql)
{
	sqlite3_stmt *q = NULL;
	BUF_AUTO(text, 2 * QUERY_SQL_MAX);

	buf_puts(&text, "EXPLAIN QUERY PLAN ");
	buf_puts(&text, sql);
	if (buf_done(&text, "plan", &fault_) == -1 ||
	    store_prepare(st, text.p, &q, &fault_) == -1)
		die("plan");
	while (sqlite3_step(q) == SQLITE_ROW)
		(void)printf("%5d %5d  %s\n", sqlite3_column_int(q, 0),
		    sqlite3_column_int(q, 1),
		    (const char *)sqlite3_column_text(q, 3));
	(void)sqlite3_finalize(q);
}

static void
line(const char *what, const char *id, double made, double prepared,
    sqlite3_stmt *q)
{
	long rows = 0;
	double from = now();

	while (sqlite3_step(q) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(q); i++)
			(void)sqlite3_column_text(q, i);
		rows++;
	}
	(void)printf("%s\t%s\t%ld\t%d\t%.2f\t%.2f\t%.2f\n", what, id, rows,
	    sqlite3_stmt_status(q, SQLITE_STMTSTATUS_VM_STEP, 0), made,
	    prepared, now() - from);
	(void)sqlite3_finalize(q);
}

static void
check(struct store *st, const struct check *k, const char *wanted)
{
	sqlite3_stmt *q = NULL;
	double t0 = now(), t1;
	BUF_AUTO(sql, QUERY_SQL_MAX);

	/* the kept tables and kinds that it is the first to name */
	if (kept_make(st, k->text, &fault_) == -1 ||
	    kept_use(st, k->text, &sql, &fault_) == -1 ||
	    store_prepare(st, sql.p, &q, &fault_) == -1)
		die(k->id);
	(void)sqlite3_finalize(q);
	if (wanted != NULL && strcmp(wanted, k->id) == 0)
		explain(st, sql.p);
	t1 = now();
	if (store_prepare(st, sql.p, &q, &fault_) == -1)
		die(k->id);
	line("check", k->id, t1 - t0, now() - t1, q);
}

static void
section(struct store *st, const struct catalogs *catalogs,
    const struct named_query *n, long long run, const char *wanted)
{
	sqlite3_stmt *q = NULL;
	double t0 = now(), t1;

	if (named_query_prepare(st, catalogs, n, &q, &fault_) == -1)
		die(n->name);
	if (wanted != NULL && strcmp(wanted, n->name) == 0)
		explain(st, sqlite3_sql(q));
	(void)sqlite3_finalize(q);
	t1 = now();
	if (named_query_prepare(st, catalogs, n, &q, &fault_) == -1)
		die(n->name);
	for (int i = 1; i <= sqlite3_bind_parameter_count(q); i++) {
		const char *name = sqlite3_bind_parameter_name(q, i);

		if (strcmp(name, ":run") == 0)
			sqlite3_bind_int64(q, i, run);
		else if (strcmp(name, ":at") == 0 || strcmp(name, ":to") == 0)
			sqlite3_bind_text(
			    q, i, "2026-10-01T00:00:00Z", -1, SQLITE_STATIC);
		else if (strcmp(name, ":from") == 0)
			sqlite3_bind_text(
			    q, i, "2026-07-01T00:00:00Z", -1, SQLITE_STATIC);
		for (size_t k = 0; k < n->nparams; k++)
			if (strcmp(name + 1, n->params[k].name) == 0)
				sqlite3_bind_text(q, i, n->params[k].value, -1,
				    SQLITE_TRANSIENT);
	}
	line("section", n->name, t1 - t0, now() - t1, q);
}

int
main(int argc, char **argv)
{
	struct crypto *c = crypto_new(false, &fault_);
	struct checks checks;
	struct named_query n;
	struct store *st = NULL;
	long long run = argc > 2 ? atoll(argv[2]) : 1;
	const char *wanted = argc > 3 ? argv[3] : NULL;
	double t;

	if (argc < 2 || c == NULL ||
	    (st = store_open(argv[1], STORE_READ, kinds, c, &fault_)) == NULL)
		die("open");
	if (checks_load(&checks, NULL, NULL, c, &fault_) == -1)
		die("checks");
	t = now();
	if (store_freeze(st, run, &fault_) == -1)
		die("freeze");
	(void)printf("stage\tfreeze\t0\t0\t0\t0\t%.2f\n", now() - t);
	if (store_mask_unseen(st, run, &fault_) == -1 ||
	    asked_set(st, "2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z", run,
		0, &fault_) == -1 ||
	    parameters_set(st, &checks, &fault_) == -1)
		die("asked");
	for (size_t i = 0; i < checks.catalogs.n; i++)
		if (catalog_attach(&checks.catalogs.list[i], st, &fault_) == -1)
			die("catalogues");
	for (size_t i = 0; i < checks.n; i++)
		check(st, &checks.list[i], wanted);
	for (n.order = 0; named_query_section(n.order, &n);)
		section(st, &checks.catalogs, &n, run, wanted);
	checks_free(&checks);
	store_close(st);
	crypto_free(c);
	return 0;
}
