/* See judge.h. */
#include "report/judge/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/judge/profile.h"
#include "report/judge/query.h"
#include "store/readonly.h"
#include "base/build.h"
#include "base/utc.h"
#include "report/judge/asked.h"
#include "report/judge/catalog_table.h"

#define CHECK_STEPS_MAX 2000000000LL /* of SQLite, of one check */
#define CHECK_SECONDS_MAX 1800 /* where a step is slow; no check takes one */
#define REASON_MAX 2000

struct judging {
	struct store *reader; /* where checks run */
	struct judgement *j;  /* NULL: nothing is kept, see put */
	judge_put *put;
	void *put_ctx;
	const struct judge_request *q;
	sqlite3_stmt *stale;	 /* when was a stale subject last seen? */
	bool used[CATALOGS_MAX]; /* of the catalogues, by their order */
	bool *absent; /* owned; of the checks: nothing they read is there */
	struct read_limit limit;
	char dropped[UTC_LEN]; /* evidence of the state is gone since; or "" */
};

static int
check_fault(const struct check *k, const char *what, struct fault *f)
{
	return fault(f, FAULT_FORMAT, "check %s: %s", k->id, what);
}

/*
 * The subjects of a population that were last seen before the limit. Made
 * once per kind: every check of that population asks it.
 */
static int
note_stale(struct judging *g, const char *kind, struct fault *f)
{
	char view[KIND_VIEW_MAX], limit[UTC_LEN], *sql;
	sqlite3_stmt *note = NULL;
	int64_t t = 0;
	int rc;

	if (g->q->max_age == 0 || utc_parse(g->q->as_of, &t) == -1)
		return 0;
	utc_format(t - g->q->max_age, limit);
	if ((rc = store_has_kind(g->reader, kind, f)) != 1)
		return rc;
	kind_view(&(const struct kind){ .name = kind }, view);
	sql = sqlite3_mprintf(
	    "INSERT OR IGNORE INTO temp.stale SELECT v.subject, e.ended FROM "
	    "\"%w\" v JOIN ended e ON e.run = v.seen_run WHERE e.ended < %Q",
	    view, limit);
	if (sql == NULL)
		return fault_memory(f);
	rc = store_prepare(g->reader, sql, &note, f);
	sqlite3_free(sql);
	if (rc == 0 && sqlite3_step(note) != SQLITE_DONE)
		rc = store_fault(g->reader, "staleness", f);
	(void)sqlite3_finalize(note);
	return rc;
}

static int
prepare_stale(struct judging *g, const struct checks *checks, struct fault *f)
{
	sqlite3 *db = store_db(g->reader);

	if (sqlite3_exec(db,
		"CREATE TEMP TABLE stale(subject INTEGER PRIMARY KEY, seen)",
		NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db,
		"SELECT seen FROM temp.stale WHERE subject = ?1", -1, &g->stale,
		NULL) != SQLITE_OK)
		return store_fault(g->reader, "staleness", f);
	for (size_t i = 0; i < checks->n; i++) {
		const char *kind = checks->list[i].kinds[0];
		bool done = false;

		for (size_t k = 0; k < i; k++)
			if (strcmp(checks->list[k].kinds[0], kind) == 0)
				done = true;
		if (!done && note_stale(g, kind, f) == -1)
			return -1;
	}
	return 0;
}

/* The reason a subject's verdict cannot stand, or "" if it is fresh. */
static int
staleness(struct judging *g, int64_t subject, char *reason, size_t size,
    struct fault *f)
{
	const char *seen;
	int rc;

	reason[0] = '\0';
	(void)sqlite3_reset(g->stale);
	sqlite3_bind_int64(g->stale, 1, subject);
	rc = sqlite3_step(g->stale);
	if (rc == SQLITE_ROW) {
		seen = (const char *)sqlite3_column_text(g->stale, 0);
		if (seen == NULL)
			return store_fault(g->reader, "staleness", f);
		(void)snprintf(reason, size,
		    "last seen %s, longer ago than the accepted %lld hours",
		    seen, g->q->max_age / 3600);
	} else if (rc != SQLITE_DONE) { /* what is not known is not fresh */
		return store_fault(g->reader, "staleness", f);
	}
	(void)sqlite3_reset(g->stale);
	return 0;
}

/* A text is kept where the judgement is. */
static int
keep_text(struct judging *g, const char *text, size_t len, struct fault *f)
{
	return g->j != NULL ? judgement_text(g->j, text, len, f) : 0;
}

