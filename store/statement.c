/*
 * Every statement the store runs, and what its parts do with them alike. See
 * internal.h.
 */
#include "store/internal.h"

#include <string.h>

#define LIST_ENTRY_MAX (16 * 1024 * 1024) /* a checkpoint's signatures */

/* The texts of an item i, and the name that is hashed. */
#define TEXTS                                                                  \
	" CROSS JOIN name k ON k.id = i.kind CROSS JOIN name p ON p.id = "     \
	"i.scope CROSS JOIN name y ON y.id = i.key "
#define NAME "subject_name(k.text, p.text, y.text)"

static const char *const sql[NSTMT] = {
	[S_BEGIN] = "BEGIN IMMEDIATE",
	[S_COMMIT] = "COMMIT",
	[S_ROLLBACK] = "ROLLBACK",
	[S_CONTENT_BY_DIGEST] =
	    "SELECT id, body IS NULL FROM content WHERE sha256 = ?1",
	[S_CONTENT_ADD] =
	    "INSERT INTO content(sha256, size, body) VALUES (?1, ?2, ?3)",
	[S_CONTENT_RESTORE] = "UPDATE content SET body = ?2 WHERE id = ?1",
	[S_CONTENT_CHECK] = "SELECT sha256, body FROM content WHERE id = ?1",
	[S_NAME_FIND] = "SELECT id FROM name WHERE text = ?1",
	[S_NAME_ADD] = "INSERT INTO name(text) VALUES (?1)",
	[S_ITEM_FIND] = "SELECT id FROM item WHERE kind = ?1 AND scope = ?2 "
			"AND key = ?3",
	[S_ITEM_ADD] = "INSERT INTO item(kind, scope, key, bucket) "
		       "VALUES (?1, ?2, ?3, ?4)",
	[S_LATEST] =
	    "SELECT i.id, x.content, c.sha256 FROM name y CROSS JOIN item i ON "
	    "i.kind = ?1 AND i.scope = ?2 AND i.key = y.id CROSS JOIN change x "
	    "ON x.subject = i.id AND x.run = (SELECT max(run) FROM change "
	    "WHERE subject = i.id) LEFT JOIN content c ON c.id = x.content "
	    "WHERE y.text = ?3",
	[S_LATEST_OF] = "SELECT content FROM change WHERE subject = ?1 "
			"ORDER BY run DESC LIMIT 1",
	[S_CHANGE_ADD] =
	    "INSERT INTO change(subject, run, content, provenance) "
	    "VALUES (?1, ?2, ?3, ?4)",
	[S_BUCKET_ENTRIES] =
	    "SELECT " NAME ", c.sha256 FROM item i CROSS JOIN change x ON "
	    "x.subject = i.id AND x.run = (SELECT max(run) FROM change WHERE "
	    "subject = i.id AND run <= ?2) CROSS JOIN content c ON c.id = "
	    "x.content" TEXTS "WHERE i.bucket = ?1 ORDER BY 1",
	[S_STATE] =
	    "SELECT " NAME ", c.sha256 FROM item i CROSS JOIN change x ON "
	    "x.subject = i.id AND x.run = (SELECT max(run) FROM change WHERE "
	    "subject = i.id AND run <= ?1) CROSS JOIN content c ON c.id = "
	    "x.content" TEXTS,
	[S_BUCKETS] = "SELECT bucket, hash FROM bucket",
	[S_BUCKET_PUT] = "INSERT OR REPLACE INTO bucket(bucket, hash) "
			 "VALUES (?1, ?2)",
	[S_BUCKET_DROP] = "DELETE FROM bucket WHERE bucket = ?1",
	[S_ATTEMPT_ADD] =
	    "INSERT INTO attempt(began, origin, operator, exhibit, module, "
	    "plan, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[S_ENDED_ADD] = "INSERT INTO ended(run, attempt, ended, state, "
			"state_root, record, series) VALUES (?1, ?2, (SELECT "
			"at FROM log WHERE seq = ?5), ?3, ?4, ?5, ?6)",
	[S_LAST_RUN] = "SELECT coalesce(max(run), 0) FROM ended",
	[S_LAST_ROOT] =
	    "SELECT state_root FROM ended ORDER BY run DESC LIMIT 1",
	[S_PLACE_FIND] =
	    "SELECT id FROM place WHERE scope = ?1 AND collector = ?2",
	[S_PLACE_ADD] = "INSERT INTO place(scope, collector) VALUES (?1, ?2)",
	/* the newest run that asked the same, if it is not long ago */
	[S_SERIES_FIND] =
	    "SELECT e.series FROM ended e JOIN attempt a ON a.id = e.attempt "
	    "WHERE e.run > ?3 - 1000 AND e.run < ?3 AND e.state <> 'failed' "
	    "AND a.origin = ?1 AND a.plan = ?2 ORDER BY e.run DESC LIMIT 1",
	[S_SERIES_LAST] =
	    "SELECT l.body ->> '$.answers.root', l.body ->> '$.answers.count', "
	    "l.body ->> '$.sightings.root', l.body ->> '$.sightings.count' "
	    "FROM ended e JOIN log l ON l.seq = e.record WHERE e.series = ?1 "
	    "AND e.run < ?2 ORDER BY e.run DESC LIMIT 1",
	[S_REPLIED_ADD] = "INSERT OR REPLACE INTO temp.replied VALUES (?1, ?2)",
	[S_ANSWERS_ADD] =
	    "INSERT INTO answer_change(series, place, run, content) SELECT ?1, "
	    "r.place, ?2, r.content FROM temp.replied r WHERE r.content IS NOT "
	    "(SELECT content FROM answer_change WHERE place = r.place AND "
	    "series = ?1 ORDER BY run DESC LIMIT 1)",
	[S_ANSWERS_END] =
	    "INSERT INTO answer_change(series, place, run) SELECT ?1, x.place, "
	    "?2 FROM (SELECT DISTINCT place FROM answer_change WHERE series = "
	    "?1) x WHERE NOT EXISTS (SELECT 1 FROM temp.replied WHERE place = "
	    "x.place) AND (SELECT content FROM answer_change WHERE place = "
	    "x.place AND series = ?1 ORDER BY run DESC LIMIT 1) IS NOT NULL",
	[S_SIGHTINGS_ADD] =
	    "INSERT INTO sighting_change(series, subject, run, seen) SELECT "
	    "?1, g.subject, ?2, 1 FROM temp.sighted g WHERE (SELECT seen FROM "
	    "sighting_change WHERE subject = g.subject AND series = ?1 ORDER "
	    "BY run DESC LIMIT 1) IS NOT 1",
	[S_SIGHTINGS_END] =
	    "INSERT INTO sighting_change(series, subject, run, seen) SELECT "
	    "?1, x.subject, ?2, 0 FROM (SELECT DISTINCT subject FROM "
	    "sighting_change WHERE series = ?1) x WHERE NOT EXISTS (SELECT 1 "
	    "FROM temp.sighted WHERE subject = x.subject) AND (SELECT seen "
	    "FROM sighting_change WHERE subject = x.subject AND series = ?1 "
	    "ORDER BY run DESC LIMIT 1) = 1",
	[S_RUN_CHANGES] =
	    "SELECT " NAME ", coalesce(c.sha256, zeroblob(32)), coalesce("
	    "o.sha256, zeroblob(32)) FROM change x CROSS JOIN item i ON i.id = "
	    "x.subject" TEXTS "LEFT JOIN content c ON c.id = x.content LEFT "
	    "JOIN content o ON o.id = x.provenance WHERE x.run = ?1 ORDER BY 1",
	/* of run ?1, which is of series ?2 */
	[S_RUN_ANSWERS] =
	    "SELECT c.sha256 FROM (SELECT content, max(run) FROM answer_change "
	    "WHERE series = ?2 AND run <= ?1 GROUP BY place) x JOIN content c "
	    "ON c.id = x.content ORDER BY c.sha256",
	[S_RUN_SIGHTINGS] =
	    "SELECT " NAME " FROM (SELECT subject, seen, max(run) FROM "
	    "sighting_change WHERE series = ?2 AND run <= ?1 GROUP BY subject) "
	    "x CROSS JOIN item i ON i.id = x.subject" TEXTS "WHERE x.seen = 1 "
	    "ORDER BY 1",
	[S_LOG_SIZE] = "SELECT coalesce(max(seq) + 1, 0) FROM log",
	[S_LOG_ADD] = "INSERT INTO log(seq, type, at, body, leaf) "
		      "VALUES (?1, ?2, ?3, ?4, ?5)",
	[S_LOG_LEAF] = "SELECT leaf FROM log WHERE seq = ?1",
	[S_NODE_HASH] =
	    "SELECT hash FROM log_node WHERE level = ?1 AND idx = ?2",
	[S_NODE_ADD] =
	    "INSERT INTO log_node(level, idx, hash) VALUES (?1, ?2, ?3)",
	[S_LOG_TIME] = "SELECT at FROM log ORDER BY seq DESC LIMIT 1",
	/* how long each part is stands before it: no byte belongs to another */
	[S_CHECKPOINT_LIST] =
	    "SELECT json_array(id, made, size, lower(hex(root)), note, "
	    "length(cms), length(tst)), cms, tst FROM checkpoint WHERE id > ?1 "
	    "AND id <= ?2 ORDER BY id",
	[S_CHECKPOINTS_KNOWN] =
	    "SELECT coalesce((SELECT max(id) FROM checkpoint), 0), coalesce(("
	    "SELECT body ->> '$.checkpoints.last' FROM log WHERE body ->> "
	    "'$.checkpoints.last' IS NOT NULL ORDER BY seq DESC LIMIT 1), 0)",
	[S_CHECKPOINT_ADD] =
	    "INSERT INTO checkpoint(made, size, root, note, cms, tst) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[S_JUDGEMENT_LAST] = "SELECT coalesce(max(id), 0) FROM judgement",
	[S_JUDGEMENT_ADD] =
	    "INSERT INTO judgement(id, made, as_of, run, profile, record) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[S_RULE_FIND] =
	    "SELECT id FROM rule WHERE profile = ?1 AND check_id = ?2",
	[S_RULE_ADD] = "INSERT INTO rule(profile, check_id) VALUES (?1, ?2)",
	/* what was put and differs from the newest */
	[S_OPINION_PUT_ADD] =
	    "INSERT INTO opinion(rule, subject, judgement, content) "
	    "SELECT p.rule, p.subject, ?1, p.content FROM temp.put p "
	    "WHERE p.content IS NOT (SELECT content FROM opinion "
	    "WHERE rule = p.rule AND subject = p.subject "
	    "ORDER BY judgement DESC LIMIT 1)",
	/* what the profile holds now and this judging did not put */
	[S_OPINION_GONE_ADD] =
	    "INSERT INTO opinion(rule, subject, judgement) "
	    "SELECT o.rule, o.subject, ?2 FROM rule u "
	    "JOIN opinion o ON o.rule = u.id "
	    "WHERE u.profile = ?1 AND o.content IS NOT NULL "
	    "AND o.judgement < ?2 "
	    "AND o.judgement = (SELECT max(judgement) FROM opinion WHERE "
	    "rule = o.rule AND subject = o.subject) "
	    "AND NOT EXISTS (SELECT 1 FROM temp.put WHERE rule = o.rule AND "
	    "subject = o.subject)",
	[S_OPINIONS] =
	    "SELECT u.check_id, " NAME ", coalesce(c.sha256, zeroblob(32)) "
	    "FROM opinion o CROSS JOIN rule u ON u.id = o.rule CROSS JOIN item "
	    "i ON i.id = o.subject" TEXTS "LEFT JOIN content c ON c.id = "
	    "o.content WHERE o.judgement = ?1 ORDER BY 1, 2",
	/* the side tables, see below */
	[S_SEEN_ADD] = "INSERT OR REPLACE INTO temp.seen VALUES (?1, ?2)",
	[S_SEEN_DROP] = "DELETE FROM temp.seen WHERE subject = ?1",
	[S_SEEN_FIND] = "SELECT 1 FROM temp.seen WHERE subject = ?1",
	[S_STAGE_DIFFERS] =
	    "SELECT 1 FROM temp.staged WHERE name = ?1 AND body <> ?2",
	[S_STAGE_ADD] = "INSERT OR REPLACE INTO temp.staged "
			"VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[S_STAGE_DROP] = "DELETE FROM temp.staged WHERE name = ?1",
	[S_ASKED_ADD] = "INSERT OR IGNORE INTO temp.asked_scope VALUES (?1)",
	[S_COVER_ADD] = "INSERT OR REPLACE INTO temp.cover VALUES (?1, ?2, ?3)",
	[S_COVERS] = "SELECT scope, collector, body, body ->> '$.outcome' = "
		     "'observed', json_array_length(body, '$.gaps') "
		     "FROM temp.cover ORDER BY scope, collector",
	[S_COVERED_ADD] =
	    "INSERT OR IGNORE INTO temp.covered SELECT c.scope, k.value "
	    "FROM temp.cover c, json_each(c.body, '$.kinds') k "
	    "WHERE c.body ->> '$.outcome' = 'observed' AND NOT EXISTS "
	    "(SELECT 1 FROM json_each(c.body, '$.gaps') g "
	    "WHERE g.value ->> '$.kind' = k.value)",
	[S_STAGED] = "SELECT name, kind, scope, key, body, provenance "
		     "FROM temp.staged ORDER BY name",
	/* another run changed what this one saw unchanged */
	[S_DRIFT_ADD] =
	    "INSERT INTO change(subject, run, content) "
	    "SELECT n.subject, ?1, n.content FROM temp.seen n WHERE n.content "
	    "IS NOT (SELECT content FROM change WHERE subject = n.subject "
	    "ORDER BY run DESC LIMIT 1)",
	[S_GONE_ADD] =
	    "INSERT INTO change(subject, run) SELECT i.id, ?1 "
	    "FROM temp.covered v CROSS JOIN name k ON k.text = v.kind "
	    "CROSS JOIN name p ON p.text = v.scope "
	    "CROSS JOIN item i ON i.kind = k.id AND i.scope = p.id "
	    "CROSS JOIN change x ON x.subject = i.id AND x.run = "
	    "(SELECT max(run) FROM change WHERE subject = i.id) "
	    "WHERE x.content IS NOT NULL AND x.run < ?1 "
	    "AND NOT EXISTS (SELECT 1 FROM temp.seen WHERE subject = i.id) "
	    "AND NOT EXISTS (SELECT 1 FROM temp.merged WHERE subject = i.id)",
	[S_MERGED_ADD] = "INSERT OR IGNORE INTO temp.merged VALUES (?1)",
	[S_SIGHTED_ADD] =
	    "INSERT INTO temp.sighted SELECT i.id FROM temp.seen n "
	    "CROSS JOIN item i ON i.id = n.subject " TEXTS
	    "WHERE NOT EXISTS (SELECT 1 FROM temp.covered v "
	    "WHERE v.scope = p.text AND v.kind = k.text)",
	[S_UNCOVERED] =
	    "SELECT count(*) FROM temp.asked_scope a WHERE NOT EXISTS "
	    "(SELECT 1 FROM temp.cover c WHERE c.scope = a.scope)",
	[S_SEEN_COUNT] = "SELECT count(*) FROM temp.seen",
	[S_PUT_ADD] = "INSERT OR IGNORE INTO temp.put VALUES (?1, ?2, ?3)",
};

int
store_fault(struct store *st, const char *doing, struct fault *f)
{
	int rc = sqlite3_extended_errcode(st->db);

	switch (rc & 0xff) {
	case SQLITE_FULL:
		return fault(f, FAULT_IO,
		    "%s: the disk is full; free some space and run again",
		    st->path);
	case SQLITE_READONLY:
		return fault(
		    f, FAULT_DENIED, "%s: the store is read-only", st->path);
	case SQLITE_BUSY:
		return fault(f, FAULT_IO,
		    "%s: another writer holds the store; try again", st->path);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return fault(f, FAULT_INTEGRITY, "%s: %s", st->path,
		    sqlite3_errmsg(st->db));
	case SQLITE_NOMEM:
		return fault_memory(f);
	default:
		return fault(f, FAULT_IO, "%s: %s: %s", st->path, doing,
		    sqlite3_errmsg(st->db));
	}
}

sqlite3_stmt *
stmt_of(struct store *st, enum stmt s)
{
	if (st->stmt[s] == NULL) /* a reader's; its stmt_row() tells why not */
		(void)sqlite3_prepare_v3(st->db, sql[s], -1,
		    SQLITE_PREPARE_PERSISTENT, &st->stmt[s], NULL);
	(void)sqlite3_reset(st->stmt[s]);
	return st->stmt[s];
}

int
stmt_row(struct store *st, sqlite3_stmt *q, struct fault *f)
{
	switch (sqlite3_step(q)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		(void)sqlite3_reset(q);
		return 0;
	default:
		(void)store_fault(st, "query", f);
		(void)sqlite3_reset(q);
		return -1;
	}
}

int
stmt_done(struct store *st, sqlite3_stmt *q, struct fault *f)
{
	int rc;

	while ((rc = stmt_row(st, q, f)) == 1)
		;
	return rc;
}

int
stmt_copy(struct store *st, sqlite3_stmt *q, int p, sqlite3_stmt *row, int c,
    struct fault *f)
{
	if (sqlite3_bind_value(q, p, sqlite3_column_value(row, c)) != SQLITE_OK)
		return store_fault(st, "bind", f);
	return 0;
}

int
store_exec(struct store *st, const char *text, struct fault *f)
{
	if (sqlite3_exec(st->db, text, NULL, NULL, NULL) != SQLITE_OK)
		return store_fault(st, "schema", f);
	return 0;
}

int
store_begin(struct store *st, struct fault *f)
{
	/* a rollback that had no memory left the old one open */
	if (!sqlite3_get_autocommit(st->db))
		store_rollback(st);
	return stmt_done(st, stmt_of(st, S_BEGIN), f);
}

int
store_commit(struct store *st, struct fault *f)
{
	return stmt_done(st, stmt_of(st, S_COMMIT), f);
}

void
store_rollback(struct store *st)
{
	struct fault ignored;

	/* open cursors would keep the transaction alive */
	for (size_t i = 0; i < NSTMT; i++)
		(void)sqlite3_reset(st->stmt[i]);
	if (!sqlite3_get_autocommit(st->db))
		may_fail(stmt_done(st, stmt_of(st, S_ROLLBACK), &ignored));
}

int
stmt_digest(struct store *st, sqlite3_stmt *q, int column, const char *what,
    uint8_t out[SHA256_LEN], struct fault *f)
{
	const void *p = sqlite3_column_blob(q, column);

	if (p == NULL && sqlite3_errcode(st->db) == SQLITE_NOMEM)
		return fault_memory(f);
	if (p == NULL || sqlite3_column_bytes(q, column) != SHA256_LEN)
		return fault(f, FAULT_INTEGRITY,
		    "%s: %s is not 32 bytes long; 'exhibit verify' names it",
		    st->path, what);
	memcpy(out, p, SHA256_LEN);
	return 0;
}

int
name_intern(struct store *st, const char *text, size_t len, int64_t *id,
    struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_NAME_FIND);
	int rc;

	sqlite3_bind_text64(q, 1, text, len, SQLITE_STATIC, SQLITE_UTF8);
	if ((rc = stmt_row(st, q, f)) == -1)
		return -1;
	if (rc == 1) {
		*id = sqlite3_column_int64(q, 0);
		(void)sqlite3_reset(q);
		return 0;
	}
	q = stmt_of(st, S_NAME_ADD);
	sqlite3_bind_text64(q, 1, text, len, SQLITE_STATIC, SQLITE_UTF8);
	if (stmt_done(st, q, f) == -1)
		return -1;
	*id = sqlite3_last_insert_rowid(st->db);
	return 0;
}

