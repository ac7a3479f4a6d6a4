/* See rpm_db.h. */
#include "collector/kit/rpm_db.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const rpm_databases[] = { "var/lib/rpm/rpmdb.sqlite",
	"usr/lib/sysimage/rpm/rpmdb.sqlite", "usr/share/rpm/rpmdb.sqlite",
	"var/lib/rpm/Packages.db", "usr/lib/sysimage/rpm/Packages.db",
	"usr/share/rpm/Packages.db", "var/lib/rpm/Packages",
	"usr/lib/sysimage/rpm/Packages", "usr/share/rpm/Packages", NULL };

int
rpm_file_of(struct rpm_file *out, int fd, struct fault *f)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return fault_errno(f, errno, "RPM database");
	if (!S_ISREG(st.st_mode))
		return fault(f, FAULT_FORMAT, "RPM database: not a file");
	if ((uint64_t)st.st_size > RPM_DATABASE_MAX)
		return fault(f, FAULT_LIMIT,
		    "RPM database: larger than %llu bytes",
		    (unsigned long long)RPM_DATABASE_MAX);
	*out = (struct rpm_file){ fd, (uint64_t)st.st_size };
	return 0;
}

int
rpm_file_read(const struct rpm_file *file, uint64_t at, void *out, size_t len,
    struct fault *f)
{
	char *p = out;
	size_t done = 0;

	if (at > file->size || len > file->size - at)
		return fault(f, FAULT_FORMAT, "RPM database: cut off");
	while (done < len) {
		ssize_t n =
		    pread(file->fd, p + done, len - done, (off_t)(at + done));

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fault_errno(f, errno, "RPM database");
		if (n == 0)
			return fault(f, FAULT_FORMAT, "RPM database: cut off");
		done += (size_t)n;
	}
	return 0;
}

int
rpm_reading_tell(
    struct rpm_reading *r, const void *p, size_t len, struct fault *f)
{
	if (r->seen++ == RPM_PACKAGES_MAX)
		return fault(f, FAULT_LIMIT, "RPM database: over %d packages",
		    RPM_PACKAGES_MAX);
	return rpm_header_read(p, len, r->each, r->ctx, f);
}

int
rpm_db_read(const struct rpm_file *db, const struct rpm_file *wal,
    package_each *each, void *ctx, uint64_t *seen, struct fault *f)
{
	struct rpm_reading r = { db, wal, each, ctx, 0 };
	static const char sqlite[] = "SQLite format 3"; /* and its NUL */
	unsigned char head[16];
	uint32_t magic;
	int rc;

	if (db->size == 0 && (wal == NULL || wal->size == 0))
		return fault(f, FAULT_FORMAT, "RPM database: an empty file");
	if (rpm_file_read(db, 0, head, sizeof(head), f) == -1)
		return -1;
	memcpy(&magic, head + 12, sizeof(magic));
	if (memcmp(head, sqlite, sizeof(sqlite)) == 0)
		rc = rpm_sqlite_read(&r, f);
	else if (memcmp(head, "RpmP", 4) == 0)
		rc = rpm_ndb_read(&r, f);
	else if (magic == 0x061561 || magic == 0x61150600)
		rc = rpm_bdb_read(&r, f);
	else
		rc = fault(f, FAULT_FORMAT,
		    "RPM database: none of the forms that rpm writes");
	if (rc == 0)
		*seen = r.seen;
	return rc;
}
