/* An answer in whatever protocol it comes. See answer.h. */
#include "collector/aws_client/answer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "collector/aws_client/xml.h"

struct aws_answer {
	const struct aws_call *call;
	const struct answer_sink *sink;
	struct answer_shape shape;
	struct xml_reader *xml; /* NULL: JSON, or nothing came yet */
	struct buf text;	/* JSON */
	json_t *tree;		/* what aws_answer_end() gave out; owned */
	bool is_xml;
};

/* ---- the shape ---- */

bool
aws_answer_is_listed(const struct answer_lists *l, const char *name, size_t len)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].len == len && memcmp(l->v[i].p, name, len) == 0)
			return true;
	return false;
}

static int
add_name(struct answer_lists *l, const char *p, size_t len, struct fault *f)
{
	if (aws_answer_is_listed(l, p, len))
		return 0;
	if (l->n == ANSWER_LISTS_MAX)
		return fault(f, FAULT_LIMIT, "a call names over %d lists",
		    ANSWER_LISTS_MAX);
	l->v[l->n].p = p;
	l->v[l->n++].len = len;
	return 0;
}

/* The names before each "[]" of a path. */
static int
add_path(struct answer_lists *l, const char *path, struct fault *f)
{
	for (const char *p = strstr(path, "[]"); p != NULL;
	     p = strstr(p + 2, "[]")) {
		const char *from = p;

		while (from > path && from[-1] != '.' && from[-1] != ']')
			from--;
		if (from < p && add_name(l, from, (size_t)(p - from), f) == -1)
			return -1;
	}
	return 0;
}

static int
add_words(struct answer_lists *l, const char *words, struct fault *f)
{
	for (const char *p = words != NULL ? words : ""; *p != '\0';) {
		size_t len = strcspn(p, " ");

		if (len > 0 && add_name(l, p, len, f) == -1)
			return -1;
		p += len;
		p += strspn(p, " ");
	}
	return 0;
}

/* ".a[].b" as steps. */
static int
read_steps(struct answer_shape *s, const char *path, struct fault *f)
{
	for (const char *p = path; *p != '\0';) {
		struct answer_step *step = &s->steps[s->nsteps];
		size_t len;

		p += *p == '.';
		len = strcspn(p, ".[");
		if (s->nsteps == ANSWER_STEPS_MAX || len == 0 ||
		    len >= ANSWER_NAME_MAX)
			return fault(f, FAULT_LIMIT,
			    "'%.60s': no path of a list in an answer", path);
		(void)snprintf(
		    step->name, sizeof(step->name), "%.*s", (int)len, p);
		p += len;
		if ((step->list = strncmp(p, "[]", 2) == 0))
			p += 2;
		step->flat = step->list && aws_answer_is_listed(&s->flat,
					       step->name, strlen(step->name));
		s->nsteps++;
	}
	return 0;
}

static int
add_columns(
    struct answer_shape *s, const struct aws_call *call, struct fault *f)
{
	const struct aws_gather *g = call->gathers;

	for (const struct column *c = call->kind != NULL ? call->kind->columns
							 : NULL;
	     c != NULL && c->name != NULL; c++)
		if (c->from[0] == '.' && add_path(&s->lists, c->from, f) == -1)
			return -1;
	for (; g != NULL && g->set != NULL; g++)
		if (add_path(&s->lists, g->path, f) == -1)
			return -1;
	return 0;
}

/* What the names around the items must be. */
static void
name_parts(struct answer_shape *s, const struct aws_call *call)
{
	enum aws_protocol p = call->service->protocol;
	const char *inner = p == AWS_EC2     ? "item"
			    : p == AWS_QUERY ? "member"
					     : NULL;

	if (call->root != NULL)
		(void)snprintf(s->root, sizeof(s->root), "%s", call->root);
	else if (p == AWS_EC2 || p == AWS_QUERY)
		(void)snprintf(
		    s->root, sizeof(s->root), "%sResponse", call->operation);
	if (p == AWS_QUERY)
		(void)snprintf(
		    s->result, sizeof(s->result), "%sResult", call->operation);
	s->xmlns = call->service->xmlns;
	s->outer = inner;
	s->entry = call->entry != NULL ? call->entry : inner;
}

