/* Collecting: from observations to one transaction. See store.h. */
#include "store/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 1000 /* puts that share a transaction */

struct run {
	struct store *st;
	char *began, *origin, *asked_by, *exhibit, *plan;
	int64_t attempt;
	long long attempt_record;
	long long runs_before; /* to notice that another run ended meanwhile */
	char last_scope[NAME_MAX_LEN + 1];
	char last_kind[NAME_MAX_LEN + 1], last_name[NAME_MAX_LEN + 1];
	int64_t kind_id, scope_id; /* of these two; 0: not known */
	bool staged_any, once;
	int batched;
};

static int
last_run(struct store *st, long long *run, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_LAST_RUN);

	if (stmt_row(st, q, f) != 1)
		return -1;
	*run = sqlite3_column_int64(q, 0);
	(void)sqlite3_reset(q);
	return 0;
}

static int
attempt_add(struct run *r, struct fault *f)
{
	struct store *st = r->st;
	sqlite3_stmt *q;
	json_t *plan = json_read(r->plan, strlen(r->plan), "plan", f);

	if (plan == NULL)
		return -1;
	if (log_json(st, "attempt",
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:s}", "began",
		    r->began, "exhibit", r->exhibit, "module",
		    crypto_module(st->crypto), "operator", r->asked_by,
		    "origin", r->origin, "plan", plan, "type", "attempt"),
		&r->attempt_record, f) == -1)
		return -1;
	q = stmt_of(st, S_ATTEMPT_ADD);
	sqlite3_bind_text(q, 1, r->began, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, r->origin, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, r->asked_by, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 4, r->exhibit, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 5, crypto_module(st->crypto), -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 6, r->plan, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 7, r->attempt_record);
	if (stmt_done(st, q, f) == -1)
		return -1;
	r->attempt = sqlite3_last_insert_rowid(st->db);
	return last_run(st, &r->runs_before, f);
}

