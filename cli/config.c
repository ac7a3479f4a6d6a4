/* See config.h. libyaml's document API keeps aliases as references, so
 * nothing expands; any alias, tag or nesting beyond a list is refused. */
#include "cli/config.h"

#include <string.h>

#include <yaml.h>

#include "base/file.h"

struct reading {
	const char *path;
	const char *command;
	yaml_document_t doc;
	struct options *o;
	const struct option_def *const *allowed;
	bool (*known)(const char *name);
	struct arena *arena;
	size_t ngiven; /* from the command line */
};

static int
refuse(const struct reading *r, const yaml_node_t *at, struct fault *f,
    const char *what)
{
	return fault(f, FAULT_USAGE, "%s:%zu: %s", r->path,
	    at->start_mark.line + 1, what);
}

static const struct option_def *
allowed_option(const struct reading *r, const char *name)
{
	for (size_t t = 0; r->allowed[t] != NULL; t++)
		for (const struct option_def *d = r->allowed[t];
		     d->name != NULL; d++)
			if (strcmp(d->name, name) == 0)
				return d;
	return NULL;
}

static bool
is_given(const struct reading *r, const char *name)
{
	for (size_t i = 0; i < r->ngiven; i++)
		if (strcmp(r->o->given[i].name, name) == 0)
			return true;
	return false;
}

/* A scalar as text; a NUL in it would cut it silently. */
static int
scalar(
    const struct reading *r, const yaml_node_t *n, char **out, struct fault *f)
{
	const char *s = (const char *)n->data.scalar.value;

	if (n->type != YAML_SCALAR_NODE)
		return refuse(r, n, f, "a name or a value is expected here");
	if (strlen(s) != n->data.scalar.length)
		return refuse(r, n, f, "a NUL character");
	*out = arena_str(r->arena, s);
	return *out == NULL ? fault_memory(f) : 0;
}

static int
add_value(struct reading *r, const struct option_def *d, const yaml_node_t *n,
    struct fault *f)
{
	char *value;

	if (scalar(r, n, &value, f) == -1)
		return -1;
	if (r->o->n == OPTIONS_MAX)
		return refuse(r, n, f, "too many options");
	if (d->arg == NULL && strcmp(value, "false") == 0)
		return 0;
	if (d->arg == NULL && strcmp(value, "true") != 0)
		return refuse(r, n, f, "this option is true or false");
	r->o->given[r->o->n++] =
	    (struct request_option){ d->name, d->arg == NULL ? "1" : value };
	return 0;
}

static int
add_pair(struct reading *r, const yaml_node_t *key, const yaml_node_t *value,
    struct fault *f)
{
	const struct option_def *d;
	char *name;
	int rc = 0;

	if (scalar(r, key, &name, f) == -1)
		return -1;
	if (!r->known(name))
		return fault(f, FAULT_USAGE,
		    "%s:%zu: no command has an option '%.60s'", r->path,
		    key->start_mark.line + 1, name);
	if ((d = allowed_option(r, name)) == NULL || is_given(r, name))
		return 0;
	if (value->type != YAML_SEQUENCE_NODE)
		return add_value(r, d, value, f);
	for (yaml_node_item_t *i = value->data.sequence.items.start;
	     rc == 0 && i < value->data.sequence.items.top; i++)
		rc = add_value(r, d, yaml_document_get_node(&r->doc, *i), f);
	return rc;
}

static int add_mapping(
    struct reading *r, const yaml_node_t *map, bool top, struct fault *f);

/* "report: {format: html}": for that command alone. */
static int
add_section(struct reading *r, const yaml_node_t *key,
    const yaml_node_t *section, struct fault *f)
{
	char *name;

	if (scalar(r, key, &name, f) == -1)
		return -1;
	if (command_find(name) == NULL)
		return fault(f, FAULT_USAGE, "%s:%zu: no command '%.60s'",
		    r->path, key->start_mark.line + 1, name);
	return strcmp(name, r->command) == 0 ? add_mapping(r, section, false, f)
					     : 0;
}

static int
add_mapping(
    struct reading *r, const yaml_node_t *map, bool top, struct fault *f)
{
	int rc = 0;

	for (yaml_node_pair_t *p = map->data.mapping.pairs.start;
	     rc == 0 && p < map->data.mapping.pairs.top; p++) {
		const yaml_node_t *k = yaml_document_get_node(&r->doc, p->key);
		const yaml_node_t *v =
		    yaml_document_get_node(&r->doc, p->value);

		rc = top && v->type == YAML_MAPPING_NODE
			 ? add_section(r, k, v, f)
			 : add_pair(r, k, v, f);
	}
	return rc;
}

static int
add_all(struct reading *r, struct fault *f)
{
	const yaml_node_t *root = yaml_document_get_root_node(&r->doc);

	if (root == NULL) /* an empty file says nothing */
		return 0;
	if (r->doc.nodes.top - r->doc.nodes.start > CONFIG_NODES_MAX)
		return refuse(r, root, f, "too many values");
	if (root->type != YAML_MAPPING_NODE)
		return refuse(
		    r, root, f, "not a mapping of option names to values");
	return add_mapping(r, root, true, f);
}

static int
parse(struct reading *r, const struct buf *text, struct fault *f)
{
	yaml_parser_t parser;
	int rc = -1;

	if (!yaml_parser_initialize(&parser))
		return fault_memory(f);
	yaml_parser_set_input_string(&parser,
	    (const unsigned char *)(text->p != NULL ? text->p : ""), text->len);
	if (!yaml_parser_load(&parser, &r->doc)) {
		(void)fault(f, FAULT_USAGE, "%s:%zu: %s", r->path,
		    parser.problem_mark.line + 1,
		    parser.problem != NULL ? parser.problem : "not YAML");
	} else {
		rc = add_all(r, f);
		yaml_document_delete(&r->doc);
	}
	yaml_parser_delete(&parser);
	return rc;
}

int
config_load(const char *path, const char *command, struct options *o,
    const struct option_def *const *allowed, bool (*known)(const char *name),
    struct arena *arena, struct fault *f)
{
	struct reading r = { .path = path,
		.command = command,
		.o = o,
		.allowed = allowed,
		.known = known,
		.arena = arena,
		.ngiven = o->n };
	BUF_AUTO(text, CONFIG_MAX);

	if (file_read(path, &text, f) == -1)
		return -1;
	return parse(&r, &text, f);
}