static int
keep_verdict(struct judging *g, const struct check *k, int64_t subject,
    enum verdict v, const char *reason, struct fault *f)
{
	return g->j != NULL ? judgement_put(g->j, k->id, subject,
				  verdict_name(v), reason, f)
			    : g->put(g->put_ctx, k->id, subject,
				  verdict_name(v), reason, f);
}

static int
keep_row(struct judging *g, const struct check *k, sqlite3_stmt *row,
    struct fault *f)
{
	const char *verdict = (const char *)sqlite3_column_text(row, 1);
	const char *reason = (const char *)sqlite3_column_text(row, 2);
	int64_t subject = sqlite3_column_int64(row, 0);
	char stale[128];
	enum verdict v;
	BUF_AUTO(text, 8 * REASON_MAX);

	if (sqlite3_column_type(row, 0) != SQLITE_INTEGER)
		return check_fault(k,
		    "column 'subject' is not a subject's "
		    "number",
		    f);
	if (verdict == NULL && k->coded.ncodes > 0)
		return fault(f, FAULT_FORMAT,
		    "check %s: no verdict for subject %lld: %.100s", k->id,
		    (long long)subject, reason != NULL ? reason : "no code");
	if (verdict == NULL || verdict_of_name(verdict, &v) == -1)
		return check_fault(k,
		    "column 'verdict' is not satisfied, "
		    "not-satisfied, unknown or "
		    "not-applicable",
		    f);
	if (reason != NULL && reason[0] == '\0')
		return check_fault(k, "gives a verdict without a reason", f);
	/* NULL in a reason that is put together: whatever the verdict rests
	 * on, a part of it is missing */
	if (reason == NULL) {
		v = VERDICT_UNKNOWN;
		reason = "the evidence lacks a value that this check tells of";
	}
	if (staleness(g, subject, stale, sizeof(stale), f) == -1)
		return -1;
	if (stale[0] != '\0' && v != VERDICT_NOT_APPLICABLE) {
		v = VERDICT_UNKNOWN;
		reason = stale;
	}
	/* whatever a check made of what was left, it did not see the rest */
	if (g->dropped[0] != '\0') {
		judge_purged(g->dropped, stale);
		v = VERDICT_UNKNOWN;
		reason = stale;
	}
	text_clean(&text, reason, strlen(reason), REASON_MAX);
	if (buf_done(&text, "reason", f) == -1)
		return -1;
	return keep_verdict(g, k, subject, v, text.p, f);
}

void
judge_purged(const char *day, char out[JUDGE_PURGED_MAX])
{
	(void)snprintf(out, JUDGE_PURGED_MAX,
	    "evidence of this state was dropped by retention on %.10s", day);
}

static int
run_check(struct judging *g, const struct check *k, struct fault *f)
{
	char what[96];
	sqlite3_stmt *row = NULL;
	int rc, more = 0;
	BUF_AUTO(own, READ_SQL_MAX);
	BUF_AUTO(sql, READ_SQL_MAX);

	(void)snprintf(what, sizeof(what), "check %s", k->id);
	if (kept_use(g->reader, k->text, &own, f) == -1)
		return -1;
	check_sql(k, own.p, &sql);
	if (buf_done(&sql, what, f) == -1)
		return -1;
	read_limit_start(&g->limit);
	if (store_read_prepare(g->reader, sql.p, sql.len, what, &row, f) ==
	    -1) {
		f->kind = FAULT_FORMAT; /* of the check, not of the command */
		return -1;
	}
	if (sqlite3_column_count(row) != 3) {
		(void)sqlite3_finalize(row);
		return check_fault(
		    k, "is not one SELECT of subject, verdict, reason", f);
	}
	rc = keep_text(g, k->text, k->len, f);
	while (rc == 0 && (more = store_read_step(
			       g->reader, row, &g->limit, what, f)) == 1)
		rc = keep_row(g, k, row, f);
	if (more == -1) {
		f->kind = f->kind == FAULT_USAGE || f->kind == FAULT_LIMIT
			      ? FAULT_FORMAT
			      : f->kind;
		rc = -1;
	}
	(void)sqlite3_finalize(row);
	return rc;
}

static bool
check_reads(const struct checks *checks, const struct catalog *c)
{
	for (size_t i = 0; i < checks->n; i++)
		for (size_t n = 0; n < checks->list[i].ncatalogs; n++)
			if (strcmp(checks->list[i].catalogs[n], c->name) == 0)
				return true;
	return false;
}

/* Which catalogues a check reads, or a table of the report that is made of
 * this. Each query is looked at once: there are many of both. */
