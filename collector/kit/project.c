/* See project.h. */
#include "collector/kit/project.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_DEPTH_MAX 32 /* lists within lists that are walked */

/* Take the next name of a path: ".spec" or ["a.b/c"]. False: malformed. */
static bool
path_step(const char **path, const char **name, size_t *len)
{
	const char *p = *path, *end;

	if (p[0] == '.') {
		p++;
		end = p + strcspn(p, ".[");
		*path = end;
	} else if (p[0] == '[' && p[1] == '"') {
		p += 2;
		if ((end = strstr(p, "\"]")) == NULL)
			return false;
		*path = end + 2;
	} else {
		return false;
	}
	*name = p;
	*len = (size_t)(end - p);
	return end > p;
}

static bool
at_list(const char *path)
{
	return path[0] == '[' && path[1] == ']';
}

/* Walk names only: up to the end of the path or its next "[]". */
static const json_t *
walk(const json_t *object, const char **path)
{
	const char *name;
	size_t len;

	while (object != NULL && **path != '\0' && !at_list(*path)) {
		if (!path_step(path, &name, &len))
			return NULL;
		object = json_object_getn(object, name, len);
	}
	return object;
}

const json_t *
path_value(const json_t *object, const char *path)
{
	const json_t *v = walk(object, &path);

	return path[0] == '\0' ? v : NULL;
}

const char *
path_text(const json_t *object, const char *path)
{
	return json_string_value(path_value(object, path));
}

static int
each_at(const json_t *object, const char *path, int depth,
    int (*each)(void *ctx, const json_t *v), void *ctx)
{
	const json_t *v = walk(object, &path);
	const json_t *item;
	size_t i;
	int rc = 0;

	if (v == NULL || depth == PATH_DEPTH_MAX)
		return 0;
	if (path[0] == '\0')
		return each(ctx, v);
	json_array_foreach (v, i, item) {
		rc = each_at(item, path + 2, depth + 1, each, ctx);
		if (rc != 0)
			break;
	}
	return rc;
}

int
path_each(const json_t *object, const char *path,
    int (*each)(void *ctx, const json_t *v), void *ctx)
{
	return each_at(object, path, 0, each, ctx);
}

/* ---- columns ---- */

struct gathered {
	struct attrs *a;
	json_t *list;
};

static int
gather(void *ctx, const json_t *v)
{
	struct gathered *g = ctx;

	if (json_is_string(v))
		add(g->a, g->list,
		    json_text(json_string_value(v), json_string_length(v)));
	else if (json_is_integer(v) || json_is_boolean(v))
		add(g->a, g->list, json_incref((json_t *)v));
	return 0;
}

static json_t *
scalars(const json_t *object, const char *path, struct attrs *a)
{
	const char *rest = path;
	const json_t *list = walk(object, &rest);
	struct gathered g = { a, NULL };

	if (!json_is_array(list) || !at_list(rest))
		return json_null();
	g.list = json_array();
	(void)path_each(object, path, gather, &g);
	return g.list;
}

static void
fill_boolean(const struct column *c, const json_t *v, struct attrs *a)
{
	const char *s = json_string_value(v);

	if (json_is_boolean(v))
		attrs_bool(a, c->name, json_is_true(v));
	else if (s != NULL &&
		 (strcmp(s, "true") == 0 || strcmp(s, "false") == 0))
		attrs_bool(a, c->name, s[0] == 't');
	else
		attrs_json(a, c->name, json_null());
}

/* A number of JSON, or digits; a real one (AWS's JSON writes times so) is cut
 * to its integer. */
static bool
integer_of(const json_t *v, long long *n)
{
	const char *s = json_string_value(v);
	char *end;

	if (json_is_integer(v)) {
		*n = json_integer_value(v);
	} else if (json_is_real(v)) {
		if (!(json_real_value(v) < 1e15 && json_real_value(v) > -1e15))
			return false;
		*n = (long long)json_real_value(v);
	} else {
		if (s == NULL || s[s[0] == '-'] < '0' || s[s[0] == '-'] > '9')
			return false;
		errno = 0;
		*n = strtoll(s, &end, 10);
		if (*end != '\0' || errno != 0)
			return false;
	}
	return *n <= JSON_INTEGER_MAX && *n >= -JSON_INTEGER_MAX;
}

static void
fill_integer(const struct column *c, const json_t *v, struct attrs *a)
{
	long long n;

	if (integer_of(v, &n))
		attrs_int(a, c->name, n);
	else
		attrs_json(a, c->name, json_null());
}

static void
fill_path(const struct column *c, const json_t *object, struct attrs *a)
{
	const json_t *v = path_value(object, c->from);

	if (c->type == COLUMN_JSON)
		attrs_json(a, c->name, scalars(object, c->from, a));
	else if (c->type == COLUMN_BOOLEAN)
		fill_boolean(c, v, a);
	else if (c->type == COLUMN_INTEGER)
		fill_integer(c, v, a);
	else if (json_is_string(v))
		attrs_text(
		    a, c->name, json_string_value(v), json_string_length(v));
	else
		attrs_json(a, c->name, json_null());
}

/* Is anything said at the path? texts: an empty element says nothing. */
static bool
is_said(const json_t *v, bool texts)
{
	if (v == NULL || json_is_null(v) ||
	    (json_is_array(v) && json_array_size(v) == 0))
		return false;
	return !texts || !json_is_string(v) || json_string_length(v) > 0;
}

const struct column *
path_lost(const struct kind *k, const json_t *object, const struct attrs *a,
    bool texts)
{
	for (const struct column *c = k->columns; c->name != NULL; c++) {
		const char *path = c->from;
		const json_t *v;

		if (path[0] != '.' || !attrs_is_null(a, c->name))
			continue;
		v = walk(object, &path); /* up to a list, if there is one */
		if (is_said(v, texts) && !(at_list(path) && json_is_array(v)))
			return c;
	}
	return NULL;
}

void
fill_paths(const struct kind *k, const json_t *object, struct attrs *a)
{
	for (const struct column *c = k->columns; c->name != NULL; c++)
		if (c->from[0] == '.')
			fill_path(c, object, a);
}

/* ---- building ---- */

void
put(struct attrs *a, json_t *object, const char *name, json_t *v)
{
	if (json_object_set_new(object, name, v) == -1)
		a->failed = true;
}

void
put_text(struct attrs *a, json_t *object, const char *name, const char *s)
{
	if (s != NULL)
		put(a, object, name, json_text(s, strlen(s)));
}

void
add(struct attrs *a, json_t *list, json_t *v)
{
	if (json_array_append_new(list, v) == -1)
		a->failed = true;
}

void
add_text(struct attrs *a, json_t *list, const char *s)
{
	if (s != NULL)
		add(a, list, json_text(s, strlen(s)));
}

int
text_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}
