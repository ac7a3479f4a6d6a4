/* See recheck.h. */
#include "report/package/recheck.h"

#include <stdarg.h>
#include <stdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/xmlreader.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "base/base64.h"
#include "base/length.h"
#include "base/build.h"
#include "report/model/certificate.h"
#include "report/model/model_load.h"
#include "report/format/oscal.h"
#include "base/number.h"

#define XML_MAX (1024UL * 1024 * 1024)
#define FIELD_MAX (64 * 1024)

/* The documents of a report, by their elements: all are made of one model. */
static const struct document {
	const char *element;
	bool signer; /* it tells who signs */
	int (*write)(const struct model *, struct crypto *, struct buf *,
	    struct fault *);
} documents[] = {
	{ "assessment-results", true, oscal_write },
	{ "plan-of-action-and-milestones", true, oscal_poam },
	{ "assessment-plan", false, oscal_plan },
};

struct rechecking {
	struct store *st;
	struct crypto *crypto;
	xmlDoc *doc; /* until what it claims is known */
	xmlXPathContext *xpath;
	const struct document *document; /* or NULL: none of ours */
	void (*problem)(void *ctx, const char *where, const char *what);
	void *ctx;
	struct recheck *out;
	struct recheck_kept *kept;
};

static void quiet(void *ctx, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* libxml2 would print; what matters comes back as a fault. */
static void
quiet(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

/* The text at path; the caller frees with xmlFree(). NULL if there is none. */
static char *
text_at(struct rechecking *r, const char *path)
{
	xmlXPathObject *o =
	    xmlXPathEvalExpression((const xmlChar *)path, r->xpath);
	char *text = NULL;

	if (o != NULL && o->nodesetval != NULL && o->nodesetval->nodeNr > 0)
		text = (char *)xmlNodeGetContent(o->nodesetval->nodeTab[0]);
	xmlXPathFreeObject(o);
	return text;
}

#define BACK "/*/o:back-matter/o:resource"
#define RESOURCE(name) BACK "[o:prop[@name='resource' and @value='" name "']]"
#define META(name) "/*/o:metadata/o:prop[@name='" name "']/@value"

static int
check_origin(struct rechecking *r, const char *origin)
{
	char want[CHECKPOINT_ORIGIN_MAX];

	(void)snprintf(want, sizeof(want), "exhibit/%s", store_id(r->st));
	if (origin != NULL && strcmp(origin, want) == 0)
		return 0;
	r->problem(
	    r->ctx, "checkpoint of the report", "belongs to another store");
	return -1;
}

/* As the third line of a checkpoint has it. */
static int
root_text(const uint8_t root[SHA256_LEN], struct buf *out, struct fault *f)
{
	base64_put(out, root, SHA256_LEN);
	return buf_done(out, "root", f);
}

static int
check_checkpoint(struct rechecking *r, struct fault *f)
{
	char *origin =
	    text_at(r, RESOURCE("checkpoint") "/o:prop[@name='origin']/@value");
	char *size =
	    text_at(r, RESOURCE("checkpoint") "/o:prop[@name='size']/@value");
	char *root =
	    text_at(r, RESOURCE("checkpoint") "/o:prop[@name='root']/@value");
	struct log_head head = { 0 };
	struct fault why = { 0 };
	int rc = 0;
	BUF_AUTO(note, 512);

	if (origin == NULL || root == NULL ||
	    !number_read(size, 0, LLONG_MAX, &head.size))
		rc = fault(f, FAULT_FORMAT, "report: names no checkpoint");
	else if (check_origin(r, origin) == 0) {
		if (log_root_at(r->st, head.size, head.root, &why) == -1)
			r->problem(
			    r->ctx, "checkpoint of the report", why.text);
		else if ((rc = root_text(head.root, &note, f)) == 0 &&
			 strcmp(note.p, root) != 0)
			r->problem(r->ctx, "checkpoint of the report",
			    "the store's log has another root at that size: "
			    "its past was changed");
	}
	xmlFree(origin);
	xmlFree(size);
	xmlFree(root);
	return rc;
}

static int
check_digest(struct rechecking *r, sqlite3_stmt *q, const xmlNode *node)
{
	char *hex = (char *)xmlNodeGetContent(node);
	uint8_t d[SHA256_LEN];

	(void)sqlite3_reset(q);
	if (hex != NULL && hex_decode(hex, d, sizeof(d)) == 0) {
		sqlite3_bind_blob(q, 1, d, sizeof(d), SQLITE_TRANSIENT);
		if (sqlite3_step(q) == SQLITE_ROW)
			r->out->evidence++;
		else
			r->problem(
			    r->ctx, hex, "this evidence is not in the store");
	} else {
		r->problem(r->ctx, "evidence", "a digest is not SHA-256 hex");
	}
	xmlFree(hex);
	return 0;
}

static int
check_evidence(struct rechecking *r, struct fault *f)
{
	static const char path[] =
	    BACK "[o:prop[@name='type' and @value='evidence']]"
		 "/o:rlink/o:hash[@algorithm='SHA-256']";
	xmlXPathObject *o =
	    xmlXPathEvalExpression((const xmlChar *)path, r->xpath);
	sqlite3_stmt *q = NULL;
	int rc = 0;

	if (o == NULL)
		return fault_memory(f);
	if (sqlite3_prepare_v2(store_db(r->st),
		"SELECT 1 FROM content WHERE sha256 = ?1", -1, &q,
		NULL) != SQLITE_OK)
		rc = store_fault(r->st, "evidence", f);
	for (int i = 0;
	     rc == 0 && o->nodesetval != NULL && i < o->nodesetval->nodeNr; i++)
		rc = check_digest(r, q, o->nodesetval->nodeTab[i]);
	(void)sqlite3_finalize(q);
	xmlXPathFreeObject(o);
	return rc;
}

/* ------------------------------------------------------------ made anew */

struct claims { /* what the report says it was made with */
	char *title, *made, *organization, *classification, *basename, *exhibit,
	    *accent, *logo, *logo_type, *judgement, *pem, *from, *to, *module,
	    *store, *held, *fedramp_id;
};

static void
claims_free(struct claims *k)
{
	xmlFree(k->title);
	xmlFree(k->made);
	xmlFree(k->organization);
	xmlFree(k->classification);
	xmlFree(k->fedramp_id);
	xmlFree(k->accent);
	xmlFree(k->logo);
	xmlFree(k->logo_type);
	xmlFree(k->basename);
	xmlFree(k->exhibit);
	xmlFree(k->judgement);
	xmlFree(k->pem);
	xmlFree(k->from);
	xmlFree(k->to);
	xmlFree(k->module);
	xmlFree(k->store);
	xmlFree(k->held);
}

static struct claims
claims_read(struct rechecking *r)
{
	return (struct claims){
		.title = text_at(r, "/*/o:metadata/o:title"),
		.made = text_at(r, "/*/o:metadata/o:last-modified"),
		.organization = text_at(r, META("organization")),
		.classification = text_at(r, META("classification")),
		.fedramp_id = text_at(r, META("fedramp-id")),
		.accent = text_at(r, META("accent")),
		.logo = text_at(r, RESOURCE("logo") "/o:base64"),
		.logo_type =
		    text_at(r, RESOURCE("logo") "/o:base64/@media-type"),
		.basename = text_at(r, META("basename")),
		.exhibit = text_at(r, META("exhibit")),
		.judgement = text_at(r, META("judgement")),
		.pem = text_at(r, RESOURCE("certificate") "//o:pre"),
		.from = text_at(r, META("period-from")),
		.to = text_at(r, META("period-to")),
		.module = text_at(r, META("module")),
		.store = text_at(r, META("store")),
		.held = text_at(r,
		    RESOURCE(
			"certificate") "/o:prop[@name='key-held-by']/@value"),
	};
}

static long
first_difference(const char *a, size_t alen, const char *b, size_t blen)
{
	long line = 1;

	for (size_t i = 0; i < alen && i < blen && a[i] == b[i]; i++)
		line += a[i] == '\n';
	return line;
}

static const struct document *
document_of(const struct rechecking *r)
{
	const xmlNode *root = xmlDocGetRootElement(r->doc);

	for (size_t i = 0; i < LENGTH(documents); i++)
		if (root != NULL &&
		    xmlStrEqual(root->name, BAD_CAST documents[i].element))
			return &documents[i];
	return NULL;
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Was the model made of the same request, as far as the document tells? */
static bool
is_of(const struct model *m, const struct model_request *q,
    const struct document *d)
{
	return m != NULL && m->judgement == q->judgement &&
	       same(m->made, q->made) && same(m->title, q->title) &&
	       same(m->organization, q->organization) &&
	       same(m->classification, q->classification) &&
	       same(m->fedramp_id, q->fedramp_id) &&
	       same(m->accent, q->accent) && same(m->logo, q->logo) &&
	       same(m->basename, q->basename) &&
	       (q->module == NULL || same(m->module, q->module)) &&
	       (q->store == NULL || same(m->store_name, q->store)) &&
	       same(m->period_from, q->period_from) &&
	       same(m->period_to, q->period_to) &&
	       (!d->signer ||
		   (same(m->signer != NULL ? m->signer->pem : NULL,
			q->signer != NULL ? q->signer->pem : NULL) &&
		       same(m->signer != NULL ? m->signer->held : NULL,
			   q->signer != NULL ? q->signer->held : NULL)));
}

void
recheck_kept_free(struct recheck_kept *k)
{
	model_free(k->model);
	if (k->checks != NULL)
		checks_free(k->checks);
	free(k->checks);
	*k = (struct recheck_kept){ NULL, NULL };
}

/* The checks of the judgement, kept beside the model that speaks of them. */
static int
keep_checks(struct rechecking *r, long long judgement, struct fault *f)
{
	struct checks *c;

	if (r->kept->checks != NULL && r->kept->model != NULL &&
	    r->kept->model->judgement == judgement)
		return 0;
	recheck_kept_free(r->kept);
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return fault_memory(f);
	if (checks_load_judged(c, r->st, judgement, r->crypto, f) == -1) {
		free(c);
		return -1;
	}
	r->kept->checks = c;
	return 0;
}

static int
compare(struct rechecking *r, const struct model_request *q, const char *xml,
    size_t len, struct fault *f)
{
	const struct document *d = r->document;
	char what[128];
	int rc = -1;
	BUF_AUTO(again, XML_MAX);

	if (d == NULL)
		return fault(
		    f, FAULT_FORMAT, "not a report that exhibit wrote");
	if (!is_of(r->kept->model, q, d)) {
		model_free(r->kept->model);
		r->kept->model = model_load(r->st, r->crypto, q, f);
	}
	if (r->kept->model != NULL)
		rc = d->write(r->kept->model, r->crypto, &again, f);
	if (rc == -1)
		return -1;
	r->out->remade = true;
	if (again.len == len && memcmp(again.p, xml, len) == 0)
		return 0;
	(void)snprintf(what, sizeof(what),
	    "differs from what the store gives, first in line %ld",
	    first_difference(again.p, again.len, xml, len));
	r->problem(r->ctx, "report", what);
	return 0;
}

/* The run that was judged; 0: there is no such judgement. */
static int
run_of(
    struct rechecking *r, long long judgement, long long *run, struct fault *f)
{
	sqlite3_stmt *s = NULL;

	*run = 0;
	if (sqlite3_prepare_v2(store_db(r->st),
		"SELECT run FROM judgement WHERE id = ?1", -1, &s,
		NULL) != SQLITE_OK)
		return store_fault(r->st, "judgement", f);
	sqlite3_bind_int64(s, 1, judgement);
	if (sqlite3_step(s) == SQLITE_ROW)
		*run = sqlite3_column_int64(s, 0);
	(void)sqlite3_finalize(s);
	return 0;
}

/* 1 if retention has dropped what the report says: 0: no. */
static int
was_dropped(struct rechecking *r, const struct model_request *q, long long run,
    char on[UTC_LEN], struct fault *f)
{
	char cut[UTC_LEN];
	int rc;

	if ((rc = store_dropped(r->st, run, q->judgement, on, f)) != 0 ||
	    q->period_from == NULL)
		return rc;
	/* its tables tell of what was before the judged state */
	if ((rc = store_cut(r->st, cut, f)) == 1 &&
	    (rc = strcmp(q->period_from, cut) < 0) == 1)
		(void)snprintf(on, UTC_LEN, "%s", cut);
	return rc;
}

/* A report's tree is larger than the report and the model together. */
static void
drop_tree(struct rechecking *r)
{
	xmlXPathFreeContext(r->xpath);
	xmlFreeDoc(r->doc);
	r->xpath = NULL;
	r->doc = NULL;
}

/* Other versions may write other bytes; only the same one is compared. */
static int
make_anew(struct rechecking *r, const char *xml, size_t len, struct fault *f)
{
	struct claims k = claims_read(r);
	struct model_request q = { .made = k.made,
		.period_from = k.from,
		.period_to = k.to,
		.title = k.title,
		.organization = k.organization,
		.classification = k.classification,
		.fedramp_id = k.fedramp_id,
		.accent = k.accent,
		.logo = k.logo,
		.logo_type = k.logo_type,
		.basename = k.basename,
		.module = k.module,
		.store = k.store,
		.exhibit = exhibit_build };
	struct certificate_text cert = { .pem = { 0 } };
	long long run = 0;
	int rc = 0;

	drop_tree(r);
	(void)number_read(k.judgement, 1, LLONG_MAX, &r->out->judgement);
	if (k.exhibit == NULL || strcmp(k.exhibit, q.exhibit) != 0 ||
	    !number_read(k.judgement, 1, LLONG_MAX, &q.judgement) ||
	    k.made == NULL || k.title == NULL || k.basename == NULL) {
		claims_free(&k);
		return 0;
	}
	rc = run_of(r, q.judgement, &run, f);
	if (rc == 0 && store_frozen(r->st) != 0 && store_frozen(r->st) != run) {
		claims_free(&k); /* the caller sees of what judgement it is */
		return 0;
	}
	if (rc == 0 && k.pem != NULL) {
		rc =
		    certificate_text(r->crypto, k.pem, strlen(k.pem), &cert, f);
		cert.signer.held = k.held;
		q.signer = &cert.signer;
	}
	if (rc == 0)
		rc = was_dropped(r, &q, run, r->out->dropped, f);
	if (rc == 0)
		rc = keep_checks(r, q.judgement, f);
	if (rc == 0) {
		q.checks = r->kept->checks;
		rc = compare(r, &q, xml, len, f);
	}
	certificate_text_free(&cert);
	claims_free(&k);
	return rc == -1 ? -1 : 0;
}

static bool
is_before(const struct rechecking *r)
{
	return r->document != NULL && r->document->write == oscal_plan;
}

static int
recheck(struct rechecking *r, const char *xml, size_t len, struct fault *f)
{
	if (xmlXPathRegisterNs(
		r->xpath, (const xmlChar *)"o", (const xmlChar *)OSCAL_NS) != 0)
		return fault_memory(f);
	r->document = document_of(r);
	r->out->results =
	    r->document != NULL && r->document->write == oscal_write;
	/* a plan was made before there was anything to point at */
	if (!is_before(r) &&
	    (check_checkpoint(r, f) == -1 || check_evidence(r, f) == -1))
		return -1;
	return make_anew(r, xml, len, f);
}

/* 0, or -1: the element the reader is at, whole, becomes one of to's. */
static int
take(xmlTextReader *in, xmlDoc *to)
{
	const xmlNode *n = xmlTextReaderExpand(in);
	xmlNode *copy = n == NULL ? NULL : xmlDocCopyNode((xmlNode *)n, to, 1);

	if (copy == NULL)
		return -1;
	(void)xmlAddChild(xmlDocGetRootElement(to), copy);
	return 0;
}

static int
take_root(xmlTextReader *in, xmlDoc *to)
{
	const xmlNode *n = xmlTextReaderCurrentNode(in);
	xmlNode *copy = n == NULL ? NULL : xmlDocCopyNode((xmlNode *)n, to, 2);

	if (copy == NULL)
		return -1;
	(void)xmlDocSetRootElement(to, copy);
	return 0;
}

/* 1: go on with the next node, 2: with what is after this one, -1 */
static int
read_node(xmlTextReader *in, xmlDoc *to)
{
	const xmlChar *name = xmlTextReaderConstLocalName(in);

	if (xmlTextReaderNodeType(in) == XML_READER_TYPE_DOCUMENT_TYPE)
		return -1;
	if (xmlTextReaderNodeType(in) != XML_READER_TYPE_ELEMENT)
		return 1;
	if (xmlTextReaderDepth(in) == 0)
		return take_root(in, to) == -1 ? -1 : 1;
	if (!xmlStrEqual(name, BAD_CAST "metadata") &&
	    !xmlStrEqual(name, BAD_CAST "back-matter"))
		return 2;
	return take(in, to) == -1 ? -1 : 2;
}

/* The document without what stands between metadata and back-matter, which is
 * nearly all of it. NULL if it is none, or has a DTD. */
static xmlDoc *
read_ends(const void *xml, size_t len)
{
	xmlTextReader *in = xmlReaderForMemory(xml, (int)len, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
		XML_PARSE_HUGE);
	xmlDoc *to = xmlNewDoc(BAD_CAST "1.0");
	int rc = in == NULL || to == NULL ? -1 : xmlTextReaderRead(in);

	while (rc == 1) {
		rc = read_node(in, to);
		if (rc == 1)
			rc = xmlTextReaderRead(in);
		else if (rc == 2)
			rc = xmlTextReaderNext(in);
	}
	xmlFreeTextReader(in);
	if (rc == 0)
		return to;
	xmlFreeDoc(to);
	return NULL;
}

int
report_recheck(const void *xml, size_t len, struct store *st, struct crypto *c,
    void (*problem)(void *ctx, const char *where, const char *what), void *ctx,
    struct recheck_kept *kept, struct recheck *out, struct fault *f)
{
	struct recheck_kept own = { NULL, NULL };
	struct rechecking r = { .st = st,
		.crypto = c,
		.problem = problem,
		.ctx = ctx,
		.out = out,
		.kept = kept != NULL ? kept : &own };
	int rc;

	*out = (struct recheck){ 0 };
	xmlSetGenericErrorFunc(NULL, quiet);
	r.doc = len > XML_MAX ? NULL : read_ends(xml, len);
	if (r.doc == NULL)
		rc = fault(f, FAULT_FORMAT, "not a report that exhibit wrote");
	else if ((r.xpath = xmlXPathNewContext(r.doc)) == NULL)
		rc = fault_memory(f);
	else
		rc = recheck(&r, xml, len, f);
	drop_tree(&r);
	recheck_kept_free(&own);
	return rc;
}
