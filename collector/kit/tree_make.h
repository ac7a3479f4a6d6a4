/* Making the nodes of tree.h, for the readers of other syntaxes. */
#ifndef COLLECTOR_KIT_TREE_MAKE_H
#define COLLECTOR_KIT_TREE_MAKE_H

#include "collector/kit/tree.h"

#define TREE_KEYS_MAX 4000 /* of one map that is built key by key */

struct tree_maker {
	struct documents *out;
	size_t line;  /* of what is made next, from 1 */
	size_t nodes; /* made so far */
	struct fault *f;
};

/* Begin out with an arena and one document, an empty map. NULL: no memory. */
MUST_USE struct node *tree_begin(
    struct tree_maker *m, struct documents *out, struct fault *f);

/* NULL with the maker's fault: no memory, or too many. */
struct node *tree_node(struct tree_maker *m, enum node_type type);
struct node *tree_scalar(
    struct tree_maker *m, const char *p, size_t len, bool plain);
/* A value that is known only later; its text says what stands there. */
struct node *tree_call(struct tree_maker *m, const char *p, size_t len);

/* -1 with the maker's fault. A key may be added twice: tree_finish() refuses
 * it. */
int tree_append(struct tree_maker *m, struct node *list, struct node *item);
int tree_put(struct tree_maker *m, struct node *map, const char *key,
    size_t len, struct node *value);

/* The value of a key as it may be changed, or NULL. */
struct node *tree_own(const struct node *map, const char *key, size_t len);

/* tree_close() of everything below n, deepest first. */
MUST_USE int tree_finish(struct node *n, int depth, struct fault *f);

#endif
