/*
 * What stands in a store only because nobody could look: rows of a kind that
 * the newest answer of their scope names among its gaps, and did not see.
 */
#include "store/internal.h"

#include <stdio.h>
#include <string.h>

#define VIEW_MAX (256 * 1024)

/*
 * The gaps of the newest answer of every scope; of several, any one. What of
 * these kinds stands there since before, and was not sighted then, is masked.
 */
static int
note_gaps(struct store *st, long long run, struct fault *f)
{
	char sql[2048];

	(void)snprintf(sql, sizeof(sql),
	    "DROP TABLE IF EXISTS temp.unseen; CREATE TEMP TABLE unseen(kind "
	    "TEXT, scope TEXT, run INTEGER, outcome TEXT, reason TEXT, PRIMARY "
	    "KEY (kind, scope)) WITHOUT ROWID; INSERT OR IGNORE INTO "
	    "temp.unseen SELECT g.value ->> '$.kind', p.scope, w.answer_run, "
	    "g.value ->> '$.outcome', g.value ->> '$.reason' FROM answer_at w "
	    "JOIN place p ON p.id = w.place JOIN content c ON c.id = w.content "
	    "CROSS JOIN json_each(c.body, '$.gaps') g WHERE w.run = %lld AND "
	    "c.body ->> '$.outcome' = 'observed' AND g.value ->> '$.kind' IS "
	    "NOT NULL; DROP TABLE IF EXISTS temp.masked; CREATE TEMP TABLE "
	    "masked(subject INTEGER PRIMARY KEY, outcome, reason); INSERT INTO "
	    "temp.masked SELECT s.id, g.outcome, g.reason FROM temp.unseen g "
	    "CROSS JOIN subject s ON s.kind = g.kind AND s.scope = g.scope "
	    "CROSS JOIN temp.frozen_subject n ON n.subject = s.id WHERE "
	    "n.since_run < g.run AND NOT EXISTS (SELECT 1 FROM sighting i "
	    "WHERE i.subject = s.id AND i.run = g.run)",
	    run);
	return store_exec(st, sql, f);
}

static bool
is_kind(const struct store *st, const char *view)
{
	char name[KIND_VIEW_MAX];

	for (size_t i = 0; st->kinds[i] != NULL; i++) {
		kind_view(st->kinds[i], name);
		if (strcmp(name, view) == 0)
			return true;
	}
	return false;
}

/* The kind's view again, without what was not seen but for why. */
static int
mask(struct store *st, const struct kind *k, struct fault *f)
{
	char name[KIND_VIEW_MAX];
	BUF_AUTO(sql, VIEW_MAX);

	kind_view(k, name);
	if (views_named(st, name, f) == -1)
		return -1;
	buf_printf(&sql,
	    "DROP VIEW IF EXISTS temp.%s; CREATE TEMP VIEW %s AS SELECT v.run, "
	    "v.subject, v.scope, v.key, iif(m.subject IS NULL, v.outcome, "
	    "m.outcome) AS outcome, iif(m.subject IS NULL, v.reason, "
	    "m.reason) AS reason, ",
	    name, name);
	for (const struct column *c = k->columns; c->name != NULL; c++)
		buf_printf(&sql,
		    "iif(m.subject IS NULL, v.\"%s\", NULL) AS \"%s\", ",
		    c->name, c->name);
	buf_printf(&sql,
	    "v.content_sha256, v.since_run, v.seen_run FROM frozen_at_%s v "
	    "LEFT JOIN temp.masked m ON m.subject = v.subject",
	    name);
	if (buf_done(&sql, name, f) == -1)
		return -1;
	return store_exec(st, sql.p, f);
}

int
store_unmask(struct store *st, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;
	BUF_AUTO(sql, VIEW_MAX);

	if (sqlite3_prepare_v2(st->db,
		"SELECT DISTINCT replace(kind, '.', '_') FROM temp.unseen", -1,
		&q, NULL) != SQLITE_OK)
		return store_fault(st, "gaps", f);
	while ((rc = stmt_row(st, q, f)) == 1) {
		const char *name = (const char *)sqlite3_column_text(q, 0);

		if (name == NULL)
			rc = store_fault(st, "gaps", f);
		else if (is_kind(st, name))
			buf_printf(&sql,
			    "DROP VIEW temp.%s; CREATE TEMP VIEW %s AS SELECT "
			    "* FROM frozen_at_%s;",
			    name, name, name);
		if (rc == -1)
			break;
	}
	(void)sqlite3_finalize(q);
	if (rc == -1 || buf_done(&sql, "views", f) == -1)
		return -1;
	return sql.len == 0 ? 0 : store_exec(st, sql.p, f);
}

int
store_mask_unseen(struct store *st, long long run, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (note_gaps(st, run, f) == -1)
		return -1;
	if (sqlite3_prepare_v2(st->db,
		"SELECT 1 FROM temp.unseen WHERE kind = ?1 LIMIT 1", -1, &q,
		NULL) != SQLITE_OK)
		return store_fault(st, "gaps", f);
	rc = 0;
	for (size_t i = 0; rc == 0 && st->kinds[i] != NULL; i++) {
		int any;

		(void)sqlite3_reset(q);
		sqlite3_bind_text(q, 1, st->kinds[i]->name, -1, SQLITE_STATIC);
		any = stmt_row(st, q, f);
		(void)sqlite3_reset(q);
		rc = any == 1 ? mask(st, st->kinds[i], f) : any;
	}
	(void)sqlite3_finalize(q);
	return rc;
}
