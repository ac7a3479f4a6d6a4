/* As much of sh as /etc/default/grub, grub.cfg and dracut.conf use. */
#include "collector/node/node_parse.h"

#include <string.h>

#define NAME_FIRST "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define NAME_CHARS NAME_FIRST "0123456789"

static char
peek(const struct span *s)
{
	return s->len > 0 ? s->p[0] : '\0';
}

static void
skip(struct span *s, size_t n)
{
	if (n == 0) /* s->p may be NULL */
		return;
	s->p += n;
	s->len -= n;
}

static size_t
name_length(struct span s)
{
	size_t n = 0;

	if (s.len == 0 || s.p[0] == '\0' || strchr(NAME_FIRST, s.p[0]) == NULL)
		return 0;
	while (
	    n < s.len && s.p[n] != '\0' && strchr(NAME_CHARS, s.p[n]) != NULL)
		n++;
	return n;
}

static void
skip_line(struct span *s)
{
	const char *end = memchr(s->p, '\n', s->len);

	skip(s, end == NULL ? s->len : (size_t)(end - s->p));
}

bool
shell_assignment(struct span *rest, struct span *name, bool *append)
{
	while (rest->len > 0) {
		size_t n;

		if (memchr(" \t\r\n;", rest->p[0], 5) != NULL) {
			skip(rest, 1);
			continue;
		}
		if (span_starts(*rest, "export ")) {
			skip(rest, 7);
			continue;
		}
		n = name_length(*rest);
		*append = n > 0 && n + 1 < rest->len && rest->p[n] == '+' &&
			  rest->p[n + 1] == '=';
		if (n > 0 && n < rest->len && (rest->p[n] == '=' || *append)) {
			*name = (struct span){ rest->p, n };
			skip(rest, n + (*append ? 2 : 1));
			return true;
		}
		skip_line(rest);
	}
	return false;
}

/* Past $( … ) or ` … `: what a command prints cannot be known. */
static int
skip_substitution(struct span *s, char close, struct fault *f)
{
	int depth = 1;

	for (; s->len > 0; skip(s, 1)) {
		if (close == ')' && s->p[0] == '(')
			depth++;
		if (s->p[0] == close && --depth == 0) {
			skip(s, 1);
			return 0;
		}
	}
	return fault(f, FAULT_FORMAT, "a command substitution is not closed");
}

/* s stands after a dollar sign. */
static int
dollar(struct span *s, const struct shell_vars *vars, struct buf *out,
    size_t *murky, struct fault *f)
{
	bool brace = peek(s) == '{';
	size_t n;

	if (peek(s) == '(') {
		skip(s, 1);
		*murky = out->len;
		return skip_substitution(s, ')', f);
	}
	if (brace)
		skip(s, 1);
	n = name_length(*s);
	if (n > 0)
		vars->expand(vars->ctx, (struct span){ s->p, n }, out, murky);
	else if (!brace)
		buf_putc(out, '$');
	skip(s, n);
	if (!brace)
		return 0;
	if (peek(s) != '}')
		*murky = out->len; /* ${name:-…}: not evaluated */
	while (s->len > 0 && peek(s) != '}')
		skip(s, 1);
	if (s->len == 0)
		return fault(f, FAULT_FORMAT, "a ${ is not closed");
	skip(s, 1);
	return 0;
}

static bool
has_blank(const struct buf *b, size_t from)
{
	for (size_t i = from; i < b->len; i++)
		if (b->p[i] == ' ' || b->p[i] == '\t')
			return true;
	return false;
}

/* A backslash; in double quotes it only guards what is special there. */
static void
escaped(struct span *s, bool in_quotes, struct buf *out)
{
	char c;

	skip(s, 1);
	if (s->len == 0)
		return;
	c = s->p[0];
	skip(s, 1);
	if (c == '\r' && peek(s) == '\n') { /* a continuation in CRLF */
		skip(s, 1);
		return;
	}
	if (c == '\n')
		return;
	if (in_quotes && c != '"' && c != '\\' && c != '$' && c != '`')
		buf_putc(out, '\\');
	buf_putc(out, c);
}

static int
double_quoted(struct span *s, const struct shell_vars *vars, struct buf *out,
    size_t *murky, struct fault *f)
{
	while (s->len > 0) {
		char c = s->p[0];

		if (c == '\\') {
			escaped(s, true, out);
			continue;
		}
		skip(s, 1);
		if (c == '"')
			return 0;
		if (c == '`') {
			*murky = out->len;
			if (skip_substitution(s, '`', f) == -1)
				return -1;
		} else if (c == '$') {
			if (dollar(s, vars, out, murky, f) == -1)
				return -1;
		} else {
			buf_putc(out, c);
		}
	}
	return fault(f, FAULT_FORMAT, "a double quote is not closed");
}

static int
single_quoted(struct span *s, struct buf *out, struct fault *f)
{
	const char *end = memchr(s->p, '\'', s->len);

	if (end == NULL)
		return fault(f, FAULT_FORMAT, "a single quote is not closed");
	buf_put(out, s->p, (size_t)(end - s->p));
	skip(s, (size_t)(end - s->p) + 1);
	return 0;
}

int
shell_word(struct span *rest, const struct shell_vars *vars, struct buf *out,
    size_t *murky, bool *joined, struct fault *f)
{
	*joined = false;
	while (rest->len > 0) {
		char c = rest->p[0];
		size_t from = out->len;
		int rc = 0;

		if (memchr(" \t\r\n;", c, 5) != NULL)
			break;
		if (c == '\\') {
			escaped(rest, false, out);
			*joined |= has_blank(out, from);
			continue;
		}
		skip(rest, 1);
		if (c == '"')
			rc = double_quoted(rest, vars, out, murky, f);
		else if (c == '\'')
			rc = single_quoted(rest, out, f);
		else if (c == '$')
			rc = dollar(rest, vars, out, murky, f);
		else
			buf_putc(out, c);
		if (rc == -1)
			return -1;
		if (c == '"' || c == '\'')
			*joined |= has_blank(out, from);
	}
	return 0;
}

void
shell_unknown(void *ctx, struct span name, struct buf *out, size_t *murky)
{
	(void)ctx;
	buf_putc(out, '$');
	buf_put(out, name.p, name.len);
	*murky = out->len;
}