int
aws_answer_shape_of(
    struct answer_shape *s, const struct aws_call *call, struct fault *f)
{
	*s = (struct answer_shape){ .what = call->operation };
	name_parts(s, call);
	if (add_words(&s->flat, call->flat, f) == -1 ||
	    add_words(&s->lists, call->lists, f) == -1 ||
	    add_columns(s, call, f) == -1)
		return -1;
	if (call->items == NULL)
		return 0;
	return add_path(&s->lists, call->items, f) == -1
		   ? -1
		   : read_steps(s, call->items, f);
}

/* ---- reading ---- */

struct aws_answer *
aws_answer_new(const struct aws_call *call, const struct answer_sink *sink,
    struct fault *f)
{
	enum aws_protocol p = call->service->protocol;
	struct aws_answer *a = calloc(1, sizeof(*a));

	if (a == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	a->call = call;
	a->sink = sink;
	a->text.max = ANSWER_JSON_MAX;
	a->is_xml = p == AWS_QUERY || p == AWS_EC2 || p == AWS_REST_XML;
	if (aws_answer_shape_of(&a->shape, call, f) == 0)
		return a;
	aws_answer_free(a);
	return NULL;
}

void
aws_answer_reset(struct aws_answer *a)
{
	xml_reader_free(a->xml);
	a->xml = NULL;
	buf_reset(&a->text);
	json_decref(a->tree);
	a->tree = NULL;
}

void
aws_answer_free(struct aws_answer *a)
{
	if (a == NULL)
		return;
	aws_answer_reset(a);
	buf_free(&a->text);
	free(a);
}

/* A call without a declared root may be answered in JSON (GetBucketPolicy). */
static bool
is_xml(const struct aws_answer *a, const char *p, size_t len)
{
	if (!a->is_xml || a->xml != NULL || a->call->root != NULL)
		return a->is_xml;
	if (a->text.len > 0)
		return false;
	return a->call->service->protocol != AWS_REST_XML || len == 0 ||
	       p[0] != '{';
}

int
aws_answer_feed(
    struct aws_answer *a, const char *p, size_t len, struct fault *f)
{
	if (!is_xml(a, p, len)) {
		buf_put(&a->text, p, len);
		return buf_done(&a->text, a->shape.what, f);
	}
	if (a->xml == NULL &&
	    (a->xml = xml_reader_new(&a->shape, a->sink, f)) == NULL)
		return -1;
	return xml_reader_feed(a->xml, p, len, f);
}

struct walk {
	struct aws_answer *a;
	struct fault broken; /* the first thing that breaks the contract */
	struct fault *f;     /* what item() said */
};

static void
breaks(struct walk *w, const struct answer_step *step, const char *must,
    const json_t *found)
{
	char text[SHAPE_FOUND_MAX];

	shape_found(found, text);
	if (w->broken.kind == FAULT_NONE)
		(void)fault(&w->broken, FAULT_FORMAT, "%s: %s%s%s; found: %s",
		    w->a->shape.what, must, step != NULL ? " ." : "",
		    step != NULL ? step->name : "", text);
}

/* The items at and below step number n; what is whole is handed on. */
static int
walk(struct walk *w, json_t *v, size_t n)
{
	const struct answer_shape *s = &w->a->shape;
	const struct answer_step *step = &s->steps[n];
	json_t *next, *one;
	size_t i;

	if (n == s->nsteps)
		return w->a->sink->item(w->a->sink->ctx, v, w->f);
	if (!json_is_object(v)) {
		breaks(w, NULL, "an entry that is no object", v);
		return 0;
	}
	next = json_object_get(v, step->name);
	if (next == NULL && n == 0 && w->a->call->omits &&
	    json_object_size(v) == 0)
		return 0;
	if (next == NULL || json_is_null(next)) {
		breaks(w, step, "no", v);
		return 0;
	}
	if (!step->list)
		return walk(w, next, n + 1);
	if (!json_is_array(next)) {
		breaks(w, step, "no list at", next);
		return 0;
	}
	json_array_foreach (next, i, one)
		if (walk(w, one, n + 1) == -1)
			return -1;
	return 0;
}

static json_t *
read_json(struct aws_answer *a, struct fault *f)
{
	json_error_t why;
	json_t *v = NULL;

	if (a->text.len > 0)
		v = json_loadb(
		    a->text.p, a->text.len, JSON_REJECT_DUPLICATES, &why);
	if (a->text.len == 0)
		(void)fault(
		    f, FAULT_FORMAT, "%s: the answer is empty", a->shape.what);
	else if (v == NULL && a->text.p[0] == '<')
		(void)fault(f, FAULT_FORMAT,
		    "%s: a page of HTML or XML came instead of JSON",
		    a->shape.what);
	else if (v == NULL)
		(void)fault(f, FAULT_FORMAT,
		    "%s: the answer is no JSON: %.200s", a->shape.what,
		    why.text);
	if (v != NULL && !json_is_object(v)) {
		(void)fault(f, FAULT_FORMAT, "%s: the answer is no JSON object",
		    a->shape.what);
		json_decref(v);
		v = NULL;
	}
	return v;
}

enum shape_form
aws_answer_form(const struct aws_call *call)
{
	enum aws_protocol p = call->service->protocol;

	return p == AWS_JSON || p == AWS_REST_JSON ? SHAPE_OF_JSON
						   : SHAPE_OF_XML;
}

int
aws_answer_item(
    const struct aws_call *call, const json_t *item, struct fault *f)
{
	return shape_check(
	    call->must, item, aws_answer_form(call), call->operation, f);
}

int
aws_answer_end(struct aws_answer *a, const json_t **around, struct fault *f)
{
	struct walk w = { .a = a, .f = f };
	bool xml = a->is_xml && a->text.len == 0;

	if (xml && a->xml == NULL)
		return fault(
		    f, FAULT_FORMAT, "%s: the answer is empty", a->shape.what);
	if (xml)
		a->tree = xml_reader_end(a->xml, f);
	else
		a->tree = read_json(a, f);
	if (a->tree == NULL)
		return -1;
	*around = a->tree;
	if (a->call->items == NULL || !xml)
		if (walk(&w, a->tree, 0) == -1)
			return -1;
	if (w.broken.kind != FAULT_NONE) {
		*f = w.broken;
		return -1;
	}
	return shape_check(a->call->answer, a->tree, aws_answer_form(a->call),
	    a->shape.what, f);
}

/* ---- errors ---- */

/* The first text after <tag>; entities stay as they are. */
static void
xml_text(const char *body, size_t len, const char *tag, char *out, size_t size)
{
	char open[64];
	const char *p, *end = NULL;

	out[0] = '\0';
	(void)snprintf(open, sizeof(open), "<%s>", tag);
	p = memmem(body, len, open, strlen(open));
	if (p != NULL) {
		p += strlen(open);
		end = memchr(p, '<', len - (size_t)(p - body));
	}
	if (end != NULL)
		(void)snprintf(out, size, "%.*s", (int)(end - p), p);
}

static const char *
first_text(const json_t *v, const char *const names[])
{
	const char *s = NULL;

	for (size_t i = 0; s == NULL && names[i] != NULL; i++)
		s = json_string_value(json_object_get(v, names[i]));
	return s;
}

static void
json_error_text(const char *body, size_t len, char *code, size_t code_size,
    char *message, size_t message_size)
{
	static const char *const codes[] = { "__type", "code", "Code", "error",
		"ErrorCode", NULL };
	static const char *const messages[] = { "message", "Message",
		"errorMessage", "error_description", NULL };
	json_auto_t *v = json_loadb(body, len, 0, NULL);
	const char *s = first_text(v, codes), *at;

	/* "com.amazonaws.kms#NotFoundException:http://…" */
	if (s != NULL && (at = strchr(s, '#')) != NULL)
		s = at + 1;
	if (s != NULL)
		(void)snprintf(
		    code, code_size, "%.*s", (int)strcspn(s, ":"), s);
	s = first_text(v, messages);
	(void)snprintf(message, message_size, "%s", s != NULL ? s : "");
}

void
aws_answer_error(const char *body, size_t len, char *code, size_t code_size,
    char *message, size_t message_size)
{
	BUF_AUTO(clean, 8192);
	size_t skip = 0;

	code[0] = message[0] = '\0';
	while (skip < len && isspace((unsigned char)body[skip]))
		skip++;
	if (skip < len && body[skip] == '<') {
		xml_text(body, len, "Code", code, code_size);
		xml_text(body, len, "Message", message, message_size);
	} else if (len > 0) {
		json_error_text(
		    body, len, code, code_size, message, message_size);
	}
	for (char *p = code; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && *p != '.' && *p != '_')
			*p = '_';
	text_clean(&clean, message, strlen(message), 300);
	(void)snprintf(
	    message, message_size, "%s", clean.p != NULL ? clean.p : "");
}
