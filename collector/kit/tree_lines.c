/* See tree_lines.h. */
#include "collector/kit/tree_lines.h"

#include <string.h>

#include "base/buf.h"
#include "base/span.h"
#include "collector/kit/tree_make.h"

#define LOGICAL_MAX ((size_t)256 * 1024) /* bytes of one line, joined */
#define ANGLES_MAX 16			 /* nested */

struct lines {
	struct tree_maker m;
	const struct line_syntax *s;
	struct node *root, *map;
	struct node *around[ANGLES_MAX];
	struct span opened[ANGLES_MAX];
	size_t depth;
};

static bool
is_any(char c, const char *chars)
{
	return c != '\0' && strchr(chars, c) != NULL;
}

/* A value without the comment that follows it; a quote keeps one out. */
static struct span
uncommented(const struct lines *x, struct span s)
{
	char quote = '\0';

	for (size_t i = 0; x->s->trailing && i < s.len; i++) {
		if (quote != '\0')
			quote = s.p[i] == quote ? '\0' : quote;
		else if (s.p[i] == '"' || s.p[i] == '\'')
			quote = s.p[i];
		else if (is_any(s.p[i], x->s->comments) &&
			 (i == 0 || s.p[i - 1] == ' ' || s.p[i - 1] == '\t'))
			return span_trim((struct span){ s.p, i });
	}
	return s;
}

static struct span
unquoted(const struct lines *x, struct span s)
{
	if (x->s->unquote && s.len > 1 && (s.p[0] == '"' || s.p[0] == '\'') &&
	    s.p[s.len - 1] == s.p[0])
		return (struct span){ s.p + 1, s.len - 2 };
	return s;
}

/* A key that stands again: its values as a list, in order. */
static int
add(struct lines *x, struct node *map, struct span key, struct node *value)
{
	struct node *before;
	BUF_AUTO(name, 4096);

	for (size_t i = 0; i < key.len; i++) {
		bool upper = key.p[i] >= 'A' && key.p[i] <= 'Z';

		buf_putc(&name,
		    (char)(x->s->fold && upper ? key.p[i] + 32 : key.p[i]));
	}
	if (value == NULL)
		return -1;
	if (name.failed != FAULT_NONE)
		return fault(
		    x->m.f, FAULT_LIMIT, "line %zu: a key too long", x->m.line);
	before = tree_own(map, name.p != NULL ? name.p : "", name.len);
	if (before == NULL)
		return tree_put(
		    &x->m, map, name.p != NULL ? name.p : "", name.len, value);
	if (before->type != NODE_LIST) {
		struct node *first = tree_node(&x->m, before->type);

		if (first == NULL)
			return -1;
		*first = *before;
		*before =
		    (struct node){ .type = NODE_LIST, .line = first->line };
		if (tree_append(&x->m, before, first) == -1)
			return -1;
	}
	return tree_append(&x->m, before, value);
}

static int
take_section(struct lines *x, struct span s)
{
	const char *end = memchr(s.p, ']', s.len);
	struct span name;
	struct node *map;

	if (end == NULL)
		return fault(x->m.f, FAULT_FORMAT,
		    "line %zu: a section without its ']'", x->m.line);
	name = span_trim((struct span){ s.p + 1, (size_t)(end - s.p) - 1 });
	map = tree_own(x->root, name.p != NULL ? name.p : "", name.len);
	if (map == NULL) {
		if ((map = tree_node(&x->m, NODE_MAP)) == NULL ||
		    tree_put(&x->m, x->root, name.p, name.len, map) == -1)
			return -1;
	} else if (map->type != NODE_MAP) {
		return fault(x->m.f, FAULT_FORMAT,
		    "line %zu: a section named like a key", x->m.line);
	}
	x->map = map;
	return 0;
}

