/* See xccdf.h. Elements stand in the order of xccdf_1.2.xsd's sequences. */
#include "report/format/xccdf.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "report/format/oscal_parts.h"
#include "report/format/references.h"
#include "report/format/severity.h"

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

/* An id is xccdf_<who>_<what>_<name>; the names of checks fit as they are. */
static void
attr_rule(struct pen *p, const char *attr, const struct model_check *k)
{
	char id[NAME_LEN];

	(void)snprintf(id, sizeof(id), "xccdf_exhibit_rule_%s", k->id);
	pen_attr(p, attr, id);
}

static void
write_ident(struct pen *p, const char *system, const char *id)
{
	pen_begin(p, "ident");
	pen_attr(p, "system", system);
	pen_text(p, pen_line(p, id));
	pen_end(p);
}

/* NIST's controls by NIST's names, and the CCI that STIG tools go by. */
static void
write_idents(struct pen *p, const struct model_check *k)
{
	for (size_t i = 0; i < k->ncontrols; i++) {
		const struct control *c = &k->controls[i];
		char text[NAME_LEN];

		if (!control_is_nist(c)) {
			(void)snprintf(text, sizeof(text), "urn:exhibit:%.100s",
			    c->framework);
			write_ident(p, text, c->id);
			continue;
		}
		nist_name(c->id, text, sizeof(text));
		write_ident(p, NIST_SYSTEM, text);
		for (size_t at = 0; cci_next(c, &at, text, sizeof(text));)
			write_ident(p, CCI_SYSTEM, text);
	}
}

static void
write_check(struct pen *p, const struct model_check *k)
{
	char href[NAME_LEN];

	(void)snprintf(href, sizeof(href), "checks/%s.sql", k->id);
	pen_begin(p, "check");
	pen_attr(p, "system", "urn:exhibit:check");
	pen_begin(p, "check-content-ref");
	pen_attr(p, "href", href);
	pen_end(p);
	pen_end(p);
}

static void
write_rule(struct pen *p, const struct model_check *k, bool selected)
{
	pen_begin(p, "Rule");
	attr_rule(p, "id", k);
	pen_attr(p, "selected", selected ? "true" : "false");
	pen_attr(p, "severity", severity_word(k->severity, SEVERITY_STIG));
	pen_leaf(p, "title", k->title);
	if (k->rationale != NULL)
		pen_leaf(p, "rationale", k->rationale);
	write_idents(p, k);
	if (k->remediation != NULL)
		pen_leaf(p, "fixtext", k->remediation);
	write_check(p, k);
	pen_end(p);
}

