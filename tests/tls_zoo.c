/* See tls_zoo.h. RFC 5246 7.4, RFC 8446 4. */
#include "tls_zoo.h"

#include <string.h>

static const uint16_t versions[ZOO_VERSIONS] = { 0x0304, 0x0303, 0x0302, 0x0301,
	0x0300 };

/* ---- a hello ---- */

struct seen {
	unsigned version, extensions;
	const uint8_t *suites, *groups, *shares;
	size_t nsuites, ngroups, share_bytes, bytes;
	bool asks13;
};

static unsigned
two(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static void
see_extension(struct seen *h, unsigned type, const uint8_t *p, size_t len)
{
	static const struct {
		unsigned type, bit;
	} bits[] = { { 0, ZOO_NAME }, { 10, ZOO_GROUPS },
		{ 13, ZOO_SIGNATURES }, { 50, ZOO_SIGNATURES_CERT },
		{ 23, ZOO_MASTER_SECRET }, { 5, ZOO_STATUS },
		{ 0xff01, ZOO_RENEGOTIATION } };

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (bits[i].type == type)
			h->extensions |= bits[i].bit;
	if (type == 10 && len >= 2) {
		h->groups = p + 2;
		h->ngroups = two(p) / 2;
	}
	if (type == 51 && len >= 2) {
		h->shares = p + 2;
		h->share_bytes = len - 2;
	}
	for (size_t i = 1; type == 43 && i + 1 < len; i += 2)
		h->asks13 |= two(p + i) == 0x0304;
}

static bool
see(struct seen *h, const uint8_t *r, size_t len)
{
	size_t at = 5 + 4 + 2 + 32, end;

	memset(h, 0, sizeof(*h));
	if (len < at + 3 || r[0] != 22)
		return false;
	h->bytes = len - 5;
	h->version = two(r + 9);
	at += 1u + r[at];
	if (at + 2 > len)
		return false;
	h->nsuites = two(r + at) / 2;
	h->suites = r + at + 2;
	at += 2 + 2 * h->nsuites;
	if (at >= len)
		return false;
	at += 1u + r[at];
	if (at + 2 > len)
		return true; /* no extensions */
	end = at + 2 + two(r + at);
	for (at += 2; at + 4 <= end && end <= len; at += 4 + two(r + at + 2))
		see_extension(h, two(r + at), r + at + 4, two(r + at + 2));
	if (h->asks13)
		h->version = 0x0304;
	return true;
}

static bool
in_bytes(const uint8_t *p, size_t n, uint16_t id)
{
	for (size_t i = 0; i < n; i++)
		if (two(p + 2 * i) == id)
			return true;
	return false;
}

static bool
in_list(const uint16_t *list, uint16_t id)
{
	for (; list != NULL && *list != 0; list++)
		if (*list == id)
			return true;
	return false;
}

/* ---- choosing ---- */

static bool
usable(const struct zoo *z, const struct seen *h, uint16_t suite)
{
	if (!in_list(z->hidden, suite))
		return true;
	return (h->extensions & z->hidden_by) == 0 &&
	       (h->extensions & z->shown_by) == z->shown_by;
}

/* The suite, or 0. */
static uint16_t
choose(const struct zoo *z, size_t v, const struct seen *h)
{
	const uint16_t *own = z->suites[v];

	for (size_t i = 0; z->own_order && own != NULL && own[i] != 0; i++)
		if (in_bytes(h->suites, h->nsuites, own[i]) &&
		    usable(z, h, own[i]))
			return own[i];
	for (size_t i = 0; !z->own_order && i < h->nsuites; i++) {
		uint16_t id = (uint16_t)two(h->suites + 2 * i);

		if (in_list(own, id) && usable(z, h, id))
			return id;
	}
	return 0;
}

static uint16_t
choose_group(const struct zoo *z, const struct seen *h)
{
	static const uint16_t common[] = { 0x001d, 0x0017, 0x0018, 0 };
	const uint16_t *own = z->groups != NULL ? z->groups : common;

	if (h->groups == NULL)
		return own[0];
	for (size_t i = 0; z->own_order && own[i] != 0; i++)
		if (in_bytes(h->groups, h->ngroups, own[i]))
			return own[i];
	for (size_t i = 0; !z->own_order && i < h->ngroups; i++)
		if (in_list(own, (uint16_t)two(h->groups + 2 * i)))
			return (uint16_t)two(h->groups + 2 * i);
	return 0;
}

static bool
has_share(const struct seen *h, uint16_t group)
{
	for (size_t at = 0; at + 4 <= h->share_bytes;
	     at += 4 + two(h->shares + at + 2))
		if (two(h->shares + at) == group)
			return true;
	return false;
}

static bool
too_much(const struct zoo *z, const struct seen *h)
{
	return (z->suites_max > 0 && h->nsuites > z->suites_max) ||
	       (z->bytes_max > 0 && h->bytes > z->bytes_max) ||
	       (z->bytes_to > 0 && h->bytes >= z->bytes_from &&
		   h->bytes <= z->bytes_to) ||
	       (z->groups_max > 0 && h->ngroups > z->groups_max) ||
	       (z->suites_max13 > 0 && h->asks13 &&
		   h->bytes > z->suites_max13) ||
	       (h->extensions & z->needs) != z->needs ||
	       (h->extensions & z->forbids) != 0 ||
	       (z->refuses_with != 0 &&
		   in_bytes(h->suites, h->nsuites, z->refuses_with));
}

bool
zoo_accepts(const struct zoo *z, size_t version, uint16_t suite)
{
	return in_list(z->suites[version], suite) &&
	       !in_list(z->poison, suite) && suite != z->refuses_with;
}

/* ---- answering ---- */

struct out {
	uint8_t *p;
	size_t len, size;
};

static void
put(struct out *o, const void *p, size_t len)
{
	if (o->len + len > o->size)
		return;
	memcpy(o->p + o->len, p, len);
	o->len += len;
}

static size_t
refuse(unsigned how, uint8_t *out, bool *closes)
{
	const uint8_t alert[] = { 21, 3, 1, 0, 2, 2, (uint8_t)how };

	*closes = how != ZOO_SILENT;
	if (how == ZOO_GARBAGE) {
		memcpy(out, "HTTP/1.1 400", 12);
		return 12;
	}
	if (how >= ZOO_CLOSE)
		return 0;
	memcpy(out, alert, sizeof(alert));
	return sizeof(alert);
}

/* A ServerHello, or in TLS 1.3 without the client's share a retry. */
static void
put_hello(struct out *o, size_t v, uint16_t suite, uint16_t group, bool retry)
{
	static const uint8_t marked[32] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a,
		0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
		0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e,
		0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };
	uint8_t m[128] = { 22, 3, 3, 0, 0, 2, 0, 0, 0, 3, 3 };
	size_t len = 43;

	m[10] = (uint8_t)(v == 0 ? 3 : versions[v] & 255);
	memset(m + 11, 7, 32);
	if (retry)
		memcpy(m + 11, marked, 32);
	m[len++] = 0;
	m[len++] = (uint8_t)(suite >> 8);
	m[len++] = (uint8_t)suite;
	m[len++] = 0;
	if (v == 0) {
		const uint8_t e[] = { 0, 43, 0, 2, 3, 4, 0, 51, 0,
			(uint8_t)(retry ? 2 : 8), (uint8_t)(group >> 8),
			(uint8_t)group, 0, 4, 1, 2, 3, 4 };
		size_t n = retry ? 12 : 18;

		m[len++] = 0;
		m[len++] = (uint8_t)n;
		memcpy(m + len, e, n);
		len += n;
	} else if (v < 4) {
		static const uint8_t e[] = { 0, 9, 0, 23, 0, 0, 0xff, 1, 0, 1,
			0 };

		memcpy(m + len, e, sizeof(e));
		len += sizeof(e);
	}
	m[4] = (uint8_t)(len - 5);
	m[8] = (uint8_t)(len - 9);
	put(o, m, len);
}

