/*
 * A judgement against the evidence it was made of: judged again by the check
 * texts, catalogues and parameters that the log names, and every verdict and
 * reason compared. A program that wrote others is found out by this, whatever
 * else it signed.
 */
#include "report/package/verify_judgement.h"

#include <stdio.h>
#include <string.h>

#include "base/build.h"
#include "report/judge/judge.h"
#include "report/package/verify_rules.h"

struct deriving {
	struct verifying *v;
	struct store *st;
	const char *where; /* the file, for what is told of all of it */
	long long judgement;
	sqlite3 *again; /* in memory: what the evidence gives */
	sqlite3_stmt *put, *find, *name;
	struct own_rules *own;
	char profile[CATALOG_NAME_MAX];
	const struct checks *judged;   /* by these texts */
	bool same_build;	       /* this build judged */
	bool dropped;		       /* retention took evidence away since */
	long long run, record;	       /* of the judgement */
	char purged[JUDGE_PURGED_MAX]; /* a reason that the log bears out */
	long long compared, differ, unknown;
};

static int
again_fault(const struct deriving *d, struct fault *f)
{
	return fault(
	    f, FAULT_IO, "judging again: %s", sqlite3_errmsg(d->again));
}

static int
put(void *ctx, const char *check_id, int64_t subject, const char *verdict,
    const char *reason, struct fault *f)
{
	struct deriving *d = ctx;
	int rc;

	(void)sqlite3_reset(d->put);
	sqlite3_bind_text(d->put, 1, check_id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(d->put, 2, subject);
	sqlite3_bind_text(d->put, 3, verdict, -1, SQLITE_STATIC);
	sqlite3_bind_text(d->put, 4, reason, -1, SQLITE_STATIC);
	rc = sqlite3_step(d->put);
	if (rc == SQLITE_DONE)
		return 0;
	return rc == SQLITE_CONSTRAINT
		   ? fault(f, FAULT_FORMAT,
			 "check %s gives two verdicts for subject %lld",
			 check_id, (long long)subject)
		   : again_fault(d, f);
}

/* "check node-fips-on, node web-1 in host/web-1" */
static void
name_of(struct deriving *d, const char *check, int64_t subject, char *out,
    size_t size)
{
	(void)sqlite3_reset(d->name);
	sqlite3_bind_int64(d->name, 1, subject);
	if (sqlite3_step(d->name) == SQLITE_ROW)
		(void)snprintf(out, size, "check %s, %s %s in %s", check,
		    (const char *)sqlite3_column_text(d->name, 0),
		    (const char *)sqlite3_column_text(d->name, 2),
		    (const char *)sqlite3_column_text(d->name, 1));
	else
		(void)snprintf(out, size, "check %s, item %lld", check,
		    (long long)subject);
	(void)sqlite3_reset(d->name);
}

/*
 * A text of exhibit's own gives one result, whichever build evaluates it. Of
 * another text another build may read more, in good faith: that is named, and
 * nobody can say that it was compared.
 */
static bool
must_agree(const struct deriving *d, const char *check)
{
	const struct check *k = checks_find(d->judged, check);

	return d->same_build || (k != NULL && own_rules_has(d->own, k));
}

static void
differs(
    struct deriving *d, const char *check, int64_t subject, const char *what)
{
	char where[2048];

	d->differ++;
	name_of(d, check, subject, where, sizeof(where));
	if (!d->dropped && must_agree(d, check))
		verify_problem(d->v, where, what);
	else
		verify_say(d->v, VERIFY_OPEN, where, "%s", what);
}

/*
 * Judged while evidence was purged: unknown then, which nothing that came back
 * since makes better. The log has to say so: 1, 0 or -1.
 */
static int
was_purged(struct deriving *d, const char *verdict, const char *reason,
    struct fault *f)
{
	char text[JUDGE_PURGED_MAX];
	size_t len = strlen(reason);
	int rc;

	if (strcmp(verdict, "unknown") != 0 || len < UTC_DAY)
		return 0;
	if (strcmp(reason, d->purged) == 0)
		return 1;
	judge_purged(reason + len - UTC_DAY, text);
	if (strcmp(reason, text) != 0)
		return 0;
	rc = store_dropped_on(
	    d->st, d->run, d->record, reason + len - UTC_DAY, f);
	if (rc == 1)
		memcpy(d->purged, text, sizeof(text));
	return rc;
}

static int
compare(struct deriving *d, sqlite3_stmt *kept, struct fault *f)
{
	const char *check = (const char *)sqlite3_column_text(kept, 0);
	int64_t subject = sqlite3_column_int64(kept, 1);
	const char *verdict = (const char *)sqlite3_column_text(kept, 2);
	const char *reason = (const char *)sqlite3_column_text(kept, 3);
	char what[8192];
	int rc;

	if (verdict == NULL || reason == NULL) { /* purged by retention */
		d->unknown++;
		return 0;
	}
	d->compared++;
	(void)sqlite3_reset(d->find);
	sqlite3_bind_text(d->find, 1, check, -1, SQLITE_STATIC);
	sqlite3_bind_int64(d->find, 2, subject);
	if (sqlite3_step(d->find) != SQLITE_ROW) {
		(void)snprintf(what, sizeof(what),
		    "the recorded result '%s' (%s) was added: the check gives "
		    "no result for this item",
		    verdict, reason);
		differs(d, check, subject, what);
		return 0;
	}
	const char *want = (const char *)sqlite3_column_text(d->find, 0);
	const char *why = (const char *)sqlite3_column_text(d->find, 1);

	if (strcmp(verdict, want) == 0 && strcmp(reason, why) == 0)
		return 0;
	if ((rc = was_purged(d, verdict, reason, f)) != 0) {
		d->unknown += rc == 1;
		return rc == -1 ? -1 : 0;
	}
	(void)snprintf(what, sizeof(what),
	    "the recorded result is '%s' (%s); evidence and check give '%s' "
	    "(%s)",
	    verdict, reason, want, why);
	differs(d, check, subject, what);
	return 0;
}

/* What was kept, against what the evidence gives; each is marked as seen. */
static int
compare_kept(struct deriving *d, struct fault *f)
{
	static const char sql[] =
	    "SELECT u.check_id, o.subject, json_extract(c.body, '$.verdict'), "
	    "json_extract(c.body, '$.reason') FROM judgement j JOIN rule u ON "
	    "u.profile = j.profile CROSS JOIN opinion o ON o.rule = u.id AND "
	    "o.judgement = (SELECT max(judgement) FROM opinion WHERE rule = "
	    "o.rule AND subject = o.subject AND judgement <= j.id) JOIN "
	    "content c ON c.id = o.content WHERE j.id = ?1";
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(store_db(d->st), sql, -1, &q, NULL) != SQLITE_OK)
		return store_fault(d->st, "verdicts", f);
	sqlite3_bind_int64(q, 1, d->judgement);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW)
		if (compare(d, q, f) == -1) {
			(void)sqlite3_finalize(q);
			return -1;
		}
	(void)sqlite3_finalize(q);
	return rc == SQLITE_DONE ? 0 : store_fault(d->st, "verdicts", f);
}

