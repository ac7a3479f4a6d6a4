/* See fedramp.h. */
#include "report/format/fedramp.h"

#include <stdlib.h>
#include <string.h>

#include "report/format/json_pen.h"

#define SCHEMA "FedRAMP Security Decision Record (CR26-SDR), preview 0.0.1"

/* ------------------------------------------------- the tables of the report */

static const struct model_section *
section_of(const struct model *m, const char *name)
{
	for (size_t i = 0; i < m->nsections; i++)
		if (strcmp(m->sections[i].name, name) == 0)
			return &m->sections[i];
	return NULL;
}

/* The cell of a row under that heading; NULL: none, or SQL's null. */
static const char *
cell(const struct model_section *t, size_t row, const char *column)
{
	for (size_t i = 0; i < t->ncolumns; i++)
		if (strcmp(t->columns[i], column) == 0)
			return t->cells[row * t->ncolumns + i];
	return NULL;
}

static const char *
or_zero(const char *number)
{
	return number != NULL ? number : "0";
}

/* The row of the metrics that is of this rule, or -1. */
static long
metrics_of(const struct model_section *t, const char *id)
{
	for (size_t r = 0; t != NULL && r < t->nrows; r++) {
		const char *have = cell(t, r, "id");

		if (have != NULL && strcmp(have, id) == 0)
			return (long)r;
	}
	return -1;
}

/* ------------------------------------------------- Security Decision Record */

/* How often it was evaluated of late, in the schema's words: what the days
 * with an evaluation show, not what is planned. */
static const char *
frequency_of(const struct model_section *t, long row)
{
	long month, year;

	if (row < 0)
		return "Annually";
	month = atol(or_zero(cell(t, (size_t)row, "days evaluated of 30")));
	year = atol(or_zero(cell(t, (size_t)row, "days evaluated of 365")));
	if (month >= 27)
		return "Daily";
	if (month >= 4)
		return "Weekly";
	if (year >= 12)
		return "Monthly";
	return year >= 4 ? "Quarterly" : "Annually";
}

static void
put_evidence(struct json_pen *w, const struct model *m)
{
	json_pen_member(w, "evidence", '[');
	json_pen_open(w, '{');
	json_pen_pair(w, "evidenceType", "Report");
	json_pen_key(w, "evidenceDescription");
	json_pen_textf(w,
	    "%s.xml: OSCAL assessment results, with the digest of each piece "
	    "of evidence",
	    m->basename);
	json_pen_key(w, "evidenceLocation");
	json_pen_textf(w, "urn:uuid:%s", m->uuid);
	json_pen_key(w, "lastUpdated");
	json_pen_textf(w, "%.10s", m->as_of);
	json_pen_close(w, '}');
	json_pen_close(w, ']');
}

static void
put_test(struct json_pen *w, const struct model *m,
    const struct model_section *t, size_t row,
    const struct model_section *metrics)
{
	const char *id = cell(t, row, "id");

	json_pen_member(w, "securityTests", '[');
	json_pen_open(w, '{');
	json_pen_pair(
	    w, "frequency", frequency_of(metrics, metrics_of(metrics, id)));
	json_pen_key(w, "automated");
	json_pen_raw(w, "true");
	json_pen_key(w, "securityTestDescription");
	json_pen_textf(w,
	    "%s checks applied to all items of their kinds, no sampling: %s "
	    "results satisfied, %s not satisfied, %s unknown, %s not "
	    "applicable, as of %s. Unknown is never counted as satisfied.",
	    or_zero(cell(t, row, "checks")), or_zero(cell(t, row, "satisfied")),
	    or_zero(cell(t, row, "not satisfied")),
	    or_zero(cell(t, row, "unknown")),
	    or_zero(cell(t, row, "not applicable")), m->as_of);
	json_pen_key(w, "command");
	json_pen_textf(w, "exhibit query fedramp-checks --profile %s",
	    m->profile != NULL ? m->profile : "fedramp-20x-c");
	put_evidence(w, m);
	json_pen_close(w, '}');
	json_pen_close(w, ']');
}

static void
put_requirements(
    struct json_pen *w, const struct model *m, const struct model_section *t)
{
	const struct model_section *metrics = section_of(m, "fedramp-metrics");

	json_pen_member(w, "fedRampRequirements", '[');
	for (size_t r = 0; r < t->nrows; r++) {
		json_pen_open(w, '{');
		json_pen_pair(w, "frId", cell(t, r, "id"));
		json_pen_member(w, "securityAchievement", '[');
		json_pen_open(w, '{');
		json_pen_key(w, "securityAchievementDescription");
		json_pen_textf(w,
		    "%s: evidence bears on this. What it shows is below; "
		    "whether the %s is for people to decide.",
		    cell(t, r, "name"),
		    strcmp(or_zero(cell(t, r, "kind")), "ksi") == 0
			? "indicator is demonstrated"
			: "rule is followed");
		put_test(w, m, t, r, metrics);
		json_pen_close(w, '}');
		json_pen_close(w, ']');
		json_pen_close(w, '}');
	}
	json_pen_close(w, ']');
}

/* ------------------------------------------------------------- beside it */

/* A list of the table's rows, each an object by its headings. */
static void
put_table(struct json_pen *w, const char *name, const struct model_section *t)
{
	json_pen_member(w, name, '[');
	for (size_t r = 0; t != NULL && r < t->nrows; r++) {
		json_pen_open(w, '{');
		for (size_t i = 0; i < t->ncolumns; i++)
			json_pen_pair(
			    w, t->columns[i], t->cells[r * t->ncolumns + i]);
		json_pen_close(w, '}');
	}
	json_pen_close(w, ']');
}

