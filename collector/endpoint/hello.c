/* See hello.h. */
#include "collector/endpoint/hello.h"

#include <string.h>

#include "collector/endpoint/names.h"

#define GROUP_P256 0x0017
#define GROUP_X25519 0x001d
#define SCSV_RENEGOTIATION 0x00ff /* RFC 5746 */
#define SCSV_FALLBACK 0x5600	  /* RFC 7507 */

enum {
	EXT_SERVER_NAME = 0,
	EXT_STATUS_REQUEST = 5,
	EXT_GROUPS = 10,
	EXT_POINT_FORMATS = 11,
	EXT_SIGNATURES = 13,
	EXT_ALPN = 16,
	EXT_ENCRYPT_THEN_MAC = 22,
	EXT_MASTER_SECRET = 23,
	EXT_TICKET = 35,
	EXT_VERSIONS = 43,
	EXT_PSK_MODES = 45,
	EXT_SIGNATURES_CERT = 50,
	EXT_KEY_SHARE = 51,
	EXT_RENEGOTIATION = 0xff01
};

/* SP 800-186: the base point of P-256, uncompressed. */
static const uint8_t p256_base[65] = { 0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c,
	0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03,
	0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98,
	0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7,
	0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31,
	0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5 };

/* RFC 7748: the base point of Curve25519. */
static const uint8_t x25519_base[32] = { 9 };

static void
put8(struct buf *b, unsigned v)
{
	buf_putc(b, (char)(unsigned char)v);
}

static void
put16(struct buf *b, unsigned v)
{
	put8(b, v >> 8);
	put8(b, v & 0xff);
}

/* A vector of width length bytes: open where it begins, close at its end. */
static size_t
vector_open(struct buf *b, int width)
{
	for (int i = 0; i < width; i++)
		put8(b, 0);
	return b->len;
}

static void
vector_close(struct buf *b, int width, size_t from)
{
	size_t len = b->len - from;

	if (b->failed != FAULT_NONE)
		return;
	for (int i = 1; i <= width; i++, len >>= 8)
		b->p[from - (size_t)i] = (char)(unsigned char)(len & 0xff);
}

static void
put_list(struct buf *b, unsigned type, const uint16_t *v, size_t n)
{
	size_t ext, list;

	if (n == 0)
		return;
	put16(b, type);
	ext = vector_open(b, 2);
	list = vector_open(b, 2);
	for (size_t i = 0; i < n; i++)
		put16(b, v[i]);
	vector_close(b, 2, list);
	vector_close(b, 2, ext);
}

/* Any signature inside certificates: what is asked is the handshake's. */
static void
put_certificate_signatures(struct buf *b)
{
	size_t ext, list;

	put16(b, EXT_SIGNATURES_CERT);
	ext = vector_open(b, 2);
	list = vector_open(b, 2);
	for (const struct tls_name *s = tls_signatures; s->name != NULL; s++)
		put16(b, s->id);
	vector_close(b, 2, list);
	vector_close(b, 2, ext);
}

static void
put_empty(struct buf *b, unsigned type)
{
	put16(b, type);
	put16(b, 0);
}

static void
put_server_name(struct buf *b, const char *name)
{
	size_t ext, list, one;

	if (name == NULL)
		return;
	put16(b, EXT_SERVER_NAME);
	ext = vector_open(b, 2);
	list = vector_open(b, 2);
	put8(b, 0); /* host_name, RFC 6066 3 */
	one = vector_open(b, 2);
	buf_puts(b, name);
	vector_close(b, 2, one);
	vector_close(b, 2, list);
	vector_close(b, 2, ext);
}

static void
put_alpn(struct buf *b, const char *const *alpn)
{
	size_t ext, list;

	if (alpn == NULL)
		return;
	put16(b, EXT_ALPN);
	ext = vector_open(b, 2);
	list = vector_open(b, 2);
	for (; *alpn != NULL; alpn++) {
		put8(b, (unsigned)strlen(*alpn));
		buf_puts(b, *alpn);
	}
	vector_close(b, 2, list);
	vector_close(b, 2, ext);
}

static void
put_share(struct buf *b, unsigned group, const uint8_t *p, size_t len)
{
	size_t one;

	put16(b, group);
	one = vector_open(b, 2);
	buf_put(b, p, len);
	vector_close(b, 2, one);
}

