/*
 * Retention: bytes that no state needs any more from a cut on are dropped;
 * their digests stay, and every root and proof with them. See store.h.
 */
#include "store/internal.h"

#include <stdio.h>
#include <string.h>

#define CHUNK 1000 /* contents one tombstone record lists */

/*
 * What must stay readable from run ?1 on, which is the newest that had ended
 * by the time ?2: states, how they were asked, and verdicts.
 */
static const char *const needed[] = {
	"CREATE TEMP TABLE IF NOT EXISTS needed(id INTEGER PRIMARY KEY)",
	"DELETE FROM temp.needed",
	/* states: the one as of the run, and what changed later */
	"INSERT OR IGNORE INTO temp.needed SELECT v.id FROM ("
	"SELECT content AS id FROM change WHERE run > ?1 UNION ALL "
	"SELECT provenance FROM change WHERE run > ?1 UNION ALL "
	"SELECT content FROM change x WHERE run = (SELECT max(run) FROM "
	"change WHERE subject = x.subject AND run <= ?1) UNION ALL "
	"SELECT provenance FROM change x WHERE run = (SELECT max(run) FROM "
	"change WHERE subject = x.subject AND run <= ?1)) v "
	"WHERE v.id IS NOT NULL",
	/* answers: the newest of each place, and later ones */
	"INSERT OR IGNORE INTO temp.needed SELECT content FROM answer WHERE "
	"run > ?1 UNION ALL SELECT content FROM answer_at WHERE run = ?1",
	/* and by which each kind was last seen in full: see seen_at */
	"INSERT OR IGNORE INTO temp.needed SELECT content FROM ("
	"SELECT w.place, k.value, w.content, max(w.run) FROM (SELECT place, "
	"content, max(run) AS run FROM answer WHERE run <= ?1 GROUP BY place, "
	"content) w JOIN content c ON c.id = w.content, "
	"json_each(c.body, '$.kinds') k "
	"WHERE json_extract(c.body, '$.outcome') = 'observed' AND NOT EXISTS "
	"(SELECT 1 FROM json_each(c.body, '$.gaps') g WHERE "
	"json_extract(g.value, '$.kind') = k.value) GROUP BY w.place, k.value)",
	/* verdicts: of the judgement that holds for the run, and later ones */
	"INSERT OR IGNORE INTO temp.needed SELECT o.content FROM (SELECT "
	"p.profile, min((SELECT coalesce((SELECT min(id) - 1 FROM "
	"main.judgement WHERE made > ?2), max(id)) FROM main.judgement), "
	"coalesce((SELECT j.id FROM main.judgement j WHERE j.profile = "
	"p.profile AND j.run <= ?1 ORDER BY j.run DESC, j.id DESC LIMIT 1), "
	"9e15)) AS id FROM (SELECT DISTINCT profile FROM main.judgement) p) b "
	"JOIN rule u ON u.profile = b.profile "
	"CROSS JOIN opinion o ON o.rule = u.id AND (o.judgement > b.id OR "
	"o.judgement = (SELECT max(judgement) FROM opinion WHERE rule = o.rule "
	"AND subject = o.subject AND judgement <= b.id)) "
	"WHERE o.content IS NOT NULL",
	NULL,
};

/* What goes: was a state, an answer or a verdict, and is needed no more. The
 * texts of checks and catalogues never go, whoever else has the same bytes. */
static const char *const doomed[] = {
	"CREATE TEMP TABLE IF NOT EXISTS doomed(n INTEGER PRIMARY KEY, id, hex "
	"TEXT, size)",
	"DELETE FROM temp.doomed",
	"INSERT INTO temp.doomed(id, hex, size) SELECT c.id, "
	"lower(hex(c.sha256)), c.size FROM content c WHERE c.body IS NOT NULL "
	"AND c.id IN (SELECT content FROM change UNION SELECT provenance FROM "
	"change UNION SELECT content FROM answer UNION SELECT content FROM "
	"opinion) AND c.id NOT IN (SELECT id FROM temp.needed) AND "
	"lower(hex(c.sha256)) NOT IN (SELECT k.value FROM log l, "
	"json_each(l.body, '$.checks') k WHERE l.type = 'judgement' UNION "
	"SELECT k.value FROM log l, json_each(l.body, '$.catalogs') k WHERE "
	"l.type = 'judgement') ORDER BY c.id",
	NULL,
};

/* One statement; what of ?1 and ?2 it has is bound. With out: its first row's
 * numbers, as many as n, of which there must be a row. */
