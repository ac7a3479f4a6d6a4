/* See starttls.h. */
#include "collector/endpoint/starttls.h"

#include <string.h>
#include <strings.h>

void
starttls_init(struct starttls *s, enum protocol p)
{
	memset(s, 0, sizeof(*s));
	s->protocol = p;
	s->heard.max = STARTTLS_MAX;
}

void
starttls_free(struct starttls *s)
{
	buf_free(&s->heard);
}

static enum starttls_state
refused(struct starttls *s, const char *why)
{
	s->why = why;
	return STARTTLS_REFUSED;
}

static void
drop(struct starttls *s, size_t len)
{
	memmove(s->heard.p, s->heard.p + len, s->heard.len - len);
	s->heard.len -= len;
}

/* PostgreSQL, "SSL Session Encryption": 8 bytes, answered S or N. */
static enum starttls_state
postgres(struct starttls *s, struct buf *reply)
{
	static const char request[8] = { 0, 0, 0, 8, 4, (char)0xd2, 0x16,
		0x2f };
	char c;

	if (s->step++ == 0)
		buf_put(reply, request, sizeof(request));
	if (s->heard.len == 0)
		return STARTTLS_MORE;
	c = s->heard.p[0];
	drop(s, 1);
	if (c == 'S')
		return STARTTLS_READY;
	return refused(s, c == 'N' ? "PostgreSQL answers that it has no TLS"
				   : "not an answer of PostgreSQL");
}

/* The capability flags of MySQL's greeting (protocol 10), low 16 bits; -1:
 * not such a greeting. */
static long
mysql_flags(const uint8_t *p, size_t len)
{
	const uint8_t *nul = len > 1 ? memchr(p + 1, 0, len - 1) : NULL;
	size_t at;

	if (nul == NULL || p[0] != 10)
		return -1;
	at = (size_t)(nul - p) + 1 + 4 + 8 + 1; /* thread, salt, filler */
	return at + 2 > len ? -1 : (long)p[at] | (long)p[at + 1] << 8;
}

static enum starttls_state
mysql(struct starttls *s, struct buf *reply)
{
	/* length, number 1; PROTOCOL_41, SSL, SECURE_CONNECTION; 16 MB;
	 * utf8; 23 zeros */
	static const char request[36] = { 32, 0, 0, 1, 0, (char)0x8a, 0, 0, 0,
		0, 0, 1, 33 };
	const uint8_t *p = (const uint8_t *)s->heard.p;
	size_t len;
	long flags;

	if (s->heard.len < 4)
		return STARTTLS_MORE;
	len = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16;
	if (len > STARTTLS_MAX - 4)
		return refused(s, "not a greeting of MySQL");
	if (s->heard.len < 4 + len)
		return STARTTLS_MORE;
	flags = mysql_flags(p + 4, len);
	drop(s, 4 + len);
	if (flags == -1)
		return refused(s, "not a greeting of MySQL");
	if ((flags & 0x0800) == 0)
		return refused(s, "MySQL's greeting does not offer TLS");
	buf_put(reply, request, sizeof(request));
	return STARTTLS_READY;
}

/* The contents' length of a BER element whose tag is at p[0]; *at: where they
 * begin; 0: not whole yet, -1: not one. */
static int
ber_length(const uint8_t *p, size_t len, size_t *at, size_t *size)
{
	size_t n, v = 0;

	if (len < 2)
		return 0;
	n = p[1] & 0x7f;
	if ((p[1] & 0x80) == 0) {
		*at = 2;
		*size = n;
		return len < 2 + n ? 0 : 1;
	}
	if (n < 1 || n > 4)
		return -1;
	if (len < 2 + n)
		return 0;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[2 + i];
	if (v > STARTTLS_MAX)
		return -1;
	*at = 2 + n;
	*size = v;
	return len < *at + v ? 0 : 1;
}

/* RFC 4511: { messageID, ExtendedResponse { resultCode ... } }; the code, or
 * -1. */
static int
ldap_result(const uint8_t *p, size_t len)
{
	size_t at, size;

	for (int i = 0; i < 2; i++) { /* messageID, then into the response */
		if (ber_length(p, len, &at, &size) != 1 ||
		    p[0] != (i == 0 ? 0x02 : 0x78))
			return -1;
		p += i == 0 ? at + size : at;
		len = i == 0 ? len - at - size : size;
	}
	return len >= 3 && p[0] == 0x0a && p[1] == 1 ? p[2] : -1;
}

