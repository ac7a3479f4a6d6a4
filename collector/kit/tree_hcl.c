/* See tree_hcl.h. */
#include "collector/kit/tree_hcl.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/span.h"
#include "collector/kit/tree_make.h"

#define TEXT_LEN_MAX ((size_t)1024 * 1024) /* bytes of one string */
#define LABELS_MAX 8
#define RESOLVE_MAX 8 /* references behind one another */
#define IDENTIFIER ALNUM "_-"

struct hcl {
	struct tree_maker m;
	const char *p, *end;
	int depth;
};

static struct node *expression(struct hcl *x);
static int body(struct hcl *x, struct node *map, bool nested);

static int
wrong(struct hcl *x, const char *what)
{
	return fault(
	    x->m.f, FAULT_FORMAT, "line %zu: not HCL: %s", x->m.line, what);
}

/* ---- blanks and comments ---- */

static bool
at(const struct hcl *x, const char *s)
{
	size_t n = strlen(s);

	return (size_t)(x->end - x->p) >= n && memcmp(x->p, s, n) == 0;
}

static void
skip_line(struct hcl *x)
{
	while (x->p < x->end && *x->p != '\n')
		x->p++;
}

static void
skip_block(struct hcl *x)
{
	for (x->p += 2; x->p < x->end && !at(x, "*/"); x->p++)
		x->m.line += *x->p == '\n';
	x->p += x->p < x->end ? 2 : 0;
}

/* newlines: also these, which end an attribute elsewhere. */
static void
blanks(struct hcl *x, bool newlines)
{
	while (x->p < x->end) {
		if (*x->p == ' ' || *x->p == '\t' || *x->p == '\r') {
			x->p++;
		} else if (*x->p == '\n' && newlines) {
			x->m.line++;
			x->p++;
		} else if (*x->p == '#' || at(x, "//")) {
			skip_line(x);
		} else if (at(x, "/*")) {
			skip_block(x);
		} else {
			break;
		}
	}
}

static struct span
identifier(struct hcl *x)
{
	const char *from = x->p;

	while (
	    x->p < x->end && strchr(IDENTIFIER, *x->p) != NULL && *x->p != '\0')
		x->p++;
	return (struct span){ from, (size_t)(x->p - from) };
}

/* ---- strings ---- */

static bool
escape(struct hcl *x, struct buf *b)
{
	static const char from[] = "nrt\"\\", to[] = "\n\r\t\"\\";
	const char *c;

	if (++x->p == x->end)
		return false;
	c = *x->p != '\0' ? strchr(from, *x->p) : NULL;
	if (c != NULL)
		buf_putc(b, to[c - from]);
	else if (*x->p == 'u' || *x->p == 'U')
		buf_putc(b, '?'); /* a letter of no name that is looked for */
	else
		return false;
	x->p++;
	return true;
}

/* "${" and "%{" to their end; strings in them may hold braces. */
static void
skip_template(struct hcl *x)
{
	int open = 0;
	bool quoted = false;

	for (; x->p < x->end; x->p++) {
		x->m.line += *x->p == '\n';
		if (*x->p == '\\' && quoted && x->p + 1 < x->end)
			x->p++;
		else if (*x->p == '"')
			quoted = !quoted;
		else if (!quoted && *x->p == '{')
			open++;
		else if (!quoted && *x->p == '}' && --open == 0)
			break;
	}
	x->p += x->p < x->end;
}

static struct node *
quoted(struct hcl *x)
{
	size_t line = x->m.line;
	bool later = false;
	struct node *n;
	BUF_AUTO(b, TEXT_LEN_MAX);

	for (x->p++; x->p < x->end && *x->p != '"' && *x->p != '\n';) {
		if (at(x, "$${") || at(x, "%%{")) {
			buf_put(&b, x->p + 1, 2);
			x->p += 3;
		} else if (at(x, "${") || at(x, "%{")) {
			later = true;
			skip_template(x);
		} else if (*x->p == '\\') {
			if (!escape(x, &b)) {
				(void)wrong(x, "an odd escape");
				return NULL;
			}
		} else {
			buf_putc(&b, *x->p++);
		}
	}
	if (x->p == x->end || *x->p != '"' || b.failed != FAULT_NONE) {
		(void)wrong(x, "a string without an end, or too long");
		return NULL;
	}
	x->p++;
	n = later ? tree_call(&x->m, "", 0)
		  : tree_scalar(&x->m, b.p != NULL ? b.p : "", b.len, false);
	if (n != NULL)
		n->line = line;
	return n;
}

