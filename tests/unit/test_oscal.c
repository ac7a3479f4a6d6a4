/*
 * The report's two forms: that the OSCAL is valid and says what it may, and
 * that the page is whole, safe and usable whatever the evidence holds.
 *
 * fixtures/report/fleet.xml is what the small fleet must give, byte for byte;
 * with EXHIBIT_UPDATE_FIXTURES=1 in the environment it is written anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <openssl/evp.h>

#include "tests/fixtures/report/models.h"
#include "base/length.h"
#include "base/file.h"
#include "report/format/oscal.h"
#include "report/page/render.h"

#define FLEET "fixtures/report/fleet.xml"
#define HTML_MAX (5UL * 1000 * 1000) /* a page stays usable up to here */

static struct model *
small_scale(void)
{
	return sample_scale(150, 20);
}

static struct model *
all_different(void)
{
	return sample_noisy(60, 6);
}

static const struct {
	const char *name;
	struct model *(*make)(void);
} samples[] = {
	{ "fleet", sample_fleet },
	{ "empty", sample_empty },
	{ "hostile", sample_hostile },
	{ "small scale", small_scale },
	{ "all different", all_different },
};

/* ------------------------------------------------------------- helpers -- */

/* A sample, written and drawn. */
struct drawn {
	struct model *m;
	struct crypto *c;
	struct buf xml, html;
	xmlDoc *oscal, *page;
};

static xmlDoc *
parse(const struct buf *b)
{
	xmlDoc *doc = xmlReadMemory(
	    b->p, (int)b->len, "sample.xml", NULL, XML_PARSE_NONET);

	assert_non_null(doc);
	return doc;
}

static void
draw(struct drawn *d, struct model *m)
{
	struct fault f = { 0 };

	*d = (struct drawn){ .m = m,
		.c = crypto_new(false, &f),
		.xml.max = RENDER_XML_MAX,
		.html.max = HTML_MAX };
	assert_non_null(d->c);
	if (oscal_write(m, d->c, &d->xml, &f) == -1 ||
	    render_html(d->xml.p, d->xml.len, NULL, d->c, &d->html, &f) == -1)
		fail_msg("%s", f.text);
	d->oscal = parse(&d->xml);
	d->page = parse(&d->html);
}

static void
drawn_free(struct drawn *d)
{
	xmlFreeDoc(d->oscal);
	xmlFreeDoc(d->page);
	buf_free(&d->xml);
	buf_free(&d->html);
	crypto_free(d->c);
	sample_free(d->m);
}

/* Every drawn sample in turn. */
static void
each(void (*look)(struct drawn *d))
{
	for (size_t i = 0; i < LENGTH(samples); i++) {
		struct drawn d;

		draw(&d, samples[i].make());
		look(&d);
		drawn_free(&d);
	}
}

static xmlXPathObject *
find(xmlDoc *doc, const char *path)
{
	xmlXPathContext *x = xmlXPathNewContext(doc);
	xmlXPathObject *o;

	assert_non_null(x);
	xmlXPathRegisterNs(x, BAD_CAST "o", BAD_CAST OSCAL_NS);
	xmlXPathRegisterNs(
	    x, BAD_CAST "h", BAD_CAST "http://www.w3.org/1999/xhtml");
	xmlXPathRegisterNs(
	    x, BAD_CAST "s", BAD_CAST "http://www.w3.org/2000/svg");
	o = xmlXPathEval(BAD_CAST path, x);
	assert_non_null(o);
	xmlXPathFreeContext(x);
	return o;
}

