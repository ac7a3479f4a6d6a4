/* See render.h. */
#include "render.h"

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/tree.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/variables.h>
#include <libxslt/xsltutils.h>
#include <openssl/evp.h>

#include "file.h"
#include "json.h"
#include "text.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
#define XHTML_NS "http://www.w3.org/1999/xhtml"
#define SVG_NS "http://www.w3.org/2000/svg"
#define XSLT_NS "http://www.w3.org/1999/XSL/Transform"
#define OSCAL_NS_URI "http://csrc.nist.gov/ns/oscal/1.0"
#define PIECE (64UL * 1024)
#define METADATA_MAX (64UL * 1024) /* bytes it stands within */
#define DIGEST_LEN 48		   /* base64 of SHA-256 and a NUL, rounded up */

/* CMake's embed() of the templates folder among others */
extern const struct text report_text[];

/* The libraries' first complaint; later ones are its echo. */
struct complaint {
	char text[512];
	char place[256]; /* of the template, in libxslt's words */
};

static bool
equals(const xmlChar *a, const char *b)
{
	return a != NULL && strcmp((const char *)a, b) == 0;
}

/* Keep the first s, without its line end. */
static void
note(char *out, size_t size, const char *s)
{
	size_t n;

	if (out[0] != '\0' || s == NULL)
		return;
	n = strnlen(s, size - 1);
	memcpy(out, s, n);
	out[n] = '\0';
	while (n > 0 && out[n - 1] == '\n')
		out[--n] = '\0';
}

static void
on_xml_error(void *ctx, xmlErrorPtr e)
{
	struct complaint *why = ctx;
	char line[32];

	/* XPath errors carry their expression, others a line */
	(void)snprintf(line, sizeof(line), "line %d", e->line);
	note(why->place, sizeof(why->place), e->str1 != NULL ? e->str1 : line);
	note(why->text, sizeof(why->text), e->message);
}

