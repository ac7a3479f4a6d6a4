/* See config_tree.h: what both readers share, and looking. */
#include "collector/kit/tree.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"
#include "base/span.h"

void
tree_free(struct documents *d)
{
	if (d == NULL)
		return;
	arena_free(d->arena);
	*d = (struct documents){ 0 };
}

static int
by_text(const void *a, const void *b)
{
	const struct node *const *x = a, *const *y = b;
	int c = strcmp((*x)->text, (*y)->text);

	if (c != 0)
		return c;
	return (*x)->line < (*y)->line ? -1 : (*x)->line > (*y)->line;
}

static int
keys_unique(const struct node *n, struct fault *f)
{
	struct node **sorted;
	int rc = 0;

	if (n->n < 2)
		return 0;
	if ((sorted = malloc(n->n * sizeof(struct node *))) == NULL)
		return fault_memory(f);
	memcpy(sorted, n->keys, n->n * sizeof(struct node *));
	qsort(sorted, n->n, sizeof(struct node *), by_text);
	for (size_t i = 1; rc == 0 && i < n->n; i++)
		if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0)
			rc = fault(f, FAULT_FORMAT,
			    "line %zu: key '%.80s' stands twice, first in line "
			    "%zu",
			    sorted[i]->line, sorted[i]->text,
			    sorted[i - 1]->line);
	free(sorted);
	return rc;
}

int
tree_close(struct node *n, struct fault *f)
{
	n->weight = 1;
	n->depth = 1;
	for (size_t i = 0; i < n->n; i++) {
		n->weight += n->items[i]->weight + (n->type == NODE_MAP);
		if (n->items[i]->depth >= n->depth)
			n->depth = n->items[i]->depth + 1;
		if (n->weight > TREE_NODES_MAX)
			return fault(f, FAULT_LIMIT, "line %zu: over %d values",
			    n->line, TREE_NODES_MAX);
	}
	if (n->depth > TREE_DEPTH_MAX)
		return fault(f, FAULT_LIMIT, "line %zu: nested deeper than %d",
		    n->line, TREE_DEPTH_MAX);
	return n->type == NODE_MAP ? keys_unique(n, f) : 0;
}

static const struct node *
own_key(const struct node *n, const char *key)
{
	for (size_t i = 0; n->type == NODE_MAP && i < n->n; i++)
		if (strcmp(n->keys[i]->text, key) == 0)
			return n->items[i];
	return NULL;
}

/* What the values of "<<" have: the first mapping named wins (YAML merge). */
const struct node *
node_get(const struct node *n, const char *key)
{
	const struct node *v, *merged;

	if (n == NULL || n->type != NODE_MAP)
		return NULL;
	if ((v = own_key(n, key)) != NULL ||
	    (merged = own_key(n, "<<")) == NULL)
		return v;
	if (merged->type == NODE_MAP)
		return node_get(merged, key);
	for (size_t i = 0;
	     v == NULL && merged->type == NODE_LIST && i < merged->n; i++)
		v = node_get(merged->items[i], key);
	return v;
}

const struct node *
node_at(const struct node *n, const char *path)
{
	char key[128];

	while (n != NULL && *path != '\0') {
		size_t len = strcspn(path, ".");

		if (len >= sizeof(key))
			return NULL;
		memcpy(key, path, len);
		key[len] = '\0';
		n = node_get(n, key);
		path += len + (path[len] == '.');
	}
	return n;
}

bool
node_is_call(const struct node *n)
{
	if (n == NULL)
		return false;
	if (n->call)
		return true;
	return n->type == NODE_MAP && n->n == 1 &&
	       (strcmp(n->keys[0]->text, "Ref") == 0 ||
		   strncmp(n->keys[0]->text, "Fn::", 4) == 0);
}

const char *
node_text(const struct node *n)
{
	return n != NULL && n->type == NODE_SCALAR && !n->call ? n->text : NULL;
}

bool
node_is(const struct node *n, const char *text)
{
	const char *s = node_text(n);

	return s != NULL && strcmp(s, text) == 0;
}

bool
node_bool(const struct node *n, bool quoted, bool *v)
{
	static const char *const yes[] = { "true", "yes", "on", "y" };
	static const char *const no[] = { "false", "no", "off", "n" };
	const char *s = node_text(n);

	if (s == NULL || (!n->plain && !quoted))
		return false;
	for (size_t i = 0; i < LENGTH(yes); i++)
		if (strcasecmp(s, yes[i]) == 0 || strcasecmp(s, no[i]) == 0) {
			*v = strcasecmp(s, yes[i]) == 0;
			return true;
		}
	return false;
}

bool
node_integer(const struct node *n, long long *v)
{
	const char *s = node_text(n);

	return s != NULL && span_integer(span_of(s), v) == 0;
}
