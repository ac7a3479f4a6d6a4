/* A folder of this host as an image: fts(3), no link followed. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/image/layer_file.h"
#include "collector/image/overlay.h"

#define CHUNK ((size_t)128 * 1024)

struct walking {
	struct layer_file *v;
	const struct folder_sink *sink;
	uint64_t *bytes;
	char *chunk; /* CHUNK bytes */
};

static const char *
below(const FTSENT *e, size_t root)
{
	const char *p = e->fts_path + root;

	return *p == '/' ? p + 1 : p;
}

static int
pass_file(
    struct walking *w, const char *path, int fd, uint64_t size, struct fault *f)
{
	struct facts *facts = NULL;
	ssize_t n = 0;
	int rc = layer_file_begin(w->v, path, size, false, f);

	while (rc == 0 && (n = read(fd, w->chunk, CHUNK)) > 0) {
		*w->bytes += (uint64_t)n;
		rc = layer_file_feed(w->v, w->chunk, (size_t)n, f);
	}
	if (rc == 0 && n == -1)
		rc = fault_errno(f, errno, path);
	if (rc == 0)
		rc = layer_file_end(w->v, &facts, f);
	if (rc == 0) /* its members count though it is nothing itself */
		rc = w->sink->file(w->sink->ctx, path, facts, f);
	facts_free(facts);
	return rc;
}

/* A file that cannot be opened is one that could not be told. */
static int
refused(struct walking *w, const char *path, struct fault *f)
{
	struct facts *facts = facts_new();
	int rc;

	if (facts == NULL)
		return fault_memory(f);
	facts->special = special_of(path);
	facts->unread = strdup(strerror(errno));
	rc = facts->unread == NULL
		 ? fault_memory(f)
		 : w->sink->file(w->sink->ctx, path, facts, f);
	facts_free(facts);
	return rc;
}

static int
file(struct walking *w, const FTSENT *e, const char *path, struct fault *f)
{
	int fd = open(
	    e->fts_accpath, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	int rc;

	if (fd == -1)
		return refused(w, path, f);
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		rc = 0;
	else
		rc = pass_file(w, path, fd, (uint64_t)st.st_size, f);
	(void)close(fd);
	return rc;
}

static int
symbolic(struct walking *w, const FTSENT *e, const char *path, struct fault *f)
{
	char target[OVERLAY_PATH_MAX];
	ssize_t n = readlink(e->fts_accpath, target, sizeof(target) - 1);

	if (n == -1)
		return 0;
	target[n] = '\0';
	return w->sink->link(w->sink->ctx, path, target, f);
}

static int
one(struct walking *w, FTS *fts, FTSENT *e, size_t root, struct fault *f)
{
	const char *path = below(e, root);

	switch (e->fts_info) {
	case FTS_D:
		if (strcmp(path, "proc") == 0 || strcmp(path, "sys") == 0 ||
		    strcmp(path, "dev") == 0)
			(void)fts_set(fts, e, FTS_SKIP);
		return 0;
	case FTS_F:
		return file(w, e, path, f);
	case FTS_SL:
	case FTS_SLNONE:
		return symbolic(w, e, path, f);
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		if (path[0] == '\0') {
			errno = e->fts_errno;
			return fault_errno(f, errno, e->fts_path);
		}
		errno = e->fts_errno;
		return refused(w, path, f);
	default:
		return 0;
	}
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

int
layer_file_folder(struct layer_file *v, const char *root,
    const struct folder_sink *sink, uint64_t *bytes, struct fault *f)
{
	char chunk[CHUNK];
	struct walking w = { v, sink, bytes, chunk };
	char *const roots[] = { (char *)(uintptr_t)root, NULL };
	FTS *fts =
	    fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, by_name);
	FTSENT *e;
	int rc = 0;

	if (fts == NULL)
		return fault_errno(f, errno, root);
	errno = 0;
	while (rc == 0 && (e = fts_read(fts)) != NULL)
		rc = one(&w, fts, e, strlen(root), f);
	if (rc == 0 && errno != 0)
		rc = fault_errno(f, errno, root);
	(void)fts_close(fts);
	return rc;
}
