/*
 * Plan of action and milestones: an item for every check that something does
 * not satisfy, or that could not be answered. An item's UUID comes from the
 * store's name and the check's id, so it is the same quarter after quarter for
 * as long as the weakness is open.
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "report/format/oscal_parts.h"

struct weakness { /* of one check */
	size_t check;
	enum verdict verdict;
	const char *since;
	size_t covered; /* subjects that open exceptions speak of */
};

static bool
is_open(const struct pen *p, size_t check)
{
	return p->counts[check][VERDICT_NOT_SATISFIED] +
		   p->counts[check][VERDICT_UNKNOWN] >
	       0;
}

static struct weakness
look_at(const struct pen *p, size_t check)
{
	struct weakness w = { .check = check,
		.verdict = p->counts[check][VERDICT_NOT_SATISFIED] > 0
			       ? VERDICT_NOT_SATISFIED
			       : VERDICT_UNKNOWN };

	for (size_t i = p->groups[check]; i < p->groups[check + 1]; i++) {
		const struct model_group *g = &p->m->groups[i];

		if (g->verdict != w.verdict)
			continue;
		if (pen_is_time(g->since) &&
		    (w.since == NULL || strcmp(g->since, w.since) < 0))
			w.since = g->since;
		for (size_t k = 0; k < g->ncovered; k++)
			w.covered += g->covered[k].subjects;
	}
	return w;
}

/* The same for this weakness in every plan of this store. */
static void
stable_uuid(
    struct pen *p, const char *what, const char *check, char out[UUID_LEN])
{
	BUF_AUTO(name, 4096);

	out[0] = '\0';
	buf_printf(&name, "%s/%s/%s", p->m->checkpoint.origin, what, check);
	if (name.failed != FAULT_NONE)
		pen_fault(p, FAULT_LIMIT, "POA&M: a name is too long");
	else if (!p->failed && uuid_of(p->crypto, name.p, out, p->f) == -1)
		p->failed = true;
}

static void
write_observation(struct pen *p, const struct model_group *g)
{
	pen_begin(p, "observation");
	pen_attr(p, "uuid", g->uuid);
	pen_block(p, "description", g->reason);
	pen_prop(p, "check", p->m->checks[g->check].id);
	pen_prop(p, "verdict", oscal_states[g->verdict].name);
	pen_prop_count(p, "subjects", g->nsubjects);
	pen_prop(p, "since", g->since);
	oscal_covered(p, g);
	pen_leaf(p, "method", group_method(p->m, g));
	pen_leaf(p, "type", oscal_types[g->verdict]);
	pen_leaf(p, "collected", group_collected(p, g));
	pen_end(p);
}

static void
write_related(struct pen *p, const struct weakness *w)
{
	for (size_t i = p->groups[w->check]; i < p->groups[w->check + 1]; i++) {
		const struct model_group *g = &p->m->groups[i];

		if (g->verdict != VERDICT_NOT_SATISFIED &&
		    g->verdict != VERDICT_UNKNOWN)
			continue;
		pen_begin(p, "related-observation");
		pen_attr(p, "observation-uuid", g->uuid);
		pen_end(p);
	}
}

static void
write_risk(struct pen *p, const struct weakness *w)
{
	const struct model_check *c = &p->m->checks[w->check];
	char id[UUID_LEN];

	stable_uuid(p, "poam-risk", c->id, id);
	pen_begin(p, "risk");
	pen_attr(p, "uuid", id);
	pen_leaf(p, "title", c->title);
	pen_begin(p, "description");
	pen_leaff(p, "p", "Not satisfied by %zu, not known of %zu.",
	    p->counts[w->check][VERDICT_NOT_SATISFIED],
	    p->counts[w->check][VERDICT_UNKNOWN]);
	pen_end(p);
	pen_block(p, "statement", c->rationale);
	pen_prop(p, "severity", c->severity);
	pen_leaf(p, "status",
	    w->verdict == VERDICT_NOT_SATISFIED ? "open" : "investigating");
	if (c->remediation != NULL) {
		stable_uuid(p, "poam-response", c->id, id);
		pen_begin(p, "response");
		pen_attr(p, "uuid", id);
		pen_attr(p, "lifecycle", "recommendation");
		pen_leaf(p, "title", "Remediation");
		pen_block(p, "description", c->remediation);
		pen_end(p);
	}
	write_related(p, w);
	pen_end(p);
}

static void
write_item(struct pen *p, const struct weakness *w)
{
	const struct model_check *c = &p->m->checks[w->check];
	char id[UUID_LEN];

	stable_uuid(p, "poam-item", c->id, id);
	pen_begin(p, "poam-item");
	pen_attr(p, "uuid", id);
	pen_leaf(p, "title", c->title);
	pen_begin(p, "description");
	pen_leaff(p, "p", "Check %s is %s for %zu of the subjects it judged.",
	    c->id,
	    w->verdict == VERDICT_NOT_SATISFIED ? "not satisfied" : "not known",
	    p->counts[w->check][w->verdict]);
	pen_end(p);
	pen_prop(p, "check", c->id);
	pen_prop(p, "severity", c->severity);
	pen_prop(p, "verdict", oscal_states[w->verdict].name);
	pen_prop(p, "since", w->since);
	pen_prop_count(
	    p, "not-satisfied", p->counts[w->check][VERDICT_NOT_SATISFIED]);
	pen_prop_count(p, "unknown", p->counts[w->check][VERDICT_UNKNOWN]);
	pen_prop_count(p, "covered-by-exceptions", w->covered);
	for (size_t i = 0; i < c->ncontrols; i++) {
		char class[NAME_LEN];

		pen_token(c->controls[i].framework, class);
		pen_prop_begin(p, "control", class, c->controls[i].id);
		pen_end(p);
	}
	write_related(p, w);
	stable_uuid(p, "poam-risk", c->id, id);
	pen_begin(p, "associated-risk");
	pen_attr(p, "risk-uuid", id);
	pen_end(p);
	pen_end(p);
}

static void
each(struct pen *p, void (*write)(struct pen *, const struct weakness *))
{
	for (size_t i = 0; i < p->m->nchecks; i++) {
		struct weakness w;

		if (!is_open(p, i))
			continue;
		w = look_at(p, i);
		write(p, &w);
	}
}

static void
write_plan(struct pen *p)
{
	char id[UUID_LEN];

	pen_uuid(p, id, "poam");
	pen_begin(p, "plan-of-action-and-milestones");
	pen_attr(p, "xmlns", OSCAL_NS);
	pen_attr(p, "uuid", id);
	oscal_metadata(p);
	for (size_t i = 0; i < p->m->ngroups; i++)
		if (p->m->groups[i].verdict == VERDICT_NOT_SATISFIED ||
		    p->m->groups[i].verdict == VERDICT_UNKNOWN)
			write_observation(p, &p->m->groups[i]);
	each(p, write_risk);
	each(p, write_item);
	oscal_provenance(p);
	pen_end(p);
}

bool
oscal_poam_empty(const struct model *m)
{
	for (size_t i = 0; i < m->ngroups; i++)
		if (m->groups[i].verdict == VERDICT_NOT_SATISFIED ||
		    m->groups[i].verdict == VERDICT_UNKNOWN)
			return false;
	return true;
}

int
oscal_poam(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return oscal_document(m, c, write_plan, out, f);
}
