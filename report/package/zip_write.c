/* Writing a ZIP. See zip.h. */
#include "report/package/zip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "report/package/zip_format.h"

#define LEVEL 4 /* a store: 6 takes twice as long, for 4 % */
#define DIRECTORY_MAX ((size_t)ZIP_ENTRIES_MAX * (CENTRAL_LEN + ZIP_NAME_MAX))

struct zip_writer {
	int fd;
	const char *name;
	uint64_t at; /* bytes written */
	size_t n;
	struct buf directory;
};

struct packing {
	struct zip_writer *w;
	uint32_t crc;
	uint64_t packed, size;
	bool deflated;
	z_stream z;
};

struct zip_writer *
zip_writer_new(int fd, const char *name, struct fault *f)
{
	struct zip_writer *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	w->fd = fd;
	w->name = name;
	w->directory.max = DIRECTORY_MAX;
	return w;
}

void
zip_writer_free(struct zip_writer *w)
{
	if (w == NULL)
		return;
	buf_free(&w->directory);
	free(w);
}

static int
put(struct zip_writer *w, const void *p, size_t len, struct fault *f)
{
	const char *s = p;

	while (len > 0) {
		ssize_t n = write(w->fd, s, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fault_errno(f, errno, w->name);
		s += n;
		len -= (size_t)n;
		w->at += (uint64_t)n;
	}
	return w->at > ZIP_FILE_MAX
		   ? fault(f, FAULT_LIMIT, "%s: over 4 GiB", w->name)
		   : 0;
}

/* Pack one piece; with last, what zlib still holds too. */
static int
pack(struct packing *k, const void *p, size_t len, bool last, struct fault *f)
{
	uint8_t out[ZIP_CHUNK];
	union {
		const void *in;
		Bytef *out;
	} next = { .in = p };

	k->crc = (uint32_t)crc32_z(k->crc, p, len);
	k->size += len;
	if (!k->deflated) {
		k->packed += len;
		return put(k->w, p, len, f);
	}
	k->z.next_in = next.out;
	k->z.avail_in = (uInt)len;
	do {
		size_t n;

		k->z.next_out = out;
		k->z.avail_out = sizeof(out);
		if (deflate(&k->z, last ? Z_FINISH : Z_NO_FLUSH) ==
		    Z_STREAM_ERROR)
			return fault(f, FAULT_IO, "zlib: deflate");
		n = sizeof(out) - k->z.avail_out;
		k->packed += n;
		if (put(k->w, out, n, f) == -1)
			return -1;
	} while (k->z.avail_out == 0);
	return 0;
}

/* The local header again, now that its numbers are known. */
static int
finish(struct packing *k, const char *entry, uint64_t at, struct fault *f)
{
	struct zip_writer *w = k->w;
	uint8_t local[LOCAL_LEN], central[CENTRAL_LEN] = { 0 };
	unsigned len = (unsigned)strlen(entry);

	if (k->size > ZIP_FILE_MAX)
		return fault(f, FAULT_LIMIT,
		    "%s: %s is over 4 GiB, which a package cannot hold",
		    w->name, entry);
	put32(local, LOCAL_SIGNATURE);
	put_common(local + 4, k->deflated ? METHOD_DEFLATED : METHOD_STORED,
	    k->crc, (uint32_t)k->packed, (uint32_t)k->size, len);
	if (pwrite(w->fd, local, sizeof(local), (off_t)at) !=
	    (ssize_t)sizeof(local))
		return fault_errno(f, errno, w->name);
	put32(central, CENTRAL_SIGNATURE);
	put16(central + 4, VERSION_NEEDED);
	memcpy(central + 6, local + 4, COMMON_LEN);
	put32(central + 42, (uint32_t)at);
	buf_put(&w->directory, central, sizeof(central));
	buf_put(&w->directory, entry, len);
	w->n++;
	return buf_done(&w->directory, w->name, f);
}

static int
begin(struct packing *k, const char *entry, struct fault *f)
{
	static const uint8_t empty[LOCAL_LEN] = { 0 };
	const char *why = zip_name_refused(entry, strlen(entry));

	if (why != NULL)
		return fault(f, FAULT_USAGE, "%s: entry '%s': %s", k->w->name,
		    entry, why);
	if (k->w->n >= ZIP_ENTRIES_MAX)
		return fault(f, FAULT_LIMIT, "%s: over %d entries", k->w->name,
		    ZIP_ENTRIES_MAX);
	/* the level and these window and memory sizes are part of the format:
	 * others give other bytes. -15: no zlib header */
	if (k->deflated && deflateInit2(&k->z, LEVEL, Z_DEFLATED, -15, 8,
			       Z_DEFAULT_STRATEGY) != Z_OK)
		return fault_memory(f);
	if (put(k->w, empty, sizeof(empty), f) == 0 &&
	    put(k->w, entry, strlen(entry), f) == 0)
		return 0;
	if (k->deflated)
		(void)deflateEnd(&k->z);
	return -1;
}

/* One attempt at an entry; what zlib held is freed. */
static int
end(struct packing *k, const char *entry, uint64_t at, int rc, struct fault *f)
{
	if (rc == 0)
		rc = pack(k, "", 0, true, f);
	if (k->deflated)
		(void)deflateEnd(&k->z);
	return rc == 0 ? finish(k, entry, at, f) : -1;
}

int
zip_add(struct zip_writer *w, const char *entry, const void *p, size_t len,
    bool store, struct fault *f)
{
	struct packing k = { .w = w, .deflated = !store };
	uint64_t at = w->at;
	int rc = 0;

	if (begin(&k, entry, f) == -1)
		return -1;
	for (size_t i = 0; rc == 0 && i < len; i += ZIP_CHUNK)
		rc = pack(&k, (const char *)p + i,
		    len - i < ZIP_CHUNK ? len - i : ZIP_CHUNK, false, f);
	return end(&k, entry, at, rc, f);
}

static int
add_fd(struct zip_writer *w, const char *entry, int fd, bool store,
    uint64_t ratio[2], struct fault *f)
{
	struct packing k = { .w = w, .deflated = !store };
	uint64_t at = w->at;
	char chunk[ZIP_CHUNK];
	ssize_t n;
	int rc;

	if (begin(&k, entry, f) == -1)
		return -1;
	for (rc = 0; rc == 0 && (n = read(fd, chunk, sizeof(chunk))) != 0;) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			rc = fault_errno(f, errno, entry);
		else
			rc = pack(&k, chunk, (size_t)n, false, f);
	}
	rc = end(&k, entry, at, rc, f);
	ratio[0] = k.packed;
	ratio[1] = k.size;
	return rc;
}

