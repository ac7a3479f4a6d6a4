/* See items.h. */
#include "items.h"

#include <stdio.h>
#include <string.h>

void
items_init(struct items *s,
    int (*item)(void *ctx, const char *p, size_t len, struct fault *),
    void *ctx, const char *what)
{
	*s = (struct items){ .item = item, .ctx = ctx, .what = what };
	s->around.max = ITEMS_AROUND_MAX;
	s->element.max = ITEM_MAX;
}

void
items_free(struct items *s)
{
	buf_free(&s->around);
	buf_free(&s->element);
}

void
items_reset(struct items *s)
{
	buf_reset(&s->around);
	buf_reset(&s->element);
	s->state = ITEMS_START;
	s->depth = 0;
	s->string = s->escape = s->named = s->colon = s->seen = false;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static int
refuse(const struct items *s, const char *why, struct fault *f)
{
	return fault(
	    f, FAULT_FORMAT, "%s: not a Kubernetes list: %s", s->what, why);
}

/* Step over plain bytes of a string: up to a quote or a backslash. */
static size_t
string_run(const char *p, size_t len)
{
	size_t i = 0;

	while (i < len && p[i] != '"' && p[i] != '\\')
		i++;
	return i;
}

/*
 * Step to the end of the element. Returns how many bytes belong to it;
 * s->depth is 0 when it is whole.
 */
static size_t
element_run(struct items *s, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = p[i];

		if (s->string) {
			if (s->escape) {
				s->escape = false;
				continue;
			}
			i += string_run(p + i, len - i);
			if (i == len)
				return len;
			if (p[i] == '\\')
				s->escape = true;
			else
				s->string = false;
		} else if (c == '"') {
			s->string = true;
		} else if (c == '{' || c == '[') {
			if (++s->depth > ITEMS_DEPTH_MAX)
				return i;
		} else if (c == '}' || c == ']') {
			if (--s->depth == 0)
				return i + 1;
		}
	}
	return len;
}

static int
element_whole(struct items *s, const char *p, size_t len, struct fault *f)
{
	int rc;

	s->state = ITEMS_COMMA;
	if (s->element.len == 0)
		return s->item(s->ctx, p, len, f);
	buf_put(&s->element, p, len);
	if (buf_done(&s->element, s->what, f) == -1)
		return -1;
	rc = s->item(s->ctx, s->element.p, s->element.len, f);
	buf_reset(&s->element);
	return rc;
}

static int
feed_element(
    struct items *s, const char *p, size_t len, size_t *used, struct fault *f)
{
	*used = element_run(s, p, len);
	if (s->depth > ITEMS_DEPTH_MAX)
		return fault(f, FAULT_LIMIT,
		    "%s: an object nested deeper than %d", s->what,
		    ITEMS_DEPTH_MAX);
	if (s->depth == 0)
		return element_whole(s, p, *used, f);
	buf_put(&s->element, p, *used);
	return buf_done(&s->element, s->what, f);
}

/* One byte between elements. */
static int
feed_between(struct items *s, char c, struct fault *f)
{
	if (is_space(c))
		return 0;
	if (c == ']') {
		buf_putc(&s->around, c);
		s->state = ITEMS_AROUND;
		s->depth = 1;
		return 0;
	}
	if (s->state == ITEMS_COMMA && c == ',') {
		s->state = ITEMS_BETWEEN;
		return 0;
	}
	return refuse(s, "an item is no object", f);
}

/* Inside a string around the items; true at its end. */
static bool
string_byte(struct items *s, char c)
{
	if (s->escape)
		s->escape = false;
	else if (c == '\\')
		s->escape = true;
	else if (c == '"')
		s->string = false;
	return !s->string;
}

static int
around_structure(struct items *s, char c, struct fault *f)
{
	bool items = s->depth == 1 && s->named && s->colon;

	if (c == '"') {
		s->string = true;
		s->from = s->around.len;
	} else if (c == ':') {
		s->colon = true;
		return 0;
	} else if (c == '[' && items) {
		if (s->seen)
			return refuse(s, "two members 'items'", f);
		s->seen = true;
		s->state = ITEMS_BETWEEN;
		s->depth = 0;
	} else if (c == '{' || c == '[') {
		if (++s->depth > ITEMS_DEPTH_MAX)
			return refuse(s, "nested too deeply", f);
	} else if (c == '}' || c == ']') {
		if (--s->depth == 0)
			s->state = ITEMS_END;
	}
	s->named = s->colon = false;
	return 0;
}