/* An empty Certificate, a ServerKeyExchange with a curve, ServerHelloDone. */
static void
put_rest(struct out *o, size_t v, uint16_t suite, uint16_t group)
{
	static const uint8_t certificate[] = { 22, 3, 3, 0, 7, 11, 0, 0, 3, 0,
		0, 0 };
	const uint8_t exchange[] = { 22, 3, 3, 0, 16, 12, 0, 0, 12, 3,
		(uint8_t)(group >> 8), (uint8_t)group, 2, 4, 5, 4, 3, 0, 2, 9,
		9 };
	const uint8_t older[] = { 22, 3, 1, 0, 14, 12, 0, 0, 10, 3,
		(uint8_t)(group >> 8), (uint8_t)group, 2, 4, 5, 0, 2, 9, 9 };
	static const uint8_t dh[] = { 22, 3, 3, 0, 19, 12, 0, 0, 15, 0, 1, 23,
		0, 1, 5, 0, 1, 4, 4, 3, 0, 2, 9, 9 };
	static const uint8_t older_dh[] = { 22, 3, 1, 0, 17, 12, 0, 0, 13, 0, 1,
		23, 0, 1, 5, 0, 1, 4, 0, 2, 9, 9 };
	static const uint8_t done[] = { 22, 3, 3, 0, 4, 14, 0, 0, 0 };
	bool ecdhe = (suite >= 0xc006 && suite <= 0xc00a) ||
		     (suite >= 0xc010 && suite <= 0xc014) ||
		     (suite >= 0xc023 && suite <= 0xc024) ||
		     (suite >= 0xc027 && suite <= 0xc028) ||
		     (suite >= 0xc02b && suite <= 0xc02c) ||
		     (suite >= 0xc02f && suite <= 0xc030) || suite == 0xcca8 ||
		     suite == 0xcca9;
	bool dhe = suite == 0x0033 || suite == 0x0039 || suite == 0x009e ||
		   suite == 0x009f || suite == 0x0067 || suite == 0x006b;

	put(o, certificate, sizeof(certificate));
	if (ecdhe)
		put(o, v == 1 ? exchange : older,
		    v == 1 ? sizeof(exchange) : sizeof(older));
	if (dhe)
		put(o, v == 1 ? dh : older_dh,
		    v == 1 ? sizeof(dh) : sizeof(older_dh));
	put(o, done, sizeof(done));
}

