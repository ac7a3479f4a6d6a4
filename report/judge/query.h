/*
 * Named queries: report/queries/NAME.sql, compiled in. Each is one SELECT
 * under a header:
 *
 *   -- title: one line
 *   -- param: name [default] meaning
 *   -- with: name
 *   -- rests: name: the query that says what the answer rests on; it has the
 *      parameter scope, and columns scope, what and whole (yes, no)
 *   -- evidence: none: it reads catalogs alone, so it answers before any run
 *
 * It may use :run and :at, the run and the time that are looked at, :from and
 * :to, the period asked about, and its own parameters. Kinds' views show the
 * state as of :run. with: it goes on after report/queries/with/name.sql, the
 * WITH clause that several queries share.
 *
 * A query in report/sections/ is a table of the report as well. Its header has
 * besides:
 *
 *   -- order: place among the tables
 *   -- kinds: it is shown if there are subjects of the first; *: if it has rows
 *   -- about: a sentence or two above it, continued by indented lines
 *   -- period: yes: it is of reports over a period, and may use :from and :to
 *   -- chart: bars: a row a day, its counts are drawn as a stacked bar; days:
 * the last column has a character a day, drawn as a strip
 *   -- first: yes: it stands on the first page
 *
 * The names of its columns are the headings; verdict is shown as one.
 */
#ifndef REPORT_JUDGE_QUERY_H
#define REPORT_JUDGE_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "report/judge/catalog.h"
#include "store/store.h"

#define QUERY_PARAMS_MAX 8

struct query_param {
	char name[32];
	char value[64]; /* unless one is given */
	char about[160];
};

struct named_query {
	char name[64];
	char title[160];
	struct query_param params[QUERY_PARAMS_MAX];
	size_t nparams;
	int order;	    /* of a section; 0: it is none */
	char kind[64];	    /* of a section: needed for it to be shown */
	char about[600];    /* of a section */
	bool period;	    /* a section of reports over a period only */
	bool first;	    /* of the first page */
	bool catalogs_only; /* evidence: none */
	char chart[8];	    /* how it is drawn, or empty: see above */
	const char *with;   /* name of what it goes on after, or NULL; static */
	size_t with_len;
	char rests[64];	 /* name of a query, or "" */
	const char *sql; /* header included; static */
	size_t len;
};

/* The i-th: queries, then sections, by name; false: there are no more. */
bool named_query_at(size_t i, struct named_query *out);

/* The section that comes after this order (0: the first); false: none. */
bool named_query_section(int after, struct named_query *out);

/* false: no query of that name. */
bool named_query_find(const char *name, struct named_query *out);

/* The whole statement, as the stock shell takes it too. */
#define QUERY_SQL_MAX (256 * 1024)
void named_query_sql(const struct named_query *q, struct buf *out);

/*
 * The statement of a named query, with the catalogues and the kept table that
 * it speaks of made first; its parameters are the caller's to bind, and it is
 * his to finalise. reader shows one frozen state (query_look, model_load).
 */
MUST_USE int named_query_prepare(struct store *reader,
    const struct catalogs *catalogs, const struct named_query *q,
    sqlite3_stmt **out, struct fault *f);

/*
 * A ledger of modules as a temporary table of a connection that shows one
 * frozen state. kept_make() makes it, once, if the SQL goes on after the clause
 * of a ledger; kept_use() writes the SQL as it is to be run: the ledger read
 * from the table where there is one, else as it stands. kept_forget() drops
 * them, which asked_set() does: they hold for what is asked.
 */
MUST_USE int kept_make(struct store *reader, const char *sql, struct fault *f);
MUST_USE int kept_use(
    struct store *reader, const char *sql, struct buf *out, struct fault *f);
MUST_USE int kept_forget(struct store *reader, struct fault *f);

struct query_when { /* borrowed */
	long long run, judgement;
	const char *at;	       /* UTC: the time looked at */
	const char *made;      /* UTC: when it was judged */
	const char *from, *to; /* UTC: the period */
};

/*
 * The rows of a query as CSV with a line of names, piece by piece; parameters
 * have their defaults. reader shows the state as of when->run (store_as_of).
 * put returns -1 with a fault to stop.
 */
MUST_USE int named_query_csv(struct store *reader,
    const struct catalogs *catalogs, const char *name,
    const struct query_when *when,
    int (*put)(void *ctx, const void *p, size_t len, struct fault *), void *ctx,
    struct fault *f);

/*
 * The first column of each row as text, NULLs left out; borrowed for the call.
 * take returns -1 with a fault to stop. Else as named_query_csv().
 */
MUST_USE int named_query_texts(struct store *reader,
    const struct catalogs *catalogs, const char *name,
    const struct query_when *when,
    int (*take)(void *ctx, const char *text, struct fault *), void *ctx,
    struct fault *f);

/* Let reader show the state as of when->run, and the verdicts of its
 * judgement: what queries of a report ask. */
MUST_USE int query_look(
    struct store *reader, const struct query_when *when, struct fault *f);

#endif
