/* From items to inputs and keys. See aws_call.h. */
#include <stdlib.h>
#include <string.h>

#include "collector/aws/engine.h"

const json_t *
aws_item_value(const struct aws_item *item, const char *from)
{
	while (item != NULL && from[0] == '^') {
		item = item->parent;
		from++;
	}
	if (item == NULL || from[0] != '.')
		return NULL;
	return from[1] == '\0' ? item->tree : path_value(item->tree, from);
}

/* Of a request: "." names the job's parent, "@…" its place. */
static json_t *
value_of(const struct job *j, const struct aws_input *in)
{
	const struct asking *a = j->asking;
	const struct aws_place *p = a->place;
	enum aws_protocol protocol = a->call->service->protocol;

	if (in->from == NULL &&
	    (protocol == AWS_JSON || protocol == AWS_REST_JSON) &&
	    (protocol == AWS_JSON || a->call->method != NULL))
		return json_loads(in->value, JSON_DECODE_ANY, NULL);
	if (in->from == NULL)
		return json_string(in->value);
	if (strcmp(in->from, "@account") == 0)
		return json_string(p->account);
	if (strcmp(in->from, "@region") == 0)
		return json_string(p->region);
	if (strcmp(in->from, "@partition") == 0)
		return json_string(p->partition);
	if (j->ids != NULL && (strpbrk(in->name, "#[") != NULL))
		return json_incref(j->ids);
	if (j->ids != NULL && j->parent == NULL && strcmp(in->from, ".") == 0)
		return json_incref(json_array_get(j->ids, 0));
	return json_incref((json_t *)aws_item_value(j->parent, in->from));
}

static int
put_page(const struct job *j, json_t *input)
{
	const struct aws_pager *g = &j->asking->call->pager;
	enum aws_protocol p = j->asking->call->service->protocol;
	char size[16];
	int rc = 0;

	(void)snprintf(size, sizeof(size), "%d", g->size);
	if (g->limit != NULL)
		rc = json_object_set_new(input, g->limit,
		    p == AWS_JSON || p == AWS_REST_JSON ? json_integer(g->size)
							: json_string(size));
	if (rc == 0 && j->token != NULL)
		rc =
		    json_object_set_new(input, g->token, json_string(j->token));
	return rc;
}

json_t *
input_make(const struct job *j, bool *missing, struct fault *f)
{
	const struct aws_call *c = j->asking->call;
	json_t *input = json_object(), *v;
	ATTRS_AUTO(a);

	*missing = false;
	for (const struct aws_input *in = c->input;
	     input != NULL && in != NULL && in->name != NULL; in++) {
		v = value_of(j, in);
		if (v == NULL || json_is_null(v))
			*missing = true;
		else if (json_object_set(input, in->name, v) == -1)
			a.failed = true;
		json_decref(v);
	}
	if (input == NULL || put_page(j, input) == -1)
		a.failed = true;
	if (!a.failed && c->prepare != NULL)
		c->prepare(
		    j->parent, j->asking->place->run->request->now, input, &a);
	if (attrs_done(&a, f) == 0)
		return input;
	json_decref(input);
	return NULL;
}

int
input_key(const struct aws_call *c, const struct aws_item *i, struct buf *key,
    struct fault *f)
{
	for (const char *p = c->key != NULL ? c->key : "."; *p != '\0';) {
		size_t len = strcspn(p, " ");
		char from[128], number[32];
		const char *text = number;
		const json_t *v;

		(void)snprintf(from, sizeof(from), "%.*s", (int)len, p);
		v = aws_item_value(i, from);
		if (from[0] != '.' && from[0] != '^')
			text = from;
		else if (json_is_string(v))
			text = json_string_value(v);
		else if (json_is_integer(v))
			(void)snprintf(number, sizeof(number), "%lld",
			    (long long)json_integer_value(v));
		else
			text = "";
		if (text[0] == '\0')
			return fault(f, FAULT_FORMAT,
			    "%s: a thing without %.60s, which names it",
			    c->operation, from);
		buf_printf(key, "%s%s", key->len > 0 ? "/" : "", text);
		p += len;
		p += strspn(p, " ");
	}
	return buf_done(key, "key", f);
}
