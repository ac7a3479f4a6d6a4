/* Observations, risks and findings of the result. */
#include "base/json.h"
#include "report/format/oscal_parts.h"

#include <stdio.h>
#include <string.h>

#define WRITTEN SIZE_MAX /* in the tally: a posture that stands already */

static void
write_origin(struct pen *p)
{
	char id[UUID_LEN];

	pen_uuid(p, id, "tool");
	pen_begin(p, "origin");
	pen_begin(p, "actor");
	pen_attr(p, "type", "tool");
	pen_attr(p, "actor-uuid", id);
	pen_end(p);
	pen_end(p);
}

static void
write_item(struct pen *p, const struct model_subject *s)
{
	pen_begin(p, "subject");
	pen_attr(p, "subject-uuid", s->uuid);
	pen_attr(p, "type", "inventory-item");
	pen_end(p);
}

static void
write_posture(struct pen *p, size_t posture)
{
	char id[UUID_LEN];

	pen_uuid(p, id, "posture/%zu", posture);
	pen_begin(p, "subject");
	pen_attr(p, "subject-uuid", id);
	pen_attr(p, "type", "component");
	pen_prop_count(p, "subjects", index_posture_size(p, posture));
	pen_end(p);
}

/*
 * A posture all of whose members are in the group stands for them: its
 * component says which items implement it. The others stand one by one.
 */
static void
write_subjects(struct pen *p, const struct model_group *g)
{
	for (size_t i = 0; i < g->nsubjects; i++)
		p->tally[p->m->subjects[g->subjects[i]].posture]++;
	for (size_t i = 0; i < g->nsubjects; i++) {
		const struct model_subject *s = &p->m->subjects[g->subjects[i]];
		size_t *in = &p->tally[s->posture];

		if (*in == WRITTEN)
			continue;
		if (*in > 1 && *in == index_posture_size(p, s->posture)) {
			write_posture(p, s->posture);
			*in = WRITTEN;
		} else {
			write_item(p, s);
		}
	}
	for (size_t i = 0; i < g->nsubjects; i++)
		p->tally[p->m->subjects[g->subjects[i]].posture] = 0;
}

/* The description is the label of the evidence, E1 ..., in the index. */
static void
write_relevant(struct pen *p, size_t i)
{
	pen_begin(p, "relevant-evidence");
	pen_attr_ref(p, "href", p->m->evidence[i].uuid);
	pen_begin(p, "description");
	pen_leaff(p, "p", "E%zu", i + 1);
	pen_end(p);
	pen_end(p);
}

void
oscal_covered(struct pen *p, const struct model_group *g)
{
	for (size_t i = 0; i < g->ncovered; i++) {
		const struct model_exception *e =
		    &p->m->exceptions[g->covered[i].exception];
		BUF_AUTO(value, 4 * TEXT_MAX);

		buf_printf(&value,
		    "%s for %zu of %zu, until %.10s, owner %s, approved by %s",
		    e->id, g->covered[i].subjects, g->nsubjects, e->expires,
		    e->owner, e->approver);
		if (value.failed != FAULT_NONE)
			pen_fault(p, FAULT_IO, "OSCAL: out of memory");
		else
			pen_prop(p, "exception", value.p);
	}
}

static void
write_observation(
    struct pen *p, const struct model_group *g, const char *number)
{
	const struct model_check *c = &p->m->checks[g->check];

	pen_begin(p, "observation");
	pen_attr(p, "uuid", g->uuid);
	pen_leaf(p, "title", c->title);
	pen_block(p, "description", g->reason);
	pen_prop(p, "number", number);
	pen_prop(p, "check", c->id);
	pen_prop(p, "verdict", oscal_states[g->verdict].name);
	pen_prop(p, "since", g->since);
	pen_prop_count(p, "subjects", g->nsubjects);
	pen_prop_count(p, "evidence", g->nevidence);
	oscal_covered(p, g);
	pen_leaf(p, "method", group_method(p->m, g));
	pen_leaf(p, "type", oscal_types[g->verdict]);
	write_origin(p);
	write_subjects(p, g);
	for (size_t i = 0; i < g->nevidence; i++)
		write_relevant(p, g->evidence[i]);
	pen_leaf(p, "collected", group_collected(p, g));
	pen_end(p);
}

