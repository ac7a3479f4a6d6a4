/* Packages that are there already. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "report/package/package.h"

static struct zip *
open_zip(const char *path, int *fd, struct fault *f)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*fd == -1) {
		(void)fault_errno(f, errno, path);
		return NULL;
	}
	return zip_open(*fd, path, f);
}

/* mimetype first and as it is, so that file(1) and others know it. */
static int
check_mimetype(struct zip *z, const char *path, struct fault *f)
{
	const struct zip_entry *e = zip_entry(z, 0);
	BUF_AUTO(text, 256);

	if (strcmp(e->name, "mimetype") != 0 || e->method != 0 ||
	    e->size != sizeof(PACKAGE_MIMETYPE) - 1)
		return fault(f, FAULT_FORMAT,
		    "%s: not a package: its first entry is not mimetype, "
		    "stored",
		    path);
	if (zip_read_buf(z, e, &text, f) == -1)
		return -1;
	return memcmp(text.p, PACKAGE_MIMETYPE, text.len) == 0
		   ? 0
		   : fault(f, FAULT_FORMAT,
			 "%s: not a package: its mimetype is another", path);
}

int
package_open(const char *path, const char *folder, struct fault *f)
{
	int fd, rc = -1;
	struct zip *z = open_zip(path, &fd, f);

	if (z != NULL && check_mimetype(z, path, f) == 0)
		rc = package_unpack(z, folder, f);
	zip_free(z);
	if (fd != -1)
		(void)close(fd);
	return rc;
}

int
package_checkpoint(const char *path, struct buf *note,
    char origin[CHECKPOINT_ORIGIN_MAX], struct log_head *head, struct fault *f)
{
	int fd, rc = -1;
	struct zip *z = open_zip(path, &fd, f);
	const struct zip_entry *e =
	    z != NULL ? zip_find(z, "checkpoint.txt") : NULL;

	if (z != NULL && e == NULL)
		(void)fault(f, FAULT_FORMAT, "%s: holds no checkpoint", path);
	else if (z != NULL && (rc = zip_read_buf(z, e, note, f)) == 0)
		rc = checkpoint_parse(
		    note->p != NULL ? note->p : "", note->len, origin, head, f);
	zip_free(z);
	if (fd != -1)
		(void)close(fd);
	return rc;
}

bool
package_is(const char *path)
{
	char magic[4];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool is = fd != -1 && read(fd, magic, 4) == 4 &&
		  memcmp(magic, "PK\3\4", 4) == 0;
	const char *dot = strrchr(path, '.');

	if (fd != -1)
		(void)close(fd);
	return is || (dot != NULL && strcmp(dot, ".asice") == 0);
}
