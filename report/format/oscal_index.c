/* What the verdicts of a report come to: totals, postures, and their order. */
#include "report/format/oscal_parts.h"
#include "base/length.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
control_is_nist(const struct control *c)
{
	return strncmp(c->framework, "nist-800-53", 11) == 0;
}

void
control_objective(const char *control, char out[NAME_LEN + 8])
{
	(void)snprintf(out, NAME_LEN + 8,
	    strcmp(control, "sc-13") == 0 ? "%s_obj.b" : "%s_obj", control);
}

enum verdict
check_verdict(const size_t counts[VERDICTS])
{
	if (counts[VERDICT_NOT_SATISFIED] > 0)
		return VERDICT_NOT_SATISFIED;
	if (counts[VERDICT_UNKNOWN] > 0)
		return VERDICT_UNKNOWN;
	if (counts[VERDICT_SATISFIED] > 0)
		return VERDICT_SATISFIED;
	return VERDICT_NOT_APPLICABLE;
}

const struct oscal_state oscal_states[VERDICTS] = {
	[VERDICT_SATISFIED] = { "satisfied", "satisfied", "pass" },
	[VERDICT_NOT_SATISFIED] = { "not-satisfied", "not-satisfied", "fail" },
	[VERDICT_UNKNOWN] = { "unknown", "not-satisfied", "other" },
	[VERDICT_NOT_APPLICABLE] = { "not-applicable", NULL, NULL },
};

/* Observation type: control-objective speaks of an objective met, finding
 * of one not met or not known, discovery of neither. */
const char *const oscal_types[VERDICTS] = {
	[VERDICT_SATISFIED] = "control-objective",
	[VERDICT_NOT_SATISFIED] = "finding",
	[VERDICT_UNKNOWN] = "finding",
	[VERDICT_NOT_APPLICABLE] = "discovery",
};

const char *
group_method(const struct model *m, const struct model_group *g)
{
	for (size_t i = 0; i < g->nevidence; i++) {
		const char *source = m->evidence[g->evidence[i]].source;

		if (source != NULL && source[0] != '/')
			return "TEST";
	}
	return "EXAMINE";
}

const char *
group_collected(const struct pen *p, const struct model_group *g)
{
	const char *oldest = NULL;

	for (size_t i = 0; i < g->nevidence; i++) {
		const char *seen = p->m->evidence[g->evidence[i]].last_seen;

		if (pen_is_time(seen) &&
		    (oldest == NULL || strcmp(seen, oldest) < 0))
			oldest = seen;
	}
	if (oldest == NULL)
		oldest = p->m->run.ended;
	return pen_when(p, oldest);
}

/* ------------------------------------------------- postures and totals -- */

static int
index_groups(struct pen *p)
{
	const struct model *m = p->m;

	for (size_t i = 0; i < m->ngroups; i++) {
		const struct model_group *g = &m->groups[i];
		uint32_t *row;

		if (g->check >= m->nchecks ||
		    (unsigned)g->verdict >= VERDICTS ||
		    (i > 0 && g->check < g[-1].check))
			return fault(p->f, FAULT_FORMAT,
			    "report model: group %zu is out of order or speaks "
			    "of no check",
			    i);
		p->groups[g->check + 1] = i + 1;
		row = p->cells + g->check * m->nsubjects;
		for (size_t k = 0; k < g->nsubjects; k++) {
			size_t s = g->subjects[k];

			if (s >= m->nsubjects || row[s] != 0)
				return fault(p->f, FAULT_FORMAT,
				    "report model: check %s judges subject %zu "
				    "twice or out of range",
				    m->checks[g->check].id, s);
			row[s] = (uint32_t)i + 1;
		}
		for (size_t k = 0; k < g->nevidence; k++)
			if (g->evidence[k] >= m->nevidence)
				return fault(p->f, FAULT_FORMAT,
				    "report model: group %zu rests on no "
				    "evidence",
				    i);
		p->counts[g->check][g->verdict] += g->nsubjects;
	}
	for (size_t i = 1; i <= m->nchecks; i++) /* checks without a group */
		if (p->groups[i] < p->groups[i - 1])
			p->groups[i] = p->groups[i - 1];
	return 0;
}

