/* Reading the report's XML for its page: what the page does not show stays
 * out of the tree. */
#include <stdio.h>
#include <stdlib.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "report/format/oscal.h"
#include "report/page/render.h"
#include "report/page/render_parts.h"
#include "base/length.h"

#define PIECE (64UL * 1024)

/* Lists that are cut for the page: at most max children under one parent. */
static const struct cut {
	const char *parent, *child;
	size_t max;
} cuts[] = {
	{ "observation", "subject", RENDER_SUBJECTS_MAX },
	{ "observation", "relevant-evidence", RENDER_RELEVANT_MAX },
	{ "result", "observation", RENDER_OBSERVATIONS_MAX },
	{ "back-matter", "resource", RENDER_RESOURCES_MAX + 5 },
	{ "local-definitions", "component", RENDER_POSTURES_MAX + 1 },
	{ "local-definitions", "inventory-item", RENDER_ITEMS_MAX },
	{ "assessment-log", "entry", RENDER_ENTRIES_MAX },
	{ "entry", "prop", RENDER_SCOPES_MAX + 8 },
};

/*
 * Subjects come by posture, and the page shows what the first of each has; of
 * the others only their names are kept. All of them where the posture has a row
 * in the table of layers: a verdict of a check that is a layer. Else the first.
 */
#define POSTURE_MAX 64 /* bytes of its UUID */

struct reader {
	bool layer[OSCAL_CHECKS_MAX + 1]; /* by the number of a check, C1.. */
	char row[RENDER_POSTURES_MAX + 1][POSTURE_MAX]; /* postures with one */
	size_t nrows;
	char posture[POSTURE_MAX]; /* of the subject before */
	size_t members;		   /* of that posture, as yet */
	bool has_row;
	size_t seen[LENGTH(cuts)]; /* children of the open parent */
	size_t skipping;	   /* depth inside what is left out */
	bool dtd;
};

static bool
is_cut(struct reader *r, const xmlParserCtxt *ctxt, const xmlChar *name)
{
	const xmlChar *parent = ctxt->node != NULL ? ctxt->node->name : NULL;

	for (size_t i = 0; i < LENGTH(cuts); i++) {
		if (equals(name, cuts[i].parent))
			r->seen[i] = 0;
		if (equals(name, cuts[i].child) &&
		    equals(parent, cuts[i].parent) &&
		    ++r->seen[i] > cuts[i].max)
			return true;
	}
	return false;
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int nns, const xmlChar **ns, int nattrs, int ndefault,
    const xmlChar **attrs)
{
	xmlParserCtxt *ctxt = ctx;
	struct reader *r = ctxt->_private;

	if (r->skipping > 0 || is_cut(r, ctxt, name)) {
		r->skipping++;
		return;
	}
	xmlSAX2StartElementNs(
	    ctx, name, prefix, uri, nns, ns, nattrs, ndefault, attrs);
}

static xmlNode *
child_named(const xmlNode *parent, const char *name)
{
	xmlNode *n = parent->children;

	while (n != NULL &&
	       (n->type != XML_ELEMENT_NODE || !equals(n->name, name)))
		n = n->next;
	return n;
}

/* The value of an item's prop; NULL: none. The caller frees it. */
static xmlChar *
prop_of(const xmlNode *item, const char *want)
{
	for (xmlNode *n = item->children; n != NULL; n = n->next) {
		xmlChar *name = n->type == XML_ELEMENT_NODE
				    ? xmlGetNoNsProp(n, BAD_CAST "name")
				    : NULL;
		bool is = equals(name, want);

		xmlFree(name);
		if (is)
			return xmlGetNoNsProp(n, BAD_CAST "value");
	}
	return NULL;
}

/* "C12" is 12; what is no number of a check is 0. */
static size_t
check_number(const xmlChar *s)
{
	long n = s != NULL && s[0] == 'C'
		     ? strtol((const char *)s + 1, NULL, 10)
		     : 0;

	return n > 0 && n <= OSCAL_CHECKS_MAX ? (size_t)n : 0;
}

static void
note_layer(struct reader *r, const xmlNode *activity)
{
	xmlChar *layer = prop_of(activity, "layer");
	xmlChar *number = prop_of(activity, "number");

	r->layer[check_number(number)] = layer != NULL;
	xmlFree(layer);
	xmlFree(number);
}

/* A component: a posture that is a row? */
static void
note_row(struct reader *r, const xmlNode *component)
{
	xmlChar *id = xmlGetNoNsProp(component, BAD_CAST "uuid");
	bool is = false;

	for (xmlNode *n = component->children; n != NULL && !is; n = n->next) {
		xmlChar *class = n->type == XML_ELEMENT_NODE
				     ? xmlGetNoNsProp(n, BAD_CAST "class")
				     : NULL;
		size_t number = check_number(class);

		is = number > 0 && r->layer[number];
		xmlFree(class);
	}
	if (is && id != NULL && r->nrows < LENGTH(r->row))
		(void)snprintf(
		    r->row[r->nrows++], POSTURE_MAX, "%s", (const char *)id);
	xmlFree(id);
}

