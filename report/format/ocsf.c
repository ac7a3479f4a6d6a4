/* See ocsf.h. */
#include "report/format/ocsf.h"

#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "report/format/json_pen.h"
#include "report/format/severity.h"

#define SCHEMA_VERSION "1.3.0"

/* compliance.status_id, and the finding's: New, or Resolved where there is
 * nothing to do. */
static const struct status {
	long long id;
	const char *name;
	long long finding;
	const char *finding_name;
} statuses[VERDICTS] = {
	[VERDICT_SATISFIED] = { 1, "Pass", 4, "Resolved" },
	[VERDICT_NOT_SATISFIED] = { 3, "Fail", 1, "New" },
	[VERDICT_UNKNOWN] = { 0, "Unknown", 1, "New" },
	[VERDICT_NOT_APPLICABLE] = { 99, "Not Applicable", 4, "Resolved" },
};

struct writing {
	struct json_pen pen;
	struct crypto *crypto;
	const struct model *m;
};

static long long
milliseconds(const char *when)
{
	int64_t t = 0;

	if (when == NULL || utc_parse(when, &t) == -1)
		return 0;
	return (long long)t * 1000;
}

static void
put_compliance(struct json_pen *p, const struct model_check *k,
    const struct model_group *g)
{
	json_pen_member(p, "compliance", '{');
	json_pen_pair(p, "control", k->id);
	json_pen_member(p, "standards", '[');
	for (size_t i = 0; i < k->ncontrols; i++)
		if (i == 0 || strcmp(k->controls[i].framework,
				  k->controls[i - 1].framework) != 0)
			json_pen_text(p, k->controls[i].framework);
	json_pen_close(p, ']');
	json_pen_member(p, "requirements", '[');
	for (size_t i = 0; i < k->ncontrols; i++)
		json_pen_textf(
		    p, "%s %s", k->controls[i].framework, k->controls[i].id);
	json_pen_close(p, ']');
	json_pen_pair(p, "status", statuses[g->verdict].name);
	json_pen_key(p, "status_id");
	json_pen_number(p, statuses[g->verdict].id);
	json_pen_pair(p, "status_detail", g->reason);
	json_pen_close(p, '}');
}

static void
put_metadata(struct json_pen *p, const struct model *m, const char *check)
{
	json_pen_member(p, "metadata", '{');
	json_pen_pair(p, "version", SCHEMA_VERSION);
	json_pen_pair(p, "event_code", check);
	json_pen_pair(p, "correlation_uid", m->uuid);
	json_pen_member(p, "product", '{');
	json_pen_pair(p, "name", "exhibit");
	json_pen_pair(p, "vendor_name", "exhibit");
	json_pen_pair(p, "version", m->exhibit);
	json_pen_close(p, '}');
	json_pen_close(p, '}');
}

static void
put_info(struct json_pen *p, const struct model_check *k,
    const struct model_group *g, const char *uid)
{
	json_pen_member(p, "finding_info", '{');
	json_pen_pair(p, "uid", uid);
	json_pen_pair(p, "title", k->title);
	json_pen_pair(p, "desc", k->rationale);
	json_pen_key(p, "first_seen_time");
	json_pen_number(p, milliseconds(g->since));
	json_pen_close(p, '}');
	json_pen_member(p, "remediation", '{');
	json_pen_pair(p, "desc", k->remediation);
	json_pen_close(p, '}');
}

static void
put_resource(struct json_pen *p, const struct model_subject *s)
{
	json_pen_member(p, "resources", '[');
	json_pen_open(p, '{');
	json_pen_pair(p, "uid", s->uuid);
	json_pen_pair(p, "name", s->key);
	json_pen_pair(p, "namespace", s->scope);
	json_pen_pair(p, "type", s->kind);
	json_pen_close(p, '}');
	json_pen_close(p, ']');
}

static int
put_event(struct writing *w, const struct model_group *g,
    const struct model_subject *s, struct fault *f)
{
	const struct model_check *k = &w->m->checks[g->check];
	const struct status *status = &statuses[g->verdict];
	struct json_pen *p = &w->pen;
	char uid[UUID_LEN];
	BUF_AUTO(name, 4096);

	buf_printf(&name, "ocsf/%s/%s", k->id, s->uuid);
	if (buf_done(&name, "finding", f) == -1 ||
	    uuid_of(w->crypto, name.p, uid, f) == -1)
		return -1;
	json_pen_open(p, '{');
	json_pen_raw(p, "\n\"activity_id\":1,\"activity_name\":\"Create\","
			"\"category_uid\":2,\"category_name\":\"Findings\","
			"\"class_uid\":2003,"
			"\"class_name\":\"Compliance Finding\","
			"\"type_uid\":200301");
	json_pen_key(p, "time");
	json_pen_number(p, milliseconds(w->m->judged));
	json_pen_key(p, "severity_id");
	json_pen_raw(p, severity_word(k->severity, SEVERITY_OCSF));
	json_pen_pair(p, "message", g->reason);
	json_pen_pair(p, "status", status->finding_name);
	json_pen_key(p, "status_id");
	json_pen_number(p, status->finding);
	put_metadata(p, w->m, k->id);
	put_info(p, k, g, uid);
	put_compliance(p, k, g);
	put_resource(p, s);
	json_pen_close(p, '}');
	return 0;
}

int
ocsf_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	struct writing w = { .crypto = c, .m = m };
	int rc = 0;

	json_pen_begin(&w.pen, out);
	json_pen_open(&w.pen, '[');
	for (size_t i = 0; rc == 0 && i < m->ngroups; i++)
		for (size_t s = 0; rc == 0 && s < m->groups[i].nsubjects; s++)
			rc = put_event(&w, &m->groups[i],
			    &m->subjects[m->groups[i].subjects[s]], f);
	json_pen_close(&w.pen, ']');
	return json_pen_end(&w.pen, "OCSF findings", f) == -1 ? -1 : rc;
}
