/* See results_read.h. */
#include "collector/scap/results_read.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

static json_t *element_of(const xmlNode *n, int depth);

static bool
is_leaf(const xmlNode *n)
{
	return n->properties == NULL &&
	       xmlFirstElementChild((xmlNode *)(uintptr_t)n) == NULL;
}

static json_t *
text_of(const xmlNode *n)
{
	xmlChar *s = xmlNodeGetContent(n);
	json_t *v = NULL;

	if (s != NULL)
		v = json_text((const char *)s, strlen((const char *)s));
	xmlFree(s);
	return v;
}

/* Of texts the last one counts; of what has parts there is a list, and what is
 * empty among them is in it too: nothing of a list is lost. */
static int
put_child(json_t *object, const xmlNode *n, int depth)
{
	const char *name = (const char *)n->name;
	json_t *list;

	list = json_object_get(object, name);
	if (is_leaf(n))
		return json_is_array(list)
			   ? json_array_append_new(list, text_of(n))
			   : json_object_set_new(object, name, text_of(n));
	if (!json_is_array(list)) {
		list = json_array();
		if (json_object_set_new(object, name, list) == -1)
			return -1;
	}
	return json_array_append_new(list, element_of(n, depth + 1));
}

static int
put_attribute(json_t *object, const xmlAttr *a)
{
	char name[256];
	xmlChar *s = xmlNodeListGetString(a->doc, a->children, 1);
	const char *text = s != NULL ? (const char *)s : "";
	int rc;

	(void)snprintf(name, sizeof(name), "@%.200s", (const char *)a->name);
	rc = json_object_set_new(object, name, json_text(text, strlen(text)));
	xmlFree(s);
	return rc;
}

static json_t *
element_of(const xmlNode *n, int depth)
{
	json_t *object = json_object();
	int rc = object == NULL || depth > RESULTS_DEPTH_MAX ? -1 : 0;

	for (const xmlAttr *a = n->properties; rc == 0 && a != NULL;
	     a = a->next)
		rc = put_attribute(object, a);
	for (const xmlNode *c = n->children; rc == 0 && c != NULL; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			rc = put_child(object, c, depth);
	if (rc == -1) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static void
on_error(void *ctx, xmlErrorPtr e)
{
	(void)ctx;
	(void)e;
}

static json_t *
xml_read(const char *p, size_t len, struct fault *f)
{
	xmlStructuredErrorFunc was = xmlStructuredError;
	void *ctx = xmlStructuredErrorContext;
	json_t *object = NULL;
	xmlDoc *doc;

	xmlSetStructuredErrorFunc(NULL, on_error);
	doc = xmlReadMemory(
	    p, (int)len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOCDATA);
	xmlSetStructuredErrorFunc(ctx, was);
	if (doc == NULL) {
		(void)fault(f, FAULT_FORMAT, "not well-formed XML");
		return NULL;
	}
	if (doc->intSubset != NULL)
		(void)fault(f, FAULT_FORMAT, "a DTD is not read");
	else if ((object = json_object()) == NULL ||
		 put_child(object, xmlDocGetRootElement(doc), 0) == -1) {
		json_decref(object);
		object = NULL;
		(void)fault(f, FAULT_FORMAT, "XML over %d elements deep",
		    RESULTS_DEPTH_MAX);
	}
	xmlFreeDoc(doc);
	return object;
}

json_t *
results_read(const char *p, size_t len, bool *xml, struct fault *f)
{
	const char *s =
	    len > 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? p + 3 : p;
	size_t blank;
	json_error_t e;
	json_t *v, *list;

	len -= (size_t)(s - p);
	for (blank = 0; blank < len && strchr(" \t\r\n", s[blank]) != NULL;)
		blank++;
	*xml = blank < len && s[blank] == '<';
	if (*xml)
		return xml_read(s, len, f);
	v = json_loadb(s, len, JSON_REJECT_DUPLICATES, &e);
	if (v == NULL) {
		(void)fault(f, FAULT_FORMAT,
		    "neither JSON nor XML: line %d: %.120s", e.line, e.text);
		return NULL;
	}
	if (!json_is_array(v))
		return v;
	if ((list = json_pack("{s:o}", "list", v)) == NULL)
		(void)fault_memory(f);
	return list;
}
