/* See target.h. */
#include "collector/endpoint/target.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/file.h"

#define HOST_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-._"
#define LINE_SHOWN 200 /* bytes of a wrong line that a fault shows */

static const struct scheme {
	const char *name;
	enum protocol protocol;
	uint16_t port;
} schemes[] = {
	/* the first of a protocol is its name */
	{ "tls", PROTOCOL_TLS, 443 },
	{ "https", PROTOCOL_TLS, 443 },
	{ "ldaps", PROTOCOL_TLS, 636 },
	{ "smtps", PROTOCOL_TLS, 465 },
	{ "imaps", PROTOCOL_TLS, 993 },
	{ "postgres", PROTOCOL_POSTGRES, 5432 },
	{ "postgresql", PROTOCOL_POSTGRES, 5432 },
	{ "mysql", PROTOCOL_MYSQL, 3306 },
	{ "ldap", PROTOCOL_LDAP, 389 },
	{ "smtp", PROTOCOL_SMTP, 25 },
	{ "imap", PROTOCOL_IMAP, 143 },
	{ "rdp", PROTOCOL_RDP, 3389 },
	{ "ssh", PROTOCOL_SSH, 22 },
};

#define NSCHEMES (LENGTH(schemes))

static const struct scheme *
scheme_named(const char *s, size_t len)
{
	for (size_t i = 0; i < NSCHEMES; i++)
		if (strlen(schemes[i].name) == len &&
		    strncmp(schemes[i].name, s, len) == 0)
			return &schemes[i];
	return NULL;
}

static const struct scheme *
scheme_of(enum protocol p)
{
	size_t i = 0;

	while (schemes[i].protocol != p)
		i++;
	return &schemes[i];
}

const char *
protocol_name(enum protocol p)
{
	return scheme_of(p)->name;
}

/* ---- one ---- */

static int
wrong(const char *s, size_t len, const char *why, struct fault *f)
{
	return fault(f, FAULT_USAGE,
	    "endpoint '%.*s': %s; give HOST, HOST:PORT, [ADDRESS]:PORT or "
	    "SCHEME://HOST[:PORT]",
	    (int)(len < LINE_SHOWN ? len : LINE_SHOWN), s, why);
}

static bool
port_read(const char *s, size_t len, uint16_t *port)
{
	unsigned long v = 0;

	if (len == 0 || len > 5)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)s[i]))
			return false;
		v = v * 10 + (unsigned long)(s[i] - '0');
	}
	*port = (uint16_t)v;
	return v >= 1 && v <= 65535;
}

/* A name, an IPv4 address, or (bracketed) an IPv6 address. */
static bool
host_read(const char *s, size_t len, bool bracketed, struct target *out)
{
	unsigned char address[sizeof(struct in6_addr)];

	if (len == 0 || len > TARGET_HOST_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		out->host[i] = (char)tolower((unsigned char)s[i]);
	out->host[len] = '\0';
	if (strlen(out->host) != len)
		return false;
	if (bracketed || memchr(s, ':', len) != NULL) {
		out->literal = true;
		return inet_pton(AF_INET6, out->host, address) == 1 &&
		       inet_ntop(AF_INET6, address, out->host,
			   sizeof(out->host)) != NULL;
	}
	out->literal = inet_pton(AF_INET, out->host, address) == 1;
	return out->host[0] != '-' && out->host[0] != '.' &&
	       out->host[strspn(out->host, HOST_CHARS)] == '\0';
}

/* The host and what is behind it, without scheme or path. */
static const char *
authority_read(const char *s, size_t len, struct target *out)
{
	const char *end = s + len, *colon, *close;
	bool bracketed = len > 0 && s[0] == '[';

	if (bracketed) {
		if ((close = memchr(s, ']', len)) == NULL)
			return "a bracket is not closed";
		s++;
		colon = close + 1 < end ? close + 1 : NULL;
		if (colon != NULL && *colon != ':')
			return "not a port";
	} else {
		colon = close = memchr(s, ':', len);
		if (colon != NULL &&
		    memchr(colon + 1, ':', (size_t)(end - colon - 1)) != NULL)
			colon = close = NULL; /* a bare IPv6 address */
		if (close == NULL)
			close = end;
	}
	if (colon != NULL &&
	    !port_read(colon + 1, (size_t)(end - colon - 1), &out->port))
		return "not a port";
	if (!host_read(s, (size_t)(close - s), bracketed, out))
		return "not a host name or address";
	return NULL;
}

int
target_read(const char *s, size_t len, enum protocol starttls,
    struct target *out, struct fault *f)
{
	const char *sep = memmem(s, len, "://", 3), *why, *from = s, *path;
	const struct scheme *scheme = NULL;
	size_t left = len;

	memset(out, 0, sizeof(*out));
	if (sep != NULL) {
		scheme = scheme_named(s, (size_t)(sep - s));
		if (scheme == NULL)
			return wrong(s, len, "not a scheme that is known", f);
		from = sep + 3;
		left = len - (size_t)(from - s);
		if ((path = memchr(from, '/', left)) != NULL)
			left = (size_t)(path - from); /* an issuer's URL */
	}
	if ((why = authority_read(from, left, out)) != NULL)
		return wrong(s, len, why, f);
	if (scheme == NULL && starttls == PROTOCOL_TLS && out->port == 22)
		scheme = scheme_of(PROTOCOL_SSH);
	if (scheme == NULL)
		scheme = scheme_of(starttls);
	out->protocol = scheme->protocol;
	if (out->port == 0)
		out->port = scheme->port;
	(void)snprintf(out->name, sizeof(out->name),
	    strchr(out->host, ':') != NULL ? "[%s]:%u" : "%s:%u", out->host,
	    (unsigned)out->port);
	return 0;
}

/* ---- all ---- */

void
targets_free(struct targets *t)
{
	free(t->v);
	t->v = NULL;
	t->n = t->cap = 0;
}

static int
add(struct targets *t, const char *s, size_t len, enum protocol starttls,
    struct fault *f)
{
	if (t->n == TARGETS_MAX)
		return fault(
		    f, FAULT_LIMIT, "more than %d endpoints", TARGETS_MAX);
	if (t->n == t->cap) {
		size_t cap = t->cap == 0 ? 16 : 2 * t->cap;
		struct target *v = realloc(t->v, cap * sizeof(*v));

		if (v == NULL)
			return fault_memory(f);
		t->v = v;
		t->cap = cap;
	}
	return target_read(s, len, starttls, &t->v[t->n], f) == -1
		   ? -1
		   : (t->n++, 0);
}

/* One a line; white space around it and what is behind a # do not count. */
static int
add_lines(struct targets *t, const char *p, size_t len, enum protocol starttls,
    struct fault *f)
{
	const char *end = p + len;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl != NULL ? nl : end, *next = stop + 1;
		const char *hash = memchr(p, '#', (size_t)(stop - p));

		if (hash != NULL)
			stop = hash;
		while (p < stop && isspace((unsigned char)*p))
			p++;
		while (p < stop && isspace((unsigned char)stop[-1]))
			stop--;
		if (p < stop &&
		    add(t, p, (size_t)(stop - p), starttls, f) == -1)
			return -1;
		p = next;
	}
	return 0;
}