struct run *
run_new(struct store *st, const struct run_begin *b, struct fault *f)
{
	struct run *r;

	if (st->busy) {
		(void)fault(
		    f, FAULT_USAGE, "%s: a run is open already", st->path);
		return NULL;
	}
	if ((r = calloc(1, sizeof(*r))) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	r->st = st;
	r->began = strdup(b->began);
	r->origin = strdup(b->origin);
	r->asked_by = strdup(b->asked_by);
	r->exhibit = strdup(b->exhibit);
	r->plan = strdup(b->plan);
	r->once = b->once;
	if (r->began == NULL || r->origin == NULL || r->asked_by == NULL ||
	    r->exhibit == NULL || r->plan == NULL) {
		(void)fault_memory(f);
	} else if (side_clear(st, f) == 0 && store_begin(st, f) == 0) {
		if (attempt_add(r, f) == 0 && store_commit(st, f) == 0) {
			st->busy = true;
			return r;
		}
		store_rollback(st);
	}
	r->attempt = 0;
	run_free(r);
	return NULL;
}

void
run_free(struct run *r)
{
	if (r == NULL)
		return;
	if (r->attempt != 0) {
		r->st->busy = false;
		if (!sqlite3_get_autocommit(r->st->db))
			store_rollback(r->st);
	}
	free(r->began);
	free(r->origin);
	free(r->asked_by);
	free(r->exhibit);
	free(r->plan);
	free(r);
}

/* ---------------------------------------------------------------- the sink */

static int
note_scope(struct run *r, const char *scope, struct fault *f)
{
	sqlite3_stmt *q;

	if (strcmp(r->last_scope, scope) == 0)
		return 0;
	q = stmt_of(r->st, S_ASKED_ADD);
	sqlite3_bind_text(q, 1, scope, -1, SQLITE_STATIC);
	if (stmt_done(r->st, q, f) == -1)
		return -1;
	strncpy(r->last_scope, scope, NAME_MAX_LEN);
	return 0;
}

static int
note_seen(struct run *r, const struct observation *o, int64_t subject,
    int64_t content, struct fault *f)
{
	uint8_t name[SHA256_LEN];
	sqlite3_stmt *q = stmt_of(r->st, S_SEEN_ADD);

	sqlite3_bind_int64(q, 1, subject);
	sqlite3_bind_int64(q, 2, content);
	if (stmt_done(r->st, q, f) == -1)
		return -1;
	if (!r->staged_any)
		return 0;
	if (subject_name(r->st->crypto, o->kind, o->scope, o->key, name, f) ==
	    -1)
		return -1;
	q = stmt_of(r->st, S_STAGE_DROP); /* the same key again: last wins */
	sqlite3_bind_blob(q, 1, name, SHA256_LEN, SQLITE_STATIC);
	return stmt_done(r->st, q, f);
}

static int
stage(struct run *r, const struct observation *o, struct fault *f)
{
	uint8_t name[SHA256_LEN];
	sqlite3_stmt *q = stmt_of(r->st, S_STAGE_ADD);

	r->staged_any = true;
	if (subject_name(r->st->crypto, o->kind, o->scope, o->key, name, f) ==
	    -1)
		return -1;
	sqlite3_bind_blob(q, 1, name, SHA256_LEN, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, o->kind, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, o->scope, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 4, o->key, -1, SQLITE_STATIC);
	sqlite3_bind_text64(
	    q, 5, o->body, o->body_len, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_text64(
	    q, 6, o->provenance, o->provenance_len, SQLITE_STATIC, SQLITE_UTF8);
	return stmt_done(r->st, q, f);
}

/*
 * Puts share a transaction, for the cost of its locks: it reads the store and
 * writes the side tables only. In WAL mode that holds nobody up; elsewhere it
 * would, so there each put stands alone.
 */
static int
batch(struct run *r, struct fault *f)
{
	if (!r->st->wal)
		return 0;
	if (!sqlite3_get_autocommit(r->st->db)) {
		if (++r->batched < BATCH)
			return 0;
		r->batched = 0;
		if (store_commit(r->st, f) == -1)
			return -1;
	}
	return store_exec(r->st, "BEGIN", f);
}

/* Was another body put for this subject in this run? 1, 0 or -1. */
static int
was_put_otherwise(struct run *r, int64_t subject, bool same,
    const struct observation *o, struct fault *f)
{
	uint8_t name[SHA256_LEN];
	sqlite3_stmt *q;
	int rc = 0;

	if (r->staged_any) {
		if (subject_name(r->st->crypto, o->kind, o->scope, o->key, name,
			f) == -1)
			return -1;
		q = stmt_of(r->st, S_STAGE_DIFFERS);
		sqlite3_bind_blob(q, 1, name, SHA256_LEN, SQLITE_STATIC);
		sqlite3_bind_text64(
		    q, 2, o->body, o->body_len, SQLITE_STATIC, SQLITE_UTF8);
		rc = stmt_row(r->st, q, f);
		(void)sqlite3_reset(q);
	}
	if (rc != 0 || same || subject == 0)
		return rc;
	q = stmt_of(r->st, S_SEEN_FIND);
	sqlite3_bind_int64(q, 1, subject);
	rc = stmt_row(r->st, q, f);
	(void)sqlite3_reset(q);
	return rc;
}

static int
check_once(struct run *r, int64_t subject, bool same,
    const struct observation *o, struct fault *f)
{
	int rc = r->once ? was_put_otherwise(r, subject, same, o, f) : 0;

	return rc != 1 ? rc
		       : fault(f, FAULT_FORMAT,
			     "%.80s %.200s in %.200s: two observations "
			     "contradict each other",
			     o->kind, o->key, o->scope);
}

/* The id of a name that may be the one before; 0: it has none yet. */
static int
name_known(struct store *st, const char *text, char last[NAME_MAX_LEN + 1],
    int64_t *id, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (*id != 0 && strcmp(text, last) == 0)
		return 0;
	q = stmt_of(st, S_NAME_FIND);
	sqlite3_bind_text(q, 1, text, -1, SQLITE_STATIC);
	rc = stmt_row(st, q, f);
	*id = rc == 1 ? sqlite3_column_int64(q, 0) : 0;
	(void)sqlite3_reset(q);
	(void)snprintf(last, NAME_MAX_LEN + 1, "%s", text);
	return rc == -1 ? -1 : 0;
}

/* What was last seen of the subject. */
struct before {
	int64_t subject, content; /* 0: never seen; gone */
	bool same;		  /* the body is that one */
};

static int
find_before(struct run *r, const struct observation *o, struct before *out,
    struct fault *f)
{
	struct store *st = r->st;
	uint8_t sha[SHA256_LEN];
	sqlite3_stmt *q;
	int rc;

	*out = (struct before){ 0 };
	if (digest_sha256(st->crypto, o->body, o->body_len, sha, f) == -1 ||
	    name_known(st, o->kind, r->last_kind, &r->kind_id, f) == -1 ||
	    name_known(st, o->scope, r->last_name, &r->scope_id, f) == -1)
		return -1;
	if (r->kind_id == 0 || r->scope_id == 0)
		return 0;
	q = stmt_of(st, S_LATEST);
	sqlite3_bind_int64(q, 1, r->kind_id);
	sqlite3_bind_int64(q, 2, r->scope_id);
	sqlite3_bind_text(q, 3, o->key, -1, SQLITE_STATIC);
	if ((rc = stmt_row(st, q, f)) != 1)
		return rc;
	out->subject = sqlite3_column_int64(q, 0);
	out->content = sqlite3_column_int64(q, 1);
	out->same = sqlite3_column_bytes(q, 2) == SHA256_LEN &&
		    memcmp(sqlite3_column_blob(q, 2), sha, SHA256_LEN) == 0;
	(void)sqlite3_reset(q);
	return 0;
}

/*
 * Compare with the newest state. Unchanged (the usual case) costs a digest and
 * one look-up, and stores nothing but a note on the side.
 */
static int
put(void *ctx, const struct observation *o, struct fault *f)
{
	struct run *r = ctx;
	struct before b;
	sqlite3_stmt *q;

	if (batch(r, f) == -1 || note_scope(r, o->scope, f) == -1 ||
	    find_before(r, o, &b, f) == -1 ||
	    check_once(r, b.subject, b.same, o, f) == -1)
		return -1;
	if (b.same)
		return note_seen(r, o, b.subject, b.content, f);
	if (b.subject != 0) {
		q = stmt_of(r->st, S_SEEN_DROP);
		sqlite3_bind_int64(q, 1, b.subject);
		if (stmt_done(r->st, q, f) == -1)
			return -1;
	}
	return stage(r, o, f);
}

static int
cover(void *ctx, const struct coverage *c, struct fault *f)
{
	struct run *r = ctx;
	sqlite3_stmt *q = stmt_of(r->st, S_COVER_ADD);

	sqlite3_bind_text(q, 1, c->scope, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, c->collector, -1, SQLITE_STATIC);
	sqlite3_bind_text64(
	    q, 3, c->body, c->body_len, SQLITE_STATIC, SQLITE_UTF8);
	return stmt_done(r->st, q, f);
}

struct sink
run_sink(struct run *r)
{
	return (struct sink){ put, cover, r };
}

/* ----------------------------------------------------------------- the end */

struct roots {
	uint8_t state[SHA256_LEN];
	char state_hex[SHA256_HEX];
	long long series;
	struct series_root changes, answers, sightings;
};

int
run_list_root(struct store *st, enum stmt s, long long run, long long series,
    char hex[SHA256_HEX], long long *count, struct fault *f)
{
	uint8_t root[SHA256_LEN];
	sqlite3_stmt *q = stmt_of(st, s);

	sqlite3_bind_int64(q, 1, run);
	if (sqlite3_bind_parameter_count(q) > 1)
		sqlite3_bind_int64(q, 2, series);
	if (list_root(st, q, root, count, f) == -1)
		return -1;
	hex_encode(root, SHA256_LEN, hex);
	return 0;
}

/* A run that failed is no part of a series: it was not answered. */
static int
compute_roots(
    struct run *r, long long run, bool failed, struct roots *o, struct fault *f)
{
	struct store *st = r->st;

	o->series = run;
	if (!failed &&
	    series_find(st, r->origin, r->plan, run, &o->series, f) == -1)
		return -1;
	if (state_root(st, run, o->state, f) == -1 ||
	    run_list_root(st, S_RUN_CHANGES, run, 0, o->changes.hex,
		&o->changes.count, f) == -1 ||
	    series_write(st, o->series, run, &o->answers, &o->sightings, f) ==
		-1)
		return -1;
	hex_encode(o->state, SHA256_LEN, o->state_hex);
	return 0;
}

/* The run record, its leaf, and the row that ends the run. */
static int
end_record(struct run *r, long long run, const char *ended, const char *state,
    const char *why, struct fault *f)
{
	struct store *st = r->st;
	struct roots o;
	long long record;
	json_t *v;
	sqlite3_stmt *q;

	if (compute_roots(r, run, why != NULL, &o, f) == -1)
		return -1;
	v = json_pack("{s:{s:I, s:s}, s:I, s:{s:I, s:s}, s:s, s:s?, s:I, "
		      "s:{s:I, s:s}, s:s, s:s, s:s}",
	    "answers", "count", (json_int_t)o.answers.count, "root",
	    o.answers.hex, "attempt", (json_int_t)r->attempt_record, "changes",
	    "count", (json_int_t)o.changes.count, "root", o.changes.hex,
	    "ended", ended, "reason", why, "run", (json_int_t)run, "sightings",
	    "count", (json_int_t)o.sightings.count, "root", o.sightings.hex,
	    "state", state, "state_root", o.state_hex, "type", "run");
	if (log_json(st, "run", v, &record, f) == -1)
		return -1;
	q = stmt_of(st, S_ENDED_ADD);
	sqlite3_bind_int64(q, 1, run);
	sqlite3_bind_int64(q, 2, r->attempt);
	sqlite3_bind_text(q, 3, state, -1, SQLITE_STATIC);
	sqlite3_bind_blob(q, 4, o.state, SHA256_LEN, SQLITE_STATIC);
	sqlite3_bind_int64(q, 5, record);
	sqlite3_bind_int64(q, 6, o.series);
	return stmt_done(st, q, f);
}

static int
end_in_transaction(struct run *r, const char *ended, const char *why,
    struct run_result *out, struct fault *f)
{
	bool partial = false;
	long long run;

	if (last_run(r->st, &run, f) == -1)
		return -1;
	out->run = ++run;
	if (why != NULL) {
		out->state = "failed";
		return end_record(r, run, ended, out->state, why, f);
	}
	if (run_merge(
		r->st, run, run != r->runs_before + 1, &partial, out, f) == -1)
		return -1;
	out->state = partial ? "partial" : "complete";
	if (end_record(r, run, ended, out->state, NULL, f) == -1)
		return -1;
	return run_check_written(r->st, run, f);
}

static int
end(struct run *r, const char *ended, const char *why, struct run_result *out,
    struct fault *f)
{
	struct run_result result = { 0 };
	struct store *st = r->st;

	if (!sqlite3_get_autocommit(st->db) && store_commit(st, f) == -1)
		return -1;
	if (store_begin(st, f) == -1)
		return -1;
	if (end_in_transaction(r, ended, why, &result, f) == -1 ||
	    store_commit(st, f) == -1) {
		store_rollback(st);
		return -1;
	}
	*out = result;
	return 0;
}

int
run_end(
    struct run *r, const char *ended, struct run_result *out, struct fault *f)
{
	return end(r, ended, NULL, out, f);
}

int
run_fail(struct run *r, const char *ended, const char *why, struct fault *f)
{
	struct run_result ignored;

	return end(r, ended, why, &ignored, f);
}