static int
ask(struct store *st, const char *text, long long one, const char *two,
    long long *out, int n, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(st->db, text, -1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "retention", f);
	if (sqlite3_bind_parameter_count(q) > 0)
		sqlite3_bind_int64(q, 1, one);
	if (sqlite3_bind_parameter_count(q) > 1 &&
	    sqlite3_bind_text(q, 2, two, -1, SQLITE_STATIC) != SQLITE_OK) {
		(void)sqlite3_finalize(q);
		return fault_memory(f);
	}
	rc = stmt_row(st, q, f);
	for (int i = 0; rc == 1 && i < n; i++)
		out[i] = sqlite3_column_int64(q, i);
	(void)sqlite3_finalize(q);
	return rc == -1 ? -1 : 0;
}

int
retain_needed(struct store *st, long long run, const char *cut, struct fault *f)
{
	for (size_t i = 0; needed[i] != NULL; i++)
		if (ask(st, needed[i], run, cut, NULL, 0, f) == -1)
			return -1;
	return 0;
}

/* Choose what goes; tell how much it is. */
static int
choose(struct store *st, const struct retain_request *r,
    struct retain_result *out, struct fault *f)
{
	long long n[2] = { 0 };

	*out = (struct retain_result){ 0 };
	if (ask(st,
		"SELECT coalesce(max(run), 0) FROM ended WHERE ended <= ?2 "
		"AND ?1 = 0",
		0, r->cut, &out->run, 1, f) == -1)
		return -1;
	if (retain_needed(st, out->run, r->cut, f) == -1)
		return -1;
	for (size_t i = 0; doomed[i] != NULL; i++)
		if (ask(st, doomed[i], 0, NULL, NULL, 0, f) == -1)
			return -1;
	if (out->run > 0 &&
	    ask(st, "SELECT count(*), total(size) FROM temp.doomed", 0, NULL, n,
		2, f) == -1)
		return -1;
	out->contents = n[0];
	out->bytes = n[1];
	return 0;
}

/* {digest: size} of the contents that one record lists. */
static json_t *
list_chunk(struct store *st, long long first, struct fault *f)
{
	json_t *o = json_object();
	sqlite3_stmt *q = NULL;
	int rc = 1;

	if (o == NULL || sqlite3_prepare_v2(st->db,
			     "SELECT hex, size FROM temp.doomed WHERE n >= ?1 "
			     "AND n < ?2",
			     -1, &q, NULL) != SQLITE_OK) {
		json_decref(o);
		(void)fault_memory(f);
		return NULL;
	}
	sqlite3_bind_int64(q, 1, first);
	sqlite3_bind_int64(q, 2, first + CHUNK);
	while (rc == 1 && (rc = stmt_row(st, q, f)) == 1) {
		const char *hex = (const char *)sqlite3_column_text(q, 0);

		if (hex == NULL ||
		    json_object_set_new(
			o, hex, json_integer(sqlite3_column_int64(q, 1))) == -1)
			rc = fault_memory(f);
	}
	(void)sqlite3_finalize(q);
	if (rc == 0)
		return o;
	json_decref(o);
	return NULL;
}

static const char tombs[] =
    "INSERT INTO tombstone(content, record) SELECT id, ?1 FROM temp.doomed d "
    "WHERE d.n >= ?2 AND d.n < ?3 AND NOT EXISTS "
    "(SELECT 1 FROM tombstone WHERE content = d.id)";
static const char drops[] =
    "UPDATE content SET body = NULL WHERE id IN (SELECT id FROM temp.doomed "
    "WHERE ?1 > 0 AND n >= ?2 AND n < ?3)";

static int
on_chunk(struct store *st, const char *text, long long record, long long first,
    struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(st->db, text, -1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "retention", f);
	sqlite3_bind_int64(q, 1, record);
	sqlite3_bind_int64(q, 2, first);
	sqlite3_bind_int64(q, 3, first + CHUNK);
	rc = stmt_done(st, q, f);
	(void)sqlite3_finalize(q);
	return rc;
}

/* The record that says what goes and why, the rows that point to it, and then
 * the bytes. */
static int
bury(struct store *st, const struct retain_request *r, long long run,
    long long first, struct fault *f)
{
	json_t *list = list_chunk(st, first, f);
	long long record;

	if (list == NULL)
		return -1;
	if (log_json(st, "tombstone",
		json_pack("{s:s, s:o, s:s, s:s, s:s, s:I, s:s}", "asked",
		    r->asked, "contents", list, "cut", r->cut, "made", r->made,
		    "operator", r->asked_by, "run", (json_int_t)run, "type",
		    "tombstone"),
		&record, f) == -1 ||
	    on_chunk(st, tombs, record, first, f) == -1)
		return -1;
	return on_chunk(st, drops, record, first, f);
}

