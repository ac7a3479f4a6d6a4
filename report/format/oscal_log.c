/* Reviewed controls, and the assessment log: runs, coverage, gaps. */
#include "report/format/oscal_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_new_control(const struct model *m, size_t check, size_t control)
{
	char id[NAME_LEN], other[NAME_LEN];

	pen_token(m->checks[check].controls[control].id, id);
	for (size_t c = 0; c <= check; c++) {
		const struct model_check *e = &m->checks[c];
		size_t n = c == check ? control : e->ncontrols;

		for (size_t i = 0; i < n; i++) {
			if (!control_is_nist(&e->controls[i]))
				continue;
			pen_token(e->controls[i].id, other);
			if (strcmp(id, other) == 0)
				return false;
		}
	}
	return true;
}

void
oscal_reviewed_controls(struct pen *p)
{
	const struct model *m = p->m;
	bool any = false;
	char id[NAME_LEN];

	pen_begin(p, "reviewed-controls");
	pen_begin(p, "control-selection");
	for (size_t c = 0; c < m->nchecks; c++)
		for (size_t i = 0; i < m->checks[c].ncontrols; i++) {
			if (!control_is_nist(&m->checks[c].controls[i]) ||
			    !is_new_control(m, c, i))
				continue;
			pen_token(m->checks[c].controls[i].id, id);
			pen_begin(p, "include-control");
			pen_attr(p, "control-id", id);
			pen_end(p);
			any = true;
		}
	if (!any) { /* the schema wants a choice made */
		pen_block(p, "description",
		    "No check of this report names an SP 800-53 control.");
		pen_begin(p, "include-all");
		pen_end(p);
	}
	pen_end(p);
	pen_end(p);
}

static void
entry_begin(struct pen *p, const char *type, size_t i, const char *start,
    const char *until)
{
	char id[UUID_LEN];

	pen_uuid(p, id, "%s/%zu", type, i);
	pen_begin(p, "entry");
	pen_attr(p, "uuid", id);
	pen_leaf(p, "start", pen_when(p, start));
	if (pen_is_time(until))
		pen_leaf(p, "end", until);
	pen_prop(p, "entry", type);
}

void
oscal_run_props(struct pen *p)
{
	const struct model_run *r = &p->m->run;

	pen_prop_number(p, "run", r->id);
	pen_prop(p, "began", r->began);
	pen_prop(p, "ended", r->ended);
	pen_prop(p, "state", r->state);
	pen_prop(p, "origin", r->origin);
	pen_prop(p, "asked-by", r->asked_by);
	pen_prop(p, "run-exhibit", r->exhibit);
	pen_prop(p, "run-module", r->module);
	pen_prop(p, "state-root", r->state_root);
	pen_prop_number(p, "record", r->record);
	pen_prop(p, "record-leaf", r->record_leaf);
}

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* Scopes that count together: one collector, one outcome. */
static int
compare_scopes(const struct model_scope *a, const struct model_scope *b)
{
	int d = compare_text(a->collector, b->collector);

	return d != 0 ? d : compare_text(a->outcome, b->outcome);
}

static int
compare_gaps(const struct model_gap *a, const struct model_gap *b)
{
	int d = compare_text(a->collector, b->collector);

	if (d == 0)
		d = compare_text(a->kind, b->kind);
	if (d == 0)
		d = compare_text(a->outcome, b->outcome);
	return d != 0 ? d : compare_text(a->reason, b->reason);
}

static int
compare_scope_indexes(const void *va, const void *vb, void *ctx)
{
	size_t a = *(const size_t *)va, b = *(const size_t *)vb;
	const struct model *m = ctx;
	int d = compare_scopes(&m->scopes[a], &m->scopes[b]);

	return d != 0 ? d : (a > b) - (a < b);
}

static int
compare_gap_indexes(const void *va, const void *vb, void *ctx)
{
	size_t a = *(const size_t *)va, b = *(const size_t *)vb;
	const struct model *m = ctx;
	int d = compare_gaps(&m->gaps[a], &m->gaps[b]);

	return d != 0 ? d : (a > b) - (a < b);
}