static void on_xslt_error(void *ctx, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
on_xslt_error(void *ctx, const char *fmt, ...)
{
	struct complaint *why = ctx;
	char s[sizeof(why->text)];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(s, sizeof(s), fmt, ap);
	va_end(ap);
	/* libxslt names the place in a message before the one with the cause */
	if (strncmp(s, "compilation error:", 18) == 0 ||
	    strncmp(s, "runtime error:", 14) == 0)
		note(why->place, sizeof(why->place), s);
	else
		note(why->text, sizeof(why->text), s);
}

/* "report.xsl: text (place)", or instead when nobody complained. */
static void
complain(const struct complaint *why, const char *instead, struct fault *f)
{
	const char *text = why->text[0] != '\0' ? why->text : instead;

	if (why->place[0] != '\0')
		(void)fault(
		    f, FAULT_FORMAT, "report.xsl: %s (%s)", text, why->place);
	else
		(void)fault(f, FAULT_FORMAT, "report.xsl: %s", text);
}

/* ---------------------------------------------------- reading the XML -- */

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
 * Subjects come by posture, and the page shows what the first of each has: of
 * the others only their names are kept, and of very many only the first.
 */
#define POSTURE_MAX 64 /* bytes of its UUID */

struct reader {
	char posture[POSTURE_MAX]; /* of the subject before */
	size_t members;		   /* of that posture, as yet */
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
	xmlNode *of = child_named(item, "implemented-component");
	xmlChar *id =
	    of == NULL ? NULL : xmlGetNoNsProp(of, BAD_CAST "component-uuid");
	xmlChar *outcome = prop_of(item, "outcome");
	bool observed = equals(outcome, "observed");

	r->members = equals(id, r->posture) ? r->members + 1 : 1;
	(void)snprintf(r->posture, sizeof(r->posture), "%s",
	    id != NULL ? (const char *)id : "");
	xmlFree(id);
	xmlFree(outcome);
	if (observed && r->members > RENDER_MEMBERS_MAX) {
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
	if (node != NULL && equals(name, "inventory-item"))
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
read_xml(const void *xml, size_t len, const char *what, struct reader *r,
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

/* ------------------------------------------------------------ templates -- */

static int
load_template(
    const char *dir, const char *name, struct buf *out, struct fault *f)
{
	char path[PATH_MAX];
	int n;

	if (dir == NULL) {
		(void)snprintf(path, sizeof(path), "templates/%s", name);
		for (const struct text *t = report_text; t->path != NULL; t++)
			if (strcmp(t->path, path) == 0) {
				buf_put(out, t->p, t->len);
				return buf_done(out, path, f);
			}
		return fault(
		    f, FAULT_ABSENT, "%s: not in this build of exhibit", path);
	}
	n = snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(f, FAULT_USAGE, "%s: name too long", dir);
	return file_read(path, out, f);
}

/*
 * The text goes raw between <style> and </style>, where HTML and XML readers
 * must see the same bytes: the policy holds their digest.
 */
static int
check_css(const struct buf *css, struct fault *f)
{
	for (size_t i = 0; i < css->len; i++) {
		char c = css->p[i];

		if (c == '<' || c == '&' || c == '\r' || (c & 0x80) != 0 ||
		    (c < 0x20 && c != '\n' && c != '\t') ||
		    strncmp(css->p + i, "]]>", 3) == 0)
			return fault(f, FAULT_FORMAT,
			    "report.css: byte %zu is not plain ASCII, or one "
			    "of < & ]]> that HTML and XML read differently",
			    i);
	}
	return 0;
}

static int
digest_css(struct crypto *c, const struct buf *css, char out[DIGEST_LEN],
    struct fault *f)
{
	uint8_t d[SHA256_LEN];

	if (check_css(css, f) == -1 ||
	    digest_sha256(c, css->p, css->len, d, f) == -1)
		return -1;
	(void)EVP_EncodeBlock((unsigned char *)out, d, SHA256_LEN);
	return 0;
}

/* One file is the whole template: nothing is fetched while it compiles. */
static const xmlNode *
find_import(const xmlNode *root)
{
	for (const xmlNode *n = root->children; n != NULL; n = n->next)
		if (n->type == XML_ELEMENT_NODE && n->ns != NULL &&
		    equals(n->ns->href, XSLT_NS) &&
		    (equals(n->name, "import") || equals(n->name, "include")))
			return n;
	return NULL;
}

static xsltStylesheet *
compile(const struct buf *xsl, struct complaint *why, struct fault *f)
{
	xmlDoc *doc = NULL;
	xmlNode *root;
	xsltStylesheet *sheet;

	doc = xmlReadMemory(xsl->len > 0 ? xsl->p : "", (int)xsl->len,
	    "report.xsl", NULL, XML_PARSE_NONET | XML_PARSE_NOCDATA);
	if (doc == NULL) {
		complain(why, "not XML", f);
		return NULL;
	}
	if ((root = xmlDocGetRootElement(doc)) == NULL) {
		xmlFreeDoc(doc);
		complain(why, "no element", f);
		return NULL;
	}
	if (doc->intSubset != NULL || find_import(root) != NULL) {
		xmlFreeDoc(doc);
		(void)fault(f, FAULT_FORMAT,
		    "report.xsl: has a DTD, xsl:import or xsl:include; a "
		    "template is one file");
		return NULL;
	}
	sheet = xsltParseStylesheetDoc(doc);
	if (sheet != NULL && sheet->errors == 0)
		return sheet;
	complain(why, "not a style sheet", f);
	if (sheet != NULL)
		xsltFreeStylesheet(sheet); /* frees doc */
	else
		xmlFreeDoc(doc);
	return NULL;
}

static xsltSecurityPrefs *
forbid_everything(xsltTransformContext *ctxt)
{
	static const xsltSecurityOption all[] = { XSLT_SECPREF_READ_FILE,
		XSLT_SECPREF_WRITE_FILE, XSLT_SECPREF_CREATE_DIRECTORY,
		XSLT_SECPREF_READ_NETWORK, XSLT_SECPREF_WRITE_NETWORK };
	xsltSecurityPrefs *prefs = xsltNewSecurityPrefs();

	if (prefs == NULL)
		return NULL;
	for (size_t i = 0; i < LENGTH(all); i++)
		if (xsltSetSecurityPrefs(prefs, all[i], xsltSecurityForbid) ==
		    -1) {
			xsltFreeSecurityPrefs(prefs);
			return NULL;
		}
	if (xsltSetCtxtSecurityPrefs(prefs, ctxt) == -1) {
		xsltFreeSecurityPrefs(prefs);
		return NULL;
	}
	return prefs;
}

static xmlDoc *
transform(xsltStylesheet *sheet, xmlDoc *doc, const char *digest,
    struct complaint *why, struct fault *f)
{
	xsltTransformContext *ctxt = xsltNewTransformContext(sheet, doc);
	xsltSecurityPrefs *prefs = NULL;
	xmlDoc *page = NULL;

	if (ctxt == NULL || (prefs = forbid_everything(ctxt)) == NULL)
		goto out;
	xsltSetTransformErrorFunc(ctxt, why, on_xslt_error);
	if (xsltQuoteOneUserParam(
		ctxt, BAD_CAST "style-digest", BAD_CAST digest) == -1)
		goto out;
	page = xsltApplyStylesheetUser(sheet, doc, NULL, NULL, NULL, ctxt);
	if (page != NULL && (ctxt->state != XSLT_STATE_OK ||
				xmlDocGetRootElement(page) == NULL)) {
		xmlFreeDoc(page);
		page = NULL;
	}
out:
	if (page == NULL)
		complain(why, "no page came of it", f);
	xsltFreeTransformContext(ctxt);
	xsltFreeSecurityPrefs(prefs);
	return page;
}

/* ----------------------------------------------------- writing the page -- */

struct page {
	struct buf *out;
	const struct buf *css;
	struct buf clean; /* scratch */
	size_t styles;	  /* style elements written */
	struct fault *f;
};

static bool
is_in(const xmlChar *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (equals(name, names[i]))
			return true;
	return false;
}

static bool
is_void(const xmlNode *n)
{
	static const char *const names[] = { "meta", "br", "hr", "img", "col",
		"wbr" };

	return is_in(n->name, names, LENGTH(names));
}

/* What would run, fetch or send, and what HTML readers nest differently. */
static bool
is_forbidden(const xmlNode *n)
{
	static const char *const names[] = { "script", "link", "base", "iframe",
		"frame", "object", "embed", "applet", "form", "foreignObject",
		"animate", "set", "template", "noscript", "textarea", "xmp",
		"plaintext" };

	if (n->ns == NULL ||
	    (!equals(n->ns->href, XHTML_NS) && !equals(n->ns->href, SVG_NS)))
		return true;
	return is_in(n->name, names, LENGTH(names));
}

static bool
is_forbidden_attr(const xmlAttr *a, const char *value)
{
	static const char *const urls[] = { "href", "src", "action", "data",
		"srcset", "poster", "background", "formaction", "ping",
		"cite" };

	if (strncasecmp((const char *)a->name, "on", 2) == 0 ||
	    equals(a->name, "style") || equals(a->name, "srcdoc"))
		return true;
	if (!is_in(a->name, urls, LENGTH(urls)))
		return false;
	return value[0] != '#' && strncmp(value, "data:image/", 11) != 0;
}

/* Elements that start a line, for people who read the source or a diff. */
static bool
starts_line(const xmlNode *n)
{
	static const char *const names[] = { "head", "body", "meta", "title",
		"style", "header", "nav", "main", "footer", "section",
		"article", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "dl",
		"dt", "dd", "div", "table", "caption", "thead", "tbody", "tr",
		"details", "summary", "pre", "figure", "svg" };

	return is_in(n->name, names, LENGTH(names));
}

static void
put_escaped(struct page *p, const char *s)
{
	struct buf *b = &p->clean;

	buf_reset(b);
	text_clean(b, s, strlen(s), b->max / 8);
	if (b->failed != FAULT_NONE)
		p->out->failed = b->failed;
	for (size_t i = 0, from = 0; i <= b->len && b->len > 0; i++) {
		const char *as = NULL;

		switch (b->p[i]) {
		case '&':
			as = "&amp;";
			break;
		case '<':
			as = "&lt;";
			break;
		case '>':
			as = "&gt;";
			break;
		case '"':
			as = "&quot;";
			break;
		case '\0':
			as = "";
			break;
		default:
			continue;
		}
		buf_put(p->out, b->p + from, i - from);
		buf_puts(p->out, as);
		from = i + 1;
	}
}

static int
put_attrs(struct page *p, const xmlNode *n)
{
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next) {
		xmlChar *value = xmlNodeGetContent((const xmlNode *)a);
		const char *v = (const char *)value;

		if (v == NULL)
			return fault_memory(p->f);
		if (is_forbidden_attr(a, v)) {
			(void)fault(p->f, FAULT_FORMAT,
			    "report.xsl: attribute %s of %s is not let into "
			    "a page",
			    (const char *)a->name, (const char *)n->name);
			xmlFree(value);
			return -1;
		}
		buf_putc(p->out, ' ');
		if (a->ns != NULL && equals(a->ns->prefix, "xml"))
			buf_puts(p->out, "xml:");
		buf_puts(p->out, (const char *)a->name);
		buf_puts(p->out, "=\"");
		put_escaped(p, v);
		buf_putc(p->out, '"');
		xmlFree(value);
	}
	return 0;
}

static int
put_start(struct page *p, const xmlNode *n)
{
	bool svg, empty;

	if (is_forbidden(n))
		return fault(p->f, FAULT_FORMAT,
		    "report.xsl: element %s is not let into a page",
		    (const char *)n->name);
	svg = equals(n->ns->href, SVG_NS);
	if (starts_line(n) && (!svg || equals(n->name, "svg")))
		buf_putc(p->out, '\n');
	buf_putc(p->out, '<');
	buf_puts(p->out, (const char *)n->name);
	if (equals(n->name, "html"))
		buf_puts(p->out, " xmlns=\"" XHTML_NS "\"");
	else if (equals(n->name, "svg"))
		buf_puts(p->out, " xmlns=\"" SVG_NS "\"");
	if (put_attrs(p, n) == -1)
		return -1;
	empty = n->children == NULL && (svg || is_void(n));
	buf_puts(p->out, empty ? "/>" : ">");
	if (!svg && equals(n->name, "style")) {
		buf_put(p->out, p->css->p, p->css->len);
		p->styles++;
	}
	return 0;
}

static void
put_end(struct page *p, const xmlNode *n)
{
	if (n->children == NULL && (equals(n->ns->href, SVG_NS) || is_void(n)))
		return;
	buf_puts(p->out, "</");
	buf_puts(p->out, (const char *)n->name);
	buf_putc(p->out, '>');
}

static int
put_node(struct page *p, const xmlNode *n)
{
	switch (n->type) {
	case XML_ELEMENT_NODE:
		return put_start(p, n);
	case XML_TEXT_NODE:
	case XML_CDATA_SECTION_NODE:
		put_escaped(p, n->content != NULL ? (char *)n->content : "");
		return 0;
	case XML_COMMENT_NODE:
	case XML_PI_NODE:
		return 0;
	default:
		return fault(p->f, FAULT_FORMAT,
		    "report.xsl: a page is elements and text");
	}
}

/* Without recursion, so that no template's depth is the stack's. */
static int
put_tree(struct page *p, const xmlNode *root)
{
	const xmlNode *n = root;

	for (;;) {
		if (put_node(p, n) == -1)
			return -1;
		if (n->type == XML_ELEMENT_NODE && n->children != NULL) {
			n = n->children;
			continue;
		}
		if (n->type == XML_ELEMENT_NODE)
			put_end(p, n);
		while (n != root && n->next == NULL) {
			n = n->parent;
			put_end(p, n);
		}
		if (n == root)
			return 0;
		n = n->next;
	}
}

static int
write_page(
    const xmlDoc *doc, const struct buf *css, struct buf *out, struct fault *f)
{
	struct page p = { .out = out, .css = css, .f = f };
	const xmlNode *root = xmlDocGetRootElement(doc);
	int rc = -1;

	p.clean.max = 64UL * 1024 * 1024;
	buf_puts(out, "<!DOCTYPE html>\n");
	if (!equals(root->name, "html"))
		(void)fault(f, FAULT_FORMAT, "report.xsl: made no html");
	else if (put_tree(&p, root) == 0)
		rc = 0;
	if (rc == 0 && p.styles != 1)
		rc = fault(f, FAULT_FORMAT,
		    "report.xsl: a page has one empty style element");
	buf_putc(out, '\n');
	if (rc == 0)
		rc = buf_done(out, "HTML report", f);
	buf_free(&p.clean);
	return rc;
}

/* ----------------------------------------------------------- in one go -- */

static int
render(const void *xml, size_t len, const struct buf *xsl,
    const struct buf *css, const char *digest, struct complaint *why,
    struct buf *out, struct fault *f)
{
	struct reader r = { 0 };
	xsltStylesheet *sheet = NULL;
	xmlDoc *doc = NULL, *page = NULL;
	int rc = -1;

	if ((sheet = compile(xsl, why, f)) == NULL)
		goto out;
	if ((doc = read_xml(xml, len, "report document", &r, f)) == NULL)
		goto out;
	if ((page = transform(sheet, doc, digest, why, f)) == NULL)
		goto out;
	xmlFreeDoc(doc); /* its memory is the page's now */
	doc = NULL;
	rc = write_page(page, css, out, f);
	if (rc == 0 && why->text[0] != '\0') {
		/* such as an allocation that libxml2 went on without */
		complain(why, "", f);
		rc = -1;
	}
out:
	xmlFreeDoc(page);
	xmlFreeDoc(doc);
	xsltFreeStylesheet(sheet);
	return rc;
}

/*
 * libxml2 2.9.14 and libxslt go on without some allocations and tell nobody
 * (xmlXPathSubstringFunction, xsltInitCtxtKey): the page would lack text. So
 * their allocators are watched while they work. They take no context, which
 * is why this one struct is static.
 */
static struct {
	xmlFreeFunc free;
	xmlMallocFunc malloc, atomic;
	xmlReallocFunc realloc;
	xmlStrdupFunc strdup;
	bool failed;
} memory;

static void *
watched(void *p)
{
	if (p == NULL)
		memory.failed = true;
	return p;
}

static void *
watched_malloc(size_t size)
{
	return watched(memory.malloc(size));
}

static void *
watched_atomic(size_t size)
{
	return watched(memory.atomic(size));
}

static void *
watched_realloc(void *p, size_t size)
{
	return watched(memory.realloc(p, size));
}

static char *
watched_strdup(const char *s)
{
	return watched(memory.strdup(s));
}

static void
watch_memory(void)
{
	(void)xmlGcMemGet(&memory.free, &memory.malloc, &memory.atomic,
	    &memory.realloc, &memory.strdup);
	memory.failed = false;
	(void)xmlGcMemSetup(memory.free, watched_malloc, watched_atomic,
	    watched_realloc, watched_strdup);
}

/* Whether everything that was asked for was given. */
static bool
unwatch_memory(void)
{
	(void)xmlGcMemSetup(memory.free, memory.malloc, memory.atomic,
	    memory.realloc, memory.strdup);
	return !memory.failed;
}

/*
 * The libraries print what goes wrong to stderr unless told otherwise, and
 * some of it reaches no return value. What they were told before is given
 * back.
 */
static int
render_quietly(const void *xml, size_t len, const struct buf *xsl,
    const struct buf *css, const char *digest, struct buf *out, struct fault *f)
{
	struct complaint why = { 0 };
	xmlStructuredErrorFunc xml_was = xmlStructuredError;
	xmlGenericErrorFunc generic_was = xmlGenericError;
	xmlGenericErrorFunc xslt_was = xsltGenericError;
	void *xml_ctx = xmlStructuredErrorContext;
	void *generic_ctx = xmlGenericErrorContext;
	void *xslt_ctx = xsltGenericErrorContext;
	int rc;

	watch_memory();
	xmlSetStructuredErrorFunc(&why, on_xml_error);
	xmlSetGenericErrorFunc(&why, on_xslt_error);
	xsltSetGenericErrorFunc(&why, on_xslt_error);
	rc = render(xml, len, xsl, css, digest, &why, out, f);
	xmlSetStructuredErrorFunc(xml_ctx, xml_was);
	xmlSetGenericErrorFunc(generic_ctx, generic_was);
	xsltSetGenericErrorFunc(xslt_ctx, xslt_was);
	return unwatch_memory() ? rc : fault_memory(f);
}

/* The colour that the document asks for goes into the style, which the page's
 * policy holds the digest of. */
static void
add_accent(const char *xml, size_t len, struct buf *css)
{
	static const char prop[] = "name=\"accent\" value=\"#";
	const char *at = memmem(xml, len < METADATA_MAX ? len : METADATA_MAX,
	    prop, sizeof(prop) - 1);
	const char *hex = at != NULL ? at + sizeof(prop) - 1 : NULL;

	if (hex != NULL && hex + 7 <= xml + len &&
	    strspn(hex, "0123456789abcdefABCDEF") == 6 && hex[6] == '"')
		buf_printf(css, ":root { --brand: #%.6s; }\n", hex);
}

int
render_html(const void *xml, size_t len, const char *templates_dir,
    struct crypto *c, struct buf *out, struct fault *f)
{
	BUF_AUTO(xsl, RENDER_TEMPLATE_MAX);
	BUF_AUTO(css, RENDER_TEMPLATE_MAX);
	char digest[DIGEST_LEN];
	size_t start = out->len;

	if (len > RENDER_XML_MAX)
		return fault(f, FAULT_LIMIT, "report document: over %lu bytes",
		    RENDER_XML_MAX);
	if (load_template(templates_dir, "report.xsl", &xsl, f) == -1 ||
	    load_template(templates_dir, "report.css", &css, f) == -1)
		return -1;
	add_accent(xml, len, &css);
	if (buf_done(&css, "report.css", f) == -1 ||
	    digest_css(c, &css, digest, f) == -1)
		return -1;
	if (render_quietly(xml, len, &xsl, &css, digest, out, f) == 0)
		return 0;
	if (out->p != NULL) {
		out->len = start;
		out->p[start] = '\0';
	}
	return -1;
}