static enum starttls_state
ldap(struct starttls *s, struct buf *reply)
{
	static const char head[] = { 0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18,
		(char)0x80, 0x16 };
	const uint8_t *p = (const uint8_t *)s->heard.p;
	size_t at = 0, size = 0;
	int rc, result;

	if (s->step++ == 0) {
		buf_put(reply, head, sizeof(head));
		buf_puts(reply, "1.3.6.1.4.1.1466.20037");
	}
	rc = ber_length(p, s->heard.len, &at, &size);
	if (rc == -1 || (s->heard.len > 0 && p[0] != 0x30))
		return refused(s, "not an answer of LDAP");
	if (rc == 0)
		return STARTTLS_MORE;
	result = ldap_result(p + at, size);
	drop(s, at + size);
	if (result == 0)
		return STARTTLS_READY;
	return refused(s,
	    result == -1 ? "not an answer of LDAP" : "LDAP refuses StartTLS");
}

/* The next whole line, without its end, cut out of what was heard. */
static bool
next_line(struct starttls *s, char *line, size_t size)
{
	char *nl =
	    s->heard.len > 0 ? memchr(s->heard.p, '\n', s->heard.len) : NULL;
	size_t len;

	if (nl == NULL)
		return false;
	len = (size_t)(nl - s->heard.p);
	(void)memset(line, 0, size);
	memcpy(line, s->heard.p, len < size - 1 ? len : size - 1);
	drop(s, len + 1);
	return true;
}

/* Greeting, EHLO, STARTTLS: each answered by lines, the last "NNN ". */
static enum starttls_state
smtp(struct starttls *s, struct buf *reply)
{
	static const struct {
		const char *code, *say;
	} steps[] = {
		{ "220", "EHLO exhibit.invalid\r\n" },
		{ "250", "STARTTLS\r\n" },
		{ "220", NULL },
	};
	char line[512];

	while (next_line(s, line, sizeof(line))) {
		if (strncmp(line, steps[s->step].code, 3) != 0)
			return refused(s, s->step == 2
					      ? "SMTP refuses STARTTLS"
					      : "not an answer of SMTP");
		if (line[3] == '-')
			continue;
		if (steps[s->step].say == NULL)
			return STARTTLS_READY;
		buf_puts(reply, steps[s->step++].say);
	}
	return STARTTLS_MORE;
}

static enum starttls_state
imap(struct starttls *s, struct buf *reply)
{
	char line[512];

	while (next_line(s, line, sizeof(line))) {
		if (s->step == 0) {
			if (strncasecmp(line, "* OK", 4) != 0 &&
			    strncasecmp(line, "* PREAUTH", 9) != 0)
				return refused(s, "not a greeting of IMAP");
			buf_puts(reply, "a1 STARTTLS\r\n");
			s->step = 1;
		} else if (strncasecmp(line, "a1 OK", 5) == 0)
			return STARTTLS_READY;
		else if (strncasecmp(line, "a1 ", 3) == 0)
			return refused(s, "IMAP refuses STARTTLS");
	}
	return STARTTLS_MORE;
}

/*
 * MS-RDPBCGR 2.2.1.1: an X.224 connection request that asks for TLS or CredSSP
 * (which begins with TLS too), and its confirm, each in a TPKT (RFC 1006). A
 * confirm without an RDP_NEG_RSP means RDP's own RC4.
 */
static enum starttls_state
rdp(struct starttls *s, struct buf *reply)
{
	static const char request[] = { 3, 0, 0, 19, 14, (char)0xe0, 0, 0, 0, 0,
		0, 1, 0, 8, 0, 3, 0, 0, 0 };
	const uint8_t *p = (const uint8_t *)s->heard.p;
	uint8_t type = 0, chosen = 0;
	size_t len;

	if (s->step++ == 0)
		buf_put(reply, request, sizeof(request));
	if (s->heard.len < 4)
		return STARTTLS_MORE;
	len = (size_t)p[2] << 8 | p[3];
	if (p[0] != 3 || len < 11 || len > STARTTLS_MAX)
		return refused(s, "not an answer of RDP");
	if (s->heard.len < len)
		return STARTTLS_MORE;
	if (p[5] != 0xd0)
		return refused(s, "not an answer of RDP");
	if (len >= 19) {
		type = p[11];
		chosen = p[15];
	}
	drop(s, len);
	if (type == 2 && (chosen == 1 || chosen == 2 || chosen == 8))
		return STARTTLS_READY;
	return refused(s, type == 3 ? "RDP refuses TLS"
				    : "RDP answers with its own encryption, "
				      "not TLS");
}

enum starttls_state
starttls_take(
    struct starttls *s, const uint8_t *p, size_t len, struct buf *reply)
{
	buf_put(&s->heard, p, len);
	if (s->heard.failed != FAULT_NONE)
		return refused(s, "more than 16384 bytes before TLS");
	switch (s->protocol) {
	case PROTOCOL_POSTGRES:
		return postgres(s, reply);
	case PROTOCOL_MYSQL:
		return mysql(s, reply);
	case PROTOCOL_LDAP:
		return ldap(s, reply);
	case PROTOCOL_SMTP:
		return smtp(s, reply);
	case PROTOCOL_IMAP:
		return imap(s, reply);
	case PROTOCOL_RDP:
		return rdp(s, reply);
	default:
		return STARTTLS_READY;
	}
}
