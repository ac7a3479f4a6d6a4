/* See report_json.h. Written piece by piece: a fleet's tree would be larger
 * than its text. */
#include "report/format/report_json.h"

#include "report/format/json_pen.h"

/* ------------------------------------------------------------- its parts */

static void
write_counts(struct json_pen *w, const size_t counts[VERDICTS])
{
	json_pen_key(w, "counts");
	json_pen_open(w, '{');
	for (size_t v = 0; v < VERDICTS; v++)
		json_pen_count(w, verdict_name((enum verdict)v), counts[v]);
	json_pen_close(w, '}');
}

static void
write_group(
    struct json_pen *w, const struct model *m, const struct model_group *g)
{
	json_pen_open(w, '{');
	json_pen_pair(w, "verdict", verdict_name(g->verdict));
	json_pen_pair(w, "reason", g->reason);
	json_pen_pair(w, "since", g->since);
	json_pen_key(w, "subjects");
	json_pen_open(w, '[');
	for (size_t i = 0; i < g->nsubjects; i++)
		json_pen_number(w, (long long)g->subjects[i]);
	json_pen_close(w, ']');
	json_pen_key(w, "evidence");
	json_pen_open(w, '[');
	for (size_t i = 0; i < g->nevidence; i++)
		json_pen_text(w, m->evidence[g->evidence[i]].sha256);
	json_pen_close(w, ']');
	json_pen_key(w, "exceptions");
	json_pen_open(w, '[');
	for (size_t i = 0; i < g->ncovered; i++)
		json_pen_text(w, m->exceptions[g->covered[i].exception].id);
	json_pen_close(w, ']');
	json_pen_close(w, '}');
}

static void
write_check(struct json_pen *w, const struct model *m, size_t at)
{
	const struct model_check *k = &m->checks[at];

	json_pen_open(w, '{');
	json_pen_pair(w, "id", k->id);
	json_pen_pair(w, "title", k->title);
	json_pen_pair(w, "severity", k->severity);
	json_pen_pair(w, "sha256", k->sha256);
	json_pen_key(w, "controls");
	json_pen_open(w, '[');
	for (size_t i = 0; i < k->ncontrols; i++) {
		json_pen_open(w, '{');
		json_pen_pair(w, "framework", k->controls[i].framework);
		json_pen_pair(w, "id", k->controls[i].id);
		json_pen_close(w, '}');
	}
	json_pen_close(w, ']');
	write_counts(w, k->counts);
	json_pen_key(w, "groups");
	json_pen_open(w, '[');
	for (size_t i = 0; i < m->ngroups; i++)
		if (m->groups[i].check == at)
			write_group(w, m, &m->groups[i]);
	json_pen_close(w, ']');
	json_pen_close(w, '}');
}

static void
write_subject(struct json_pen *w, const struct model_subject *s)
{
	json_pen_open(w, '{');
	json_pen_pair(w, "kind", s->kind);
	json_pen_pair(w, "scope", s->scope);
	json_pen_pair(w, "key", s->key);
	json_pen_pair(w, "outcome", s->outcome);
	json_pen_pair(w, "reason", s->reason);
	json_pen_pair(w, "first_seen", s->first_seen);
	json_pen_pair(w, "last_seen", s->last_seen);
	json_pen_close(w, '}');
}

static void
write_gap(struct json_pen *w, const struct model_gap *g)
{
	json_pen_open(w, '{');
	json_pen_pair(w, "scope", g->scope);
	json_pen_pair(w, "collector", g->collector);
	json_pen_pair(w, "kind", g->kind);
	json_pen_pair(w, "outcome", g->outcome);
	json_pen_pair(w, "reason", g->reason);
	json_pen_close(w, '}');
}

