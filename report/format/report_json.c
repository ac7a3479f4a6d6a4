/* See report_json.h. Written piece by piece: a fleet's tree would be larger
 * than its text. */
#include "report/format/report_json.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"

/* ----------------------------------------------------------- the writer */

struct writing {
	struct buf *out;
	struct buf clean; /* scratch */
	bool more;	  /* something stands before, in the same brackets */
};

static void
comma(struct writing *w)
{
	if (w->more)
		buf_putc(w->out, ',');
	w->more = true;
}

static void
key(struct writing *w, const char *name)
{
	comma(w);
	buf_printf(w->out, "\n\"%s\":", name);
	w->more = false;
}

static void
text(struct writing *w, const char *s)
{
	comma(w);
	if (s == NULL) {
		buf_puts(w->out, "null");
		return;
	}
	buf_reset(&w->clean);
	text_clean(&w->clean, s, strlen(s), w->clean.max / 8);
	if (w->clean.failed != FAULT_NONE)
		w->out->failed = w->clean.failed;
	json_quote(w->out, w->clean.len > 0 ? w->clean.p : "", w->clean.len);
}

static void
number(struct writing *w, long long n)
{
	comma(w);
	buf_printf(w->out, "%lld", n);
}

static void
open_with(struct writing *w, char bracket)
{
	comma(w);
	buf_putc(w->out, bracket);
	w->more = false;
}

static void
close_with(struct writing *w, char bracket)
{
	buf_putc(w->out, bracket);
	w->more = true;
}

static void
pair(struct writing *w, const char *name, const char *value)
{
	key(w, name);
	text(w, value);
}

static void
pair_number(struct writing *w, const char *name, size_t n)
{
	key(w, name);
	number(w, (long long)n);
}

/* ------------------------------------------------------------- its parts */

static void
write_counts(struct writing *w, const size_t counts[VERDICTS])
{
	key(w, "counts");
	open_with(w, '{');
	for (size_t v = 0; v < VERDICTS; v++)
		pair_number(w, verdict_name((enum verdict)v), counts[v]);
	close_with(w, '}');
}

static void
write_group(
    struct writing *w, const struct model *m, const struct model_group *g)
{
	open_with(w, '{');
	pair(w, "verdict", verdict_name(g->verdict));
	pair(w, "reason", g->reason);
	pair(w, "since", g->since);
	key(w, "subjects");
	open_with(w, '[');
	for (size_t i = 0; i < g->nsubjects; i++)
		number(w, (long long)g->subjects[i]);
	close_with(w, ']');
	key(w, "evidence");
	open_with(w, '[');
	for (size_t i = 0; i < g->nevidence; i++)
		text(w, m->evidence[g->evidence[i]].sha256);
	close_with(w, ']');
	key(w, "exceptions");
	open_with(w, '[');
	for (size_t i = 0; i < g->ncovered; i++)
		text(w, m->exceptions[g->covered[i].exception].id);
	close_with(w, ']');
	close_with(w, '}');
}

static void
write_check(struct writing *w, const struct model *m, size_t at)
{
	const struct model_check *k = &m->checks[at];

	open_with(w, '{');
	pair(w, "id", k->id);
	pair(w, "title", k->title);
	pair(w, "severity", k->severity);
	pair(w, "sha256", k->sha256);
	key(w, "controls");
	open_with(w, '[');
	for (size_t i = 0; i < k->ncontrols; i++) {
		open_with(w, '{');
		pair(w, "framework", k->controls[i].framework);
		pair(w, "id", k->controls[i].id);
		close_with(w, '}');
	}
	close_with(w, ']');
	write_counts(w, k->counts);
	key(w, "groups");
	open_with(w, '[');
	for (size_t i = 0; i < m->ngroups; i++)
		if (m->groups[i].check == at)
			write_group(w, m, &m->groups[i]);
	close_with(w, ']');
	close_with(w, '}');
}

static void
write_subject(struct writing *w, const struct model_subject *s)
{
	open_with(w, '{');
	pair(w, "kind", s->kind);
	pair(w, "scope", s->scope);
	pair(w, "key", s->key);
	pair(w, "outcome", s->outcome);
	pair(w, "reason", s->reason);
	pair(w, "first_seen", s->first_seen);
	pair(w, "last_seen", s->last_seen);
	close_with(w, '}');
}

