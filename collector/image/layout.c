/* An OCI image layout in a folder; see image_source.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "collector/image/image_source.h"
#include "collector/image/layout_index.h"

#define CHUNK ((size_t)128 * 1024)

struct layout {
	int folder;
	char *name; /* owned, or NULL */
};

bool
digest_text_good(const char *s)
{
	return strncmp(s, "sha256:", 7) == 0 && strlen(s) == 71 &&
	       strspn(s + 7, "0123456789abcdef") == 64;
}

int
digest_text(struct crypto *c, const void *p, size_t len, char out[DIGEST_TEXT],
    struct fault *f)
{
	uint8_t digest[SHA256_LEN];

	if (digest_sha256(c, p, len, digest, f) == -1)
		return -1;
	memcpy(out, "sha256:", 7);
	hex_encode(digest, sizeof(digest), out + 7);
	return 0;
}

static int
open_blob(struct layout *l, const char *digest, struct fault *f)
{
	char path[128];
	int fd;

	if (!digest_text_good(digest))
		return fault(
		    f, FAULT_FORMAT, "'%.80s' is no SHA-256 digest", digest);
	(void)snprintf(path, sizeof(path), "blobs/sha256/%s", digest + 7);
	fd = openat(l->folder, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return fd == -1 ? fault_errno(f, errno, path) : fd;
}

static int
layout_manifest(
    void *self, const char *reference, struct buf *out, struct fault *f)
{
	struct layout *l = self;
	int fd, rc;

	if (reference != NULL) {
		if ((fd = open_blob(l, reference, f)) == -1)
			return -1;
		rc = file_read_fd(fd, "manifest", out, f);
		(void)close(fd);
		return rc;
	}
	BUF_AUTO(index, MANIFEST_MAX);
	fd = openat(l->folder, "index.json", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		return fault_errno(f, errno, "index.json");
	rc = file_read_fd(fd, "index.json", &index, f);
	(void)close(fd);
	return rc == -1 ? -1 : layout_index(&index, l->name, out, f);
}

static int
layout_blob(
    void *self, const char *name, blob_take *take, void *ctx, struct fault *f)
{
	char chunk[CHUNK];
	int fd = open_blob(self, name, f), rc = 0;
	ssize_t n = 0;

	if (fd == -1)
		return -1;
	while (rc == 0 && (n = read(fd, chunk, sizeof(chunk))) > 0)
		rc = take(ctx, chunk, (size_t)n, f);
	if (rc == 0 && n == -1)
		rc = fault_errno(f, errno, "blob");
	(void)close(fd);
	return rc;
}

static void
layout_free(void *self)
{
	struct layout *l = self;

	if (l->folder != -1)
		(void)close(l->folder);
	free(l->name);
	free(l);
}

int
layout_open(struct image_source *out, const char *path, const char *name,
    struct fault *f)
{
	struct layout *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return fault_memory(f);
	l->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l->folder == -1) {
		(void)fault_errno(f, errno, path);
		free(l);
		return -1;
	}
	if (name != NULL && (l->name = strdup(name)) == NULL) {
		layout_free(l);
		return fault_memory(f);
	}
	*out = (struct image_source){ layout_manifest, layout_blob, layout_free,
		l };
	/* cppcheck-suppress memleak ; out owns it */
	return 0;
}
