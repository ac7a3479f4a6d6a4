/* See cmvp_page.h. */
#include "report/judge/cmvp_page.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>

#include "base/json.h"
#include "base/utc.h"

#define SITE "https://csrc.nist.gov"
#define TAIL_MAX 4096 /* bytes in which a page's end stands */

struct reading {
	struct cmvp_page *page;
	const char *status, *what;
	xmlDoc *doc;
	xmlXPathContext *xpath;
};

/* ------------------------------------------------------------------- texts */

/* One line: white space is one blank, none at the ends; NULL: nothing. */
static const char *
tidy(struct arena *a, const char *s)
{
	char line[CMVP_CELL_MAX + 1];
	size_t n = 0;

	for (; s != NULL && *s != '\0'; s++) {
		bool blank =
		    isspace((unsigned char)*s) || iscntrl((unsigned char)*s);

		if (blank && (n == 0 || line[n - 1] == ' '))
			continue;
		if (n == CMVP_CELL_MAX) /* not within a character */
			break;
		line[n++] = blank ? ' ' : *s;
	}
	while (n > 0 && (line[n - 1] == ' ' ||
			    (n == CMVP_CELL_MAX && line[n - 1] & 0x80)))
		n--;
	line[n] = '\0';
	return n > 0 ? arena_str(a, line) : NULL;
}

/* "10/5/2028" as 2028-10-05; NULL: not such a date. */
static const char *
iso_date(struct arena *a, const char *s)
{
	char text[UTC_LEN + 16];
	int month, day, year, end = 0;
	int64_t t;

	if (s == NULL ||
	    sscanf(s, "%2d/%2d/%4d%n", &month, &day, &year, &end) != 3 ||
	    end == 0 || isdigit((unsigned char)s[end]))
		return NULL;
	(void)snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
	return utc_parse(text, &t) == 0 ? arena_str(a, text) : NULL;
}

static const char *
digits_only(struct arena *a, const char *s)
{
	size_t n = s != NULL ? strspn(s, "0123456789") : 0;

	return n > 0 && n <= 6 && s[n] == '\0' ? arena_str(a, s) : NULL;
}

/* "FIPS 140-3" as the catalogue has it: 140-3. */
static const char *
standard_of(struct arena *a, const char *s)
{
	const char *p = s != NULL ? strstr(s, "140-") : NULL;

	if (p == NULL || p[4] < '1' || p[4] > '3')
		return NULL;
	return arena_str(a, p[4] == '1'	  ? "140-1"
			    : p[4] == '2' ? "140-2"
					  : "140-3");
}

static bool
is_status(const char *s)
{
	return s != NULL &&
	       (strcmp(s, "Active") == 0 || strcmp(s, "Historical") == 0 ||
		   strcmp(s, "Revoked") == 0);
}

/* ------------------------------------------------------------------- XPath */

/* Text at a path below node (NULL: the document); NULL: nothing there. */
static const char *
text_at(struct reading *r, xmlNode *node, const char *path)
{
	xmlXPathObject *o;
	const char *kept = NULL;
	xmlChar *s;

	r->xpath->node = node != NULL ? node : xmlDocGetRootElement(r->doc);
	o = xmlXPathEvalExpression((const xmlChar *)path, r->xpath);
	if (o != NULL && o->nodesetval != NULL && o->nodesetval->nodeNr > 0 &&
	    (s = xmlNodeGetContent(o->nodesetval->nodeTab[0])) != NULL) {
		kept = tidy(r->page->arena, (const char *)s);
		xmlFree(s);
	}
	xmlXPathFreeObject(o);
	return kept;
}

static struct cmvp_entry *
add_entry(struct reading *r, struct fault *f)
{
	if (r->page->n < CMVP_ROWS_MAX)
		return &r->page->entries[r->page->n++];
	(void)fault(f, FAULT_LIMIT, "%s: over %d rows", r->what, CMVP_ROWS_MAX);
	return NULL;
}

static int
refuse(const struct reading *r, struct fault *f, const char *why)
{
	return fault(f, FAULT_FORMAT, "%s: %s", r->what, why);
}

/* "<!-- saved from url=(0097)https://... -->", as Chromium writes it, or what
 * the page's own meta says. */