static int
count(xmlDoc *doc, const char *path)
{
	xmlXPathObject *o = find(doc, path);
	int n = xmlXPathNodeSetGetLength(o->nodesetval);

	xmlXPathFreeObject(o);
	return n;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The string values of path, sorted; *n of them. The caller frees each. */
static char **
values(xmlDoc *doc, const char *path, size_t *n)
{
	xmlXPathObject *o = find(doc, path);
	char **v;

	*n = (size_t)xmlXPathNodeSetGetLength(o->nodesetval);
	v = calloc(*n + 1, sizeof(*v));
	assert_non_null(v);
	for (size_t i = 0; i < *n; i++)
		v[i] = (char *)xmlNodeGetContent(o->nodesetval->nodeTab[i]);
	qsort(v, *n, sizeof(*v), by_text);
	xmlXPathFreeObject(o);
	return v;
}

static void
values_free(char **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		xmlFree(v[i]);
	free(v);
}

static void
all_differ(xmlDoc *doc, const char *path)
{
	size_t n;
	char **v = values(doc, path, &n);

	for (size_t i = 1; i < n; i++)
		if (strcmp(v[i - 1], v[i]) == 0)
			fail_msg("%s twice: %s", path, v[i]);
	values_free(v, n);
}

/* Every value of from, without a leading #, is one of to. */
static void
all_lead_somewhere(xmlDoc *doc, const char *from, const char *to)
{
	size_t nfrom, nto;
	char **f = values(doc, from, &nfrom), **t = values(doc, to, &nto);

	for (size_t i = 0; i < nfrom; i++) {
		char *want = f[i][0] == '#' ? f[i] + 1 : f[i];

		if (bsearch(&want, t, nto, sizeof(*t), by_text) == NULL)
			fail_msg("%s leads nowhere: %s", from, want);
	}
	values_free(f, nfrom);
	values_free(t, nto);
}

static void
all_are_in(xmlDoc *doc, const char *path, const char *const *words, size_t n)
{
	size_t found;
	char **v = values(doc, path, &found);

	for (size_t i = 0; i < found; i++) {
		size_t k = 0;

		while (k < n && strcmp(v[i], words[k]) != 0)
			k++;
		if (k == n)
			fail_msg("%s: %s", path, v[i]);
	}
	values_free(v, found);
}

/* --------------------------------------------------------------- OSCAL -- */

static void
is_valid(xmlDoc *doc, xmlSchema *schema, const char *version)
{
	xmlSchemaValidCtxt *v = xmlSchemaNewValidCtxt(schema);

	assert_non_null(v);
	if (xmlSchemaValidateDoc(v, doc) != 0)
		fail_msg("not valid OSCAL %s: line %d: %s", version,
		    xmlGetLastError()->line, xmlGetLastError()->message);
	xmlSchemaFreeValidCtxt(v);
}

static void
both_schemas_take_every_report(void **state)
{
	static const char *const versions[] = { "1.0.6", "1.2.2" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < LENGTH(versions); i++) {
		xmlSchemaParserCtxt *p;
		xmlSchema *schema;

		(void)snprintf(path, sizeof(path),
		    "fixtures/oscal/%s/oscal_assessment-results_schema.xsd",
		    versions[i]);
		p = xmlSchemaNewParserCtxt(path);
		assert_non_null(p);
		schema = xmlSchemaParse(p);
		assert_non_null(schema);
		for (size_t k = 0; k < LENGTH(samples); k++) {
			struct drawn d;

			draw(&d, samples[k].make());
			is_valid(d.oscal, schema, versions[i]);
			drawn_free(&d);
		}
		xmlSchemaFree(schema);
		xmlSchemaFreeParserCtxt(p);
	}
}

/* Metaschema constraints that an XSD cannot say. */
static void
keeps_constraints(struct drawn *d)
{
	static const char *const methods[] = { "EXAMINE", "TEST" };
	static const char *const kinds[] = { "control-objective", "finding",
		"discovery" };
	static const char *const states[] = { "satisfied", "not-satisfied" };
	static const char *const reasons[] = { "pass", "fail", "other" };
	static const char *const risks[] = { "open" };

	all_differ(d->oscal, "//@uuid");
	all_lead_somewhere(d->oscal, "//@href[starts-with(., '#')]", "//@uuid");
	all_lead_somewhere(d->oscal, "//@subject-uuid",
	    "//o:inventory-item/@uuid | "
	    "//o:component[@type='posture']/@uuid");
	all_lead_somewhere(
	    d->oscal, "//@component-uuid", "//o:component/@uuid");
	all_lead_somewhere(
	    d->oscal, "//@observation-uuid", "//o:observation/@uuid");
	all_lead_somewhere(d->oscal, "//@risk-uuid", "//o:risk/@uuid");
	all_lead_somewhere(d->oscal, "//@actor-uuid", "//o:component/@uuid");
	all_are_in(d->oscal, "//o:method", methods, LENGTH(methods));
	all_are_in(d->oscal, "//o:observation/o:type", kinds, LENGTH(kinds));
	all_are_in(
	    d->oscal, "//o:target/o:status/@state", states, LENGTH(states));
	all_are_in(
	    d->oscal, "//o:target/o:status/@reason", reasons, LENGTH(reasons));
	all_are_in(d->oscal, "//o:risk/o:status", risks, LENGTH(risks));
	assert_int_equal(
	    count(d->oscal, "//o:hash[string-length(.) != 64]"), 0);
}

static void
references_lead_somewhere_and_words_are_oscals(void **state)
{
	(void)state;
	each(keeps_constraints);
}

static void
no_unknown_passes(struct drawn *d)
{
	/* a satisfied finding rests on satisfied observations alone */
	assert_int_equal(
	    count(d->oscal, "//o:finding[o:target/o:status/@state='satisfied']["
			    "o:related-observation/@observation-uuid = "
			    "//o:observation[o:prop[@name='verdict']/@value !="
			    " 'satisfied']/@uuid]"),
	    0);
	assert_int_equal(
	    count(d->oscal,
		"//o:finding[o:target/o:status/@state='satisfied'][not("
		"o:related-observation)]"),
	    0);
	assert_int_equal(
	    count(d->oscal,
		"//o:finding[o:prop[@name='verdict']/@value='unknown'][not("
		"o:target/o:status[@state='not-satisfied' and"
		" @reason='other'])]"),
	    0);
	/* and what failed has its risk */
	assert_int_equal(
	    count(d->oscal, "//o:finding[o:target/o:status/@reason='fail'][not("
			    "o:associated-risk)]"),
	    0);
}

static void
unknown_is_never_satisfied(void **state)
{
	struct drawn d;

	(void)state;
	each(no_unknown_passes);
	draw(&d, sample_fleet());
	assert_int_equal(
	    count(d.oscal,
		"//o:finding[o:prop[@name='verdict']/@value='unknown']"),
	    2);
	drawn_free(&d);
}

static void
what_was_not_judged_is_no_finding(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, sample_empty());
	assert_int_equal(count(d.oscal, "//o:finding | //o:observation"), 0);
	assert_non_null(strstr(d.html.p, "Nothing was judged"));
	drawn_free(&d);
}

