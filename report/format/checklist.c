/* See checklist.h. */
#include "report/format/checklist.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "report/format/json_pen.h"
#include "report/format/oscal_parts.h"
#include "report/format/references.h"
#include "report/format/severity.h"

#define DETAILS_MAX (64UL * 1024)
#define NAMES_MAX 20 /* items named under one reason */
#define STIG "exhibit_fips-140"
#define STIG_TITLE "exhibit checks: FIPS 140 evidence"

static const struct status {
	const char *ckl, *cklb;
} statuses[VERDICTS] = {
	[VERDICT_SATISFIED] = { "NotAFinding", "not_a_finding" },
	[VERDICT_NOT_SATISFIED] = { "Open", "open" },
	[VERDICT_UNKNOWN] = { "Not_Reviewed", "not_reviewed" },
	[VERDICT_NOT_APPLICABLE] = { "Not_Applicable", "not_applicable" },
};

static const struct status *
status_of(const struct model_check *k)
{
	size_t all = 0;

	for (size_t v = 0; v < VERDICTS; v++)
		all += k->counts[v];
	return &statuses[all == 0 ? VERDICT_UNKNOWN : check_verdict(k->counts)];
}

static const char *
host_of(const struct model *m)
{
	return m->organization != NULL ? m->organization : m->store_name;
}

static void
put_names(const struct model *m, const struct model_group *g, struct buf *out)
{
	for (size_t i = 0; i < g->nsubjects && i < NAMES_MAX; i++) {
		const struct model_subject *s = &m->subjects[g->subjects[i]];

		buf_printf(out, "\n  %s/%s (%s)", s->scope, s->key, s->kind);
	}
	if (g->nsubjects > NAMES_MAX)
		buf_printf(out, "\n  and %zu more: see the report",
		    g->nsubjects - NAMES_MAX);
}

/* Counts, then each reason with its items; the text ends where it is full. */
static void
put_details(const struct model *m, size_t check, struct buf *out)
{
	const struct model_check *k = &m->checks[check];

	for (size_t v = 0; v < VERDICTS; v++)
		buf_printf(out, "%s%zu %s", v > 0 ? ", " : "", k->counts[v],
		    verdict_name((enum verdict)v));
	for (size_t i = 0; i < m->ngroups; i++) {
		const struct model_group *g = &m->groups[i];

		if (g->check != check || out->len > DETAILS_MAX / 2)
			continue;
		buf_printf(
		    out, "\n%s: %.2000s", verdict_name(g->verdict), g->reason);
		put_names(m, g, out);
	}
}

/* "CCI-002418", each once; put() takes it. */
static void
each_cci(const struct model_check *k, void (*put)(void *ctx, const char *cci),
    void *ctx)
{
	char cci[32];

	for (size_t i = 0; i < k->ncontrols; i++)
		for (size_t at = 0;
		     cci_next(&k->controls[i], &at, cci, sizeof(cci));)
			put(ctx, cci);
}

/* --------------------------------------------------------------------- CKL */

/* The text with its lines, as <pre> has it in OSCAL. */
static void
leaf_lines(struct pen *p, const char *name, const char *s)
{
	BUF_AUTO(clean, 8 * DETAILS_MAX);

	text_clean(&clean, s, strlen(s), DETAILS_MAX);
	pen_begin(p, name);
	pen_text(p, clean.len > 0 ? clean.p : "");
	pen_end(p);
}

static void
stig_data(struct pen *p, const char *name, const char *value)
{
	pen_begin(p, "STIG_DATA");
	pen_leaf(p, "VULN_ATTRIBUTE", name);
	pen_leaf(p, "ATTRIBUTE_DATA", value);
	pen_end(p);
}

static void
put_cci_ckl(void *ctx, const char *cci)
{
	stig_data(ctx, "CCI_REF", cci);
}

static void
write_vuln(struct pen *p, size_t i)
{
	const struct model_check *k = &p->m->checks[i];
	BUF_AUTO(details, DETAILS_MAX);

	put_details(p->m, i, &details);
	pen_begin(p, "VULN");
	stig_data(p, "Vuln_Num", k->id);
	stig_data(p, "Severity", severity_word(k->severity, SEVERITY_STIG));
	stig_data(p, "Group_Title", k->title);
	stig_data(p, "Rule_ID", k->id);
	stig_data(p, "Rule_Ver", k->sha256);
	stig_data(p, "Rule_Title", k->title);
	stig_data(p, "Vuln_Discuss", k->rationale);
	stig_data(
	    p, "Check_Content", "exhibit checks: its SQL says what it asks");
	stig_data(p, "Fix_Text", k->remediation);
	each_cci(k, put_cci_ckl, p);
	pen_leaf(p, "STATUS", status_of(k)->ckl);
	leaf_lines(p, "FINDING_DETAILS",
	    details.failed == FAULT_NONE ? details.p : "see the report");
	pen_leaf(p, "COMMENTS", "Evaluated by exhibit. People decide.");
	pen_begin(p, "SEVERITY_OVERRIDE");
	pen_end(p);
	pen_begin(p, "SEVERITY_JUSTIFICATION");
	pen_end(p);
	pen_end(p);
}

static void
write_asset(struct pen *p)
{
	static const char *const empty[] = { "HOST_IP", "HOST_MAC", "HOST_FQDN",
		"TARGET_COMMENT", "TECH_AREA", "TARGET_KEY" };

	pen_begin(p, "ASSET");
	pen_leaf(p, "ROLE", "None");
	pen_leaf(p, "ASSET_TYPE", "Computing");
	pen_leaf(p, "HOST_NAME", host_of(p->m));
	for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++) {
		pen_begin(p, empty[i]);
		pen_end(p);
	}
	pen_leaf(p, "WEB_OR_DATABASE", "false");
	pen_begin(p, "WEB_DB_SITE");
	pen_end(p);
	pen_begin(p, "WEB_DB_INSTANCE");
	pen_end(p);
	pen_end(p);
}

