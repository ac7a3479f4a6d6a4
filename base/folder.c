/* See folder.h. */
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

int
folder_new(const char *parent, const char *prefix, char out[FOLDER_PATH_MAX],
    struct fault *f)
{
	int n = snprintf(out, FOLDER_PATH_MAX, "%s/%s.XXXXXX", parent, prefix);

	if (n < 0 || n >= FOLDER_PATH_MAX) {
		out[0] = '\0';
		return fault(f, FAULT_LIMIT, "%s: name too long", parent);
	}
	if (mkdtemp(out) == NULL) { /* 0700 */
		out[0] = '\0';
		return fault_errno(f, errno, parent);
	}
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	(void)remove(path);
	return 0;
}

void
folder_remove(const char *path)
{
	if (path[0] != '\0')
		(void)nftw(
		    path, remove_one, FOLDER_DEPTH_MAX, FTW_DEPTH | FTW_PHYS);
}

int
folder_path(const char *folder, const char *name, char out[FOLDER_PATH_MAX],
    struct fault *f)
{
	int n = snprintf(out, FOLDER_PATH_MAX, "%s/%s", folder, name);

	return n < 0 || n >= FOLDER_PATH_MAX
		   ? fault(f, FAULT_LIMIT, "%s: name too long", name)
		   : 0;
}

static int
make_parents(const char *folder, char *path, struct fault *f)
{
	int depth = 0;

	for (char *p = path + strlen(folder) + 1; (p = strchr(p, '/')) != NULL;
	     p++) {
		int rc;

		if (++depth > FOLDER_DEPTH_MAX)
			return fault(f, FAULT_LIMIT, "%s: over %d folders deep",
			    path, FOLDER_DEPTH_MAX);
		*p = '\0';
		rc = mkdir(path, 0700);
		if (rc == -1 && errno != EEXIST)
			return fault_errno(f, errno, path);
		*p = '/';
	}
	return 0;
}

int
folder_create(const char *folder, const char *name, struct fault *f)
{
	char path[FOLDER_PATH_MAX];
	int fd;

	if (folder_path(folder, name, path, f) == -1 ||
	    make_parents(folder, path, f) == -1)
		return -1;
	fd = open(
	    path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return fd == -1 ? fault_errno(f, errno, name) : fd;
}

int
folder_open(const char *folder, const char *name, struct fault *f)
{
	char path[FOLDER_PATH_MAX];
	int fd;

	if (folder_path(folder, name, path, f) == -1)
		return -1;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	return fd == -1 ? fault_errno(f, errno, name) : fd;
}

int
folder_put(const char *folder, const char *name, const void *p, size_t len,
    struct fault *f)
{
	int fd = folder_create(folder, name, f), rc = 0;
	const char *s = p;

	if (fd == -1)
		return -1;
	while (len > 0) {
		ssize_t n = write(fd, s, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			rc = fault_errno(f, errno, name);
			break;
		}
		s += n;
		len -= (size_t)n;
	}
	if (close(fd) == -1 && rc == 0)
		rc = fault_errno(f, errno, name);
	return rc;
}

int
folder_get(const char *folder, const char *name, struct buf *b, struct fault *f)
{
	int fd = folder_open(folder, name, f), rc;

	if (fd == -1)
		return -1;
	rc = file_read_fd(fd, name, b, f);
	(void)close(fd);
	return rc;
}

struct walk {
	const char *folder;
	int (*file)(void *ctx, const char *name, struct fault *);
	void *ctx;
};

static int walk_folder(
    const struct walk *w, const char *below, int depth, struct fault *f);

static int
walk_one(const struct walk *w, const char *below, const char *name, int depth,
    struct fault *f)
{
	char inner[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
	struct stat st;
	int n = snprintf(inner, sizeof(inner), "%s%s%s", below,
	    below[0] != '\0' ? "/" : "", name);

	if (n < 0 || n >= FOLDER_PATH_MAX ||
	    folder_path(w->folder, inner, path, f) == -1)
		return fault(f, FAULT_LIMIT, "%s: name too long", name);
	if (lstat(path, &st) == -1)
		return fault_errno(f, errno, inner);
	if (S_ISDIR(st.st_mode))
		return walk_folder(w, inner, depth + 1, f);
	if (!S_ISREG(st.st_mode))
		return fault(
		    f, FAULT_FORMAT, "%s: neither file nor folder", inner);
	return w->file(w->ctx, inner, f);
}

static int
walk_folder(const struct walk *w, const char *below, int depth, struct fault *f)
{
	char path[FOLDER_PATH_MAX];
	struct dirent *e;
	DIR *d;
	int rc = 0;

	if (depth > FOLDER_DEPTH_MAX)
		return fault(f, FAULT_LIMIT, "%s: over %d folders deep", below,
		    FOLDER_DEPTH_MAX);
	if (folder_path(w->folder, below, path, f) == -1)
		return -1;
	if ((d = opendir(path)) == NULL)
		return fault_errno(f, errno, path);
	while (rc == 0 && (e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			rc = walk_one(w, below, e->d_name, depth, f);
	(void)closedir(d);
	return rc;
}

int
folder_each(const char *folder,
    int (*file)(void *ctx, const char *name, struct fault *), void *ctx,
    struct fault *f)
{
	const struct walk w = { folder, file, ctx };

	return walk_folder(&w, "", 0, f);
}
