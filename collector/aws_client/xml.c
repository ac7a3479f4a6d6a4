/* XML answers to trees, one pass, by libxml2's push parser. See answer.h. */
#include "collector/aws_client/xml.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/entities.h>
#include <libxml/parser.h>

struct frame {
	char name[ANSWER_NAME_MAX];
	json_t *value;	/* object or array; NULL while there is but text */
	size_t text;	/* where in the reader's text its own begins */
	size_t matched; /* steps of the path to the items */
	bool element;	/* an element of the list of that step, or inside */
	bool of_list;	/* it was an element of a list on that path */
	bool item;	/* this is an item, or inside one */
	bool led;	/* the next step of that path stood in it */
};

struct xml_reader {
	const struct answer_shape *shape;
	const struct answer_sink *sink;
	xmlParserCtxtPtr parser;
	struct frame frames[ANSWER_DEPTH_MAX];
	size_t depth;
	struct buf text;
	size_t weight, around; /* what is kept: of the item, and around it */
	json_t *root;
	bool result;	      /* <OpResult> came */
	struct fault refused; /* what ended it */
	struct fault broken;  /* the first thing that breaks the contract */
};

static void
refuse(struct xml_reader *x, enum fault_kind kind, const char *why)
{
	if (x->refused.kind == FAULT_NONE)
		(void)fault(&x->refused, kind, "%s: %s", x->shape->what, why);
	if (x->parser != NULL)
		xmlStopParser(x->parser);
}

static struct frame *
top(struct xml_reader *x)
{
	return x->depth > 0 ? &x->frames[x->depth - 1] : NULL;
}

static void
weigh(struct xml_reader *x, const struct frame *in, size_t n)
{
	size_t *w = in != NULL && in->item ? &x->weight : &x->around;

	*w += n;
	if (*w > ANSWER_WEIGHT_MAX)
		refuse(x, FAULT_LIMIT, "one thing in it is over 8 MiB");
}

/* ---- the contract ---- */

/* The reading goes on: what is whole is handed over all the same. */
static void
breaks(struct xml_reader *x, const char *must, const char *name)
{
	if (x->broken.kind == FAULT_NONE)
		(void)fault(&x->broken, FAULT_FORMAT, "%s: %s <%.60s>",
		    x->shape->what, must, name);
}

/* AWS writes a namespace with http or https, with and without a '/' at its
 * end. */
static bool
is_namespace(const char *uri, const char *declared)
{
	size_t n, m;

	if (uri == NULL || strstr(uri, "://") == NULL)
		return false;
	uri = strstr(uri, "://");
	declared = strstr(declared, "://");
	n = strlen(uri);
	m = strlen(declared);
	n -= uri[n - 1] == '/';
	m -= declared[m - 1] == '/';
	return n == m && memcmp(uri, declared, n) == 0;
}

static void
check_root(struct xml_reader *x, const char *name, const char *uri)
{
	const struct answer_shape *s = x->shape;

	if (s->root[0] != '\0' && strcmp(name, s->root) != 0) {
		(void)fault(&x->refused, FAULT_FORMAT,
		    "%s: the answer is <%.60s>; required: <%s>", s->what, name,
		    s->root);
		xmlStopParser(x->parser);
	} else if (s->xmlns != NULL && !is_namespace(uri, s->xmlns)) {
		(void)fault(&x->refused, FAULT_FORMAT,
		    "%s: <%s> is %s%.100s; required: namespace %s", s->what,
		    name, uri != NULL ? "of namespace " : "of no namespace",
		    uri != NULL ? uri : "", s->xmlns);
		xmlStopParser(x->parser);
	}
}

/* An entry of the list that parent is. */
static void
check_entry(struct xml_reader *x, const struct frame *parent, const char *name)
{
	const struct answer_shape *s = x->shape;
	const char *must;
	bool last = true;

	for (size_t i = parent->matched; i < s->nsteps; i++)
		last = last && !s->steps[i].list;
	must = last ? s->entry : s->outer;
	if (must != NULL && strcmp(name, must) != 0)
		breaks(x, "a list holds", name);
}

/* The element ends: was the next step of the path in it? */
static void
check_led(struct xml_reader *x, const struct frame *fr)
{
	const struct answer_shape *s = x->shape;
	const char *p = x->text.p != NULL ? x->text.p + fr->text : "";

	if (fr->item || fr->matched > s->nsteps)
		return;
	if (!fr->element && fr->value == NULL &&
	    strspn(p, " \t\r\n") < x->text.len - fr->text)
		breaks(x, "text stands in the list", fr->name);
	if (fr->element && fr->matched < s->nsteps && !fr->led &&
	    !s->steps[fr->matched].flat)
		breaks(x, "no", s->steps[fr->matched].name);
}

/* ---- where on the path to the items a frame stands ---- */