/* CMU-CSO-CMD, a module of a service or group of services each. */
static void
put_modules(struct json_pen *w, const struct model *m)
{
	json_pen_count(w, "cryptographicModulesInAll", m->all_modules);
	json_pen_member(w, "cryptographicModules", '[');
	for (size_t i = 0; i < m->nmodules; i++) {
		const struct model_module *d = &m->modules[i];

		json_pen_open(w, '{');
		json_pen_pair(w, "service", d->used_for);
		json_pen_pair(w, "layer", d->layer);
		json_pen_pair(w, "module", d->name);
		json_pen_pair(w, "version", d->version);
		json_pen_pair(w, "basis", d->basis);
		json_pen_pair(w, "why", d->why);
		json_pen_pair(w, "certificate", d->certificate);
		json_pen_pair(w, "standard", d->standard);
		json_pen_pair(w, "vendor", d->vendor);
		json_pen_pair(w, "status", d->status);
		json_pen_pair(w, "statusOn", d->status_on);
		json_pen_pair(w, "sunset", d->sunset);
		json_pen_pair(w, "environment", d->environment);
		json_pen_pair(w, "inherited", d->inherited);
		json_pen_pair(w, "where", d->where);
		json_pen_count(w, "places", (size_t)d->places);
		json_pen_close(w, '}');
	}
	json_pen_close(w, ']');
}

/* VER-RPT-AVI: what the record of exceptions has of it. */
static void
put_accepted(struct json_pen *w, const struct model *m)
{
	json_pen_member(w, "acceptedRisks", '[');
	for (size_t i = 0; i < m->nexceptions; i++) {
		const struct model_exception *x = &m->exceptions[i];

		json_pen_open(w, '{');
		json_pen_pair(w, "trackingIdentifier", x->id);
		json_pen_pair(w, "state", x->state);
		json_pen_pair(w, "check", x->check);
		json_pen_pair(w, "scope", x->scope);
		json_pen_pair(w, "key", x->key);
		json_pen_pair(w, "evaluationCompleted", x->made);
		json_pen_pair(w, "expires", x->expires);
		json_pen_pair(w, "owner", x->owner);
		json_pen_pair(w, "approver", x->approver);
		json_pen_pair(w, "explanation", x->reason);
		json_pen_count(w, "findingsCovered", x->covers);
		json_pen_close(w, '}');
	}
	json_pen_close(w, ']');
}

/* CCM-OCR-AVL and what of it no evidence tells. */
static void
put_ongoing(struct json_pen *w, const struct model *m)
{
	static const char *const people[] = {
		"Planned changes to FedRAMP Certification Data",
		"Transformative changes", "Updated recommendations",
		"Agencies that directly use the product",
		"FedRAMP Reportable Incidents", "Lessons learned"
	};

	if (m->period_from == NULL)
		return;
	json_pen_member(w, "ongoingCertificationReport", '{');
	json_pen_pair(w, "from", m->period_from);
	json_pen_pair(w, "to", m->period_to);
	put_table(w, "findings", section_of(m, "findings-by-state"));
	put_table(w, "changedResults", section_of(m, "verdicts-changed"));
	put_table(w, "itemsAddedAndRemoved", section_of(m, "came-and-went"));
	put_table(w, "collectionGaps", section_of(m, "gaps-in-period"));
	json_pen_member(w, "toBeWrittenByPeople", '[');
	for (size_t i = 0; i < sizeof(people) / sizeof(*people); i++)
		json_pen_text(w, people[i]);
	json_pen_close(w, ']');
	json_pen_close(w, '}');
}

static void
put_beside(
    struct json_pen *w, const struct model *m, const struct model_section *t)
{
	json_pen_member(w, "exhibit", '{');
	json_pen_pair(w, "fedrampId", m->fedramp_id);
	json_pen_pair(w, "schema", SCHEMA);
	json_pen_pair(w, "organization", m->organization);
	json_pen_pair(w, "profile", m->profile);
	json_pen_pair(w, "asOf", m->as_of);
	json_pen_pair(w, "made", m->made);
	json_pen_pair(w, "exhibit", m->exhibit);
	json_pen_pair(w, "note",
	    "What the evidence shows. It does not say that a rule is followed "
	    "or an indicator demonstrated.");
	put_table(w, "referenceData", section_of(m, "catalogs"));
	put_table(w, "rules", t);
	put_table(w, "historicalMetrics", section_of(m, "fedramp-metrics"));
	put_modules(w, m);
	put_accepted(w, m);
	put_ongoing(w, m);
	json_pen_close(w, '}');
}

int
fedramp_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	const struct model_section *t = section_of(m, "fedramp-rules");
	struct json_pen w;

	(void)c;
	if (t == NULL)
		return fault(f, FAULT_USAGE,
		    "--format fedramp: no evidence bears on FedRAMP's rules by "
		    "profile %s. Pass --profile fedramp-20x-c or another of "
		    "'exhibit checks --profiles'.",
		    m->profile != NULL ? m->profile : "all");
	json_pen_begin(&w, out);
	json_pen_open(&w, '{');
	/* the overview is the provider's own document */
	json_pen_key(&w, "certificationOverviewPackageUri");
	json_pen_textf(&w, "urn:fedramp:%s:certification-overview-package",
	    m->fedramp_id != NULL ? m->fedramp_id : "id-not-given");
	put_requirements(&w, m, t);
	put_beside(&w, m, t);
	json_pen_close(&w, '}');
	return json_pen_end(&w, "FedRAMP record", f);
}
