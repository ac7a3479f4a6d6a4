/* See plain.h. Strict: RFC 8259 without numbers but integers of up to 15
 * digits. tests/fuzz/fuzz_kube_plain.c compares it with jansson. */
#include "collector/kube/plain_object.h"

#include <stdbool.h>
#include <string.h>

#define DEPTH_MAX 32
#define DIGITS_MAX 15

struct text {
	const char *p, *end;
	int depth;
};

static void
space(struct text *t)
{
	while (t->p < t->end && (*t->p == ' ' || *t->p == '\n' ||
				    *t->p == '\t' || *t->p == '\r'))
		t->p++;
}

static bool
take(struct text *t, char c)
{
	if (t->p == t->end || *t->p != c)
		return false;
	t->p++;
	return true;
}

static bool
take_word(struct text *t, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(t->end - t->p) < len || memcmp(t->p, word, len) != 0)
		return false;
	t->p += len;
	return true;
}

/* A string, t->p behind its quote; NULL: it is not plain. */
static const char *
string(struct text *t, size_t *len)
{
	const char *from = t->p;

	while (t->p < t->end && *t->p >= ' ' && *t->p <= '~' && *t->p != '"' &&
	       *t->p != '\\')
		t->p++;
	*len = (size_t)(t->p - from);
	return take(t, '"') ? from : NULL;
}

static json_t *value(struct text *t);

static bool
member(struct text *t, json_t *object)
{
	const char *name;
	size_t len;

	if (!take(t, '"') || (name = string(t, &len)) == NULL)
		return false;
	space(t);
	if (!take(t, ':'))
		return false;
	space(t);
	return json_object_setn_new_nocheck(object, name, len, value(t)) == 0;
}

static bool
element(struct text *t, json_t *array)
{
	return json_array_append_new(array, value(t)) == 0;
}

/* Members or elements up to the bracket; of two with one name one is gone. */
static json_t *
filled(
    struct text *t, json_t *v, char end, bool (*one)(struct text *, json_t *))
{
	size_t n = 0;

	t->p++;
	space(t);
	if (v == NULL || t->depth == DEPTH_MAX)
		goto not_plain;
	if (take(t, end))
		return v;
	t->depth++;
	do {
		space(t);
		if (!one(t, v))
			goto not_plain;
		n++;
		space(t);
	} while (take(t, ','));
	t->depth--;
	if (take(t, end) && n == json_object_size(v) + json_array_size(v))
		return v;
not_plain:
	json_decref(v);
	return NULL;
}

static json_t *
integer(struct text *t)
{
	bool minus = take(t, '-');
	const char *from = t->p;
	json_int_t n = 0;

	while (t->p < t->end && *t->p >= '0' && *t->p <= '9' &&
	       t->p - from < DIGITS_MAX)
		n = n * 10 + (*t->p++ - '0');
	/* 007 is none; 1.5, 1e3 and larger ones go on; -0 is for jansson */
	if (t->p == from || (*from == '0' && (minus || t->p - from > 1)) ||
	    t->p == t->end ||
	    (*t->p != ',' && *t->p != '}' && *t->p != ']' && *t->p > ' '))
		return NULL;
	return json_integer(minus ? -n : n);
}

/* NULL: not plain, or no memory, which jansson will find out too. */
static json_t *
value(struct text *t)
{
	const char *s;
	size_t len;

	switch (t->p < t->end ? *t->p : '\0') {
	case '{':
		return filled(t, json_object(), '}', member);
	case '[':
		return filled(t, json_array(), ']', element);
	case '"':
		t->p++;
		s = string(t, &len);
		return s != NULL ? json_stringn_nocheck(s, len) : NULL;
	case 't':
		return take_word(t, "true") ? json_true() : NULL;
	case 'f':
		return take_word(t, "false") ? json_false() : NULL;
	case 'n':
		return take_word(t, "null") ? json_null() : NULL;
	default:
		return integer(t);
	}
}

json_t *
plain_read(const char *p, size_t len)
{
	struct text t = { p, p + len, 0 };
	json_t *v = NULL;

	space(&t);
	if (t.p < t.end && (*t.p == '{' || *t.p == '['))
		v = value(&t);
	space(&t);
	if (v != NULL && t.p == t.end)
		return v;
	json_decref(v);
	return NULL;
}
