/* See observation.h. */
#include "base/length.h"
#include "base/observation.h"

#include <stdio.h>
#include <string.h>

#include "base/observation_put.h"

static const char *const outcomes[] = {
	[OUTCOME_OBSERVED] = "observed",
	[OUTCOME_ABSENT] = "absent",
	[OUTCOME_DENIED] = "denied",
	[OUTCOME_UNREACHABLE] = "unreachable",
	[OUTCOME_ERROR] = "error",
};

void
kind_view(const struct kind *k, char out[KIND_VIEW_MAX])
{
	(void)snprintf(out, KIND_VIEW_MAX, "%s", k->name);
	for (char *p = out; *p != '\0'; p++)
		if (*p == '.')
			*p = '_';
}

const struct column *
kind_column(const struct kind *k, const char *name)
{
	for (const struct column *c = k->columns; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

const char *
outcome_name(enum outcome o)
{
	return outcomes[o];
}

int
outcome_of_name(const char *s, enum outcome *o)
{
	for (size_t i = 0; i < LENGTH(outcomes); i++)
		if (strcmp(s, outcomes[i]) == 0) {
			*o = (enum outcome)i;
			return 0;
		}
	return -1;
}

enum outcome
outcome_of_fault(const struct fault *f)
{
	switch (f->kind) {
	case FAULT_ABSENT:
		return OUTCOME_ABSENT;
	case FAULT_DENIED:
		return OUTCOME_DENIED;
	case FAULT_REMOTE:
		return OUTCOME_UNREACHABLE;
	default:
		return OUTCOME_ERROR;
	}
}

/* Does a value suit a column of this type? null always does: not known. */
static bool
suits(enum column_type type, json_type v)
{
	if (v == JSON_NULL)
		return true;
	switch (type) {
	case COLUMN_TEXT:
		return v == JSON_STRING;
	case COLUMN_INTEGER:
		return v == JSON_INTEGER;
	case COLUMN_BOOLEAN:
		return v == JSON_TRUE || v == JSON_FALSE;
	default:
		return v == JSON_ARRAY || v == JSON_OBJECT;
	}
}

static bool
is_named(const struct column *c, const char *name, size_t len)
{
	return strncmp(c->name, name, len) == 0 && c->name[len] == '\0';
}

/* next is where it is looked for first; nearly always it is there. */
static int
check_attribute(const struct kind *k, const struct column **next,
    const char *name, size_t len, json_type type, struct fault *f)
{
	const struct column *c = *next;

	if (c->name == NULL || !is_named(c, name, len))
		for (c = k->columns; c->name != NULL; c++)
			if (is_named(c, name, len))
				break;
	if (c->name == NULL)
		return fault(f, FAULT_FORMAT, "kind %s has no column '%.*s'",
		    k->name, (int)len, name);
	if (!suits(c->type, type))
		return fault(f, FAULT_FORMAT, "kind %s, column %s: wrong type",
		    k->name, c->name);
	*next = c + 1;
	return 0;
}

int
attrs_check(const struct kind *k, const struct attrs *a, struct fault *f)
{
	const struct column *next = k->columns;

	for (size_t i = 0; i < a->n; i++)
		if (check_attribute(k, &next, a->text.p + a->attr[i].name,
			a->attr[i].name_len, a->attr[i].type, f) == -1)
			return -1;
	return 0;
}

int
attributes_check(const struct kind *k, json_t *attributes, struct fault *f)
{
	const struct column *next = k->columns;
	const char *key;
	json_t *v;

	json_object_foreach (attributes, key, v) {
		if (check_attribute(
			k, &next, key, strlen(key), json_typeof(v), f) == -1)
			return -1;
	}
	return 0;
}

int
name_check(const char *what, const char *s, struct fault *f)
{
	if (s == NULL || s[0] == '\0')
		return fault(
		    f, FAULT_FORMAT, "an observation without %s", what);
	if (strlen(s) > NAME_MAX_LEN)
		return fault(f, FAULT_LIMIT,
		    "%s longer than %d bytes: %.40s...", what, NAME_MAX_LEN, s);
	return 0;
}

int
observation_put(
    const struct sink *sink, const struct observation *o, struct fault *f)
{
	if (name_check("scope", o->scope, f) == -1 ||
	    name_check("key", o->key, f) == -1)
		return -1;
	return sink->put(sink->ctx, o, f);
}

int
coverage_put(const struct sink *sink, const char *collector, const char *scope,
    const json_t *coverage, struct fault *f)
{
	BUF_AUTO(body, COVERAGE_MAX);
	struct coverage c = { .collector = collector, .scope = scope };

	if (json_canonical(coverage, &body, f) == -1)
		return -1;
	c.body = body.p;
	c.body_len = body.len;
	return sink->cover(sink->ctx, &c, f);
}
