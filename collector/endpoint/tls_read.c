/* See tls_read.h. */
#include "collector/endpoint/tls_read.h"

#include <ctype.h>
#include <string.h>

#include "collector/endpoint/bytes.h"
#include "collector/endpoint/names.h"

enum { RECORD_CHANGE = 20, RECORD_ALERT = 21, RECORD_HANDSHAKE = 22 };
enum {
	MSG_HELLO_REQUEST = 0,
	MSG_SERVER_HELLO = 2,
	MSG_ENCRYPTED_EXTENSIONS = 8,
	MSG_CERTIFICATE = 11,
	MSG_KEY_EXCHANGE = 12,
	MSG_HELLO_DONE = 14,
	MSG_CERTIFICATE_VERIFY = 15,
	MSG_CERTIFICATE_STATUS = 22
};

/* RFC 8446 4.1.3: the random value that marks a HelloRetryRequest. */
static const uint8_t retry_random[32] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a,
	0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2,
	0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8,
	0x33, 0x9c };

/* ---- an answer ---- */

void
answer_free(struct answer *a)
{
	buf_free(&a->certificate);
	buf_free(&a->dh_prime);
	buf_free(&a->dh_generator);
}

void
answer_reset(struct answer *a)
{
	answer_free(a);
	memset(a, 0, sizeof(*a));
	a->certificate.max = MESSAGE_MAX;
	a->dh_prime.max = a->dh_generator.max = 4096;
}

static bool
broken(struct answer *a, const char *why)
{
	/* after a ServerHello the answer stands; only the rest is lacking */
	if (a->kind == ANSWER_NONE)
		a->kind = ANSWER_BROKEN;
	a->why = why;
	return true;
}

/* ---- messages ---- */

/* The server's one choice (RFC 7301 3.1); kept if it is printable. */
static void
read_alpn(struct bytes ext, char out[PROTOCOL_NAME_MAX + 1])
{
	struct bytes list = bytes_vector(&ext, 2);
	struct bytes name = bytes_vector(&list, 1);

	if (name.failed || name.len > PROTOCOL_NAME_MAX)
		return;
	for (size_t i = 0; i < name.len; i++)
		if (!isgraph(name.p[i]))
			return;
	if (name.len > 0)
		memcpy(out, name.p, name.len);
	out[name.len] = '\0';
}

static void
read_extension(uint32_t type, struct bytes ext, struct server_hello *out)
{
	switch (type) {
	case 16:
		read_alpn(ext, out->alpn);
		break;
	case 22:
		out->encrypt_then_mac = true;
		break;
	case 23:
		out->master_secret = true;
		break;
	case 35:
		out->ticket = true;
		break;
	case 43:
		out->version = (uint16_t)bytes_number(&ext, 2);
		break;
	case 51:
		out->group = (uint16_t)bytes_number(&ext, 2);
		break;
	case 0xff01:
		out->renegotiation = true;
		break;
	default:
		break;
	}
}

int
server_hello_read(const uint8_t *p, size_t len, struct server_hello *out)
{
	struct bytes b = { p, len, false }, random, extensions;

	memset(out, 0, sizeof(*out));
	out->version = (uint16_t)bytes_number(&b, 2);
	random = bytes_take(&b, 32);
	if (bytes_vector(&b, 1).len > 32)
		return -1;
	out->suite = (uint16_t)bytes_number(&b, 2);
	out->compression = (uint8_t)bytes_number(&b, 1);
	if (b.failed || out->version >> 8 != 3)
		return -1;
	out->retry = memcmp(random.p, retry_random, 32) == 0;
	if (b.len == 0)
		return 0;
	extensions = bytes_vector(&b, 2);
	if (b.failed || b.len > 0)
		return -1;
	while (extensions.len > 0 && !extensions.failed) {
		uint32_t type = bytes_number(&extensions, 2);
		struct bytes ext = bytes_vector(&extensions, 2);

		if (!ext.failed)
			read_extension(type, ext, out);
	}
	return extensions.failed ? -1 : 0;
}

/* RFC 5246 7.4.3: p, g, Ys; kept for whoever knows groups by their prime. */
static bool
read_dh(struct bytes *b, struct answer *a)
{
	struct bytes prime = bytes_vector(b, 2), generator = bytes_vector(b, 2);
	struct bytes share = bytes_vector(b, 2);

	if (share.failed || prime.len == 0 || generator.len == 0)
		return false;
	buf_put(&a->dh_prime, prime.p, prime.len);
	buf_put(&a->dh_generator, generator.p, generator.len);
	a->finite_field = a->dh_prime.failed == FAULT_NONE &&
			  a->dh_generator.failed == FAULT_NONE;
	return true;
}

