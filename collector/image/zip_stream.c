/* See zip_stream.h. */
#include "collector/image/zip_stream.h"

#include <string.h>

#define LOCAL "PK\3\4"
#define FLAG_ENCRYPTED 1U
#define FLAG_TRAILER 8U /* sizes stand behind the data */
#define STORED 0
#define DEFLATED 8

static uint32_t
little(const char *p, size_t bytes)
{
	uint32_t v = 0;

	for (size_t i = bytes; i > 0; i--)
		v = v << 8 | (uint8_t)p[i - 1];
	return v;
}

void
zip_stream_init(struct zip_stream *z, const struct zip_sink *sink)
{
	z->sink = sink;
	z->state = ZIP_HEADER;
	z->filled = 0;
	if (!z->z_open) {
		memset(&z->z, 0, sizeof(z->z));
		z->z_open = inflateInit2(&z->z, -MAX_WBITS) == Z_OK;
	}
}

void
zip_stream_free(struct zip_stream *z)
{
	if (z->z_open)
		(void)inflateEnd(&z->z);
	z->z_open = false;
}

/* Take up to n bytes in all into to; true: they are there. */
static bool
gather(struct zip_stream *z, char *to, size_t n, const char **p, size_t *len)
{
	size_t want = n - z->filled, take = want < *len ? want : *len;

	memcpy(to + z->filled, *p, take);
	z->filled += take;
	*p += take;
	*len -= take;
	return z->filled == n;
}

static int
read_header(struct zip_stream *z, struct fault *f)
{
	const char *h = z->head;

	z->flags = little(h + 6, 2);
	z->method = little(h + 8, 2);
	z->left = little(h + 18, 4);
	z->name_len = little(h + 26, 2);
	z->extra = little(h + 28, 2);
	if ((z->flags & FLAG_ENCRYPTED) != 0)
		return fault(f, FAULT_FORMAT, "a member of it is encrypted");
	if (z->left == UINT32_MAX || little(h + 22, 4) == UINT32_MAX)
		return fault(f, FAULT_FORMAT, "a member of it is in ZIP64");
	if (z->method != STORED && z->method != DEFLATED)
		return fault(f, FAULT_FORMAT,
		    "a member of it is packed by method %u", z->method);
	if (z->method == STORED && (z->flags & FLAG_TRAILER) != 0 &&
	    z->left == 0 && little(h + 22, 4) != 0)
		return fault(
		    f, FAULT_FORMAT, "the size of a member is not told");
	if (z->name_len == 0 || z->name_len > ZIP_NAME_MAX)
		return fault(f, FAULT_LIMIT,
		    "a member of it has a name of %zu "
		    "bytes",
		    z->name_len);
	if (!z->z_open || inflateReset(&z->z) != Z_OK)
		return fault_memory(f);
	return 0;
}

static int
hand_on(struct zip_stream *z, const char *p, size_t len, struct fault *f)
{
	return z->wanted && len > 0
		   ? z->sink->data(z->sink->ctx, p, len, &z->wanted, f)
		   : 0;
}

static int
finish_member(struct zip_stream *z, struct fault *f)
{
	z->filled = 0;
	z->state = (z->flags & FLAG_TRAILER) != 0 ? ZIP_TRAILER : ZIP_HEADER;
	return z->sink->end(z->sink->ctx, f);
}

/* Does its header say how many packed bytes there are? */
static bool
sized(const struct zip_stream *z)
{
	return (z->flags & FLAG_TRAILER) == 0 || z->left > 0;
}

static int
skip_or_store(
    struct zip_stream *z, const char **p, size_t *len, struct fault *f)
{
	size_t n = *len < z->left ? *len : (size_t)z->left;

	if (z->method == STORED && hand_on(z, *p, n, f) == -1)
		return -1;
	*p += n;
	*len -= n;
	z->left -= n;
	return z->left == 0 ? finish_member(z, f) : 0;
}