/* <<EOT ... EOT, as it stands. */
static struct node *
heredoc(struct hcl *x)
{
	struct span mark, line;
	bool later = false;
	size_t first = x->m.line;
	struct node *n;
	BUF_AUTO(b, TEXT_LEN_MAX);

	x->p += at(x, "<<-") ? 3 : 2;
	mark = identifier(x);
	skip_line(x);
	while (mark.len > 0 && x->p < x->end) {
		const char *from = ++x->p;

		x->m.line++;
		skip_line(x);
		line = span_trim((struct span){ from, (size_t)(x->p - from) });
		if (line.len == mark.len &&
		    memcmp(line.p, mark.p, mark.len) == 0) {
			n = later ? tree_call(&x->m, "", 0)
				  : tree_scalar(&x->m, b.p != NULL ? b.p : "",
					b.len, false);
			if (n != NULL)
				n->line = first;
			return b.failed == FAULT_NONE ? n : NULL;
		}
		later |= memmem(from, (size_t)(x->p - from), "${", 2) != NULL ||
			 memmem(from, (size_t)(x->p - from), "%{", 2) != NULL;
		buf_put(&b, from, (size_t)(x->p - from));
		buf_putc(&b, '\n');
	}
	(void)wrong(x, "a heredoc without an end");
	return NULL;
}

/* ---- expressions ---- */

/* To the end of an expression that is not a literal: its brackets and strings
 * closed, at a newline, comma or closing bracket. */
static int
skip_expression(struct hcl *x)
{
	int open = 0;

	while (x->p < x->end) {
		char c = *x->p;

		if (c == '"') {
			if (quoted(x) == NULL)
				return -1;
			continue;
		}
		if (at(x, "<<") && x->p + 2 < x->end &&
		    (x->p[2] == '-' || strchr(IDENTIFIER, x->p[2]) != NULL)) {
			if (heredoc(x) == NULL)
				return -1;
			continue;
		}
		if (c == '#' || at(x, "//") || at(x, "/*")) {
			blanks(x, false);
			continue;
		}
		if (strchr("([{", c) != NULL && c != '\0')
			open++;
		else if (strchr(")]}", c) != NULL && c != '\0' && open-- == 0)
			return 0;
		else if ((c == '\n' || c == ',') && open == 0)
			return 0;
		x->m.line += c == '\n';
		x->p++;
	}
	return open == 0 ? 0 : wrong(x, "a bracket without its end");
}

static bool
ends(struct hcl *x)
{
	blanks(x, false);
	return x->p == x->end ||
	       (strchr("\n,)]}", *x->p) != NULL && *x->p != '\0');
}

/* [a, b]; a "for" makes it a call. */
static struct node *
list(struct hcl *x)
{
	struct node *n = tree_node(&x->m, NODE_LIST);

	x->p++;
	while (n != NULL) {
		blanks(x, true);
		if (x->p < x->end && *x->p == ']') {
			x->p++;
			return n;
		}
		if (tree_append(&x->m, n, expression(x)) == -1)
			return NULL;
		blanks(x, true);
		if (x->p < x->end && *x->p == ',')
			x->p++;
		else if (x->p == x->end || *x->p != ']')
			return wrong(x, "no ',' or ']' in a list"), NULL;
	}
	return NULL;
}

static int
object_key(struct hcl *x, struct span *key)
{
	struct node *n;

	if (x->p < x->end && *x->p == '"') {
		if ((n = quoted(x)) == NULL)
			return -1;
		*key = (struct span){ n->text, n->len };
		return 0;
	}
	*key = identifier(x);
	return key->len > 0 ? 0 : wrong(x, "an odd key");
}

/* { a = 1, "b" : 2 } */
static struct node *
object(struct hcl *x)
{
	struct node *n = tree_node(&x->m, NODE_MAP);
	struct span key;

	x->p++;
	while (n != NULL) {
		size_t line;

		blanks(x, true);
		if (x->p < x->end && *x->p == '}') {
			x->p++;
			return n;
		}
		line = x->m.line;
		if (object_key(x, &key) == -1)
			return NULL;
		blanks(x, false);
		if (x->p == x->end || (*x->p != '=' && *x->p != ':'))
			return wrong(x, "no '=' in an object"), NULL;
		x->p++;
		blanks(x, true);
		struct node *value = expression(x);

		if (value == NULL)
			return NULL;
		x->m.line = x->m.line < line ? line : x->m.line;
		if (tree_put(&x->m, n, key.p, key.len, value) == -1)
			return NULL;
		blanks(x, true);
		if (x->p < x->end && *x->p == ',')
			x->p++;
	}
	return NULL;
}

/* Numbers, true, false, null and names with dots. */
static struct node *
word(struct hcl *x)
{
	const char *from = x->p;
	struct span s;
	struct node *n;

	x->p += x->p < x->end && *x->p == '-';
	while (x->p < x->end && *x->p != '\0' &&
	       strchr(IDENTIFIER ".", *x->p) != NULL)
		x->p++;
	s = (struct span){ from, (size_t)(x->p - from) };
	if (span_is(s, "null"))
		return tree_node(&x->m, NODE_NULL);
	if (span_is(s, "true") || span_is(s, "false") ||
	    (s.len > 0 && span_only(s, "-.0123456789eE")))
		return tree_scalar(&x->m, s.p, s.len, true);
	n = tree_call(&x->m, s.p, s.len);
	return n;
}