static const char *
address_of(struct reading *r, const char *p, size_t len)
{
	static const char saved[] = "saved from url=(";
	const char *at =
	    memmem(p, len < 4096 ? len : 4096, saved, sizeof(saved) - 1);
	const char *path;
	char text[CMVP_CELL_MAX];
	size_t n;

	if (at != NULL && (at = strchr(at + sizeof(saved) - 1, ')')) != NULL) {
		n = strcspn(at + 1, " \t\r\n>");
		(void)snprintf(text, sizeof(text), "%.*s",
		    n < sizeof(text) ? (int)n : (int)sizeof(text) - 1, at + 1);
		return tidy(r->page->arena, text);
	}
	path = text_at(r, NULL, "//link[@rel='canonical']/@href");
	if (path == NULL)
		path = text_at(r, NULL, "//meta[@name='og:url']/@content");
	/* the meta names a machine behind the site */
	if (path != NULL && (at = strstr(path, "/projects/")) != NULL) {
		(void)snprintf(text, sizeof(text), SITE "%s", at);
		return arena_str(r->page->arena, text);
	}
	return path;
}

/* ------------------------------------------------------------- certificate */

/* The value beside a label of the certificate's details. */
static const char *
detail(struct reading *r, const char *label)
{
	char path[256];

	(void)snprintf(path, sizeof(path),
	    "//div[contains(concat(' ', @class, ' '), ' padrow ')][normalize-"
	    "space(div[1]) = '%s']/div[2]",
	    label);
	return text_at(r, NULL, path);
}

static int
read_certificate(struct reading *r, const char *title, struct fault *f)
{
	struct arena *a = r->page->arena;
	const char *number = strchr(title, '#'), *caveat = detail(r, "Caveat");
	struct cmvp_entry *e = add_entry(r, f);

	if (e == NULL)
		return -1;
	r->page->kind = CMVP_CERTIFICATE;
	e->certificate =
	    number != NULL ? digits_only(a, tidy(a, number + 1)) : NULL;
	e->status = detail(r, "Status");
	e->module = detail(r, "Module Name");
	e->standard = standard_of(a, detail(r, "Standard"));
	e->level = digits_only(a, detail(r, "Overall Level"));
	e->sunset = iso_date(a, detail(r, "Sunset Date"));
	e->vendor = text_at(r, NULL,
	    "//*[contains(@class, 'panel')][.//*[normalize-space() = "
	    "'Vendor']]//a[1]");
	e->validated = iso_date(
	    a, text_at(r, NULL,
		   "//table[contains(@id, 'history') or .//th[contains(., "
		   "'Date')]]//tr[td][1]/td[1]"));
	e->interim =
	    caveat != NULL && strcasestr(caveat, "interim") != NULL ? "Y" : "N";
	if (e->certificate == NULL || e->module == NULL)
		return refuse(r, f,
		    "it looks like a certificate's page, but has no number or "
		    "no Module Name");
	if (!is_status(e->status))
		return refuse(
		    r, f, "its Status is not Active, Historical or Revoked");
	return arena_failed(a) ? fault_memory(f) : 0;
}

/* -------------------------------------------------------------------- list */

static const char *
list_status(struct reading *r)
{
	const char *p = r->page->address;

	if (r->status != NULL)
		return r->status;
	if (p != NULL && (p = strstr(p, "CertificateStatus=")) != NULL) {
		p += sizeof("CertificateStatus=") - 1;
		for (size_t i = 0; i < 3; i++) {
			static const char *const known[] = { "Active",
				"Historical", "Revoked" };
			size_t n = strlen(known[i]);

			if (strncmp(p, known[i], n) == 0 &&
			    (p[n] == '&' || p[n] == '\0'))
				return known[i];
		}
	}
	return text_at(r, NULL,
	    "//select[@name='CertificateStatus']/option[@selected]/@value");
}

static int
read_list_row(
    struct reading *r, xmlNode *row, const char *status, struct fault *f)
{
	struct arena *a = r->page->arena;
	const char *number = digits_only(a, text_at(r, row,
						".//a[starts-with(@id, "
						"'cert-number-link')]"));
	struct cmvp_entry *e;

	if (number == NULL)
		return 0; /* a heading, or a row of no certificate */
	if ((e = add_entry(r, f)) == NULL)
		return -1;
	*e = (struct cmvp_entry){
		.certificate = number,
		.status = status,
		.vendor = text_at(
		    r, row, ".//*[starts-with(@id, 'cert-vendor-name')]"),
		.module = text_at(
		    r, row, ".//*[starts-with(@id, 'cert-module-name')]"),
		.validated = iso_date(
		    a, text_at(r, row,
			   ".//*[starts-with(@id, 'cert-validation-date')]")),
	};
	return 0;
}

/* Each of the rows at path is read by take. */
static int
each_row(struct reading *r, const char *path, const char *status,
    int (*take)(struct reading *, xmlNode *, const char *, struct fault *),
    struct fault *f)
{
	xmlXPathObject *o;
	int rc = 0;

