/* Writing the page: HTML that XML readers take as well. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/length.h"
#include "base/json.h"
#include "report/page/render.h"
#include "report/page/render_parts.h"

#define XHTML_NS "http://www.w3.org/1999/xhtml"
#define SVG_NS "http://www.w3.org/2000/svg"

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

int
render_write(
    xmlDoc *doc, const struct buf *css, struct buf *out, struct fault *f)
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