static struct node *
literal(struct hcl *x)
{
	if (*x->p == '"')
		return quoted(x);
	if (at(x, "<<"))
		return heredoc(x);
	if (*x->p == '[')
		return list(x);
	if (*x->p == '{')
		return object(x);
	return word(x);
}

/* "[for ..." and "{for ..." are no literals. */
static bool
is_for(const struct hcl *x)
{
	struct hcl y = *x;
	struct span s;

	if (*y.p != '[' && *y.p != '{')
		return false;
	y.p++;
	blanks(&y, true);
	s = identifier(&y);
	return span_is(s, "for") && y.p < y.end &&
	       (*y.p == ' ' || *y.p == '\t');
}

static bool
is_computed_key(const struct hcl *x)
{
	struct hcl y = *x;

	if (*y.p != '{')
		return false;
	y.p++;
	blanks(&y, true);
	return y.p < y.end && *y.p == '(';
}

/* A literal and nothing after it, or a call. */
static struct node *
expression(struct hcl *x)
{
	const char *from;
	size_t line;
	struct node *n = NULL;

	blanks(x, false);
	from = x->p;
	line = x->m.line;
	if (x->p == x->end || ++x->depth > TREE_DEPTH_MAX) {
		(void)wrong(x, "no value, or one nested too deep");
		return NULL;
	}
	if (!is_for(x) && !is_computed_key(x)) {
		if ((n = literal(x)) == NULL)
			return NULL;
		if (x->p == from)
			n = NULL; /* an operator */
	}
	if (n == NULL || !ends(x)) {
		if (skip_expression(x) == -1 || x->p == from)
			return x->p == from ? (wrong(x, "no value"), NULL)
					    : NULL;
		if ((n = tree_call(&x->m, "", 0)) != NULL)
			n->line = line;
	}
	x->depth--;
	return n;
}

/* ---- bodies ---- */

/* A key that stands again: a list of what it was and what it is. */
static int
add_block(struct hcl *x, struct node *map, struct span key, struct node *value)
{
	struct node *before = tree_own(map, key.p, key.len), *first;

	if (before == NULL)
		return tree_put(&x->m, map, key.p, key.len, value);
	if (before->type != NODE_LIST) {
		if ((first = tree_node(&x->m, before->type)) == NULL)
			return -1;
		*first = *before;
		*before =
		    (struct node){ .type = NODE_LIST, .line = first->line };
		if (tree_append(&x->m, before, first) == -1)
			return -1;
	}
	return tree_append(&x->m, before, value);
}

/* The map below a type and its labels but the last. */
static struct node *
below(struct hcl *x, struct node *map, struct span key)
{
	struct node *n = tree_own(map, key.p, key.len);

	if (n != NULL && n->type == NODE_MAP)
		return n;
	if (n != NULL) {
		(void)wrong(x, "a block named like an attribute");
		return NULL;
	}
	if ((n = tree_node(&x->m, NODE_MAP)) == NULL ||
	    tree_put(&x->m, map, key.p, key.len, n) == -1)
		return NULL;
	return n;
}

/* A dynamic block makes blocks of a type, of which nothing is known. */
static int
block(struct hcl *x, struct node *map, struct span type)
{
	struct span names[LABELS_MAX + 1] = { type };
	size_t n = 1;
	struct node *value = tree_node(&x->m, NODE_MAP), *label;

	for (;;) {
		blanks(x, false);
		if (x->p == x->end || n > LABELS_MAX)
			return wrong(x, "a block without its '{'");
		if (*x->p == '{')
			break;
		if (*x->p == '"') {
			if ((label = quoted(x)) == NULL)
				return -1;
			names[n++] = (struct span){ label->text, label->len };
		} else if ((names[n] = identifier(x)).len > 0) {
			n++;
		} else {
			return wrong(x, "an odd label");
		}
	}
	x->p++;
	if (value == NULL || body(x, value, true) == -1)
		return -1;
	if (span_is(type, "dynamic") && n == 2)
		return add_block(x, map, names[1], tree_call(&x->m, "", 0));
	for (size_t i = 0; i + 1 < n; i++)
		if ((map = below(x, map, names[i])) == NULL)
			return -1;
	return add_block(x, map, names[n - 1], value);
}

static int
attribute(struct hcl *x, struct node *map, struct span key)
{
	struct node *value;

	x->p++;
	if ((value = expression(x)) == NULL ||
	    tree_put(&x->m, map, key.p, key.len, value) == -1)
		return -1;
	blanks(x, false);
	return x->p == x->end || *x->p == '\n' || *x->p == '}'
		   ? 0
		   : wrong(x, "more after a value");
}

