/*
 * One state, asked about many times: when a statement first names a kind, its
 * subjects with their columns are copied into a table of this connection, in
 * the order of scope and key, with an index on each. SQLite then chooses how to
 * join them, as it cannot where it has to go through contents. Equal contents
 * are taken apart once.
 */
#include "store/internal.h"

#include <stdio.h>

#include "base/length.h"

#define SQL_MAX (256 * 1024)
#define CACHE_KIB "32768"

/*
 * Who answered for which kind in full, and nobody in that scope later: what a
 * subject of the scope was last seen in. Others are looked up one by one.
 */
static const char answered[] =
    "CREATE TEMP TABLE answered(scope TEXT, kind TEXT, run INTEGER, PRIMARY "
    "KEY (scope, kind)) WITHOUT ROWID; WITH newest AS MATERIALIZED (SELECT "
    "p.scope, w.answer_run AS run, w.content, max(w.answer_run) OVER "
    "(PARTITION BY p.scope) AS last FROM answer_at w JOIN place p ON p.id = "
    "w.place WHERE w.run = %lld) "
    "INSERT OR IGNORE INTO answered SELECT n.scope, k.value, n.run FROM "
    "newest n CROSS JOIN content b ON b.id = n.content CROSS JOIN "
    "json_each(b.body, '$.kinds') k WHERE n.run = n.last AND "
    "json_extract(b.body, '$.outcome') = 'observed' AND NOT EXISTS (SELECT 1 "
    "FROM json_each(b.body, '$.gaps') g WHERE json_extract(g.value, "
    "'$.kind') = k.value);";

void
frozen_answered_sql(long long run, struct buf *out)
{
	buf_printf(out, answered, run);
}

int
store_freeze(struct store *st, long long run, struct fault *f)
{
	BUF_AUTO(sql, SQL_MAX);

	if (store_as_of(st, run, f) == -1)
		return -1;
	if (st->frozen != 0) /* a state is frozen once */
		return st->frozen == run
			   ? 0
			   : fault(f, FAULT_USAGE,
				 "run %lld is looked at, not %lld", st->frozen,
				 run);
	buf_puts(&sql,
	    "PRAGMA main.cache_size = -" CACHE_KIB
	    "; PRAGMA temp.cache_size = -" CACHE_KIB "; SAVEPOINT frozen;");
	frozen_answered_sql(run, &sql);
	for (size_t i = 0; st->kinds != NULL && st->kinds[i] != NULL; i++) {
		char name[KIND_VIEW_MAX];

		kind_view(st->kinds[i], name);
		if (st->own[i]) /* as it was named before */
			buf_printf(&sql,
			    "DROP VIEW temp.%s; DROP VIEW temp.%s_at;", name,
			    name);
		st->own[i] = false;
	}
	buf_puts(&sql, "RELEASE frozen");
	if (buf_done(&sql, "views", f) == -1 || store_exec(st, sql.p, f) == -1)
		return -1;
	st->frozen = run;
	return 0;
}

long long
store_frozen(const struct store *st)
{
	return st->frozen;
}

void
frozen_state_sql(long long run, struct buf *out)
{
	buf_printf(out,
	    "CREATE TEMP TABLE frozen_subject(subject INTEGER PRIMARY KEY, "
	    "content INTEGER, since_run INTEGER);\nINSERT INTO frozen_subject "
	    "SELECT subject, content, since FROM (SELECT subject, content, "
	    "max(run) AS since FROM change WHERE run <= %lld GROUP BY subject) "
	    "WHERE content IS NOT NULL;\nCREATE TEMP VIEW standing AS SELECT "
	    "s.id AS subject, s.kind, s.scope, s.key, n.content, n.since_run "
	    "FROM subject s CROSS JOIN frozen_subject n ON n.subject = s.id;\n",
	    run);
}

/* Which content each subject has, in the order of both tables and not kind by
 * kind: worth it where many kinds are asked for. */
int
frozen_state(struct store *st, struct fault *f)
{
	BUF_AUTO(sql, SQL_MAX);

	if (st->standing)
		return 0;
	frozen_state_sql(st->frozen, &sql);
	if (buf_done(&sql, "state", f) == -1 || store_exec(st, sql.p, f) == -1)
		return -1;
	st->standing = true;
	return 0;
}

int
store_has_kind(struct store *st, const char *kind, struct fault *f)
{
	static const char sql[] =
	    "SELECT 1 FROM subject s WHERE s.kind = ?1 AND (SELECT content "
	    "FROM change WHERE subject = s.id AND run <= ?2 ORDER BY run DESC "
	    "LIMIT 1) IS NOT NULL LIMIT 1";
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(st->db, sql, -1, &q, NULL) != SQLITE_OK)
		return store_fault(st, kind, f);
	sqlite3_bind_text(q, 1, kind, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 2, st->frozen);
	rc = stmt_row(st, q, f);
	(void)sqlite3_finalize(q);
	return rc;
}

/* Append a declared column's name in the tables: another where a column that
 * every kind has is named so. */
