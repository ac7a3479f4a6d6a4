/* Sealing, packing and unpacking. See package.h. */
#include "report/package/package.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"

#define SUMS "SHA256SUMS"

void
package_name(char out[64], const char *name, int n, const char *extension)
{
	(void)snprintf(out, 64, "META-INF/%s%03d.%s", name, n, extension);
}

int
package_seal(
    const char *folder, struct crypto *c, struct buf *manifest, struct fault *f)
{
	struct listing l = { 0 };
	int rc;
	BUF_AUTO(sums, MANIFEST_MAX);

	rc = folder_put(folder, "mimetype", PACKAGE_MIMETYPE,
	    sizeof(PACKAGE_MIMETYPE) - 1, f);
	if (rc == 0)
		rc = listing_of(&l, folder, c, f);
	if (rc == 0) {
		sums_write(&l, &sums);
		rc = buf_done(&sums, SUMS, f);
	}
	if (rc == 0)
		rc = folder_put(folder, SUMS, sums.p, sums.len, f);
	if (rc == 0)
		rc = listing_add(&l, folder, SUMS, c, f);
	if (rc == 0) {
		manifest_write(
		    &l, PACKAGE_SIGNATURE, PACKAGE_SIGNATURE_TYPE, manifest);
		rc = buf_done(manifest, PACKAGE_MANIFEST, f);
	}
	if (rc == 0)
		rc = folder_put(
		    folder, PACKAGE_MANIFEST, manifest->p, manifest->len, f);
	listing_free(&l);
	return rc;
}

int
package_stamped(
    const char *folder, struct crypto *c, struct buf *out, struct fault *f)
{
	struct listing l;
	int rc = listing_of(&l, folder, c, f);

	if (rc == 0)
		rc = listing_add(&l, folder, PACKAGE_MANIFEST, c, f);
	if (rc == 0)
		rc = listing_add(&l, folder, PACKAGE_SIGNATURE, c, f);
	if (rc == 0) {
		manifest_write(&l, PACKAGE_STAMP, PACKAGE_STAMP_TYPE, out);
		rc = buf_done(out, PACKAGE_STAMPED, f);
	}
	listing_free(&l);
	return rc;
}

/* ----------------------------------------------------------------- packing */

struct names {
	char (*list)[ZIP_NAME_MAX + 1];
	size_t n, cap;
};

static int
keep_name(void *ctx, const char *name, struct fault *f)
{
	struct names *k = ctx;

	if (strlen(name) > ZIP_NAME_MAX || k->n >= ZIP_ENTRIES_MAX)
		return fault(
		    f, FAULT_LIMIT, "%s: one name too many or too long", name);
	if (k->n == k->cap) {
		size_t cap = k->cap == 0 ? 64 : 2 * k->cap;
		void *p = realloc(k->list, cap * sizeof(*k->list));

		if (p == NULL)
			return fault_memory(f);
		k->list = p;
		k->cap = cap;
	}
	(void)snprintf(k->list[k->n++], ZIP_NAME_MAX + 1, "%s", name);
	return 0;
}

/* mimetype first, the rest in byte order. */
static int
compare(const void *a, const void *b)
{
	int x = strcmp(a, "mimetype") != 0, y = strcmp(b, "mimetype") != 0;

	return x != y ? x - y : strcmp(a, b);
}

static int
pack_names(const char *folder, const struct names *k, struct zip_writer *w,
    struct fault *f)
{
	for (size_t i = 0; i < k->n; i++) {
		int fd = folder_open(folder, k->list[i], f), rc;

		if (fd == -1)
			return -1;
		rc = zip_add_fd(
		    w, k->list[i], fd, strcmp(k->list[i], "mimetype") == 0, f);
		(void)close(fd);
		if (rc == -1)
			return -1;
	}
	return zip_end(w, f);
}

static int
pack_fd(const char *folder, int fd, const char *path, struct fault *f)
{
	struct zip_writer *w = zip_writer_new(fd, path, f);
	struct names k = { 0 };
	int rc = w == NULL ? -1 : folder_each(folder, keep_name, &k, f);

	if (rc == 0) {
		if (k.n > 1)
			qsort(k.list, k.n, sizeof(*k.list), compare);
		rc = pack_names(folder, &k, w, f);
	}
	free(k.list);
	zip_writer_free(w);
	if (rc == 0 && (fchmod(fd, 0644) == -1 || fsync(fd) == -1))
		rc = fault_errno(f, errno, path);
	return rc;
}

int
package_pack(const char *folder, const char *path, struct fault *f)
{
	char tmp[FOLDER_PATH_MAX];
	int n = snprintf(tmp, sizeof(tmp), "%s.XXXXXX", path), fd, rc;

	if (n < 0 || (size_t)n >= sizeof(tmp))
		return fault(f, FAULT_USAGE, "%s: name too long", path);
	if ((fd = mkostemp(tmp, O_CLOEXEC)) == -1)
		return fault_errno(f, errno, path);
	rc = pack_fd(folder, fd, path, f);
	if (close(fd) == -1 && rc == 0)
		rc = fault_errno(f, errno, path);
	if (rc == 0 && rename(tmp, path) == -1)
		rc = fault_errno(f, errno, path);
	if (rc == -1)
		(void)unlink(tmp);
	return rc;
}

