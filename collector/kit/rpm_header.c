/* See rpm_header.h. */
#include "collector/kit/rpm_header.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/length.h"

enum { RPM_INT32 = 4, RPM_STRING = 6, RPM_BIN = 7, RPM_STRINGS = 8 };

enum field {
	FIELD_NAME,
	FIELD_VERSION,
	FIELD_RELEASE,
	FIELD_EPOCH,
	FIELD_VENDOR,
	FIELD_ARCH,
	FIELD_SIG_PGP,
	FIELD_SIG_GPG,
	FIELD_DSA,
	FIELD_RSA,
	FIELD_OPENPGP,
	FIELDS
};

/* rpmtag.h; signature tags are merged into an installed package's header. */
static const struct {
	uint32_t tag, type;
	const char *name;
} tags[FIELDS] = {
	[FIELD_NAME] = { 1000, RPM_STRING, "name" },
	[FIELD_VERSION] = { 1001, RPM_STRING, "version" },
	[FIELD_RELEASE] = { 1002, RPM_STRING, "release" },
	[FIELD_EPOCH] = { 1003, RPM_INT32, "epoch" },
	[FIELD_VENDOR] = { 1011, RPM_STRING, "vendor" },
	[FIELD_ARCH] = { 1022, RPM_STRING, "architecture" },
	[FIELD_SIG_PGP] = { 259, RPM_BIN, "signature" },
	[FIELD_SIG_GPG] = { 262, RPM_BIN, "signature" },
	[FIELD_DSA] = { 267, RPM_BIN, "header signature" },
	[FIELD_RSA] = { 268, RPM_BIN, "header signature" },
	[FIELD_OPENPGP] = { 278, RPM_STRINGS, "OpenPGP signature" },
};