static void
column_name(const struct column *c, struct buf *out)
{
	static const char *const taken[] = { "subject", "scope", "key",
		"since_run", "content", "content_sha256", "outcome", "reason" };
	const char *more = "";

	for (size_t i = 0; i < LENGTH(taken); i++)
		if (sqlite3_stricmp(c->name, taken[i]) == 0)
			more = "_";
	buf_printf(out, "\"%s%s\"", c->name, more);
}

void
frozen_columns(const struct kind *k, const char *before, struct buf *out)
{
	for (const struct column *c = k->columns; c->name != NULL; c++) {
		buf_puts(out, before);
		column_name(c, out);
	}
}

/* Its subjects, their content and since when they have it; more: one more table
 * that is joined. */
static void
subjects_sql(const struct frozen_as *z, const struct kind *k, const char *more,
    struct buf *out)
{
	buf_puts(out, " FROM subject s CROSS JOIN ");
	if (z->standing)
		buf_puts(out, "temp.frozen_subject n ON n.subject = s.id");
	else
		buf_printf(out,
		    "(SELECT subject, run AS since_run, content FROM change) n "
		    "ON n.subject = s.id AND n.since_run = (SELECT max(run) "
		    "FROM change WHERE subject = s.id AND run <= %lld) AND "
		    "n.content IS NOT NULL",
		    z->run);
	buf_printf(out, "%s WHERE s.kind = '%s'", more, k->name);
}

/* The kind's contents, taken apart. */
static void
apart_sql(const struct frozen_as *z, const struct kind *k, struct buf *out)
{
	buf_puts(out, "CREATE TEMP TABLE apart(content INTEGER PRIMARY KEY, "
		      "content_sha256, outcome, reason");
	frozen_columns(k, ", ", out);
	buf_puts(out,
	    "); INSERT INTO temp.apart SELECT c.id, lower(hex(c.sha256)), "
	    "iif(c.body IS NULL, 'dropped', json_extract(c.body, '$.outcome'))"
	    ", iif(c.body IS NULL, (SELECT why FROM dropped WHERE content = "
	    "c.id), json_extract(c.body, '$.reason'))");
	for (const struct column *c = k->columns; c->name != NULL; c++)
		buf_printf(
		    out, ", json_extract(c.body, '$.attributes.%s')", c->name);
	buf_puts(out, " FROM content c WHERE c.id IN (SELECT n.content");
	subjects_sql(z, k, "", out);
	buf_puts(out, ");");
}

static void
table_sql(const struct frozen_as *z, const struct kind *k, const char *name,
    struct buf *out)
{
	buf_printf(out,
	    "CREATE TEMP TABLE flat_%s(subject INTEGER, scope TEXT, key TEXT, "
	    "since_run INTEGER, content_sha256, outcome, reason",
	    name);
	frozen_columns(k, ", ", out);
	buf_printf(out,
	    "); INSERT INTO temp.flat_%s SELECT s.id, s.scope, s.key, "
	    "n.since_run, b.content_sha256, b.outcome, b.reason",
	    name);
	frozen_columns(k, ", b.", out);
	subjects_sql(
	    z, k, " CROSS JOIN temp.apart b ON b.content = n.content", out);
	buf_printf(out,
	    " ORDER BY s.scope, s.key; CREATE UNIQUE INDEX temp.place_%s ON "
	    "flat_%s(scope, key); CREATE UNIQUE INDEX temp.subject_%s ON "
	    "flat_%s(subject); DROP TABLE temp.apart;",
	    name, name, name, name);
}

/* Its view over them: columns as those of the view over all runs. */
static void
view_sql(const struct frozen_as *z, const struct kind *k, const char *name,
    struct buf *out)
{
	const long long run = z->run;

	buf_printf(out,
	    "CREATE TEMP VIEW %s AS SELECT %lld AS run, v.subject, v.scope, "
	    "v.key, v.outcome, v.reason, ",
	    name, run);
	for (const struct column *c = k->columns; c->name != NULL; c++) {
		buf_puts(out, "v.");
		column_name(c, out);
		buf_printf(out, " AS \"%s\", ", c->name);
	}
	buf_printf(out,
	    "v.content_sha256, v.since_run, coalesce(max(v.since_run, (SELECT "
	    "run FROM temp.answered WHERE scope = v.scope AND kind = '%s'), "
	    "coalesce((SELECT max(run) FROM sighting WHERE subject = v.subject "
	    "AND run <= %lld), 0)), (SELECT q.seen_run FROM seen_at q WHERE "
	    "q.run = %lld AND q.subject = v.subject)) AS seen_run FROM "
	    "temp.flat_%s v;",
	    k->name, run, run, name);
}

void
frozen_sql(const struct frozen_as *z, const struct kind *k, struct buf *out)
{
	char name[KIND_VIEW_MAX];

	kind_view(k, name);
	apart_sql(z, k, out);
	table_sql(z, k, name, out);
	view_sql(z, k, name, out);
	if (z->masked)
		mask_sql(k, out);
}
