/* See tree_make.h. */
#include "collector/kit/tree_make.h"

#include <string.h>

struct node *
tree_begin(struct tree_maker *m, struct documents *out, struct fault *f)
{
	struct node *root;

	*out = (struct documents){ .arena = arena_new() };
	*m = (struct tree_maker){ .out = out, .line = 1, .f = f };
	if (out->arena == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	if ((root = tree_node(m, NODE_MAP)) != NULL)
		out->root[out->n++] = root;
	return root;
}

struct node *
tree_node(struct tree_maker *m, enum node_type type)
{
	struct node *n;

	if (++m->nodes > TREE_NODES_MAX) {
		(void)fault(m->f, FAULT_LIMIT, "line %zu: over %d values",
		    m->line, TREE_NODES_MAX);
		return NULL;
	}
	if ((n = arena_alloc(m->out->arena, sizeof(*n))) == NULL) {
		(void)fault_memory(m->f);
		return NULL;
	}
	n->type = type;
	n->line = m->line;
	n->weight = 1;
	n->depth = 1;
	return n;
}

struct node *
tree_scalar(struct tree_maker *m, const char *p, size_t len, bool plain)
{
	struct node *n = tree_node(m, NODE_SCALAR);
	char *copy;

	if (n == NULL)
		return NULL;
	if ((copy = arena_alloc(m->out->arena, len + 1)) == NULL) {
		(void)fault_memory(m->f);
		return NULL;
	}
	if (len > 0)
		memcpy(copy, p, len);
	n->text = copy;
	n->len = len;
	n->plain = plain;
	return n;
}

struct node *
tree_call(struct tree_maker *m, const char *p, size_t len)
{
	struct node *n = tree_scalar(m, p, len, true);

	if (n != NULL)
		n->call = true;
	return n;
}

/* Room for one more, doubled whenever the count is a power of two. */
static struct node **
grown(struct tree_maker *m, struct node **old, size_t n)
{
	struct node **fresh;

	if (n > 0 && (n & (n - 1)) != 0)
		return old;
	fresh = arena_alloc(
	    m->out->arena, (n == 0 ? 1 : 2 * n) * sizeof(struct node *));
	if (fresh == NULL) {
		(void)fault_memory(m->f);
		return NULL;
	}
	if (n > 0)
		memcpy(fresh, old, n * sizeof(struct node *));
	return fresh;
}

int
tree_append(struct tree_maker *m, struct node *list, struct node *item)
{
	struct node **items;

	if (item == NULL || (items = grown(m, list->items, list->n)) == NULL)
		return -1;
	list->items = items;
	items[list->n++] = item;
	return 0;
}

int
tree_put(struct tree_maker *m, struct node *map, const char *key, size_t len,
    struct node *value)
{
	struct node *name = tree_scalar(m, key, len, true);
	struct node **keys, **items;

	if (value == NULL || name == NULL)
		return -1;
	if (map->n == TREE_KEYS_MAX)
		return fault(m->f, FAULT_LIMIT, "line %zu: over %d keys",
		    m->line, TREE_KEYS_MAX);
	if ((keys = grown(m, map->keys, map->n)) == NULL ||
	    (items = grown(m, map->items, map->n)) == NULL)
		return -1;
	map->keys = keys;
	map->items = items;
	keys[map->n] = name;
	items[map->n++] = value;
	return 0;
}

struct node *
tree_own(const struct node *map, const char *key, size_t len)
{
	for (size_t i = 0; map->type == NODE_MAP && i < map->n; i++)
		if (map->keys[i]->len == len &&
		    memcmp(map->keys[i]->text, key, len) == 0)
			return map->items[i];
	return NULL;
}

int
tree_finish(struct node *n, int depth, struct fault *f)
{
	if (depth > TREE_DEPTH_MAX)
		return fault(f, FAULT_LIMIT, "line %zu: nested deeper than %d",
		    n->line, TREE_DEPTH_MAX);
	for (size_t i = 0; i < n->n; i++)
		if (tree_finish(n->items[i], depth + 1, f) == -1)
			return -1;
	return tree_close(n, f);
}