/* RFC 8422 5.4: a named curve and a point. */
static bool
read_ecdh(struct bytes *b, struct answer *a)
{
	if (bytes_number(b, 1) != 3)
		return false;
	a->group = (uint16_t)bytes_number(b, 2);
	return !bytes_vector(b, 1).failed;
}

static bool
read_key_exchange(struct bytes b, struct answer *a)
{
	enum key_exchange kx = suite_key_exchange(a->hello.suite);
	bool good = true;

	if (kx == KX_DHE || kx == KX_DH_ANON)
		good = read_dh(&b, a);
	else if (kx == KX_ECDHE || kx == KX_ECDH_ANON)
		good = read_ecdh(&b, a);
	if (good && (kx == KX_DHE || kx == KX_ECDHE) &&
	    a->hello.version == TLS_1_2)
		a->signature = (uint16_t)bytes_number(&b, 2);
	return good && !b.failed;
}

static bool
take_server_hello(struct answer *a, struct bytes b)
{
	if (a->kind == ANSWER_ACCEPTED)
		return broken(a, "a second ServerHello");
	if (server_hello_read(b.p, b.len, &a->hello) == -1)
		return broken(a, "a malformed ServerHello");
	a->kind = ANSWER_ACCEPTED;
	a->group = a->hello.group;
	a->whole = a->hello.version >= TLS_1_3; /* the rest is encrypted */
	return a->whole;
}

static bool
take_certificate(struct answer *a, struct bytes b, bool tls13)
{
	const uint8_t *der;
	size_t der_len, i = 0;
	bool status;
	int rc;

	while ((rc = certificate_at(
		    b.p, b.len, tls13, i, &der, &der_len, &status)) == 1) {
		a->stapled |= status;
		i++;
	}
	if (rc == -1)
		return broken(a, "a malformed Certificate");
	buf_reset(&a->certificate);
	buf_put(&a->certificate, b.p, b.len);
	a->certificate13 = tls13;
	return false;
}

/* RFC 8446 4.3.1 */
static void
take_encrypted_extensions(struct answer *a, struct bytes b)
{
	struct bytes all = bytes_vector(&b, 2);

	while (all.len > 0 && !all.failed) {
		uint32_t type = bytes_number(&all, 2);
		struct bytes ext = bytes_vector(&all, 2);

		if (type == 16 && !ext.failed)
			read_alpn(ext, a->hello.alpn);
	}
}

bool
answer_take_message(
    struct answer *a, int type, const uint8_t *p, size_t len, bool tls13)
{
	struct bytes b = { p, len, false };

	if (type == MSG_SERVER_HELLO)
		return take_server_hello(a, b);
	if (type == MSG_HELLO_REQUEST)
		return false;
	if (a->kind != ANSWER_ACCEPTED)
		return broken(a, "a message before ServerHello");
	switch (type) {
	case MSG_CERTIFICATE:
		return take_certificate(a, b, tls13);
	case MSG_CERTIFICATE_STATUS:
		a->stapled = true;
		return false;
	case MSG_ENCRYPTED_EXTENSIONS:
		take_encrypted_extensions(a, b);
		return false;
	case MSG_KEY_EXCHANGE:
		if (!read_key_exchange(b, a))
			return broken(a, "a malformed ServerKeyExchange");
		return false;
	case MSG_CERTIFICATE_VERIFY:
		a->signature = (uint16_t)bytes_number(&b, 2);
		a->whole = !b.failed;
		return true;
	case MSG_HELLO_DONE:
		a->whole = true;
		return true;
	default:
		return false;
	}
}