/* What packs so well that a reader would take it for a bomb is stored. */
int
zip_add_fd(struct zip_writer *w, const char *entry, int fd, bool store,
    struct fault *f)
{
	uint64_t at = w->at, ratio[2];
	size_t used = w->directory.len;

	if (add_fd(w, entry, fd, store, ratio, f) == -1)
		return -1;
	if (store || ratio[1] <= ZIP_RATIO_FROM ||
	    ratio[1] / (ratio[0] + 1) < ZIP_RATIO_MAX / 2)
		return 0;
	if (lseek(fd, 0, SEEK_SET) == -1 ||
	    lseek(w->fd, (off_t)at, SEEK_SET) == -1 ||
	    ftruncate(w->fd, (off_t)at) == -1)
		return fault_errno(f, errno, entry);
	w->at = at;
	w->directory.len = used;
	w->n--;
	return add_fd(w, entry, fd, true, ratio, f);
}

int
zip_end(struct zip_writer *w, struct fault *f)
{
	uint8_t p[END_LEN] = { 0 };
	uint64_t at = w->at;

	put32(p, END_SIGNATURE);
	put16(p + 8, (unsigned)w->n);
	put16(p + 10, (unsigned)w->n);
	put32(p + 12, (uint32_t)w->directory.len);
	put32(p + 16, (uint32_t)at);
	if (put(w, w->directory.p, w->directory.len, f) == -1)
		return -1;
	return put(w, p, sizeof(p), f);
}
