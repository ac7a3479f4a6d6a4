/* See json.h. */
#include "base/length.h"
#include "base/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 64
#define KEYS_MAX 100000 /* of one object */

void
json_quote(struct buf *out, const char *s, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	static const char plain[] = "\b\f\n\r\t\"\\";
	static const char escaped[] = "bfnrt\"\\";

	buf_putc(out, '"');
	for (size_t i = 0, from = 0; i <= len; i++) {
		unsigned char c = i < len ? (unsigned char)s[i] : 0;
		const char *e;

		if (i < len && c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_put(out, s + from, i - from);
		from = i + 1;
		if (i == len)
			break;
		e = c != 0 ? strchr(plain, c) : NULL;
		buf_putc(out, '\\');
		if (e != NULL) {
			buf_putc(out, escaped[e - plain]);
		} else {
			buf_puts(out, "u00");
			buf_putc(out, hex[c >> 4]);
			buf_putc(out, hex[c & 15]);
		}
	}
	buf_putc(out, '"');
}

struct member {
	const char *name;
	const json_t *value;
};

static int
by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* The members by name. Most objects are made in that order. */
static void
members(const json_t *v, struct member *m)
{
	bool ordered = true;
	const char *name;
	json_t *value;
	size_t n = 0;

	/* jansson's iteration macros want a non-const object */
	json_object_foreach ((json_t *)(uintptr_t)v, name, value) {
		m[n++] = (struct member){ name, value };
		if (n > 1 && ordered)
			ordered = strcmp(m[n - 2].name, name) < 0;
	}
	if (!ordered)
		qsort(m, n, sizeof(*m), by_name);
}

static bool
is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

static int canonical(
    const json_t *v, struct buf *out, int depth, struct fault *f);

static int
canonical_object(const json_t *v, struct buf *out, int depth, struct fault *f)
{
	size_t n = json_object_size(v);
	struct member few[32], *m = few;
	int rc = -1;

	if (n > KEYS_MAX)
		return fault(f, FAULT_LIMIT, "JSON object with %zu keys", n);
	if (n > LENGTH(few) && (m = calloc(n, sizeof(*m))) == NULL)
		return fault_memory(f);
	members(v, m);
	buf_putc(out, '{');
	for (size_t i = 0; i < n; i++) {
		if (!is_ascii(m[i].name)) {
			(void)fault(f, FAULT_FORMAT, "JSON key outside ASCII");
			goto out;
		}
		if (i > 0)
			buf_putc(out, ',');
		json_quote(out, m[i].name, strlen(m[i].name));
		buf_putc(out, ':');
		if (canonical(m[i].value, out, depth, f) == -1)
			goto out;
	}
	buf_putc(out, '}');
	rc = 0;
out:
	if (m != few)
		free(m);
	return rc;
}

static int
canonical(const json_t *v, struct buf *out, int depth, struct fault *f)
{
	if (depth > DEPTH_MAX)
		return fault(f, FAULT_LIMIT, "JSON deeper than %d", DEPTH_MAX);
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return canonical_object(v, out, depth + 1, f);
	case JSON_ARRAY:
		buf_putc(out, '[');
		for (size_t i = 0; i < json_array_size(v); i++) {
			if (i > 0)
				buf_putc(out, ',');
			if (canonical(
				json_array_get(v, i), out, depth + 1, f) == -1)
				return -1;
		}
		buf_putc(out, ']');
		return 0;
	case JSON_STRING:
		json_quote(out, json_string_value(v), json_string_length(v));
		return 0;
	case JSON_INTEGER:
		if (llabs(json_integer_value(v)) > JSON_INTEGER_MAX)
			return fault(f, FAULT_FORMAT,
			    "JSON integer beyond 2^53: keep it as a string");
		buf_printf(out, "%lld", (long long)json_integer_value(v));
		return 0;
	case JSON_REAL:
		return fault(f, FAULT_FORMAT, "JSON number with a fraction");
	case JSON_TRUE:
	case JSON_FALSE:
		buf_puts(out, json_is_true(v) ? "true" : "false");
		return 0;
	default:
		buf_puts(out, "null");
		return 0;
	}
}