static void
put_shares(struct buf *b, const struct hello *h)
{
	size_t ext, list;

	put16(b, EXT_KEY_SHARE);
	ext = vector_open(b, 2);
	list = vector_open(b, 2);
	for (size_t i = 0; h->shares && i < h->ngroups; i++) {
		if (h->groups[i] == GROUP_P256)
			put_share(b, GROUP_P256, p256_base, sizeof(p256_base));
		if (h->groups[i] == GROUP_X25519)
			put_share(
			    b, GROUP_X25519, x25519_base, sizeof(x25519_base));
	}
	vector_close(b, 2, list);
	vector_close(b, 2, ext);
}

static void
put_versions(struct buf *b, const struct hello *h)
{
	size_t ext, list;

	put16(b, EXT_VERSIONS);
	ext = vector_open(b, 2);
	list = vector_open(b, 1);
	put16(b, h->version);
	if (h->also != 0)
		put16(b, h->also);
	vector_close(b, 1, list);
	vector_close(b, 2, ext);
}

/* What only a version before 1.3 knows. */
static void
put_older_extensions(struct buf *b)
{
	put16(b, EXT_POINT_FORMATS);
	put16(b, 2);
	put8(b, 1);
	put8(b, 0); /* uncompressed */
	put_empty(b, EXT_ENCRYPT_THEN_MAC);
	put_empty(b, EXT_MASTER_SECRET);
	put_empty(b, EXT_TICKET);
	put16(b, EXT_RENEGOTIATION);
	put16(b, 1);
	put8(b, 0);
}

static void
put_extensions(struct buf *b, const struct hello *h)
{
	size_t all = vector_open(b, 2);

	put_server_name(b, h->server_name);
	put16(b, EXT_STATUS_REQUEST); /* RFC 6066 8: OCSP, any responder */
	put16(b, 5);
	put8(b, 1);
	put16(b, 0);
	put16(b, 0);
	put_list(b, EXT_GROUPS, h->groups, h->ngroups);
	put_list(b, EXT_SIGNATURES, h->signatures, h->nsignatures);
	if (h->nsignatures > 0)
		put_certificate_signatures(b);
	put_alpn(b, h->alpn);
	if (h->version < TLS_1_3 || h->also != 0)
		put_older_extensions(b);
	if (h->version == TLS_1_3) {
		put_versions(b, h);
		put16(b, EXT_PSK_MODES);
		put16(b, 2);
		put8(b, 1);
		put8(b, 1); /* psk_dhe_ke */
		put_shares(b, h);
	}
	vector_close(b, 2, all);
}

static void
put_suites(struct buf *b, const struct hello *h)
{
	size_t list = vector_open(b, 2);

	for (size_t i = 0; i < h->nsuites; i++)
		put16(b, h->suites[i]);
	if (h->version == SSL_3_0) /* it has no extensions */
		put16(b, SCSV_RENEGOTIATION);
	if (h->fallback)
		put16(b, SCSV_FALLBACK);
	vector_close(b, 2, list);
}

static void
put_body(struct buf *b, const struct hello *h)
{
	put16(b, h->version > TLS_1_2 ? TLS_1_2 : h->version);
	for (unsigned i = 0; i < 32; i++)
		put8(b, 0x20 + i);
	if (h->version == TLS_1_3) { /* RFC 8446 D.4, for middleboxes */
		put8(b, 32);
		for (unsigned i = 0; i < 32; i++)
			put8(b, 0x40 + i);
	} else
		put8(b, 0);
	put_suites(b, h);
	put8(b, h->compression ? 2 : 1);
	if (h->compression)
		put8(b, 1); /* DEFLATE, RFC 3749 */
	put8(b, 0);
	if (h->version > SSL_3_0)
		put_extensions(b, h);
}

int
hello_encode(const struct hello *h, struct buf *out, struct fault *f)
{
	size_t record, message;

	put8(out, 22); /* handshake */
	put16(out, h->version == SSL_3_0 ? SSL_3_0 : TLS_1_0);
	record = vector_open(out, 2);
	put8(out, 1); /* client_hello */
	message = vector_open(out, 3);
	put_body(out, h);
	vector_close(out, 3, message);
	vector_close(out, 2, record);
	return buf_done(out, "ClientHello", f);
}
