/* See hello.h. */
#include "collector/endpoint/hello.h"

#include <string.h>

#include "collector/endpoint/names.h"

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

static const uint8_t p384_base[97] = { 0x04, 0xaa, 0x87, 0xca, 0x22, 0xbe, 0x8b,
	0x05, 0x37, 0x8e, 0xb1, 0xc7, 0x1e, 0xf3, 0x20, 0xad, 0x74, 0x6e, 0x1d,
	0x3b, 0x62, 0x8b, 0xa7, 0x9b, 0x98, 0x59, 0xf7, 0x41, 0xe0, 0x82, 0x54,
	0x2a, 0x38, 0x55, 0x02, 0xf2, 0x5d, 0xbf, 0x55, 0x29, 0x6c, 0x3a, 0x54,
	0x5e, 0x38, 0x72, 0x76, 0x0a, 0xb7, 0x36, 0x17, 0xde, 0x4a, 0x96, 0x26,
	0x2c, 0x6f, 0x5d, 0x9e, 0x98, 0xbf, 0x92, 0x92, 0xdc, 0x29, 0xf8, 0xf4,
	0x1d, 0xbd, 0x28, 0x9a, 0x14, 0x7c, 0xe9, 0xda, 0x31, 0x13, 0xb5, 0xf0,
	0xb8, 0xc0, 0x0a, 0x60, 0xb1, 0xce, 0x1d, 0x7e, 0x81, 0x9d, 0x7a, 0x43,
	0x1d, 0x7c, 0x90, 0xea, 0x0e, 0x5f };

static const uint8_t p521_base[133] = { 0x04, 0x00, 0xc6, 0x85, 0x8e, 0x06,
	0xb7, 0x04, 0x04, 0xe9, 0xcd, 0x9e, 0x3e, 0xcb, 0x66, 0x23, 0x95, 0xb4,
	0x42, 0x9c, 0x64, 0x81, 0x39, 0x05, 0x3f, 0xb5, 0x21, 0xf8, 0x28, 0xaf,
	0x60, 0x6b, 0x4d, 0x3d, 0xba, 0xa1, 0x4b, 0x5e, 0x77, 0xef, 0xe7, 0x59,
	0x28, 0xfe, 0x1d, 0xc1, 0x27, 0xa2, 0xff, 0xa8, 0xde, 0x33, 0x48, 0xb3,
	0xc1, 0x85, 0x6a, 0x42, 0x9b, 0xf9, 0x7e, 0x7e, 0x31, 0xc2, 0xe5, 0xbd,
	0x66, 0x01, 0x18, 0x39, 0x29, 0x6a, 0x78, 0x9a, 0x3b, 0xc0, 0x04, 0x5c,
	0x8a, 0x5f, 0xb4, 0x2c, 0x7d, 0x1b, 0xd9, 0x98, 0xf5, 0x44, 0x49, 0x57,
	0x9b, 0x44, 0x68, 0x17, 0xaf, 0xbd, 0x17, 0x27, 0x3e, 0x66, 0x2c, 0x97,
	0xee, 0x72, 0x99, 0x5e, 0xf4, 0x26, 0x40, 0xc5, 0x50, 0xb9, 0x01, 0x3f,
	0xad, 0x07, 0x61, 0x35, 0x3c, 0x70, 0x86, 0xa2, 0x72, 0xc2, 0x40, 0x88,
	0xbe, 0x94, 0x76, 0x9f, 0xd1, 0x66, 0x50 };

/* The public values that are sent. What is not given is zeros before the last
 * byte or behind the first: RFC 7748 (9 and 5, little-endian), RFC 8446 4.2.8.1
 * (4, big-endian), FIPS 203 (a key whose coefficients are 0). */
static const struct share {
	uint16_t group, len;
	const uint8_t *point; /* NULL: zeros but for one byte */
	uint8_t byte;
	uint16_t at; /* where it stands */
} shares[] = {
	{ 0x0017, 65, p256_base, 0, 0 },
	{ 0x0018, 97, p384_base, 0, 0 },
	{ 0x0019, 133, p521_base, 0, 0 },
	{ 0x001d, 32, NULL, 9, 0 },
	{ 0x001e, 56, NULL, 5, 0 },
	{ 0x0100, 256, NULL, 4, 255 },
	{ 0x0101, 384, NULL, 4, 383 },
	{ 0x0102, 512, NULL, 4, 511 },
	{ 0x11ec, 1184 + 32, NULL, 9, 1184 }, /* ML-KEM-768, X25519 */
	{ 0x0201, 1184, NULL, 0, 0 },	      /* ML-KEM-768 */
	{ 0x0202, 1568, NULL, 0, 0 },	      /* ML-KEM-1024 */
	{ 0, 0, NULL, 0, 0 },
};

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
put_value(struct buf *b, const struct share *s)
{
	if (s->point != NULL)
		buf_put(b, s->point, s->len);
	for (unsigned i = 0; s->point == NULL && i < s->len; i++)
		put8(b, i == s->at ? s->byte : 0);
}