static int
add_file(struct targets *t, const char *name, enum protocol starttls,
    struct fault *f)
{
	BUF_AUTO(text, TARGETS_FILE_MAX);

	if ((strcmp(name, "-") == 0
		    ? file_read_fd(0, "standard input", &text, f)
		    : file_read(name, &text, f)) == -1)
		return -1;
	return add_lines(t, text.p, text.len, starttls, f);
}

static int
by_name(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* The same endpoint named twice is asked once. */
static int
unite(struct targets *t, struct fault *f)
{
	size_t n = 0;

	if (t->n > 1)
		qsort(t->v, t->n, sizeof(t->v[0]), by_name);
	for (size_t i = 0; i < t->n; i++) {
		if (n == 0 || by_name(&t->v[n - 1], &t->v[i]) != 0)
			t->v[n++] = t->v[i];
		else if (t->v[n - 1].protocol != t->v[i].protocol)
			return fault(f, FAULT_USAGE,
			    "endpoint %s: as %s and as %s? name it once",
			    t->v[i].name, protocol_name(t->v[n - 1].protocol),
			    protocol_name(t->v[i].protocol));
	}
	t->n = n;
	return 0;
}

static int
starttls_read(const struct request *r, enum protocol *p, struct fault *f)
{
	const char *name = request_get(r, "starttls");
	const struct scheme *s;

	*p = PROTOCOL_TLS;
	if (name == NULL)
		return 0;
	s = scheme_named(name, strlen(name));
	if (s == NULL || s->protocol == PROTOCOL_TLS ||
	    s->protocol == PROTOCOL_SSH)
		return fault(f, FAULT_USAGE,
		    "--starttls '%.40s': not postgres, mysql, ldap, smtp, "
		    "imap or rdp",
		    name);
	*p = s->protocol;
	return 0;
}

/* What is known may be odd: what is no endpoint is passed over. */
static int
take_known(void *ctx, const char *text, struct fault *f)
{
	struct targets *t = ctx;
	struct target one;
	struct fault why;

	if (target_read(text, strlen(text), PROTOCOL_TLS, &one, &why) == -1)
		return 0;
	for (size_t i = 0; i < t->n; i++)
		if (by_name(&t->v[i], &one) == 0)
			return 0; /* as it was named, not as it is known */
	return add(t, text, strlen(text), PROTOCOL_TLS, f);
}

static int
add_known(struct targets *t, const struct request *r, struct fault *f)
{
	if (request_get(r, "known") == NULL)
		return 0;
	if (r->known == NULL)
		return fault(f, FAULT_USAGE,
		    "endpoint --known: asks the store, and there is none here; "
		    "name the endpoints");
	if (r->known(r->known_ctx, "known-endpoints", take_known, t, f) == -1)
		return -1;
	return t->n > 0 ? 0
			: fault(f, FAULT_USAGE,
			      "endpoint --known: the store knows of no "
			      "endpoint; 'exhibit query known-endpoints' says "
			      "where they come from");
}

int
targets_read(struct targets *t, const struct request *r, struct fault *f)
{
	enum protocol starttls;

	if (starttls_read(r, &starttls, f) == -1)
		return -1;
	for (size_t i = 0; i < r->noperands; i++)
		if (add(t, r->operands[i], strlen(r->operands[i]), starttls,
			f) == -1)
			return -1;
	for (size_t i = 0; i < r->noptions; i++)
		if (strcmp(r->options[i].name, "endpoints") == 0 &&
		    add_file(t, r->options[i].value, starttls, f) == -1)
			return -1;
	if (add_known(t, r, f) == -1)
		return -1;
	if (t->n == 0)
		return fault(f, FAULT_USAGE,
		    "endpoint: which? give HOST[:PORT], --endpoints FILE or "
		    "--known");
	return unite(t, f);
}