static void
write_exception(struct json_pen *w, const struct model_exception *x)
{
	json_pen_open(w, '{');
	json_pen_pair(w, "id", x->id);
	json_pen_pair(w, "state", x->state);
	json_pen_pair(w, "check", x->check);
	json_pen_pair(w, "scope", x->scope);
	json_pen_pair(w, "key", x->key);
	json_pen_pair(w, "owner", x->owner);
	json_pen_pair(w, "approver", x->approver);
	json_pen_pair(w, "reason", x->reason);
	json_pen_pair(w, "made", x->made);
	json_pen_pair(w, "expires", x->expires);
	json_pen_count(w, "covers", x->covers);
	json_pen_close(w, '}');
}

static void
write_section(struct json_pen *w, const struct model_section *t)
{
	json_pen_open(w, '{');
	json_pen_pair(w, "query", t->name);
	json_pen_pair(w, "title", t->title);
	json_pen_count(w, "rows_in_all", t->all);
	json_pen_key(w, "columns");
	json_pen_open(w, '[');
	for (size_t i = 0; i < t->ncolumns; i++)
		json_pen_text(w, t->columns[i]);
	json_pen_close(w, ']');
	json_pen_key(w, "rows");
	json_pen_open(w, '[');
	for (size_t r = 0; r < t->nrows; r++) {
		json_pen_open(w, '[');
		for (size_t i = 0; i < t->ncolumns; i++)
			json_pen_text(w, t->cells[r * t->ncolumns + i]);
		json_pen_close(w, ']');
	}
	json_pen_close(w, ']');
	json_pen_close(w, '}');
}

static void
write_head(struct json_pen *w, const struct model *m)
{
	size_t total[VERDICTS] = { 0 };

	for (size_t i = 0; i < m->nchecks; i++)
		for (size_t v = 0; v < VERDICTS; v++)
			total[v] += m->checks[i].counts[v];
	json_pen_pair(w, "format", REPORT_JSON_FORMAT);
	json_pen_pair(w, "uuid", m->uuid);
	json_pen_pair(w, "title", m->title);
	json_pen_pair(w, "organization", m->organization);
	json_pen_pair(w, "classification", m->classification);
	json_pen_pair(w, "made", m->made);
	json_pen_pair(w, "as_of", m->as_of);
	json_pen_pair(w, "period_from", m->period_from);
	json_pen_pair(w, "period_to", m->period_to);
	json_pen_pair(w, "profile", m->profile);
	json_pen_pair(w, "exhibit", m->exhibit);
	json_pen_pair(w, "module", m->module);
	json_pen_pair(w, "judged", m->judged);
	json_pen_count(w, "judgement", (size_t)m->judgement);
	json_pen_count(w, "run", (size_t)m->run.id);
	json_pen_pair(w, "run_state", m->run.state);
	json_pen_pair(w, "state_root", m->run.state_root);
	json_pen_pair(w, "checkpoint", m->checkpoint.note);
	write_counts(w, total);
}

#define LIST(w, name, n, write_one)                                            \
	do {                                                                   \
		json_pen_key((w), (name));                                     \
		json_pen_open((w), '[');                                       \
		for (size_t i = 0; i < (n); i++)                               \
			write_one;                                             \
		json_pen_close((w), ']');                                      \
	} while (0)

int
report_json(const struct model *m, struct buf *out, struct fault *f)
{
	struct json_pen w;

	json_pen_begin(&w, out);
	json_pen_open(&w, '{');
	write_head(&w, m);
	LIST(&w, "checks", m->nchecks, write_check(&w, m, i));
	LIST(&w, "subjects", m->nsubjects, write_subject(&w, &m->subjects[i]));
	LIST(&w, "gaps", m->ngaps, write_gap(&w, &m->gaps[i]));
	LIST(&w, "exceptions", m->nexceptions,
	    write_exception(&w, &m->exceptions[i]));
	LIST(&w, "tables", m->nsections, write_section(&w, &m->sections[i]));
	json_pen_close(&w, '}');
	return json_pen_end(&w, "JSON report", f);
}
