/* See file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK (64 * 1024)
#define PATH_LEN_MAX 4096

int
file_read_fd(int fd, const char *name, struct buf *b, struct fault *f)
{
	char chunk[CHUNK];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fault_errno(f, errno, name);
		buf_put(b, chunk, (size_t)n);
		if (b->failed != FAULT_NONE)
			return buf_done(b, name, f);
	}
	return 0;
}

int
file_read(const char *path, struct buf *b, struct fault *f)
{
	struct stat st;
	int fd, rc = -1;

	/* O_NONBLOCK: opening a FIFO must not wait for a writer */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd == -1)
		return fault_errno(f, errno, path);
	if (fstat(fd, &st) == -1)
		(void)fault_errno(f, errno, path);
	else if (!S_ISREG(st.st_mode))
		(void)fault(f, FAULT_USAGE, "%s: not a regular file", path);
	else
		rc = file_read_fd(fd, path, b, f);
	(void)close(fd);
	return rc;
}

static int
write_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A rename is only on disk once its folder is. */
static int
sync_folder_of(const char *path)
{
	char folder[PATH_LEN_MAX];
	char *slash;
	int fd, rc;

	(void)snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		(void)strcpy(folder, ".");
	else
		slash[slash == folder ? 1 : 0] = '\0';
	if ((fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return -1;
	rc = fsync(fd);
	(void)close(fd);
	/* some filesystems cannot sync a folder and say so */
	return rc == -1 && errno != EINVAL ? -1 : 0;
}

/* A name that nothing has is given by link(2), which never replaces. Where
 * files have one name only (FAT, some network mounts), by renameat2(2). */
static int
name_once(const char *tmp, const char *path)
{
	if (link(tmp, path) == 0)
		return unlink(tmp);
	if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS &&
	    errno != EMLINK)
		return -1;
	return renameat2(AT_FDCWD, tmp, AT_FDCWD, path, RENAME_NOREPLACE);
}

int
file_publish(const char *tmp, const char *path, struct fault *f)
{
	int rc = 0;

	if (name_once(tmp, path) == -1 || sync_folder_of(path) == -1)
		rc = errno == EEXIST
			 ? fault(f, FAULT_USAGE,
			       "%s: exists already; name another file", path)
			 : fault_errno(f, errno, path);
	if (rc == -1)
		(void)unlink(tmp);
	return rc;
}

/* These bytes on disk in a new file beside path, whose name tmp gets. */
static int
write_beside(const char *path, const void *p, size_t len, unsigned mode,
    char tmp[PATH_LEN_MAX], struct fault *f)
{
	int fd, n, rc = 0;

	n = snprintf(tmp, PATH_LEN_MAX, "%s.XXXXXX", path);
	if (n < 0 || n >= PATH_LEN_MAX)
		return fault(f, FAULT_USAGE, "%s: name too long", path);
	if ((fd = mkostemp(tmp, O_CLOEXEC)) == -1)
		return fault_errno(f, errno, path);
	if (write_all(fd, p, len) == -1 || fchmod(fd, mode) == -1 ||
	    fsync(fd) == -1)
		rc = fault_errno(f, errno, path);
	if (close(fd) == -1 && rc == 0)
		rc = fault_errno(f, errno, path);
	if (rc == -1)
		(void)unlink(tmp);
	return rc;
}

int
file_write(
    const char *path, const void *p, size_t len, unsigned mode, struct fault *f)
{
	char tmp[PATH_LEN_MAX];

	if (write_beside(path, p, len, mode, tmp, f) == -1)
		return -1;
	if (rename(tmp, path) == -1 || sync_folder_of(path) == -1) {
		(void)fault_errno(f, errno, path);
		(void)unlink(tmp);
		return -1;
	}
	return 0;
}

int
file_create(
    const char *path, const void *p, size_t len, unsigned mode, struct fault *f)
{
	char tmp[PATH_LEN_MAX];

	if (write_beside(path, p, len, mode, tmp, f) == -1)
		return -1;
	return file_publish(tmp, path, f);
}