/* --------------------------------------------------------------- unpacking */

static int
put_fd(void *ctx, const void *p, size_t len, struct fault *f)
{
	const int *fd = ctx;
	const char *s = p;

	while (len > 0) {
		ssize_t n = write(*fd, s, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fault_errno(f, errno, "unpacking");
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

int
package_unpack(struct zip *z, const char *folder, struct fault *f)
{
	for (size_t i = 0; i < zip_count(z); i++) {
		const struct zip_entry *e = zip_entry(z, i);
		int fd = folder_create(folder, e->name, f), rc;

		if (fd == -1)
			return -1;
		rc = zip_read(z, e, put_fd, &fd, f);
		if (close(fd) == -1 && rc == 0)
			rc = fault_errno(f, errno, e->name);
		if (rc == -1)
			return -1;
	}
	return 0;
}

/* ---------------------------------------------------------------- checking */

struct checking {
	const char *folder;
	struct crypto *crypto;
	void (*problem)(void *ctx, const char *where, const char *what);
	void *ctx;
};

/* Each file is listed with its digest, and each listed one is there. */
static void
compare_listings(const struct checking *k, const struct listing *signed_,
    const struct listing *files)
{
	for (size_t i = 0; i < files->n; i++) {
		const struct listed *e =
		    listing_find(signed_, files->list[i].name);

		if (e == NULL)
			k->problem(k->ctx, files->list[i].name,
			    "is in the package, but not in the manifest");
		else if (memcmp(e->sha384, files->list[i].sha384, SHA384_LEN) !=
			 0)
			k->problem(k->ctx, e->name,
			    "has another SHA-384 than the manifest says");
	}
	for (size_t i = 0; i < signed_->n; i++)
		if (listing_find(files, signed_->list[i].name) == NULL)
			k->problem(k->ctx, signed_->list[i].name,
			    "is in the manifest, but not in the package");
}

/* The line at which two texts part. */
static void
first_line(const struct buf *want, const struct buf *have, char out[256])
{
	size_t from = 0, i = 0, len;

	for (; i < want->len && i < have->len && want->p[i] == have->p[i]; i++)
		if (want->p[i] == '\n')
			from = i + 1;
	len = strcspn(have->len > from ? have->p + from : "(its end)", "\n");
	(void)snprintf(out, 256, "differs from the files' own sums at '%.*s'",
	    (int)(len < 180 ? len : 180),
	    have->len > from ? have->p + from : "(its end)");
}

static int
check_sums(
    const struct checking *k, const struct listing *files, struct fault *f)
{
	char what[256];
	BUF_AUTO(want, MANIFEST_MAX);
	BUF_AUTO(have, MANIFEST_MAX);

	sums_write(files, &want);
	if (buf_done(&want, SUMS, f) == -1 ||
	    folder_get(k->folder, SUMS, &have, f) == -1)
		return -1;
	if (want.len == have.len && memcmp(want.p, have.p, have.len) == 0)
		return 0;
	first_line(&want, &have, what);
	k->problem(k->ctx, SUMS, what);
	return 0;
}

static int
check_manifest(
    const struct checking *k, const struct listing *files, struct fault *f)
{
	struct listing signed_;
	struct fault why = { 0 };
	BUF_AUTO(have, MANIFEST_MAX);
	BUF_AUTO(want, MANIFEST_MAX);

	if (folder_get(k->folder, PACKAGE_MANIFEST, &have, f) == -1)
		return -1;
	if (manifest_read(
		have.p != NULL ? have.p : "", have.len, &signed_, &why) == 0)
		compare_listings(k, &signed_, files);
	else
		k->problem(k->ctx, PACKAGE_MANIFEST, why.text);
	listing_free(&signed_);
	if (why.kind != FAULT_NONE)
		return 0;
	/* the same files, told with other words */
	manifest_write(files, PACKAGE_SIGNATURE, PACKAGE_SIGNATURE_TYPE, &want);
	if (buf_done(&want, PACKAGE_MANIFEST, f) == -1)
		return -1;
	if (want.len != have.len || memcmp(want.p, have.p, want.len) != 0)
		k->problem(k->ctx, PACKAGE_MANIFEST,
		    "is not the manifest of these files");
	return 0;
}

int
package_check_files(const char *folder, struct crypto *c,
    void (*problem)(void *ctx, const char *where, const char *what), void *ctx,
    struct listing *files, struct fault *f)
{
	const struct checking k = { folder, c, problem, ctx };

	if (listing_of(files, folder, c, f) == -1 ||
	    check_manifest(&k, files, f) == -1)
		return -1;
	if (listing_find(files, SUMS) == NULL)
		return 0; /* told above, as missing */
	return check_sums(&k, files, f);
}
