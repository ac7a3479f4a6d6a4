/*
 * Servers for tests/integration/endpoint*.sh, each on a loopback port of its
 * own: small ones that speak what libssl no longer does or begin with STARTTLS,
 * and hostile ones. Writes "NAME PORT" lines to a file and serves until it is
 * killed.
 * usage: endpoint_server FILE
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/length.h"
#include "tls_zoo.h"

#define HELLO_MAX 16384

struct behaviour {
	const char *name;
	void (*serve)(int fd, int nth); /* nth connection, from 0 */
};

struct listener {
	const struct behaviour *b;
	const struct zoo *z; /* or a server of the zoo */
	int fd, nth;
};

/* ---- bytes ---- */

static bool
put(int fd, const void *p, size_t len)
{
	for (const char *at = p; len > 0;) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
get(int fd, void *p, size_t len)
{
	for (char *at = p; len > 0;) {
		ssize_t n = recv(fd, at, len, 0);

		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

/* Read lines until one that contains word. */
static bool
get_line_with(int fd, const char *word)
{
	char line[256];
	size_t n = 0;

	while (n < sizeof(line) - 1 && get(fd, line + n, 1)) {
		line[++n] = '\0';
		if (line[n - 1] != '\n')
			continue;
		if (strstr(line, word) != NULL)
			return true;
		n = 0;
	}
	return false;
}

static void
hold(int fd)
{
	char c;

	while (recv(fd, &c, 1, 0) > 0)
		continue;
}

/* ---- a very small TLS server: it never gets beyond ServerHelloDone ---- */

struct hello {
	uint8_t bytes[HELLO_MAX];
	size_t len;
	unsigned version;
	const uint8_t *suites;
	size_t nsuites;
};

static bool
get_hello(int fd, struct hello *h)
{
	size_t at;

	if (!get(fd, h->bytes, 5) || h->bytes[0] != 22)
		return false;
	h->len = (size_t)h->bytes[3] << 8 | h->bytes[4];
	if (h->len < 44 || h->len > sizeof(h->bytes) ||
	    !get(fd, h->bytes, h->len))
		return false;
	h->version = (unsigned)h->bytes[4] << 8 | h->bytes[5];
	at = 4 + 2 + 32;
	at += 1u + h->bytes[at];
	if (at + 2 > h->len)
		return false;
	h->nsuites = ((size_t)h->bytes[at] << 8 | h->bytes[at + 1]) / 2;
	h->suites = h->bytes + at + 2;
	return at + 2 + 2 * h->nsuites <= h->len;
}

static bool
offers(const struct hello *h, unsigned suite)
{
	for (size_t i = 0; i < h->nsuites; i++)
		if (((unsigned)h->suites[2 * i] << 8 | h->suites[2 * i + 1]) ==
		    suite)
			return true;
	return false;
}

/* Does the hello ask for TLS 1.3 (supported_versions, its value)? */
static bool
asks_tls13(const struct hello *h)
{
	static const uint8_t ext[] = { 0, 43, 0, 3, 2, 3, 4 };

	return memmem(h->bytes, h->len, ext, sizeof(ext)) != NULL;
}

static void
alert(int fd, unsigned level, unsigned what)
{
	const uint8_t a[] = { 21, 3, 1, 0, 2, (uint8_t)level, (uint8_t)what };

	(void)put(fd, a, sizeof(a));
}

/* A record with a ServerHello without extensions. */
static size_t
server_hello(uint8_t out[128], unsigned version, unsigned suite)
{
	const uint8_t head[] = { 22, 3, (uint8_t)version, 0, 42, 2, 0, 0, 38,
		(uint8_t)(version >> 8), (uint8_t)version };

	memset(out, 0, 128);
	memcpy(out, head, sizeof(head));
	memset(out + 11, 7, 32);
	out[44] = (uint8_t)(suite >> 8);
	out[45] = (uint8_t)suite;
	return 47;
}

static void
tiny(int fd, unsigned version, const unsigned *suites, size_t piece)
{
	/* a Certificate without certificates, ServerHelloDone */
	static const uint8_t end[] = { 22, 3, 1, 0, 11, 11, 0, 0, 3, 0, 0, 0,
		14, 0, 0, 0 };
	struct hello h;
	uint8_t out[256];
	size_t len;

	if (!get_hello(fd, &h))
		return;
	while (*suites != 0 && !offers(&h, *suites))
		suites++;
	if (h.version != version || *suites == 0 || asks_tls13(&h)) {
		alert(fd, 2, h.version == version ? 40 : 70);
		return;
	}
	len = server_hello(out, version, *suites);
	memcpy(out + len, end, sizeof(end));
	len += sizeof(end);
	for (size_t i = 0; i < len; i += piece)
		if (!put(fd, out + i, len - i < piece ? len - i : piece))
			return;
	hold(fd);
}

static const unsigned rc4_only[] = { 0x0004, 0 };
static const unsigned aes_only[] = { 0x009c, 0x002f, 0 };

static void
ssl3(int fd, int nth)
{
	(void)nth;
	tiny(fd, 0x0300, rc4_only, 4096);
}

static void
bytewise(int fd, int nth)
{
	(void)nth;
	tiny(fd, 0x0303, aes_only, 1);
}

/* Accepts at first, then refuses everything: a limit on connections. */
static void
tired(int fd, int nth)
{
	if (nth < 3)
		tiny(fd, 0x0303, aes_only, 4096);
}

/* ---- STARTTLS ---- */

static void
postgres(int fd, int nth)
{
	char request[8];

	(void)nth;
	if (get(fd, request, 8) && put(fd, "S", 1))
		tiny(fd, 0x0303, aes_only, 4096);
}

static void
postgres_without(int fd, int nth)
{
	char request[8];

	(void)nth;
	if (get(fd, request, 8))
		(void)put(fd, "N", 1);
}

static void
mysql(int fd, int nth)
{
	static const char greeting[] = "\x1c\0\0\0\x0a"
				       "8.0.1\0\1\0\0\0abcdefgh\0\xff\xff\x21"
				       "\2\0\xff\xff\x15";
	char request[36];

	(void)nth;
	if (put(fd, greeting, sizeof(greeting) - 1) && get(fd, request, 36))
		tiny(fd, 0x0303, aes_only, 4096);
}

static void
ldap(int fd, int nth)
{
	static const char answer[] = "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00"
				     "\x04\x00\x04\x00";
	char request[31];

	(void)nth;
	if (get(fd, request, 31) && put(fd, answer, 14))
		tiny(fd, 0x0303, aes_only, 4096);
}

static void
smtp(int fd, int nth)
{
	(void)nth;
	if (put(fd, "220-hello\r\n220 there\r\n", 22) &&
	    get_line_with(fd, "EHLO") &&
	    put(fd, "250-me\r\n250-STARTTLS\r\n250 OK\r\n", 30) &&
	    get_line_with(fd, "STARTTLS") && put(fd, "220 go\r\n", 8))
		tiny(fd, 0x0303, aes_only, 4096);
}

static void
imap(int fd, int nth)
{
	(void)nth;
	if (put(fd, "* OK hello\r\n", 12) && get_line_with(fd, "STARTTLS") &&
	    put(fd, "* noise\r\na1 OK go\r\n", 19))
		tiny(fd, 0x0303, aes_only, 4096);
}

static void
rdp_answers(int fd, uint8_t type, uint8_t value)
{
	char request[19];
	const char answer[19] = { 3, 0, 0, 19, 14, (char)0xd0, 0, 0, 0x12, 0x34,
		0, (char)type, 0, 8, 0, (char)value, 0, 0, 0 };

	if (get(fd, request, sizeof(request)) &&
	    memcmp(request, "\3\0\0\23\16\340", 6) == 0)
		(void)put(fd, answer, sizeof(answer));
}

static void
rdp(int fd, int nth)
{
	(void)nth;
	rdp_answers(fd, 2, 2);
	tiny(fd, 0x0303, aes_only, 4096);
}

static void
rdp_without(int fd, int nth)
{
	(void)nth;
	rdp_answers(fd, 3, 2); /* SSL_NOT_ALLOWED_BY_SERVER */
}

/* ---- hostile ---- */

static void
closes(int fd, int nth)
{
	(void)fd;
	(void)nth;
}

static void
stalls(int fd, int nth)
{
	(void)nth;
	hold(fd);
}

static void
garbage(int fd, int nth)
{
	static const char text[] = "HTTP/1.1 400 Bad Request\r\n\r\n";

	(void)nth;
	(void)put(fd, text, sizeof(text) - 1);
	hold(fd);
}

static void
floods(int fd, int nth)
{
	static const uint8_t change[] = { 20, 3, 3, 0, 1, 1 };

	(void)nth;
	while (put(fd, change, sizeof(change)))
		continue;
}

static void
warns(int fd, int nth)
{
	static const uint8_t warning[] = { 21, 3, 1, 0, 2, 1, 112 };

	(void)nth;
	while (put(fd, warning, sizeof(warning)))
		continue;
}

static void
alerts(int fd, int nth)
{
	(void)nth;
	alert(fd, 2, 40);
}

/* A Certificate message of 16 MB behind a good ServerHello. */
static void
large(int fd, int nth)
{
	static uint8_t zeros[16384];
	struct hello h;
	uint8_t out[128];
	const uint8_t head[] = { 22, 3, 3, 0x40, 0, 11, 0xff, 0xff, 0xff };
	size_t len;

	(void)nth;
	if (!get_hello(fd, &h))
		return;
	if (asks_tls13(&h) || h.version != 0x0303 || !offers(&h, 0x009c)) {
		alert(fd, 2, 40);
		return;
	}
	len = server_hello(out, 0x0303, 0x009c);
	if (!put(fd, out, len) || !put(fd, head, sizeof(head)) ||
	    !put(fd, zeros, 16384 - 4))
		return;
	for (int i = 0; i < 1024; i++)
		if (!put(fd, head, 5) || !put(fd, zeros, 16384))
			return;
}

static void
wrong_version(int fd, int nth)
{
	struct hello h;
	uint8_t out[128];

	(void)nth;
	if (get_hello(fd, &h))
		(void)put(fd, out, server_hello(out, 0x0399, 0x009c));
	hold(fd);
}

static void
not_offered(int fd, int nth)
{
	struct hello h;
	uint8_t out[128];

	(void)nth;
	if (get_hello(fd, &h))
		(void)put(fd, out, server_hello(out, h.version, 0x1234));
	hold(fd);
}

/* A HelloRetryRequest to everything, again and again. */
static void
retries(int fd, int nth)
{
	static const uint8_t random[32] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a,
		0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
		0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e,
		0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };
	static const uint8_t extensions[] = { 0, 12, 0, 43, 0, 2, 3, 4, 0, 51,
		0, 2, 0, 24 };
	struct hello h;
	uint8_t out[256] = { 22, 3, 3, 0, 0, 2, 0, 0, 0, 3, 3 };
	size_t sid, len;

	(void)nth;
	while (get_hello(fd, &h)) {
		if (!asks_tls13(&h) || !offers(&h, 0x1301)) {
			alert(fd, 2, 70);
			return;
		}
		sid = h.bytes[4 + 2 + 32];
		memcpy(out + 11, random, 32);
		memcpy(out + 43, h.bytes + 4 + 2 + 32, 1 + sid);
		len = 44 + sid;
		out[len++] = 0x13;
		out[len++] = 0x01;
		out[len++] = 0;
		memcpy(out + len, extensions, sizeof(extensions));
		len += sizeof(extensions);
		out[4] = (uint8_t)(len - 5);
		out[8] = (uint8_t)(len - 9);
		if (!put(fd, out, len))
			return;
	}
}

/* ---- SSH ---- */

static void
ssh(int fd, int nth)
{
	static const char kex[] = "curve25519-sha256,ecdh-sha2-nistp256,"
				  "ext-info-s,kex-strict-s-v00@openssh.com";
	static const char *const lists[] = { kex, "rsa-sha2-256",
		"aes256-ctr,aes128-cbc", "aes256-ctr", "hmac-sha2-256",
		"hmac-sha2-256", "none", "none", "", "" };
	uint8_t out[1024] = { 0, 0, 0, 0, 4, 20 };
	size_t len = 6 + 16;

	(void)nth;
	(void)put(fd, "Authorized use only\r\nSSH-2.0-Test_1.0 x\r\n", 41);
	for (size_t i = 0; i < 10; i++) {
		size_t n = strlen(lists[i]);

		out[len + 3] = (uint8_t)n;
		memcpy(out + len + 4, lists[i], n);
		len += 4 + n;
	}
	len += 1 + 4 + 4; /* first follows, reserved, padding */
	out[2] = (uint8_t)((len - 4) >> 8);
	out[3] = (uint8_t)(len - 4);
	(void)put(fd, out, len);
	hold(fd);
}

static void
ssh_garbage(int fd, int nth)
{
	static const char line[] = "SSH-2.0-x\r\n\xff\xff\xff\xff";

	(void)nth;
	(void)put(fd, line, sizeof(line) - 1);
	hold(fd);
}

static void
ssh_floods(int fd, int nth)
{
	(void)nth;
	while (put(fd, "no version here ", 16))
		continue;
}

static const struct behaviour behaviours[] = {
	{ "ssl3", ssl3 },
	{ "bytewise", bytewise },
	{ "tired", tired },
	{ "postgres", postgres },
	{ "postgres-without", postgres_without },
	{ "mysql", mysql },
	{ "ldap", ldap },
	{ "smtp", smtp },
	{ "imap", imap },
	{ "rdp", rdp },
	{ "rdp-without", rdp_without },
	{ "closes", closes },
	{ "stalls", stalls },
	{ "garbage", garbage },
	{ "floods", floods },
	{ "warns", warns },
	{ "alerts", alerts },
	{ "large", large },
	{ "wrong-version", wrong_version },
	{ "not-offered", not_offered },
	{ "retries", retries },
	{ "ssh", ssh },
	{ "ssh-garbage", ssh_garbage },
	{ "ssh-floods", ssh_floods },
};

#define NBEHAVIOURS (LENGTH(behaviours))

/* ---- the zoo ---- */

#define ZOO_MAX 128

static void
serve_zoo(const struct zoo *z, int fd, int nth)
{
	uint8_t record[5 + HELLO_MAX], out[2048];
	bool closes = false;

	while (!closes && get(fd, record, 5) && record[0] == 22) {
		size_t len = (size_t)record[3] << 8 | record[4], n;

		if (len > HELLO_MAX || !get(fd, record + 5, len))
			return;
		n = zoo_answer(z, (unsigned)nth, record, 5 + len, out,
		    sizeof(out), &closes);
		if (!put(fd, out, n))
			return;
	}
}

/* ---- threads ---- */

struct connection {
	const struct behaviour *b;
	const struct zoo *z;
	int fd, nth;
};

static void *
serve(void *arg)
{
	struct connection *c = arg;

	if (c->z != NULL)
		serve_zoo(c->z, c->fd, c->nth);
	else
		c->b->serve(c->fd, c->nth);
	(void)close(c->fd);
	free(c);
	return NULL;
}

static void *
listen_on(void *arg)
{
	struct listener *l = arg;
	pthread_t t;

	for (;;) {
		struct connection *c = malloc(sizeof(*c));

		if (c == NULL)
			return NULL;
		c->b = l->b;
		c->z = l->z;
		c->fd = accept(l->fd, NULL, NULL);
		c->nth = l->nth++;
		if (c->fd == -1 || pthread_create(&t, NULL, serve, c) != 0) {
			free(c);
			return NULL;
		}
		(void)pthread_detach(t);
	}
}

int
main(int argc, char **argv)
{
	static struct listener listeners[NBEHAVIOURS + ZOO_MAX];
	FILE *out = argc == 2 ? fopen(argv[1], "we") : NULL;
	size_t animals = 0;
	pthread_t t;

	if (out == NULL)
		return 2;
	while (animals < ZOO_MAX && zoo[animals].name != NULL)
		animals++;
	for (size_t i = 0; i < NBEHAVIOURS + animals; i++) {
		struct sockaddr_in a = { .sin_family = AF_INET,
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		socklen_t len = sizeof(a);
		struct listener *l = &listeners[i];

		if (i < NBEHAVIOURS)
			l->b = &behaviours[i];
		else
			l->z = &zoo[i - NBEHAVIOURS];
		l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (l->fd == -1 ||
		    bind(l->fd, (struct sockaddr *)&a, sizeof(a)) == -1 ||
		    listen(l->fd, 64) == -1 ||
		    getsockname(l->fd, (struct sockaddr *)&a, &len) == -1 ||
		    pthread_create(&t, NULL, listen_on, l) != 0)
			return 2;
		(void)fprintf(out, "%s%s %u\n", l->z != NULL ? "zoo-" : "",
		    l->z != NULL ? l->z->name : l->b->name,
		    (unsigned)ntohs(a.sin_port));
	}
	(void)fprintf(out, "end 0\n");
	(void)fclose(out);
	(void)pause();
	return 0;
}
