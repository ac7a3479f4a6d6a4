/* See render.h. */
#include "report/page/render.h"

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/variables.h>
#include <libxslt/xsltutils.h>
#include <openssl/evp.h>

#include "base/length.h"
#include "base/file.h"
#include "report/page/render_parts.h"
#include "base/text.h"

#define XSLT_NS "http://www.w3.org/1999/XSL/Transform"
#define METADATA_MAX (64UL * 1024) /* bytes it stands within */
#define DIGEST_LEN 48		   /* base64 of SHA-256 and a NUL, rounded up */

/* CMake's embed() of the templates folder among others */
extern const struct text report_text[];

/* The libraries' first complaint; later ones are its echo. */
struct complaint {
	char text[512];
	char place[256]; /* of the template, in libxslt's words */
};

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

/* ----------------------------------------------------------- in one go -- */

static int
render(const void *xml, size_t len, const struct buf *xsl,
    const struct buf *css, const char *digest, struct complaint *why,
    struct buf *out, struct fault *f)
{
	xsltStylesheet *sheet = NULL;
	xmlDoc *doc = NULL, *page = NULL;
	int rc = -1;

	if ((sheet = compile(xsl, why, f)) == NULL)
		goto out;
	if ((doc = render_read(xml, len, "report document", f)) == NULL)
		goto out;
	if ((page = transform(sheet, doc, digest, why, f)) == NULL)
		goto out;
	xmlFreeDoc(doc); /* its memory is the page's now */
	doc = NULL;
	rc = render_write(page, css, out, f);
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