static int
take_angle(struct lines *x, struct span s)
{
	struct span name, rest;
	struct node *map;

	if (s.p[s.len - 1] != '>')
		return fault(x->m.f, FAULT_FORMAT,
		    "line %zu: a '<' without its '>'", x->m.line);
	s = (struct span){ s.p + 1, s.len - 2 };
	if (s.len > 0 && s.p[0] == '/') {
		if (x->depth == 0)
			return fault(x->m.f, FAULT_FORMAT,
			    "line %zu: an end without a begin", x->m.line);
		x->map = x->around[--x->depth];
		return 0;
	}
	rest = s;
	if (!span_word(&rest, &name) || x->depth == ANGLES_MAX)
		return fault(x->m.f, FAULT_FORMAT,
		    "line %zu: an odd or too deep block", x->m.line);
	rest = span_trim(rest);
	if ((map = tree_node(&x->m, NODE_MAP)) == NULL ||
	    add(x, x->map, name, map) == -1 ||
	    add(x, map, span_of("<>"),
		tree_scalar(&x->m, rest.p, rest.len, false)) == -1)
		return -1;
	x->around[x->depth++] = x->map;
	x->map = map;
	return 0;
}

static int
take_setting(struct lines *x, struct span s)
{
	size_t n = 0;
	struct span key, value;

	while (n < s.len && !is_any(s.p[n], x->s->between))
		n++;
	key = (struct span){ s.p, n };
	while (n < s.len && (is_any(s.p[n], x->s->between) || s.p[n] == ' ' ||
				s.p[n] == '\t'))
		n++;
	value = span_trim((struct span){ s.p + n, s.len - n });
	value = unquoted(x, uncommented(x, value));
	return add(x, x->map, span_trim(key),
	    tree_scalar(&x->m, value.p, value.len, false));
}

static int
take(struct lines *x, struct span line)
{
	struct span s = span_trim(line);

	if (s.len == 0 || is_any(s.p[0], x->s->comments))
		return 0;
	if (x->s->sections && s.p[0] == '[')
		return take_section(x, s);
	if (x->s->angles && s.p[0] == '<')
		return take_angle(x, s);
	return take_setting(x, s);
}

/* The line after one that goes on; false: there is none. */
static bool
line_after(
    struct lines *x, struct span *rest, struct span *line, size_t *number)
{
	do {
		if (!span_line(rest, line))
			return false;
		++*number;
	} while (x->s->between_joined && line->len > 0 &&
		 span_trim(*line).len > 0 &&
		 is_any(span_trim(*line).p[0], x->s->comments));
	return true;
}

/* The next line, those joined that a backslash ends; number counts all. */
static bool
next_line(struct lines *x, struct span *rest, struct buf *joined,
    struct span *line, size_t *number)
{
	buf_reset(joined);
	if (!span_line(rest, line))
		return false;
	x->m.line = ++*number;
	while (x->s->continues && line->len > 0 &&
	       line->p[line->len - 1] == '\\') {
		buf_put(joined, line->p, line->len - 1);
		if (!line_after(x, rest, line, number)) {
			*line = (struct span){ "", 0 };
			break;
		}
	}
	if (joined->len == 0)
		return true;
	buf_put(joined, line->p, line->len);
	*line = (struct span){ joined->p, joined->len };
	return true;
}

int
tree_lines(struct documents *out, const char *p, size_t len,
    const struct line_syntax *syntax, struct fault *f)
{
	struct lines x = { .s = syntax };
	struct span rest = { p, len }, line;
	size_t number = 0;
	int rc = 0;
	BUF_AUTO(joined, LOGICAL_MAX);

	if (len > TREE_TEXT_MAX) {
		*out = (struct documents){ 0 };
		return fault(f, FAULT_LIMIT, "over %zu bytes", TREE_TEXT_MAX);
	}
	if ((x.root = x.map = tree_begin(&x.m, out, f)) == NULL)
		return -1;
	while (rc == 0 && next_line(&x, &rest, &joined, &line, &number))
		rc = joined.failed != FAULT_NONE
			 ? fault(f, FAULT_LIMIT, "line %zu: too long", number)
			 : take(&x, line);
	if (rc == 0 && x.depth > 0)
		rc = fault(f, FAULT_FORMAT,
		    "line %zu: the file ends in a block", number);
	return rc == 0 ? tree_finish(x.root, 0, f) : -1;
}
