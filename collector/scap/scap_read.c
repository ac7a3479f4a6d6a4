/* See scap_read.h. */
#include "collector/scap/scap_read.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/SAX2.h>

#include "base/length.h"

#define XCCDF "http://checklists.nist.gov/xccdf/1." /* 1.1 and 1.2 */

struct scap {
	const struct scap_handler *h;
	xmlParserCtxt *xml;
	struct fault *f; /* of the call we are in */
	struct scap_test test;
	struct scap_rule rule;
	long long tests, rules;
	int depth, test_depth, rule_depth; /* 0: not within one */
	char *text;			   /* where characters go, or NULL */
	size_t len;			   /* written there */
	bool failed;
};

static void stop(struct scap *s, enum fault_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
stop(struct scap *s, enum fault_kind kind, const char *fmt, ...)
{
	char why[FAULT_TEXT_MAX];
	va_list ap;

	if (s->failed)
		return;
	s->failed = true;
	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	(void)fault(
	    s->f, kind, "line %d: %s", xmlSAX2GetLineNumber(s->xml), why);
	xmlStopParser(s->xml);
}

static bool
is(const xmlChar *name, const char *want)
{
	return strcmp((const char *)name, want) == 0;
}

/* Characters that follow go there, from its beginning. */
static void
gather(struct scap *s, char *where)
{
	s->text = where;
	s->len = 0;
	where[0] = '\0';
}

static void
add(struct scap *s, const char *p, size_t len)
{
	if (s->text == NULL || s->failed)
		return;
	if (len >= SCAP_TEXT_MAX - s->len) {
		stop(s, FAULT_LIMIT, "a value of over %d bytes",
		    SCAP_TEXT_MAX - 1);
		return;
	}
	memcpy(s->text + s->len, p, len);
	s->len += len;
	s->text[s->len] = '\0';
}

/* White space around a value is no part of it (xsd:token). */
static void
trim(char *text)
{
	size_t from = strspn(text, " \t\r\n"), len = strlen(text);

	while (len > from && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	memmove(text, text + from, len - from);
	text[len - from] = '\0';
}

/* Attributes of SAX2: name, prefix, namespace, value, its end. */
static void
take(struct scap *s, const xmlChar **attrs, int n, const char *name, char *out)
{
	for (int i = 0; i < n; i++) {
		const xmlChar **a = attrs + 5 * (ptrdiff_t)i;

		if (a[2] != NULL || !is(a[0], name))
			continue;
		gather(s, out);
		add(s, (const char *)a[3], (size_t)(a[4] - a[3]));
		trim(out);
		s->text = NULL;
	}
}

static void
begin_test(struct scap *s, const xmlChar **attrs, int n)
{
	if (++s->tests > SCAP_TESTS_MAX)
		stop(s, FAULT_LIMIT, "over %d scans", SCAP_TESTS_MAX);
	s->test = (struct scap_test){ .target = "" };
	s->test_depth = s->depth;
	s->rules = 0;
	take(s, attrs, n, "start-time", s->test.started);
	take(s, attrs, n, "end-time", s->test.ended);
	take(s, attrs, n, "test-system", s->test.test_system);
}

static void
begin_rule(struct scap *s, const xmlChar **attrs, int n)
{
	if (++s->rules > SCAP_RULES_MAX)
		stop(s, FAULT_LIMIT, "over %d rules", SCAP_RULES_MAX);
	if (s->test.target[0] == '\0')
		stop(s, FAULT_FORMAT, "results before their target");
	s->rule = (struct scap_rule){ .nidents = 0 };
	s->rule_depth = s->depth;
	take(s, attrs, n, "idref", s->rule.rule);
	take(s, attrs, n, "severity", s->rule.severity);
	if (s->rule.rule[0] == '\0' && !s->failed)
		stop(s, FAULT_FORMAT, "a rule-result without idref");
}

static void
begin_ident(struct scap *s, const xmlChar **attrs, int n)
{
	char *out;

	if (s->rule.nidents == SCAP_IDENTS_MAX) {
		stop(s, FAULT_LIMIT, "over %d idents", SCAP_IDENTS_MAX);
		return;
	}
	out = s->rule.idents[s->rule.nidents++];
	take(s, attrs, n, "system", out);
	s->text = out;
	s->len = strlen(out);
	add(s, " ", 1);
}

static void
begin_in_test(struct scap *s, const xmlChar *name, const xmlChar **attrs, int n)
{
	if (is(name, "benchmark")) {
		take(s, attrs, n, "href", s->test.benchmark);
		take(s, attrs, n, "id", s->test.benchmark);
	} else if (is(name, "profile")) {
		take(s, attrs, n, "idref", s->test.profile);
	} else if (is(name, "target") && s->test.target[0] == '\0') {
		gather(s, s->test.target);
	} else if (is(name, "rule-result")) {
		begin_rule(s, attrs, n);
	}
}

static bool
is_xccdf(const xmlChar *uri)
{
	const char *u = (const char *)uri;

	return u != NULL && strncmp(u, XCCDF, sizeof(XCCDF) - 1) == 0 &&
	       (strcmp(u + sizeof(XCCDF) - 1, "1") == 0 ||
		   strcmp(u + sizeof(XCCDF) - 1, "2") == 0);
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int nns, const xmlChar **ns, int nattrs, int ndefault,
    const xmlChar **attrs)
{
	struct scap *s = ctx;

	(void)prefix;
	(void)nns;
	(void)ns;
	(void)ndefault;
	s->depth++;
	s->text = NULL;
	if (s->failed || !is_xccdf(uri))
		return;
	if (s->test_depth == 0) {
		if (is(name, "TestResult"))
			begin_test(s, attrs, nattrs);
	} else if (s->depth == s->test_depth + 1) {
		begin_in_test(s, name, attrs, nattrs);
	} else if (s->rule_depth > 0 && s->depth == s->rule_depth + 1) {
		if (is(name, "result") && s->rule.result[0] != '\0')
			stop(s, FAULT_FORMAT, "a rule with two results");
		else if (is(name, "result"))
			gather(s, s->rule.result);
		else if (is(name, "ident"))
			begin_ident(s, attrs, nattrs);
	}
}

/* IR 7275 rev. 4, table 26. */
static void
end_rule(struct scap *s)
{
	static const char *const other[] = { "error", "unknown",
		"notapplicable", "notchecked", "notselected", "informational" };
	const char *r = s->rule.result;
	bool known = true;

	trim(s->rule.result);
	for (size_t i = 0; i < s->rule.nidents; i++)
		trim(s->rule.idents[i]);
	if (strcmp(r, "pass") == 0 || strcmp(r, "fixed") == 0) {
		s->test.pass++;
	} else if (strcmp(r, "fail") == 0) {
		s->test.fail++;
	} else {
		s->test.other++;
		known = false;
		for (size_t i = 0; i < LENGTH(other); i++)
			known = known || strcmp(r, other[i]) == 0;
	}
	if (!known)
		stop(s, FAULT_FORMAT, "'%.40s' is no result of a rule", r);
	else if (!s->failed &&
		 s->h->rule(s->h->ctx, &s->test, &s->rule, s->f) == -1) {
		s->failed = true;
		xmlStopParser(s->xml);
	}
}

static void
end_test(struct scap *s)
{
	if (s->test.target[0] == '\0')
		stop(s, FAULT_FORMAT, "a TestResult without target");
	else if (!s->failed && s->h->test(s->h->ctx, &s->test, s->f) == -1) {
		s->failed = true;
		xmlStopParser(s->xml);
	}
}

static void
on_end(
    void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct scap *s = ctx;

	(void)name;
	(void)prefix;
	(void)uri;
	if (s->text == s->test.target)
		trim(s->test.target);
	s->text = NULL;
	if (!s->failed && s->rule_depth == s->depth && s->depth > 0) {
		s->rule_depth = 0;
		end_rule(s);
	} else if (!s->failed && s->test_depth == s->depth && s->depth > 0) {
		s->test_depth = 0;
		end_test(s);
	}
	s->depth--;
}

static void
on_text(void *ctx, const xmlChar *p, int len)
{
	add(ctx, (const char *)p, (size_t)len);
}

static void
on_dtd(void *ctx, const xmlChar *name, const xmlChar *public,
    const xmlChar *system)
{
	(void)name;
	(void)public;
	(void)system;
	stop(ctx, FAULT_FORMAT, "a DTD is not read");
}

static void
on_error(void *ctx, xmlError *e)
{
	char why[FAULT_TEXT_MAX];
	struct scap *s = ctx;

	if (s->xml == NULL) /* still being made: scap_new() tells of it */
		return;
	if (e->level < XML_ERR_ERROR)
		return;
	(void)snprintf(why, sizeof(why), "%.300s",
	    e->message != NULL ? e->message : "not XML");
	why[strcspn(why, "\n")] = '\0';
	stop(s, e->code == XML_ERR_NO_MEMORY ? FAULT_IO : FAULT_FORMAT, "%s",
	    why);
}

static const xmlSAXHandler handlers = {
	.initialized = XML_SAX2_MAGIC,
	.internalSubset = on_dtd,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.cdataBlock = on_text,
	.serror = (xmlStructuredErrorFunc)on_error,
};

struct scap *
scap_new(const struct scap_handler *h, struct fault *f)
{
	struct scap *s = calloc(1, sizeof(*s));
	xmlSAXHandler sax = handlers;

	if (s != NULL)
		s->xml = xmlCreatePushParserCtxt(&sax, s, NULL, 0, NULL);
	if (s == NULL || s->xml == NULL) {
		free(s);
		(void)fault_memory(f);
		return NULL;
	}
	(void)xmlCtxtUseOptions(s->xml, XML_PARSE_NONET);
	s->h = h;
	return s;
}

void
scap_free(struct scap *s)
{
	if (s == NULL)
		return;
	xmlFreeDoc(s->xml->myDoc);
	s->xml->myDoc = NULL;
	xmlFreeParserCtxt(s->xml);
	free(s);
}

static int
parse(struct scap *s, const char *p, int len, int last, struct fault *f)
{
	s->f = f;
	if (!s->failed)
		(void)xmlParseChunk(s->xml, p, len, last);
	if (!s->failed && s->xml->errNo != XML_ERR_OK && !s->xml->wellFormed)
		stop(s, FAULT_FORMAT, "not XML");
	return s->failed ? -1 : 0;
}

int
scap_feed(struct scap *s, const void *p, size_t len, struct fault *f)
{
	const char *at = p;

	while (len > 0) {
		size_t n = len < 65536 ? len : 65536;

		if (parse(s, at, (int)n, 0, f) == -1)
			return -1;
		at += n;
		len -= n;
	}
	return 0;
}

int
scap_end(struct scap *s, struct fault *f)
{
	s->f = f;
	if (s->depth > 0) /* libxml2 would call it something else */
		stop(s, FAULT_FORMAT, "the file ends within an element");
	if (parse(s, NULL, 0, 1, f) == -1)
		return -1;
	return s->tests > 0 ? 0
			    : fault(f, FAULT_FORMAT,
				  "holds no XCCDF 1.1 or 1.2 TestResult");
}
