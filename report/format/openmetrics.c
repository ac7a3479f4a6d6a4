/* See openmetrics.h. */
#include "report/format/openmetrics.h"

#include <inttypes.h>
#include <string.h>

#include "base/utc.h"

/* A family of gauges: what follows are its samples. */
static void
family(struct buf *out, const char *name, const char *help)
{
	buf_printf(out, "# TYPE exhibit_%s gauge\n# HELP exhibit_%s %s\n", name,
	    name, help);
}

/* name="value", escaped as the exposition asks; first opens the braces. */
static void
label(struct buf *out, bool first, const char *name, const char *value)
{
	buf_printf(out, "%s%s=\"", first ? "{" : ",", name);
	for (const char *s = value != NULL ? value : ""; *s != '\0'; s++) {
		if (*s == '\\' || *s == '"')
			buf_putc(out, '\\');
		if (*s == '\n')
			buf_puts(out, "\\n");
		else
			buf_putc(out, *s);
	}
	buf_puts(out, "\"");
}

static void
count(struct buf *out, size_t n)
{
	buf_printf(out, "} %zu\n", n);
}

/* A sample without labels. */
static void
number(struct buf *out, const char *name, const char *help, int64_t v)
{
	family(out, name, help);
	buf_printf(out, "exhibit_%s %" PRId64 "\n", name, v);
}

/* A sample without labels; none if the time is not known. */
static void
instant(struct buf *out, const char *name, const char *help, const char *when)
{
	int64_t t;

	if (when != NULL && utc_parse(when, &t) == 0)
		number(out, name, help, t);
}

static void
results(const struct model *m, struct buf *out)
{
	family(out, "results", "Items by check and result.");
	for (size_t i = 0; i < m->nchecks; i++)
		for (int v = 0; v < VERDICTS; v++) {
			buf_puts(out, "exhibit_results");
			label(out, true, "check", m->checks[i].id);
			label(out, false, "severity", m->checks[i].severity);
			label(out, false, "result",
			    verdict_name((enum verdict)v));
			count(out, m->checks[i].counts[v]);
		}
}

static void
scope_labels(struct buf *out, const char *name, const struct model_scope *s)
{
	buf_printf(out, "exhibit_%s", name);
	label(out, true, "scope", s->scope);
	label(out, false, "collector", s->collector);
}

static size_t
gaps_of(const struct model *m, const struct model_scope *s)
{
	size_t n = 0;

	for (size_t i = 0; i < m->ngaps; i++)
		n += strcmp(m->gaps[i].scope, s->scope) == 0 &&
		     strcmp(m->gaps[i].collector, s->collector) == 0;
	return n;
}

static void
scopes(const struct model *m, struct buf *out)
{
	int64_t t;

	family(out, "scope_collected",
	    "1: the target answered in full; 0: it was denied, unreachable or "
	    "failed.");
	for (size_t i = 0; i < m->nscopes; i++) {
		const struct model_scope *s = &m->scopes[i];

		scope_labels(out, "scope_collected", s);
		label(out, false, "outcome", s->outcome);
		count(out, strcmp(s->outcome, "observed") == 0);
	}
	family(out, "scope_gaps", "What could not be read in full, by target.");
	for (size_t i = 0; i < m->nscopes; i++) {
		scope_labels(out, "scope_gaps", &m->scopes[i]);
		count(out, gaps_of(m, &m->scopes[i]));
	}
	family(out, "scope_evidence_timestamp_seconds",
	    "End of the newest run that asked this target.");
	for (size_t i = 0; i < m->nscopes; i++)
		if (m->scopes[i].covered != NULL &&
		    utc_parse(m->scopes[i].covered, &t) == 0) {
			scope_labels(out, "scope_evidence_timestamp_seconds",
			    &m->scopes[i]);
			buf_printf(out, "} %" PRId64 "\n", t);
		}
}

static const char *
prop(const struct model_subject *s, const char *name)
{
	for (size_t i = 0; i < s->nprops; i++)
		if (strcmp(s->props[i].name, name) == 0)
			return s->props[i].value;
	return NULL;
}