/* Subjects by posture: a counting sort, stable. */
static int
index_postures(struct pen *p)
{
	const struct model *m = p->m;
	size_t sum = 0;

	for (size_t i = 0; i < m->nsubjects; i++) {
		if (m->subjects[i].posture >= m->npostures)
			return fault(p->f, FAULT_FORMAT,
			    "report model: subject %zu has no posture", i);
		p->first[m->subjects[i].posture]++;
	}
	for (size_t i = 0; i <= m->npostures; i++) {
		size_t n = p->first[i];

		p->first[i] = sum;
		sum += n;
	}
	for (size_t i = 0; i < m->nsubjects; i++)
		p->members[p->first[m->subjects[i].posture]++] = i;
	memmove(p->first + 1, p->first, m->npostures * sizeof(*p->first));
	p->first[0] = 0;
	return 0;
}

const struct model_group *
index_cell(const struct pen *p, size_t check, size_t subject)
{
	uint32_t g = p->cells[check * p->m->nsubjects + subject];

	return g == 0 ? NULL : &p->m->groups[g - 1];
}

/* Members of a posture that disagree would be shown under one verdict. */
static int
check_postures(struct pen *p)
{
	for (size_t i = 0; i < p->m->npostures; i++) {
		const size_t *s = p->members + p->first[i];
		size_t n = index_posture_size(p, i);

		for (size_t c = 0; c < p->m->nchecks; c++)
			for (size_t k = 1; k < n; k++) {
				const struct model_group *a =
				    index_cell(p, c, s[0]);
				const struct model_group *b =
				    index_cell(p, c, s[k]);

				if (a == b || (a != NULL && b != NULL &&
						  a->verdict == b->verdict))
					continue;
				return fault(p->f, FAULT_FORMAT,
				    "report model: posture %zu mixes verdicts "
				    "of check %s",
				    i, p->m->checks[c].id);
			}
	}
	return 0;
}

size_t
index_posture_size(const struct pen *p, size_t posture)
{
	return p->first[posture + 1] - p->first[posture];
}

size_t
index_posture_count(const struct pen *p, size_t posture, enum verdict v)
{
	size_t n = 0;

	if (index_posture_size(p, posture) == 0)
		return 0;
	for (size_t c = 0; c < p->m->nchecks; c++) {
		const struct model_group *g =
		    index_cell(p, c, p->members[p->first[posture]]);

		n += g != NULL && g->verdict == v;
	}
	return n;
}

/* Worst first, then the larger, then as the model has them. */
static int
compare_postures(const void *va, const void *vb, void *ctx)
{
	static const enum verdict by[] = { VERDICT_NOT_SATISFIED,
		VERDICT_UNKNOWN };
	size_t a = *(const size_t *)va, b = *(const size_t *)vb;
	const struct pen *p = ctx;
	size_t na, nb;

	for (size_t i = 0; i < LENGTH(by); i++) {
		na = index_posture_count(p, a, by[i]);
		nb = index_posture_count(p, b, by[i]);
		if (na != nb)
			return na > nb ? -1 : 1;
	}
	na = index_posture_size(p, a);
	nb = index_posture_size(p, b);
	if (na != nb)
		return na > nb ? -1 : 1;
	return a < b ? -1 : a > b;
}

int
index_model(struct pen *p)
{
	const struct model *m = p->m;

	if (m->nchecks > OSCAL_CHECKS_MAX ||
	    (m->nsubjects > 0 && m->nchecks > OSCAL_CELLS_MAX / m->nsubjects) ||
	    m->ngroups >= UINT32_MAX || m->npostures > m->nsubjects)
		return fault(p->f, FAULT_LIMIT,
		    "report: %zu checks of %zu subjects are more than one "
		    "report holds",
		    m->nchecks, m->nsubjects);
	p->cells = calloc(m->nchecks * m->nsubjects + 1, sizeof(*p->cells));
	p->members = calloc(m->nsubjects + 1, sizeof(*p->members));
	p->first = calloc(m->npostures + 2, sizeof(*p->first));
	p->order = calloc(m->npostures + 1, sizeof(*p->order));
	p->tally = calloc(m->npostures + 1, sizeof(*p->tally));
	p->groups = calloc(m->nchecks + 2, sizeof(*p->groups));
	p->counts = calloc(m->nchecks + 1, sizeof(*p->counts));
	if (p->cells == NULL || p->members == NULL || p->first == NULL ||
	    p->order == NULL || p->tally == NULL || p->groups == NULL ||
	    p->counts == NULL)
		return fault_memory(p->f);
	if (index_groups(p) == -1 || index_postures(p) == -1 ||
	    check_postures(p) == -1)
		return -1;
	for (size_t i = 0; i < m->npostures; i++)
		p->order[i] = i;
	qsort_r(p->order, m->npostures, sizeof(*p->order), compare_postures, p);
	return 0;
}
