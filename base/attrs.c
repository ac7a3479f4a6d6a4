/* See attrs.h. */
#include "base/attrs.h"

#include <string.h>

void
attrs_init(struct attrs *a)
{
	a->text = (struct buf){ .max = ATTRS_MAX };
	a->n = 0;
	a->why = (struct fault){ 0 };
	a->failed = false;
}

/* Compare the ith name with key in byte order. */
static int
compare(const struct attrs *a, size_t i, const char *key, size_t len)
{
	const struct attr *x = &a->attr[i];
	int c = memcmp(
	    a->text.p + x->name, key, x->name_len < len ? x->name_len : len);

	return c != 0 ? c : (x->name_len > len) - (x->name_len < len);
}

/* Where the member called key is or goes; NULL: there are too many. */
static struct attr *
place(struct attrs *a, const char *key, size_t len)
{
	size_t i = a->n;

	while (i > 0 && compare(a, i - 1, key, len) > 0)
		i--; /* nearly always they come in order */
	if (i > 0 && compare(a, i - 1, key, len) == 0)
		return &a->attr[i - 1];
	if (a->n == ATTRS_COLUMNS)
		return NULL;
	(void)memmove(
	    &a->attr[i + 1], &a->attr[i], (a->n - i) * sizeof(a->attr[0]));
	a->n++;
	return &a->attr[i];
}

/* Begin a member: its value is what comes next in a->text. */
static struct attr *
begin(struct attrs *a, const char *key, json_type type)
{
	size_t len = strlen(key), from = a->text.len;
	struct attr *at;

	if (a->text.failed != FAULT_NONE)
		return NULL;
	if ((at = place(a, key, len)) == NULL) {
		if (a->why.kind == FAULT_NONE)
			(void)fault(&a->why, FAULT_LIMIT, "over %d columns",
			    ATTRS_COLUMNS);
		return NULL;
	}
	*at = (struct attr){ from + 1, len, 0, type };
	json_quote(&a->text, key, len);
	buf_putc(&a->text, ':');
	return at;
}

static void
end(struct attrs *a, struct attr *at)
{
	at->len = a->text.len - (at->name - 1);
}

static void
plain(struct attrs *a, const char *key, json_type type, const char *value)
{
	struct attr *at = begin(a, key, type);

	if (at == NULL)
		return;
	buf_puts(&a->text, value);
	end(a, at);
}

void
attrs_json(struct attrs *a, const char *key, json_t *v)
{
	struct fault why = { 0 };
	struct attr *at;

	if (v == NULL) {
		a->failed = true;
		return;
	}
	if ((at = begin(a, key, json_typeof(v))) != NULL) {
		if (json_canonical(v, &a->text, &why) == -1 &&
		    a->why.kind == FAULT_NONE)
			a->why = why;
		end(a, at);
	}
	json_decref(v);
}

void
attrs_text(struct attrs *a, const char *key, const char *s, size_t len)
{
	struct attr *at = begin(a, key, JSON_STRING);

	if (at == NULL)
		return;
	json_quote_text(&a->text, s, len);
	end(a, at);
}

void
attrs_str(struct attrs *a, const char *key, const char *s)
{
	if (s == NULL)
		plain(a, key, JSON_NULL, "null");
	else
		attrs_text(a, key, s, strlen(s));
}

void
attrs_int(struct attrs *a, const char *key, long long v)
{
	attrs_json(a, key, json_integer(v));
}

void
attrs_bool(struct attrs *a, const char *key, bool v)
{
	plain(a, key, v ? JSON_TRUE : JSON_FALSE, v ? "true" : "false");
}

bool
attrs_is_null(const struct attrs *a, const char *key)
{
	size_t len = strlen(key);

	for (size_t i = a->n; i-- > 0;)
		if (a->attr[i].name_len == len &&
		    memcmp(a->text.p + a->attr[i].name, key, len) == 0)
			return a->attr[i].type == JSON_NULL;
	return true;
}

int
attrs_done(const struct attrs *a, struct fault *f)
{
	if (a->failed)
		return fault_memory(f);
	if (buf_done(&a->text, "JSON text", f) == -1)
		return -1;
	if (a->why.kind == FAULT_NONE)
		return 0;
	*f = a->why;
	return -1;
}

void
attrs_canonical(const struct attrs *a, struct buf *out)
{
	buf_putc(out, '{');
	for (size_t i = 0; i < a->n; i++) {
		if (i > 0)
			buf_putc(out, ',');
		buf_put(out, a->text.p + a->attr[i].name - 1, a->attr[i].len);
	}
	buf_putc(out, '}');
}

void
attrs_free(struct attrs *a)
{
	buf_free(&a->text);
}
