/* YAML 1.1 by libyaml's events; see config_tree.h. */
#include "collector/kit/tree.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/length.h"

#define ANCHORS_MAX 1000

struct frame { /* a collection under construction */
	struct node *node;
	struct node **v; /* owned; keys and values in turn, or items */
	size_t n, cap;
	char *anchor; /* owned, or NULL: told when it is whole */
};

struct loading {
	struct documents *out;
	yaml_parser_t parser;
	struct frame stack[TREE_DEPTH_MAX + 1];
	size_t depth;
	struct {
		char *name;
		struct node *node;
	} anchors[ANCHORS_MAX];
	size_t nanchors;
	size_t nodes;
	const struct node *root; /* of the document being read */
};

/* Functions a template may name as a tag: their value is made later. */
static const char *const calls[] = { "!Ref", "!Sub", "!GetAtt", "!Join", "!If",
	"!FindInMap", "!ImportValue", "!Select", "!Split", "!Base64", "!Cidr",
	"!GetAZs", "!Equals", "!And", "!Or", "!Not", "!Condition", "!Transform",
	"!ToJsonString", "!Length", NULL };

static int
read_tag(struct node *n, const char *tag, bool *text, struct fault *f)
{
	static const char core[] = "tag:yaml.org,2002:";
	static const char *const known[] = { "str", "int", "bool", "float",
		"null", "seq", "map" };

	*text = false;
	if (tag == NULL)
		return 0;
	for (size_t i = 0; calls[i] != NULL; i++)
		if (strcmp(tag, calls[i]) == 0) {
			n->call = true;
			return 0;
		}
	if (strcmp(tag, "!") == 0) /* "! x": a string, by the standard */
		*text = true;
	for (size_t i = 0; i < LENGTH(known); i++)
		if (strncmp(tag, core, sizeof(core) - 1) == 0 &&
		    strcmp(tag + sizeof(core) - 1, known[i]) == 0) {
			*text = i == 0;
			return 0;
		}
	return *text
		   ? 0
		   : fault(f, FAULT_FORMAT,
			 "line %zu: tag '%.80s' is not accepted", n->line, tag);
}

static struct node *
new_node(struct loading *l, enum node_type type, const yaml_mark_t *at,
    struct fault *f)
{
	struct node *n;

