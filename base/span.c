/* Runs of borrowed bytes: see span.h. */
#include "base/span.h"

#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct span
span_of(const char *s)
{
	return (struct span){ s, strlen(s) };
}

struct span
span_trim(struct span s)
{
	while (s.len > 0 && is_blank(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

bool
span_is(struct span s, const char *text)
{
	size_t n = strlen(text);

	return s.p != NULL && s.len == n && memcmp(s.p, text, n) == 0;
}

bool
span_starts(struct span s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.p != NULL && s.len >= n && memcmp(s.p, prefix, n) == 0;
}

bool
span_ends(struct span s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.p != NULL && s.len >= n &&
	       memcmp(s.p + s.len - n, suffix, n) == 0;
}

bool
span_only(struct span s, const char *chars)
{
	size_t n = strlen(chars);

	for (size_t i = 0; i < s.len; i++)
		if (memchr(chars, s.p[i], n) == NULL)
			return false;
	return s.len > 0;
}

int
span_integer(struct span s, long long *v)
{
	bool minus = s.len > 1 && s.p[0] == '-';
	long long n = 0;

	if (minus) {
		s.p++;
		s.len--;
	}
	if (s.len > 15 || !span_only(s, "0123456789"))
		return -1;
	for (size_t i = 0; i < s.len; i++)
		n = n * 10 + (s.p[i] - '0');
	*v = minus ? -n : n;
	return 0;
}

struct span
span_until(struct span s, char c, struct span *rest)
{
	const char *at = s.len > 0 ? memchr(s.p, c, s.len) : NULL;
	size_t n = at == NULL ? s.len : (size_t)(at - s.p);

	*rest = at == NULL ? (struct span){ NULL, 0 }
			   : (struct span){ at + 1, s.len - n - 1 };
	return (struct span){ s.p, n };
}

bool
span_line(struct span *rest, struct span *line)
{
	if (rest->p == NULL || rest->len == 0)
		return false;
	*line = span_until(*rest, '\n', rest);
	if (line->len > 0 && line->p[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool
span_word(struct span *rest, struct span *word)
{
	size_t n = 0;

	while (rest->len > 0 && is_blank(rest->p[0])) {
		rest->p++;
		rest->len--;
	}
	while (n < rest->len && !is_blank(rest->p[n]))
		n++;
	*word = (struct span){ rest->p, n };
	if (n == 0)
		return false;
	rest->p += n;
	rest->len -= n;
	return true;
}
