/*
 * See oscal.h. Elements are written in the order the schema's sequences ask
 * for (oscal_assessment-results_schema.xsd, 1.0.6 and 1.2.2 alike), one
 * function per assembly, so that these files read like the schema.
 */
#include "report/format/oscal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "report/format/oscal_parts.h"

#define KINDS_MAX 256 /* kinds of subjects in one report */

/* ------------------------------------------------------------ metadata -- */

static void
write_party(struct pen *p)
{
	char id[UUID_LEN];

	pen_uuid(p, id, "organization");
	pen_begin(p, "role");
	pen_attr(p, "id", "organization");
	pen_leaf(p, "title", "Organization the evidence is about");
	pen_end(p);
	pen_begin(p, "party");
	pen_attr(p, "uuid", id);
	pen_attr(p, "type", "organization");
	pen_leaf(p, "name", p->m->organization);
	pen_end(p);
	pen_begin(p, "responsible-party");
	pen_attr(p, "role-id", "organization");
	pen_leaf(p, "party-uuid", id);
	pen_end(p);
}

void
oscal_metadata(struct pen *p)
{
	const struct model *m = p->m;

	pen_begin(p, "metadata");
	pen_leaf(p, "title", m->title);
	pen_leaf(p, "last-modified", m->made);
	pen_leaff(p, "version", "%lld.%lld", m->run.id, m->judgement);
	pen_leaf(p, "oscal-version", "1.2.2");
	pen_prop(p, "organization", m->organization);
	pen_prop(p, "classification", m->classification);
	pen_prop(p, "fedramp-id", m->fedramp_id);
	pen_prop(p, "accent", m->accent);
	pen_prop(p, "redacted", m->redacted);
	pen_prop(p, "as-of", m->as_of);
	pen_prop(p, "period-from", m->period_from);
	pen_prop(p, "period-to", m->period_to);
	pen_prop(p, "profile", m->profile);
	pen_prop(p, "judged", m->judged);
	pen_prop_number(p, "judgement", m->judgement);
	pen_prop(p, "exhibit", m->exhibit);
	pen_prop(p, "module", m->module);
	pen_prop(p, "basename", m->basename);
	pen_prop(p, "store", m->store_name);
	if (m->organization != NULL)
		write_party(p);
	pen_block(p, "remarks",
	    "This document holds collected evidence and what it was judged to "
	    "be. It supports a judgement by people; it does not certify "
	    "compliance.");
	pen_end(p);
}

static void
write_import_ap(struct pen *p)
{
	char id[UUID_LEN];

	pen_uuid(p, id, "plan");
	pen_begin(p, "import-ap");
	pen_attr_ref(p, "href", id);
	pen_end(p);
}

/* -------------------------------------------------------------- result -- */

static void
write_totals(struct pen *p)
{
	size_t total[VERDICTS] = { 0 };
	const struct model *m = p->m;

	for (size_t i = 0; i < m->nchecks; i++)
		for (size_t v = 0; v < VERDICTS; v++)
			total[v] += p->counts[i][v];
	for (size_t v = 0; v < VERDICTS; v++)
		pen_prop_count(p, oscal_states[v].name, total[v]);
	pen_prop_count(p, "checks", m->nchecks);
	pen_prop_count(p, "subjects", m->nsubjects);
	pen_prop_count(p, "postures", m->npostures);
	pen_prop_count(p, "observations", m->ngroups);
	pen_prop_count(p, "evidence", m->nevidence);
	pen_prop_count(p, "scopes", m->nscopes);
	pen_prop_count(p, "gaps", m->ngaps);
}

/* Whole counts of each kind: a page may show a part of the subjects only. */
static void
write_population(struct pen *p)
{
	const struct model *m = p->m;
	struct {
		const char *name;
		size_t all, observed;
	} kinds[KINDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < m->nsubjects; i++) {
		const struct model_subject *s = &m->subjects[i];
		size_t k = 0;

		while (k < n && strcmp(kinds[k].name, s->kind) != 0)
			k++;
		if (k == KINDS_MAX) {
			pen_fault(p, FAULT_LIMIT,
			    "report: subjects of over %d kinds", KINDS_MAX);
			return;
		}
		if (k == n) {
			kinds[n].name = s->kind;
			kinds[n].all = kinds[n].observed = 0;
			n++;
		}
		kinds[k].all++;
		kinds[k].observed += strcmp(s->outcome, "observed") == 0;
	}
	for (size_t k = 0; k < n; k++) {
		char class[NAME_LEN], value[24];

		pen_token(kinds[k].name, class);
		(void)snprintf(value, sizeof(value), "%zu", kinds[k].all);
		pen_prop_begin(p, "population", class, value);
		pen_end(p);
		(void)snprintf(value, sizeof(value), "%zu", kinds[k].observed);
		pen_prop_begin(p, "observed", class, value);
		pen_end(p);
	}
}

