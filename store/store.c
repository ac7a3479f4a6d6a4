/* Making, opening and closing a store. See store.h. */
#include "store/internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/build.h"
#include "base/folder.h"

#define APPLICATION_ID 0x45584842
#define BUSY_MS 120000 /* a second writer queues this long */

/* One integer out of a PRAGMA or SELECT. */
static int
number(struct store *st, const char *text, long long *out, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (sqlite3_prepare_v2(st->db, text, -1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "read", f);
	rc = stmt_row(st, q, f);
	if (rc == 1)
		*out = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	return rc == 1 ? 0 : -1;
}

int
store_schema(struct store *st, long long *version, struct fault *f)
{
	return number(st, "PRAGMA user_version", version, f);
}

static int
check_is_store(struct store *st, long long *version, struct fault *f)
{
	long long id = 0;

	if (number(st, "PRAGMA application_id", &id, f) == -1) {
		if (f->kind == FAULT_INTEGRITY)
			return fault(f, FAULT_USAGE,
			    "%s: not an exhibit store (not an SQLite file)",
			    st->path);
		return -1;
	}
	if (store_schema(st, version, f) == -1)
		return -1;
	if (id != APPLICATION_ID)
		return fault(f, FAULT_USAGE,
		    "%s: not an exhibit store; 'exhibit init' makes one",
		    st->path);
	if (*version > STORE_SCHEMA)
		return fault(f, FAULT_USAGE,
		    "%s: made by a newer exhibit (schema %lld, this one knows "
		    "%d); use that version",
		    st->path, *version, STORE_SCHEMA);
	return 0;
}

static int
read_id(struct store *st, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (sqlite3_prepare_v2(st->db,
		"SELECT body ->> '$.id' FROM log WHERE seq = 0", -1, &q,
		NULL) != SQLITE_OK)
		return store_fault(st, "read", f);
	if ((rc = stmt_row(st, q, f)) == 1 &&
	    sqlite3_column_type(q, 0) == SQLITE_TEXT)
		st->id = strdup((const char *)sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	if (rc == -1)
		return -1;
	if (st->id == NULL)
		return fault(f, FAULT_INTEGRITY,
		    "%s: log entry 0 does not name the store", st->path);
	return 0;
}

/* A read-only folder cannot hold the -shm file that WAL asks for; if nobody
 * can write there the file is not changing either, so immutable is true. */
static int
open_immutable(struct store *st)
{
	BUF_AUTO(uri, 16384);

	buf_puts(&uri, "file:");
	for (const char *p = st->file; *p != '\0'; p++)
		if (strchr("%?#", *p) != NULL)
			buf_printf(&uri, "%%%02X", (unsigned char)*p);
		else
			buf_putc(&uri, *p);
	buf_puts(&uri, "?immutable=1");
	if (uri.failed != FAULT_NONE)
		return SQLITE_NOMEM;
	(void)sqlite3_close(st->db);
	st->db = NULL;
	return sqlite3_open_v2(uri.p, &st->db,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
}

static bool
folder_is_readonly(const char *path)
{
	char folder[4096];
	char *slash;

	(void)snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		return access(".", W_OK) == -1;
	slash[slash == folder ? 1 : 0] = '\0';
	return access(folder, W_OK) == -1;
}

/*
 * A writer that was killed in the middle leaves a journal that the next one
 * rolls back. A reader may not, so for once it opens as a writer would.
 */
static int
recover(struct store *st)
{
	sqlite3 *db;
	int rc = sqlite3_open_v2(
	    st->file, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

	(void)sqlite3_busy_timeout(db, BUSY_MS);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(
		    db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	(void)sqlite3_close(db);
	return rc;
}

static bool
is_interrupted(struct store *st)
{
	static const char look[] = "SELECT count(*) FROM sqlite_schema";

	if (sqlite3_exec(st->db, look, NULL, NULL, NULL) == SQLITE_OK)
		return false;
	switch (sqlite3_extended_errcode(st->db)) {
	case SQLITE_READONLY_ROLLBACK:
	case SQLITE_READONLY_RECOVERY:
		return true;
	default: /* what else is wrong shows when it is read */
		return false;
	}
}

static int
open_file(struct store *st, struct fault *f)
{
	int flags = st->mode == STORE_READ ? SQLITE_OPEN_READONLY
					   : SQLITE_OPEN_READWRITE;
	int rc;

	if (access(st->file, R_OK) == -1)
		return fault_errno(f, errno, st->path);
	rc = sqlite3_open_v2(
	    st->file, &st->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK && st->mode == STORE_READ &&
	    folder_is_readonly(st->file))
		rc = open_immutable(st);
	if (rc == SQLITE_NOMEM || st->db == NULL)
		return fault_memory(f);
	if (rc != SQLITE_OK)
		return store_fault(st, "open", f);
	(void)sqlite3_busy_timeout(st->db, BUSY_MS);
	if (st->mode == STORE_READ && is_interrupted(st) &&
	    recover(st) != SQLITE_OK)
		return fault(f, FAULT_DENIED,
		    "%s: its last writer was interrupted; open it once with "
		    "write access, as 'exhibit collect' does",
		    st->path);
	if (st->mode == STORE_WRITE && sqlite3_db_readonly(st->db, "main") == 1)
		return fault(
		    f, FAULT_DENIED, "%s: the store is read-only", st->path);
	return 0;
}

/* of_hex(text): the blob, NULL if it is no digest; SQLite has it from 3.41. */
static void
of_hex(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	const char *hex = (const char *)sqlite3_value_text(v[0]);
	uint8_t d[SHA256_LEN];

	(void)n;
	if (hex != NULL && hex_decode(hex, d, sizeof(d)) == 0)
		sqlite3_result_blob(ctx, d, sizeof(d), SQLITE_TRANSIENT);
}

/* The name of what a SQL function is given: kind, scope, key. */
static int
name_of_values(
    sqlite3_context *ctx, sqlite3_value **v, uint8_t name[SHA256_LEN])
{
	const char *text[3];
	struct fault why;

	for (int i = 0; i < 3; i++)
		if ((text[i] = (const char *)sqlite3_value_text(v[i])) == NULL)
			return -1;
	if (subject_name(sqlite3_user_data(ctx), text[0], text[1], text[2],
		name, &why) == 0)
		return 0;
	sqlite3_result_error(ctx, why.text, -1);
	return -1;
}

/* subject_name(kind, scope, key): what is hashed of a subject, a blob. */
static void
name_function(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	uint8_t name[SHA256_LEN];

	(void)n;
	if (name_of_values(ctx, v, name) == 0)
		sqlite3_result_blob(ctx, name, sizeof(name), SQLITE_TRANSIENT);
}

/* bucket_of(kind, scope, key): where it stands in the state tree. */
static void
bucket_function(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	uint8_t name[SHA256_LEN];

	(void)n;
	if (name_of_values(ctx, v, name) == 0)
		sqlite3_result_int(ctx, (int)bucket_of(name));
}

static int
add_functions(struct store *st, struct fault *f)
{
	static const int flags =
	    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

	if (sqlite3_create_function(st->db, "of_hex", 1, flags, NULL, of_hex,
		NULL, NULL) == SQLITE_OK &&
	    sqlite3_create_function(st->db, "subject_name", 3, flags,
		st->crypto, name_function, NULL, NULL) == SQLITE_OK &&
	    sqlite3_create_function(st->db, "bucket_of", 3, flags, st->crypto,
		bucket_function, NULL, NULL) == SQLITE_OK)
		return 0;
	return store_fault(st, "open", f);
}

static int
configure(struct store *st, struct fault *f)
{
	if (add_functions(st, f) == -1)
		return -1;
	(void)sqlite3_db_config(
	    st->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	(void)sqlite3_db_config(
	    st->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
	return store_exec(st,
	    "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; "
	    "PRAGMA temp_store = FILE; PRAGMA cache_size = -8000;",
	    f);
}

/*
 * While collecting, readers are not held up. A reader in the middle of a
 * query keeps SQLite from changing the mode: then the writes of this time are
 * ordinary ones.
 */
static int
enter_wal(struct store *st, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(
	    st->db, "PRAGMA journal_mode = WAL", -1, &q, NULL);

	if (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		const char *mode = (const char *)sqlite3_column_text(q, 0);

		st->wal = mode != NULL && strcmp(mode, "wal") == 0;
		rc = SQLITE_OK;
	}
	(void)sqlite3_finalize(q);
	if (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
		return 0;
	return store_fault(st, "open for writing", f);
}

/* The file of schema 2: itself, or what becomes of one of schema 1. */
static int
open_current(struct store *st, struct fault *f)
{
	long long version;

	if (open_file(st, f) == -1 || check_is_store(st, &version, f) == -1)
		return -1;
	if (version == 1 && st->mode == STORE_READ &&
	    (store_migrate_copy(st, f) == -1 || open_file(st, f) == -1))
		return -1;
	if (configure(st, f) == -1)
		return -1;
	return version == 1 && st->mode == STORE_WRITE ? store_migrate(st, f)
						       : 0;
}

struct store *
store_open_file(const char *path, const char *file, enum store_mode mode,
    const struct kind *const *kinds, struct crypto *c, struct fault *f)
{
	struct store *st = calloc(1, sizeof(*st));

	if (st == NULL || (st->path = strdup(path)) == NULL ||
	    (st->file = strdup(file)) == NULL) {
		store_close(st);
		(void)fault_memory(f);
		return NULL;
	}
	st->mode = mode;
	st->kinds = kinds;
	st->crypto = c;
	if (open_current(st, f) == -1 || read_id(st, f) == -1 ||
	    (mode == STORE_WRITE &&
		(enter_wal(st, f) == -1 || stmt_prepare(st, f) == -1 ||
		    views_make(st, f) == -1)) ||
	    views_own(st, f) == -1) {
		store_close(st);
		return NULL;
	}
	return st;
}

struct store *
store_open(const char *path, enum store_mode mode,
    const struct kind *const *kinds, struct crypto *c, struct fault *f)
{
	return store_open_file(path, path, mode, kinds, c, f);
}

/*
 * At rest a store is one file that a read-only medium can hold, so the last
 * writer leaves WAL mode. If others have the store open SQLite refuses, and
 * it stays as it is.
 */
static void
leave_wal(struct store *st)
{
	(void)sqlite3_busy_timeout(st->db, 0);
	(void)sqlite3_exec(
	    st->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
}

void
store_close(struct store *st)
{
	if (st == NULL)
		return;
	for (size_t i = 0; i < NSTMT; i++)
		(void)sqlite3_finalize(st->stmt[i]);
	if (st->mode == STORE_WRITE && st->db != NULL)
		leave_wal(st);
	(void)sqlite3_close(st->db);
	if (st->copy != NULL && st->copy[0] != '\0')
		folder_remove(st->copy);
	free(st->copy);
	free(st->file);
	free(st->path);
	free(st->id);
	free(st->own);
	free(st->names);
	free(st);
}

struct store *
store_reader(const struct store *st, struct fault *f)
{
	return store_open_file(
	    st->path, st->file, STORE_READ, st->kinds, st->crypto, f);
}

int
store_vacuum_into(struct store *st, const char *path, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc = 0;

	if (sqlite3_prepare_v2(st->db, "VACUUM INTO ?1", -1, &q, NULL) !=
	    SQLITE_OK)
		return store_fault(st, "copy", f);
	sqlite3_bind_text(q, 1, path, -1, SQLITE_STATIC);
	if (sqlite3_step(q) != SQLITE_DONE)
		rc = store_fault(st, "copy", f);
	(void)sqlite3_finalize(q);
	return rc;
}

int
store_copy(struct store *st, const char *path, struct fault *f)
{
	struct store copy = { .path = st->path, .kinds = st->kinds };
	int rc;

	if (store_vacuum_into(st, path, f) == -1)
		return -1;
	if (sqlite3_open_v2(path, &copy.db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		rc = store_fault(&copy, "copy", f);
	else
		rc = views_make_all(&copy, f);
	(void)sqlite3_close(copy.db);
	return rc;
}

static int
check_id(const char *id, struct fault *f)
{
	size_t len = strlen(id);

	if (len == 0 || len > 64 ||
	    strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789.-") != len)
		return fault(f, FAULT_USAGE,
		    "store name '%.80s': 1 to 64 of a-z, 0-9, '.' and '-'", id);
	return 0;
}

/* The schema and log entry 0, in one transaction. */
static int
fill_new(struct store *st, const char *id, const char *now, struct fault *f)
{
	BUF_AUTO(body, 4096);

	buf_printf(&body,
	    "{\"created\":\"%s\",\"exhibit\":\"%s\",\"id\":\"%s\","
	    "\"schema\":%d,\"type\":\"store\"}",
	    now, exhibit_build, id, STORE_SCHEMA);
	if (buf_done(&body, "store record", f) == -1 ||
	    store_exec(st, "BEGIN IMMEDIATE", f) == -1 ||
	    store_exec(st, store_text[0].p, f) == -1 ||
	    store_exec(st, store_text[1].p, f) == -1 ||
	    stmt_prepare(st, f) == -1 ||
	    log_append(st, "store", body.p, body.len, NULL, f) == -1)
		return -1;
	return store_exec(st, "COMMIT", f);
}

int
store_create(const char *path, const char *id, const char *now,
    struct crypto *c, struct fault *f)
{
	struct store st = { .crypto = c, .mode = STORE_WRITE };
	int rc = -1;

	if (check_id(id, f) == -1)
		return -1;
	if (access(path, F_OK) == 0)
		return fault(f, FAULT_USAGE,
		    "%s: exists already; name another file", path);
	if ((st.path = strdup(path)) == NULL)
		return fault_memory(f);
	if (sqlite3_open_v2(path, &st.db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		(void)store_fault(&st, "create", f);
	else if (configure(&st, f) == 0)
		rc = fill_new(&st, id, now, f);
	for (size_t i = 0; i < NSTMT; i++)
		(void)sqlite3_finalize(st.stmt[i]);
	(void)sqlite3_close(st.db);
	if (rc == -1)
		(void)unlink(path);
	free(st.path);
	return rc;
}

sqlite3 *
store_db(struct store *st)
{
	return st->db;
}

const char *
store_id(const struct store *st)
{
	return st->id;
}

const char *
store_path(const struct store *st)
{
	return st->path;
}

const struct kind *const *
store_kinds(const struct store *st)
{
	return st->kinds;
}