int
json_canonical(const json_t *v, struct buf *out, struct fault *f)
{
	if (canonical(v, out, 0, f) == -1)
		return -1;
	return buf_done(out, "JSON text", f);
}

json_t *
json_read(const void *p, size_t len, const char *what, struct fault *f)
{
	json_error_t why;
	json_t *v;

	if (memchr(p, '\0', len) != NULL) { /* jansson passes over it */
		(void)fault(f, FAULT_FORMAT, "%s: a NUL byte in JSON", what);
		return NULL;
	}
	v = json_loadb(p, len, JSON_REJECT_DUPLICATES, &why);
	if (v != NULL)
		return v;
	if (json_error_code(&why) == json_error_out_of_memory)
		(void)fault_memory(f);
	else
		(void)fault(f, FAULT_FORMAT, "%s: %s at byte %d", what,
		    why.text, why.position);
	return NULL;
}

/* Length of the UTF-8 sequence at s (RFC 3629), 0 if it is not one. */
static size_t
utf8_len(const unsigned char *s, size_t len)
{
	size_t n;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		n = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		n = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > len)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, beyond U+10FFFF */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/* C0, DEL, C1 (two bytes in UTF-8) and the bidirectional overrides. */
static bool
is_control(const unsigned char *s, size_t n)
{
	if (n == 1)
		return (s[0] < 0x20 && s[0] != '\n' && s[0] != '\t') ||
		       s[0] == 0x7f;
	if (n == 2)
		return s[0] == 0xc2 && s[1] < 0xa0;
	return n == 3 && s[0] == 0xe2 &&
	       ((s[1] == 0x80 && ((s[2] >= 0xaa && s[2] <= 0xae) ||
				     s[2] == 0x8e || s[2] == 0x8f)) ||
		   (s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9));
}

/* How many bytes from s on are printable ASCII. */
static size_t
printable(const unsigned char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= 0x20 && s[n] < 0x7f)
		n++;
	return n;
}

void
text_clean(struct buf *out, const char *s, size_t len, size_t max)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t take = len < max ? len : max;

	for (size_t i = 0, n; i < take; i += n) {
		if ((n = printable(u + i, take - i)) > 0) { /* nearly all */
			buf_put(out, s + i, n);
			continue;
		}
		n = utf8_len(u + i, len - i);
		if (n > 0 && !is_control(u + i, n)) {
			buf_put(out, s + i, n);
			continue;
		}
		if (n == 0)
			n = 1;
		for (size_t k = 0; k < n; k++)
			buf_printf(out, "\\x%02x", u[i + k]);
	}
	if (take < len)
		buf_puts(out, "\xe2\x80\xa6");
}

json_t *
json_text(const char *s, size_t len)
{
	BUF_AUTO(b, 4 * TEXT_MAX + 16);

	if (len <= TEXT_MAX && printable((const unsigned char *)s, len) == len)
		return json_stringn_nocheck(s, len);
	text_clean(&b, s, len, TEXT_MAX);
	if (b.failed != FAULT_NONE)
		return NULL;
	return json_stringn_nocheck(b.len > 0 ? b.p : "", b.len);
}

/* How many bytes from s on stand in a JSON string as they are, and are shown
 * to people as they are. */
static size_t
untouched(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= 0x20 && s[n] < 0x7f && s[n] != '"' &&
	       s[n] != '\\')
		n++;
	return n;
}

void
json_quote_text(struct buf *out, const char *s, size_t len)
{
	BUF_AUTO(b, 4 * TEXT_MAX + 16);

	if (len <= TEXT_MAX && untouched(s, len) == len) { /* nearly all */
		buf_putc(out, '"');
		buf_put(out, s, len);
		buf_putc(out, '"');
		return;
	}
	text_clean(&b, s, len, TEXT_MAX);
	if (b.failed != FAULT_NONE)
		out->failed = b.failed;
	json_quote(out, b.len > 0 ? b.p : "", b.len);
}
