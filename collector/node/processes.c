/* See processes.h. */
#include "collector/node/processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/length.h"
#include "base/span.h"

#define MAPS_MAX ((size_t)8 * 1024 * 1024) /* of one process */
#define NAME_BYTES 64			   /* comm has 15 */

/* Keep PROCESSES_QUERY in step. */
static const char *const libraries[] = { "libcrypto", "libssl", "libgnutls",
	"libgcrypt", "libnss3", "libfreebl", "libsoftokn", "fips.so" };

bool
processes_concern(const char *line, size_t len)
{
	const char *slash = memrchr(line, '/', len);
	struct span name, first, mode;
	struct span rest = { line, len };

	if (slash == NULL || !span_word(&rest, &first) ||
	    !span_word(&rest, &mode) || !span_starts(mode, "r-x"))
		return false;
	name = (struct span){ slash + 1, len - (size_t)(slash + 1 - line) };
	for (size_t i = 0; i < LENGTH(libraries); i++)
		if (span_starts(name, libraries[i]))
			return true;
	return false;
}

static bool
mounts_of(int folder, const char *pid, struct stat *st)
{
	char path[NAME_BYTES + 16];

	(void)snprintf(path, sizeof(path), "%.32s/ns/mnt", pid);
	return fstatat(folder, path, st, 0) == 0;
}

static int
read_of(int folder, const char *pid, const char *file, struct buf *out,
    struct fault *why)
{
	char path[NAME_BYTES + 16];
	int fd, rc;

	(void)snprintf(path, sizeof(path), "%.32s/%s", pid, file);
	if ((fd = openat(folder, path, O_RDONLY | O_CLOEXEC)) == -1)
		return fault_errno(why, errno, file);
	rc = file_read_fd(fd, file, out, why);
	(void)close(fd);
	return rc;
}

static void
list_one(int folder, const char *pid, struct buf *out)
{
	struct span rest, line, name;
	struct fault why = { 0 };
	bool named = false;
	BUF_AUTO(maps, MAPS_MAX);
	BUF_AUTO(comm, NAME_BYTES);

	if (read_of(folder, pid, "maps", &maps, &why) == -1) {
		if (faccessat(folder, pid, F_OK, 0) == 0)
			buf_printf(out, "? %.32s\n", pid);
		return; /* else it has ended */
	}
	rest = (struct span){ maps.len > 0 ? maps.p : "", maps.len };
	while (span_line(&rest, &line)) {
		if (!processes_concern(line.p, line.len))
			continue;
		if (!named) {
			(void)read_of(folder, pid, "comm", &comm, &why);
			name = span_trim((struct span){
			    comm.len > 0 ? comm.p : "", comm.len });
			buf_printf(out, "= %.*s\n", (int)name.len, name.p);
			named = true;
		}
		buf_put(out, line.p, line.len);
		buf_putc(out, '\n');
	}
}

int
processes_list(int folder, struct buf *out, struct fault *f)
{
	struct stat ours, theirs;
	const struct dirent *de;
	size_t seen = 0;
	DIR *d;
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1 || (d = fdopendir(fd)) == NULL) {
		int saved = errno;

		if (fd != -1)
			(void)close(fd);
		return fault_errno(f, saved, "processes");
	}
	if (!mounts_of(folder, "self", &ours))
		ours.st_ino = 0;
	while ((de = readdir(d)) != NULL && seen < PROCESSES_MAX) {
		if (de->d_name[strspn(de->d_name, "0123456789")] != '\0')
			continue;
		seen++;
		/* where it may not be asked, its maps may not either */
		if (mounts_of(folder, de->d_name, &theirs) &&
		    ours.st_ino != 0 && theirs.st_ino != ours.st_ino)
			continue;
		list_one(folder, de->d_name, out);
	}
	(void)closedir(d);
	if (seen == PROCESSES_MAX)
		return fault(
		    f, FAULT_LIMIT, "more than %d processes", PROCESSES_MAX);
	return buf_done(out, "maps of processes", f);
}
