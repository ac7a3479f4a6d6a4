/*
 * A tar file of an image: read once for where its files are, then by place.
 * "docker save" of old writes manifest.json, a configuration and layer.tar
 * files (moby image/tarexport), which may be links to one another; newer ones
 * and "podman save --format oci-archive" hold an OCI layout.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/image/image_source.h"
#include "collector/image/layout_index.h"
#include "collector/image/tar_stream.h"

#define CHUNK ((size_t)128 * 1024)
#define MEMBERS_MAX 8192
#define LINKS_MAX 4

struct member {
	char *path, *link; /* owned; link NULL: a file */
	uint64_t offset, size;
};

struct archive {
	int fd;
	char *name;		/* owned, or NULL */
	struct member *members; /* owned */
	size_t n;
};

static void
archive_free(void *self)
{
	struct archive *a = self;

	for (size_t i = 0; i < a->n; i++) {
		free(a->members[i].path);
		free(a->members[i].link);
	}
	free(a->members);
	free(a->name);
	if (a->fd != -1)
		(void)close(a->fd);
	free(a);
}

/* ---- the list of its files ---- */

/* A link's target as seen from the folder of path. */
static char *
target_of(const char *path, const char *link)
{
	BUF_AUTO(joined, TAR_NAME_MAX);
	const char *slash = strrchr(path, '/');
	size_t folder = slash != NULL ? (size_t)(slash - path) : 0;

	while (strncmp(link, "../", 3) == 0 && folder > 0) {
		link += 3;
		while (folder > 0 && path[--folder] != '/')
			;
	}
	if (folder > 0) {
		buf_put(&joined, path, folder);
		buf_putc(&joined, '/');
	}
	buf_puts(&joined, link);
	return joined.failed == FAULT_NONE ? strdup(joined.p) : NULL;
}

static int
on_entry(void *ctx, const struct tar_entry *e, struct fault *f)
{
	struct archive *a = ctx;
	struct member *m;

	if (e->type == TAR_FOLDER || e->type == TAR_OTHER)
		return 0;
	if (a->n == MEMBERS_MAX)
		return fault(
		    f, FAULT_LIMIT, "an archive of over %d files", MEMBERS_MAX);
	if ((a->n & (a->n - 1)) == 0) { /* room for twice as many */
		m = reallocarray(
		    a->members, a->n == 0 ? 1 : 2 * a->n, sizeof(*m));
		if (m == NULL)
			return fault_memory(f);
		a->members = m;
	}
	m = &a->members[a->n];
	memset(m, 0, sizeof(*m));
	if ((m->path = strdup(e->path)) == NULL)
		return fault_memory(f);
	a->n++;
	m->offset = e->offset;
	m->size = e->size;
	if (e->type != TAR_FILE &&
	    (m->link = e->type == TAR_SYMLINK ? target_of(e->path, e->link)
					      : strdup(e->link)) == NULL)
		return fault_memory(f);
	return 0;
}

static int
nothing(void *ctx, const char *p, size_t len, struct fault *f)
{
	(void)ctx;
	(void)p;
	(void)len;
	(void)f;
	return 0;
}

static int
no_end(void *ctx, struct fault *f)
{
	(void)ctx;
	(void)f;
	return 0;
}

/* Read the headers; what lies between is skipped without reading it. */
static int
list(struct archive *a, struct fault *f)
{
	const struct tar_sink sink = { on_entry, nothing, no_end, a };
	struct tar t;
	char block[512];
	uint64_t at = 0;
	ssize_t n = 0;
	int rc = 0;

	tar_init(&t, &sink);
	while (rc == 0 && t.state != TAR_DONE &&
	       (n = pread(a->fd, block, sizeof(block), (off_t)at)) > 0) {
		rc = tar_feed(&t, block, (size_t)n, f);
		at += (uint64_t)n;
		if (rc == 0 && t.state == TAR_DATA && t.left > 512) {
			uint64_t skip = t.left / 512 * 512;

			at += skip;
			t.offset += skip;
			t.left -= skip;
			if (t.left == 0) /* let the last block pass */
				at -= 512, t.offset -= 512, t.left = 512;
		}
	}
	if (rc == 0 && n == -1)
		rc = fault_errno(f, errno, "archive");
	if (rc == 0)
		rc = tar_end(&t, f);
	tar_free(&t);
	return rc;
}

