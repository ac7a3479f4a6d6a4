/* Reading a ZIP that may be hostile. See zip.h. */
#include "report/package/zip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <zlib.h>

#include "report/package/zip_format.h"

struct zip {
	int fd;
	const char *name;
	struct zip_entry *entries; /* in the order of the file */
	const struct zip_entry **by_name;
	size_t n;
};

static const char *
part_refused(const char *p, size_t len)
{
	if (len == 0)
		return "a part of the name is empty";
	if (p[0] == '.' && (len == 1 || (len == 2 && p[1] == '.')))
		return "the name leads out of its folder";
	return NULL;
}

const char *
zip_name_refused(const char *name, size_t len)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t from = 0;
	const char *why;

	if (len == 0 || len > ZIP_NAME_MAX)
		return "the name is empty or too long";
	if (name[0] == '/')
		return "the name is absolute";
	for (size_t i = 0; i <= len; i++) {
		if (i < len && name[i] != '/') {
			if (name[i] == '\0' || strchr(allowed, name[i]) == NULL)
				return "the name has a character other than "
				       "A-Z a-z 0-9 . _ - /";
			continue;
		}
		if ((why = part_refused(name + from, i - from)) != NULL)
			return why;
		from = i + 1;
	}
	return NULL;
}

static int
wrong(const struct zip *z, const char *entry, struct fault *f, const char *why)
{
	return entry == NULL ? fault(f, FAULT_INTEGRITY, "%s: %s", z->name, why)
			     : fault(f, FAULT_INTEGRITY, "%s: entry %s: %s",
				   z->name, entry, why);
}

