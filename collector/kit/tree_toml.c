/* See tree_toml.h. */
#include "collector/kit/tree_toml.h"

#include <string.h>

#include "base/buf.h"
#include "base/span.h"
#include "collector/kit/tree_make.h"

#define TEXT_LEN_MAX ((size_t)1024 * 1024) /* bytes of one string */
#define KEY_MAX 256
#define PARTS_MAX 32 /* of a dotted key */
#define BARE ALNUM "_-"

struct toml {
	struct tree_maker m;
	const char *p, *end;
	int depth;
};

struct dotted { /* a key: its parts */
	char part[PARTS_MAX][KEY_MAX];
	size_t len[PARTS_MAX], n;
};

static struct node *value(struct toml *x);

static int
wrong(struct toml *x, const char *what)
{
	return fault(
	    x->m.f, FAULT_FORMAT, "line %zu: not TOML: %s", x->m.line, what);
}

static bool
at(const struct toml *x, const char *s)
{
	size_t n = strlen(s);

	return (size_t)(x->end - x->p) >= n && memcmp(x->p, s, n) == 0;
}

static void
blanks(struct toml *x, bool newlines)
{
	for (; x->p < x->end; x->p++) {
		if (*x->p == '#')
			while (x->p + 1 < x->end && x->p[1] != '\n')
				x->p++;
		else if (*x->p == '\n' && newlines)
			x->m.line++;
		else if (*x->p != ' ' && *x->p != '\t' && *x->p != '\r')
			break;
	}
}

/* ---- strings ---- */

static bool
hex(struct toml *x, int digits)
{
	for (int i = 0; i < digits; i++)
		if (++x->p >= x->end || *x->p == '\0' ||
		    strchr("0123456789abcdefABCDEF", *x->p) == NULL)
			return false;
	return true;
}

/* Behind a backslash; letters by number are of no name that is looked for. */
static bool
escape(struct toml *x, struct buf *b, bool many)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	const char *c;

	if (++x->p == x->end)
		return false;
	c = *x->p != '\0' ? strchr(from, *x->p) : NULL;
	if (c != NULL) {
		buf_putc(b, to[c - from]);
	} else if (*x->p == 'u' || *x->p == 'U') {
		if (!hex(x, *x->p == 'u' ? 4 : 8))
			return false;
		buf_putc(b, '?');
	} else if (many && strchr(" \t\r\n", *x->p) != NULL && *x->p != '\0') {
		blanks(x, true);
		return true;
	} else {
		return false;
	}
	x->p++;
	return true;
}

/* "x", 'x' and their forms of three quotes. */
static bool
text(struct toml *x, struct buf *b)
{
	char q = *x->p, three[4] = { q, q, q, '\0' };
	bool many = at(x, three);

	x->p += many ? 3 : 1;
	if (many && x->p < x->end && *x->p == '\n') {
		x->m.line++;
		x->p++;
	}
	while (x->p < x->end) {
		if (many ? at(x, three) : *x->p == q) {
			x->p += many ? 3 : 1;
			while (many && x->p < x->end && *x->p == q)
				buf_putc(b, *x->p++); /* quotes at its end */
			return b->failed == FAULT_NONE;
		}
		if (*x->p == '\n' && !many)
			return false;
		if (*x->p == '\\' && q == '"') {
			if (!escape(x, b, many))
				return false;
			continue;
		}
		x->m.line += *x->p == '\n';
		buf_putc(b, *x->p++);
	}
	return false;
}

/* ---- keys ---- */

static int
key_part(struct toml *x, struct dotted *k)
{
	BUF_AUTO(b, KEY_MAX - 1);

	if (k->n == PARTS_MAX)
		return wrong(x, "a key of too many parts");
	if (x->p < x->end && (*x->p == '"' || *x->p == '\'')) {
		if (!text(x, &b))
			return wrong(x, "an odd key");
	} else {
		while (x->p < x->end && *x->p != '\0' &&
		       strchr(BARE, *x->p) != NULL)
			buf_putc(&b, *x->p++);
		if (b.len == 0)
			return wrong(x, "a key is expected");
	}
	if (b.failed != FAULT_NONE)
		return wrong(x, "a key too long");
	if (b.len > 0)
		memcpy(k->part[k->n], b.p, b.len);
	k->len[k->n++] = b.len;
	return 0;
}

static int
key(struct toml *x, struct dotted *k)
{
	k->n = 0;
	for (;;) {
		blanks(x, false);
		if (key_part(x, k) == -1)
			return -1;
		blanks(x, false);
		if (x->p == x->end || *x->p != '.')
			return 0;
		x->p++;
	}
}

/* The table below map by the parts of a key but its last few; of an array of
 * tables its last. */
static struct node *
below(struct toml *x, struct node *map, const struct dotted *k, size_t parts)
{
	for (size_t i = 0; i < parts; i++) {
		struct node *n = tree_own(map, k->part[i], k->len[i]);

		if (n != NULL && n->type == NODE_LIST && n->n > 0)
			n = n->items[n->n - 1];
		if (n == NULL &&
		    ((n = tree_node(&x->m, NODE_MAP)) == NULL ||
			tree_put(&x->m, map, k->part[i], k->len[i], n) == -1))
			return NULL;
		if (n->type != NODE_MAP) {
			(void)wrong(x, "a table named like a key");
			return NULL;
		}
		map = n;
	}
	return map;
}

