/* See shape.h. */
#include "collector/kit/shape.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"

#define NAMES_MAX 5 /* members that are told of what was found */

/* ---- what was found ---- */

static void
put_names(const json_t *object, char *out, size_t size)
{
	size_t n = 0, at = strlen(out);
	const char *name;
	json_t *v;

	json_object_foreach ((json_t *)object, name, v) {
		if (n == NAMES_MAX || at + 48 > size) {
			(void)snprintf(out + at, size - at, ", ...");
			return;
		}
		at += (size_t)snprintf(out + at, size - at, "%s%.40s",
		    n++ == 0 ? " with " : ", ", name);
	}
}

void
shape_found(const json_t *v, char out[SHAPE_FOUND_MAX])
{
	static const char *const names[] = { "an object", "a list", "a string",
		"a number", "a number", "true", "false", "null" };

	(void)snprintf(out, SHAPE_FOUND_MAX, "%s",
	    v == NULL ? "nothing" : names[json_typeof(v)]);
	if (json_is_object(v) && json_object_size(v) == 0)
		(void)snprintf(out, SHAPE_FOUND_MAX, "an empty object");
	else if (json_is_object(v))
		put_names(v, out, SHAPE_FOUND_MAX);
	for (char *p = out; *p != '\0'; p++)
		if (!isprint((unsigned char)*p))
			*p = '?';
}

/* ---- a word ---- */

struct word {
	char path[SHAPE_WORD_MAX]; /* alternatives, '|' between */
	const char *type;	   /* in path, ended */
	bool optional;
	enum shape_form form;
	const char *what;
};

static bool
is_blank(const json_t *v, enum shape_form form)
{
	return form == SHAPE_OF_XML && json_is_string(v) &&
	       json_string_length(v) == 0;
}

static bool
is_number(const json_t *v, enum shape_form form)
{
	const char *s = json_string_value(v);

	if (form == SHAPE_OF_JSON || s == NULL)
		return json_is_number(v);
	s += s[0] == '-';
	return s[0] != '\0' && s[strspn(s, "0123456789.")] == '\0';
}

static bool
is_flag(const json_t *v, enum shape_form form)
{
	const char *s = json_string_value(v);

	if (form == SHAPE_OF_JSON || s == NULL)
		return json_is_boolean(v);
	return strcasecmp(s, "true") == 0 || strcasecmp(s, "false") == 0;
}

/* ---- forms of names ---- */

/* Without blanks, quotes, brackets of markup or control characters. */
static bool
is_name(const char *s)
{
	for (const char *p = s; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' ||
		    strchr("<>{}\"\177", *p) != NULL)
			return false;
	return s[0] != '\0';
}

/* "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1", IAM User Guide
 * "Identify AWS resources with ARNs". service NULL: any. */
static bool
is_arn(const char *s, const char *service)
{
	size_t len;

	if (strncmp(s, "arn:aws", 7) != 0)
		return false;
	s += strcspn(s, ":") + 1;
	if ((s = strchr(s, ':')) == NULL)
		return false;
	len = strcspn(++s, ":");
	if (len == 0 || (service != NULL && (strlen(service) != len ||
						strncmp(s, service, len) != 0)))
		return false;
	for (int i = 0; i < 3; i++)
		if ((s = strchr(s, ':')) == NULL)
			return false;
		else
			s++;
	return s[0] != '\0' && strpbrk(s, "<>\"\t\r\n") == NULL;
}

/* What KMS takes as a key's name: its ARN, an alias, or its id, which has
 * digits and '-' ("mrk-" and digits of a multi-Region key). KMS API Reference,
 * "DescribeKey". */
static bool
is_key(const char *s)
{
	static const char id[] = "0123456789-"
				 "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (strncmp(s, "alias/", 6) == 0)
		return is_name(s + 6);
	return is_arn(s, "kms") ||
	       (strpbrk(s, "0123456789-") != NULL && s[strspn(s, id)] == '\0');
}

/* "vpc-" and what makes it one of them. */
static bool
is_like(const char *s, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(s, prefix, len) == 0 && is_name(s + len);
}

/* One of the words, commas between. */
static bool
is_in(const char *s, const char *words)
{
	size_t len = strlen(s);

	for (const char *p = words; *p != '\0';) {
		size_t n = strcspn(p, ",");

		if (n == len && strncmp(p, s, n) == 0)
			return true;
		p += n + (p[n] == ',');
	}
	return false;
}

/* An account of AWS. */
static bool
is_account(const char *s)
{
	return strlen(s) == 12 && strspn(s, "0123456789") == 12;
}

/* -1: the type is not the form of a text. */
static int
is_of_form(const json_t *v, const char *type)
{
	const char *s = json_string_value(v);
	bool is;

	if (strcmp(type, "name") == 0)
		is = s != NULL && is_name(s);
	else if (strcmp(type, "arn") == 0)
		is = s != NULL && is_arn(s, NULL);
	else if (strcmp(type, "key") == 0)
		is = s != NULL && is_key(s);
	else if (strcmp(type, "account") == 0)
		is = s != NULL && is_account(s);
	else if (strncmp(type, "like:", 5) == 0)
		is = s != NULL && is_like(s, type + 5);
	else if (strncmp(type, "in:", 3) == 0)
		is = s != NULL && is_in(s, type + 3);
	else
		return -1;
	return is && strlen(s) == json_string_length(v);
}