static int
read_at(const struct zip *z, void *p, size_t len, uint64_t at, struct fault *f)
{
	char *s = p;

	while (len > 0) {
		ssize_t n = pread(z->fd, s, len, (off_t)at);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fault_errno(f, errno, z->name);
		if (n == 0)
			return fault(
			    f, FAULT_FORMAT, "%s: is cut off", z->name);
		s += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

struct directory {
	uint64_t at, len; /* of the central directory */
	size_t n;
};

/* The last 22 bytes are the end record, or it is no package. */
static int
read_end(struct zip *z, struct directory *d, struct fault *f)
{
	off_t size = lseek(z->fd, 0, SEEK_END);
	uint8_t p[END_LEN];

	if (size == -1)
		return fault_errno(f, errno, z->name);
	if (size < END_LEN)
		return fault(f, FAULT_FORMAT, "%s: not a ZIP file", z->name);
	if (read_at(z, p, sizeof(p), (uint64_t)size - END_LEN, f) == -1)
		return -1;
	if (get32(p) != END_SIGNATURE || get16(p + 20) != 0)
		return fault(f, FAULT_FORMAT,
		    "%s: does not end as a ZIP does: cut off, or with a "
		    "comment or other bytes behind it",
		    z->name);
	if (get16(p + 4) != 0 || get16(p + 6) != 0 ||
	    get16(p + 8) != get16(p + 10))
		return wrong(z, NULL, f, "is in several parts");
	d->n = get16(p + 10);
	d->len = get32(p + 12);
	d->at = get32(p + 16);
	if (d->n == 0 || d->n > ZIP_ENTRIES_MAX)
		return fault(f, FAULT_LIMIT, "%s: %zu entries; 1 to %d may be",
		    z->name, d->n, ZIP_ENTRIES_MAX);
	if (d->at + d->len != (uint64_t)size - END_LEN)
		return wrong(z, NULL, f,
		    "there are bytes before the first entry, or between the "
		    "directory and its end");
	if (d->len > d->n * (CENTRAL_LEN + (uint64_t)ZIP_NAME_MAX))
		return wrong(z, NULL, f, "the directory is too long");
	return 0;
}

/* What must hold of an entry by itself. */
static int
check_entry(
    struct zip *z, const uint8_t *c, const struct zip_entry *e, struct fault *f)
{
	const uint8_t *common = c + 6;

	if (get16(common + 2) & 1)
		return wrong(z, e->name, f, "is encrypted");
	if (get16(common + 2) & 8)
		return wrong(z, e->name, f, "has a data descriptor");
	if (get16(common + 2) != 0)
		return wrong(z, e->name, f, "has flags set");
	if (e->method != METHOD_STORED && e->method != METHOD_DEFLATED)
		return wrong(z, e->name, f, "is neither stored nor deflated");
	if (get16(common + 24) != 0 || get16(c + 32) != 0)
		return wrong(z, e->name, f, "has an extra field or a comment");
	if (get16(c + 34) != 0)
		return wrong(z, e->name, f, "is in another part");
	if (get16(c + 36) != 0 || get32(c + 38) != 0)
		return wrong(z, e->name, f, "has attributes of a file system");
	if (e->method == METHOD_STORED && e->packed != e->size)
		return wrong(z, e->name, f, "is stored, with two sizes");
	if (e->size > ZIP_RATIO_FROM &&
	    e->size / ((uint64_t)e->packed + 1) > ZIP_RATIO_MAX)
		return fault(f, FAULT_LIMIT,
		    "%s: entry %s: unpacks to over %d times its size", z->name,
		    e->name, ZIP_RATIO_MAX);
	return 0;
}

/* The local header stands where the one before ended, and says the same. */
static int
check_local(struct zip *z, const uint8_t *c, const struct zip_entry *e,
    uint64_t *at, uint64_t end, struct fault *f)
{
	size_t len = strlen(e->name);
	uint8_t p[LOCAL_LEN + ZIP_NAME_MAX];

	if (e->at != *at)
		return wrong(z, e->name, f,
		    "does not begin where the one before it ends");
	if (*at + LOCAL_LEN + len + e->packed > end)
		return wrong(z, e->name, f, "reaches into the directory");
	if (read_at(z, p, LOCAL_LEN + len, *at, f) == -1)
		return -1;
	if (get32(p) != LOCAL_SIGNATURE ||
	    memcmp(p + 4, c + 6, COMMON_LEN) != 0 ||
	    memcmp(p + LOCAL_LEN, e->name, len) != 0)
		return wrong(z, e->name, f,
		    "local header and directory say different things");
	*at += LOCAL_LEN + len + e->packed;
	return 0;
}

/* One record of the directory; its length goes to used. */
static int
read_entry(struct zip *z, const uint8_t *c, size_t left, size_t *used,
    struct zip_entry *e, struct fault *f)
{
	const char *why, *name = (const char *)c + CENTRAL_LEN;
	size_t len;

	if (left < CENTRAL_LEN || get32(c) != CENTRAL_SIGNATURE ||
	    (len = get16(c + 28)) > left - CENTRAL_LEN)
		return wrong(z, NULL, f, "the directory is damaged");
	if ((why = zip_name_refused(name, len)) != NULL)
		return fault(f, FAULT_INTEGRITY, "%s: entry '%.*s': %s",
		    z->name, (int)(len < 100 ? len : 100), name, why);
	memcpy(e->name, name, len);
	e->method = (uint16_t)get16(c + 10);
	e->crc = get32(c + 16);
	e->packed = get32(c + 20);
	e->size = get32(c + 24);
	e->at = get32(c + 42);
	*used = CENTRAL_LEN + len;
	return check_entry(z, c, e, f);
}

static int
read_directory(struct zip *z, const struct directory *d, struct fault *f)
{
	BUF_AUTO(b, (size_t)d->len);
	uint64_t at = 0, all = 0;
	size_t used = 0, n = 0;
	char *p = buf_reserve(&b, (size_t)d->len);

	if (p == NULL)
		return buf_done(&b, z->name, f);
	if (read_at(z, p, (size_t)d->len, d->at, f) == -1)
		return -1;
	for (; z->n < d->n; z->n++, used += n) {
		const uint8_t *c = (const uint8_t *)p + used;
		struct zip_entry *e = &z->entries[z->n];

		if (read_entry(z, c, (size_t)d->len - used, &n, e, f) == -1 ||
		    check_local(z, c, e, &at, d->at, f) == -1)
			return -1;
		all += e->size;
	}
	if (used != d->len || at != d->at)
		return wrong(z, NULL, f, "there are bytes of no entry in it");
	if (all > ZIP_UNPACKED_MAX)
		return fault(f, FAULT_LIMIT, "%s: unpacks to over %llu bytes",
		    z->name, ZIP_UNPACKED_MAX);
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct zip_entry *const *x = a, *const *y = b;

	return strcasecmp((*x)->name, (*y)->name);
}

/* Names that differ in case alone are one file on some systems. */
static int
sort_names(struct zip *z, struct fault *f)
{
	for (size_t i = 0; i < z->n; i++)
		z->by_name[i] = &z->entries[i];
	qsort(z->by_name, z->n, sizeof(struct zip_entry *), compare);
	for (size_t i = 1; i < z->n; i++)
		if (compare(&z->by_name[i - 1], &z->by_name[i]) == 0)
			return wrong(z, z->by_name[i]->name, f,
			    "is there twice, or but for upper case");
	return 0;
}

struct zip *
zip_open(int fd, const char *name, struct fault *f)
{
	struct zip *z = calloc(1, sizeof(*z));
	struct directory d = { 0 };

	if (z == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	z->fd = fd;
	z->name = name;
	if (read_end(z, &d, f) == -1)
		goto refuse;
	z->entries = calloc(d.n, sizeof(*z->entries));
	z->by_name = calloc(d.n, sizeof(struct zip_entry *));
	if (z->entries == NULL || z->by_name == NULL) {
		(void)fault_memory(f);
		goto refuse;
	}
	if (read_directory(z, &d, f) == 0 && sort_names(z, f) == 0)
		return z;
refuse:
	zip_free(z);
	return NULL;
}

void
zip_free(struct zip *z)
{
	if (z == NULL)
		return;
	free(z->entries);
	free(z->by_name);
	free(z);
}

size_t
zip_count(const struct zip *z)
{
	return z->n;
}

const struct zip_entry *
zip_entry(const struct zip *z, size_t i)
{
	return &z->entries[i];
}

const struct zip_entry *
zip_find(const struct zip *z, const char *name)
{
	for (size_t i = 0; i < z->n; i++)
		if (strcmp(z->entries[i].name, name) == 0)
			return &z->entries[i];
	return NULL;
}

struct unpacking {
	struct zip *z;
	const struct zip_entry *e;
	int (*put)(void *ctx, const void *p, size_t len, struct fault *);
	void *ctx;
	uint32_t crc;
	uint64_t size; /* given so far */
};

static int
give(struct unpacking *u, const void *p, size_t len, struct fault *f)
{
	if (len > u->e->size - u->size)
		return wrong(u->z, u->e->name, f, "is longer than it states");
	u->size += len;
	u->crc = (uint32_t)crc32_z(u->crc, p, len);
	return len > 0 ? u->put(u->ctx, p, len, f) : 0;
}

/* Unpack n bytes; *ended once the deflated data is complete. */
static int
unpack(struct unpacking *u, z_stream *s, uint8_t *p, size_t n, bool *ended,
    struct fault *f)
{
	uint8_t out[ZIP_CHUNK];
	int rc;

	s->next_in = p;
	s->avail_in = (uInt)n;
	do {
		if (*ended)
			return wrong(u->z, u->e->name, f,
			    "has bytes behind its deflated data");
		s->next_out = out;
		s->avail_out = sizeof(out);
		rc = inflate(s, Z_NO_FLUSH);
		if (rc == Z_MEM_ERROR)
			return fault_memory(f);
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			return wrong(u->z, u->e->name, f,
			    "its deflated data is damaged");
		*ended = rc == Z_STREAM_END;
		if (give(u, out, sizeof(out) - s->avail_out, f) == -1)
			return -1;
	} while (s->avail_in > 0 || (s->avail_out == 0 && !*ended));
	return 0;
}

static int
read_packed(struct unpacking *u, z_stream *s, struct fault *f)
{
	bool deflated = u->e->method == METHOD_DEFLATED, ended = !deflated;
	uint64_t at = u->e->at + LOCAL_LEN + strlen(u->e->name);
	uint64_t end = at + u->e->packed;
	uint8_t chunk[ZIP_CHUNK];
	int rc = 0;

	while (rc == 0 && at < end) {
		size_t n = end - at < sizeof(chunk) ? (size_t)(end - at)
						    : sizeof(chunk);

		if (read_at(u->z, chunk, n, at, f) == -1)
			return -1;
		at += n;
		rc = deflated ? unpack(u, s, chunk, n, &ended, f)
			      : give(u, chunk, n, f);
	}
	if (rc == 0 && (!ended || u->size != u->e->size))
		return wrong(u->z, u->e->name, f, "is shorter than it states");
	if (rc == 0 && u->crc != u->e->crc)
		return wrong(
		    u->z, u->e->name, f, "its CRC-32 is not that of its bytes");
	return rc;
}

int
zip_read(struct zip *z, const struct zip_entry *e,
    int (*put)(void *ctx, const void *p, size_t len, struct fault *), void *ctx,
    struct fault *f)
{
	struct unpacking u = { .z = z, .e = e, .put = put, .ctx = ctx };
	z_stream s = { 0 };
	int rc;

	if (e->method == METHOD_DEFLATED && inflateInit2(&s, -15) != Z_OK)
		return fault_memory(f);
	rc = read_packed(&u, &s, f);
	if (e->method == METHOD_DEFLATED)
		(void)inflateEnd(&s);
	return rc;
}

static int
put_buf(void *ctx, const void *p, size_t len, struct fault *f)
{
	struct buf *b = ctx;

	buf_put(b, p, len);
	return buf_done(b, "a file of the package", f);
}

int
zip_read_buf(
    struct zip *z, const struct zip_entry *e, struct buf *b, struct fault *f)
{
	return zip_read(z, e, put_buf, b, f);
}
