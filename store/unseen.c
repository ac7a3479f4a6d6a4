/*
 * What stands in a store only because nobody could look: rows of a kind that
 * the newest answer of their scope names among its gaps, and did not see.
 */
#include "store/internal.h"

#include <stdio.h>

#define VIEW_MAX (256 * 1024)

/*
 * The gaps of the newest answer of every scope; of several, any one. What of
 * these kinds stands there since before, and was not sighted then, is masked.
 */
void
unseen_sql(long long run, struct buf *out)
{
	buf_printf(out,
	    "DROP TABLE IF EXISTS temp.unseen;\nCREATE TEMP TABLE unseen(kind "
	    "TEXT, scope TEXT, run INTEGER, outcome TEXT, reason TEXT, PRIMARY "
	    "KEY (kind, scope)) WITHOUT ROWID;\nINSERT OR IGNORE INTO "
	    "temp.unseen SELECT g.value ->> '$.kind', p.scope, w.answer_run, "
	    "g.value ->> '$.outcome', g.value ->> '$.reason' FROM answer_at w "
	    "JOIN place p ON p.id = w.place JOIN content c ON c.id = w.content "
	    "CROSS JOIN json_each(c.body, '$.gaps') g WHERE w.run = %lld AND "
	    "g.value ->> '$.kind' IS NOT NULL;\nDROP TABLE IF EXISTS "
	    "temp.masked;\nCREATE TEMP TABLE masked(subject INTEGER PRIMARY "
	    "KEY, kind, outcome, reason);\nINSERT INTO temp.masked SELECT "
	    "s.id, s.kind, g.outcome, g.reason FROM temp.unseen g "
	    "CROSS JOIN subject s ON s.kind = g.kind AND s.scope = g.scope "
	    "CROSS JOIN temp.frozen_subject n ON n.subject = s.id WHERE "
	    "n.since_run < g.run AND NOT EXISTS (SELECT 1 FROM sighting i "
	    "WHERE i.subject = s.id AND i.run = g.run);\n",
	    run);
}

/* Take away what was not seen but for why, and keep how it was. */
void
mask_sql(const struct kind *k, struct buf *out)
{
	char name[KIND_VIEW_MAX];

	kind_view(k, name);
	buf_printf(out,
	    "CREATE TEMP TABLE unmasked_%s AS SELECT v.* FROM temp.masked m "
	    "CROSS JOIN temp.flat_%s v ON v.subject = m.subject WHERE m.kind = "
	    "'%s'; UPDATE temp.flat_%s SET (outcome, reason",
	    name, name, k->name, name);
	frozen_columns(k, ", ", out);
	buf_puts(out, ") = (SELECT m.outcome, m.reason");
	for (const struct column *c = k->columns; c->name != NULL; c++)
		buf_puts(out, ", NULL");
	buf_printf(out,
	    " FROM temp.masked m WHERE m.subject = flat_%s.subject) WHERE "
	    "subject IN (SELECT subject FROM temp.masked WHERE kind = '%s');",
	    name, k->name);
}

static void
unmask_sql(const struct kind *k, struct buf *out)
{
	char name[KIND_VIEW_MAX];

	kind_view(k, name);
	buf_printf(out, "UPDATE temp.flat_%s SET (outcome, reason", name);
	frozen_columns(k, ", ", out);
	buf_puts(out, ") = (SELECT u.outcome, u.reason");
	frozen_columns(k, ", u.", out);
	buf_printf(out,
	    " FROM temp.unmasked_%s u WHERE u.subject = flat_%s.subject) WHERE "
	    "subject IN (SELECT subject FROM temp.masked WHERE kind = '%s'); "
	    "DROP TABLE temp.unmasked_%s;",
	    name, name, k->name, name);
}

/* The same for every kind that has its table already. */
static int
each(struct store *st, void (*sql)(const struct kind *, struct buf *),
    struct fault *f)
{
	for (size_t i = 0; st->kinds[i] != NULL; i++) {
		BUF_AUTO(text, VIEW_MAX);

		if (!st->own[i])
			continue;
		sql(st->kinds[i], &text);
		if (buf_done(&text, st->kinds[i]->name, f) == -1 ||
		    store_exec(st, text.p, f) == -1)
			return -1;
	}
	return 0;
}

int
store_mask_unseen(struct store *st, long long run, struct fault *f)
{
	BUF_AUTO(sql, VIEW_MAX);

	unseen_sql(run, &sql);
	if (buf_done(&sql, "gaps", f) == -1 || frozen_state(st, f) == -1 ||
	    store_exec(st, sql.p, f) == -1 || each(st, mask_sql, f) == -1)
		return -1;
	st->masked = true;
	return 0;
}

int
store_unmask(struct store *st, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int any;

	if (!st->masked)
		return 0;
	if (sqlite3_prepare_v2(st->db, "SELECT 1 FROM temp.masked LIMIT 1", -1,
		&q, NULL) != SQLITE_OK)
		return store_fault(st, "gaps", f);
	any = stmt_row(st, q, f);
	(void)sqlite3_finalize(q);
	st->masked = false;
	if (any == -1 || each(st, unmask_sql, f) == -1)
		return -1;
	return any;
}