static void
si_data(struct pen *p, const char *name, const char *value)
{
	pen_begin(p, "SI_DATA");
	pen_leaf(p, "SID_NAME", name);
	pen_leaf(p, "SID_DATA", value);
	pen_end(p);
}

static void
write_checklist(struct pen *p)
{
	pen_begin(p, "CHECKLIST");
	write_asset(p);
	pen_begin(p, "STIGS");
	pen_begin(p, "iSTIG");
	pen_begin(p, "STIG_INFO");
	si_data(p, "version", "1");
	si_data(p, "classification",
	    p->m->classification != NULL ? p->m->classification : "not stated");
	si_data(p, "stigid", STIG);
	si_data(p, "description", p->m->title);
	si_data(p, "filename", p->m->basename);
	si_data(p, "releaseinfo", p->m->exhibit);
	si_data(p, "title", STIG_TITLE);
	si_data(p, "uuid", p->m->uuid);
	si_data(p, "notice", "not a STIG of DISA");
	si_data(p, "source", "exhibit");
	pen_end(p);
	for (size_t i = 0; i < p->m->nchecks; i++)
		write_vuln(p, i);
	pen_end(p);
	pen_end(p);
	pen_end(p);
}

int
ckl_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return oscal_document(m, c, write_checklist, out, f);
}

/* -------------------------------------------------------------------- CKLB */

static void
put_cci_cklb(void *ctx, const char *cci)
{
	json_pen_text(ctx, cci);
}

static void
put_rule(struct json_pen *w, const struct model *m, size_t i)
{
	const struct model_check *k = &m->checks[i];
	BUF_AUTO(details, DETAILS_MAX);

	put_details(m, i, &details);
	json_pen_open(w, '{');
	json_pen_pair(w, "uuid", k->uuid);
	json_pen_pair(w, "stig_uuid", m->uuid);
	json_pen_pair(w, "group_id", k->id);
	json_pen_pair(w, "group_id_src", k->id);
	json_pen_pair(w, "rule_id", k->id);
	json_pen_pair(w, "rule_id_src", k->id);
	json_pen_pair(w, "rule_version", k->sha256);
	json_pen_pair(w, "weight", "10.0");
	json_pen_pair(w, "classification", "NONE");
	json_pen_pair(w, "severity", severity_word(k->severity, SEVERITY_STIG));
	json_pen_pair(w, "group_title", k->title);
	json_pen_pair(w, "rule_title", k->title);
	json_pen_pair(w, "discussion", k->rationale);
	json_pen_pair(
	    w, "check_content", "exhibit checks: its SQL says what it asks");
	json_pen_pair(w, "fix_text", k->remediation);
	json_pen_member(w, "ccis", '[');
	each_cci(k, put_cci_cklb, w);
	json_pen_close(w, ']');
	json_pen_pair(w, "status", status_of(k)->cklb);
	json_pen_pair(w, "finding_details",
	    details.failed == FAULT_NONE ? details.p : "see the report");
	json_pen_pair(w, "comments", "Evaluated by exhibit. People decide.");
	json_pen_key(w, "overrides");
	json_pen_raw(w, "{}");
	json_pen_close(w, '}');
}

static void
put_stig(struct json_pen *w, const struct model *m)
{
	json_pen_open(w, '{');
	json_pen_pair(w, "stig_name", STIG_TITLE);
	json_pen_pair(w, "display_name", STIG_TITLE);
	json_pen_pair(w, "stig_id", STIG);
	json_pen_pair(w, "release_info", m->exhibit);
	json_pen_pair(w, "version", "1");
	json_pen_pair(w, "uuid", m->uuid);
	json_pen_count(w, "size", m->nchecks);
	json_pen_member(w, "rules", '[');
	for (size_t i = 0; i < m->nchecks; i++)
		put_rule(w, m, i);
	json_pen_close(w, ']');
	json_pen_close(w, '}');
}

static void
put_target(struct json_pen *w, const struct model *m)
{
	json_pen_member(w, "target_data", '{');
	json_pen_pair(w, "target_type", "Computing");
	json_pen_pair(w, "host_name", host_of(m));
	json_pen_pair(w, "ip_address", "");
	json_pen_pair(w, "mac_address", "");
	json_pen_pair(w, "fqdn", "");
	json_pen_pair(w, "comments", "the system as a whole");
	json_pen_pair(w, "role", "None");
	json_pen_key(w, "is_web_database");
	json_pen_raw(w, "false");
	json_pen_pair(w, "technology_area", "");
	json_pen_pair(w, "web_db_site", "");
	json_pen_pair(w, "web_db_instance", "");
	json_pen_close(w, '}');
}

int
cklb_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	struct json_pen w;

	(void)c;
	json_pen_begin(&w, out);
	json_pen_open(&w, '{');
	json_pen_pair(&w, "cklb_version", "1.0");
	json_pen_pair(&w, "title", m->title);
	json_pen_pair(&w, "id", m->uuid);
	json_pen_key(&w, "active");
	json_pen_raw(&w, "false");
	json_pen_count(&w, "mode", 2);
	json_pen_key(&w, "has_path");
	json_pen_raw(&w, "false");
	put_target(&w, m);
	json_pen_member(&w, "stigs", '[');
	put_stig(&w, m);
	json_pen_close(&w, ']');
	json_pen_close(&w, '}');
	return json_pen_end(&w, "checklist", f);
}