void
hello_share(uint16_t group, struct buf *out)
{
	for (const struct share *s = shares; s->len > 0; s++)
		if (s->group == group)
			put_value(out, s);
}

static void
put_share(struct buf *b, const struct share *s)
{
	size_t one;

	put16(b, s->group);
	one = vector_open(b, 2);
	put_value(b, s);
	vector_close(b, 2, one);
}

static void
put_shares(struct buf *b, const struct hello *h)
{
	size_t ext, list, n = 0;

	put16(b, EXT_KEY_SHARE);
	ext = vector_open(b, 2);
	list = vector_open(b, 2);
	for (size_t i = 0; h->shares && i < h->ngroups; i++)
		for (const struct share *s = shares; s->len > 0; s++)
			if (s->group == h->groups[i] && n < SHARES_MAX) {
				put_share(b, s);
				n++;
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
put_older_extensions(struct buf *b, const struct hello *h)
{
	if ((h->without & WITHOUT_GROUPS) == 0) {
		put16(b, EXT_POINT_FORMATS);
		put16(b, 2);
		put8(b, 1);
		put8(b, 0); /* uncompressed */
	}
	if ((h->without & WITHOUT_ENCRYPT_THEN_MAC) == 0)
		put_empty(b, EXT_ENCRYPT_THEN_MAC);
	if ((h->without & WITHOUT_MASTER_SECRET) == 0)
		put_empty(b, EXT_MASTER_SECRET);
	if ((h->without & WITHOUT_TICKET) == 0)
		put_empty(b, EXT_TICKET);
	if ((h->without & WITHOUT_RENEGOTIATION) == 0) {
		put16(b, EXT_RENEGOTIATION);
		put16(b, 1);
		put8(b, 0);
	}
}

/* What TLS 1.3 cannot do without. */
static void
put_newer_extensions(struct buf *b, const struct hello *h)
{
	put_versions(b, h);
	put16(b, EXT_PSK_MODES);
	put16(b, 2);
	put8(b, 1);
	put8(b, 1); /* psk_dhe_ke */
	put_shares(b, h);
}

static void
put_status_request(struct buf *b)
{
	put16(b, EXT_STATUS_REQUEST); /* RFC 6066 8: OCSP, any responder */
	put16(b, 5);
	put8(b, 1);
	put16(b, 0);
	put16(b, 0);
}

static void
put_extensions(struct buf *b, const struct hello *h)
{
	size_t all = vector_open(b, 2);

	if ((h->without & WITHOUT_NAME) == 0)
		put_server_name(b, h->server_name);
	if ((h->without & WITHOUT_STATUS) == 0)
		put_status_request(b);
	if ((h->without & WITHOUT_GROUPS) == 0)
		put_list(b, EXT_GROUPS, h->groups, h->ngroups);
	if ((h->without & WITHOUT_SIGNATURES) == 0)
		put_list(b, EXT_SIGNATURES, h->signatures, h->nsignatures);
	if (h->nsignatures > 0 && (h->without & WITHOUT_SIGNATURES_CERT) == 0)
		put_certificate_signatures(b);
	put_alpn(b, h->alpn);
	if (h->version < TLS_1_3 || h->also != 0 || h->older)
		put_older_extensions(b, h);
	if (h->version == TLS_1_3)
		put_newer_extensions(b, h);
	vector_close(b, 2, all);
}

/* Is it said among the suites that renegotiation is understood (RFC 5746)?
 * Where no extension can say it. */
static bool
signals_renegotiation(const struct hello *h)
{
	return h->version == SSL_3_0 ||
	       (h->version < TLS_1_3 &&
		   (h->without & WITHOUT_RENEGOTIATION) != 0);
}

static void
put_suites(struct buf *b, const struct hello *h)
{
	size_t list = vector_open(b, 2);

	for (size_t i = 0; i < h->nsuites; i++)
		put16(b, h->suites[i]);
	if (signals_renegotiation(h))
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
	if (h->version == TLS_1_3 ||
	    (h->version > SSL_3_0 && h->without != WITHOUT_ALL))
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