int
certificate_at(const uint8_t *p, size_t len, bool tls13, size_t i,
    const uint8_t **der, size_t *der_len, bool *status)
{
	struct bytes b = { p, len, false }, list, one = { 0 }, ext;

	*status = false;
	if (tls13)
		(void)bytes_vector(&b, 1); /* context */
	list = bytes_vector(&b, 3);
	if (b.failed || b.len > 0)
		return -1;
	for (size_t n = 0; n <= i; n++) {
		if (list.len == 0)
			return 0;
		one = bytes_vector(&list, 3);
		ext = tls13 ? bytes_vector(&list, 2) : (struct bytes){ 0 };
		if (list.failed || one.len == 0)
			return -1;
		*status = false;
		while (ext.len > 0 && !ext.failed) {
			*status |= bytes_number(&ext, 2) == 5;
			(void)bytes_vector(&ext, 2);
		}
		if (ext.failed)
			return -1;
	}
	*der = one.p;
	*der_len = one.len;
	return 1;
}

/* ---- records ---- */

void
tls_reader_init(struct tls_reader *r, struct answer *a)
{
	memset(r, 0, sizeof(*r));
	r->record.max = 5 + RECORD_MAX;
	r->messages.max = 4 + MESSAGE_MAX + RECORD_MAX;
	r->answer = a;
}

void
tls_reader_free(struct tls_reader *r)
{
	buf_free(&r->record);
	buf_free(&r->messages);
}

static void
drop_front(struct buf *b, size_t len)
{
	memmove(b->p, b->p + len, b->len - len);
	b->len -= len;
}

/* Every whole message in r->messages. */
static bool
take_messages(struct tls_reader *r)
{
	struct answer *a = r->answer;
	bool done = false;

	while (!done && r->messages.len >= 4) {
		const uint8_t *p = (const uint8_t *)r->messages.p;
		size_t len = (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];

		if (len > MESSAGE_MAX)
			return broken(
			    a, "a handshake message of more than 131072 bytes");
		if (r->messages.len < 4 + len)
			return false;
		done = answer_take_message(a, p[0], p + 4, len, false);
		drop_front(&r->messages, 4 + len);
	}
	return done;
}

static bool
take_alert(struct tls_reader *r, struct bytes b)
{
	struct answer *a = r->answer;
	uint32_t level = bytes_number(&b, 1), what = bytes_number(&b, 1);

	if (b.failed)
		return broken(a, "a malformed alert");
	if (level == 1 && what != ALERT_CLOSE_NOTIFY) {
		if (++r->warnings > WARNINGS_MAX)
			return broken(a, "warning alerts without end");
		return false;
	}
	if (a->kind != ANSWER_NONE)
		return broken(a, "an alert after ServerHello");
	a->kind = what == ALERT_CLOSE_NOTIFY ? ANSWER_CLOSED : ANSWER_ALERT;
	a->alert = (int)what;
	return true;
}

static bool
take_record(struct tls_reader *r, int type, struct bytes b)
{
	if (++r->records > RECORDS_MAX)
		return broken(r->answer, "records without end");
	if (type == RECORD_ALERT)
		return take_alert(r, b);
	if (type == RECORD_CHANGE)
		return false;
	if (type != RECORD_HANDSHAKE)
		return broken(r->answer, "data before the handshake");
	buf_put(&r->messages, b.p, b.len);
	if (r->messages.failed != FAULT_NONE)
		return broken(r->answer, "out of memory");
	return take_messages(r);
}

/* Wrong in its first bytes already? It need not be waited for. */
static bool
is_no_record(const struct buf *b)
{
	const uint8_t *p = (const uint8_t *)b->p;

	return (b->len > 0 && (p[0] < 20 || p[0] > 23)) ||
	       (b->len > 1 && p[1] != 3);
}

/* The bytes of the record at hand: of its header until that is whole. */
static size_t
record_size(const struct buf *b)
{
	const uint8_t *p = (const uint8_t *)b->p;

	return b->len < 5 ? 5 : 5 + ((size_t)p[3] << 8 | p[4]);
}

bool
tls_reader_take(struct tls_reader *r, const uint8_t *p, size_t len)
{
	struct buf *b = &r->record;

	while (len > 0) {
		size_t n = record_size(b) - b->len;

		if (n > len)
			n = len;
		buf_put(b, p, n);
		p += n;
		len -= n;
		if (b->failed != FAULT_NONE)
			return broken(r->answer, "out of memory");
		if (is_no_record(b))
			return broken(r->answer, "no TLS record");
		if (record_size(b) > b->max)
			return broken(r->answer, "a record that is too long");
		if (b->len < record_size(b))
			continue;
		if (take_record(r, (uint8_t)b->p[0],
			(struct bytes){
			    (const uint8_t *)b->p + 5, b->len - 5, false }))
			return true;
		buf_reset(b);
	}
	return false;
}
