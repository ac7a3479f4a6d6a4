/*
 * One state, asked about many times: a kind's subjects and the columns of its
 * contents are copied into tables of this connection when a statement first
 * names the kind. Equal contents are taken apart once.
 */
#include "store/internal.h"

#include <stdio.h>

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
	buf_printf(&sql, answered, run);
	/* in the order of both tables, not kind by kind */
	buf_printf(&sql,
	    "CREATE TEMP TABLE frozen_subject(subject INTEGER PRIMARY KEY, "
	    "content INTEGER, since_run INTEGER); INSERT INTO frozen_subject "
	    "SELECT subject, content, since FROM (SELECT subject, content, "
	    "max(run) AS since FROM change WHERE run <= %lld GROUP BY subject) "
	    "WHERE content IS NOT NULL; CREATE TEMP VIEW standing AS SELECT "
	    "s.id AS subject, s.kind, s.scope, s.key, n.content, n.since_run "
	    "FROM subject s CROSS JOIN frozen_subject n ON n.subject = s.id;",
	    run);
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

/* The kind's contents, taken apart. */
static void
table_sql(const struct kind *k, const char *name, struct buf *out)
{
	buf_printf(out,
	    "CREATE TEMP TABLE frozen_%s(content INTEGER PRIMARY KEY, "
	    "content_sha256, outcome, reason",
	    name);
	for (const struct column *c = k->columns; c->name != NULL; c++)
		buf_printf(out, ", \"%s\"", c->name);
	buf_printf(out,
	    "); INSERT INTO temp.frozen_%s SELECT c.id, lower(hex(c.sha256)), "
	    "iif(c.body IS NULL, 'dropped', json_extract(c.body, '$.outcome'))"
	    ", iif(c.body IS NULL, (SELECT why FROM dropped WHERE content = "
	    "c.id), json_extract(c.body, '$.reason'))",
	    name);
	for (const struct column *c = k->columns; c->name != NULL; c++)
		buf_printf(
		    out, ", json_extract(c.body, '$.attributes.%s')", c->name);
	buf_printf(out,
	    " FROM content c WHERE c.id IN (SELECT n.content FROM subject s "
	    "CROSS JOIN temp.frozen_subject n ON n.subject = s.id WHERE "
	    "s.kind = '%s');",
	    k->name);
}

/* Its view over them: columns as those of the view over all runs. */
static void
view_sql(const struct kind *k, const char *name, long long run, struct buf *out)
{
	buf_printf(out,
	    "CREATE TEMP VIEW frozen_at_%s AS SELECT %lld AS run, s.id AS "
	    "subject, "
	    "s.scope, s.key, b.outcome, b.reason, ",
	    name, run);
	for (const struct column *c = k->columns; c->name != NULL; c++)
		buf_printf(out, "b.\"%s\", ", c->name);
	/* in this order: where, which, what */
	buf_printf(out,
	    "b.content_sha256, n.since_run AS since_run, coalesce(max("
	    "n.since_run, (SELECT run FROM temp.answered WHERE scope = s.scope "
	    "AND kind = s.kind), coalesce((SELECT max(run) FROM sighting WHERE "
	    "subject = s.id AND run <= %lld), 0)), (SELECT q.seen_run FROM "
	    "seen_at q WHERE q.run = %lld AND q.subject = s.id)) AS seen_run "
	    "FROM subject s CROSS JOIN temp.frozen_subject n ON n.subject = "
	    "s.id CROSS JOIN temp.frozen_%s b ON b.content = n.content WHERE "
	    "s.kind = '%s'; CREATE TEMP VIEW %s AS SELECT * FROM "
	    "frozen_at_%s;",
	    run, run, name, k->name, name, name);
}

void
frozen_sql(const struct kind *k, long long run, struct buf *out)
{
	char name[KIND_VIEW_MAX];

	kind_view(k, name);
	table_sql(k, name, out);
	view_sql(k, name, run, out);
}