static void
write_result(struct pen *p)
{
	const struct model *m = p->m;
	char id[UUID_LEN];

	pen_uuid(p, id, "result");
	pen_begin(p, "result");
	pen_attr(p, "uuid", id);
	pen_leaff(p, "title", "Run %lld", m->run.id);
	pen_block(p, "description",
	    "Evidence as of this run, judged by every check of the profile "
	    "over its whole population.");
	pen_leaf(p, "start", pen_when(p, m->run.began));
	if (pen_is_time(m->run.ended))
		pen_leaf(p, "end", m->run.ended);
	oscal_run_props(p);
	write_totals(p);
	write_population(p);
	oscal_local_definitions(p);
	oscal_reviewed_controls(p);
	oscal_sections(p);
	oscal_log(p);
	oscal_observations(p);
	for (size_t i = 0; i < m->nchecks; i++)
		if (p->counts[i][VERDICT_NOT_SATISFIED] > 0)
			oscal_risk(p, i);
	for (size_t i = 0; i < m->nchecks; i++)
		oscal_findings(p, i);
	pen_end(p);
}

/* ------------------------------------------------------------ document -- */

static void
write_results(struct pen *p)
{
	pen_begin(p, "assessment-results");
	pen_attr(p, "xmlns", OSCAL_NS);
	pen_attr(p, "uuid", p->m->uuid);
	oscal_metadata(p);
	write_import_ap(p);
	if (p->m->nchecks > 0) {
		pen_begin(p, "local-definitions");
		for (size_t i = 0; i < p->m->nchecks; i++)
			oscal_activity(p, i, true);
		pen_end(p);
	}
	write_result(p);
	oscal_back_matter(p);
	pen_end(p);
}

static void
write_document(struct pen *p, void (*root)(struct pen *))
{
	pen_wrote(p, xmlTextWriterSetIndent(p->w, 1));
	pen_wrote(p, xmlTextWriterSetIndentString(p->w, BAD_CAST " "));
	pen_wrote(p, xmlTextWriterStartDocument(p->w, NULL, "UTF-8", NULL));
	root(p);
	if (!p->failed)
		pen_wrote(p, xmlTextWriterEndDocument(p->w));
}

/* What out cannot hold it remembers itself; buf_done() tells. */
static int
put_bytes(void *ctx, const char *s, int len)
{
	buf_put(ctx, s, (size_t)len);
	return len;
}

static int
put_close(void *ctx)
{
	(void)ctx;
	return 0;
}

/*
 * The writer passes over some failed allocations (xmlEncodeSpecialChars,
 * xmlListPushFront in 2.9.14) and would leave text or an end tag out. It does
 * complain, to stderr unless told otherwise: any complaint fails the document.
 */
static void
on_error(void *ctx, xmlErrorPtr e)
{
	pen_fault(ctx, FAULT_IO, "OSCAL: %s",
	    e->message != NULL ? e->message : "out of memory");
}

static void on_generic_error(void *ctx, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
on_generic_error(void *ctx, const char *fmt, ...)
{
	(void)fmt;
	pen_fault(ctx, FAULT_IO, "OSCAL: out of memory");
}

static int
write_to(struct pen *p, void (*root)(struct pen *), struct buf *out)
{
	xmlStructuredErrorFunc was = xmlStructuredError;
	xmlGenericErrorFunc generic_was = xmlGenericError;
	void *ctx = xmlStructuredErrorContext;
	void *generic_ctx = xmlGenericErrorContext;
	xmlOutputBufferPtr o;

	xmlSetStructuredErrorFunc(p, on_error);
	xmlSetGenericErrorFunc(p, on_generic_error);
	o = xmlOutputBufferCreateIO(put_bytes, put_close, out, NULL);
	if (o != NULL && (p->w = xmlNewTextWriter(o)) == NULL)
		(void)xmlOutputBufferClose(o);
	if (p->w != NULL) {
		write_document(p, root);
		xmlFreeTextWriter(p->w); /* flushes */
	} else {
		pen_fault(p, FAULT_IO, "OSCAL: out of memory");
	}
	xmlSetStructuredErrorFunc(ctx, was);
	xmlSetGenericErrorFunc(generic_ctx, generic_was);
	return p->failed ? -1 : 0;
}

int
oscal_document(const struct model *m, struct crypto *c,
    void (*root)(struct pen *), struct buf *out, struct fault *f)
{
	struct pen p = { .m = m, .crypto = c, .f = f };
	size_t start = out->len;
	int rc = -1;

	p.clean.max = p.line.max = 8 * TEXT_MAX;
	if (!pen_is_time(m->made) || !pen_is_time(m->as_of))
		return fault(
		    f, FAULT_FORMAT, "report model: its times are not UTC");
	if (index_model(&p) == 0)
		rc = write_to(&p, root, out);
	/* the cause of a failed write is out's, if it was out */
	if (buf_done(out, "OSCAL document", f) == -1)
		rc = -1;
	if (rc == -1 && out->p != NULL) {
		out->len = start;
		out->p[start] = '\0';
	}
	buf_free(&p.clean);
	buf_free(&p.line);
	free(p.cells);
	free(p.members);
	free(p.first);
	free(p.order);
	free(p.tally);
	free(p.groups);
	free(p.counts);
	return rc;
}

int
oscal_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return oscal_document(m, c, write_results, out, f);
}