static bool
is_of_type(const json_t *v, const struct word *w)
{
	const char *t = w->type;
	int form = is_of_form(v, t);

	if (form != -1)
		return form == 1;

	if (strcmp(t, "object") == 0)
		return json_is_object(v) || is_blank(v, w->form);
	if (strcmp(t, "list") == 0)
		return json_is_array(v) || is_blank(v, w->form);
	if (strcmp(t, "text") == 0)
		return json_is_string(v) && json_string_length(v) > 0;
	if (strcmp(t, "string") == 0)
		return json_is_string(v);
	if (strcmp(t, "flag") == 0)
		return is_flag(v, w->form);
	if (strcmp(t, "number") == 0)
		return is_number(v, w->form);
	if (strncmp(t, "is:", 3) == 0)
		return json_is_string(v) &&
		       strcmp(json_string_value(v), t + 3) == 0;
	return strcmp(t, "any") == 0;
}

/* ---- a path ---- */

enum held { HELD, MISSING, BROKEN };

static enum held
broke(const struct word *w, const char *from, const char *at, const char *must,
    const json_t *found, struct fault *f)
{
	char text[SHAPE_FOUND_MAX];

	shape_found(found, text);
	(void)fault(f, FAULT_FORMAT, "%s: %.*s is %s%s; required: %s", w->what,
	    at > from ? (int)(at - from) : 10, at > from ? from : "the answer",
	    text,
	    json_is_string(found) && is_of_form(found, must) == 0
		? " of another form"
		: "",
	    must);
	return BROKEN;
}

static enum held
lacks(const struct word *w, const char *from, const char *at,
    const json_t *parent, struct fault *f)
{
	char text[SHAPE_FOUND_MAX];

	shape_found(parent, text);
	(void)fault(f, FAULT_FORMAT, "%s: no %.*s; found: %s", w->what,
	    (int)(at - from), from, text);
	return MISSING;
}

/* An empty text names nothing: what stands there is not said. */
static bool
is_empty_name(const json_t *v, const char *type)
{
	return json_is_string(v) && json_string_length(v) == 0 &&
	       is_of_form(v, type) != -1;
}

static enum held hold(const json_t *v, const char *from, const char *at,
    const char *end, const struct word *w, struct fault *f);

/* Each entry of the list that from..at names. */
static enum held
hold_entries(const json_t *list, const char *from, const char *at,
    const char *end, const struct word *w, struct fault *f)
{
	enum held all = HELD;
	size_t i;
	json_t *v;

	if (is_blank(list, w->form))
		return HELD;
	if (!json_is_array(list))
		return broke(w, from, at, "a list", list, f);
	json_array_foreach ((json_t *)list, i, v) {
		enum held h = hold(v, from, at + 2, end, w, f);

		if (h == BROKEN)
			return BROKEN;
		if (h == MISSING)
			all = MISSING;
	}
	return all;
}

static enum held
hold(const json_t *v, const char *from, const char *at, const char *end,
    const struct word *w, struct fault *f)
{
	const json_t *parent = v;
	size_t len;

	if (at == end)
		return is_of_type(v, w) ? HELD
					: broke(w, from, at, w->type, v, f);
	if (at[0] == '[')
		return hold_entries(v, from, at, end, w, f);
	if (!json_is_object(v))
		return is_blank(v, w->form)
			   ? lacks(w, from, end, v, f)
			   : broke(w, from, at, "an object", v, f);
	at++;
	for (len = 0; at + len < end && at[len] != '.' && at[len] != '[';)
		len++;
	v = json_object_getn(v, at, len);
	at += len;
	if (v == NULL || (json_is_null(v) && strcmp(w->type, "any") != 0) ||
	    (at == end && is_empty_name(v, w->type)))
		return lacks(w, from, at, parent, f);
	return hold(v, from, at, end, w, f);
}

static bool
read_word(const char *p, size_t len, struct word *w)
{
	char *type;

	if (len >= sizeof(w->path))
		return false;
	(void)memcpy(w->path, p, len);
	w->path[len] = '\0';
	w->optional = len > 0 && w->path[len - 1] == '?';
	if (w->optional)
		w->path[len - 1] = '\0';
	if ((type = strchr(w->path, '=')) == NULL)
		return false;
	*type = '\0';
	w->type = type + 1;
	return true;
}

/* One of the word's paths at least. */
static int
hold_word(const struct word *w, const json_t *tree, struct fault *f)
{
	enum held best = MISSING;

	for (const char *p = w->path; *p != '\0';) {
		size_t len = strcspn(p, "|");
		struct fault why = { 0 };
		/* "." alone: the tree itself */
		const char *at = len == 1 ? p + 1 : p;
		enum held h = hold(tree, p, at, p + len, w, &why);

		if (h == HELD)
			best = HELD;
		else if (f->kind == FAULT_NONE || h == BROKEN)
			*f = why;
		if (h == BROKEN)
			return -1;
		p += len + (p[len] == '|');
	}
	if (best == HELD || w->optional) {
		*f = (struct fault){ 0 };
		return 0;
	}
	return -1;
}

int
shape_check(const char *shape, const json_t *tree, enum shape_form form,
    const char *what, struct fault *f)
{
	for (const char *p = shape != NULL ? shape : ""; *p != '\0';) {
		size_t len = strcspn(p, " ");
		struct word w = { .form = form, .what = what };
		struct fault why = { 0 };

		if (!read_word(p, len, &w))
			return fault(f, FAULT_FORMAT, "'%.60s': no shape", p);
		if (hold_word(&w, tree, &why) == -1) {
			*f = why;
			return -1;
		}
		p += len;
		p += strspn(p, " ");
	}
	return 0;
}
