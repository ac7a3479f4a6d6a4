/* The kernel's command line: see parse.h. */
#include "collector/node/node_parse.h"

#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* One token. As in the kernel, quotes count anywhere in it, and only those
 * around the whole token or the whole value are taken off. */
static bool
next_arg(struct span *rest, struct span *name, struct span *value)
{
	bool quoted, in_quote = false;
	size_t i, equals = 0;
	const char *p;

	while (rest->len > 0 && is_blank(rest->p[0])) {
		rest->p++;
		rest->len--;
	}
	if (rest->len == 0)
		return false;
	quoted = in_quote = rest->p[0] == '"';
	p = rest->p + quoted;
	rest->len -= quoted;
	for (i = 0; i < rest->len; i++) {
		if (is_blank(p[i]) && !in_quote)
			break;
		if (p[i] == '=' && equals == 0)
			equals = i;
		if (p[i] == '"')
			in_quote = !in_quote;
	}
	*rest = (struct span){ p + i, rest->len - i };
	if (quoted && i > 0 && p[i - 1] == '"')
		i--;
	*name = (struct span){ p, equals == 0 ? i : equals };
	*value = (struct span){ NULL, 0 };
	if (equals == 0)
		return true;
	*value = (struct span){ p + equals + 1,
		i > equals + 1 ? i - equals - 1 : 0 };
	if (value->len > 0 && value->p[0] == '"') {
		value->p++;
		value->len--;
		if (value->len > 0 && value->p[value->len - 1] == '"')
			value->len--;
	}
	return true;
}

bool
cmdline_last(struct span line, const char *name, struct span *value)
{
	struct span n, v;
	bool found = false;

	while (next_arg(&line, &n, &v)) {
		if (v.p == NULL && span_is(n, "--"))
			break;
		if (v.p != NULL && span_is(n, name)) {
			*value = v;
			found = true;
		}
	}
	return found;
}

static int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

bool
cmdline_on(struct span v)
{
	int base = 10;
	size_t i = 0;

	if (v.len > 0 && v.p[0] == '-')
		i++;
	if (i < v.len && v.p[i] == '0') {
		base = 8;
		if (i + 2 < v.len && (v.p[i + 1] | 0x20) == 'x' &&
		    digit_of(v.p[i + 2]) < 16) {
			base = 16;
			i += 2;
		}
	}
	for (; i < v.len && digit_of(v.p[i]) < base; i++)
		if (v.p[i] != '0')
			return true;
	return false;
}
