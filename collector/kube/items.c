/* See items.h. */
#include "collector/kube/items.h"

#include <stdio.h>
#include <string.h>

void
items_init(struct items *s,
    int (*item)(void *ctx, const struct item *, struct fault *), void *ctx,
    const struct keep *keep, const char *what)
{
	*s = (struct items){
		.item = item, .ctx = ctx, .keep = keep, .what = what
	};
	s->around.max = ITEMS_AROUND_MAX;
	s->element.max = s->kept.max = ITEM_MAX;
}

void
items_free(struct items *s)
{
	buf_free(&s->around);
	buf_free(&s->element);
	buf_free(&s->kept);
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

/* ---- one element ---- */

static int
hand_on(struct items *s, const char *p, size_t len, struct fault *f)
{
	struct item item = { p, len, &s->kept };

	s->usual = len;
	s->state = ITEMS_COMMA;
	if (buf_done(&s->kept, s->what, f) == -1)
		return -1;
	return s->item(s->ctx, &item, f);
}

/* It came in pieces, and whole it is. */
static int
element_whole(struct items *s, struct fault *f)
{
	size_t len = s->element.len;
	int rc;

	buf_reset(&s->kept);
	if (prune(s->keep, s->element.p, len, &s->kept) != len)
		return fault(
		    f, FAULT_FORMAT, "%s: an object that is no JSON", s->what);
	rc = hand_on(s, s->element.p, len, f);
	buf_reset(&s->element);
	return rc;
}

/*
 * An element begins. Where all of it has come its bytes are looked at once;
 * one that breaks off here, or is broken, is gathered. It is likely to be no
 * shorter than the one before.
 */
static int
begin_element(
    struct items *s, const char *p, size_t len, size_t *used, struct fault *f)
{
	*used = 0;
	buf_reset(&s->kept);
	if (len >= s->usual)
		*used = prune(s->keep, p, len, &s->kept);
	if (*used > 0 && *used <= ITEM_MAX)
		return hand_on(s, p, *used, f);
	*used = 0;
	s->state = ITEMS_ELEMENT;
	s->skip = (struct skip){ 0 };
	return 0;
}

static int
feed_element(
    struct items *s, const char *p, size_t len, size_t *used, struct fault *f)
{
	*used = skip_nested(&s->skip, p, len, PRUNE_DEPTH_MAX);
	if (s->skip.depth > PRUNE_DEPTH_MAX)
		return fault(f, FAULT_LIMIT,
		    "%s: an object nested deeper than %d", s->what,
		    PRUNE_DEPTH_MAX);
	buf_put(&s->element, p, *used);
	if (buf_done(&s->element, s->what, f) == -1)
		return -1;
	return s->skip.depth == 0 ? element_whole(s, f) : 0;
}

/* ---- what is around the elements ---- */

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
		if (++s->depth > PRUNE_DEPTH_MAX)
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
		int rc;

		used = 1;
		if (s->state == ITEMS_BETWEEN && p[i] == '{')
			rc = begin_element(s, p + i, len - i, &used, f);
		else if (s->state == ITEMS_ELEMENT)
			rc = feed_element(s, p + i, len - i, &used, f);
		else
			rc = feed_byte(s, p[i], f);
		if (rc == -1)
			return -1;
	}
	return 0;
}

int
items_end(struct items *s, const char *kind, char token[CONTINUE_MAX],
    struct fault *f)
{
	json_auto_t *doc = NULL;
	json_error_t why;
	const char *name = "", *next = "", *version = "";

	if (s->state == ITEMS_START)
		return refuse(s, "nothing came", f);
	if (s->state != ITEMS_END)
		return refuse(s, "it breaks off", f);
	doc = json_loadb(
	    s->around.p, s->around.len, JSON_REJECT_DUPLICATES, &why);
	if (doc == NULL)
		return refuse(s, why.text, f);
	if (json_unpack_ex(doc, &why, 0, "{s:s, s?{s?s, s?s}}", "kind", &name,
		"metadata", "continue", &next, "resourceVersion",
		&version) == -1)
		return refuse(s, why.text, f);
	if (kind != NULL && strcmp(kind, name) != 0)
		return fault(f, FAULT_FORMAT,
		    "%s: a %.60s came where a %s was asked", s->what, name,
		    kind);
	if (!s->seen)
		return refuse(s, "it has no list of items", f);
	if (strlen(next) >= CONTINUE_MAX)
		return fault(f, FAULT_LIMIT, "%s: continue token over %d bytes",
		    s->what, CONTINUE_MAX - 1);
	(void)memcpy(token, next, strlen(next) + 1);
	(void)snprintf(s->version, sizeof(s->version), "%.*s",
	    (int)strspn(version, "0123456789"), version);
	return 0;
}