static void
place(const struct answer_shape *s, struct frame *parent, struct frame *fr)
{
	const struct answer_step *step;

	/* the tree of a query is its result, which stands in the root */
	fr->matched =
	    parent == NULL && s->result[0] != '\0' ? s->nsteps + 1 : 0;
	fr->element = parent == NULL;
	fr->item = parent != NULL && parent->item;
	if (parent == NULL || parent->item)
		return;
	fr->matched = parent->matched;
	if (!parent->element) { /* inside the list: whatever its name */
		fr->element = fr->of_list = true;
	} else if (fr->matched < s->nsteps &&
		   strcmp(s->steps[fr->matched].name, fr->name) == 0) {
		step = &s->steps[fr->matched++];
		parent->led = true;
		fr->element = !step->list || step->flat;
		fr->of_list = step->flat;
	} else {
		/* off the path: nothing below it matches */
		fr->matched = s->nsteps + 1;
		fr->element = true;
		return;
	}
	fr->item = fr->element && s->nsteps > 0 && fr->matched == s->nsteps;
}

/* ---- building ---- */

static bool
is_listed(const struct answer_lists *l, const char *name)
{
	return aws_answer_is_listed(l, name, strlen(name));
}

/* The first child tells what the parent is. */
static void
become_container(struct xml_reader *x, struct frame *parent, const char *child)
{
	bool list = strcmp(child, "member") == 0 ||
		    strcmp(child, "item") == 0 ||
		    (is_listed(&x->shape->lists, parent->name) &&
			!is_listed(&x->shape->flat, parent->name));

	if (parent->value == NULL)
		parent->value = list ? json_array() : json_object();
	if (parent->value == NULL)
		refuse(x, FAULT_IO, "out of memory");
}

static json_t *
text_of(struct xml_reader *x, const struct frame *fr)
{
	const char *p = x->text.p != NULL ? x->text.p + fr->text : "";
	size_t len = x->text.len - fr->text;
	bool blank = strspn(p, " \t\r\n") >= len;

	if (blank && is_listed(&x->shape->lists, fr->name) &&
	    !is_listed(&x->shape->flat, fr->name))
		return json_array();
	return json_stringn_nocheck(blank ? "" : p, blank ? 0 : len);
}

/* Takes v. */
static int
attach(struct xml_reader *x, struct frame *parent, const char *name, json_t *v)
{
	json_t *was;

	if (json_is_array(parent->value))
		return json_array_append_new(parent->value, v);
	was = json_object_get(parent->value, name);
	if (was == NULL && is_listed(&x->shape->flat, name)) {
		json_t *list = json_pack("[o]", v);

		return json_object_set_new_nocheck(parent->value, name, list);
	}
	if (was == NULL)
		return json_object_set_new_nocheck(parent->value, name, v);
	if (!json_is_array(was)) { /* a list by repetition after all */
		json_t *list = json_pack("[O]", was);

		if (json_object_set_new_nocheck(parent->value, name, list) ==
		    -1) {
			json_decref(v);
			return -1;
		}
		was = list;
	}
	return json_array_append_new(was, v);
}

/* <OpResult> of a query answer is the tree itself. */
static bool
is_result(const struct xml_reader *x, const char *name)
{
	return x->depth == 1 && x->shape->result[0] != '\0' &&
	       strcmp(name, x->shape->result) == 0;
}

/* ---- what libxml2 hands over ---- */

static void
on_start(void *ctx, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *uri, int nnamespaces, const xmlChar **namespaces,
    int nattributes, int ndefaulted, const xmlChar **attributes)
{
	struct xml_reader *x = ctx;
	const char *name = (const char *)local;
	struct frame *parent = top(x), *fr;

	(void)prefix;
	(void)nnamespaces;
	(void)namespaces;
	(void)nattributes;
	(void)ndefaulted;
	(void)attributes;
	if (x->refused.kind != FAULT_NONE)
		return;
	if (x->depth == ANSWER_DEPTH_MAX || strlen(name) >= ANSWER_NAME_MAX) {
		refuse(x, FAULT_LIMIT, "nested too deeply, or a long name");
		return;
	}
	if (parent == NULL)
		check_root(x, name, (const char *)uri);
	else
		become_container(x, parent, name);
	if (x->refused.kind != FAULT_NONE)
		return;
	if (parent != NULL && !parent->element && !parent->item)
		check_entry(x, parent, name);
	fr = &x->frames[x->depth];
	*fr = (struct frame){ .text = x->text.len };
	(void)strcpy(fr->name, name);
	if (parent != NULL && is_result(x, name) &&
	    json_is_object(parent->value)) {
		fr->value = json_incref(parent->value);
		fr->element = x->result = true;
	} else {
		place(x->shape, parent, fr);
	}
	if (fr->item && (parent == NULL || !parent->item))
		x->weight = 0;
	x->depth++;
	weigh(x, fr, 96 + strlen(name));
}

static void
on_text(void *ctx, const xmlChar *p, int len)
{
	struct xml_reader *x = ctx;

	if (x->refused.kind != FAULT_NONE || x->depth == 0 || len < 0)
		return;
	if (top(x)->value != NULL)
		return; /* blanks between elements */
	buf_put(&x->text, p, (size_t)len);
	weigh(x, top(x), (size_t)len);
	if (x->text.failed != FAULT_NONE)
		refuse(x, FAULT_LIMIT, "a text in it is over 8 MiB");
}