static int
find_used(const struct checks *checks, bool *used, struct fault *f)
{
	const struct catalogs *cs = &checks->catalogs;
	struct named_query q;

	for (size_t i = 0; i < cs->n; i++)
		used[i] = strcmp(cs->list[i].name, PROFILE_CATALOG) == 0 ||
			  check_reads(checks, &cs->list[i]);
	for (size_t n = 0; named_query_at(n, &q); n++) {
		BUF_AUTO(sql, QUERY_SQL_MAX);

		if (q.order == 0)
			continue;
		named_query_sql(&q, &sql);
		if (buf_done(&sql, q.name, f) == -1)
			return -1;
		for (size_t i = 0; i < cs->n; i++)
			used[i] =
			    used[i] || catalog_is_named(&cs->list[i], sql.p);
	}
	return 0;
}

/* Their texts among the contents. */
static int
keep_catalogs(struct judging *g, const struct checks *checks, struct fault *f)
{
	for (size_t i = 0; i < checks->catalogs.n; i++) {
		const struct catalog *c = &checks->catalogs.list[i];

		if (g->used[i] && keep_text(g, c->text, c->len, f) == -1)
			return -1;
	}
	return 0;
}

/* What a check goes on after. One that reads only what is not there has nothing
 * to judge: it is not even prepared, unless nobody has tried whether it runs.
 */
static int
prepare_check(
    struct judging *g, const struct checks *checks, size_t i, struct fault *f)
{
	const struct check *k = &checks->list[i];
	int rc = 0;
	BUF_AUTO(sql, READ_SQL_MAX);

	check_sql(k, k->text, &sql);
	if (buf_done(&sql, k->id, f) == -1)
		return -1;
	if (k->builtin && (rc = store_kinds_absent(g->reader, sql.p, f)) == -1)
		return -1;
	g->absent[i] = rc == 1;
	if (g->absent[i])
		return 0;
	if (catalogs_attach_for(&checks->catalogs, k->text, g->reader, f) == -1)
		return -1;
	return kept_make(g->reader, k->text, f);
}

static int
run_checks(struct judging *g, const struct checks *checks, struct fault *f)
{
	int rc = prepare_stale(g, checks, f);

	g->limit.steps = CHECK_STEPS_MAX;
	g->limit.seconds = CHECK_SECONDS_MAX;
	if (rc == 0)
		rc = keep_catalogs(g, checks, f);
	if ((g->absent = calloc(checks->n + 1, sizeof(*g->absent))) == NULL)
		rc = fault_memory(f);
	for (size_t i = 0; rc == 0 && i < checks->n; i++)
		rc = prepare_check(g, checks, i, f);
	store_read_only(g->reader, &g->limit);
	for (size_t i = 0; rc == 0 && i < checks->n; i++)
		rc = g->absent[i] ? keep_text(g, checks->list[i].text,
					checks->list[i].len, f)
				  : run_check(g, &checks->list[i], f);
	store_read_end(g->reader);
	(void)sqlite3_finalize(g->stale);
	free(g->absent);
	return rc;
}

/* {id: digest} of every check used */
static json_t *
digests(const struct checks *checks)
{
	json_t *o = json_object();

	for (size_t i = 0; o != NULL && i < checks->n; i++)
		if (json_object_set_new(o, checks->list[i].id,
			json_string(checks->list[i].sha256)) == -1) {
			json_decref(o);
			return NULL;
		}
	return o;
}

/* {name: digest} of every catalogue that is used */
static json_t *
catalog_digests(const struct checks *checks, const bool *used)
{
	json_t *o = json_object();

	for (size_t i = 0; o != NULL && i < checks->catalogs.n; i++) {
		const struct catalog *c = &checks->catalogs.list[i];

		if (!used[i] || json_object_set_new(
				    o, c->name, json_string(c->sha256)) == 0)
			continue;
		json_decref(o);
		return NULL;
	}
	return o;
}

/* What it was judged by: each parameter, set by the profile or not. */
static json_t *
parameters(const struct checks *checks, long long max_age)
{
	json_t *o = json_pack("{s:I}", "max_age", (json_int_t)max_age);

	for (size_t i = 0; o != NULL && i < checks->nparameters; i++) {
		const struct parameter *p = &checks->parameters[i];

		/* the command line may go before it: max_age is what was done
		 */
		if (strcmp(p->name, "max_age_hours") == 0 ||
		    json_object_set_new(
			o, p->name, json_text(p->value, strlen(p->value))) == 0)
			continue;
		json_decref(o);
		return NULL;
	}
	return o;
}