static void
the_fleet_is_written_as_expected(void **state)
{
	struct fault f = { 0 };
	struct drawn d;
	BUF_AUTO(want, RENDER_XML_MAX);

	(void)state;
	draw(&d, sample_fleet());
	if (getenv("EXHIBIT_UPDATE_FIXTURES") != NULL)
		assert_int_equal(
		    file_write(FLEET, d.xml.p, d.xml.len, 0644, &f), 0);
	if (file_read(FLEET, &want, &f) == -1)
		fail_msg("%s", f.text);
	assert_int_equal(d.xml.len, want.len);
	assert_memory_equal(d.xml.p, want.p, want.len);
	drawn_free(&d);
}

static void
is_same_again(struct drawn *d)
{
	struct fault f = { 0 };
	BUF_AUTO(xml, RENDER_XML_MAX);
	BUF_AUTO(html, HTML_MAX);

	assert_int_equal(oscal_write(d->m, d->c, &xml, &f), 0);
	assert_int_equal(xml.len, d->xml.len);
	assert_memory_equal(xml.p, d->xml.p, xml.len);
	assert_int_equal(render_html(xml.p, xml.len, NULL, d->c, &html, &f), 0);
	assert_int_equal(html.len, d->html.len);
	assert_memory_equal(html.p, d->html.p, html.len);
}