	if (++l->nodes > TREE_NODES_MAX) {
		(void)fault(f, FAULT_LIMIT, "line %zu: over %d values",
		    at->line + 1, TREE_NODES_MAX);
		return NULL;
	}
	if ((n = arena_alloc(l->out->arena, sizeof(*n))) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	n->type = type;
	n->line = at->line + 1;
	n->weight = 1;
	n->depth = 1;
	return n;
}

static int
add_anchor(struct loading *l, const char *name, struct node *n, struct fault *f)
{
	if (name == NULL)
		return 0;
	if (l->nanchors == ANCHORS_MAX)
		return fault(f, FAULT_LIMIT, "line %zu: over %d anchors",
		    n->line, ANCHORS_MAX);
	l->anchors[l->nanchors].name = arena_str(l->out->arena, name);
	l->anchors[l->nanchors].node = n;
	return l->anchors[l->nanchors++].name == NULL ? fault_memory(f) : 0;
}

/* Into the collection that is open, or as the document's root. */
static int
place(struct loading *l, struct node *n, struct fault *f)
{
	struct frame *top;

	if (l->depth == 0) {
		l->root = n;
		return 0;
	}
	top = &l->stack[l->depth - 1];
	if (top->node->type == NODE_MAP && top->n % 2 == 0 &&
	    (n->type != NODE_SCALAR || n->call) && n->type != NODE_NULL)
		return fault(f, FAULT_FORMAT,
		    "line %zu: a key that is not a plain word", n->line);
	if (top->n == top->cap) {
		size_t cap = top->cap == 0 ? 8 : 2 * top->cap;
		struct node **v = reallocarray(top->v, cap, sizeof(*v));

		if (v == NULL)
			return fault_memory(f);
		top->v = v;
		top->cap = cap;
	}
	top->v[top->n++] = n;
	return 0;
}

static bool
is_null(const char *s)
{
	return s[0] == '\0' || strcmp(s, "~") == 0 || strcmp(s, "null") == 0 ||
	       strcmp(s, "Null") == 0 || strcmp(s, "NULL") == 0;
}

static int
scalar(struct loading *l, const yaml_event_t *e, struct fault *f)
{
	const char *s = (const char *)e->data.scalar.value;
	size_t len = e->data.scalar.length;
	struct node *n = new_node(l, NODE_SCALAR, &e->start_mark, f);
	bool text;
	char *copy;

	if (n == NULL ||
	    read_tag(n, (const char *)e->data.scalar.tag, &text, f) == -1)
		return -1;
	if (memchr(s, '\0', len) != NULL)
		return fault(
		    f, FAULT_FORMAT, "line %zu: a NUL character", n->line);
	if ((copy = arena_alloc(l->out->arena, len + 1)) == NULL)
		return fault_memory(f);
	memcpy(copy, s, len);
	n->text = copy;
	n->len = len;
	n->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !text;
	if (n->plain && !n->call && is_null(copy))
		n->type = NODE_NULL;
	if (add_anchor(l, (const char *)e->data.scalar.anchor, n, f) == -1)
		return -1;
	return place(l, n, f);
}

static int
alias(struct loading *l, const yaml_event_t *e, struct fault *f)
{
	const char *name = (const char *)e->data.alias.anchor;

	for (size_t i = l->nanchors; i > 0; i--)
		if (strcmp(l->anchors[i - 1].name, name) == 0)
			return place(l, l->anchors[i - 1].node, f);
	return fault(f, FAULT_FORMAT,
	    "line %zu: alias '%.80s' has no anchor before it",
	    e->start_mark.line + 1, name);
}

static int
open_collection(struct loading *l, enum node_type type, const yaml_event_t *e,
    const yaml_char_t *tag, const yaml_char_t *anchor, struct fault *f)
{
	struct node *n = new_node(l, type, &e->start_mark, f);
	struct frame *top;
	bool text;

	if (n == NULL || read_tag(n, (const char *)tag, &text, f) == -1)
		return -1;
	if (l->depth == TREE_DEPTH_MAX)
		return fault(f, FAULT_LIMIT, "line %zu: nested deeper than %d",
		    n->line, TREE_DEPTH_MAX);
	top = &l->stack[l->depth++];
	*top = (struct frame){ .node = n };
	if (anchor != NULL &&
	    (top->anchor = strdup((const char *)anchor)) == NULL)
		return fault_memory(f);
	return 0;
}

static int
copy_items(struct loading *l, struct frame *t, struct fault *f)
{
	struct node *n = t->node;
	bool map = n->type == NODE_MAP;

	n->n = map ? t->n / 2 : t->n;
	n->items = arena_alloc(l->out->arena, n->n * sizeof(struct node *) + 1);
	n->keys = arena_alloc(
	    l->out->arena, (map ? n->n : 0) * sizeof(struct node *) + 1);
	if (n->items == NULL || n->keys == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < n->n; i++) {
		n->items[i] = t->v[map ? 2 * i + 1 : i];
		if (map)
			n->keys[i] = t->v[2 * i];
	}
	return tree_close(n, f);
}

static int
close_collection(struct loading *l, struct fault *f)
{
	struct frame *t = &l->stack[l->depth - 1];
	struct node *n = t->node;
	int rc = copy_items(l, t, f);

	/* named only now: an alias inside it would make it endless */
	if (rc == 0)
		rc = add_anchor(l, t->anchor, n, f);
	free(t->v);
	free(t->anchor);
	l->depth--;
	return rc == 0 ? place(l, n, f) : -1;
}

static int
end_document(struct loading *l, const yaml_event_t *e, struct fault *f)
{
	struct documents *d = l->out;

	l->nanchors = 0;
	if (l->root == NULL || l->root->type == NODE_NULL) {
		l->root = NULL; /* "---" and nothing */
		return 0;
	}
	if (d->n == TREE_DOCUMENTS_MAX)
		return fault(f, FAULT_LIMIT, "line %zu: over %d documents",
		    e->start_mark.line + 1, TREE_DOCUMENTS_MAX);
	d->root[d->n++] = l->root;
	l->root = NULL;
	return 0;
}

static int
event(struct loading *l, const yaml_event_t *e, struct fault *f)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return scalar(l, e, f);
	case YAML_ALIAS_EVENT:
		return alias(l, e, f);
	case YAML_SEQUENCE_START_EVENT:
		return open_collection(l, NODE_LIST, e,
		    e->data.sequence_start.tag, e->data.sequence_start.anchor,
		    f);
	case YAML_MAPPING_START_EVENT:
		return open_collection(l, NODE_MAP, e,
		    e->data.mapping_start.tag, e->data.mapping_start.anchor, f);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_collection(l, f);
	case YAML_DOCUMENT_END_EVENT:
		return end_document(l, e, f);
	default:
		return 0;
	}
}

static int
run(struct loading *l, struct fault *f)
{
	yaml_event_t e;
	bool end = false;
	int rc = 0;

	while (rc == 0 && !end) {
		if (!yaml_parser_parse(&l->parser, &e))
			return fault(f, FAULT_FORMAT, "line %zu: not YAML: %s",
			    l->parser.problem_mark.line + 1,
			    l->parser.problem != NULL ? l->parser.problem
						      : "out of memory");
		end = e.type == YAML_STREAM_END_EVENT;
		rc = event(l, &e, f);
		yaml_event_delete(&e);
	}
	return rc;
}

int
tree_yaml(struct documents *out, const char *p, size_t len, struct fault *f)
{
	struct loading *l;
	int rc = -1;

	*out = (struct documents){ .arena = arena_new() };
	if (len > TREE_TEXT_MAX)
		return fault(f, FAULT_LIMIT, "over %zu bytes", TREE_TEXT_MAX);
	if (out->arena == NULL || (l = calloc(1, sizeof(*l))) == NULL)
		return fault_memory(f);
	l->out = out;
	if (yaml_parser_initialize(&l->parser)) {
		yaml_parser_set_input_string(
		    &l->parser, (const unsigned char *)(len > 0 ? p : ""), len);
		rc = run(l, f);
	} else {
		(void)fault_memory(f);
	}
	for (size_t i = 0; i < l->depth; i++) {
		free(l->stack[i].v);
		free(l->stack[i].anchor);
	}
	yaml_parser_delete(&l->parser);
	free(l);
	return rc;
}
