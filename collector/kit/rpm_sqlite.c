/*
 * RPM's database in SQLite (rpm 4.16 and later), through a file system of
 * SQLite's own that knows two descriptors and can only read: a copy without a
 * name has no path to open, and one that was left in WAL mode would want files
 * beside it. What stands in the log is part of it (SQLite, "WAL-mode File
 * Format").
 */
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "collector/kit/rpm_db.h"

#define DB_NAME "rpmdb"
#define WAL_NAME "rpmdb-wal"

/* ---- a file system of two files ---- */

struct opened {
	sqlite3_file base; /* first: SQLite's view of it */
	const struct rpm_file *file;
};

static int
close_none(sqlite3_file *file)
{
	(void)file;
	return SQLITE_OK;
}

static int
read_at(sqlite3_file *file, void *p, int n, sqlite3_int64 at)
{
	const struct rpm_file *of = ((struct opened *)file)->file;
	uint64_t from = (uint64_t)at, have = 0;
	struct fault f;

	if (from < of->size)
		have = of->size - from < (uint64_t)n ? of->size - from
						     : (uint64_t)n;
	if (have > 0 && rpm_file_read(of, from, p, (size_t)have, &f) == -1)
		return SQLITE_IOERR_READ;
	memset((char *)p + have, 0, (size_t)n - have);
	return have == (uint64_t)n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
no_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
	(void)file;
	(void)p;
	(void)n;
	(void)at;
	return SQLITE_READONLY;
}

static int
no_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	(void)file;
	(void)size;
	return SQLITE_READONLY;
}

static int
no_flags(sqlite3_file *file, int flags)
{
	(void)file;
	(void)flags;
	return SQLITE_OK;
}

static int
size_of(sqlite3_file *file, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)((struct opened *)file)->file->size;
	return SQLITE_OK;
}

static int
no_lock(sqlite3_file *file, int *held)
{
	(void)file;
	*held = 0;
	return SQLITE_OK;
}

static int
no_control(sqlite3_file *file, int op, void *arg)
{
	(void)file;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
nothing(sqlite3_file *file)
{
	(void)file;
	return 0;
}

static const sqlite3_io_methods methods = { .iVersion = 1,
	.xClose = close_none,
	.xRead = read_at,
	.xWrite = no_write,
	.xTruncate = no_truncate,
	.xSync = no_flags,
	.xFileSize = size_of,
	.xLock = no_flags,
	.xUnlock = no_flags,
	.xCheckReservedLock = no_lock,
	.xFileControl = no_control,
	.xSectorSize = nothing,
	.xDeviceCharacteristics = nothing };

static int
open_one(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *out, int flags, int *got)
{
	static const struct rpm_file empty = { -1, 0 };
	const struct rpm_reading *r = vfs->pAppData;
	struct opened *o = (struct opened *)out;

	out->pMethods = NULL;
	if (name == NULL ||
	    (strcmp(name, DB_NAME) != 0 && strcmp(name, WAL_NAME) != 0))
		return SQLITE_CANTOPEN;
	/* a header that speaks of a log wants one: without, an empty one */
	o->file = strcmp(name, DB_NAME) == 0 ? r->db
		  : r->wal != NULL	     ? r->wal
					     : &empty;
	out->pMethods = &methods;
	if (got != NULL)
		*got = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) |
		       SQLITE_OPEN_READONLY;
	return SQLITE_OK;
}

static int
no_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	(void)name;
	(void)sync;
	return SQLITE_READONLY;
}

static int
access_of(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	const struct rpm_reading *r = vfs->pAppData;

	*out = flags != SQLITE_ACCESS_READWRITE &&
	       (strcmp(name, DB_NAME) == 0 ||
		   (r->wal != NULL && strcmp(name, WAL_NAME) == 0));
	return SQLITE_OK;
}

static int
same_name(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	(void)vfs;
	(void)snprintf(out, (size_t)size, "%s", name);
	return SQLITE_OK;
}

/* SQLite asks for randomness and the time only to write. */
static int
no_chance(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	memset(out, 0, (size_t)n);
	return n;
}

static int
no_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs;
	return microseconds;
}

static int
no_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	*out = 0;
	return SQLITE_OK;
}

static int
no_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	(void)n;
	(void)out;
	return 0;
}

static sqlite3_vfs
file_system(struct rpm_reading *r, const char *name)
{
	return (sqlite3_vfs){ .iVersion = 1,
		.szOsFile = (int)sizeof(struct opened),
		.mxPathname = 64,
		.zName = name,
		.pAppData = r,
		.xOpen = open_one,
		.xDelete = no_delete,
		.xAccess = access_of,
		.xFullPathname = same_name,
		.xRandomness = no_chance,
		.xSleep = no_sleep,
		.xCurrentTime = no_time,
		.xGetLastError = no_error };
}

/* ---- its one table ---- */

static int
stop(void *ctx)
{
	int *left = ctx;

	return --*left < 0;
}

static int
refuse(sqlite3 *db, struct fault *f)
{
	return fault(f, FAULT_FORMAT, "RPM database: %s", sqlite3_errmsg(db));
}

/* Only a plain table is read, and nothing the file could add to it runs. A
 * file system that cannot share memory needs the exclusive mode for a log. */
static int
settle(sqlite3 *db, struct fault *f)
{
	if (sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) !=
		SQLITE_OK ||
	    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) !=
		SQLITE_OK ||
	    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL) !=
		SQLITE_OK ||
	    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL) !=
		SQLITE_OK ||
	    sqlite3_exec(db,
		"PRAGMA locking_mode=EXCLUSIVE; PRAGMA cell_size_check=ON;"
		"PRAGMA cache_size=-512; PRAGMA mmap_size=0",
		NULL, NULL, NULL) != SQLITE_OK)
		return refuse(db, f);
	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, (int)RPM_HEADER_MAX);
	return 0;
}

static int
read_rows(struct rpm_reading *r, sqlite3 *db, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc, result = 0;

	if (sqlite3_prepare_v2(db, "SELECT blob FROM main.Packages", -1, &q,
		NULL) != SQLITE_OK)
		return refuse(db, f);
	while (result == 0 && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		const void *p = sqlite3_column_blob(q, 0);

		result = p != NULL
			     ? rpm_reading_tell(
				   r, p, (size_t)sqlite3_column_bytes(q, 0), f)
			     : fault(f, FAULT_FORMAT,
				   "RPM database: a package without a header");
	}
	if (result == 0 && rc != SQLITE_DONE)
		result = refuse(db, f);
	(void)sqlite3_finalize(q);
	return result;
}

int
rpm_sqlite_read(struct rpm_reading *r, struct fault *f)
{
	char name[64] = "";
	sqlite3_vfs vfs = file_system(r, name);
	sqlite3 *db = NULL;
	int rc, left = RPM_WORK_MAX / 1000;

	/* several may be read at once, each through its own */
	(void)snprintf(name, sizeof(name), "rpm-%p", (void *)r);
	if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK)
		return fault(f, FAULT_IO, "RPM database: SQLite refuses");
	if (sqlite3_open_v2(DB_NAME, &db, SQLITE_OPEN_READONLY, name) !=
	    SQLITE_OK)
		rc = db != NULL ? refuse(db, f) : fault_memory(f);
	else if ((rc = settle(db, f)) == 0) {
		sqlite3_progress_handler(db, 1000, stop, &left);
		rc = read_rows(r, db, f);
	}
	(void)sqlite3_close(db);
	(void)sqlite3_vfs_unregister(&vfs);
	return rc;
}