static int
inflate_some(struct zip_stream *z, const char **p, size_t *len, struct fault *f)
{
	bool known = sized(z);
	size_t in = known && z->left < *len ? (size_t)z->left : *len;
	int rc = Z_OK;

	z->z.next_in = (Bytef *)(uintptr_t)*p;
	z->z.avail_in = (uInt)in;
	while (rc == Z_OK && (z->z.avail_in > 0 || z->z.avail_out == 0)) {
		z->z.next_out = (Bytef *)z->chunk;
		z->z.avail_out = (uInt)ZIP_CHUNK;
		rc = inflate(&z->z, Z_NO_FLUSH);
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			return fault(f, FAULT_FORMAT,
			    "a member of it cannot be unpacked");
		if (hand_on(z, z->chunk, ZIP_CHUNK - z->z.avail_out, f) == -1)
			return -1;
		if (known && !z->wanted)
			break; /* the rest is stepped over */
	}
	z->z.avail_out = 1;
	if (known && !z->wanted && rc != Z_STREAM_END)
		return skip_or_store(z, p, len, f);
	in -= z->z.avail_in;
	*p += in;
	*len -= in;
	if (known)
		z->left -= in;
	if (rc == Z_STREAM_END && known && z->left > 0)
		return fault(f, FAULT_FORMAT, "a member of it ends too early");
	if (rc != Z_STREAM_END && known && z->left == 0)
		return fault(f, FAULT_FORMAT, "a member of it is cut off");
	return rc == Z_STREAM_END ? finish_member(z, f) : 0;
}

static int
begin_member(struct zip_stream *z, struct fault *f)
{
	z->name[z->name_len] = '\0';
	z->wanted = true;
	z->state = ZIP_DATA;
	if (z->sink->member(
		z->sink->ctx, z->name, little(z->head + 22, 4), f) == -1)
		return -1;
	return z->left == 0 &&
		       (z->method == STORED || (z->flags & FLAG_TRAILER) == 0)
		   ? finish_member(z, f)
		   : 0;
}

/* Data descriptor (4.3.9): with its signature or without. */
static int
trailer(struct zip_stream *z, const char **p, size_t *len)
{
	if (!gather(z, z->head, 4, p, len) && z->filled < 4)
		return 0;
	z->extra = memcmp(z->head, "PK\7\10", 4) == 0 ? 12 : 8;
	z->filled = 0;
	z->state = ZIP_EXTRA;
	z->name_len = 0; /* no member follows these bytes */
	return 0;
}

/* The directory, its end, or what may stand before it (4.3.11 to 4.3.16). */
static int
after_members(struct zip_stream *z, struct fault *f)
{
	if (memcmp(z->head, "PK\1\2", 4) != 0 &&
	    memcmp(z->head, "PK\5\6", 4) != 0 &&
	    memcmp(z->head, "PK\6\10", 4) != 0)
		return fault(f, FAULT_FORMAT,
		    "something that is no member stands between members");
	z->state = ZIP_DONE;
	return 0;
}

static int
read_step(struct zip_stream *z, const char **p, size_t *len, struct fault *f)
{
	size_t n;

	switch (z->state) {
	case ZIP_HEADER:
		if (z->filled < 4 && gather(z, z->head, 4, p, len) &&
		    memcmp(z->head, LOCAL, 4) != 0)
			return after_members(z, f);
		if (z->filled < 4 || !gather(z, z->head, 30, p, len))
			return 0;
		z->filled = 0;
		z->state = ZIP_NAME;
		return read_header(z, f);
	case ZIP_NAME:
		if (!gather(z, z->name, z->name_len, p, len))
			return 0;
		z->filled = 0;
		z->state = ZIP_EXTRA;
		if (z->extra > 0)
			return 0;
		return begin_member(z, f);
	case ZIP_EXTRA:
		n = *len < z->extra ? *len : z->extra;
		*p += n;
		*len -= n;
		z->extra -= n;
		if (z->extra > 0)
			return 0;
		if (z->name_len > 0)
			return begin_member(z, f);
		z->state = ZIP_HEADER;
		return 0;
	case ZIP_DATA:
		return z->method == DEFLATED && (z->wanted || !sized(z))
			   ? inflate_some(z, p, len, f)
			   : skip_or_store(z, p, len, f);
	case ZIP_TRAILER:
		return trailer(z, p, len);
	default:
		*len = 0;
		return 0;
	}
}

int
zip_stream_feed(
    struct zip_stream *z, const char *p, size_t len, struct fault *f)
{
	while (len > 0)
		if (read_step(z, &p, &len, f) == -1)
			return -1;
	return 0;
}

int
zip_stream_end(const struct zip_stream *z, struct fault *f)
{
	return z->state == ZIP_DONE
		   ? 0
		   : fault(f, FAULT_FORMAT, "the archive is cut off");
}