static int
bury_all(struct store *st, const struct retain_request *r,
    struct retain_result *out, struct fault *f)
{
	if (choose(st, r, out, f) == -1)
		return -1;
	for (long long n = 1; n <= out->contents; n += CHUNK)
		if (bury(st, r, out->run, n, f) == -1)
			return -1;
	return 0;
}

int
store_retain(struct store *st, const struct retain_request *r,
    struct retain_result *out, struct fault *f)
{
	if (st->mode == STORE_READ)
		return choose(st, r, out, f);
	if (st->busy)
		return fault(f, FAULT_USAGE, "%s: a run is open", st->path);
	/* freed pages are overwritten: what is dropped is not left on disk */
	if (store_exec(st, "PRAGMA secure_delete = ON", f) == -1 ||
	    store_begin(st, f) == -1)
		return -1;
	if (record_time(st, r->made, f) == -1 ||
	    bury_all(st, r, out, f) == -1 || store_commit(st, f) == -1) {
		store_rollback(st);
		return -1;
	}
	return 0;
}

int
store_compact(struct store *st, struct fault *f)
{
	for (size_t i = 0; i < NSTMT; i++)
		(void)sqlite3_reset(st->stmt[i]);
	return store_exec(st, "VACUUM", f);
}

/* -------------------------------------------------------------- afterwards */

/* Was anything ever dropped? 1, 0 or -1. */
static int
any_tombstone(struct store *st, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(st->db, "SELECT 1 FROM tombstone LIMIT 1", -1,
		&q, NULL) != SQLITE_OK)
		return store_fault(st, "retention", f);
	rc = stmt_row(st, q, f);
	(void)sqlite3_finalize(q);
	return rc;
}

int
store_dropped(struct store *st, long long run, long long judgement,
    char on[UTC_LEN], struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	on[0] = '\0';
	if ((rc = any_tombstone(st, f)) != 1)
		return rc;
	if (sqlite3_prepare_v2(st->db,
		"SELECT max(at) FROM dropped WHERE content IN ("
		"SELECT content FROM state WHERE run = ?1 UNION ALL "
		"SELECT content FROM answer_at WHERE run = ?1 UNION ALL "
		"SELECT o.content FROM opinion o JOIN rule u ON u.id = o.rule "
		"JOIN main.judgement j ON j.id = ?2 AND j.profile = u.profile "
		"WHERE o.judgement = (SELECT max(judgement) FROM opinion WHERE "
		"rule = o.rule AND subject = o.subject AND judgement <= ?2))",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "retention", f);
	sqlite3_bind_int64(q, 1, run);
	sqlite3_bind_int64(q, 2, judgement);
	rc = stmt_row(st, q, f);
	if (rc == 1 && sqlite3_column_type(q, 0) != SQLITE_NULL) {
		const char *at = (const char *)sqlite3_column_text(q, 0);

		if (at == NULL)
			rc = fault_memory(f);
		else
			(void)snprintf(on, UTC_LEN, "%.10s", at);
	}
	(void)sqlite3_finalize(q);
	return rc == -1 ? -1 : on[0] != '\0';
}

int
store_dropped_on(struct store *st, long long run, long long record,
    const char *day, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(st->db,
		"SELECT EXISTS (SELECT 1 FROM log l, json_each(l.body, "
		"'$.contents') k JOIN content c ON c.sha256 = of_hex(k.key) "
		"WHERE l.type = 'tombstone' AND l.seq < ?2 AND substr(l.at, 1, "
		"10) = substr(?3, 1, 10) AND c.id IN (SELECT content FROM "
		"state WHERE run = ?1 UNION ALL SELECT content FROM answer_at "
		"WHERE run = ?1))",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "retention", f);
	sqlite3_bind_int64(q, 1, run);
	sqlite3_bind_int64(q, 2, record);
	sqlite3_bind_text(q, 3, day, -1, SQLITE_STATIC);
	rc = stmt_row(st, q, f);
	if (rc == 1)
		rc = sqlite3_column_int(q, 0);
	(void)sqlite3_finalize(q);
	return rc;
}

int
store_cut(struct store *st, char cut[UTC_LEN], struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	cut[0] = '\0';
	if (sqlite3_prepare_v2(st->db,
		"SELECT max(json_extract(body, '$.cut')) FROM log WHERE type = "
		"'tombstone'",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "retention", f);
	rc = stmt_row(st, q, f);
	if (rc == 1 && sqlite3_column_text(q, 0) != NULL)
		(void)snprintf(cut, UTC_LEN, "%s",
		    (const char *)sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	return rc == -1 ? -1 : cut[0] != '\0';
}