static uint32_t
big(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* ---- signatures ---- */

static void
hex16(const unsigned char *id, char out[17])
{
	for (size_t i = 0; i < 8; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", id[i]);
}

/* Subpackets (5.2.3.7): a length of one, two or five bytes, a type, data. */
static bool
issuer(const unsigned char *p, size_t len, char out[17])
{
	while (len > 0) {
		size_t head = p[0] < 192 ? 1 : p[0] < 255 ? 2 : 5, n;

		if (len < head)
			return false;
		n = head == 1	? p[0]
		    : head == 2 ? ((size_t)(p[0] - 192) << 8) + p[1] + 192
				: big(p + 1);
		if (n == 0 || n > len - head)
			return false;
		p += head;
		if ((p[0] & 0x7f) == 16 && n == 9) {
			hex16(p + 1, out);
			return true;
		}
		if ((p[0] & 0x7f) == 33 && n == 22 && p[1] == 4) {
			hex16(p + 14, out);
			return true;
		}
		if ((p[0] & 0x7f) == 33 && n == 34 && p[1] == 6) {
			hex16(p + 2, out);
			return true;
		}
		p += n;
		len -= head + n;
	}
	return false;
}

/* The body of a signature packet of version 3, 4 or 6 (5.2.2, 5.2.3). */
static bool
signature_key(const unsigned char *p, size_t len, char out[17])
{
	size_t count = len > 0 && p[0] == 6 ? 4 : 2, at = 4;

	if (len >= 15 && p[0] == 3 && p[1] == 5) {
		hex16(p + 7, out);
		return true;
	}
	if (len < 4 || (p[0] != 4 && p[0] != 6))
		return false;
	for (int area = 0; area < 2; area++) { /* hashed, then not */
		size_t n;

		if (len - at < count)
			return false;
		n = count == 4 ? big(p + at) : (size_t)(p[at] << 8 | p[at + 1]);
		at += count;
		if (n > len - at)
			return false;
		if (issuer(p + at, n, out))
			return true;
		at += n;
	}
	return false;
}

bool
openpgp_key_id(const void *packet, size_t len, char out[17])
{
	const unsigned char *p = packet;
	size_t head, n;

	if (len < 3 || (p[0] & 0x80) == 0)
		return false;
	if ((p[0] & 0x40) != 0) { /* 4.2.1; partial lengths are not for these */
		if ((p[0] & 0x3f) != 2)
			return false;
		head = p[1] < 192 ? 2 : p[1] < 224 ? 3 : p[1] == 255 ? 6 : 0;
		if (head == 0 || len < head)
			return false;
		n = head == 2	? p[1]
		    : head == 3 ? ((size_t)(p[1] - 192) << 8) + p[2] + 192
				: big(p + 2);
	} else {
		if ((p[0] >> 2 & 0xf) != 2 || (p[0] & 3) == 3)
			return false;
		head = 1 + (1U << (p[0] & 3));
		if (len < head)
			return false;
		n = head == 2	? p[1]
		    : head == 3 ? (size_t)(p[1] << 8 | p[2])
				: big(p + 1);
	}
	return n <= len - head && signature_key(p + head, n, out);
}

/* ---- the header ---- */

struct fields {
	struct span v[FIELDS]; /* p NULL: not there */
};

/* The bytes of a tag: a text up to its NUL, a number's four, binary's count. */
static bool
measure(struct span *s, uint32_t type, uint32_t count)
{
	const char *end;

	if (type == RPM_INT32)
		return s->len >= 4 && count >= 1;
	if (type == RPM_BIN) {
		if (count > s->len)
			return false;
		s->len = count;
		return true;
	}
	end = memchr(s->p, '\0', s->len);
	if (end == NULL || count < 1)
		return false;
	s->len = (size_t)(end - s->p);
	return true;
}

static int
take(struct fields *out, const unsigned char *entry, struct span data,
    struct fault *f)
{
	uint32_t tag = big(entry), at = big(entry + 8);
	size_t i = 0;

	while (i < FIELDS && tags[i].tag != tag)
		i++;
	if (i == FIELDS)
		return 0;
	if (at >= data.len || big(entry + 4) != tags[i].type ||
	    out->v[i].p != NULL)
		return fault(f, FAULT_FORMAT,
		    "a package's %s is not what rpm writes", tags[i].name);
	out->v[i] = (struct span){ data.p + at, data.len - at };
	if (!measure(&out->v[i], tags[i].type, big(entry + 12)))
		return fault(
		    f, FAULT_FORMAT, "a package's %s is cut off", tags[i].name);
	return 0;
}

static void
key_of(const struct fields *r, char key[17])
{
	static const enum field binary[] = { FIELD_RSA, FIELD_DSA,
		FIELD_SIG_PGP, FIELD_SIG_GPG };
	struct span s = r->v[FIELD_OPENPGP];
	BUF_AUTO(packet, 4096);

	key[0] = '\0';
	for (size_t i = 0; i < LENGTH(binary) && key[0] == '\0'; i++)
		if (r->v[binary[i]].p != NULL &&
		    !openpgp_key_id(
			r->v[binary[i]].p, r->v[binary[i]].len, key))
			key[0] = '\0';
	if (key[0] == '\0' && s.p != NULL &&
	    base64_read_text(&packet, s.p, s.len) &&
	    !openpgp_key_id(packet.p, packet.len, key))
		key[0] = '\0';
}

/* [EPOCH:]VERSION-RELEASE, as the rest of exhibit writes it */
static int
tell(const struct fields *r, package_each *each, void *ctx, struct fault *f)
{
	BUF_AUTO(version, 4096);
	char key[17];
	struct package pkg = { .name = r->v[FIELD_NAME],
		.arch = r->v[FIELD_ARCH],
		.vendor = r->v[FIELD_VENDOR] };

	if (r->v[FIELD_EPOCH].p != NULL)
		buf_printf(&version,
		    "%u:", big((const unsigned char *)r->v[FIELD_EPOCH].p));
	buf_put(&version, r->v[FIELD_VERSION].p, r->v[FIELD_VERSION].len);
	buf_putc(&version, '-');
	buf_put(&version, r->v[FIELD_RELEASE].p, r->v[FIELD_RELEASE].len);
	if (buf_done(&version, "a package's version", f) == -1)
		return -1;
	pkg.version = (struct span){ version.p, version.len };
	key_of(r, key);
	if (key[0] != '\0')
		pkg.key = span_of(key);
	return each(ctx, &pkg, f);
}

int
rpm_header_read(const void *header, size_t len, package_each *each, void *ctx,
    struct fault *f)
{
	const unsigned char *p = header;
	struct fields r = { 0 };
	struct span data;
	uint32_t n, size;

	if (len < 8)
		return fault(f, FAULT_FORMAT, "a package's header is cut off");
	n = big(p);
	size = big(p + 4);
	if (n > RPM_INDEX_MAX || len - 8 < (uint64_t)n * 16 ||
	    len - 8 - (size_t)n * 16 < size)
		return fault(f, FAULT_FORMAT, "a package's header is cut off");
	data = (struct span){ (const char *)p + 8 + (size_t)n * 16, size };
	for (uint32_t i = 0; i < n; i++)
		if (take(&r, p + 8 + (size_t)i * 16, data, f) == -1)
			return -1;
	for (size_t i = FIELD_NAME; i <= FIELD_RELEASE; i++)
		if (r.v[i].len == 0)
			return fault(f, FAULT_FORMAT, "a package without a %s",
			    tags[i].name);
	return tell(&r, each, ctx, f);
}