static int
body(struct hcl *x, struct node *map, bool nested)
{
	if (++x->depth > TREE_DEPTH_MAX)
		return wrong(x, "nested too deep");
	for (;;) {
		struct span key;
		int rc;

		blanks(x, true);
		if (x->p == x->end || *x->p == '}')
			break;
		if ((key = identifier(x)).len == 0)
			return wrong(x, "neither an attribute nor a block");
		blanks(x, false);
		rc = x->p < x->end && *x->p == '=' &&
			     !(x->p + 1 < x->end && x->p[1] == '=')
			 ? attribute(x, map, key)
			 : block(x, map, key);
		if (rc == -1)
			return -1;
	}
	x->depth--;
	if (nested != (x->p < x->end))
		return wrong(
		    x, nested ? "a block without its '}'" : "a '}' too many");
	x->p += nested;
	return 0;
}

int
tree_hcl(struct documents *out, const char *p, size_t len, struct fault *f)
{
	struct hcl x = { .p = p, .end = p + len };
	struct node *root;

	if (len > TREE_TEXT_MAX) {
		*out = (struct documents){ 0 };
		return fault(f, FAULT_LIMIT, "over %zu bytes", TREE_TEXT_MAX);
	}
	if ((root = tree_begin(&x.m, out, f)) == NULL ||
	    body(&x, root, false) == -1)
		return -1;
	return tree_finish(root, 0, f);
}

/* ---- references ---- */

struct names {
	const struct node *const *given, *const *locals;
	size_t ngiven, nlocals;
	size_t steps;
};

static const struct node *
named(const struct names *k, const char *text)
{
	bool var = strncmp(text, "var.", 4) == 0;
	const struct node *const *maps = var ? k->given : k->locals;
	size_t n = var ? k->ngiven : k->nlocals;
	const char *name = text + (var ? 4 : 6);
	const struct node *v = NULL;

	if (!var && strncmp(text, "local.", 6) != 0)
		return NULL;
	for (size_t i = 0; v == NULL && i < n; i++) {
		size_t len = strcspn(name, ".");
		struct node *own = tree_own(maps[i], name, len);

		v = name[len] == '.' ? node_at(own, name + len + 1) : own;
	}
	return v;
}

/* Does anything below rest on a value that is not known? */
static bool
is_open(const struct node *n, int depth)
{
	if (n->call || depth > TREE_DEPTH_MAX)
		return true;
	for (size_t i = 0; i < n->n; i++)
		if (is_open(n->items[i], depth + 1))
			return true;
	return false;
}

/* Everything that is gone through counts, so that names of names of lists
 * end somewhere. */
static int
count(struct names *k, size_t steps, struct fault *f)
{
	k->steps += steps;
	return k->steps > TREE_NODES_MAX
		   ? fault(f, FAULT_LIMIT, "over %d values behind names",
			 TREE_NODES_MAX)
		   : 0;
}

static int resolve_item(
    struct names *k, struct node **item, int hops, int depth, struct fault *f);

static int
resolve(struct names *k, struct node *n, int hops, int depth, struct fault *f)
{
	if (depth > TREE_DEPTH_MAX)
		return 0;
	n->weight = 1;
	for (size_t i = 0; i < n->n; i++) {
		if (count(k, 1, f) == -1 ||
		    resolve_item(k, &n->items[i], hops, depth, f) == -1)
			return -1;
		n->weight += n->items[i]->weight + (n->type == NODE_MAP);
	}
	return 0;
}

/* What a name stands for may be a name itself, or hold one. */
static int
resolve_item(
    struct names *k, struct node **item, int hops, int depth, struct fault *f)
{
	const struct node *v;
	struct node *target;
	size_t line = (*item)->line;

	if (!(*item)->call)
		return resolve(k, *item, hops, depth + 1, f);
	if (hops == RESOLVE_MAX || (v = named(k, (*item)->text)) == NULL)
		return 0;
	target = (struct node *)(uintptr_t)v; /* of a tree made here */
	if (resolve_item(k, &target, hops + 1, depth, f) == -1 ||
	    count(k, target->weight, f) == -1)
		return -1;
	if (is_open(target, 0))
		return 0;
	**item = *target;
	(*item)->line = line;
	return 0;
}

int
tree_hcl_resolve(const struct documents *d, const struct node *const *given,
    size_t ngiven, const struct node *const *locals, size_t nlocals,
    struct fault *f)
{
	struct names k = { given, locals, ngiven, nlocals, 0 };
	/* this module made the tree, and may change it */
	struct node *root = (struct node *)(uintptr_t)d->root[0];

	return resolve(&k, root, 0, 0, f) == -1 ? -1 : tree_finish(root, 0, f);
}