static int
content_add(struct store *st, const uint8_t sha[SHA256_LEN], const char *p,
    size_t len, int64_t *id, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_CONTENT_ADD);

	sqlite3_bind_blob(q, 1, sha, SHA256_LEN, SQLITE_STATIC);
	sqlite3_bind_int64(q, 2, (sqlite3_int64)len);
	sqlite3_bind_text64(q, 3, p, len, SQLITE_STATIC, SQLITE_UTF8);
	if (stmt_done(st, q, f) == -1)
		return -1;
	*id = sqlite3_last_insert_rowid(st->db);
	return 0;
}

int
content_intern(struct store *st, const char *p, size_t len, int64_t *id,
    uint8_t sha[SHA256_LEN], struct fault *f)
{
	uint8_t d[SHA256_LEN];
	sqlite3_stmt *q = stmt_of(st, S_CONTENT_BY_DIGEST);
	bool dropped;
	int rc;

	if (digest_sha256(st->crypto, p, len, d, f) == -1)
		return -1;
	if (sha != NULL)
		memcpy(sha, d, SHA256_LEN);
	sqlite3_bind_blob(q, 1, d, SHA256_LEN, SQLITE_STATIC);
	if ((rc = stmt_row(st, q, f)) == -1)
		return -1;
	if (rc == 0)
		return content_add(st, d, p, len, id, f);
	*id = sqlite3_column_int64(q, 0);
	dropped = sqlite3_column_int(q, 1) != 0;
	(void)sqlite3_reset(q);
	if (!dropped)
		return 0;
	q = stmt_of(st, S_CONTENT_RESTORE); /* seen again after retention */
	sqlite3_bind_int64(q, 1, *id);
	sqlite3_bind_text64(q, 2, p, len, SQLITE_STATIC, SQLITE_UTF8);
	return stmt_done(st, q, f);
}

