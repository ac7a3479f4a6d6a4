/* See unpack.h. */
#include "collector/image/unpack.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>

#define MAGIC 4 /* bytes that tell the form */
#define GZIP_HEADER (16 + MAX_WBITS)

enum form { FORM_UNKNOWN, FORM_PLAIN, FORM_GZIP, FORM_ZSTD };

struct unpack {
	int (*take)(void *ctx, const char *p, size_t len, struct fault *f);
	void *ctx;
	enum form form;
	char magic[MAGIC];
	size_t nmagic;
	z_stream z;
	bool z_open;
	ZSTD_DCtx *zstd;
	bool between; /* members or frames: the stream may end here */
	bool ended;   /* what follows is padding */
	uint64_t in, out;
	size_t filled;
	char chunk[UNPACK_CHUNK];
};

struct unpack *
unpack_new(int (*take)(void *ctx, const char *p, size_t len, struct fault *f),
    void *ctx)
{
	struct unpack *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return NULL;
	u->take = take;
	u->ctx = ctx;
	u->z_open = inflateInit2(&u->z, GZIP_HEADER) == Z_OK;
	u->zstd = ZSTD_createDCtx();
	if (u->z_open && u->zstd != NULL &&
	    !ZSTD_isError(ZSTD_DCtx_setParameter(
		u->zstd, ZSTD_d_windowLogMax, UNPACK_WINDOW_LOG)))
		return u;
	unpack_free(u);
	return NULL;
}

void
unpack_free(struct unpack *u)
{
	if (u == NULL)
		return;
	if (u->z_open)
		(void)inflateEnd(&u->z);
	(void)ZSTD_freeDCtx(u->zstd);
	free(u);
}

void
unpack_begin(struct unpack *u)
{
	u->form = FORM_UNKNOWN;
	u->nmagic = 0;
	u->between = true;
	u->ended = false;
	u->in = u->out = 0;
	u->filled = 0;
	(void)inflateReset(&u->z);
	(void)ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_only);
}

/* n more bytes stand in the chunk: hand it on when it is full. */
static int
filled(struct unpack *u, size_t n, struct fault *f)
{
	u->filled += n;
	u->out += n;
	if (u->out > UNPACK_BYTES_MAX)
		return fault(f, FAULT_LIMIT, "it unpacks to over %llu bytes",
		    (unsigned long long)UNPACK_BYTES_MAX);
	if (u->out > UNPACK_RATIO_FROM && u->out / UNPACK_RATIO_MAX > u->in)
		return fault(f, FAULT_LIMIT,
		    "it unpacks to over %d times its size", UNPACK_RATIO_MAX);
	if (u->filled < UNPACK_CHUNK)
		return 0;
	u->filled = 0;
	return u->take(u->ctx, u->chunk, UNPACK_CHUNK, f);
}

static int
plain(struct unpack *u, const char *p, size_t len, struct fault *f)
{
	while (len > 0) {
		size_t room = UNPACK_CHUNK - u->filled;
		size_t n = len < room ? len : room;

		memcpy(u->chunk + u->filled, p, n);
		p += n;
		len -= n;
		if (filled(u, n, f) == -1)
			return -1;
	}
	return 0;
}

static int
gzip(struct unpack *u, const char *p, size_t len, struct fault *f)
{
	u->z.next_in = (Bytef *)(uintptr_t)p;
	u->z.avail_in = (uInt)len;
	for (;;) {
		size_t room = UNPACK_CHUNK - u->filled;
		int rc;

		if (u->between) {
			/* gzip(1) passes over zeros behind the last member */
			if (u->z.avail_in == 0)
				return 0;
			if (u->out > 0 && u->z.next_in[0] == 0) {
				u->ended = true;
				return 0;
			}
			(void)inflateReset(&u->z);
			u->between = false;
		}
		u->z.next_out = (Bytef *)u->chunk + u->filled;
		u->z.avail_out = (uInt)room;
		rc = inflate(&u->z, Z_NO_FLUSH);
		if (filled(u, room - u->z.avail_out, f) == -1)
			return -1;
		if (rc == Z_STREAM_END)
			u->between = true;
		else if (rc == Z_BUF_ERROR ||
			 (rc == Z_OK && u->z.avail_in == 0 &&
			     u->z.avail_out > 0))
			return 0; /* it wants more */
		else if (rc != Z_OK)
			return fault(f, FAULT_FORMAT, "gzip: %s",
			    u->z.msg != NULL ? u->z.msg : "bad data");
	}
}

static int
zstd(struct unpack *u, const char *p, size_t len, struct fault *f)
{
	ZSTD_inBuffer in = { p, len, 0 };

	for (;;) {
		ZSTD_outBuffer out = { u->chunk + u->filled,
			UNPACK_CHUNK - u->filled, 0 };
		bool full;
		size_t rc = ZSTD_decompressStream(u->zstd, &out, &in);

		if (ZSTD_isError(rc))
			return fault(
			    f, FAULT_FORMAT, "zstd: %s", ZSTD_getErrorName(rc));
		full = out.pos == out.size;
		u->between = rc == 0;
		if (filled(u, out.pos, f) == -1)
			return -1;
		if (in.pos == in.size && !full)
			return 0;
	}
}

static int
route(struct unpack *u, const char *p, size_t len, struct fault *f)
{
	switch (u->form) {
	case FORM_GZIP:
		return gzip(u, p, len, f);
	case FORM_ZSTD:
		return zstd(u, p, len, f);
	default:
		return plain(u, p, len, f);
	}
}

/* Frames to be passed over begin with 0x184D2A50 to 5F, little-endian. */
static enum form
form_of(const char magic[MAGIC])
{
	if (memcmp(magic, "\x1f\x8b", 2) == 0)
		return FORM_GZIP;
	if (memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0 ||
	    (((uint8_t)magic[0] & 0xf0) == 0x50 &&
		memcmp(magic + 1, "\x2a\x4d\x18", 3) == 0))
		return FORM_ZSTD;
	return FORM_PLAIN;
}

static int
know_form(struct unpack *u, struct fault *f)
{
	u->form = u->nmagic < MAGIC ? FORM_PLAIN : form_of(u->magic);
	return route(u, u->magic, u->nmagic, f);
}

int
unpack_feed(struct unpack *u, const char *p, size_t len, struct fault *f)
{
	u->in += len;
	if (u->form == FORM_UNKNOWN) {
		while (len > 0 && u->nmagic < MAGIC) {
			u->magic[u->nmagic++] = *p++;
			len--;
		}
		if (u->nmagic < MAGIC)
			return 0;
		if (know_form(u, f) == -1)
			return -1;
	}
	return u->ended || len == 0 ? 0 : route(u, p, len, f);
}

int
unpack_end(struct unpack *u, struct fault *f)
{
	if (u->form == FORM_UNKNOWN && know_form(u, f) == -1)
		return -1;
	if ((u->form == FORM_GZIP || u->form == FORM_ZSTD) && !u->between)
		return fault(f, FAULT_FORMAT, "the compressed data is cut off");
	if (u->filled > 0) {
		size_t n = u->filled;

		u->filled = 0;
		return u->take(u->ctx, u->chunk, n, f);
	}
	return 0;
}
