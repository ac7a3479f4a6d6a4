/* See junit.h. */
#include "report/format/junit.h"

#include <stdio.h>

#include "base/json.h"
#include "report/format/oscal_parts.h"

/* What a case holds; NULL: nothing, which is a pass. */
static const char *const outcomes[VERDICTS] = {
	[VERDICT_SATISFIED] = NULL,
	[VERDICT_NOT_SATISFIED] = "failure",
	[VERDICT_UNKNOWN] = "error",
	[VERDICT_NOT_APPLICABLE] = "skipped",
};

static void
attr_count(struct pen *p, const char *name, size_t n)
{
	char s[24];

	(void)snprintf(s, sizeof(s), "%zu", n);
	pen_attr(p, name, s);
}

static void
write_counts(struct pen *p, const size_t counts[VERDICTS])
{
	size_t all = 0;

	for (size_t v = 0; v < VERDICTS; v++)
		all += counts[v];
	attr_count(p, "tests", all);
	attr_count(p, "failures", counts[VERDICT_NOT_SATISFIED]);
	attr_count(p, "errors", counts[VERDICT_UNKNOWN]);
	attr_count(p, "skipped", counts[VERDICT_NOT_APPLICABLE]);
}

static void
write_case(
    struct pen *p, const struct model_group *g, const struct model_subject *s)
{
	const struct model_check *k = &p->m->checks[g->check];
	BUF_AUTO(name, 4 * TEXT_MAX);

	buf_printf(&name, "%s %s %s", s->kind, s->scope, s->key);
	pen_begin(p, "testcase");
	pen_attr(p, "classname", k->id);
	pen_attr(p, "name", name.p);
	if (outcomes[g->verdict] != NULL) {
		pen_begin(p, outcomes[g->verdict]);
		pen_attr(p, "message", g->reason);
		if (g->verdict != VERDICT_NOT_APPLICABLE) {
			pen_attr(p, "type", verdict_name(g->verdict));
			pen_text(p, pen_line(p, k->remediation));
		}
		pen_end(p);
	}
	pen_end(p);
}

static void
write_suite(struct pen *p, size_t i)
{
	const struct model_check *k = &p->m->checks[i];

	pen_begin(p, "testsuite");
	pen_attr(p, "name", k->id);
	write_counts(p, p->counts[i]);
	pen_attr(p, "timestamp", pen_when(p, p->m->judged));
	for (size_t at = p->groups[i]; at < p->groups[i + 1]; at++)
		for (size_t s = 0; s < p->m->groups[at].nsubjects; s++)
			write_case(p, &p->m->groups[at],
			    &p->m->subjects[p->m->groups[at].subjects[s]]);
	pen_end(p);
}

static void
write_suites(struct pen *p)
{
	size_t total[VERDICTS] = { 0 };

	for (size_t i = 0; i < p->m->nchecks; i++)
		for (size_t v = 0; v < VERDICTS; v++)
			total[v] += p->counts[i][v];
	pen_begin(p, "testsuites");
	pen_attr(p, "name", p->m->title);
	write_counts(p, total);
	for (size_t i = 0; i < p->m->nchecks; i++)
		write_suite(p, i);
	pen_end(p);
}

int
junit_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return oscal_document(m, c, write_suites, out, f);
}
