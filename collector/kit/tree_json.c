/* JSON, RFC 8259, into the tree of config_tree.h: jansson keeps no lines. */
#include "collector/kit/tree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

struct reading {
	struct documents *out;
	const char *p, *end;
	size_t line;
	int depth;
	size_t nodes;
	struct fault *f;
};

static struct node *value(struct reading *r);

static struct node *
wrong(struct reading *r, const char *what)
{
	(void)fault(
	    r->f, FAULT_FORMAT, "line %zu: not JSON: %s", r->line, what);
	return NULL;
}

static void
blanks(struct reading *r)
{
	for (;
	     r->p < r->end && strchr(" \t\r\n", *r->p) != NULL && *r->p != '\0';
	     r->p++)
		r->line += *r->p == '\n';
}

static bool
take(struct reading *r, char c)
{
	blanks(r);
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static struct node *
new_node(struct reading *r, enum node_type type)
{
	struct node *n;

	if (++r->nodes > TREE_NODES_MAX) {
		(void)fault(r->f, FAULT_LIMIT, "line %zu: over %d values",
		    r->line, TREE_NODES_MAX);
		return NULL;
	}
	if ((n = arena_alloc(r->out->arena, sizeof(*n))) == NULL) {
		(void)fault_memory(r->f);
		return NULL;
	}
	n->type = type;
	n->line = r->line;
	n->weight = 1;
	n->depth = 1;
	return n;
}

static struct node *
new_scalar(struct reading *r, const char *p, size_t len, bool plain)
{
	struct node *n = new_node(r, NODE_SCALAR);
	char *copy;

	if (n == NULL)
		return NULL;
	if ((copy = arena_alloc(r->out->arena, len + 1)) == NULL) {
		(void)fault_memory(r->f);
		return NULL;
	}
	if (len > 0)
		memcpy(copy, p, len);
	n->text = copy;
	n->len = len;
	n->plain = plain;
	return n;
}

static void
put_utf8(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_putc(b, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_putc(b, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_putc(b, (char)(0xe0 | c >> 12));
		} else {
			buf_putc(b, (char)(0xf0 | c >> 18));
			buf_putc(b, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buf_putc(b, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_putc(b, (char)(0x80 | (c & 0x3f)));
}

static bool
hex4(struct reading *r, uint32_t *v)
{
	static const char digits[] = "0123456789abcdef";

	*v = 0;
	for (int i = 0; i < 4; i++, r->p++) {
		char c = r->p < r->end ? *r->p : '\0';
		const char *at;

		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		if (c == '\0' || (at = strchr(digits, c)) == NULL)
			return false;
		*v = *v << 4 | (uint32_t)(at - digits);
	}
	return true;
}

/* What stands behind \u; half of a pair stands for nothing. */
static bool
unicode(struct reading *r, struct buf *b)
{
	uint32_t c, low;

	if (!hex4(r, &c) || c == 0 || (c >= 0xdc00 && c <= 0xdfff))
		return false;
	if (c >= 0xd800 && c <= 0xdbff) {
		if (r->end - r->p < 6 || r->p[0] != '\\' || r->p[1] != 'u')
			return false;
		r->p += 2;
		if (!hex4(r, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	put_utf8(b, c);
	return true;
}

static bool
escape(struct reading *r, struct buf *b)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;
	char c = r->p < r->end ? *r->p++ : '\0';

	if (c == 'u')
		return unicode(r, b);
	if (c == '\0' || (at = strchr(from, c)) == NULL)
		return false;
	buf_putc(b, to[at - from]);
	return true;
}

static struct node *
string(struct reading *r)
{
	BUF_AUTO(b, TREE_TEXT_MAX);

	for (;;) {
		const char *from = r->p;

		while (r->p < r->end && (unsigned char)*r->p >= 0x20 &&
		       *r->p != '"' && *r->p != '\\')
			r->p++;
		buf_put(&b, from, (size_t)(r->p - from));
		if (r->p == r->end || (unsigned char)*r->p < 0x20)
			return wrong(r, "a string without an end");
		if (*r->p++ == '"')
			break;
		if (!escape(r, &b))
			return wrong(r, "an escape that means nothing");
	}
	if (buf_done(&b, "string", r->f) == -1)
		return NULL;
	return new_scalar(r, b.len > 0 ? b.p : "", b.len, false);
}

/* Numbers keep their text: nothing here counts with them. */
static struct node *
word(struct reading *r)
{
	static const char chars[] = "+-.0123456789"
				    "abcdefghijklmnopqrstuvwxyzE";
	const char *from = r->p;
	size_t len;

	while (r->p < r->end && *r->p != '\0' && strchr(chars, *r->p) != NULL)
		r->p++;
	len = (size_t)(r->p - from);
	if (len == 4 && memcmp(from, "null", 4) == 0)
		return new_node(r, NODE_NULL);
	if ((len == 4 && memcmp(from, "true", 4) == 0) ||
	    (len == 5 && memcmp(from, "false", 5) == 0))
		return new_scalar(r, from, len, true);
	if (len == 0 || strspn(from, "+-.0123456789eE") < len ||
	    strchr("-0123456789", *from) == NULL)
		return wrong(r, "a value is expected here");
	return new_scalar(r, from, len, true);
}

struct list {
	struct node **v;
	size_t n, cap;
};

static bool
push(struct reading *r, struct list *l, struct node *n)
{
	if (n == NULL)
		return false;
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 8 : 2 * l->cap;
		struct node **v = reallocarray(l->v, cap, sizeof(*v));

		if (v == NULL) {
			(void)fault_memory(r->f);
			return false;
		}
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = n;
	return true;
}

static bool
member(struct reading *r, struct list *keys)
{
	if (!take(r, '"'))
		return wrong(r, "a key is expected here") != NULL;
	if (!push(r, keys, string(r)))
		return false;
	return take(r, ':') || wrong(r, "no ':' after a key") != NULL;
}

static bool
elements(struct reading *r, bool map, char end, struct list *keys,
    struct list *items)
{
	if (take(r, end))
		return true;
	do {
		if (map && !member(r, keys))
			return false;
		if (!push(r, items, value(r)))
			return false;
	} while (take(r, ','));
	return take(r, end) || wrong(r, "a list or object has no end") != NULL;
}

static bool
keep(struct reading *r, struct node *n, const struct list *keys,
    const struct list *items)
{
	struct arena *a = r->out->arena;

	n->n = items->n;
	n->keys = arena_alloc(a, keys->n * sizeof(struct node *) + 1);
	n->items = arena_alloc(a, items->n * sizeof(struct node *) + 1);
	if (n->keys == NULL || n->items == NULL) {
		(void)fault_memory(r->f);
		return false;
	}
	if (keys->n > 0)
		memcpy(n->keys, keys->v, keys->n * sizeof(struct node *));
	if (items->n > 0)
		memcpy(n->items, items->v, items->n * sizeof(struct node *));
	return tree_close(n, r->f) == 0;
}

static struct node *
collection(struct reading *r, bool map)
{
	struct list keys = { 0 }, items = { 0 };
	struct node *n = new_node(r, map ? NODE_MAP : NODE_LIST);
	bool good = false;

	if (r->depth++ == TREE_DEPTH_MAX)
		(void)fault(r->f, FAULT_LIMIT,
		    "line %zu: nested deeper than %d", r->line, TREE_DEPTH_MAX);
	else if (n != NULL)
		good = elements(r, map, map ? '}' : ']', &keys, &items) &&
		       keep(r, n, &keys, &items);
	r->depth--;
	free(keys.v);
	free(items.v);
	return good ? n : NULL;
}

static struct node *
value(struct reading *r)
{
	blanks(r);
	if (take(r, '{'))
		return collection(r, true);
	if (take(r, '['))
		return collection(r, false);
	if (take(r, '"'))
		return string(r);
	return word(r);
}

int
tree_json(struct documents *out, const char *p, size_t len, struct fault *f)
{
	struct reading r = {
		.out = out, .p = p, .end = p + len, .line = 1, .f = f
	};
	const struct node *root;

	*out = (struct documents){ .arena = arena_new() };
	if (len > TREE_TEXT_MAX)
		return fault(f, FAULT_LIMIT, "over %zu bytes", TREE_TEXT_MAX);
	if (out->arena == NULL)
		return fault_memory(f);
	if ((root = value(&r)) == NULL)
		return -1;
	blanks(&r);
	if (r.p < r.end) {
		(void)wrong(&r, "something stands after the end");
		return -1;
	}
	out->root[out->n++] = root;
	return 0;
}