static void
end_item(struct xml_reader *x, json_t *v)
{
	struct fault why = { 0 };

	if (x->sink->item(x->sink->ctx, v, &why) == -1) {
		x->refused = why;
		xmlStopParser(x->parser);
	}
	json_decref(v);
}

static void
end_root(struct xml_reader *x, const struct frame *fr, json_t *v)
{
	if (json_is_object(v))
		x->root = v;
	else /* text alone: <LocationConstraint>eu-west-1</…> */
		x->root = json_pack("{s:o}", fr->name, v);
	if (x->root == NULL)
		refuse(x, FAULT_IO, "out of memory");
}

static void
on_end(
    void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml_reader *x = ctx;
	struct frame fr;
	json_t *v;

	(void)local;
	(void)prefix;
	(void)uri;
	if (x->refused.kind != FAULT_NONE || x->depth == 0)
		return;
	fr = x->frames[--x->depth];
	check_led(x, &fr);
	v = fr.value != NULL ? fr.value : text_of(x, &fr);
	x->text.len = fr.text;
	if (v == NULL) {
		refuse(x, FAULT_IO, "out of memory");
		return;
	}
	if (x->depth == 0)
		end_root(x, &fr, v);
	else if (v == top(x)->value) /* the result: already there */
		json_decref(v);
	else if (fr.item && !top(x)->item)
		end_item(x, v);
	else if (fr.of_list && !fr.item)
		json_decref(v); /* what held items */
	else if (attach(x, top(x), fr.name, v) == -1)
		refuse(x, FAULT_IO, "out of memory");
}

static void
on_dtd(void *ctx, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
	(void)name;
	(void)id;
	(void)uri;
	refuse(ctx, FAULT_FORMAT,
	    "the answer has a document type, which is "
	    "refused");
}

static xmlEntityPtr
on_entity(void *ctx, const xmlChar *name)
{
	xmlEntityPtr e = xmlGetPredefinedEntity(name);

	if (e == NULL)
		refuse(ctx, FAULT_FORMAT,
		    "the answer has an entity, which is "
		    "refused");
	return e;
}

static void
on_error(void *ctx, xmlErrorPtr e)
{
	(void)ctx; /* told by the parser's state, and never printed */
	(void)e;
}

/* ---- the reader ---- */

struct xml_reader *
xml_reader_new(const struct answer_shape *shape, const struct answer_sink *sink,
    struct fault *f)
{
	struct xml_reader *x = calloc(1, sizeof(*x));
	xmlSAXHandler sax = { .internalSubset = on_dtd,
		.getEntity = on_entity,
		.characters = on_text,
		.cdataBlock = on_text,
		.ignorableWhitespace = on_text,
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.serror = (xmlStructuredErrorFunc)on_error };

	if (x == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	x->shape = shape;
	x->sink = sink;
	x->text.max = ANSWER_WEIGHT_MAX + ANSWER_NAME_MAX;
	x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
	if (x->parser == NULL) {
		xml_reader_free(x);
		(void)fault_memory(f);
		return NULL;
	}
	(void)xmlCtxtUseOptions(x->parser, XML_PARSE_NONET);
	return x;
}

void
xml_reader_free(struct xml_reader *x)
{
	if (x == NULL)
		return;
	while (x->depth > 0)
		json_decref(x->frames[--x->depth].value);
	json_decref(x->root);
	if (x->parser != NULL) {
		xmlFreeDoc(x->parser->myDoc);
		xmlFreeParserCtxt(x->parser);
	}
	buf_free(&x->text);
	free(x);
}

static int
told(struct xml_reader *x, struct fault *f)
{
	if (x->refused.kind != FAULT_NONE) {
		*f = x->refused;
		return -1;
	}
	if (x->parser->wellFormed == 0)
		return fault(f, FAULT_FORMAT,
		    "%s: the answer is not well-formed XML", x->shape->what);
	return 0;
}

int
xml_reader_feed(
    struct xml_reader *x, const char *p, size_t len, struct fault *f)
{
	const size_t most = 1 << 20;

	for (size_t n; len > 0; p += n, len -= n) {
		n = len < most ? len : most;
		(void)xmlParseChunk(x->parser, p, (int)n, 0);
		if (told(x, f) == -1)
			return -1;
	}
	return 0;
}

json_t *
xml_reader_end(struct xml_reader *x, struct fault *f)
{
	json_t *root = x->root;

	(void)xmlParseChunk(x->parser, "", 0, 1);
	if (told(x, f) == -1)
		return NULL;
	if (x->shape->result[0] != '\0' && !x->result)
		breaks(x, "no", x->shape->result);
	if (x->broken.kind != FAULT_NONE) {
		*f = x->broken;
		return NULL;
	}
	if ((root = x->root) == NULL) {
		(void)fault(
		    f, FAULT_FORMAT, "%s: the answer is empty", x->shape->what);
		return NULL;
	}
	x->root = NULL;
	return root;
}
