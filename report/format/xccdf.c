/* See xccdf.h. Elements stand in the order of xccdf_1.2.xsd's sequences. */
#include "report/format/xccdf.h"

#include <stdio.h>
#include <string.h>

#include "report/format/oscal_parts.h"
#include "base/length.h"

#define XCCDF_NS "http://checklists.nist.gov/xccdf/1.2"
#define DC_NS "http://purl.org/dc/elements/1.1/"
#define BENCHMARK "xccdf_exhibit_benchmark_fips-140"
#define FLAT "urn:xccdf:scoring:flat-unweighted"

static const char *const results[VERDICTS] = {
	[VERDICT_SATISFIED] = "pass",
	[VERDICT_NOT_SATISFIED] = "fail",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_NOT_APPLICABLE] = "notapplicable",
};

/* xccdf:severityEnumType has the words of our checks, and "unknown". */
static const char *
severity_of(const char *s)
{
	static const char *const words[] = { "info", "low", "medium", "high" };

	for (size_t i = 0; s != NULL && i < LENGTH(words); i++)
		if (strcmp(s, words[i]) == 0)
			return s;
	return "unknown";
}

/* An id is xccdf_<who>_<what>_<name>; the names of checks fit as they are. */
static void
attr_rule(struct pen *p, const char *attr, const struct model_check *k)
{
	char id[NAME_LEN];

	(void)snprintf(id, sizeof(id), "xccdf_exhibit_rule_%s", k->id);
	pen_attr(p, attr, id);
}

static void
write_idents(struct pen *p, const struct model_check *k)
{
	for (size_t i = 0; i < k->ncontrols; i++) {
		char system[NAME_LEN];

		(void)snprintf(system, sizeof(system), "urn:exhibit:%.100s",
		    k->controls[i].framework);
		pen_begin(p, "ident");
		pen_attr(p, "system", system);
		pen_text(p, pen_line(p, k->controls[i].id));
		pen_end(p);
	}
}

static void
write_rule(struct pen *p, const struct model_check *k)
{
	char href[NAME_LEN];

	(void)snprintf(href, sizeof(href), "checks/%s.sql", k->id);
	pen_begin(p, "Rule");
	attr_rule(p, "id", k);
	pen_attr(p, "selected", "true");
	pen_attr(p, "severity", severity_of(k->severity));
	pen_leaf(p, "title", k->title);
	if (k->rationale != NULL)
		pen_leaf(p, "rationale", k->rationale);
	write_idents(p, k);
	if (k->remediation != NULL)
		pen_leaf(p, "fixtext", k->remediation);
	pen_begin(p, "check");
	pen_attr(p, "system", "urn:exhibit:check");
	pen_begin(p, "check-content-ref");
	pen_attr(p, "href", href);
	pen_end(p);
	pen_end(p);
	pen_end(p);
}

static void
write_fact(struct pen *p, const char *name, const char *value)
{
	if (value == NULL)
		return;
	pen_begin(p, "fact");
	pen_attr(p, "name", name);
	pen_attr(p, "type", "string");
	pen_text(p, pen_line(p, value));
	pen_end(p);
}

static void
write_rule_result(
    struct pen *p, const struct model_check *k, const struct model_group *g)
{
	pen_begin(p, "rule-result");
	attr_rule(p, "idref", k);
	pen_attr(p, "time", pen_when(p, p->m->judged));
	pen_attr(p, "severity", severity_of(k->severity));
	pen_leaf(p, "result", results[g->verdict]);
	pen_begin(p, "message");
	pen_attr(p, "severity", "info");
	pen_text(p, pen_line(p, g->reason));
	pen_end(p);
	pen_end(p);
}

/* What holds of what was asked; what does not apply was not. */
static void
write_score(struct pen *p, size_t pass, size_t asked)
{
	char maximum[24];

	(void)snprintf(maximum, sizeof(maximum), "%zu", asked);
	pen_begin(p, "score");
	pen_attr(p, "system", FLAT);
	pen_attr(p, "maximum", maximum);
	(void)snprintf(maximum, sizeof(maximum), "%zu", pass);
	pen_text(p, maximum);
	pen_end(p);
}

static void
write_test_result(struct pen *p, size_t subject)
{
	const struct model *m = p->m;
	const struct model_subject *s = &m->subjects[subject];
	size_t pass = 0, asked = 0;
	char id[NAME_LEN], cpe[NAME_LEN];

	(void)snprintf(id, sizeof(id), "xccdf_exhibit_testresult_%s", s->uuid);
	(void)snprintf(
	    cpe, sizeof(cpe), "cpe:/a:exhibit:exhibit:%.64s", m->exhibit);
	pen_begin(p, "TestResult");
	pen_attr(p, "id", id);
	pen_attr(p, "start-time", pen_when(p, m->run.began));
	pen_attr(p, "end-time", pen_when(p, m->judged));
	pen_attr(p, "test-system", cpe);
	pen_begin(p, "benchmark");
	pen_attr(p, "id", BENCHMARK);
	pen_attr(p, "href", "#" BENCHMARK);
	pen_end(p);
	pen_leaff(p, "title", "%s %s in %s, as of %s", s->kind, s->key,
	    s->scope, m->as_of);
	if (m->organization != NULL)
		pen_leaf(p, "organization", m->organization);
	pen_leaf(p, "target", s->key);
	pen_begin(p, "target-facts");
	write_fact(p, "urn:exhibit:fact:kind", s->kind);
	write_fact(p, "urn:exhibit:fact:scope", s->scope);
	write_fact(p, "urn:exhibit:fact:outcome", s->outcome);
	write_fact(p, "urn:exhibit:fact:last-seen", s->last_seen);
	pen_end(p);
	for (size_t i = 0; i < m->nchecks; i++) {
		const struct model_group *g = index_cell(p, i, subject);

		if (g == NULL)
			continue;
		write_rule_result(p, &m->checks[i], g);
		pass += g->verdict == VERDICT_SATISFIED;
		asked += g->verdict != VERDICT_NOT_APPLICABLE;
	}
	write_score(p, pass, asked);
	pen_end(p);
}

static void
write_benchmark(struct pen *p)
{
	const struct model *m = p->m;
	char day[11];

	(void)snprintf(day, sizeof(day), "%.10s", m->made);
	pen_begin(p, "Benchmark");
	pen_attr(p, "xmlns", XCCDF_NS);
	pen_attr(p, "id", BENCHMARK);
	pen_attr(p, "resolved", "true");
	pen_attr(p, "xml:lang", "en");
	pen_begin(p, "status");
	pen_attr(p, "date", day);
	pen_text(p, "draft");
	pen_end(p);
	pen_leaf(p, "title", m->title);
	pen_leaf(p, "description",
	    "What exhibit's checks came to. It supports a judgement by people; "
	    "it does not certify compliance.");
	pen_begin(p, "platform"); /* not only of one */
	pen_attr(p, "idref", "cpe:/");
	pen_end(p);
	pen_leaf(p, "version", m->exhibit);
	pen_begin(p, "metadata");
	pen_begin(p, "dc:creator");
	pen_attr(p, "xmlns:dc", DC_NS);
	pen_text(p, "exhibit");
	pen_end(p);
	pen_end(p);
	for (size_t i = 0; i < m->nchecks; i++)
		write_rule(p, &m->checks[i]);
	for (size_t i = 0; i < m->nsubjects; i++)
		write_test_result(p, i);
	pen_end(p);
}

int
xccdf_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return oscal_document(m, c, write_benchmark, out, f);
}
