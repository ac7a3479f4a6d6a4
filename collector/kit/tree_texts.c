/* See tree_texts.h. */
#include "collector/kit/tree_texts.h"

#include "collector/kit/tree.h"

static json_t *value(const struct node *n);

/* Both take a new reference, and the container's on failure. */
static json_t *
list_of(const struct node *n)
{
	json_t *out = json_array();

	for (size_t i = 0; out != NULL && i < n->n; i++)
		if (json_array_append_new(out, value(n->items[i])) == -1) {
			json_decref(out);
			out = NULL;
		}
	return out;
}

static json_t *
map_of(const struct node *n)
{
	json_t *out = json_object();

	for (size_t i = 0; out != NULL && i < n->n; i++)
		if (json_object_set_new_nocheck(
			out, n->keys[i]->text, value(n->items[i])) == -1) {
			json_decref(out);
			out = NULL;
		}
	return out;
}

/* The depth is at most TREE_DEPTH_MAX. */
static json_t *
value(const struct node *n)
{
	switch (n->type) {
	case NODE_LIST:
		return list_of(n);
	case NODE_MAP:
		return map_of(n);
	case NODE_SCALAR:
		return json_stringn(n->text, n->len);
	default:
		return json_null();
	}
}

/* The one document of d, which may be empty. */
static json_t *
one_document(const struct documents *d, const char *what, struct fault *f)
{
	json_t *out = NULL;

	if (d->n > 1)
		(void)fault(f, FAULT_FORMAT, "%s: line %zu: a second document",
		    what, d->root[1]->line);
	else if (d->n == 1 && d->root[0]->weight > TREE_TEXTS_MAX)
		(void)fault(
		    f, FAULT_LIMIT, "%s: over %d values", what, TREE_TEXTS_MAX);
	else if ((out = d->n == 0 ? json_null() : value(d->root[0])) == NULL)
		(void)fault_memory(f);
	return out;
}

json_t *
tree_texts(const char *p, size_t len, const char *what, struct fault *f)
{
	struct documents d = { 0 };
	struct fault why = { 0 };
	json_t *out = NULL;

	if (tree_yaml(&d, p, len, &why) == 0)
		out = one_document(&d, what, f);
	else
		(void)fault(f, why.kind, "%s: %s", what, why.text);
	tree_free(&d);
	return out;
}