static void
write_gap(struct writing *w, const struct model_gap *g)
{
	open_with(w, '{');
	pair(w, "scope", g->scope);
	pair(w, "collector", g->collector);
	pair(w, "kind", g->kind);
	pair(w, "outcome", g->outcome);
	pair(w, "reason", g->reason);
	close_with(w, '}');
}

static void
write_exception(struct writing *w, const struct model_exception *x)
{
	open_with(w, '{');
	pair(w, "id", x->id);
	pair(w, "state", x->state);
	pair(w, "check", x->check);
	pair(w, "scope", x->scope);
	pair(w, "key", x->key);
	pair(w, "owner", x->owner);
	pair(w, "approver", x->approver);
	pair(w, "reason", x->reason);
	pair(w, "made", x->made);
	pair(w, "expires", x->expires);
	pair_number(w, "covers", x->covers);
	close_with(w, '}');
}

static void
write_section(struct writing *w, const struct model_section *t)
{
	open_with(w, '{');
	pair(w, "query", t->name);
	pair(w, "title", t->title);
	pair_number(w, "rows_in_all", t->all);
	key(w, "columns");
	open_with(w, '[');
	for (size_t i = 0; i < t->ncolumns; i++)
		text(w, t->columns[i]);
	close_with(w, ']');
	key(w, "rows");
	open_with(w, '[');
	for (size_t r = 0; r < t->nrows; r++) {
		open_with(w, '[');
		for (size_t i = 0; i < t->ncolumns; i++)
			text(w, t->cells[r * t->ncolumns + i]);
		close_with(w, ']');
	}
	close_with(w, ']');
	close_with(w, '}');
}

static void
write_head(struct writing *w, const struct model *m)
{
	size_t total[VERDICTS] = { 0 };

	for (size_t i = 0; i < m->nchecks; i++)
		for (size_t v = 0; v < VERDICTS; v++)
			total[v] += m->checks[i].counts[v];
	pair(w, "format", REPORT_JSON_FORMAT);
	pair(w, "uuid", m->uuid);
	pair(w, "title", m->title);
	pair(w, "organization", m->organization);
	pair(w, "classification", m->classification);
	pair(w, "made", m->made);
	pair(w, "as_of", m->as_of);
	pair(w, "period_from", m->period_from);
	pair(w, "period_to", m->period_to);
	pair(w, "profile", m->profile);
	pair(w, "exhibit", m->exhibit);
	pair(w, "module", m->module);
	pair(w, "judged", m->judged);
	pair_number(w, "judgement", (size_t)m->judgement);
	pair_number(w, "run", (size_t)m->run.id);
	pair(w, "run_state", m->run.state);
	pair(w, "state_root", m->run.state_root);
	pair(w, "checkpoint", m->checkpoint.note);
	write_counts(w, total);
}

#define LIST(w, name, n, write_one)                                            \
	do {                                                                   \
		key((w), (name));                                              \
		open_with((w), '[');                                           \
		for (size_t i = 0; i < (n); i++)                               \
			write_one;                                             \
		close_with((w), ']');                                          \
	} while (0)

int
report_json(const struct model *m, struct buf *out, struct fault *f)
{
	struct writing w = { .out = out, .clean = { .max = 8 * 64 * 1024 } };
	size_t start = out->len;
	int rc;

	open_with(&w, '{');
	write_head(&w, m);
	LIST(&w, "checks", m->nchecks, write_check(&w, m, i));
	LIST(&w, "subjects", m->nsubjects, write_subject(&w, &m->subjects[i]));
	LIST(&w, "gaps", m->ngaps, write_gap(&w, &m->gaps[i]));
	LIST(&w, "exceptions", m->nexceptions,
	    write_exception(&w, &m->exceptions[i]));
	LIST(&w, "tables", m->nsections, write_section(&w, &m->sections[i]));
	close_with(&w, '}');
	buf_putc(out, '\n');
	rc = buf_done(out, "JSON report", f);
	if (rc == -1 && out->p != NULL) {
		out->len = start;
		out->p[start] = '\0';
	}
	buf_free(&w.clean);
	return rc;
}