static void
same_model_same_bytes(void **state)
{
	(void)state;
	each(is_same_again);
}

static void
refuses_a_model_that_contradicts_itself(void **state)
{
	static const size_t twice[] = { 0, 0 };
	static const size_t beyond[] = { 4000 };

	(void)state;
	for (int i = 0; i < 6; i++) {
		struct model *m = sample_fleet();
		struct fault f = { 0 };
		struct crypto *c = crypto_new(false, &f);
		BUF_AUTO(out, RENDER_XML_MAX);

		buf_puts(&out, "before");
		if (i == 0) {
			m->groups[0].subjects = twice;
			m->groups[0].nsubjects = 2;
		} else if (i == 1) {
			m->groups[0].subjects = beyond;
			m->groups[0].nsubjects = 1;
		} else if (i == 2) {
			m->groups[0].evidence = beyond;
			m->groups[0].nevidence = 1;
		} else if (i == 3) {
			m->groups[3].check = 4000;
		} else if (i == 4) {
			m->subjects[0].posture = m->subjects[1].posture;
		} else {
			m->as_of = "yesterday";
		}
		assert_int_equal(oscal_write(m, c, &out, &f), -1);
		assert_int_equal(f.kind, FAULT_FORMAT);
		assert_string_equal(out.p, "before");
		sample_free(m);
		crypto_free(c);
	}
}