/* What the evidence gives and nobody kept. */
static int
compare_missing(struct deriving *d, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	char what[8192];
	int rc;

	if (sqlite3_prepare_v2(d->again,
		"SELECT check_id, subject, verdict, reason FROM again WHERE "
		"NOT seen ORDER BY 1, 2",
		-1, &q, NULL) != SQLITE_OK)
		return again_fault(d, f);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		(void)snprintf(what, sizeof(what),
		    "no result is recorded; evidence and check give '%s' (%s)",
		    (const char *)sqlite3_column_text(q, 2),
		    (const char *)sqlite3_column_text(q, 3));
		differs(d, (const char *)sqlite3_column_text(q, 0),
		    sqlite3_column_int64(q, 1), what);
	}
	(void)sqlite3_finalize(q);
	return rc == SQLITE_DONE ? 0 : again_fault(d, f);
}

static int
prepare(struct deriving *d, struct fault *f)
{
	if (sqlite3_open(":memory:", &d->again) != SQLITE_OK ||
	    sqlite3_exec(d->again,
		"CREATE TABLE again(check_id TEXT, subject INTEGER, verdict "
		"TEXT, reason TEXT, seen INTEGER DEFAULT 0, PRIMARY KEY "
		"(check_id, subject)) WITHOUT ROWID; BEGIN",
		NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(d->again,
		"INSERT INTO again(check_id, subject, verdict, reason) VALUES "
		"(?1, ?2, ?3, ?4)",
		-1, &d->put, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(d->again,
		"UPDATE again SET seen = 1 WHERE check_id = ?1 AND subject = "
		"?2 RETURNING verdict, reason",
		-1, &d->find, NULL) != SQLITE_OK)
		return again_fault(d, f);
	return sqlite3_prepare_v2(store_db(d->st),
		   "SELECT kind, scope, key FROM subject WHERE id = ?1", -1,
		   &d->name, NULL) == SQLITE_OK
		   ? 0
		   : store_fault(d->st, "items", f);
}

static void
release(struct deriving *d)
{
	(void)sqlite3_finalize(d->put);
	(void)sqlite3_finalize(d->find);
	(void)sqlite3_finalize(d->name);
	(void)sqlite3_close(d->again);
}

/* Which build judged, and whether retention took evidence of its run. */
static int
describe(struct deriving *d, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	char on[UTC_LEN];
	const char *build;
	int rc;

	if (sqlite3_prepare_v2(store_db(d->st),
		"SELECT j.run, l.body ->> '$.exhibit', j.profile, j.record "
		"FROM judgement j JOIN log l ON l.seq = j.record WHERE j.id = "
		"?1",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(d->st, "judgement", f);
	sqlite3_bind_int64(q, 1, d->judgement);
	if (sqlite3_step(q) == SQLITE_ROW) {
		d->run = sqlite3_column_int64(q, 0);
		d->record = sqlite3_column_int64(q, 3);
		build = (const char *)sqlite3_column_text(q, 1);
		d->same_build =
		    build != NULL && strcmp(build, exhibit_build) == 0;
		(void)snprintf(d->profile, sizeof(d->profile), "%s",
		    (const char *)sqlite3_column_text(q, 2));
	}
	(void)sqlite3_finalize(q);
	rc = store_dropped(d->st, d->run, d->judgement, on, f);
	d->dropped = rc == 1;
	return rc == -1 ? -1 : 0;
}

/* An older state judged for a later time would hide what came between. */
static int
check_run(struct deriving *d, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	char what[256];
	int rc;

	if (sqlite3_prepare_v2(store_db(d->st),
		"SELECT j.run, j.as_of, max(e.run) FROM judgement j JOIN ended "
		"o ON o.run = j.run JOIN ended e ON e.run > j.run AND e.state "
		"<> 'failed' AND e.record < j.record AND e.ended <= j.as_of "
		"AND e.ended > o.ended WHERE j.id = ?1 GROUP BY j.id",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(d->st, "judgement", f);
	sqlite3_bind_int64(q, 1, d->judgement);
	if ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		(void)snprintf(what, sizeof(what),
		    "judgement %lld evaluates run %lld as of %.20s, though run "
		    "%lld had ended by then",
		    d->judgement, (long long)sqlite3_column_int64(q, 0),
		    (const char *)sqlite3_column_text(q, 1),
		    (long long)sqlite3_column_int64(q, 2));
		verify_problem(d->v, d->where, what);
	}
	(void)sqlite3_finalize(q);
	return rc == SQLITE_ROW || rc == SQLITE_DONE
		   ? 0
		   : store_fault(d->st, "judgement", f);
}

static void
conclude(struct deriving *d, long long problems)
{
	struct verifying *v = d->v;

	if (d->unknown > 0)
		verify_say(v, VERIFY_OPEN, d->where,
		    "judgement %lld: %lld results were purged by retention and "
		    "not compared",
		    d->judgement, d->unknown);
	if (d->differ > 0 && d->dropped)
		verify_say(v, VERIFY_OPEN, d->where,
		    "judgement %lld: evidence it was made of was purged by "
		    "retention; %lld results could not be compared",
		    d->judgement, d->differ);
	else if (d->differ > 0 && !d->same_build)
		verify_say(v, VERIFY_OPEN, d->where,
		    "judgement %lld: another build of exhibit made it; %lld "
		    "results differ from what this build evaluates (%s)",
		    d->judgement, d->differ, exhibit_build);
	if (v->problems == problems && d->differ == 0)
		verify_say(v, VERIFY_HOLDS, d->where,
		    "judgement %lld: evaluated again from the evidence, %lld "
		    "results and reasons are the same",
		    d->judgement, d->compared);
}

static void
cannot(struct deriving *d, const struct fault *why)
{
	if (d->same_build)
		verify_problem(d->v, d->where, why->text);
	else
		verify_say(d->v, VERIFY_OPEN, d->where,
		    "judgement %lld: another build of exhibit made it, and "
		    "this one cannot evaluate it again: %.900s",
		    d->judgement, why->text);
}

/* What it names cannot be evaluated: 1; or this machine cannot: -1. */
static int
unable(struct deriving *d, const struct fault *why, struct fault *f)
{
	if (why->kind == FAULT_IO || why->kind == FAULT_DENIED)
		return fault(f, why->kind, "%s", why->text);
	cannot(d, why);
	return 1;
}

static int
derive_by(struct deriving *d, struct store *reader, const struct checks *checks,
    struct fault *why, struct fault *f)
{
	d->judged = checks;
	if (verify_rules_own(
		d->v, d->own, checks, d->profile, d->same_build, why) == -1 ||
	    judge_again(reader, checks, d->judgement, put, d, why) == -1)
		return unable(d, why, f);
	if (check_run(d, f) == -1 || compare_kept(d, f) == -1 ||
	    compare_missing(d, f) == -1)
		return -1;
	return 0;
}

static int
derive(struct deriving *d, struct fault *f)
{
	struct store *reader = store_reader(d->st, f);
	long long before = d->v->problems;
	struct fault why = { 0 };
	struct checks checks;
	int rc;

	if (reader == NULL)
		return -1;
	if (prepare(d, f) == -1 || describe(d, f) == -1) {
		store_close(reader);
		return -1;
	}
	rc = checks_load_judged(
	    &checks, reader, d->judgement, d->v->q->crypto, &why);
	if (rc == 0) {
		own_rules_mark(d->own, &checks);
		rc = derive_by(d, reader, &checks, &why, f);
		checks_free(&checks);
	} else
		rc = unable(d, &why, f);
	store_close(reader);
	if (rc == 0)
		conclude(d, before);
	return rc == -1 ? -1 : 0;
}

static int
verify_judgement(struct verifying *v, struct store *st, const char *where,
    struct own_rules *own, long long judgement, struct fault *f)
{
	struct deriving d = { .v = v,
		.st = st,
		.where = where,
		.own = own,
		.judgement = judgement };
	int rc = derive(&d, f);

	release(&d);
	return rc;
}

int
verify_judgements(
    struct verifying *v, struct store *st, const char *where, struct fault *f)
{
	struct own_rules own;
	sqlite3_stmt *q = NULL;
	int rc, row = SQLITE_DONE;

	if (own_rules_load(&own, v->q, f) == -1)
		return -1;
	rc = sqlite3_prepare_v2(store_db(st),
		 "SELECT id FROM judgement ORDER BY id", -1, &q,
		 NULL) == SQLITE_OK
		 ? 0
		 : store_fault(st, "judgements", f);
	while (rc == 0 && (row = sqlite3_step(q)) == SQLITE_ROW)
		rc = verify_judgement(
		    v, st, where, &own, sqlite3_column_int64(q, 0), f);
	(void)sqlite3_finalize(q);
	own_rules_free(&own);
	return rc == 0 && row != SQLITE_DONE ? store_fault(st, "judgements", f)
					     : rc;
}
