/* See ssh_exchange.h. */
#include "collector/endpoint/ssh_exchange.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "collector/endpoint/bytes.h"
#include "collector/endpoint/hello.h"

#define MSG_KEXINIT 20
#define MSG_INIT 30  /* of ECDH and of a fixed group */
#define MSG_REPLY 31 /* of these; the group of a group exchange */
#define MSG_GROUP_INIT 32
#define MSG_GROUP_REPLY 33
#define MSG_GROUP_REQUEST 34
#define GROUP_LEAST 1024 /* bits: the smallest prime that is asked for */
#define GROUP_MOST 8192
#define PRIME_BYTES_MAX 2048

enum share { SHARE_POINT, SHARE_NUMBER, SHARE_GROUP };

/* What is sent as our public value: zeros, and behind them a point. */
struct method {
	const char *name;
	enum share share;
	uint16_t group; /* of TLS, whose share in hello.c is sent */
	size_t zeros;
};

static const struct method methods[] = {
	{ "ecdh-sha2-nistp256", SHARE_POINT, 0x0017, 0 },
	{ "ecdh-sha2-nistp384", SHARE_POINT, 0x0018, 0 },
	{ "ecdh-sha2-nistp521", SHARE_POINT, 0x0019, 0 },
	{ "curve25519-sha256", SHARE_POINT, 0x001d, 0 },
	{ "curve25519-sha256@libssh.org", SHARE_POINT, 0x001d, 0 },
	{ "curve448-sha512", SHARE_POINT, 0x001e, 0 },
	{ "diffie-hellman-group14-sha256", SHARE_NUMBER, 0, 0 },
	{ "diffie-hellman-group15-sha512", SHARE_NUMBER, 0, 0 },
	{ "diffie-hellman-group16-sha512", SHARE_NUMBER, 0, 0 },
	{ "diffie-hellman-group17-sha512", SHARE_NUMBER, 0, 0 },
	{ "diffie-hellman-group18-sha512", SHARE_NUMBER, 0, 0 },
	{ "diffie-hellman-group14-sha1", SHARE_NUMBER, 0, 0 },
	{ "diffie-hellman-group1-sha1", SHARE_NUMBER, 0, 0 },
	{ "mlkem768x25519-sha256", SHARE_POINT, 0x001d, 1184 },
	{ "mlkem768nistp256-sha256", SHARE_POINT, 0x0017, 1184 },
	{ "mlkem1024nistp384-sha384", SHARE_POINT, 0x0018, 1568 },
	{ "sntrup761x25519-sha512", SHARE_POINT, 0x001d, 1158 },
	{ "sntrup761x25519-sha512@openssh.com", SHARE_POINT, 0x001d, 1158 },
	{ "diffie-hellman-group-exchange-sha256", SHARE_GROUP, 0, 0 },
	{ "diffie-hellman-group-exchange-sha1", SHARE_GROUP, 0, 0 },
};

int
ssh_list_place(const struct buf *list, const char *name, size_t len)
{
	const char *s = list->p;

	for (int i = 1; s != NULL && *s != '\0'; i++) {
		size_t n = strcspn(s, ",");

		if (n == len && memcmp(s, name, len) == 0)
			return i;
		s += n + (s[n] == ',');
	}
	return 0;
}

void
ssh_exchange_init(
    struct ssh_exchange *x, const char *host_key, const char *only_kex)
{
	memset(x, 0, sizeof(*x));
	ssh_reader_init(&x->reader);
	x->key.blob.max = SSH_PACKET_MAX;
	x->host_key = host_key;
	x->only_kex = only_kex;
}

void
ssh_exchange_free(struct ssh_exchange *x)
{
	ssh_reader_free(&x->reader);
	buf_free(&x->key.blob);
}

/* ---- packets of ours ---- */

static void
put32(struct buf *b, size_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_putc(b, (char)(unsigned char)(v >> shift & 0xff));
}

static void
put_string(struct buf *b, const void *p, size_t len)
{
	put32(b, len);
	buf_put(b, p, len);
}

