/* See prune.h. */
#include "collector/kube/prune.h"

#include <assert.h>
#include <string.h>

#include "collector/kube/skip.h"

/* ---- what is kept ---- */

/* The next name of a path: "spec", or ["a.b/c"]. */
static struct keep_name
next_name(const char **path)
{
	struct keep_name n = { .name = *path + strspn(*path, ".") };

	if (n.name[0] == '[') {
		n.name += 2;
		n.len = strcspn(n.name, "\"");
		*path = n.name + n.len + 2;
	} else {
		n.len = strcspn(n.name, ".[");
		*path = n.name + n.len;
	}
	return n;
}

/* The place of n below at, which is made if it is not there yet. */
static int
name_below(struct keep *k, int at, const struct keep_name *n)
{
	int *link = &k->name[at].below;

	for (; *link != 0; link = &k->name[*link].next)
		if (k->name[*link].len == n->len &&
		    memcmp(k->name[*link].name, n->name, n->len) == 0)
			return *link;
	assert(k->n < KEEP_MAX);
	k->name[k->n] = *n;
	*link = k->n;
	return k->n++;
}

void
keep_init(struct keep *k, const char *const *paths)
{
	k->n = 1;
	k->name[0] = (struct keep_name){ 0 };
	for (; *paths != NULL; paths++) {
		const char *path = *paths;
		bool there = path[0] == '?';
		int at = 0;

		path += there;
		while (path[0] != '\0') {
			struct keep_name n = next_name(&path);

			at = name_below(k, at, &n);
		}
		k->name[at].whole = !there;
		k->name[at].there = there;
	}
}

static const struct keep_name *
find(const struct keep *k, const struct keep_name *of, const char *name,
    size_t len)
{
	for (int i = of->below; i != 0; i = k->name[i].next)
		if (k->name[i].len == len &&
		    memcmp(k->name[i].name, name, len) == 0)
			return &k->name[i];
	return NULL;
}

/* ---- stepping through an object; false: it breaks off or is no JSON ---- */

struct cursor {
	const char *p, *end;
	int depth; /* brackets that are open */
	const struct keep *keep;
	struct buf *out;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static inline void
space(struct cursor *c)
{
	while (c->p < c->end && is_space(*c->p))
		c->p++;
}

static bool
at(const struct cursor *c, char want)
{
	return c->p < c->end && *c->p == want;
}

static bool
skip_string(struct cursor *c)
{
	for (c->p++; c->p < c->end; c->p++) {
		c->p += skip_plain(c->p, (size_t)(c->end - c->p));
		if (at(c, '"')) {
			c->p++;
			return true;
		}
		if (c->p < c->end)
			c->p++; /* what the backslash escapes */
	}
	return false;
}

static bool
skip_value(struct cursor *c)
{
	const char *from = c->p;
	struct skip s = { 0 };

	if (c->p == c->end)
		return false;
	if (*c->p == '"')
		return skip_string(c);
	if (*c->p == '{' || *c->p == '[') {
		c->p += skip_nested(&s, c->p, (size_t)(c->end - c->p),
		    PRUNE_DEPTH_MAX - c->depth);
		return s.depth == 0;
	}
	while (c->p < c->end && !is_space(*c->p) && *c->p != ',' &&
	       *c->p != '}' && *c->p != ']' && *c->p != '"')
		c->p++;
	return c->p > from && c->p < c->end && *c->p != '"';
}

/* Past a comma and the space behind it. */
static bool
another(struct cursor *c)
{
	space(c);
	if (!at(c, ','))
		return false;
	c->p++;
	space(c);
	return true;
}

static void
opened(struct cursor *c)
{
	c->depth++;
	buf_putc(c->out, *c->p++);
	space(c);
}

static bool
closed(struct cursor *c, char bracket)
{
	if (!at(c, bracket))
		return false;
	c->depth--;
	buf_putc(c->out, *c->p++);
	return true;
}

static bool prune_object(struct cursor *c, const struct keep_name *of);

/* Of each object in a list its members below of; what is no object goes. */
static bool
prune_array(struct cursor *c, const struct keep_name *of)
{
	bool first = true, more;

	opened(c);
	for (more = !at(c, ']'); more; more = another(c)) {
		if (!at(c, '{')) {
			if (!skip_value(c))
				return false;
			continue;
		}
		if (!first)
			buf_putc(c->out, ',');
		first = false;
		if (!prune_object(c, of))
			return false;
	}
	return closed(c, ']');
}

/* A name as objects have them (RFC 1123): nothing in it to be judged. */
static bool
is_plain_name(const char *p, size_t len)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";

	return len > 2 && p[0] == '"' && strspn(p + 1, plain) == len - 2;
}

/* A name and its value from c->p on, as they stand. */
static bool
copy_whole(struct cursor *c, const char *name)
{
	if (!skip_value(c))
		return false;
	buf_put(c->out, name, (size_t)(c->p - name));
	return true;
}

static bool
copy_there(struct cursor *c, const char *name)
{
	const char *value = c->p;

	if (!skip_value(c))
		return false;
	if (is_plain_name(value, (size_t)(c->p - value))) {
		buf_put(c->out, name, (size_t)(value - name));
		buf_puts(c->out, "true");
	} else {
		buf_put(c->out, name, (size_t)(c->p - name));
	}
	return true;
}

static bool
copy_part(struct cursor *c, const char *name, const struct keep_name *k)
{
	buf_put(c->out, name, (size_t)(c->p - name));
	return *c->p == '[' ? prune_array(c, k) : prune_object(c, k);
}

static bool
prune_member(struct cursor *c, const struct keep_name *of, bool *first)
{
	const char *name = c->p;
	const struct keep_name *k;
	size_t len;

	if (!at(c, '"') || !skip_string(c))
		return false;
	len = (size_t)(c->p - name);
	space(c);
	if (!at(c, ':'))
		return false;
	c->p++;
	space(c);
	k = find(c->keep, of, name + 1, len - 2);
	/* null, or of a shape nobody asked for, is nothing */
	if (k == NULL || (!k->whole && !k->there && !at(c, '{') && !at(c, '[')))
		return skip_value(c);
	if (!*first)
		buf_putc(c->out, ',');
	*first = false;
	if (k->whole)
		return copy_whole(c, name);
	return k->there ? copy_there(c, name) : copy_part(c, name, k);
}

/* Depth is bounded by the paths. */
static bool
prune_object(struct cursor *c, const struct keep_name *of)
{
	bool first = true, more;

	opened(c);
	for (more = !at(c, '}'); more; more = another(c))
		if (!prune_member(c, of, &first))
			return false;
	return closed(c, '}');
}

size_t
prune(const struct keep *k, const char *p, size_t len, struct buf *out)
{
	struct cursor c = { p, p + len, 0, k, out };

	if (!at(&c, '{') || !prune_object(&c, &k->name[0]))
		return 0;
	return (size_t)(c.p - p);
}