/* A group a rule: STIG tools know rules by their group. */
static void
write_group(struct pen *p, const struct model_check *k, bool selected)
{
	char id[NAME_LEN];

	(void)snprintf(id, sizeof(id), "xccdf_exhibit_group_%s", k->id);
	pen_begin(p, "Group");
	pen_attr(p, "id", id);
	pen_leaf(p, "title", k->title);
	write_rule(p, k, selected);
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
write_rule_result(struct pen *p, const struct model_check *k,
    const char *result, const char *message)
{
	pen_begin(p, "rule-result");
	attr_rule(p, "idref", k);
	pen_attr(p, "time", pen_when(p, p->m->judged));
	pen_attr(p, "severity", severity_word(k->severity, SEVERITY_STIG));
	pen_leaf(p, "result", result);
	pen_begin(p, "message");
	pen_attr(p, "severity", "info");
	pen_text(p, pen_line(p, message));
	pen_end(p);
	write_check(p, k);
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
begin_test_result(struct pen *p, const char *uuid)
{
	const struct model *m = p->m;
	char id[NAME_LEN], cpe[NAME_LEN];

	(void)snprintf(id, sizeof(id), "xccdf_exhibit_testresult_%s", uuid);
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
}

/* ------------------------------------------------------------ an item each */

/* Does the check judge anything of this kind? */
static bool
judges_kind(const struct pen *p, size_t check, const char *kind)
{
	for (size_t i = p->groups[check]; i < p->groups[check + 1]; i++)
		for (size_t s = 0; s < p->m->groups[i].nsubjects; s++)
			if (strcmp(p->m->subjects[p->m->groups[i].subjects[s]]
				       .kind,
				kind) == 0)
				return true;
	return false;
}

static bool
is_first_of_kind(const struct model *m, size_t subject)
{
	for (size_t i = 0; i < subject; i++)
		if (strcmp(m->subjects[i].kind, m->subjects[subject].kind) == 0)
			return false;
	return true;
}

static void
attr_profile(struct pen *p, const char *attr, const char *kind)
{
	char id[NAME_LEN];

	(void)snprintf(id, sizeof(id), "xccdf_exhibit_profile_%.80s", kind);
	pen_attr(p, attr, id);
}

/* The rules that are asked of items of one kind. */
static void
write_profile(struct pen *p, const char *kind)
{
	pen_begin(p, "Profile");
	attr_profile(p, "id", kind);
	pen_leaff(p, "title", "Checks of %s", kind);
	for (size_t i = 0; i < p->m->nchecks; i++)
		if (judges_kind(p, i, kind)) {
			pen_begin(p, "select");
			attr_rule(p, "idref", &p->m->checks[i]);
			pen_attr(p, "selected", "true");
			pen_end(p);
		}
	pen_end(p);
}

static void
write_profiles(struct pen *p)
{
	for (size_t i = 0; i < p->m->nsubjects; i++)
		if (is_first_of_kind(p->m, i))
			write_profile(p, p->m->subjects[i].kind);
}

static void
write_target(struct pen *p, const struct model_subject *s)
{
	pen_leaff(p, "title", "%s %s in %s, as of %s", s->kind, s->key,
	    s->scope, p->m->as_of);
	if (p->m->organization != NULL)
		pen_leaf(p, "organization", p->m->organization);
	pen_begin(p, "profile");
	attr_profile(p, "idref", s->kind);
	pen_end(p);
	pen_leaff(p, "target", "%s/%s", s->scope, s->key);
	pen_leaf(p, "target", s->key);
	pen_begin(p, "target-facts");
	write_fact(p, "urn:exhibit:fact:kind", s->kind);
	write_fact(p, "urn:exhibit:fact:scope", s->scope);
	write_fact(p, "urn:exhibit:fact:outcome", s->outcome);
	write_fact(p, "urn:exhibit:fact:last-seen", s->last_seen);
	pen_end(p);
}

/* A rule of the kind that says nothing of this item was not checked here. */
static void
write_subject(struct pen *p, size_t subject)
{
	const struct model *m = p->m;
	const struct model_subject *s = &m->subjects[subject];
	size_t pass = 0, asked = 0;

	begin_test_result(p, s->uuid);
	write_target(p, s);
	for (size_t i = 0; i < m->nchecks; i++) {
		const struct model_group *g = index_cell(p, i, subject);

		if (g == NULL) {
			if (judges_kind(p, i, s->kind))
				write_rule_result(p, &m->checks[i],
				    "notchecked",
				    "not in the population of this check");
			continue;
		}
		write_rule_result(
		    p, &m->checks[i], results[g->verdict], g->reason);
		pass += g->verdict == VERDICT_SATISFIED;
		asked += g->verdict != VERDICT_NOT_APPLICABLE;
	}
	write_score(p, pass, asked);
	pen_end(p);
}

/* --------------------------------------------------------- the system whole */

static void
check_message(const struct pen *p, size_t check, struct buf *out)
{
	for (size_t v = 0; v < VERDICTS; v++)
		buf_printf(out, "%s%zu %s", v > 0 ? ", " : "",
		    p->counts[check][v], verdict_name((enum verdict)v));
	for (size_t i = p->groups[check]; i < p->groups[check + 1]; i++)
		if (p->m->groups[i].verdict == VERDICT_NOT_SATISFIED ||
		    p->m->groups[i].verdict == VERDICT_UNKNOWN)
			buf_printf(out, "; %s: %s",
			    verdict_name(p->m->groups[i].verdict),
			    p->m->groups[i].reason);
}

/* What a check came to over all of its items: the worst of them. */
static const char *
check_result(const struct pen *p, size_t check)
{
	return p->groups[check] == p->groups[check + 1]
		   ? "notchecked"
		   : results[check_verdict(p->counts[check])];
}

static void
write_system(struct pen *p)
{
	const struct model *m = p->m;
	size_t pass = 0, asked = 0;

	begin_test_result(p, m->uuid);
	pen_leaff(p, "title", "All items of the system, as of %s", m->as_of);
	if (m->organization != NULL)
		pen_leaf(p, "organization", m->organization);
	pen_leaf(p, "target",
	    m->organization != NULL ? m->organization : m->store_name);
	for (size_t i = 0; i < m->nchecks; i++) {
		const char *result = check_result(p, i);
		BUF_AUTO(message, 1024UL * 1024);

		check_message(p, i, &message);
		write_rule_result(p, &m->checks[i], result,
		    message.failed == FAULT_NONE
			? message.p
			: "see the report: too many reasons");
		pass += strcmp(result, "pass") == 0;
		asked += strcmp(result, "notapplicable") != 0 &&
			 strcmp(result, "notchecked") != 0;
	}
	write_score(p, pass, asked);
	pen_end(p);
}

/* ---------------------------------------------------------------- documents */

static void
begin_benchmark(struct pen *p)
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
}

static void
write_items(struct pen *p)
{
	begin_benchmark(p);
	write_profiles(p);
	for (size_t i = 0; i < p->m->nchecks; i++)
		write_group(p, &p->m->checks[i], false);
	for (size_t i = 0; i < p->m->nsubjects; i++)
		write_subject(p, i);
	pen_end(p);
}

static void
write_whole(struct pen *p)
{
	begin_benchmark(p);
	for (size_t i = 0; i < p->m->nchecks; i++)
		write_group(p, &p->m->checks[i], true);
	write_system(p);
	pen_end(p);
}

int
xccdf_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return oscal_document(m, c, write_items, out, f);
}

int
xccdf_system_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return oscal_document(m, c, write_whole, out, f);
}