static const struct member *
find(const struct archive *a, const char *path)
{
	for (int links = 0; links <= LINKS_MAX; links++) {
		const struct member *m = NULL;

		for (size_t i = a->n; i > 0 && m == NULL; i--)
			if (strcmp(a->members[i - 1].path, path) == 0)
				m = &a->members[i - 1];
		if (m == NULL || m->link == NULL)
			return m;
		path = m->link;
	}
	return NULL;
}

static const struct member *
need(const struct archive *a, const char *name, struct fault *f)
{
	char path[BLOB_NAME_MAX + 16];
	const struct member *m;

	if (digest_text_good(name))
		(void)snprintf(path, sizeof(path), "blobs/sha256/%s", name + 7);
	else
		(void)snprintf(path, sizeof(path), "%s", name);
	if ((m = find(a, path)) == NULL)
		(void)fault(f, FAULT_ABSENT, "the archive has no %.200s", path);
	return m;
}

/* ---- its bytes ---- */

static int
archive_blob(
    void *self, const char *name, blob_take *take, void *ctx, struct fault *f)
{
	struct archive *a = self;
	const struct member *m = need(a, name, f);
	char chunk[CHUNK];
	uint64_t done = 0;
	int rc = 0;

	if (m == NULL)
		return -1;
	while (rc == 0 && done < m->size) {
		size_t want =
		    m->size - done < CHUNK ? (size_t)(m->size - done) : CHUNK;
		ssize_t n =
		    pread(a->fd, chunk, want, (off_t)(m->offset + done));

		if (n == -1)
			return fault_errno(f, errno, "archive");
		if (n == 0)
			return fault(f, FAULT_FORMAT, "the archive is cut off");
		done += (uint64_t)n;
		rc = take(ctx, chunk, (size_t)n, f);
	}
	return rc;
}

static int
append(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct buf *out = ctx;

	buf_put(out, p, len);
	return buf_done(out, "a file of the archive", f);
}

static int
archive_manifest(
    void *self, const char *reference, struct buf *out, struct fault *f)
{
	struct archive *a = self;

	if (reference != NULL)
		return archive_blob(a, reference, append, out, f);
	if (find(a, "index.json") == NULL)
		return archive_blob(a, "manifest.json", append, out, f);
	BUF_AUTO(index, MANIFEST_MAX);
	if (archive_blob(a, "index.json", append, &index, f) == -1)
		return -1;
	return layout_index(&index, a->name, out, f);
}

/* Its files are gone to by place, which a packed file does not allow. */
static int
not_packed(const struct archive *a, const char *path, struct fault *f)
{
	char magic[4] = "";

	if (pread(a->fd, magic, sizeof(magic), 0) == (ssize_t)sizeof(magic) &&
	    (memcmp(magic, "\x1f\x8b", 2) == 0 ||
		memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0))
		return fault(f, FAULT_FORMAT,
		    "%.300s: the archive is compressed; unpack it first "
		    "(gzip -d, zstd -d)",
		    path);
	return 0;
}

int
archive_open(struct image_source *out, const char *path, const char *name,
    bool *oci, struct fault *f)
{
	struct archive *a = calloc(1, sizeof(*a));
	struct stat st;

	if (a == NULL)
		return fault_memory(f);
	a->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (a->fd == -1 || fstat(a->fd, &st) == -1) {
		(void)fault_errno(f, errno, path);
		archive_free(a);
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		archive_free(a);
		return fault(
		    f, FAULT_FORMAT, "%.300s: not a regular file", path);
	}
	if (name != NULL && (a->name = strdup(name)) == NULL) {
		archive_free(a);
		return fault_memory(f);
	}
	if (not_packed(a, path, f) == -1 || list(a, f) == -1) {
		archive_free(a);
		return -1;
	}
	*oci = find(a, "index.json") != NULL;
	*out = (struct image_source){ archive_manifest, archive_blob,
		archive_free, a };
	return 0;
}
