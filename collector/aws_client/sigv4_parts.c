/* Parts of the canonical request: headers, path, query. */
#include "collector/aws_client/sigv4_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "collector/http/http.h"

/* ---- headers ---- */

/* Blanks at both ends go, runs of blanks become one. */
static char *
trimmed(const char *s)
{
	char *out = malloc(strlen(s) + 1), *to = out;

	if (out == NULL)
		return NULL;
	s += strspn(s, " \t");
	for (; *s != '\0'; s++) {
		bool blank = *s == ' ' || *s == '\t';

		if (blank && (s[1] == ' ' || s[1] == '\t' || s[1] == '\0'))
			continue;
		*to++ = (char)(blank ? ' ' : *s);
	}
	*to = '\0';
	return out;
}

static void
add(struct signed_headers *h, const char *name, size_t len, const char *value)
{
	struct signed_header *v = &h->v[h->n];

	if (h->n == SIGV4_HEADERS_MAX) {
		h->full = true;
		return;
	}
	h->n++;
	v->name = strndup(name, len);
	v->value = trimmed(value);
	if (v->name == NULL || v->value == NULL) {
		h->failed = true;
		return;
	}
	for (char *p = v->name; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
}

void
signed_headers_add(
    struct signed_headers *h, const char *name, const char *value)
{
	add(h, name, strlen(name), value);
}

void
signed_headers_line(struct signed_headers *h, const char *line)
{
	size_t len = strcspn(line, ":");

	add(h, line, len, line[len] == ':' ? line + len + 1 : "");
}

int
signed_headers_done(struct signed_headers *h, struct fault *f)
{
	if (h->full)
		return fault(f, FAULT_LIMIT, "signing for AWS: over %d headers",
		    SIGV4_HEADERS_MAX);
	if (h->failed)
		return fault_memory(f);
	/* insertion: few, and values of one name keep their order */
	for (size_t i = 1; i < h->n; i++) {
		struct signed_header v = h->v[i];
		size_t k = i;

		for (; k > 0 && strcmp(h->v[k - 1].name, v.name) > 0; k--)
			h->v[k] = h->v[k - 1];
		h->v[k] = v;
	}
	return 0;
}

void
signed_headers_put(
    const struct signed_headers *h, struct buf *out, struct buf *names)
{
	for (size_t i = 0; i < h->n; i++) {
		bool same =
		    i > 0 && strcmp(h->v[i - 1].name, h->v[i].name) == 0;
		bool more =
		    i + 1 < h->n && strcmp(h->v[i + 1].name, h->v[i].name) == 0;

		if (same)
			buf_printf(out, ",%s", h->v[i].value);
		else
			buf_printf(out, "%s:%s", h->v[i].name, h->v[i].value);
		if (!same)
			buf_printf(
			    names, "%s%s", i > 0 ? ";" : "", h->v[i].name);
		if (!more)
			buf_putc(out, '\n');
	}
}

void
signed_headers_free(struct signed_headers *h)
{
	for (size_t i = 0; i < h->n; i++) {
		if (h->v[i].value != NULL)
			OPENSSL_cleanse(h->v[i].value, strlen(h->v[i].value));
		free(h->v[i].value);
		free(h->v[i].name);
	}
	h->n = 0;
}

/* ---- path ---- */

/* Where the last segment that is in out begins. */
static void
drop_segment(struct buf *out)
{
	while (out->len > 0 && out->p[out->len - 1] != '/')
		out->len--;
	if (out->len > 0)
		out->len--; /* its slash */
}

/* RFC 3986, 5.2.4, and empty segments go. */
static void
normalise(struct buf *out, const char *path)
{
	bool folder = true;

	for (const char *p = path; *p != '\0';) {
		size_t len;

		p += strspn(p, "/");
		len = strcspn(p, "/");
		folder = len == 0;
		if (len == 1 && p[0] == '.') {
			folder = true;
		} else if (len == 2 && p[0] == '.' && p[1] == '.') {
			drop_segment(out);
			folder = true;
		} else if (len > 0) {
			buf_putc(out, '/');
			buf_put(out, p, len);
			folder = p[len] == '/' &&
				 p[len + strspn(p + len, "/")] == '\0';
		}
		p += len;
	}
	if (folder || out->len == 0)
		buf_putc(out, '/');
}

void
sigv4_path(struct buf *out, const char *path, bool s3)
{
	BUF_AUTO(plain, SIGV4_BYTES_MAX);

	if (s3) {
		buf_puts(out, path);
		return;
	}
	normalise(&plain, path);
	if (plain.failed != FAULT_NONE)
		out->failed = plain.failed;
	else
		http_encode(out, plain.p, plain.len, true);
}

/* ---- query ---- */

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
encode_anew(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (c == '%' && i + 2 < len && digit(s[i + 1]) >= 0 &&
		    digit(s[i + 2]) >= 0) {
			c = (char)(digit(s[i + 1]) * 16 + digit(s[i + 2]));
			i += 2;
		}
		http_encode(out, &c, 1, false);
	}
}

/* "name" and "value" with a NUL between: strcmp orders by name, then value. */
static int
by_name(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	int n = strcmp(x, y);

	return n != 0 ? n : strcmp(x + strlen(x) + 1, y + strlen(y) + 1);
}

int
sigv4_query(struct buf *out, const char *query, struct fault *f)
{
	struct buf pieces = { .max = SIGV4_BYTES_MAX };
	size_t at[SIGV4_QUERY_MAX], n = 0;
	const char *v[SIGV4_QUERY_MAX];
	int rc = 0;

	for (const char *p = query != NULL ? query : ""; rc == 0 && *p != '\0';
	     p += *p == '&') {
		size_t len = strcspn(p, "&");
		const char *equal = memchr(p, '=', len);
		size_t name = equal != NULL ? (size_t)(equal - p) : len;

		if (n == SIGV4_QUERY_MAX)
			rc = fault(f, FAULT_LIMIT,
			    "signing for AWS: over %d parameters",
			    SIGV4_QUERY_MAX);
		else if (len > 0) {
			at[n++] = pieces.len;
			encode_anew(&pieces, p, name);
			buf_putc(&pieces, '\0');
			if (equal != NULL)
				encode_anew(&pieces, equal + 1, len - name - 1);
			buf_putc(&pieces, '\0');
		}
		p += len;
	}
	if (rc == 0)
		rc = buf_done(&pieces, "query", f);
	for (size_t i = 0; rc == 0 && i < n; i++)
		v[i] = pieces.p + at[i];
	if (rc == 0 && n > 0)
		qsort(v, n, sizeof(v[0]), by_name);
	for (size_t i = 0; rc == 0 && i < n; i++)
		buf_printf(out, "%s%s=%s", i > 0 ? "&" : "", v[i],
		    v[i] + strlen(v[i]) + 1);
	if (pieces.p != NULL)
		OPENSSL_cleanse(pieces.p, pieces.cap);
	buf_free(&pieces);
	return rc;
}
