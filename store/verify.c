/*
 * Recompute everything a store claims, and name what differs and where.
 * Sources: RFC 6962 section 2.1, C2SP tlog-checkpoint, schema.sql.
 */
#include "store/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/build.h"

void
problem(struct verifying *y, const char *what, const char *fmt, ...)
{
	char where[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(where, sizeof(where), fmt, ap);
	va_end(ap);
	y->n->problems++;
	if (y->v->problem != NULL)
		y->v->problem(y->v->ctx, where, what);
}

void
doubt(struct verifying *y, const char *what, const char *fmt, ...)
{
	char where[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(where, sizeof(where), fmt, ap);
	va_end(ap);
	y->n->doubts++;
	if (y->v->doubt != NULL)
		y->v->doubt(y->v->ctx, where, what);
}

static sqlite3_stmt *
ask(struct verifying *y, sqlite3 *db, const char *text, struct fault *f)
{
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(db, text, -1, &q, NULL) != SQLITE_OK) {
		(void)store_fault(y->st, "verify", f);
		return NULL;
	}
	return q;
}

sqlite3_stmt *
verify_ask(struct verifying *y, const char *text, struct fault *f)
{
	return ask(y, y->st->db, text, f);
}

const char *
column_text(sqlite3_stmt *q, int column)
{
	const char *s = (const char *)sqlite3_column_text(q, column);

	return s != NULL ? s : "";
}

const uint8_t *
column_digest(sqlite3_stmt *q, int column)
{
	const uint8_t *p = sqlite3_column_blob(q, column);

	return sqlite3_column_bytes(q, column) == SHA256_LEN ? p : NULL;
}

const uint8_t *
digests_use(struct digests *d, long long id)
{
	if (id < 1 || id > d->n)
		return NULL;
	d->used[id - 1] = true;
	return d->d[id - 1];
}

/* Room for as many rows as the table has. */
static int
digests_new(
    struct verifying *y, const char *count, struct digests *d, struct fault *f)
{
	sqlite3_stmt *q = verify_ask(y, count, f);
	int rc = q == NULL ? -1 : stmt_row(y->st, q, f);

	if (rc == 1)
		d->n = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	if (rc != 1)
		return -1;
	d->d = calloc((size_t)d->n + 1, SHA256_LEN);
	d->used = calloc((size_t)d->n + 1, sizeof(*d->used));
	return d->d != NULL && d->used != NULL ? 0 : fault_memory(f);
}

static void
digests_free(struct digests *d)
{
	free(d->d);
	free(d->used);
}

/* -------------------------------------------------------- SQLite's own view */

/* What SQLite finds wrong itself, by one PRAGMA. */
static int
verify_pragma(struct verifying *y, const char *pragma, int column,
    const char *what, struct fault *f)
{
	sqlite3_stmt *q = verify_ask(y, pragma, f);
	int rc;

	if (q == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1) {
		const char *s = column_text(q, column);

		if (what == NULL && strcmp(s, "ok") != 0)
			problem(y, s, "file");
		else if (what != NULL)
			problem(y, what, "table %s", s);
	}
	(void)sqlite3_finalize(q);
	return rc;
}

/* The numbers in change and opinion are looked at where they are followed. */
static int
verify_file(struct verifying *y, struct fault *f)
{
	static const char *const tables[] = { "tombstone", "item", "attempt",
		"ended", "answer_change", "sighting_change", "judgement" };
	char pragma[64];

	if (verify_pragma(y, "PRAGMA integrity_check(20)", 0, NULL, f) == -1)
		return -1;
	for (size_t i = 0; i < LENGTH(tables); i++) {
		(void)snprintf(pragma, sizeof(pragma),
		    "PRAGMA foreign_key_check(%s)", tables[i]);
		if (verify_pragma(y, pragma, 0,
			"refers to a row that is not there", f) == -1)
			return -1;
	}
	return 0;
}

/* ------------------------------------------------------------------- schema */

/* Every table, index, trigger and view as the program would make them. */
static int
reference_schema(struct verifying *y, sqlite3 **db, struct fault *f)
{
	if (views_reference(y->st->kinds, db, f) == -1)
		return -1;
	if (sqlite3_exec(*db, store_text[0].p, NULL, NULL, NULL) != SQLITE_OK)
		return fault(f, FAULT_IO, "schema: %s", sqlite3_errmsg(*db));
	return 0;
}

static const char objects[] =
    "SELECT type, name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL AND "
    "name NOT LIKE 'sqlite_%' ORDER BY type, name";
static const char object[] =
    "SELECT sql FROM main.sqlite_schema WHERE type = ?1 AND name = ?2";

/* Report objects of `in` that `other` lacks, or that differ there. A view that
 * the program has and the file lacks is none of those: programs know of more
 * kinds as time goes by, and what is not there deceives nobody. */
static int
compare_schema(struct verifying *y, sqlite3 *in, sqlite3 *other,
    const char *lacks, const char *differs, struct fault *f)
{
	sqlite3_stmt *all = ask(y, in, objects, f);
	sqlite3_stmt *one = all != NULL ? ask(y, other, object, f) : NULL;
	int rc = one == NULL ? -1 : 1;

	while (rc == 1 && sqlite3_step(all) == SQLITE_ROW) {
		if (y->n->foreign && strcmp(column_text(all, 0), "view") == 0)
			continue;
		(void)sqlite3_reset(one);
		sqlite3_bind_value(one, 1, sqlite3_column_value(all, 0));
		sqlite3_bind_value(one, 2, sqlite3_column_value(all, 1));
		if (sqlite3_step(one) != SQLITE_ROW) {
			if (in == y->st->db ||
			    strcmp(column_text(all, 0), "view") != 0)
				problem(y, lacks, "%s %s", column_text(all, 0),
				    column_text(all, 1));
		} else if (differs != NULL && strcmp(column_text(one, 0),
						  column_text(all, 2)) != 0)
			problem(y, differs, "%s %s", column_text(all, 0),
			    column_text(all, 1));
	}
	(void)sqlite3_finalize(all);
	(void)sqlite3_finalize(one);
	return rc == -1 ? -1 : 0;
}

/*
 * Views are made from the kinds a version knows, and remade by whoever writes
 * next; what another version wrote has that one's. Nothing of exhibit reads
 * through them.
 */
static int
find_writer(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q = ask(y, y->st->db,
	    "SELECT exhibit FROM attempt ORDER BY id DESC LIMIT 1", f);
	int rc;

	if (q == NULL)
		return -1;
	rc = stmt_row(y->st, q, f);
	y->n->foreign =
	    rc == 1 && strcmp(column_text(q, 0), exhibit_build) != 0;
	(void)sqlite3_finalize(q);
	return rc == -1 ? -1 : 0;
}

static int
verify_schema(struct verifying *y, struct fault *f)
{
	sqlite3 *reference = NULL;
	int rc = find_writer(y, f);

	if (rc == 0)
		rc = reference_schema(y, &reference, f);
	if (rc == 0)
		rc = compare_schema(y, reference, y->st->db,
		    "is missing: it was dropped", "was altered", f);
	if (rc == 0)
		rc = compare_schema(y, y->st->db, reference,
		    "is not part of a store: it was added", NULL, f);
	(void)sqlite3_close(reference);
	return rc;
}

/* ----------------------------------------------------- contents and subjects
 */

/* Name a content by what it is the state of, where it is one's. */
static void
content_problem(struct verifying *y, long long id, const char *what)
{
	struct fault ignored;
	sqlite3_stmt *q = verify_ask(y,
	    "SELECT s.kind || ' ' || s.key || ' in ' || s.scope || ', run ' || "
	    "x.run FROM change x CROSS JOIN subject s ON s.id = x.subject "
	    "WHERE "
	    "x.content = ?1 LIMIT 1",
	    &ignored);

	if (q != NULL && sqlite3_bind_int64(q, 1, id) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		problem(y, what, "content %lld (%s)", id, column_text(q, 0));
	else
		problem(y, what, "content %lld", id);
	(void)sqlite3_finalize(q);
}

/* One row: id, sha256, body, size, tombstone. d gets its digest. */
static int
verify_content(struct verifying *y, sqlite3_stmt *q, uint8_t d[SHA256_LEN],
    struct fault *f)
{
	long long id = sqlite3_column_int64(q, 0);
	const void *body = sqlite3_column_blob(q, 2);
	int len = sqlite3_column_bytes(q, 2);
	const uint8_t *said = column_digest(q, 1);

	if (said == NULL) {
		content_problem(y, id, "its sha256 is not 32 bytes long");
		return 0;
	}
	if (sqlite3_column_type(q, 2) == SQLITE_NULL) {
		y->n->dropped++;
		if (sqlite3_column_type(q, 4) == SQLITE_NULL)
			content_problem(
			    y, id, "its bytes are gone without a tombstone");
		memcpy(d, said, SHA256_LEN);
		return 0;
	}
	if (digest_sha256(y->st->crypto, body != NULL ? body : "", (size_t)len,
		d, f) == -1)
		return -1;
	if (memcmp(d, said, SHA256_LEN) != 0)
		content_problem(y, id, "its bytes do not match its SHA-256");
	else if (len != sqlite3_column_int64(q, 3))
		content_problem(y, id, "its size is not that of its bytes");
	return 0;
}

static int
verify_contents(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (digests_new(y, "SELECT count(*) FROM content", &y->contents, f) ==
		-1 ||
	    (q = verify_ask(y,
		 "SELECT c.id, c.sha256, c.body, c.size, t.content FROM "
		 "content c LEFT JOIN tombstone t ON t.content = c.id",
		 f)) == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1) {
		long long id = sqlite3_column_int64(q, 0);
		uint8_t beyond[SHA256_LEN] = { 0 };
		bool known = id >= 1 && id <= y->contents.n;

		y->n->contents++;
		if (!known)
			problem(y, "contents before it are missing",
			    "content %lld", id);
		if (verify_content(y, q, known ? y->contents.d[id - 1] : beyond,
			f) == -1) {
			rc = -1;
			break;
		}
	}
	(void)sqlite3_finalize(q);
	return rc;
}

/* What retention dropped is not needed from its newest cut on. */
static int
verify_dropped(struct verifying *y, struct fault *f)
{
	struct store *st = y->st;
	sqlite3_stmt *q = NULL;
	char cut[UTC_LEN] = "";
	long long run = 0;
	int rc = -1;

	if (y->n->dropped == 0)
		return 0;
	if ((q = verify_ask(y,
		 "SELECT coalesce(max(body ->> '$.cut'), ''), coalesce(max("
		 "body ->> '$.run'), 0) FROM log WHERE type = 'tombstone'",
		 f)) != NULL &&
	    stmt_row(st, q, f) == 1) {
		(void)snprintf(cut, sizeof(cut), "%s", column_text(q, 0));
		run = sqlite3_column_int64(q, 1);
		rc = 0;
	}
	(void)sqlite3_finalize(q);
	if (rc == -1 || retain_needed(st, run, cut, f) == -1 ||
	    (q = verify_ask(y,
		 "SELECT n.id FROM temp.needed n JOIN content c ON c.id = n.id "
		 "WHERE c.body IS NULL",
		 f)) == NULL)
		return -1;
	while ((rc = stmt_row(st, q, f)) == 1)
		content_problem(y, sqlite3_column_int64(q, 0),
		    "its bytes are gone, but a state from the cut on needs "
		    "them");
	(void)sqlite3_finalize(q);
	return rc;
}

/* One item: id, its texts, bucket. */
static int
verify_subject(struct verifying *y, sqlite3_stmt *q, struct fault *f)
{
	long long id = sqlite3_column_int64(q, 0);
	uint8_t *name;

	y->n->subjects++;
	if (id < 1 || id > y->subjects.n) {
		problem(
		    y, "subjects before it are missing", "subject %lld", id);
		return 0;
	}
	name = y->subjects.d[id - 1];
	if (subject_name(y->st->crypto, column_text(q, 1), column_text(q, 2),
		column_text(q, 3), name, f) == -1)
		return -1;
	if (bucket_of(name) != sqlite3_column_int64(q, 4))
		problem(y,
		    "its bucket is not that of its name: kind, scope, key or "
		    "bucket was edited",
		    "subject %lld (%s %s %s)", id, column_text(q, 1),
		    column_text(q, 2), column_text(q, 3));
	return 0;
}

static int
verify_subjects(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (digests_new(y, "SELECT count(*) FROM item", &y->subjects, f) ==
		-1 ||
	    (q = verify_ask(y,
		 "SELECT i.id, k.text, p.text, y.text, i.bucket FROM item i "
		 "LEFT JOIN name k ON k.id = i.kind LEFT JOIN name p ON p.id = "
		 "i.scope LEFT JOIN name y ON y.id = i.key",
		 f)) == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1)
		if (verify_subject(y, q, f) == -1) {
			rc = -1;
			break;
		}
	(void)sqlite3_finalize(q);
	return rc;
}

/* ------------------------------------------- columns against what was hashed
 */

/* A statement of verify.sql. What cannot even be asked was edited. */
static int
verify_projection(struct verifying *y, sqlite3_stmt *q, struct fault *f)
{
	struct fault why = { 0 };
	int rc;

	while ((rc = stmt_row(y->st, q, &why)) == 1)
		problem(y, column_text(q, 1), "%s", column_text(q, 0));
	if (rc == 0)
		return 0;
	if (sqlite3_errcode(y->st->db) == SQLITE_NOMEM)
		return fault_memory(f);
	problem(y, why.text, "store");
	return 0;
}

static int
verify_projections(struct verifying *y, struct fault *f)
{
	const char *rest = store_text[3].p;
	sqlite3_stmt *q = NULL;
	int rc = 0;

	while (rc == 0 && *rest != '\0') {
		if (sqlite3_prepare_v2(y->st->db, rest, -1, &q, &rest) !=
		    SQLITE_OK)
			return store_fault(y->st, "verify", f);
		if (q != NULL)
			rc = verify_projection(y, q, f);
		(void)sqlite3_finalize(q);
	}
	return rc;
}

/* ------------------------------------------------------------ nothing besides
 */

/* Mark what the statement's rows name by digest. */
static int
use_named(struct verifying *y, const char *text, struct fault *f)
{
	struct fault why;
	sqlite3_stmt *q = verify_ask(y, text, f);

	if (q == NULL)
		return -1;
	while (stmt_row(y->st, q, &why) == 1) /* edited JSON is named before */
		(void)digests_use(&y->contents, sqlite3_column_int64(q, 0));
	(void)sqlite3_finalize(q);
	return 0;
}

/* Rows that nothing refers to: nothing hashes them. */
static int
verify_used(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (use_named(y,
		"SELECT c.id FROM log l, json_each(l.body, '$.checks') k JOIN "
		"content c ON c.sha256 = of_hex(k.value) WHERE l.type = "
		"'judgement'",
		f) == -1 ||
	    use_named(y,
		"SELECT c.id FROM log l, json_each(l.body, '$.catalogs') k "
		"JOIN content c ON c.sha256 = of_hex(k.value) WHERE l.type = "
		"'judgement'",
		f) == -1 ||
	    use_named(y,
		"SELECT content FROM answer_change WHERE content IS NOT NULL",
		f) == -1)
		return -1;
	for (long long i = 0; i < y->contents.n; i++)
		if (!y->contents.used[i])
			problem(y, "nothing refers to it: it was added",
			    "content %lld", i + 1);
	for (long long i = 0; i < y->subjects.n; i++)
		if (!y->subjects.used[i])
			problem(y, "nothing was ever observed of it",
			    "subject %lld", i + 1);
	if ((q = verify_ask(y,
		 "SELECT id, text FROM name EXCEPT SELECT n.id, n.text FROM "
		 "name n WHERE n.id IN (SELECT kind FROM item UNION SELECT "
		 "scope FROM item UNION SELECT key FROM item)",
		 f)) == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1)
		problem(y, "no subject has it: it was added", "name %lld (%s)",
		    (long long)sqlite3_column_int64(q, 0), column_text(q, 1));
	(void)sqlite3_finalize(q);
	return rc;
}

int
store_verify(struct store *st, const struct verifier *v,
    struct verify_counts *out, struct fault *f)
{
	struct verifying y = { .st = st, .v = v, .n = out };
	static int (*const steps[])(struct verifying *, struct fault *) = {
		verify_file,
		verify_schema,
		verify_contents,
		verify_dropped,
		verify_subjects,
		verify_log,
		verify_projections,
		verify_runs,
		verify_opinions,
		verify_used,
	};
	int rc = 0;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; rc == 0 && i < LENGTH(steps); i++)
		rc = steps[i](&y, f);
	digests_free(&y.contents);
	digests_free(&y.subjects);
	return rc == -1 ? -1 : 0;
}