	r->xpath->node = xmlDocGetRootElement(r->doc);
	o = xmlXPathEvalExpression((const xmlChar *)path, r->xpath);
	if (o == NULL)
		return fault_memory(f);
	for (int i = 0;
	     rc == 0 && o->nodesetval != NULL && i < o->nodesetval->nodeNr; i++)
		rc = take(r, o->nodesetval->nodeTab[i], status, f);
	xmlXPathFreeObject(o);
	if (rc == 0 && arena_failed(r->page->arena))
		rc = fault_memory(f);
	return rc;
}

static int
read_list(struct reading *r, struct fault *f)
{
	const char *status = list_status(r);

	r->page->kind = CMVP_LIST;
	if (!is_status(status))
		return refuse(r, f,
		    "a list of certificates that does not say which status "
		    "they have; give --status Active, Historical or Revoked as "
		    "you asked for it");
	return each_row(r, "//table[@id='searchResultsTable']//tr", status,
	    read_list_row, f);
}

/* -------------------------------------------------------------- in process */

static int
read_process_row(
    struct reading *r, xmlNode *row, const char *status, struct fault *f)
{
	const char *module = text_at(r, row, "./td[1]");
	struct cmvp_entry *e;

	(void)status;
	/* rows of sums have two cells, "Not Displayed" the vendor's */
	if (module == NULL || text_at(r, row, "./td[4]") == NULL)
		return 0;
	if ((e = add_entry(r, f)) == NULL)
		return -1;
	*e = (struct cmvp_entry){
		.module = module,
		.vendor = text_at(r, row, "./td[2]"),
		.standard =
		    standard_of(r->page->arena, text_at(r, row, "./td[3]")),
		.status = text_at(r, row, "./td[4]"),
	};
	return 0;
}

static int
read_process(struct reading *r, struct fault *f)
{
	const char *p =
	    text_at(r, NULL, "//*[contains(text(), 'Last Updated')]");

	r->page->kind = CMVP_IN_PROCESS;
	if (p != NULL && (p = strstr(p, "Last Updated:")) != NULL)
		r->page->observed = iso_date(r->page->arena,
		    tidy(r->page->arena, p + sizeof("Last Updated:") - 1));
	return each_row(r, "//table[.//th[contains(., 'Module Name')]]//tr[td]",
	    NULL, read_process_row, f);
}

/* -------------------------------------------------------------------- HTML */

static int
read_document(struct reading *r, const char *p, size_t len, struct fault *f)
{
	const char *title = text_at(r, NULL,
	    "//h3[starts-with(normalize-space(), "
	    "'Certificate #')]");
	int rc;

	r->page->address = address_of(r, p, len);
	if (title != NULL)
		rc = read_certificate(r, title, f);
	else if (text_at(r, NULL, "//table[@id='searchResultsTable']/@id") !=
		 NULL)
		rc = read_list(r, f);
	else if (text_at(r, NULL, "//th[contains(., 'Module Name')]") != NULL &&
		 text_at(r, NULL, "//*[contains(text(), 'In Process')]") !=
		     NULL)
		rc = read_process(r, f);
	else
		return refuse(r, f,
		    "neither a certificate's page of csrc.nist.gov, nor its "
		    "list of validated modules or of modules in process");
	if (rc == 0 && r->page->n == 0)
		return refuse(r, f, "a page of the right kind without a row");
	return rc;
}

/* Does it end as a page does? What was cut off is not there to be missed.
 * Behind the end may be blanks and a comment of who saved it. */
static bool
is_whole(const char *p, size_t len)
{
	static const char end[] = "</html>";
	const size_t n = sizeof(end) - 1;
	size_t from = len > TAIL_MAX ? len - TAIL_MAX : 0;

	for (size_t i = len; i >= from + n; i--)
		if (strncasecmp(p + i - n, end, n) == 0)
			return true;
	return false;
}

static int
read_html(struct reading *r, const char *p, size_t len, struct fault *f)
{
	int rc;

	if (!is_whole(p, len))
		return refuse(r, f,
		    "it does not end with </html>: not a page, or not all of "
		    "it; save it again");
	r->doc = htmlReadMemory(p, (int)len, NULL, "UTF-8",
	    HTML_PARSE_NONET | HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
		HTML_PARSE_NOWARNING);
	if (r->doc == NULL || xmlDocGetRootElement(r->doc) == NULL) {
		xmlFreeDoc(r->doc);
		return refuse(r, f, "neither HTML nor JSON");
	}
	r->xpath = xmlXPathNewContext(r->doc);
	rc = r->xpath == NULL ? fault_memory(f) : read_document(r, p, len, f);
	xmlXPathFreeContext(r->xpath);
	xmlFreeDoc(r->doc);
	return rc;
}

/* -------------------------------------------------------------------- JSON */