static size_t
accept13(const struct zoo *z, const struct seen *h, uint16_t suite,
    struct out *o, bool *closes)
{
	uint16_t group = choose_group(z, h);
	bool share = group != 0 && has_share(h, group);

	if (z->no_retry && !share && z->groups != NULL) {
		group = 0;
		for (const uint16_t *g = z->groups; *g != 0; g++)
			if (has_share(h, *g) && group == 0)
				group = *g;
		share = group != 0;
	}
	if (group == 0 || (z->no_retry && !share) ||
	    (z->needs_share && h->share_bytes == 0))
		return refuse(z->refusal != 0 ? z->refusal : 40, o->p, closes);
	put_hello(o, 0, suite, group, !share);
	return o->len;
}

size_t
zoo_answer(const struct zoo *z, unsigned nth, const uint8_t *record, size_t len,
    uint8_t *out, size_t size, bool *closes)
{
	struct out o = { out, 0, size };
	unsigned no = z->refusal != 0 ? z->refusal : 40;
	unsigned no_version =
	    z->refusal_of_version != 0 ? z->refusal_of_version : 70;
	uint16_t suite, group;
	struct seen h;
	size_t v = 0;

	*closes = false;
	if (!see(&h, record, len) || (z->answers > 0 && nth >= z->answers) ||
	    (z->of_each > 0 &&
		nth % z->of_each >= z->of_each - z->refuses_last) ||
	    too_much(z, &h))
		return refuse(no, out, closes);
	while (v < ZOO_VERSIONS && versions[v] != h.version)
		v++;
	while (z->falls_back && v < ZOO_VERSIONS && z->suites[v] == NULL)
		v++;
	if (v == ZOO_VERSIONS || z->suites[v] == NULL)
		return refuse(no_version, out, closes);
	suite = z->always != 0 ? z->always : choose(z, v, &h);
	if (suite == 0)
		return refuse(no, out, closes);
	if (in_list(z->poison, suite))
		return refuse(z->poison_how, out, closes);
	if (v == 0)
		return accept13(z, &h, suite, &o, closes);
	group = choose_group(z, &h);
	if (group == 0)
		return refuse(no, out, closes);
	put_hello(&o, v, suite, group, false);
	put_rest(&o, v, suite, group);
	return o.len;
}
