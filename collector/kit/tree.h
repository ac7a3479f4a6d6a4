/*
 * A YAML or JSON text as a tree in which every value knows its line.
 *
 * YAML is read event by event, so that the caps hold while it is read: no
 * tag but those of the core schema and CloudFormation's short forms, no key
 * twice, no key that is not a scalar. An alias is the very node its anchor
 * named, never a copy, and is counted at its full size: what would expand to
 * more than TREE_NODES_MAX values, or to itself, is refused.
 */
#ifndef COLLECTOR_KIT_TREE_H
#define COLLECTOR_KIT_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"

#define TREE_TEXT_MAX ((size_t)32 * 1024 * 1024) /* bytes of one text */
#define TREE_NODES_MAX 1000000			 /* with aliases expanded */
#define TREE_DEPTH_MAX 64
#define TREE_DOCUMENTS_MAX 256

enum node_type { NODE_NULL, NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_type type;
	bool plain;	  /* a scalar without quotes: may be a number */
	bool call;	  /* CloudFormation: not known before it is deployed */
	int depth;	  /* of nodes below it, itself counted */
	size_t line;	  /* from 1 */
	size_t weight;	  /* nodes at and below it, aliases expanded */
	const char *text; /* scalar; followed by a NUL, holds none */
	size_t len;
	struct node **keys;  /* of a map; scalars */
	struct node **items; /* values of a map or a list */
	size_t n;
};

struct documents {
	struct arena *arena; /* owns every node */
	const struct node *root[TREE_DOCUMENTS_MAX];
	size_t n;
};

/*
 * Read a text into out, which the caller frees whatever is returned.
 * FAULT_FORMAT or FAULT_LIMIT: "line 12: what is wrong".
 */
MUST_USE int tree_yaml(
    struct documents *out, const char *p, size_t len, struct fault *f);
MUST_USE int tree_json(
    struct documents *out, const char *p, size_t len, struct fault *f);
void tree_free(struct documents *d);

/* What both readers finish a collection with: weight, depth, keys unique. */
MUST_USE int tree_close(struct node *n, struct fault *f);

/*
 * Looking. n may be NULL everywhere: nothing is found there.
 * node_get also finds what a merge key ("<<") brings in.
 */
const struct node *node_get(const struct node *n, const char *key);
/* The node at keys joined by dots; a key that has dots cannot be named. */
const struct node *node_at(const struct node *n, const char *path);

/* The text of a scalar, or NULL: not one, null, or only known at deployment. */
const char *node_text(const struct node *n);
bool node_is(const struct node *n, const char *text);
/* Not a literal: a CloudFormation function in either notation. */
bool node_is_call(const struct node *n);
/* true/false and YAML 1.1's words for them, as Kubernetes' readers take them;
 * a quoted word is one too when quoted is set. False: neither. */
bool node_bool(const struct node *n, bool quoted, bool *v);
bool node_integer(const struct node *n, long long *v);

#endif
