/*
 * From schema 1 to 2, in one transaction: tables are renamed, made anew and
 * filled from the old ones (migrate.sql). A writer brings up the file itself; a
 * reader, which changes nothing, brings up a private copy and reads that.
 */
#include "store/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"

#define SQL_MAX (256 * 1024)

/* The second part of schema.sql begins so. */
#define TRIGGERS                                                               \
	"-- ------------------------------------------------------------- "    \
	"triggers"

/* Run what the statement's rows say, joined. */
static int
run_joined(struct store *st, const char *statement, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	BUF_AUTO(all, SQL_MAX);
	int rc;

	if (sqlite3_prepare_v2(st->db, statement, -1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "migrate", f);
	while ((rc = stmt_row(st, q, f)) == 1)
		buf_put(&all, sqlite3_column_blob(q, 0),
		    (size_t)sqlite3_column_bytes(q, 0));
	(void)sqlite3_finalize(q);
	if (rc == -1 || buf_done(&all, "migrate", f) == -1)
		return -1;
	return all.len == 0 ? 0 : store_exec(st, all.p, f);
}

/* Views, triggers and indexes go; tables step aside. */
static int
set_aside(struct store *st, struct fault *f)
{
	if (run_joined(st,
		"SELECT printf('DROP %s \"%w\";', type, name) FROM "
		"sqlite_schema WHERE type IN ('view', 'trigger') OR (type = "
		"'index' AND sql IS NOT NULL)",
		f) == -1)
		return -1;
	return run_joined(st,
	    "SELECT printf('ALTER TABLE \"%w\" RENAME TO \"v1_%w\";', name, "
	    "name) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE "
	    "'sqlite_%'",
	    f);
}

/* The first part of schema.sql: tables, without triggers; or the second. */
static int
make_schema(struct store *st, bool triggers, struct fault *f)
{
	const char *text = store_text[0].p;
	const char *second = strstr(text, TRIGGERS);
	BUF_AUTO(first, SQL_MAX);

	if (triggers)
		return store_exec(st, second, f);
	buf_put(&first, text, (size_t)(second - text));
	if (buf_done(&first, "schema", f) == -1)
		return -1;
	return store_exec(st, first.p, f);
}

/* ------------------------------------------------ answers, run by run, again
 */

static int
fill(struct store *st, const char *text, long long run, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(st->db, text, -1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "migrate", f);
	sqlite3_bind_int64(q, 1, run);
	rc = stmt_done(st, q, f);
	(void)sqlite3_finalize(q);
	return rc;
}

static int
add_run(struct store *st, long long run, long long series, struct fault *f)
{
	struct series_root ignored[2];
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(st->db,
		"INSERT INTO ended(run, attempt, ended, state, state_root, "
		"record, series) SELECT e.run, e.attempt, coalesce((SELECT at "
		"FROM log WHERE seq = e.record), e.ended), e.state, "
		"e.state_root, e.record, ?2 FROM v1_ended e WHERE e.run = ?1",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "migrate", f);
	sqlite3_bind_int64(q, 1, run);
	sqlite3_bind_int64(q, 2, series);
	rc = stmt_done(st, q, f);
	(void)sqlite3_finalize(q);
	if (rc == -1 || side_clear(st, f) == -1 ||
	    fill(st,
		"INSERT OR REPLACE INTO temp.replied SELECT place, content "
		"FROM v1_answer WHERE run = ?1",
		run, f) == -1 ||
	    fill(st,
		"INSERT OR REPLACE INTO temp.sighted SELECT subject FROM "
		"v1_sighting WHERE run = ?1",
		run, f) == -1)
		return -1;
	return series_write(st, series, run, &ignored[0], &ignored[1], f);
}

static int
each_run(struct store *st, sqlite3_stmt *q, struct fault *f)
{
	int rc;

	while ((rc = stmt_row(st, q, f)) == 1) {
		long long run = sqlite3_column_int64(q, 0), series = run;
		const char *origin = (const char *)sqlite3_column_text(q, 2);
		const char *plan = (const char *)sqlite3_column_text(q, 3);

		if (sqlite3_column_int(q, 1) != 0 && origin != NULL &&
		    plan != NULL &&
		    series_find(st, origin, plan, run, &series, f) == -1)
			return -1;
		if (add_run(st, run, series, f) == -1)
			return -1;
	}
	return rc;
}

static int
add_runs(struct store *st, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(st->db,
		"SELECT e.run, e.state <> 'failed', a.origin, a.plan FROM "
		"v1_ended e LEFT JOIN v1_attempt a ON a.id = e.attempt ORDER "
		"BY e.run",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "migrate", f);
	rc = each_run(st, q, f);
	(void)sqlite3_finalize(q);
	return rc == -1 ? -1 : side_clear(st, f);
}

/* The cache of the state tree, from the state itself. */
static int
add_buckets(struct store *st, struct fault *f)
{
	struct state_tree *t = malloc(sizeof(*t));
	int rc;

	if (t == NULL)
		return fault_memory(f);
	rc = state_tree_at(st, INT64_MAX, t, f);
	for (unsigned i = 0; rc == 0 && i < BUCKETS; i++)
		rc = state_tree_put(st, t, i, f);
	free(t);
	return rc;
}

/* ------------------------------------------------------------------- whole */

static int
migrate(struct store *st, struct fault *f)
{
	if (set_aside(st, f) == -1 || make_schema(st, false, f) == -1 ||
	    store_exec(st, store_text[2].p, f) == -1 ||
	    stmt_prepare(st, f) == -1 || add_runs(st, f) == -1 ||
	    add_buckets(st, f) == -1 ||
	    run_joined(st,
		"SELECT printf('DROP TABLE \"%w\";', name) FROM sqlite_schema "
		"WHERE type = 'table' AND name LIKE 'v1\\_%' ESCAPE '\\'",
		f) == -1)
		return -1;
	return make_schema(st, true, f);
}

int
store_migrate(struct store *st, struct fault *f)
{
	long long version;
	int rc;

	if (store_exec(st,
		"PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; "
		"PRAGMA ignore_check_constraints = ON; BEGIN IMMEDIATE",
		f) == -1)
		return -1;
	rc = store_schema(st, &version, f);
	if (rc == 0 && version == 1) /* or another was faster */
		rc = migrate(st, f);
	if (rc == 0)
		rc = store_exec(st, "COMMIT", f);
	if (rc == -1) {
		store_rollback(st);
		return -1;
	}
	for (size_t i = 0; i < NSTMT; i++)
		(void)sqlite3_reset(st->stmt[i]);
	return store_exec(st,
	    "PRAGMA ignore_check_constraints = OFF; PRAGMA legacy_alter_table "
	    "= OFF; PRAGMA foreign_keys = ON; VACUUM",
	    f);
}

int
store_migrate_copy(struct store *st, struct fault *f)
{
	char file[FOLDER_PATH_MAX];
	struct store *copy;

	if ((st->copy = calloc(1, FOLDER_PATH_MAX)) == NULL)
		return fault_memory(f);
	if (folder_new("/tmp", "exhibit-store-", st->copy, f) == -1)
		return -1;
	if (folder_path(st->copy, "store.db", file, f) == -1 ||
	    store_vacuum_into(st, file, f) == -1)
		return -1;
	(void)sqlite3_close(st->db);
	st->db = NULL;
	copy = store_open_file(
	    st->path, file, STORE_WRITE, st->kinds, st->crypto, f);
	if (copy == NULL)
		return -1;
	store_close(copy);
	free(st->file);
	st->file = strdup(file);
	return st->file == NULL ? fault_memory(f) : 0;
}