void
subject_text(
    struct buf *b, const char *kind, const char *scope, const char *key)
{
	buf_putc(b, '[');
	json_quote(b, kind, strlen(kind));
	buf_putc(b, ',');
	json_quote(b, scope, strlen(scope));
	buf_putc(b, ',');
	json_quote(b, key, strlen(key));
	buf_putc(b, ']');
}

int
subject_name(struct crypto *c, const char *kind, const char *scope,
    const char *key, uint8_t name[SHA256_LEN], struct fault *f)
{
	BUF_AUTO(b, SUBJECT_NAME_MAX);

	subject_text(&b, kind, scope, key);
	if (buf_done(&b, "subject", f) == -1)
		return -1;
	return digest_sha256(c, b.p, b.len, name, f);
}

int
list_root(struct store *st, sqlite3_stmt *q, uint8_t root[SHA256_LEN],
    long long *count, struct fault *f)
{
	struct merkle m = { 0 };
	uint8_t leaf[SHA256_LEN];
	int rc, columns = sqlite3_column_count(q);
	BUF_AUTO(b, LIST_ENTRY_MAX);

	while ((rc = stmt_row(st, q, f)) == 1) {
		buf_reset(&b);
		for (int i = 0; i < columns; i++) {
			const void *p = sqlite3_column_blob(q, i);

			if (p == NULL &&
			    sqlite3_errcode(st->db) == SQLITE_NOMEM) {
				(void)store_fault(st, "list", f);
				(void)sqlite3_reset(q);
				return -1;
			}
			buf_put(&b, p, (size_t)sqlite3_column_bytes(q, i));
		}
		if (buf_done(&b, "list entry", f) == -1 ||
		    merkle_leaf(st->crypto, b.p, b.len, leaf, f) == -1 ||
		    merkle_add(&m, st->crypto, leaf, f) == -1) {
			(void)sqlite3_reset(q);
			return -1;
		}
	}
	if (rc == -1)
		return -1;
	*count = (long long)m.size;
	return merkle_root(&m, st->crypto, root, f);
}