/* RFC 4253 6: padded to a multiple of 8 with at least 4 bytes. */
static void
put_packet(struct buf *out, const struct buf *payload)
{
	static const char zeros[16];
	size_t padding = 8 - (5 + payload->len) % 8;

	if (padding < 4)
		padding += 8;
	put32(out, 1 + payload->len + padding);
	buf_putc(out, (char)padding);
	buf_put(out, payload->p, payload->len);
	buf_put(out, zeros, padding);
}

static void
put_methods(struct buf *out, const char *only)
{
	BUF_AUTO(names, 1024);

	for (size_t i = 0; only == NULL && i < LENGTH(methods); i++)
		buf_printf(&names, "%s%s", i > 0 ? "," : "", methods[i].name);
	if (only != NULL)
		buf_puts(&names, only);
	put_string(out, names.p, names.len);
}

void
ssh_exchange_begin(const struct ssh_exchange *x,
    const struct buf lists[SSH_LISTS], struct buf *out)
{
	BUF_AUTO(b, 2 * SSH_PACKET_MAX);

	buf_putc(&b, MSG_KEXINIT);
	for (char i = 0; i < 16; i++)
		buf_putc(&b, i); /* cookie: nothing secret comes of it */
	put_methods(&b, x->only_kex);
	put_string(&b, x->host_key, strlen(x->host_key));
	for (int i = SSH_CIPHER_TO_SERVER; i < SSH_LISTS; i++)
		put_string(&b, lists[i].p, lists[i].len);
	put32(&b, 0); /* languages, two empty lists */
	put32(&b, 0);
	buf_putc(&b, 0); /* no guess follows */
	put32(&b, 0);
	put_packet(out, &b);
}

/* A number that every group accepts: below each prime, and not of few bits. */
static void
put_number(struct buf *b)
{
	uint8_t n[64];

	for (size_t i = 0; i < sizeof(n); i++)
		n[i] = (uint8_t)(0x35 + 37 * i);
	n[0] &= 0x7f;
	put_string(b, n, sizeof(n));
}

static void
put_point(struct buf *b, const struct method *m)
{
	BUF_AUTO(point, 4096);

	for (size_t i = 0; i < m->zeros; i++)
		buf_putc(&point, 0);
	hello_share(m->group, &point);
	put_string(b, point.p, point.len);
}

static void
say_init(struct ssh_exchange *x, struct buf *reply)
{
	const struct method *m = x->method;
	BUF_AUTO(b, 8192);

	if (m->share == SHARE_GROUP && !x->group_asked) {
		x->group_asked = true;
		buf_putc(&b, MSG_GROUP_REQUEST);
		put32(&b, GROUP_LEAST);
		put32(&b, GROUP_LEAST);
		put32(&b, GROUP_MOST);
	} else {
		buf_putc(
		    &b, m->share == SHARE_GROUP ? MSG_GROUP_INIT : MSG_INIT);
		if (m->share == SHARE_POINT)
			put_point(&b, m);
		else
			put_number(&b);
	}
	put_packet(reply, &b);
}

/* The first of ours that the server has too: RFC 4253 7.1. */
static const struct method *
agreed(const struct ssh_exchange *x)
{
	const struct buf *list = &x->reader.lists[SSH_KEX];

	for (size_t i = 0; i < LENGTH(methods); i++) {
		const char *name = methods[i].name;

		if ((x->only_kex == NULL || strcmp(x->only_kex, name) == 0) &&
		    ssh_list_place(list, name, strlen(name)) > 0)
			return &methods[i];
	}
	return NULL;
}

/* ---- what the server sends ---- */

static int
bits_of(struct bytes n)
{
	int bits;

	while (n.len > 0 && n.p[0] == 0) {
		n.p++;
		n.len--;
	}
	if (n.len == 0 || n.len > PRIME_BYTES_MAX)
		return 0;
	bits = (int)n.len * 8;
	for (uint8_t top = n.p[0]; (top & 0x80) == 0; top = (uint8_t)(top << 1))
		bits--;
	return bits;
}

