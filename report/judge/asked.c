/* See asked.h. */
#include "report/judge/asked.h"

#include <string.h>

#include "report/judge/profile.h"
#include "report/judge/query.h"

#define ASKED_MAX (64 * 1024)

int
reader_has_table(struct store *reader, const char *name, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(store_db(reader),
		"SELECT 1 FROM sqlite_temp_schema WHERE name = ?1", -1, &q,
		NULL) != SQLITE_OK)
		return store_fault(reader, name, f);
	sqlite3_bind_text(q, 1, name, -1, SQLITE_STATIC);
	rc = sqlite3_step(q);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		(void)store_fault(reader, name, f);
	(void)sqlite3_finalize(q);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : -1;
}

/* What a kept table hangs on, as one text: the time asked about and the
 * parameters, and not who asks. "" before the first. */
static int
asked_text(struct store *reader, struct buf *out, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc = reader_has_table(reader, "parameter", f);

	if (rc != 1)
		return rc;
	if (sqlite3_prepare_v2(store_db(reader),
		"SELECT json_array(as_of, run, (SELECT json_group_object(name, "
		"value) FROM (SELECT * FROM temp.parameter ORDER BY name))) "
		"FROM temp.asked",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(reader, "asked", f);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(q, 0);

		if (text != NULL)
			buf_puts(out, text);
		rc = text != NULL ? SQLITE_DONE : SQLITE_NOMEM;
	}
	if (rc != SQLITE_DONE)
		(void)store_fault(reader, "asked", f);
	(void)sqlite3_finalize(q);
	return rc == SQLITE_DONE ? buf_done(out, "asked", f) : -1;
}

int
asked_set(struct store *reader, const char *as_of, const char *made,
    long long run, long long judgement, struct fault *f)
{
	BUF_AUTO(before, ASKED_MAX);
	BUF_AUTO(after, ASKED_MAX);
	char *sql = sqlite3_mprintf(
	    "CREATE TEMP TABLE IF NOT EXISTS asked(as_of TEXT, made TEXT, run "
	    "INTEGER, judgement INTEGER); DELETE FROM temp.asked; INSERT INTO "
	    "temp.asked VALUES (%Q, %Q, %lld, nullif(%lld, 0))",
	    as_of, made, run, judgement);
	int rc = asked_text(reader, &before, f);

	if (sql == NULL)
		return fault_memory(f);
	if (rc == 0 &&
	    sqlite3_exec(store_db(reader), sql, NULL, NULL, NULL) != SQLITE_OK)
		rc = store_fault(reader, "asked", f);
	sqlite3_free(sql);
	if (rc == -1 || parameters_judged(reader, judgement, f) == -1 ||
	    asked_text(reader, &after, f) == -1)
		return -1;
	if (before.len == after.len && before.len > 0 &&
	    memcmp(before.p, after.p, after.len) == 0)
		return 0;
	return kept_forget(reader, f);
}
