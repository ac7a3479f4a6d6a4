/* See fill.h. */
#include "collector/aws/fill.h"

#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX 10000

struct texts {
	const char **v; /* borrowed texts */
	size_t n;
};

static int
take_text(void *ctx, const json_t *v)
{
	struct texts *t = ctx;

	if (json_is_string(v) && t->n < TEXTS_MAX)
		t->v[t->n++] = json_string_value(v);
	return 0;
}

/* The list before the last "[]" of path, or NULL. */
static bool
has_list(const json_t *object, const char *path)
{
	const char *end = strstr(path, "[]");
	char head[128];

	if (end == NULL || (size_t)(end - path) >= sizeof(head))
		return false;
	memcpy(head, path, (size_t)(end - path));
	head[end - path] = '\0';
	return json_is_array(path_value(object, head));
}

json_t *
sorted_texts(const json_t *object, const char *path, struct attrs *a)
{
	struct texts t = { 0 };
	json_t *out;

	if (!has_list(object, path))
		return json_null();
	t.v = malloc(TEXTS_MAX * sizeof(*t.v));
	out = json_array();
	if (t.v == NULL || out == NULL) {
		a->failed = true;
	} else {
		(void)path_each(object, path, take_text, &t);
		if (t.n > 1)
			qsort(t.v, t.n, sizeof(*t.v), text_order);
		for (size_t i = 0; i < t.n; i++)
			if (i == 0 || strcmp(t.v[i], t.v[i - 1]) != 0)
				add_text(a, out, t.v[i]);
	}
	free(t.v);
	return out;
}

const char *
tag_value(const json_t *tags, const char *key_member, const char *value_member,
    const char *tag)
{
	json_t *v;
	size_t i;

	json_array_foreach ((json_t *)tags, i, v) {
		const char *key =
		    json_string_value(json_object_get(v, key_member));

		if (key != NULL && strcmp(key, tag) == 0)
			return json_string_value(
			    json_object_get(v, value_member));
	}
	return NULL;
}

const char *
tag_cluster(
    const json_t *tags, const char *key_member, const char *value_member)
{
	static const char prefix[] = "kubernetes.io/cluster/";
	const char *name =
	    tag_value(tags, key_member, value_member, "eks:cluster-name");
	json_t *v;
	size_t i;

	json_array_foreach ((json_t *)tags, i, v) {
		const char *key =
		    json_string_value(json_object_get(v, key_member));

		if (name == NULL && key != NULL &&
		    strncmp(key, prefix, sizeof(prefix) - 1) == 0 &&
		    key[sizeof(prefix) - 1] != '\0')
			name = key + sizeof(prefix) - 1;
	}
	return name;
}