static void
an_output_that_is_too_small_is_told(void **state)
{
	struct fault f = { 0 };
	struct drawn d;
	BUF_AUTO(small, 1000);

	(void)state;
	draw(&d, sample_fleet());
	assert_int_equal(oscal_write(d.m, d.c, &small, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	small.failed = FAULT_NONE;
	assert_int_equal(
	    render_html(d.xml.p, d.xml.len, NULL, d.c, &small, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_int_equal(small.len, 0);
	drawn_free(&d);
}

/* ------------------------------------------------------------ the page -- */

static void
is_sound(struct drawn *d)
{
	xmlDoc *p = d->page;

	assert_memory_equal(d->html.p, "<!DOCTYPE html>\n<html ", 22);
	assert_int_equal(count(p, "/h:html[@lang]"), 1);
	assert_int_equal(count(p, "//h:h1"), 1);
	assert_int_equal(count(p, "//h:main"), 1);
	assert_int_equal(count(p, "//h:a[@class='skip'][@href='#main']"), 1);
	all_differ(p, "//@id");
	all_lead_somewhere(p, "//@href", "//@id");
	all_lead_somewhere(p, "//@aria-labelledby", "//@id");
	assert_int_equal(
	    count(p, "//s:svg[not(@role='img') or not(s:title[1] != '')]"), 0);
	assert_int_equal(count(p, "//h:th[not(@scope)]"), 0);
	assert_int_equal(count(p, "//h:table[not(h:caption)]"), 0);
	assert_int_equal(count(p, "//h:table[not(h:thead)]"), 0);
	assert_int_equal(
	    count(p, "//h:*[contains(@class,'scroll')][not(@tabindex='0') or "
		     "not(@aria-label)]"),
	    0);
	/* a verdict is never its colour alone: a symbol and a word */
	assert_int_equal(
	    count(p, "//h:span[starts-with(@class,'v ')][not(h:span)]"), 0);
	assert_int_equal(
	    count(p, "//h:span[starts-with(@class,'v ')][not(text())]"), 0);
}

static void
a_page_is_sound_html(void **state)
{
	(void)state;
	each(is_sound);
}

static void
headings_step_down_by_one(struct drawn *d)
{
	xmlXPathObject *o = find(d->page, "//h:h1|//h:h2|//h:h3|//h:h4|//h:h5");
	int last = 0;

	for (int i = 0; i < o->nodesetval->nodeNr; i++) {
		int level = o->nodesetval->nodeTab[i]->name[1] - '0';

		assert_true(level <= last + 1);
		last = level;
	}
	xmlXPathFreeObject(o);
}

static void
headings_are_in_order(void **state)
{
	(void)state;
	each(headings_step_down_by_one);
}

static void
runs_and_fetches_nothing(struct drawn *d)
{
	xmlDoc *p = d->page;

	assert_null(strstr(d->html.p, "<script"));
	assert_null(strstr(d->html.p, "</script"));
	assert_int_equal(
	    count(p, "//h:script|//h:link|//h:iframe|//h:form"), 0);
	assert_int_equal(count(p, "//@style"), 0);
	assert_int_equal(count(p, "//@*[starts-with(name(), 'on')]"), 0);
	assert_int_equal(count(p, "//@src"), 0);
	assert_int_equal(count(p, "//@href[not(starts-with(., '#'))]"), 0);
	assert_int_equal(count(p, "//h:style[contains(., 'url(') and contains("
				  "substring-after(., 'url('), 'http')]"),
	    0);
	assert_int_equal(count(p, "//h:style[contains(., '@import')]"), 0);
}

static void
nothing_in_a_page_runs_or_is_fetched(void **state)
{
	(void)state;
	each(runs_and_fetches_nothing);
}

static void
policy_holds_the_styles_digest(void **state)
{
	struct fault f = { 0 };
	struct drawn d;
	const char *from, *to;
	uint8_t digest[SHA256_LEN];
	char text[64], want[256];
	size_t n;
	char **v;

	(void)state;
	draw(&d, sample_fleet());
	from = strstr(d.html.p, "<style>");
	to = strstr(d.html.p, "</style>");
	assert_true(from != NULL && to != NULL);
	from += strlen("<style>");
	assert_int_equal(
	    digest_sha256(d.c, from, (size_t)(to - from), digest, &f), 0);
	(void)EVP_EncodeBlock((unsigned char *)text, digest, SHA256_LEN);
	(void)snprintf(want, sizeof(want),
	    "default-src 'none'; style-src 'sha256-%s'; img-src data:; "
	    "base-uri 'none'; form-action 'none'",
	    text);
	v = values(d.page,
	    "//h:meta[@http-equiv='Content-Security-Policy']/@content", &n);
	assert_int_equal(n, 1);
	assert_string_equal(v[0], want);
	values_free(v, n);
	/* an XML reader and an HTML reader see the same style */
	v = values(d.page, "//h:style", &n);
	assert_int_equal(n, 1);
	assert_int_equal(strlen(v[0]), to - from);
	assert_memory_equal(v[0], from, strlen(v[0]));
	values_free(v, n);
	drawn_free(&d);
}

static void
strings_that_mean_harm_are_shown(void **state)
{
	static const char *const absent[] = { "\x1b", "\x01", "\xe2\x80\xae",
		"\xc2\x9b", "\xef\xbf\xbf", "]]>", "javascript:alert(1)\" " };
	static const char *const present[] = {
		"&lt;script&gt;alert(1)&lt;/script&gt;", "\\x1b[2J", "\\x01",
		"\\xe2\\x80\\xae", "\\xc2\\x9b", "\\xff", "\\xef\\xbf\\xbf",
		"(cut; whole in the XML)",
		/* a name that is no plain word is quoted for the shell */
		"'a'\\''b; rm -rf $HOME.html.p7s'"
	};
	struct drawn d;

	(void)state;
	draw(&d, sample_hostile());
	for (size_t i = 0; i < LENGTH(absent); i++) {
		if (strcmp(absent[i], "]]>") != 0) /* fine between quotes */
			assert_null(strstr(d.xml.p, absent[i]));
		assert_null(strstr(d.html.p, absent[i]));
	}
	{
		/* commands are one span a word: read them as they are copied */
		size_t n, all = 0;
		char **v = values(d.page, "//h:pre[@class='cmd']", &n);

		for (size_t i = 0; i < n; i++)
			all += strstr(v[i], present[8]) != NULL;
		assert_int_equal(all, 1);
		values_free(v, n);
	}
	for (size_t i = 0; i < LENGTH(present) - 1; i++)
		if (strstr(d.html.p, present[i]) == NULL)
			fail_msg("not shown: %s", present[i]);
	drawn_free(&d);
}

static void
unknowns_are_said_first(void **state)
{
	struct drawn d;
	const char *unknowns, *scope;

	(void)state;
	draw(&d, sample_fleet());
	unknowns = strstr(d.html.p, "Unknown results and collection gaps");
	scope = strstr(d.html.p, "id=\"scope\"");
	assert_true(unknowns != NULL && scope != NULL && unknowns < scope);
	assert_non_null(strstr(d.html.p, "It is self-signed"));
	assert_non_null(strstr(d.html.p, "-----BEGIN CERTIFICATE-----"));
	drawn_free(&d);
	draw(&d, sample_empty());
	assert_non_null(strstr(d.html.p, "This report is not signed"));
	assert_null(strstr(d.html.p, "openssl"
				     "</span> <span>cms"));
	drawn_free(&d);
}

/* Of all observations: items, and those that a posture stands for. */
static size_t
observed_subjects(xmlDoc *doc)
{
	size_t n, sum;
	char **v = values(doc, "//o:observation/o:subject/o:prop/@value", &n);

	sum = (size_t)count(
	    doc, "//o:observation/o:subject[@type='inventory-item']");
	for (size_t i = 0; i < n; i++)
		sum += (size_t)atol(v[i]);
	values_free(v, n);
	return sum;
}

static int
count_of(xmlDoc *doc, const char *before, const char *uuid, const char *after)
{
	char path[600];

	(void)snprintf(path, sizeof(path), "%s'%s'%s", before, uuid, after);
	return count(doc, path);
}

/* Whatever a posture says for its subjects: each is there, and says only what
 * is its own. */
static void
a_posture_speaks_for_its_subjects(void **state)
{
	static const char items[] =
	    "//o:inventory-item[o:implemented-component/@component-uuid=";
	struct drawn d;
	size_t n;
	char **v;

	(void)state;
	draw(&d, sample_fleet());
	v = values(d.oscal, "//o:component[@type='posture']/@uuid", &n);
	for (size_t i = 0; i < n; i++) {
		char own[200], says[80];

		(void)snprintf(own, sizeof(own),
		    "]/o:prop[@name='column'][@class = //o:component[@uuid="
		    "'%s']/o:prop[@name='common']/@class]",
		    v[i]);
		assert_int_equal(count_of(d.oscal, items, v[i], own), 0);
		(void)snprintf(says, sizeof(says),
		    "]/o:prop[@name='subjects'][@value='%d']",
		    count_of(d.oscal, items, v[i], "]"));
		assert_int_equal(
		    count_of(d.oscal, "//o:component[@uuid=", v[i], says), 1);
	}
	values_free(v, n);
	assert_int_not_equal(count(d.oscal, "//o:prop[@name='common']"), 0);
	assert_int_not_equal(
	    count(d.oscal, "//o:observation/o:subject[@type='component']"), 0);
	drawn_free(&d);
}

static void
a_large_fleet_stays_one_usable_page(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, sample_scale(5000, 20)); /* fails over HTML_MAX */
	assert_int_equal(count(d.oscal, "//o:inventory-item"), 5000);
	assert_int_equal(observed_subjects(d.oscal), 100000);
	is_sound(&d);
	/* every node is found by its name, every cut list says so */
	assert_non_null(strstr(d.html.p, "node-00000.example.org"));
	assert_non_null(strstr(d.html.p, "node-04999.example.org"));
	assert_int_not_equal(count(d.page, "//h:p[@class='rest']"), 0);
	drawn_free(&d);
}

/* ----------------------------------------------------------- templates -- */

#define XSL_HEAD                                                               \
	"<xsl:stylesheet version='1.0' "                                       \
	"xmlns:xsl='http://www.w3.org/1999/XSL/Transform' "                    \
	"xmlns='http://www.w3.org/1999/xhtml'>"
#define XSL(body)                                                              \
	XSL_HEAD                                                               \
	"<xsl:template match='/'><html><head><style/></head><body>" body       \
	"</body></html></xsl:template></xsl:stylesheet>"

struct template_case {
	const char *xsl, *css;
	enum fault_kind kind; /* FAULT_NONE: it is taken */
	const char *says;     /* in the fault, or in the page */
};

static int
try_template(const struct template_case *t, const struct buf *xml,
    struct crypto *c, struct buf *html, struct fault *f)
{
	char dir[] = "/tmp/exhibit-templates-XXXXXX";
	char xsl[64], css[64];
	int rc;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(xsl, sizeof(xsl), "%s/report.xsl", dir);
	(void)snprintf(css, sizeof(css), "%s/report.css", dir);
	assert_int_equal(file_write(xsl, t->xsl, strlen(t->xsl), 0600, f), 0);
	assert_int_equal(file_write(css, t->css, strlen(t->css), 0600, f), 0);
	rc = render_html(xml->p, xml->len, dir, c, html, f);
	(void)unlink(xsl);
	(void)unlink(css);
	(void)rmdir(dir);
	return rc;
}

static const struct template_case cases[] = {
	{ XSL("<p title='&lt;&quot;'>a &lt; b &amp; c<br/></p><td/>"), "p{}",
	    FAULT_NONE,
	    "<p title=\"&lt;&quot;\">a &lt; b &amp; c<br/></p><td></td>" },
	{ XSL("<img alt='' src='data:image/png;base64,AA=='/>"), "", FAULT_NONE,
	    "<img alt=\"\" src=\"data:image/png;base64,AA==\"/>" },
	{ XSL("<script>alert(1)</script>"), "", FAULT_FORMAT, "script" },
	{ XSL("<p onclick='x()'/>"), "", FAULT_FORMAT, "onclick" },
	{ XSL("<p style='color:red'/>"), "", FAULT_FORMAT, "style" },
	{ XSL("<a href='https://example.org/'>x</a>"), "", FAULT_FORMAT,
	    "href" },
	{ XSL("<a href='javascript:alert(1)'>x</a>"), "", FAULT_FORMAT,
	    "href" },
	{ XSL("<img src='x.png'/>"), "", FAULT_FORMAT, "src" },
	{ XSL("<x xmlns='urn:other'/>"), "", FAULT_FORMAT, "x" },
	{ XSL("<style/>"), "", FAULT_FORMAT, "style" },
	{ XSL("<xsl:value-of select=\"document('/etc/hostname')\"/>"), "",
	    FAULT_FORMAT, "" },
	{ XSL("<xsl:value-of select='1 +'/>"), "", FAULT_FORMAT, "1 +" },
	{ XSL("<xsl:call-template name='none'/>"), "", FAULT_FORMAT, "none" },
	{ XSL_HEAD "<xsl:include href='other.xsl'/></xsl:stylesheet>", "",
	    FAULT_FORMAT, "xsl:include" },
	{ XSL_HEAD "<xsl:template match='/'><p/></xsl:template>"
		   "</xsl:stylesheet>",
	    "", FAULT_FORMAT, "html" },
	{ "<!DOCTYPE x [<!ENTITY a 'b'>]>" XSL("&a;"), "", FAULT_FORMAT,
	    "DTD" },
	{ "<xsl:stylesheet", "", FAULT_FORMAT, "report.xsl" },
	{ "<html/>", "", FAULT_FORMAT, "report.xsl" },
	{ XSL(""), "a::before{content:'</style>'}", FAULT_FORMAT,
	    "report.css" },
	{ XSL(""), "a::before{content:'\xe2\x80\xae'}", FAULT_FORMAT,
	    "report.css" },
};

static void
a_template_cannot_open_the_page(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, sample_empty());
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct fault f = { 0 };
		BUF_AUTO(html, HTML_MAX);
		int rc = try_template(&cases[i], &d.xml, d.c, &html, &f);

		if (cases[i].kind == FAULT_NONE) {
			assert_int_equal(rc, 0);
			assert_non_null(strstr(html.p, cases[i].says));
			continue;
		}
		if (rc != -1)
			fail_msg("taken: %s", cases[i].xsl);
		assert_int_equal(f.kind, cases[i].kind);
		assert_int_equal(html.len, 0);
		if (strstr(f.text, cases[i].says) == NULL)
			fail_msg(
			    "\"%s\" does not say %s", f.text, cases[i].says);
	}
	drawn_free(&d);
}

static void
a_missing_template_is_named(void **state)
{
	struct fault f = { 0 };
	struct drawn d;
	BUF_AUTO(html, HTML_MAX);

	(void)state;
	draw(&d, sample_empty());
	assert_int_equal(
	    render_html(d.xml.p, d.xml.len, "/no/such", d.c, &html, &f), -1);
	assert_int_equal(f.kind, FAULT_ABSENT);
	assert_non_null(strstr(f.text, "/no/such/report.xsl"));
	drawn_free(&d);
}

static void
refuses_what_is_no_report(void **state)
{
	static const char *const bad[] = {
		"",
		"<",
		"<a/>",
		"<a xmlns='" OSCAL_NS "'/>",
		"<assessment-results xmlns='" OSCAL_NS "'>",
		"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
		"<!DOCTYPE a SYSTEM '/etc/passwd'><a/>",
		"<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b "
		"'&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;'"
		">]><l>&c;&c;&c;&c;&c;&c;</l>",
	};
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);

	(void)state;
	assert_non_null(c);
	for (size_t i = 0; i < LENGTH(bad); i++) {
		BUF_AUTO(html, HTML_MAX);

		f = (struct fault){ 0 };
		if (render_html(bad[i], strlen(bad[i]), NULL, c, &html, &f) !=
		    -1)
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(f.kind, FAULT_FORMAT);
		assert_true(f.text[0] != '\0');
		assert_int_equal(html.len, 0);
	}
	crypto_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_schemas_take_every_report),
		cmocka_unit_test(
		    references_lead_somewhere_and_words_are_oscals),
		cmocka_unit_test(unknown_is_never_satisfied),
		cmocka_unit_test(what_was_not_judged_is_no_finding),
		cmocka_unit_test(the_fleet_is_written_as_expected),
		cmocka_unit_test(same_model_same_bytes),
		cmocka_unit_test(refuses_a_model_that_contradicts_itself),
		cmocka_unit_test(an_output_that_is_too_small_is_told),
		cmocka_unit_test(a_page_is_sound_html),
		cmocka_unit_test(headings_are_in_order),
		cmocka_unit_test(nothing_in_a_page_runs_or_is_fetched),
		cmocka_unit_test(policy_holds_the_styles_digest),
		cmocka_unit_test(strings_that_mean_harm_are_shown),
		cmocka_unit_test(unknowns_are_said_first),
		cmocka_unit_test(a_posture_speaks_for_its_subjects),
		cmocka_unit_test(a_large_fleet_stays_one_usable_page),
		cmocka_unit_test(a_template_cannot_open_the_page),
		cmocka_unit_test(a_missing_template_is_named),
		cmocka_unit_test(refuses_what_is_no_report),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	xmlCleanupParser();
	return rc;
}
