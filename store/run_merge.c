/* What a run staged becomes the store's: see internal.h. */
#include "store/internal.h"

#include <string.h>

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

int
run_merge(struct store *st, long long run, bool late, bool *partial,
    struct run_result *out, struct fault *f)
{
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
	if (late) {
		if (run_numbered(st, S_DRIFT_ADD, run, &n, f) == -1)
			return -1;
		out->changed += n;
		out->unchanged -= n;
	}
	return *partial ? run_numbered(st, S_SIGHTED_ADD, run, &n, f) : 0;
}

int
run_check_written(struct store *st, long long run, struct fault *f)
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
