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

/* --------------------------------------------------------------- the merge */

static int
intern_name(struct store *st, sqlite3_stmt *row, int column, int64_t *id,
    struct fault *f)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	if (text == NULL) /* not even "": no memory for its NUL */
		return store_fault(st, "merge", f);
	return name_intern(
	    st, text, (size_t)sqlite3_column_bytes(row, column), id, f);
}

/* The item of a staged row (name, kind, scope, key), added if new. */
static int
item_of(struct store *st, sqlite3_stmt *row, int64_t *id, struct fault *f)
{
	uint8_t name[SHA256_LEN];
	int64_t part[3];
	sqlite3_stmt *q;
	int rc;

	for (int i = 0; i < 3; i++)
		if (intern_name(st, row, i + 1, &part[i], f) == -1)
			return -1;
	q = stmt_of(st, S_ITEM_FIND);
	for (int i = 0; i < 3; i++)
		sqlite3_bind_int64(q, i + 1, part[i]);
	if ((rc = stmt_row(st, q, f)) == -1)
		return -1;
	if (rc == 1) {
		*id = sqlite3_column_int64(q, 0);
		(void)sqlite3_reset(q);
		return 0;
	}
	if (stmt_digest(st, row, 0, "a name", name, f) == -1)
		return -1;
	q = stmt_of(st, S_ITEM_ADD);
	for (int i = 0; i < 3; i++)
		sqlite3_bind_int64(q, i + 1, part[i]);
	sqlite3_bind_int(q, 4, (int)bucket_of(name));
	if (stmt_done(st, q, f) == -1)
		return -1;
	*id = sqlite3_last_insert_rowid(st->db);
	return 0;
}

/* The newest content of a subject: 1 live, 0 none or gone, -1. */
static int
latest(struct store *st, int64_t subject, int64_t *content, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_LATEST_OF);
	int rc;

	sqlite3_bind_int64(q, 1, subject);
	if ((rc = stmt_row(st, q, f)) == 1) {
		*content = sqlite3_column_int64(q, 0);
		rc = sqlite3_column_type(q, 0) != SQLITE_NULL;
		(void)sqlite3_reset(q);
	}
	return rc;
}

/* It was asked and answered, so it is not gone. */
static int
note_merged(struct store *st, int64_t subject, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_MERGED_ADD);

	sqlite3_bind_int64(q, 1, subject);
	return stmt_done(st, q, f);
}

static int
intern_column(struct store *st, sqlite3_stmt *row, int column, int64_t *id,
    struct fault *f)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	if (text == NULL) /* not even "": no memory for its NUL */
		return store_fault(st, "merge", f);
	return content_intern(
	    st, text, (size_t)sqlite3_column_bytes(row, column), id, NULL, f);
}

static int
merge_one(struct store *st, sqlite3_stmt *row, long long run,
    struct run_result *out, struct fault *f)
{
	int64_t subject, content, provenance, before = 0;
	sqlite3_stmt *q;
	int live;

	if (item_of(st, row, &subject, f) == -1 ||
	    note_merged(st, subject, f) == -1 ||
	    intern_column(st, row, 4, &content, f) == -1 ||
	    (live = latest(st, subject, &before, f)) == -1)
		return -1;
	if (live && before == content) { /* another run was first */
		out->unchanged++;
		return 0;
	}
	if (intern_column(st, row, 5, &provenance, f) == -1)
		return -1;
	q = stmt_of(st, S_CHANGE_ADD);
	sqlite3_bind_int64(q, 1, subject);
	sqlite3_bind_int64(q, 2, run);
	sqlite3_bind_int64(q, 3, content);
	sqlite3_bind_int64(q, 4, provenance);
	if (live)
		out->changed++;
	else
		out->added++;
	return stmt_done(st, q, f);
}

static int
merge_staged(
    struct store *st, long long run, struct run_result *out, struct fault *f)
{
	sqlite3_stmt *rows = stmt_of(st, S_STAGED);
	int rc;

	while ((rc = stmt_row(st, rows, f)) == 1)
		if (merge_one(st, rows, run, out, f) == -1) {
			(void)sqlite3_reset(rows);
			return -1;
		}
	return rc;
}

static int
merge_answer(struct store *st, sqlite3_stmt *row, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_PLACE_FIND);
	int64_t place, content;
	int rc;

	if (stmt_copy(st, q, 1, row, 0, f) == -1 ||
	    stmt_copy(st, q, 2, row, 1, f) == -1 ||
	    (rc = stmt_row(st, q, f)) == -1)
		return -1;
	place = rc == 1 ? sqlite3_column_int64(q, 0) : 0;
	(void)sqlite3_reset(q);
	if (rc == 0) {
		q = stmt_of(st, S_PLACE_ADD);
		if (stmt_copy(st, q, 1, row, 0, f) == -1 ||
		    stmt_copy(st, q, 2, row, 1, f) == -1 ||
		    stmt_done(st, q, f) == -1)
			return -1;
		place = sqlite3_last_insert_rowid(st->db);
	}
	if (intern_column(st, row, 2, &content, f) == -1)
		return -1;
	q = stmt_of(st, S_REPLIED_ADD);
	sqlite3_bind_int64(q, 1, place);
	sqlite3_bind_int64(q, 2, content);
	return stmt_done(st, q, f);
}