static void
tls_certificates(const struct model *m, struct buf *out)
{
	int64_t t;

	family(out, "tls_certificate_expiry_timestamp_seconds",
	    "End of validity of certificates that endpoints sent.");
	for (size_t i = 0; i < m->nsubjects; i++) {
		const struct model_subject *s = &m->subjects[i];
		const char *end = prop(s, "not_after");

		if (strcmp(s->kind, "tls.certificate") != 0 || end == NULL ||
		    utc_parse(end, &t) == -1)
			continue;
		buf_puts(
		    out, "exhibit_tls_certificate_expiry_timestamp_seconds");
		label(out, true, "scope", s->scope);
		label(out, false, "key", s->key);
		buf_printf(out, "} %" PRId64 "\n", t);
	}
}

/* Was it named by an earlier module? */
static bool
is_named(const struct model *m, size_t before, const char *certificate)
{
	for (size_t i = 0; i < before; i++)
		if (m->modules[i].certificate != NULL &&
		    strcmp(m->modules[i].certificate, certificate) == 0)
			return true;
	return false;
}

static void
validations(const struct model *m, struct buf *out)
{
	int64_t t;

	family(out, "cmvp_sunset_timestamp_seconds",
	    "Sunset date of the CMVP certificates of modules in use.");
	for (size_t i = 0; i < m->nmodules; i++) {
		const struct model_module *k = &m->modules[i];

		if (k->certificate == NULL || k->sunset == NULL ||
		    utc_parse(k->sunset, &t) == -1 ||
		    is_named(m, i, k->certificate))
			continue;
		buf_puts(out, "exhibit_cmvp_sunset_timestamp_seconds");
		label(out, true, "certificate", k->certificate);
		label(out, false, "standard", k->standard);
		label(out, false, "status", k->status);
		buf_printf(out, "} %" PRId64 "\n", t);
	}
}

static void
exceptions(const struct model *m, struct buf *out)
{
	static const char *const states[] = { "open", "expired", "withdrawn" };

	family(out, "exceptions", "Risk exceptions by state.");
	for (size_t k = 0; k < sizeof(states) / sizeof(states[0]); k++) {
		size_t n = 0;

		for (size_t i = 0; i < m->nexceptions; i++)
			n += strcmp(m->exceptions[i].state, states[k]) == 0;
		buf_puts(out, "exhibit_exceptions");
		label(out, true, "state", states[k]);
		count(out, n);
	}
}

static void
run_of(const struct model *m, struct buf *out)
{
	int64_t began, ended;

	number(out, "run", "Number of the run that is shown.", m->run.id);
	number(out, "run_complete", "1: every target of it answered in full.",
	    m->run.state != NULL && strcmp(m->run.state, "complete") == 0);
	instant(out, "run_ended_timestamp_seconds", "End of that run.",
	    m->run.ended);
	if (m->run.began != NULL && m->run.ended != NULL &&
	    utc_parse(m->run.began, &began) == 0 &&
	    utc_parse(m->run.ended, &ended) == 0)
		number(out, "run_duration_seconds", "How long that run took.",
		    ended - began);
	number(out, "log_entries", "Size of the log in the newest checkpoint.",
	    m->checkpoint.size);
}

int
openmetrics_write(const struct model *m, struct buf *out, struct fault *f)
{
	family(out, "report_info", "What made these figures, of which state.");
	buf_puts(out, "exhibit_report_info");
	label(out, true, "exhibit", m->exhibit);
	label(out, false, "profile", m->profile);
	label(out, false, "title", m->title);
	label(out, false, "as_of", m->as_of);
	count(out, 1);
	instant(out, "report_timestamp_seconds", "When the report was made.",
	    m->made);
	run_of(m, out);
	results(m, out);
	scopes(m, out);
	tls_certificates(m, out);
	validations(m, out);
	exceptions(m, out);
	if (m->signer != NULL)
		instant(out, "signer_expiry_timestamp_seconds",
		    "End of validity of the signing certificate.",
		    m->signer->not_after);
	buf_puts(out, "# EOF\n");
	return buf_done(out, "OpenMetrics", f);
}