static int
feed_around(struct items *s, char c, struct fault *f)
{
	static const char name[] = "items\"";
	int rc = 0;

	if (!s->string) {
		if (is_space(c))
			return 0;
		rc = around_structure(s, c, f);
		buf_putc(&s->around, c);
	} else {
		buf_putc(&s->around, c);
		if (string_byte(s, c) && s->depth == 1 &&
		    s->around.failed == FAULT_NONE)
			s->named = s->around.len - s->from == sizeof(name) &&
				   memcmp(s->around.p + s->from + 1, name,
				       sizeof(name) - 1) == 0;
	}
	return rc == 0 ? buf_done(&s->around, s->what, f) : -1;
}

static int
feed_start(struct items *s, char c, struct fault *f)
{
	if (is_space(c))
		return 0;
	if (c == '<')
		return refuse(s, "a page of HTML or XML came instead", f);
	if (c != '{')
		return refuse(s, "it does not begin with an object", f);
	buf_putc(&s->around, c);
	s->state = ITEMS_AROUND;
	s->depth = 1;
	return 0;
}

static int
feed_byte(struct items *s, char c, struct fault *f)
{
	switch (s->state) {
	case ITEMS_START:
		return feed_start(s, c, f);
	case ITEMS_BETWEEN:
	case ITEMS_COMMA:
		return feed_between(s, c, f);
	case ITEMS_END:
		return is_space(c) ? 0
				   : refuse(s, "something follows its end", f);
	default:
		return feed_around(s, c, f);
	}
}

int
items_feed(struct items *s, const char *p, size_t len, struct fault *f)
{
	size_t used;

	for (size_t i = 0; i < len; i += used) {
		used = 1;
		if (s->state == ITEMS_BETWEEN && p[i] == '{') {
			s->state = ITEMS_ELEMENT;
			s->depth = 0;
			s->string = s->escape = false;
		}
		if (s->state == ITEMS_ELEMENT) {
			if (feed_element(s, p + i, len - i, &used, f) == -1)
				return -1;
		} else if (feed_byte(s, p[i], f) == -1) {
			return -1;
		}
	}
	return 0;
}

int
items_end(struct items *s, const char *kind, char token[CONTINUE_MAX],
    struct fault *f)
{
	json_auto_t *doc = NULL;
	json_error_t why;
	const char *name = "", *next = "";

	if (s->state == ITEMS_START)
		return refuse(s, "nothing came", f);
	if (s->state != ITEMS_END)
		return refuse(s, "it breaks off", f);
	doc = json_loadb(
	    s->around.p, s->around.len, JSON_REJECT_DUPLICATES, &why);
	if (doc == NULL)
		return refuse(s, why.text, f);
	if (json_unpack_ex(doc, &why, 0, "{s:s, s?{s?s}}", "kind", &name,
		"metadata", "continue", &next) == -1)
		return refuse(s, why.text, f);
	if (kind != NULL && strcmp(kind, name) != 0)
		return fault(f, FAULT_FORMAT,
		    "%s: a %.60s came where a %s was asked", s->what, name,
		    kind);
	if (!s->seen && !json_is_null(json_object_get(doc, "items")))
		return refuse(s, "it has no items", f);
	if (!s->seen && json_object_get(doc, "items") == NULL)
		return refuse(s, "it has no items", f);
	if (strlen(next) >= CONTINUE_MAX)
		return fault(f, FAULT_LIMIT, "%s: continue token over %d bytes",
		    s->what, CONTINUE_MAX - 1);
	(void)memcpy(token, next, strlen(next) + 1);
	return 0;
}

/* ---- pruning ---- */

struct cursor {
	const char *p, *end;
	const char *const *keep;
	const char *what;
	struct buf *out;
};

static int
broken(const struct cursor *c, struct fault *f)
{
	return fault(f, FAULT_FORMAT, "%s: an object that is no JSON", c->what);
}

static void
space(struct cursor *c)
{
	while (c->p < c->end && is_space(*c->p))
		c->p++;
}

/* Step over a string, c->p at its quote. -1: it does not end. */
static int
skip_string(struct cursor *c)
{
	for (c->p++; c->p < c->end; c->p++) {
		c->p += string_run(c->p, (size_t)(c->end - c->p));
		if (c->p == c->end)
			return -1;
		if (*c->p == '"') {
			c->p++;
			return 0;
		}
		c->p++; /* what the backslash escapes */
	}
	return -1;
}