/* The item's posture, and how many of it came. */
static void
count_member(struct reader *r, const xmlNode *item)
{
	xmlNode *of = child_named(item, "implemented-component");
	xmlChar *id =
	    of == NULL ? NULL : xmlGetNoNsProp(of, BAD_CAST "component-uuid");

	if (equals(id, r->posture)) {
		r->members++;
	} else {
		(void)snprintf(r->posture, sizeof(r->posture), "%s",
		    id != NULL ? (const char *)id : "");
		r->members = 1;
		r->has_row = false;
		for (size_t i = 0; i < r->nrows && !r->has_row; i++)
			r->has_row = strcmp(r->row[i], r->posture) == 0;
	}
	xmlFree(id);
}

/* Is the child needed of an item that is not its posture's first? One that was
 * not observed has a line of its own, too. */
static bool
is_of_all(const xmlNode *n, bool observed)
{
	xmlChar *name;
	bool is;

	if (n->type != XML_ELEMENT_NODE || equals(n->name, "description"))
		return false;
	name = xmlGetNoNsProp(n, BAD_CAST "name");
	is = name == NULL || equals(name, "key") || equals(name, "scope") ||
	     equals(name, "outcome") || (!observed && !equals(name, "column"));
	xmlFree(name);
	return is;
}

static void
drop(xmlNode *n)
{
	xmlUnlinkNode(n);
	xmlFreeNode(n);
}

/* An item that does not come to the page is none of the first. */
static void
drop_item(struct reader *r, xmlNode *item)
{
	for (size_t i = 0; i < LENGTH(cuts); i++)
		if (equals(item->name, cuts[i].child))
			r->seen[i]--;
	drop(item);
}

/* An inventory-item that is whole by now. */
static void
thin(struct reader *r, xmlNode *item)
{
	xmlChar *outcome = prop_of(item, "outcome");
	bool observed = equals(outcome, "observed");

	xmlFree(outcome);
	count_member(r, item);
	if (observed && !r->has_row && r->members > RENDER_MEMBERS_MAX) {
		drop_item(r, item);
		return;
	}
	for (xmlNode *n = item->children, *next; n != NULL && r->members > 1;
	     n = next) {
		next = n->next;
		if (!is_of_all(n, observed))
			drop(n);
	}
}

static void
on_end(
    void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct reader *r = ((xmlParserCtxt *)ctx)->_private;
	xmlNode *node = ((xmlParserCtxt *)ctx)->node;

	if (r->skipping > 0) {
		r->skipping--;
		return;
	}
	xmlSAX2EndElementNs(ctx, name, prefix, uri);
	if (node == NULL)
		return;
	if (equals(name, "activity"))
		note_layer(r, node);
	else if (equals(name, "component"))
		note_row(r, node);
	else if (equals(name, "inventory-item"))
		thin(r, node);
}

static void
on_text(void *ctx, const xmlChar *s, int len)
{
	struct reader *r = ((xmlParserCtxt *)ctx)->_private;

	if (r->skipping == 0)
		xmlSAX2Characters(ctx, s, len);
}

/* No document of ours has a DTD, so none has entities. */
static void
on_dtd(void *ctx, const xmlChar *name, const xmlChar *public,
    const xmlChar *system)
{
	struct reader *r = ((xmlParserCtxt *)ctx)->_private;

	(void)name;
	(void)public;
	(void)system;
	r->dtd = true;
	xmlStopParser(ctx);
}

static xmlDoc *
read_all(const void *xml, size_t len, const char *what, struct reader *r,
    struct fault *f)
{
	xmlParserCtxt *ctxt =
	    xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL);
	const char *p = xml;
	xmlDoc *doc = NULL;

	if (ctxt == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	ctxt->_private = r;
	ctxt->sax->startElementNs = on_start;
	ctxt->sax->endElementNs = on_end;
	ctxt->sax->characters = on_text;
	ctxt->sax->cdataBlock = on_text;
	ctxt->sax->internalSubset = on_dtd;
	(void)xmlCtxtUseOptions(ctxt, XML_PARSE_NONET | XML_PARSE_NOBLANKS |
					  XML_PARSE_COMPACT |
					  XML_PARSE_NOCDATA);
	/* in pieces: at once, libxml2 would copy all of it */
	while (len > 0 && !r->dtd && ctxt->wellFormed) {
		size_t n = len < PIECE ? len : PIECE;

		(void)xmlParseChunk(ctxt, p, (int)n, 0);
		p += n;
		len -= n;
	}
	if (!r->dtd)
		(void)xmlParseChunk(ctxt, NULL, 0, 1);
	if (ctxt->wellFormed)
		doc = ctxt->myDoc;
	else
		xmlFreeDoc(ctxt->myDoc);
	ctxt->myDoc = NULL;
	if (r->dtd) {
		(void)fault(f, FAULT_FORMAT, "%s: a DTD is not read", what);
		xmlFreeDoc(doc);
		doc = NULL;
	} else if (doc == NULL) {
		(void)fault(f, FAULT_FORMAT, "%s: line %d: %s", what,
		    ctxt->lastError.line,
		    ctxt->lastError.message != NULL ? ctxt->lastError.message
						    : "not XML");
	}
	xmlFreeParserCtxt(ctxt);
	return doc;
}

xmlDoc *
render_read(const void *xml, size_t len, const char *what, struct fault *f)
{
	struct reader *r = calloc(1, sizeof(*r));
	xmlDoc *doc;

	if (r == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	doc = read_all(xml, len, what, r, f);
	free(r);
	return doc;
}