static int
judge_with(struct judging *g, struct store *st, const struct checks *checks,
    long long *id, struct fault *f)
{
	struct judgement_begin b = { .exhibit = exhibit_build,
		.made = g->q->made,
		.as_of = g->q->as_of,
		.profile = g->q->profile,
		.run = g->q->run };
	int rc = -1;

	if (find_used(checks, g->used, f) == -1)
		return -1;
	b.checks = digests(checks);
	b.catalogs = catalog_digests(checks, g->used);
	b.parameters = parameters(checks, g->q->max_age);
	if (b.checks == NULL || b.catalogs == NULL || b.parameters == NULL)
		(void)fault_memory(f);
	else if ((g->j = judgement_new(st, &b, f)) != NULL)
		rc = run_checks(g, checks, f);
	if (rc == 0)
		rc = judgement_end(g->j, id, f);
	judgement_free(g->j);
	json_decref(b.checks);
	json_decref(b.catalogs);
	json_decref(b.parameters);
	return rc;
}

/* What only judging looks through goes. */
static int
clear(struct judging *g, struct fault *f)
{
	int rc;

	if (sqlite3_exec(store_db(g->reader), "DROP TABLE temp.stale", NULL,
		NULL, NULL) != SQLITE_OK)
		return store_fault(g->reader, "staleness", f);
	if ((rc = store_unmask(g->reader, f)) == 1)
		return kept_forget(g->reader, f); /* made of what was masked */
	return rc;
}

/* The state and what is asked of it, for checks to look at. */
static int
show(struct judging *g, const struct checks *checks, struct fault *f)
{
	const struct judge_request *q = g->q;

	if (store_freeze(g->reader, q->run, f) == -1 ||
	    store_dropped(g->reader, q->run, 0, g->dropped, f) == -1 ||
	    store_mask_unseen(g->reader, q->run, f) == -1 ||
	    asked_set(g->reader, q->as_of, q->made, q->run, 0, f) == -1)
		return -1;
	return parameters_set(g->reader, checks, f);
}

int
judge_read(struct store *reader, long long judgement, struct judge_request *q,
    char made[UTC_LEN], char as_of[UTC_LEN], struct fault *f)
{
	sqlite3_stmt *row = NULL;
	int rc;

	if (sqlite3_prepare_v2(store_db(reader),
		"SELECT j.run, j.made, j.as_of, l.body ->> "
		"'$.parameters.max_age' FROM judgement j JOIN log l ON l.seq = "
		"j.record WHERE j.id = ?1",
		-1, &row, NULL) != SQLITE_OK)
		return store_fault(reader, "judgement", f);
	sqlite3_bind_int64(row, 1, judgement);
	rc = sqlite3_step(row);
	if (rc == SQLITE_ROW) {
		q->run = sqlite3_column_int64(row, 0);
		(void)snprintf(made, UTC_LEN, "%s",
		    (const char *)sqlite3_column_text(row, 1));
		(void)snprintf(as_of, UTC_LEN, "%s",
		    (const char *)sqlite3_column_text(row, 2));
		q->max_age = sqlite3_column_int64(row, 3);
	}
	(void)sqlite3_finalize(row);
	q->made = made;
	q->as_of = as_of;
	if (rc == SQLITE_DONE)
		return fault(f, FAULT_INTEGRITY,
		    "judgement %lld: there is none", judgement);
	return rc == SQLITE_ROW ? 0 : store_fault(reader, "judgement", f);
}

int
judge_again(struct store *reader, const struct checks *checks,
    long long judgement, judge_put *put, void *ctx, struct fault *f)
{
	struct judge_request q = { .reader = reader };
	struct judging g = {
		.q = &q, .reader = reader, .put = put, .put_ctx = ctx
	};
	char made[UTC_LEN], as_of[UTC_LEN];

	if (judge_read(reader, judgement, &q, made, as_of, f) == -1 ||
	    find_used(checks, g.used, f) == -1 || show(&g, checks, f) == -1 ||
	    parameters_judged(reader, judgement, f) == -1 ||
	    run_checks(&g, checks, f) == -1)
		return -1;
	return clear(&g, f);
}

int
judge(struct store *st, const struct checks *checks,
    const struct judge_request *q, long long *judgement, struct fault *f)
{
	struct judging g = { .q = q, .reader = q->reader };
	int rc;

	if (g.reader == NULL && (g.reader = store_reader(st, f)) == NULL)
		return -1;
	rc = show(&g, checks, f);
	if (rc == 0)
		rc = judge_with(&g, st, checks, judgement, f);
	if (rc == 0 && q->reader != NULL)
		rc = clear(&g, f);
	if (q->reader == NULL)
		store_close(g.reader);
	return rc;
}