/* Step over a value. -1: it does not end. */
static int
skip_value(struct cursor *c)
{
	int depth = 0;

	while (c->p < c->end) {
		char b = *c->p;

		if (b == '"') {
			if (skip_string(c) == -1)
				return -1;
			if (depth == 0)
				return 0;
			continue;
		}
		if (depth == 0 &&
		    (b == ',' || b == '}' || b == ']' || is_space(b)))
			return 0;
		if (b == '{' || b == '[')
			depth++;
		else if ((b == '}' || b == ']') && --depth <= 0) {
			c->p++;
			return depth;
		}
		c->p++;
	}
	return -1;
}

enum keeping { KEEP_NOT, KEEP_PART, KEEP_WHOLE };

/* What of the member name below path is wanted? path: "metadata." or "". */
static enum keeping
keeping(const struct cursor *c, const char *path, const char *name, size_t len)
{
	size_t at = strlen(path);

	for (const char *const *k = c->keep; *k != NULL; k++) {
		if (strncmp(*k, path, at) != 0 || (*k)[at] != name[0] ||
		    strncmp(*k + at, name, len) != 0)
			continue;
		if ((*k)[at + len] == '\0')
			return KEEP_WHOLE;
		if ((*k)[at + len] == '.')
			return KEEP_PART;
	}
	return KEEP_NOT;
}

#define PATH_LEN_MAX 128

static int prune_object(struct cursor *c, const char *path, struct fault *f);

/* Of each object in a list its members below path; what is no object goes. */
static int
prune_array(struct cursor *c, const char *path, struct fault *f)
{
	bool first = true, more;

	c->p++; /* the bracket */
	buf_putc(c->out, '[');
	space(c);
	more = c->p < c->end && *c->p != ']';
	while (more) {
		const char *element = c->p;

		if (c->p < c->end && *c->p == '{') {
			if (!first)
				buf_putc(c->out, ',');
			first = false;
			if (prune_object(c, path, f) == -1)
				return -1;
		} else if (skip_value(c) == -1 || c->p == element) {
			return broken(c, f);
		}
		space(c);
		if ((more = c->p < c->end && *c->p == ',')) {
			c->p++;
			space(c);
		}
	}
	if (c->p == c->end || *c->p != ']')
		return broken(c, f);
	c->p++;
	buf_putc(c->out, ']');
	return 0;
}

static int
prune_member(struct cursor *c, const char *path, bool *first, struct fault *f)
{
	const char *name = c->p + 1, *value;
	char below[PATH_LEN_MAX];
	enum keeping k;
	size_t len;

	if (c->p == c->end || *c->p != '"' || skip_string(c) == -1)
		return broken(c, f);
	len = (size_t)(c->p - name) - 1;
	space(c);
	if (c->p == c->end || *c->p != ':')
		return broken(c, f);
	c->p++;
	space(c);
	k = keeping(c, path, name, len);
	value = c->p;
	if (k == KEEP_PART && value < c->end && *value != '{' && *value != '[')
		k = KEEP_NOT; /* null, or of a shape nobody asked for */
	if (k != KEEP_NOT) {
		if (!*first)
			buf_putc(c->out, ',');
		*first = false;
		buf_putc(c->out, '"');
		buf_put(c->out, name, len);
		buf_puts(c->out, "\":");
	}
	if (k == KEEP_PART) {
		size_t at = strlen(path);

		if (at + len + 2 > sizeof(below))
			return broken(c, f);
		(void)memcpy(below, path, at);
		(void)memcpy(below + at, name, len);
		(void)memcpy(below + at + len, ".", 2);
		return *c->p == '[' ? prune_array(c, below, f)
				    : prune_object(c, below, f);
	}
	if (skip_value(c) == -1 || c->p == value)
		return broken(c, f);
	if (k == KEEP_WHOLE)
		buf_put(c->out, value, (size_t)(c->p - value));
	return 0;
}

/* Depth is bounded by the paths of keep. */
static int
prune_object(struct cursor *c, const char *path, struct fault *f)
{
	bool first = true, more;

	c->p++; /* the brace */
	buf_putc(c->out, '{');
	space(c);
	more = c->p < c->end && *c->p != '}';
	while (more) {
		if (prune_member(c, path, &first, f) == -1)
			return -1;
		space(c);
		if ((more = c->p < c->end && *c->p == ',')) {
			c->p++;
			space(c);
		}
	}
	if (c->p == c->end || *c->p != '}')
		return broken(c, f);
	c->p++;
	buf_putc(c->out, '}');
	return 0;
}

int
items_prune(const char *p, size_t len, const char *const *keep,
    const char *what, struct buf *out, struct fault *f)
{
	struct cursor c = { p, p + len, keep, what, out };

	space(&c);
	if (c.p == c.end || *c.p != '{')
		return broken(&c, f);
	if (prune_object(&c, "", f) == -1)
		return -1;
	return buf_done(out, what, f);
}
