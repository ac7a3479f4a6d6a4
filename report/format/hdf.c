/* See hdf.h. */
#include "report/format/hdf.h"

#include <stdbool.h>
#include <string.h>

#include "report/format/json_pen.h"
#include "report/format/oscal_parts.h"
#include "report/format/references.h"
#include "report/format/severity.h"

static const char *
status_of(const struct model_check *k, enum verdict v)
{
	switch (v) {
	case VERDICT_SATISFIED:
		return "passed";
	case VERDICT_NOT_SATISFIED:
		return "failed";
	case VERDICT_NOT_APPLICABLE:
		return "skipped";
	default:
		return k->counts[VERDICT_NOT_SATISFIED] > 0 ? "skipped"
							    : "error";
	}
}

static void
put_result(struct json_pen *w, const struct model *m,
    const struct model_group *g, const struct model_subject *s)
{
	const char *status = status_of(&m->checks[g->check], g->verdict);

	json_pen_open(w, '{');
	json_pen_pair(w, "status", status);
	json_pen_key(w, "code_desc");
	json_pen_textf(w, "%s %s in %s", s->kind, s->key, s->scope);
	json_pen_key(
	    w, strcmp(status, "skipped") == 0 ? "skip_message" : "message");
	json_pen_textf(w, "%s: %s", verdict_name(g->verdict), g->reason);
	json_pen_pair(w, "start_time", m->judged);
	json_pen_count(w, "run_time", 0);
	json_pen_close(w, '}');
}

static void
put_not_evaluated(struct json_pen *w, const struct model *m)
{
	json_pen_open(w, '{');
	json_pen_pair(w, "status", "skipped");
	json_pen_pair(w, "code_desc", "not evaluated");
	json_pen_pair(w, "skip_message",
	    "not evaluated: no applicable items, or none were collected");
	json_pen_pair(w, "start_time", m->judged);
	json_pen_close(w, '}');
}

static void
put_tags(struct json_pen *w, const struct model_check *k)
{
	char text[64];

	json_pen_member(w, "tags", '{');
	json_pen_member(w, "nist", '[');
	for (size_t i = 0; i < k->ncontrols; i++)
		if (control_is_nist(&k->controls[i])) {
			nist_name(k->controls[i].id, text, sizeof(text));
			json_pen_text(w, text);
		}
	json_pen_text(w, "Rev_5");
	json_pen_close(w, ']');
	json_pen_member(w, "cci", '[');
	for (size_t i = 0; i < k->ncontrols; i++)
		for (size_t at = 0;
		     cci_next(&k->controls[i], &at, text, sizeof(text));)
			json_pen_text(w, text);
	json_pen_close(w, ']');
	json_pen_pair(w, "severity", severity_word(k->severity, SEVERITY_STIG));
	json_pen_member(w, "controls", '[');
	for (size_t i = 0; i < k->ncontrols; i++)
		json_pen_textf(
		    w, "%s %s", k->controls[i].framework, k->controls[i].id);
	json_pen_close(w, ']');
	json_pen_close(w, '}');
}

static void
put_description(struct json_pen *w, const char *label, const char *text)
{
	json_pen_open(w, '{');
	json_pen_pair(w, "label", label);
	json_pen_pair(w, "data", text != NULL ? text : "");
	json_pen_close(w, '}');
}

/* Nothing applied: each verdict there is says so, and there is one. */
static bool
is_not_applicable(const struct model_check *k)
{
	return k->counts[VERDICT_NOT_APPLICABLE] > 0 &&
	       check_verdict(k->counts) == VERDICT_NOT_APPLICABLE;
}

static void
put_results(struct json_pen *w, const struct model *m, size_t check)
{
	bool any = false;

	json_pen_member(w, "results", '[');
	for (size_t i = 0; i < m->ngroups; i++) {
		const struct model_group *g = &m->groups[i];

		for (size_t s = 0; g->check == check && s < g->nsubjects; s++) {
			put_result(w, m, g, &m->subjects[g->subjects[s]]);
			any = true;
		}
	}
	if (!any)
		put_not_evaluated(w, m);
	json_pen_close(w, ']');
}

static void
put_control(struct json_pen *w, const struct model *m, size_t i)
{
	const struct model_check *k = &m->checks[i];

	json_pen_open(w, '{');
	json_pen_pair(w, "id", k->id);
	json_pen_pair(w, "title", k->title);
	json_pen_pair(w, "desc", k->rationale != NULL ? k->rationale : "");
	json_pen_member(w, "descriptions", '[');
	put_description(w, "rationale", k->rationale);
	put_description(w, "fix", k->remediation);
	json_pen_close(w, ']');
	json_pen_key(w, "impact");
	json_pen_raw(w, is_not_applicable(k)
			    ? "0"
			    : severity_word(k->severity, SEVERITY_HDF));
	json_pen_member(w, "refs", '[');
	json_pen_close(w, ']');
	put_tags(w, k);
	json_pen_key(w, "code");
	json_pen_textf(w, "checks/%s.sql, SHA-256 %s", k->id, k->sha256);
	json_pen_key(w, "source_location");
	json_pen_raw(w, "{}");
	put_results(w, m, i);
	json_pen_close(w, '}');
}

static void
put_empty_lists(struct json_pen *w)
{
	static const char *const lists[] = { "supports", "attributes",
		"groups" };

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		json_pen_member(w, lists[i], '[');
		json_pen_close(w, ']');
	}
}

int
hdf_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	struct json_pen w;

	(void)c;
	json_pen_begin(&w, out);
	json_pen_open(&w, '{');
	json_pen_member(&w, "platform", '{');
	json_pen_pair(&w, "name", "exhibit");
	json_pen_pair(&w, "release", m->exhibit);
	json_pen_pair(&w, "target_id",
	    m->organization != NULL ? m->organization : m->store_name);
	json_pen_close(&w, '}');
	json_pen_pair(&w, "version", m->exhibit);
	json_pen_key(&w, "statistics");
	json_pen_raw(&w, "{}");
	json_pen_member(&w, "profiles", '[');
	json_pen_open(&w, '{');
	json_pen_pair(&w, "name", m->profile != NULL ? m->profile : "all");
	json_pen_pair(&w, "version", m->exhibit);
	json_pen_pair(&w, "title", m->title);
	json_pen_pair(&w, "summary",
	    "It supports an assessment by people; it does not certify "
	    "compliance.");
	json_pen_pair(&w, "status", "loaded");
	json_pen_pair(&w, "sha256", "");
	put_empty_lists(&w);
	json_pen_member(&w, "controls", '[');
	for (size_t i = 0; i < m->nchecks; i++)
		put_control(&w, m, i);
	json_pen_close(&w, ']');
	json_pen_close(&w, '}');
	json_pen_close(&w, ']');
	json_pen_close(&w, '}');
	return json_pen_end(&w, "HDF", f);
}