static int
pair(struct toml *x, struct node *map)
{
	struct dotted k;
	size_t line = x->m.line;
	struct node *n;

	if (key(x, &k) == -1)
		return -1;
	if (x->p == x->end || *x->p != '=')
		return wrong(x, "no '=' after a key");
	x->p++;
	blanks(x, false);
	if ((n = value(x)) == NULL ||
	    (map = below(x, map, &k, k.n - 1)) == NULL)
		return -1;
	n->line = line;
	return tree_put(&x->m, map, k.part[k.n - 1], k.len[k.n - 1], n);
}

/* ---- values ---- */

static struct node *
array(struct toml *x)
{
	struct node *n = tree_node(&x->m, NODE_LIST);

	x->p++;
	while (n != NULL) {
		blanks(x, true);
		if (x->p < x->end && *x->p == ']') {
			x->p++;
			return n;
		}
		if (tree_append(&x->m, n, value(x)) == -1)
			return NULL;
		blanks(x, true);
		if (x->p < x->end && *x->p == ',')
			x->p++;
		else if (x->p == x->end || *x->p != ']')
			return wrong(x, "no ',' or ']' in an array"), NULL;
	}
	return NULL;
}

static struct node *
inline_table(struct toml *x)
{
	struct node *n = tree_node(&x->m, NODE_MAP);

	x->p++;
	blanks(x, false);
	while (n != NULL) {
		if (x->p < x->end && *x->p == '}') {
			x->p++;
			return n;
		}
		if (pair(x, n) == -1)
			return NULL;
		blanks(x, false);
		if (x->p < x->end && *x->p == ',')
			x->p++;
		else if (x->p == x->end || *x->p != '}')
			return wrong(x, "no ',' or '}' in a table"), NULL;
	}
	return NULL;
}

/* Numbers, true, false, dates. */
static struct node *
word(struct toml *x)
{
	const char *from = x->p;
	struct span s;

	while (
	    x->p < x->end && *x->p != '\0' && strchr(BARE "+.:", *x->p) != NULL)
		x->p++;
	s = (struct span){ from, (size_t)(x->p - from) };
	if (!span_is(s, "true") && !span_is(s, "false") && !span_is(s, "inf") &&
	    !span_is(s, "nan") &&
	    (s.len == 0 || strchr("0123456789+-", s.p[0]) == NULL))
		return wrong(x, "a value is expected"), NULL;
	return tree_scalar(&x->m, s.p, s.len, true);
}

static struct node *
value(struct toml *x)
{
	struct node *n = NULL;
	BUF_AUTO(b, TEXT_LEN_MAX);

	if (++x->depth > TREE_DEPTH_MAX || x->p == x->end) {
		(void)wrong(x, "no value, or one nested too deep");
		return NULL;
	}
	if (*x->p == '[')
		n = array(x);
	else if (*x->p == '{')
		n = inline_table(x);
	else if (*x->p != '"' && *x->p != '\'')
		n = word(x);
	else if (text(x, &b))
		n = tree_scalar(&x->m, b.p != NULL ? b.p : "", b.len, false);
	else
		(void)wrong(x, "a string without an end");
	x->depth--;
	return n;
}

/* ---- tables ---- */

/* "[a.b]" and "[[a.b]]": where the pairs that follow go. */
static struct node *
header(struct toml *x, struct node *root)
{
	bool many = at(x, "[[");
	struct node *map, *list, *fresh;
	struct dotted k;
	const char *name;

	x->p += many ? 2 : 1;
	if (key(x, &k) == -1)
		return NULL;
	if (!at(x, many ? "]]" : "]"))
		return wrong(x, "a table's name without its ']'"), NULL;
	x->p += many ? 2 : 1;
	if (!many)
		return below(x, root, &k, k.n);
	if ((map = below(x, root, &k, k.n - 1)) == NULL)
		return NULL;
	name = k.part[k.n - 1];
	list = tree_own(map, name, k.len[k.n - 1]);
	if (list == NULL &&
	    ((list = tree_node(&x->m, NODE_LIST)) == NULL ||
		tree_put(&x->m, map, name, k.len[k.n - 1], list) == -1))
		return NULL;
	if (list->type != NODE_LIST)
		return wrong(x, "an array named like a key"), NULL;
	fresh = tree_node(&x->m, NODE_MAP);
	return tree_append(&x->m, list, fresh) == 0 ? fresh : NULL;
}

static int
lines(struct toml *x, struct node *root)
{
	struct node *map = root;

	for (;;) {
		blanks(x, true);
		if (x->p == x->end)
			return 0;
		if (*x->p == '[') {
			if ((map = header(x, root)) == NULL)
				return -1;
		} else if (pair(x, map) == -1) {
			return -1;
		}
		blanks(x, false);
		if (x->p < x->end && *x->p != '\n')
			return wrong(x, "more after a value");
	}
}

int
tree_toml(struct documents *out, const char *p, size_t len, struct fault *f)
{
	struct toml x = { .p = p, .end = p + len };
	struct node *root;

	if (len > TREE_TEXT_MAX) {
		*out = (struct documents){ 0 };
		return fault(f, FAULT_LIMIT, "over %zu bytes", TREE_TEXT_MAX);
	}
	if ((root = tree_begin(&x.m, out, f)) == NULL || lines(&x, root) == -1)
		return -1;
	return tree_finish(root, 0, f);
}
