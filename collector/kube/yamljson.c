/* See yamljson.h. libyaml's events are used: an alias is seen, never followed.
 */
#include "collector/kube/yamljson.h"

#include <string.h>

#include <yaml.h>

struct reading {
	yaml_parser_t parser;
	const char *what;
	size_t nodes;
};

static int
refuse(const struct reading *r, const yaml_event_t *e, const char *why,
    struct fault *f)
{
	return fault(f, FAULT_FORMAT, "%s:%zu: %s", r->what,
	    e->start_mark.line + 1, why);
}

static int
next(struct reading *r, yaml_event_t *e, struct fault *f)
{
	if (yaml_parser_parse(&r->parser, e) == 1)
		return 0;
	return fault(f, FAULT_FORMAT, "%s:%zu: not YAML: %s", r->what,
	    r->parser.problem_mark.line + 1,
	    r->parser.problem != NULL ? r->parser.problem : "out of memory");
}

static int value(struct reading *r, yaml_event_t *e, int depth, json_t **out,
    struct fault *f);

static int
sequence(struct reading *r, int depth, json_t *list, struct fault *f)
{
	for (;;) {
		yaml_event_t e;
		json_t *v = NULL;
		int rc;

		if (next(r, &e, f) == -1)
			return -1;
		if (e.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&e);
			return 0;
		}
		rc = value(r, &e, depth + 1, &v, f);
		yaml_event_delete(&e);
		if (rc == -1)
			return -1;
		if (json_array_append_new(list, v) == -1)
			return fault_memory(f);
	}
}

static int
member(struct reading *r, const yaml_event_t *key, int depth, json_t *map,
    struct fault *f)
{
	const char *name = (const char *)key->data.scalar.value;
	yaml_event_t e;
	json_t *v = NULL;
	int rc;

	if (key->type != YAML_SCALAR_EVENT ||
	    strlen(name) != key->data.scalar.length)
		return refuse(r, key, "a name is expected here", f);
	if (json_object_get(map, name) != NULL)
		return refuse(r, key, "a name stands twice", f);
	if (next(r, &e, f) == -1)
		return -1;
	rc = value(r, &e, depth + 1, &v, f);
	yaml_event_delete(&e);
	if (rc == -1)
		return -1;
	return json_object_set_new(map, name, v) == -1 ? fault_memory(f) : 0;
}

static int
mapping(struct reading *r, int depth, json_t *map, struct fault *f)
{
	for (;;) {
		yaml_event_t e;
		int rc;

		if (next(r, &e, f) == -1)
			return -1;
		if (e.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&e);
			return 0;
		}
		rc = member(r, &e, depth, map, f);
		yaml_event_delete(&e);
		if (rc == -1)
			return -1;
	}
}

static json_t *
scalar(const yaml_event_t *e)
{
	const char *s = (const char *)e->data.scalar.value;
	size_t len = e->data.scalar.length;
	bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	if (plain &&
	    (len == 0 || strcmp(s, "null") == 0 || strcmp(s, "~") == 0))
		return json_null();
	return json_stringn(s, len);
}

static int
value(struct reading *r, yaml_event_t *e, int depth, json_t **out,
    struct fault *f)
{
	int rc = 0;

	if (++r->nodes > YAML_NODES_MAX || depth > YAML_DEPTH_MAX)
		return fault(f, FAULT_LIMIT,
		    "%s: over %d values or deeper than %d", r->what,
		    YAML_NODES_MAX, YAML_DEPTH_MAX);
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		*out = scalar(e);
		break;
	case YAML_SEQUENCE_START_EVENT:
		*out = json_array();
		rc = *out == NULL ? 0 : sequence(r, depth, *out, f);
		break;
	case YAML_MAPPING_START_EVENT:
		*out = json_object();
		rc = *out == NULL ? 0 : mapping(r, depth, *out, f);
		break;
	case YAML_ALIAS_EVENT:
		return refuse(r, e, "aliases are not read; write it out", f);
	default:
		return refuse(r, e, "a value is expected here", f);
	}
	if (*out == NULL)
		return fault_memory(f);
	if (rc == -1) {
		json_decref(*out);
		*out = NULL;
	}
	return rc;
}

/* The stream's start, one document or none, its end. */
static int
document(struct reading *r, json_t **out, struct fault *f)
{
	yaml_event_t e;
	int rc = 0;
	bool done = false;

	while (rc == 0 && !done) {
		if (next(r, &e, f) == -1)
			return -1;
		switch (e.type) {
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			break;
		case YAML_STREAM_END_EVENT:
			done = true;
			break;
		default:
			rc = *out != NULL
				 ? refuse(r, &e, "a second document", f)
				 : value(r, &e, 0, out, f);
		}
		yaml_event_delete(&e);
	}
	if (rc == 0 && *out == NULL)
		*out = json_null();
	return rc;
}

json_t *
yaml_json(const char *p, size_t len, const char *what, struct fault *f)
{
	struct reading r = { .what = what };
	json_t *out = NULL;
	int rc;

	if (yaml_parser_initialize(&r.parser) != 1) {
		(void)fault_memory(f);
		return NULL;
	}
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)p, len);
	rc = document(&r, &out, f);
	yaml_parser_delete(&r.parser);
	if (rc == -1) {
		json_decref(out);
		return NULL;
	}
	return out;
}
