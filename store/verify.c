/*
 * Recompute everything a store claims, and name what differs and where.
 * Sources: RFC 6962 section 2.1, C2SP tlog-checkpoint, schema.sql.
 */
#include "store/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/build.h"

struct verifying {
	struct store *st;
	const struct verifier *v;
	struct verify_counts *n;
};

static void problem(struct verifying *y, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* what is wrong, and (fmt) where */
static void
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

static const char *
text_of(sqlite3_stmt *q, int column)
{
	const char *s = (const char *)sqlite3_column_text(q, column);

	return s != NULL ? s : "";
}

/* -------------------------------------------------------- SQLite's own view */

static int
verify_file(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q = ask(y, y->st->db, "PRAGMA integrity_check(20)", f);
	int rc;

	if (q == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1)
		if (strcmp(text_of(q, 0), "ok") != 0)
			problem(y, text_of(q, 0), "file");
	(void)sqlite3_finalize(q);
	if (rc == -1)
		return -1;
	if ((q = ask(y, y->st->db, "PRAGMA foreign_key_check", f)) == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1)
		problem(y, "refers to a row that is not there", "table %s",
		    text_of(q, 0));
	(void)sqlite3_finalize(q);
	return rc;
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
		if (y->n->foreign && strcmp(text_of(all, 0), "view") == 0)
			continue;
		(void)sqlite3_reset(one);
		sqlite3_bind_value(one, 1, sqlite3_column_value(all, 0));
		sqlite3_bind_value(one, 2, sqlite3_column_value(all, 1));
		if (sqlite3_step(one) != SQLITE_ROW) {
			if (in == y->st->db ||
			    strcmp(text_of(all, 0), "view") != 0)
				problem(y, lacks, "%s %s", text_of(all, 0),
				    text_of(all, 1));
		} else if (differs != NULL &&
			   strcmp(text_of(one, 0), text_of(all, 2)) != 0)
			problem(y, differs, "%s %s", text_of(all, 0),
			    text_of(all, 1));
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
	y->n->foreign = rc == 1 && strcmp(text_of(q, 0), exhibit_build) != 0;
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
	sqlite3_stmt *q = ask(y, y->st->db,
	    "SELECT s.kind || ' ' || s.key || ' in ' || s.scope || ', run ' || "
	    "x.run FROM change x JOIN subject s ON s.id = x.subject WHERE "
	    "x.content = ?1 LIMIT 1",
	    &ignored);

	if (q != NULL && sqlite3_bind_int64(q, 1, id) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		problem(y, what, "content %lld (%s)", id, text_of(q, 0));
	else
		problem(y, what, "content %lld", id);
	(void)sqlite3_finalize(q);
}

static int
verify_contents(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q = ask(y, y->st->db,
	    "SELECT c.id, c.sha256, c.body, c.size, t.content FROM content c "
	    "LEFT JOIN tombstone t ON t.content = c.id",
	    f);
	uint8_t d[SHA256_LEN];
	int rc;

	if (q == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1) {
		long long id = sqlite3_column_int64(q, 0);
		const void *body = sqlite3_column_blob(q, 2);
		int len = sqlite3_column_bytes(q, 2);

		y->n->contents++;
		if (sqlite3_column_type(q, 2) == SQLITE_NULL) {
			y->n->dropped++;
			if (sqlite3_column_type(q, 4) == SQLITE_NULL)
				content_problem(y, id,
				    "its bytes are gone without a tombstone");
			continue;
		}
		if (digest_sha256(y->st->crypto, body != NULL ? body : "",
			(size_t)len, d, f) == -1) {
			rc = -1;
			break;
		}
		if (memcmp(d, sqlite3_column_blob(q, 1), SHA256_LEN) != 0)
			content_problem(
			    y, id, "its bytes do not match its SHA-256");
		else if (len != sqlite3_column_int64(q, 3))
			content_problem(
			    y, id, "its size is not that of its bytes");
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
	if ((q = ask(y, st->db,
		 "SELECT coalesce(max(body ->> '$.cut'), ''), coalesce(max("
		 "body ->> '$.run'), 0) FROM log WHERE type = 'tombstone'",
		 f)) != NULL &&
	    stmt_row(st, q, f) == 1) {
		(void)snprintf(cut, sizeof(cut), "%s", text_of(q, 0));
		run = sqlite3_column_int64(q, 1);
		rc = 0;
	}
	(void)sqlite3_finalize(q);
	if (rc == -1 || retain_needed(st, run, cut, f) == -1 ||
	    (q = ask(y, st->db,
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

static int
verify_subjects(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q = ask(
	    y, y->st->db, "SELECT id, name, kind, scope, key FROM subject", f);
	uint8_t name[SHA256_LEN];
	int rc;

	if (q == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1) {
		y->n->subjects++;
		if (subject_name(y->st->crypto, text_of(q, 2), text_of(q, 3),
			text_of(q, 4), name, f) == -1) {
			rc = -1;
			break;
		}
		if (memcmp(name, sqlite3_column_blob(q, 1), SHA256_LEN) != 0)
			problem(y, "its kind, scope or key was edited",
			    "subject %lld (%s %s %s)",
			    (long long)sqlite3_column_int64(q, 0),
			    text_of(q, 2), text_of(q, 3), text_of(q, 4));
	}
	(void)sqlite3_finalize(q);
	return rc;
}

/* ---------------------------------------------------------------------- log */

static int
verify_checkpoint(
    struct verifying *y, sqlite3_stmt *c, const uint8_t *root, struct fault *f)
{
	long long id = sqlite3_column_int64(c, 0);
	const char *note = text_of(c, 3);
	char origin[CHECKPOINT_ORIGIN_MAX];
	struct log_head said = { 0 };
	struct fault why = { 0 };

	(void)f;
	y->n->checkpoints++;
	if (checkpoint_parse(note, strlen(note), origin, &said, &why) == -1 ||
	    said.size != sqlite3_column_int64(c, 1) ||
	    memcmp(said.root, sqlite3_column_blob(c, 2), SHA256_LEN) != 0)
		problem(y, "its columns are not what its note says",
		    "checkpoint %lld", id);
	if (root == NULL)
		problem(y,
		    "the log is shorter than it says: entries were "
		    "removed",
		    "checkpoint %lld", id);
	else if (memcmp(said.root, root, SHA256_LEN) != 0)
		problem(y,
		    "its root is not the log's: entries before it "
		    "were changed, removed or reordered",
		    "checkpoint %lld", id);
	if (y->v->signature == NULL || sqlite3_column_type(c, 4) == SQLITE_NULL)
		return 0;
	y->n->signatures++;
	if (y->v->signature(y->v->ctx, note, strlen(note),
		sqlite3_column_blob(c, 4), (size_t)sqlite3_column_bytes(c, 4),
		&why) == -1)
		problem(y, why.text, "checkpoint %lld", id);
	return 0;
}

/* One pass over the leaves, checkpoints taken as their size is reached. */
static int
verify_leaves(struct verifying *y, sqlite3_stmt *log, sqlite3_stmt *points,
    struct fault *f)
{
	struct merkle m = { 0 };
	uint8_t leaf[SHA256_LEN], root[SHA256_LEN];
	int point = stmt_row(y->st, points, f), rc = 1;

	for (;;) {
		while (point == 1 && rc == 1 &&
		       sqlite3_column_int64(points, 1) == (long long)m.size) {
			if (merkle_root(&m, y->st->crypto, root, f) == -1)
				return -1;
			(void)verify_checkpoint(y, points, root, f);
			point = stmt_row(y->st, points, f);
		}
		if ((rc = stmt_row(y->st, log, f)) != 1)
			break;
		if (sqlite3_column_int64(log, 0) != (long long)m.size)
			problem(y, "entries before it are missing",
			    "log entry %lld",
			    (long long)sqlite3_column_int64(log, 0));
		if (merkle_leaf(y->st->crypto, text_of(log, 1),
			(size_t)sqlite3_column_bytes(log, 1), leaf, f) == -1)
			return -1;
		if (memcmp(leaf, sqlite3_column_blob(log, 2), SHA256_LEN) != 0)
			problem(y, "its body does not match its leaf hash",
			    "log entry %lld",
			    (long long)sqlite3_column_int64(log, 0));
		if (merkle_add(&m, y->st->crypto, leaf, f) == -1)
			return -1;
		y->n->leaves++;
	}
	while (point == 1) {
		(void)verify_checkpoint(y, points, NULL, f);
		point = stmt_row(y->st, points, f);
	}
	return rc == -1 || point == -1 ? -1 : 0;
}

/* The cache of complete subtrees says what its children say. */
static int
verify_nodes(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q = ask(y, y->st->db,
	    "SELECT n.level, n.idx, n.hash, a.hash, b.hash FROM log_node n "
	    "LEFT JOIN (SELECT 0 AS level, seq AS idx, leaf AS hash FROM log "
	    "UNION ALL SELECT level, idx, hash FROM log_node) a "
	    "ON a.level = n.level - 1 AND a.idx = 2 * n.idx "
	    "LEFT JOIN (SELECT 0 AS level, seq AS idx, leaf AS hash FROM log "
	    "UNION ALL SELECT level, idx, hash FROM log_node) b "
	    "ON b.level = n.level - 1 AND b.idx = 2 * n.idx + 1",
	    f);
	uint8_t hash[SHA256_LEN];
	int rc;

	if (q == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1) {
		bool whole = sqlite3_column_bytes(q, 3) == SHA256_LEN &&
			     sqlite3_column_bytes(q, 4) == SHA256_LEN;

		if (whole &&
		    merkle_node(y->st->crypto, sqlite3_column_blob(q, 3),
			sqlite3_column_blob(q, 4), hash, f) == -1) {
			rc = -1;
			break;
		}
		if (!whole ||
		    memcmp(hash, sqlite3_column_blob(q, 2), SHA256_LEN) != 0)
			problem(y, "is not the hash of its children",
			    "log node %d/%lld", sqlite3_column_int(q, 0),
			    (long long)sqlite3_column_int64(q, 1));
	}
	(void)sqlite3_finalize(q);
	return rc;
}

static int
verify_log(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *log = ask(
	    y, y->st->db, "SELECT seq, body, leaf FROM log ORDER BY seq", f);
	sqlite3_stmt *points = log == NULL ? NULL
					   : ask(y, y->st->db,
						 "SELECT id, size, root, note, "
						 "cms FROM checkpoint "
						 "ORDER BY size, id",
						 f);
	int rc = -1;

	if (points != NULL)
		rc = verify_leaves(y, log, points, f);
	(void)sqlite3_finalize(log);
	(void)sqlite3_finalize(points);
	return rc == -1 ? -1 : verify_nodes(y, f);
}

/* ------------------------------------------- columns against what was hashed
 */

/* Each gives where and what for every row that disagrees with the log. */
static const char *const projections[] = {
	"SELECT 'attempt ' || a.id, 'its columns are not what log entry ' || "
	"a.record || ' says' FROM attempt a LEFT JOIN log l ON l.seq = "
	"a.record WHERE l.type IS NOT 'attempt' "
	"OR a.began IS NOT l.body ->> '$.began' "
	"OR a.origin IS NOT l.body ->> '$.origin' "
	"OR a.operator IS NOT l.body ->> '$.operator' "
	"OR a.exhibit IS NOT l.body ->> '$.exhibit' "
	"OR a.module IS NOT l.body ->> '$.module' "
	"OR a.plan IS NOT l.body -> '$.plan'",
	"SELECT 'log entry ' || l.seq, 'the attempt it records is missing' "
	"FROM log l WHERE l.type = 'attempt' AND NOT EXISTS "
	"(SELECT 1 FROM attempt WHERE record = l.seq)",
	"SELECT 'run ' || e.run, 'its columns are not what log entry ' || "
	"e.record || ' says' FROM ended e JOIN attempt a ON a.id = e.attempt "
	"LEFT JOIN log l ON l.seq = e.record WHERE l.type IS NOT 'run' "
	"OR e.run IS NOT l.body ->> '$.run' "
	"OR e.ended IS NOT l.body ->> '$.ended' "
	"OR e.state IS NOT l.body ->> '$.state' "
	"OR lower(hex(e.state_root)) IS NOT l.body ->> '$.state_root' "
	"OR a.record IS NOT l.body ->> '$.attempt'",
	"SELECT 'log entry ' || l.seq, 'run ' || (l.body ->> '$.run') || "
	"', which it records, is missing' FROM log l WHERE l.type = 'run' AND "
	"NOT EXISTS (SELECT 1 FROM ended WHERE record = l.seq)",
	"SELECT 'judgement ' || j.id, 'its columns are not what log entry ' "
	"|| j.record || ' says' FROM judgement j LEFT JOIN log l ON l.seq = "
	"j.record WHERE l.type IS NOT 'judgement' "
	"OR j.id IS NOT l.body ->> '$.judgement' "
	"OR j.made IS NOT l.body ->> '$.made' "
	"OR j.as_of IS NOT l.body ->> '$.as_of' "
	"OR j.run IS NOT l.body ->> '$.run' "
	"OR j.profile IS NOT l.body ->> '$.profile'",
	"SELECT 'log entry ' || l.seq, 'the judgement it records is missing' "
	"FROM log l WHERE l.type = 'judgement' AND NOT EXISTS "
	"(SELECT 1 FROM judgement WHERE record = l.seq)",
	"SELECT 'log entry ' || seq, 'its type is not what its body says' "
	"FROM log WHERE type IS NOT body ->> '$.type'",
	"SELECT 'answer of ' || p.scope || ' in run ' || w.run, 'its place is "
	"not what its content says' FROM answer w JOIN place p ON p.id = "
	"w.place JOIN content c ON c.id = w.content WHERE c.body IS NOT NULL "
	"AND (p.scope IS NOT c.body ->> '$.scope' OR p.collector IS NOT "
	"c.body ->> '$.collector')",
	"SELECT 'tombstone of content ' || t.content, 'no log entry says why' "
	"FROM tombstone t LEFT JOIN log l ON l.seq = t.record WHERE l.type IS "
	"NOT 'tombstone'",
	"WITH listed AS MATERIALIZED (SELECT l.seq, k.key, k.value FROM log l, "
	"json_each(l.body, '$.contents') k WHERE l.type = 'tombstone') "
	"SELECT 'tombstone of content ' || t.content, 'log entry ' || t.record "
	"|| ' does not list its digest and size' FROM tombstone t JOIN content "
	"c ON c.id = t.content LEFT JOIN listed d ON d.seq = t.record AND "
	"d.key = lower(hex(c.sha256)) AND d.value = c.size WHERE d.seq IS NULL",
	"WITH buried AS MATERIALIZED (SELECT lower(hex(c.sha256)) AS hex FROM "
	"tombstone t JOIN content c ON c.id = t.content) "
	"SELECT 'log entry ' || l.seq, 'the tombstone of a content it lists is "
	"missing: ' || k.key FROM log l, json_each(l.body, '$.contents') k "
	"LEFT JOIN buried b ON b.hex = k.key WHERE l.type = 'tombstone' AND "
	"b.hex IS NULL",
	"SELECT 'change of subject ' || x.subject, 'belongs to run ' || x.run "
	"|| ', which never ended' FROM change x WHERE x.run > "
	"(SELECT coalesce(max(run), 0) FROM ended)",
};

static int
verify_projections(struct verifying *y, struct fault *f)
{
	for (size_t i = 0; i < LENGTH(projections); i++) {
		sqlite3_stmt *q = ask(y, y->st->db, projections[i], f);
		int rc;

		if (q == NULL)
			return -1;
		while ((rc = stmt_row(y->st, q, f)) == 1)
			problem(y, text_of(q, 1), "%s", text_of(q, 0));
		(void)sqlite3_finalize(q);
		if (rc == -1)
			return -1;
	}
	return 0;
}

/* --------------------------------------------------------------------- runs */

static int
verify_list(struct verifying *y, enum stmt s, long long id, const char *said,
    const char *what, const char *where, struct fault *f)
{
	char hex[SHA256_HEX];
	long long count;

	if (run_list_root(y->st, s, id, hex, &count, f) == -1)
		return -1;
	if (strcmp(hex, said) != 0)
		problem(y, what, "%s %lld", where, id);
	return 0;
}

struct advancing {
	struct verifying *y;
	struct live *live;
	sqlite3_stmt *bucket; /* is the cached hash of a bucket this one? */
	long long run;	      /* 0: before the first */
};

/* A bucket that the run touched, against the hash it stored. */
static int
verify_bucket(
    void *ctx, unsigned bucket, const uint8_t hash[SHA256_LEN], struct fault *f)
{
	struct advancing *g = ctx;
	int rc;

	if (g->run == 0)
		return 0;
	(void)sqlite3_reset(g->bucket);
	sqlite3_bind_int64(g->bucket, 1, bucket);
	sqlite3_bind_int64(g->bucket, 2, g->run);
	sqlite3_bind_blob(g->bucket, 3, hash, SHA256_LEN, SQLITE_STATIC);
	rc = stmt_row(g->y->st, g->bucket, f);
	if (rc == 1 && sqlite3_column_int(g->bucket, 0) == 1)
		return 0;
	if (rc != -1)
		problem(g->y, "a bucket of its state is not what was observed",
		    "run %lld, state bucket %u", g->run, bucket);
	return rc == -1 ? -1 : 0;
}

/* Take the run's changes into the state: cost follows what changed. */
static int
advance_state(struct advancing *g, struct fault *f)
{
	static const uint8_t gone[SHA256_LEN];
	sqlite3_stmt *q = stmt_of(g->y->st, S_RUN_CHANGES);
	int rc;

	sqlite3_bind_int64(q, 1, g->run);
	while ((rc = stmt_row(g->y->st, q, f)) == 1) {
		const uint8_t *name = sqlite3_column_blob(q, 0);
		const uint8_t *sha = sqlite3_column_blob(q, 1);

		if (sqlite3_column_bytes(q, 0) != SHA256_LEN ||
		    sqlite3_column_bytes(q, 1) != SHA256_LEN)
			return fault_memory(f); /* the schema sees to it */
		if (live_set(g->live, name,
			memcmp(sha, gone, SHA256_LEN) == 0 ? NULL : sha,
			f) == -1)
			return -1;
		g->y->n->changes++;
	}
	return rc == -1 ? -1 : live_settle(g->live, verify_bucket, g, f);
}

static int
verify_run(struct advancing *g, sqlite3_stmt *run, struct fault *f)
{
	struct verifying *y = g->y;
	long long id = sqlite3_column_int64(run, 0);
	char hex[SHA256_HEX];

	y->n->runs++;
	g->run = id;
	if (verify_list(y, S_RUN_CHANGES, id, text_of(run, 1),
		"its changes are not those it recorded", "run", f) == -1 ||
	    verify_list(y, S_RUN_ANSWERS, id, text_of(run, 2),
		"its coverage is not what it recorded", "run", f) == -1 ||
	    verify_list(y, S_RUN_SIGHTINGS, id, text_of(run, 3),
		"its sightings are not those it recorded", "run", f) == -1 ||
	    advance_state(g, f) == -1)
		return -1;
	hex_encode(live_root(g->live), SHA256_LEN, hex);
	if (strcmp(hex, text_of(run, 4)) != 0)
		problem(y,
		    "the state of all subjects is not what its state "
		    "root says",
		    "run %lld", id);
	return 0;
}

static int
verify_each_run(struct advancing *g, struct fault *f)
{
	struct verifying *y = g->y;
	sqlite3_stmt *q = ask(y, y->st->db,
	    "SELECT e.run, l.body ->> '$.changes.root', "
	    "l.body ->> '$.answers.root', l.body ->> '$.sightings.root', "
	    "l.body ->> '$.state_root' FROM ended e "
	    "LEFT JOIN log l ON l.seq = e.record ORDER BY e.run",
	    f);
	int rc = q == NULL ? -1 : 1;

	while (rc == 1 && (rc = stmt_row(y->st, q, f)) == 1)
		if (verify_run(g, q, f) == -1)
			rc = -1;
	(void)sqlite3_finalize(q);
	return rc;
}

static int
verify_runs(struct verifying *y, struct fault *f)
{
	struct advancing g = { .y = y, .live = live_new(y->st->crypto, f) };
	int rc = -1;

	if (g.live != NULL && live_settle(g.live, verify_bucket, &g, f) == 0 &&
	    (g.bucket = ask(y, y->st->db,
		 "SELECT hash = ?3 FROM bucket WHERE bucket = ?1 AND run = ?2",
		 f)) != NULL)
		rc = verify_each_run(&g, f);
	(void)sqlite3_finalize(g.bucket);
	live_free(g.live);
	return rc;
}

static int
verify_judgements(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q = ask(y, y->st->db,
	    "SELECT j.id, l.body ->> '$.verdicts.root' FROM judgement j "
	    "LEFT JOIN log l ON l.seq = j.record ORDER BY j.id",
	    f);
	int rc;

	if (q == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1) {
		y->n->judgements++;
		if (verify_list(y, S_OPINIONS, sqlite3_column_int64(q, 0),
			text_of(q, 1), "its verdicts are not those it recorded",
			"judgement", f) == -1) {
			rc = -1;
			break;
		}
	}
	(void)sqlite3_finalize(q);
	return rc;
}

int
store_verify(struct store *st, const struct verifier *v,
    struct verify_counts *out, struct fault *f)
{
	struct verifying y = { st, v, out };
	static int (*const steps[])(struct verifying *, struct fault *) = {
		verify_file,
		verify_schema,
		verify_contents,
		verify_dropped,
		verify_subjects,
		verify_log,
		verify_projections,
		verify_runs,
		verify_judgements,
	};

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < LENGTH(steps); i++)
		if (steps[i](&y, f) == -1)
			return -1;
	return 0;
}