/*
 * The side tables a run collects into, and a judging notes its puts in. They
 * live in a temporary file of this connection and are emptied by side_clear().
 */
static const char side_tables[] =
    "CREATE TEMP TABLE seen(subject INTEGER PRIMARY KEY, content INTEGER);"
    "CREATE TEMP TABLE staged(name BLOB NOT NULL UNIQUE, kind TEXT, "
    "  scope TEXT, key TEXT, body TEXT, provenance TEXT);"
    "CREATE TEMP TABLE asked_scope(scope TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE merged(subject INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE replied(place INTEGER PRIMARY KEY, content INTEGER);"
    "CREATE TEMP TABLE sighted(subject INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE cover(scope TEXT, collector TEXT, body TEXT, "
    "  UNIQUE (scope, collector));"
    "CREATE TEMP TABLE covered(scope TEXT, kind TEXT, "
    "  PRIMARY KEY (scope, kind)) WITHOUT ROWID;"
    "CREATE TEMP TABLE put(rule INTEGER, subject INTEGER, "
    "  content INTEGER, PRIMARY KEY (rule, subject)) WITHOUT ROWID;";

int
side_clear(struct store *st, struct fault *f)
{
	return store_exec(st,
	    "DELETE FROM temp.seen; DELETE FROM temp.staged; "
	    "DELETE FROM temp.merged; DELETE FROM temp.replied; DELETE FROM "
	    "temp.sighted; DELETE FROM temp.asked_scope; DELETE FROM "
	    "temp.cover; "
	    "DELETE FROM temp.covered; DELETE FROM temp.put;",
	    f);
}

int
stmt_prepare(struct store *st, struct fault *f)
{
	if (st->stmt[0] != NULL) /* migrating did */
		return 0;
	if (store_exec(st, side_tables, f) == -1)
		return -1;
	for (size_t i = 0; i < NSTMT; i++)
		if (sqlite3_prepare_v3(st->db, sql[i], -1,
			SQLITE_PREPARE_PERSISTENT, &st->stmt[i],
			NULL) != SQLITE_OK)
			return store_fault(st, sql[i], f);
	return 0;
}