static void
keep_name(struct bytes name, char out[SSH_NAME_MAX])
{
	size_t n = 0;

	for (; n < name.len && n < SSH_NAME_MAX - 1; n++)
		out[n] =
		    name.p[n] > ' ' && name.p[n] <= '~' ? (char)name.p[n] : '?';
	out[n] = '\0';
}

static bool
begins(const struct ssh_key *k, const char *with)
{
	return strncmp(k->type, with, strlen(with)) == 0;
}

int
ssh_key_read(const uint8_t *p, size_t len, struct ssh_key *out)
{
	struct bytes b = { p, len, false };

	keep_name(bytes_vector(&b, 4), out->type);
	if (strstr(out->type, "-cert-v01@openssh.com") != NULL)
		(void)bytes_vector(&b, 4); /* nonce */
	out->curve[0] = '\0';
	out->bits = 0;
	if (begins(out, "ssh-rsa")) {
		(void)bytes_vector(&b, 4); /* e */
		out->bits = bits_of(bytes_vector(&b, 4));
	} else if (begins(out, "ssh-dss"))
		out->bits = bits_of(bytes_vector(&b, 4));
	else if (begins(out, "ecdsa-sha2-")) {
		keep_name(bytes_vector(&b, 4), out->curve);
		out->bits = strcmp(out->curve, "nistp256") == 0	  ? 256
			    : strcmp(out->curve, "nistp384") == 0 ? 384
			    : strcmp(out->curve, "nistp521") == 0 ? 521
								  : 0;
		(void)bytes_vector(&b, 4);
	} else if (begins(out, "ssh-ed25519"))
		out->bits = (int)bytes_vector(&b, 4).len * 8;
	else if (begins(out, "ssh-ed448"))
		out->bits = 456;
	return b.failed || out->type[0] == '\0' ? -1 : 0;
}

static enum ssh_state
broken(struct ssh_exchange *x, const char *why)
{
	x->why = why;
	return SSH_BROKEN;
}

static enum ssh_state
take_group(struct ssh_exchange *x, struct bytes b, struct buf *reply)
{
	x->group_bits = bits_of(bytes_vector(&b, 4));
	if (b.failed || x->group_bits == 0)
		return broken(x, "a malformed group");
	if (x->only_kex != NULL) {
		x->whole = true;
		return SSH_DONE;
	}
	say_init(x, reply);
	return SSH_MORE;
}

static enum ssh_state
take_key(struct ssh_exchange *x, struct bytes b)
{
	struct bytes blob = bytes_vector(&b, 4);

	if (blob.failed || ssh_key_read(blob.p, blob.len, &x->key) == -1)
		return broken(x, "a malformed host key");
	buf_put(&x->key.blob, blob.p, blob.len);
	x->whole = x->key.blob.failed == FAULT_NONE;
	return x->whole ? SSH_DONE : broken(x, "out of memory");
}

static enum ssh_state
take_message(
    struct ssh_exchange *x, int type, struct bytes b, struct buf *reply)
{
	const struct method *m = x->method;

	if (type == MSG_REPLY && m->share == SHARE_GROUP)
		return take_group(x, b, reply);
	if (type == (m->share == SHARE_GROUP ? MSG_GROUP_REPLY : MSG_REPLY))
		return take_key(x, b);
	return broken(x, "an SSH message out of turn");
}

enum ssh_state
ssh_exchange_take(
    struct ssh_exchange *x, const uint8_t *p, size_t len, struct buf *reply)
{
	enum ssh_state state;
	struct bytes payload;
	int type;

	if (!x->begun) {
		state = ssh_reader_take(&x->reader, p, len);
		if (state != SSH_DONE) {
			x->why = x->reader.why;
			return state;
		}
		x->begun = true;
		if ((x->method = agreed(x)) == NULL)
			return broken(x, "no key exchange in common");
		say_init(x, reply);
		len = 0;
	}
	while ((state = ssh_reader_message(
		    &x->reader, p, len, &type, &payload)) == SSH_DONE) {
		state = take_message(x, type, payload, reply);
		if (state != SSH_MORE)
			return state;
		len = 0;
	}
	if (state == SSH_BROKEN)
		x->why = x->reader.why;
	return state;
}
