/*
 * What must hold of a collection in which one call was answered wrongly,
 * beside the same collection with good answers: nothing is gone, nothing is
 * absent, nothing has a value it did not have.
 */
#ifndef UNIT_CONTRACT_H
#define UNIT_CONTRACT_H

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/observation.h"

struct seen {
	json_t *rows;	/* "SCOPE KIND KEY": the observation */
	json_t *gaps;	/* "SCOPE KIND", or "SCOPE": true */
	json_t *scopes; /* that were spoken of: elsewhere nothing is gone */
	bool partial;
};

static void
seen_init(struct seen *s)
{
	*s =
	    (struct seen){ json_object(), json_object(), json_object(), false };
}

static void
seen_free(struct seen *s)
{
	json_decref(s->rows);
	json_decref(s->gaps);
	json_decref(s->scopes);
}

static int
seen_put(void *ctx, const struct observation *o, struct fault *f)
{
	struct seen *s = ctx;
	json_t *v = json_loadb(o->body, o->body_len, 0, NULL);
	BUF_AUTO(name, 8192);

	(void)f;
	buf_printf(&name, "%s %s %s", o->scope, o->kind, o->key);
	/* a subject may be told of by two calls: what failed counts */
	return json_object_set_new(s->rows, name.p, v);
}

static int
seen_cover(void *ctx, const struct coverage *c, struct fault *f)
{
	json_auto_t *body = json_loadb(c->body, c->body_len, 0, NULL);
	struct seen *s = ctx;
	json_t *gap;
	size_t i;
	char name[512];

	(void)f;
	(void)json_object_set_new(s->scopes, c->scope, json_true());
	if (strcmp(json_string_value(json_object_get(body, "outcome")),
		"observed") != 0) {
		s->partial = true;
		(void)json_object_set_new(s->gaps, c->scope, json_true());
	}
	json_array_foreach (json_object_get(body, "gaps"), i, gap) {
		(void)snprintf(name, sizeof(name), "%s %s", c->scope,
		    json_string_value(json_object_get(gap, "kind")));
		(void)json_object_set_new(s->gaps, name, json_true());
		s->partial = true;
	}
	return 0;
}

static struct sink
seen_sink(struct seen *s)
{
	return (struct sink){ seen_put, seen_cover, s };
}

/* Nothing that was not said may have a value: a column is what it was, or
 * null, or tells that a part is missing. */
static void
no_column_got_better(
    const char *what, const char *name, const json_t *was, const json_t *now)
{
	const json_t *before = json_object_get(was, "attributes");
	const json_t *after = json_object_get(now, "attributes");
	const char *column;
	json_t *v;

	json_object_foreach ((json_t *)after, column, v) {
		const json_t *old = json_object_get(before, column);

		if (!json_is_null(v) && !json_equal(v, old) &&
		    strcmp(column, "unread") != 0)
			fail_msg("%s: %s: %s became %s", what, name, column,
			    json_dumps(v, JSON_ENCODE_ANY));
	}
}

/* Is it said that not all of this kind, or of this scope, was had, or is
 * nothing said of the scope? */
static bool
seen_gap(const struct seen *s, const char *name)
{
	char text[512];
	size_t scope = strcspn(name, " ");
	size_t kind = scope + 1 + strcspn(name + scope + 1, " ");

	(void)snprintf(text, sizeof(text), "%.*s", (int)kind, name);
	if (json_object_get(s->gaps, text) != NULL)
		return true;
	text[scope] = '\0';
	return json_object_get(s->gaps, text) != NULL ||
	       json_object_get(s->scopes, text) == NULL;
}

static const char *
seen_outcome(const json_t *v)
{
	const char *s = json_string_value(json_object_get(v, "outcome"));

	return s != NULL ? s : "";
}

/* spared: rows that tell of the calls themselves. */
static void
contract_holds(const char *what, bool (*spared)(const char *name),
    const struct seen *good, const struct seen *bad)
{
	const char *name;
	json_t *v;

	json_object_foreach (good->rows, name, v) {
		const json_t *now = json_object_get(bad->rows, name);

		if (!spared(name) && now == NULL &&
		    strcmp(seen_outcome(v), "observed") == 0 &&
		    !seen_gap(bad, name))
			fail_msg("%s: %s would be gone", what, name);
	}
	json_object_foreach (bad->rows, name, v) {
		const json_t *was = json_object_get(good->rows, name);
		const char *outcome = seen_outcome(v);

		if (spared(name))
			continue;
		if (strcmp(outcome, "absent") == 0 &&
		    strcmp(seen_outcome(was), "absent") != 0)
			fail_msg("%s: %s is absent", what, name);
		if (strcmp(outcome, "observed") == 0 && was == NULL)
			fail_msg("%s: %s is new", what, name);
		if (strcmp(outcome, "observed") == 0)
			no_column_got_better(what, name, was, v);
	}
}

#endif
