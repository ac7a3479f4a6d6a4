/* See rpm_table.h. */
#include "collector/node/rpm_table.h"

#include <string.h>

#include "base/length.h"
#include "collector/kit/rpm_db.h"

/* A field of the line: what would end it becomes a blank. */
static void
put_field(struct buf *out, struct span text, char end)
{
	for (size_t i = 0; i < text.len; i++)
		buf_putc(out, memchr("\t\r\n", text.p[i], 3) ? ' ' : text.p[i]);
	buf_putc(out, end);
}

static int
put_package(void *ctx, const struct package *pkg, struct fault *f)
{
	const struct span fields[] = { pkg->name, pkg->version, pkg->arch,
		pkg->vendor, pkg->key };
	struct buf *out = ctx;

	if (!package_matters(pkg->name))
		return 0;
	for (size_t i = 0; i < LENGTH(fields); i++)
		put_field(
		    out, fields[i], i + 1 == LENGTH(fields) ? '\n' : '\t');
	return buf_done(out, "packages", f);
}

int
rpm_table(int fd, int wal, struct buf *out, struct fault *f)
{
	struct rpm_file db, log = { .fd = -1 };
	uint64_t seen = 0;

	if (rpm_file_of(&db, fd, f) == -1 ||
	    (wal != -1 && rpm_file_of(&log, wal, f) == -1) ||
	    rpm_db_read(
		&db, wal != -1 ? &log : NULL, put_package, out, &seen, f) == -1)
		return -1;
	if (seen == 0)
		return fault(
		    f, FAULT_FORMAT, "the RPM database holds no package");
	if (out->len == 0) /* none that matters: still a table */
		buf_puts(out, "\n");
	return buf_done(out, "packages", f);
}