/* Keep what each collector said of its coverage; was any of it partial? */
static int
merge_answers(struct store *st, bool *partial, struct fault *f)
{
	sqlite3_stmt *rows = stmt_of(st, S_COVERS), *q;
	long long covers = 0;
	int rc;

	while ((rc = stmt_row(st, rows, f)) == 1) {
		covers++;
		if (sqlite3_column_int(rows, 3) == 0 ||
		    sqlite3_column_int(rows, 4) > 0)
			*partial = true;
		if (merge_answer(st, rows, f) == -1) {
			(void)sqlite3_reset(rows);
			return -1;
		}
	}
	if (rc == -1)
		return -1;
	q = stmt_of(st, S_UNCOVERED);
	if (stmt_row(st, q, f) != 1)
		return -1;
	if (covers == 0 || sqlite3_column_int64(q, 0) > 0)
		*partial = true;
	(void)sqlite3_reset(q);
	return 0;
}

static int
run_numbered(struct store *st, enum stmt s, long long run, long long *rows,
    struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, s);

	if (sqlite3_bind_parameter_count(q) > 0)
		sqlite3_bind_int64(q, 1, run);
	if (stmt_done(st, q, f) == -1)
		return -1;
	*rows = sqlite3_changes64(st->db);
	return 0;
}

static int
merge(struct run *r, long long run, bool *partial, struct run_result *out,
    struct fault *f)
{
	struct store *st = r->st;
	long long n;
	sqlite3_stmt *q;

	if (merge_staged(st, run, out, f) == -1 ||
	    merge_answers(st, partial, f) == -1 ||
	    run_numbered(st, S_COVERED_ADD, run, &n, f) == -1 ||
	    run_numbered(st, S_GONE_ADD, run, &out->gone, f) == -1)
		return -1;
	q = stmt_of(st, S_SEEN_COUNT);
	if (stmt_row(st, q, f) != 1)
		return -1;
	out->unchanged += sqlite3_column_int64(q, 0);
	(void)sqlite3_reset(q);
	if (run != r->runs_before + 1) {
		if (run_numbered(st, S_DRIFT_ADD, run, &n, f) == -1)
			return -1;
		out->changed += n;
		out->unchanged -= n;
	}
	return *partial ? run_numbered(st, S_SIGHTED_ADD, run, &n, f) : 0;
}

/* Read back every content this run refers to and hash it again: what is
 * committed is what was meant, or nothing is. */
static int
check_written(struct store *st, long long run, struct fault *f)
{
	sqlite3_stmt *q;
	uint8_t d[SHA256_LEN];
	int rc;

	if (sqlite3_prepare_v2(st->db,
		"SELECT c.sha256, c.body FROM change x JOIN content c ON c.id "
		"= x.content WHERE x.run = ?1",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "read back", f);
	sqlite3_bind_int64(q, 1, run);
	while ((rc = stmt_row(st, q, f)) == 1) {
		const void *body = sqlite3_column_text(q, 1);
		uint8_t said[SHA256_LEN];

		if (stmt_digest(st, q, 0, "a content's digest", said, f) ==
			-1 ||
		    digest_sha256(st->crypto, body != NULL ? body : "",
			(size_t)sqlite3_column_bytes(q, 1), d, f) == -1)
			rc = -1;
		else if (memcmp(d, said, SHA256_LEN) != 0)
			rc = fault(f, FAULT_INTEGRITY,
			    "%s: bytes read back differ from those written",
			    st->path);
		if (rc == -1)
			break;
	}
	(void)sqlite3_finalize(q);
	return rc;
}

static int
last_root(struct store *st, uint8_t root[SHA256_LEN], struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_LAST_ROOT);
	int rc = stmt_row(st, q, f);

	if (rc == 1 &&
	    stmt_digest(st, q, 0, "a run's state root", root, f) == -1)
		rc = -1;
	(void)sqlite3_reset(q);
	return rc;
}

static int
bucket_update(struct store *st, struct state_tree *t, unsigned bucket,
    long long run, struct fault *f)
{
	if (bucket_hash(st, bucket, run, t->leaf[bucket], f) == -1)
		return -1;
	return state_tree_put(st, t, bucket, f);
}

/* Hash the buckets this run touched, and the tree over all of them. */
static int
state_root(
    struct store *st, long long run, uint8_t root[SHA256_LEN], struct fault *f)
{
	struct state_tree *t;
	bool touched[BUCKETS] = { false }, any = false;
	sqlite3_stmt *q = stmt_of(st, S_RUN_CHANGES);
	int rc;

	sqlite3_bind_int64(q, 1, run);
	while ((rc = stmt_row(st, q, f)) == 1) {
		uint8_t name[SHA256_LEN];

		if (stmt_digest(st, q, 0, "a name", name, f) == -1) {
			(void)sqlite3_reset(q);
			return -1;
		}
		any = touched[bucket_of(name)] = true;
	}
	if (rc == -1)
		return -1;
	if (!any && (rc = last_root(st, root, f)) != 0)
		return rc == 1 ? 0 : -1;
	if ((t = malloc(sizeof(*t))) == NULL)
		return fault_memory(f);
	rc = state_tree_load(st, t, f);
	for (unsigned i = 0; rc == 0 && i < BUCKETS; i++)
		if (touched[i])
			rc = bucket_update(st, t, i, run, f);
	if (rc == 0)
		rc = state_tree_root(st, t, root, f);
	free(t);
	return rc;
}

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
	if (merge(r, run, &partial, out, f) == -1)
		return -1;
	out->state = partial ? "partial" : "complete";
	if (end_record(r, run, ended, out->state, NULL, f) == -1)
		return -1;
	return check_written(r->st, run, f);
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