/* 0 .. n-1 in the order of compare; NULL: out of memory, told. */
static size_t *
sorted(
    struct pen *p, size_t n, int (*compare)(const void *, const void *, void *))
{
	size_t *v = calloc(n + 1, sizeof(*v));

	if (v == NULL) {
		pen_fault(p, FAULT_IO, "OSCAL: out of memory");
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		v[i] = i;
	qsort_r(v, n, sizeof(*v), compare, (void *)(uintptr_t)p->m);
	return v;
}

/* One entry for n scopes that count together. */
static void
write_coverage_total(struct pen *p, const size_t *v, size_t n)
{
	const struct model_scope *first = &p->m->scopes[v[0]];
	long long subjects = 0, calls = 0, denied = 0;
	const char *newest = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct model_scope *s = &p->m->scopes[v[i]];

		subjects += s->subjects;
		calls += s->calls;
		denied += s->denied;
		if (pen_is_time(s->covered) &&
		    (newest == NULL || strcmp(s->covered, newest) > 0))
			newest = s->covered;
	}
	entry_begin(p, "coverage-total", v[0], newest, NULL);
	pen_prop(p, "collector", first->collector);
	pen_prop(p, "outcome", first->outcome);
	pen_prop_count(p, "scopes", n);
	pen_prop_number(p, "subjects", subjects);
	pen_prop_number(p, "calls", calls);
	pen_prop_number(p, "denied", denied);
	pen_end(p);
}

static void
write_coverage_totals(struct pen *p)
{
	const struct model *m = p->m;
	size_t *v = sorted(p, m->nscopes, compare_scope_indexes);

	for (size_t i = 0, n; v != NULL && i < m->nscopes; i += n) {
		for (n = 1;
		     i + n < m->nscopes && compare_scopes(&m->scopes[v[i]],
					       &m->scopes[v[i + n]]) == 0;
		     n++)
			continue;
		write_coverage_total(p, v + i, n);
	}
	free(v);
}

/* Gaps that differ in their scope alone are one entry with all the scopes. */
static void
write_gaps(struct pen *p)
{
	const struct model *m = p->m;
	size_t *v = sorted(p, m->ngaps, compare_gap_indexes);

	for (size_t i = 0, n; v != NULL && i < m->ngaps; i += n) {
		const struct model_gap *g = &m->gaps[v[i]];

		for (n = 1; i + n < m->ngaps &&
			    compare_gaps(g, &m->gaps[v[i + n]]) == 0;
		     n++)
			continue;
		entry_begin(p, "gap", v[i], m->run.began, NULL);
		pen_prop(p, "collector", g->collector);
		pen_prop(p, "kind", g->kind);
		pen_prop(p, "outcome", g->outcome);
		pen_prop(p, "reason", g->reason);
		pen_prop_count(p, "scopes", n);
		for (size_t k = 0; k < n; k++)
			pen_prop(p, "scope", m->gaps[v[i + k]].scope);
		pen_end(p);
	}
	free(v);
}

static void
write_coverage(struct pen *p, size_t i)
{
	const struct model_scope *s = &p->m->scopes[i];

	entry_begin(p, "coverage", i, s->covered, NULL);
	pen_prop(p, "scope", s->scope);
	pen_prop(p, "collector", s->collector);
	pen_prop(p, "outcome", s->outcome);
	pen_prop_number(p, "subjects", s->subjects);
	pen_prop_number(p, "calls", s->calls);
	pen_prop_number(p, "denied", s->denied);
	pen_end(p);
}

void
oscal_log(struct pen *p)
{
	pen_begin(p, "assessment-log");
	entry_begin(p, "run", 0, p->m->run.began, p->m->run.ended);
	pen_prop_number(p, "run", p->m->run.id);
	pen_prop(p, "state", p->m->run.state);
	pen_end(p);
	write_coverage_totals(p);
	write_gaps(p);
	for (size_t i = 0; i < p->m->nscopes; i++)
		write_coverage(p, i);
	pen_end(p);
}