void
oscal_observations(struct pen *p)
{
	char number[NAME_LEN];
	size_t k = 0;

	for (size_t i = 0; i < p->m->ngroups; i++) {
		const struct model_group *g = &p->m->groups[i];

		k = i > 0 && g[-1].check == g->check ? k + 1 : 1;
		(void)snprintf(
		    number, sizeof(number), "C%zu.%zu", g->check + 1, k);
		write_observation(p, g, number);
	}
}

/* The groups of a check that judge it, or only those that fail it. */
static void
write_related(struct pen *p, size_t check, bool failing_only)
{
	for (size_t i = p->groups[check]; i < p->groups[check + 1]; i++) {
		const struct model_group *g = &p->m->groups[i];

		if (g->verdict == VERDICT_NOT_APPLICABLE)
			continue;
		if (failing_only && g->verdict != VERDICT_NOT_SATISFIED)
			continue;
		pen_begin(p, "related-observation");
		pen_attr(p, "observation-uuid", g->uuid);
		pen_end(p);
	}
}

void
oscal_risk(struct pen *p, size_t i)
{
	const struct model_check *c = &p->m->checks[i];
	size_t failing = p->counts[i][VERDICT_NOT_SATISFIED];
	char id[UUID_LEN];

	pen_uuid(p, id, "risk/%zu", i);
	pen_begin(p, "risk");
	pen_attr(p, "uuid", id);
	pen_leaf(p, "title", c->title);
	pen_begin(p, "description");
	pen_leaff(p, "p", "Not satisfied by %zu %s.", failing,
	    failing == 1 ? "subject" : "subjects");
	pen_end(p);
	pen_block(p, "statement", c->rationale);
	pen_prop(p, "check", c->id);
	pen_prop(p, "severity", c->severity);
	pen_leaf(p, "status", "open");
	write_origin(p);
	if (c->remediation != NULL) {
		pen_uuid(p, id, "response/%zu", i);
		pen_begin(p, "response");
		pen_attr(p, "uuid", id);
		pen_attr(p, "lifecycle", "recommendation");
		pen_leaf(p, "title", "Remediation");
		pen_block(p, "description", c->remediation);
		pen_end(p);
	}
	write_related(p, i, true);
	pen_end(p);
}

/* target: a control of the NIST catalogs, or the check where none is named */
static void
write_finding(struct pen *p, size_t i, size_t k, const char *target)
{
	const struct model_check *c = &p->m->checks[i];
	enum verdict v = check_verdict(p->counts[i]);
	char id[UUID_LEN], objective_id[NAME_LEN + 8];

	pen_uuid(p, id, "finding/%zu/%zu", i, k);
	control_objective(target, objective_id);
	pen_begin(p, "finding");
	pen_attr(p, "uuid", id);
	pen_leaff(p, "title", "%s: %s", target, c->title);
	pen_block(p, "description",
	    "What this check alone says of the objective. Whether the "
	    "objective is met as a whole is for the assessor.");
	pen_prop(p, "check", c->id);
	pen_prop(p, "verdict", oscal_states[v].name);
	write_origin(p);
	pen_begin(p, "target");
	pen_attr(p, "type", "objective-id");
	pen_attr(p, "target-id", objective_id);
	pen_begin(p, "status");
	pen_attr(p, "state", oscal_states[v].state);
	pen_attr(p, "reason", oscal_states[v].reason);
	pen_end(p);
	pen_end(p);
	write_related(p, i, false);
	if (v == VERDICT_NOT_SATISFIED) {
		pen_uuid(p, id, "risk/%zu", i);
		pen_begin(p, "associated-risk");
		pen_attr(p, "risk-uuid", id);
		pen_end(p);
	}
	pen_end(p);
}

void
oscal_findings(struct pen *p, size_t i)
{
	const struct model_check *c = &p->m->checks[i];
	char target[NAME_LEN];
	bool any = false;

	if (oscal_states[check_verdict(p->counts[i])].state == NULL)
		return; /* nothing was judged: the observations say so */
	for (size_t k = 0; k < c->ncontrols; k++)
		if (control_is_nist(&c->controls[k])) {
			pen_token(c->controls[k].id, target);
			write_finding(p, i, k, target);
			any = true;
		}
	if (!any) {
		pen_token(c->id, target);
		write_finding(p, i, c->ncontrols, target);
	}
}
