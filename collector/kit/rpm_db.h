/*
 * The package database of RPM, whichever form it has: SQLite (rpmdb.sqlite,
 * with a write-ahead log beside it or not), ndb (Packages.db) and Berkeley DB's
 * hash (Packages). It is read through a descriptor, so a copy without a name, a
 * file of another root and one of this host are all the same; nothing is
 * written, locked or run, and memory follows the largest package.
 */
#ifndef COLLECTOR_KIT_RPM_DB_H
#define COLLECTOR_KIT_RPM_DB_H

#include <stdint.h>

#include "collector/kit/packages.h"
#include "collector/kit/rpm_header.h"

#define RPM_DATABASE_MAX ((uint64_t)1024 * 1024 * 1024)
#define RPM_WORK_MAX 200000000 /* steps of SQLite's machine */
#define RPM_PACKAGES_MAX 1000000

/* Where rpm keeps it, without leading slash; NULL ends. A file named so with
 * "-wal" behind it is the log of the first kind. */
extern const char *const rpm_databases[];

/* An open file, borrowed, that may be read at any place; fd -1: none. */
struct rpm_file {
	int fd;
	uint64_t size; /* bytes */
};

/* From fd, by fstat(2). FAULT_LIMIT: over RPM_DATABASE_MAX. */
MUST_USE int rpm_file_of(struct rpm_file *out, int fd, struct fault *f);

/*
 * Each package of the database. wal: its write-ahead log, or NULL. *seen: how
 * many; 0 is an empty database, as rpm makes it where it is only a tool.
 * Spans that each() gets are valid during the call. FAULT_FORMAT: another form,
 * cut off, or something in it makes no sense: then what was told is not all.
 */
MUST_USE int rpm_db_read(const struct rpm_file *db, const struct rpm_file *wal,
    package_each *each, void *ctx, uint64_t *seen, struct fault *f);

/* ---- for the readers of its forms ---- */

struct rpm_reading {
	const struct rpm_file *db, *wal;
	package_each *each;
	void *ctx;
	uint64_t seen;
};

/* Exactly len bytes from at, or FAULT_FORMAT: it is cut off. */
MUST_USE int rpm_file_read(const struct rpm_file *file, uint64_t at, void *p,
    size_t len, struct fault *f);
/* A package's header was found. */
MUST_USE int rpm_reading_tell(
    struct rpm_reading *r, const void *p, size_t len, struct fault *f);

MUST_USE int rpm_sqlite_read(struct rpm_reading *r, struct fault *f);
MUST_USE int rpm_ndb_read(struct rpm_reading *r, struct fault *f);
MUST_USE int rpm_bdb_read(struct rpm_reading *r, struct fault *f);

#endif