/* The value under either name, a number as its digits. */
static const char *
member(struct reading *r, const json_t *o, const char *a, const char *b)
{
	const json_t *v = json_object_get(o, a);
	char number[32];

	if (v == NULL)
		v = json_object_get(o, b);
	if (json_is_integer(v)) {
		(void)snprintf(number, sizeof(number), "%lld",
		    (long long)json_integer_value(v));
		return arena_str(r->page->arena, number);
	}
	return tidy(r->page->arena, json_string_value(v));
}

static int
read_module(struct reading *r, const json_t *o, struct fault *f)
{
	struct arena *a = r->page->arena;
	const char *caveat = member(r, o, "caveat", "Caveat");
	const char *status = member(r, o, "status", "Status");
	struct cmvp_entry *e = add_entry(r, f);

	if (e == NULL)
		return -1;
	*e = (struct cmvp_entry){
		.certificate = digits_only(a,
		    member(r, o, "certificate_number", "Certificate Number")),
		.status = status != NULL ? status : r->status,
		.vendor = member(r, o, "vendor_name", "Vendor Name"),
		.module = member(r, o, "module_name", "Module Name"),
		.standard =
		    standard_of(a, member(r, o, "standard", "Standard")),
		.level = digits_only(
		    a, member(r, o, "overall_level", "Overall Level")),
		.validated = iso_date(
		    a, member(r, o, "validation_date", "Validation Date")),
		.sunset =
		    iso_date(a, member(r, o, "sunset_date", "Sunset Date")),
	};
	if (caveat != NULL)
		e->interim = strcasestr(caveat, "interim") != NULL ? "Y" : "N";
	if (e->certificate == NULL || e->module == NULL ||
	    !is_status(e->status))
		return fault(f, FAULT_FORMAT,
		    "%s: module %zu has no certificate number or name, or a "
		    "status "
		    "that is not Active, Historical or Revoked; give --status "
		    "where the file has none",
		    r->what, r->page->n);
	return 0;
}

static int
read_json(struct reading *r, const char *p, size_t len, struct fault *f)
{
	json_error_t why;
	json_t *doc = json_loadb(p, len, JSON_REJECT_DUPLICATES, &why), *one;
	const json_t *list = json_object_get(doc, "modules");
	const char *made;
	size_t i;
	int rc = 0;

	if (doc == NULL)
		return fault(f, FAULT_FORMAT, "%s: %s", r->what, why.text);
	r->page->kind = CMVP_JSON;
	made = json_string_value(
	    json_object_get(json_object_get(doc, "metadata"), "generated_at"));
	if (made != NULL && strlen(made) > 10 && made[10] == 'T')
		r->page->observed = tidy(r->page->arena,
		    (char[11]){ made[0], made[1], made[2], made[3], made[4],
			made[5], made[6], made[7], made[8], made[9], '\0' });
	if (json_is_array(list)) {
		json_array_foreach (list, i, one)
			if (rc == 0)
				rc = read_module(r, one, f);
	} else if (json_object_get(doc, "certificate_number") != NULL) {
		rc = read_module(r, doc, f);
	} else {
		rc = refuse(r, f,
		    "JSON without 'modules' and without 'certificate_number'");
	}
	json_decref(doc);
	if (rc == 0 && r->page->n == 0)
		rc = refuse(r, f, "names no module");
	return rc == 0 && arena_failed(r->page->arena) ? fault_memory(f) : rc;
}

int
cmvp_page_read(struct cmvp_page *out, const void *p, size_t len,
    const char *status, const char *what, struct fault *f)
{
	struct reading r = { .page = out, .status = status, .what = what };
	const char *s = p;
	size_t i = 0;
	int rc = -1;

	*out = (struct cmvp_page){ .arena = arena_new() };
	if (out->arena != NULL)
		out->entries = arena_alloc(
		    out->arena, CMVP_ROWS_MAX * sizeof(*out->entries));
	while (i < len && isspace((unsigned char)s[i]))
		i++;
	if (out->arena == NULL || out->entries == NULL)
		(void)fault_memory(f);
	else if (status != NULL && !is_status(status))
		(void)fault(f, FAULT_USAGE,
		    "--status %s: is Active, Historical or Revoked", status);
	else if (len > CMVP_PAGE_MAX)
		(void)fault(
		    f, FAULT_LIMIT, "%s: over %d bytes", what, CMVP_PAGE_MAX);
	else if (i == len)
		(void)refuse(&r, f, "is empty");
	else
		rc = s[i] == '{' ? read_json(&r, s, len, f)
				 : read_html(&r, s, len, f);
	if (rc == -1)
		cmvp_page_free(out);
	return rc;
}

void
cmvp_page_free(struct cmvp_page *page)
{
	arena_free(page->arena);
	*page = (struct cmvp_page){ .n = 0 };
}
