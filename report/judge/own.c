/* See own.h. */
#include "report/judge/own.h"

#include <string.h>

#include "base/text.h"
#include "report/judge/catalog.h"
#include "report/judge/asked.h"

#define TABLE "own_text"

extern const struct text report_text[]; /* made by embed() */

static bool
is_rule(const char *path)
{
	return strncmp(path, "checks/", 7) == 0 ||
	       (strncmp(path, "catalogs/", 9) == 0 &&
		   strchr(path + 9, '/') == NULL);
}

static int
fill(sqlite3_stmt *q, struct store *reader, struct fault *f)
{
	for (const struct text *t = report_text; t->path != NULL; t++) {
		if (!is_rule(t->path))
			continue;
		(void)sqlite3_reset(q);
		sqlite3_bind_text(q, 1, t->path, -1, SQLITE_STATIC);
		sqlite3_bind_text(q, 2, t->p, (int)t->len, SQLITE_STATIC);
		if (sqlite3_step(q) != SQLITE_DONE)
			return store_fault(reader, TABLE, f);
	}
	return 0;
}

int
own_attach_for(const char *sql, struct store *reader, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (strstr(sql, TABLE) == NULL ||
	    (rc = reader_has_table(reader, TABLE, f)) == 1)
		return 0;
	if (rc == -1)
		return -1;
	if (sqlite3_exec(store_db(reader),
		"CREATE TEMP TABLE " TABLE
		"(path TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID",
		NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(store_db(reader),
		"INSERT INTO temp." TABLE " VALUES (?1, ?2)", -1, &q,
		NULL) != SQLITE_OK)
		return store_fault(reader, TABLE, f);
	rc = fill(q, reader, f);
	(void)sqlite3_finalize(q);
	return rc;
}
