/* Local definitions: checks as activities, subjects as inventory items. */
#include "report/format/oscal_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
write_control_props(struct pen *p, const struct model_check *c)
{
	char class[NAME_LEN];

	for (size_t i = 0; i < c->ncontrols; i++) {
		pen_token(c->controls[i].framework, class);
		pen_prop_begin(p, "control", class, c->controls[i].id);
		pen_end(p);
	}
}

static void
write_step(struct pen *p, size_t check, const char *name, const char *title,
    const char *what)
{
	char id[UUID_LEN];

	pen_uuid(p, id, "step/%zu/%s", check, name);
	pen_begin(p, "step");
	pen_attr(p, "uuid", id);
	pen_leaf(p, "title", title);
	pen_block(p, "description", what);
	pen_end(p);
}

static void
write_related_controls(struct pen *p, const struct model_check *c)
{
	char id[NAME_LEN];
	bool any = false;

	for (size_t i = 0; i < c->ncontrols; i++) {
		if (!control_is_nist(&c->controls[i]))
			continue;
		if (!any) {
			pen_begin(p, "related-controls");
			pen_begin(p, "control-selection");
			any = true;
		}
		pen_token(c->controls[i].id, id);
		pen_begin(p, "include-control");
		pen_attr(p, "control-id", id);
		pen_end(p);
	}
	if (any) {
		pen_end(p);
		pen_end(p);
	}
}

void
oscal_activity(struct pen *p, size_t i, bool judged)
{
	const struct model_check *c = &p->m->checks[i];
	char number[NAME_LEN];

	(void)snprintf(number, sizeof(number), "C%zu", i + 1);
	pen_begin(p, "activity");
	pen_attr(p, "uuid", c->uuid);
	pen_leaf(p, "title", c->title);
	pen_block(p, "description", c->rationale);
	pen_prop(p, "check", c->id);
	pen_prop(p, "number", number);
	pen_prop(p, "severity", c->severity);
	pen_prop(p, "layer", c->layer);
	pen_prop(p, "sha256", c->sha256);
	if (judged) {
		pen_prop(p, "verdict",
		    oscal_states[check_verdict(p->counts[i])].name);
		for (size_t v = 0; v < VERDICTS; v++)
			pen_prop_count(
			    p, oscal_states[v].name, p->counts[i][v]);
	}
	write_control_props(p, c);
	for (size_t k = 0; k < c->nreferences; k++)
		pen_prop(p, "reference", c->references[k]);
	write_step(p, i, "read", "Take the population",
	    "Every subject that ought to be there is taken from the store as "
	    "of the run, whether or not evidence of it exists.");
	write_step(p, i, "judge", "Judge",
	    "The check is one SQL query over the evidence; it gives each "
	    "subject one verdict and the reason for it. Evidence that is "
	    "missing, refused or unreadable gives unknown.");
	write_related_controls(p, c);
	if (c->remediation != NULL)
		pen_block(p, "remarks", c->remediation);
	pen_end(p);
}

/* ------------------------------------------------- the result's subjects -- */

static void
write_component_end(struct pen *p, const char *state)
{
	pen_begin(p, "status");
	pen_attr(p, "state", state);
	pen_end(p);
	pen_end(p);
}

static void
write_tool(struct pen *p)
{
	char id[UUID_LEN];

	pen_uuid(p, id, "tool");
	pen_begin(p, "component");
	pen_attr(p, "uuid", id);
	pen_attr(p, "type", "software");
	pen_leaf(p, "title", "exhibit");
	pen_block(p, "description",
	    "Collected the evidence, judged it and wrote this document.");
	pen_prop_oscal(p, "version", p->m->exhibit);
	pen_prop(p, "module", p->m->module);
	write_component_end(p, "operational");
}

static bool
has_prop(const struct model_subject *s, const struct model_prop *want)
{
	for (size_t i = 0; i < s->nprops; i++)
		if (strcmp(s->props[i].name, want->name) == 0)
			return strcmp(s->props[i].value, want->value) == 0;
	return false;
}

/*
 * What all subjects of a posture say alike: props of its first member, by
 * number. Of one subject it is nothing: all it says is its own.
 */
struct common {
	const struct model_subject *of;
	bool *is; /* for each of its props */
};

static void
common_find(struct pen *p, size_t posture, struct common *c)
{
	size_t n = index_posture_size(p, posture);
	const size_t *s = p->members + p->first[posture];

	c->of = &p->m->subjects[s[0]];
	c->is = calloc(c->of->nprops + 1, sizeof(*c->is));
	if (c->is == NULL) {
		pen_fault(p, FAULT_IO, "OSCAL: out of memory");
		return;
	}
	for (size_t k = 0; n > 1 && k < c->of->nprops; k++) {
		c->is[k] = true;
		for (size_t i = 1; i < n && c->is[k]; i++)
			c->is[k] =
			    has_prop(&p->m->subjects[s[i]], &c->of->props[k]);
	}
}

static bool
common_has(const struct common *c, const struct model_prop *prop)
{
	for (size_t k = 0; k < c->of->nprops; k++)
		if (c->is[k] && strcmp(c->of->props[k].name, prop->name) == 0)
			return true;
	return false;
}

/* The reason all members share, or NULL. */
static const char *
common_reason(const struct pen *p, size_t posture, size_t check)
{
	const struct model_group *g =
	    index_cell(p, check, p->members[p->first[posture]]);

	for (size_t i = p->first[posture]; i < p->first[posture + 1]; i++)
		if (index_cell(p, check, p->members[i]) != g)
			return NULL;
	return g->reason;
}

static void
write_posture_verdicts(struct pen *p, size_t posture)
{
	for (size_t c = 0; c < p->m->nchecks; c++) {
		const struct model_group *g =
		    index_cell(p, c, p->members[p->first[posture]]);
		char class[NAME_LEN];
		const char *why;

		if (g == NULL)
			continue;
		(void)snprintf(class, sizeof(class), "C%zu", c + 1);
		pen_prop_begin(
		    p, "verdict", class, oscal_states[g->verdict].name);
		why = common_reason(p, posture, c);
		if (g->verdict != VERDICT_SATISFIED)
			pen_block(p, "remarks",
			    why != NULL ? why
					: "For different reasons; see the "
					  "observations.");
		pen_end(p);
	}
}

static void
write_column(struct pen *p, const char *name, const struct model_prop *prop)
{
	char class[NAME_LEN];

	pen_token(prop->name, class);
	pen_prop_begin(p, name, class, prop->value);
	pen_end(p);
}

/* A posture's component: what its members share, so that it is said once. */
static void
write_posture(struct pen *p, size_t posture, size_t rank)
{
	size_t n = index_posture_size(p, posture);
	struct common common = { 0 };
	char id[UUID_LEN], label[NAME_LEN];

	if (n == 0)
		return;
	common_find(p, posture, &common);
	pen_uuid(p, id, "posture/%zu", posture);
	(void)snprintf(label, sizeof(label), "P%zu", rank + 1);
	pen_begin(p, "component");
	pen_attr(p, "uuid", id);
	pen_attr(p, "type", "posture");
	pen_leaff(p, "title", "Posture %s", label);
	pen_block(p, "description",
	    n > 1 ? "Subjects that are alike in every verdict. What all of "
		    "them say stands here, as common; each has only what it "
		    "says for itself."
		  : "One subject: no other has the same verdicts.");
	pen_prop(p, "number", label);
	pen_prop(p, "kind", common.of->kind);
	pen_prop_count(p, "subjects", n);
	for (size_t v = 0; v < VERDICTS; v++)
		pen_prop_count(p, oscal_states[v].name,
		    index_posture_count(p, posture, (enum verdict)v));
	for (size_t i = 0; !p->failed && i < common.of->nprops; i++)
		if (common.is[i])
			write_column(p, "common", &common.of->props[i]);
	free(common.is);
	write_posture_verdicts(p, posture);
	write_component_end(p, "other");
}

static void
write_item(
    struct pen *p, const struct model_subject *s, const struct common *common)
{
	char id[UUID_LEN];

	pen_begin(p, "inventory-item");
	pen_attr(p, "uuid", s->uuid);
	pen_begin(p, "description");
	pen_leaff(p, "p", "%s %s in %s", s->kind, s->key, s->scope);
	pen_end(p);
	pen_prop(p, "kind", s->kind);
	pen_prop(p, "scope", s->scope);
	pen_prop(p, "key", s->key);
	pen_prop(p, "outcome", s->outcome);
	pen_prop(p, "reason", s->reason);
	pen_prop(p, "first-seen", s->first_seen);
	pen_prop(p, "last-seen", s->last_seen);
	for (size_t i = 0; i < s->nprops; i++)
		if (!common_has(common, &s->props[i]))
			write_column(p, "column", &s->props[i]);
	pen_uuid(p, id, "posture/%zu", s->posture);
	pen_begin(p, "implemented-component");
	pen_attr(p, "component-uuid", id);
	pen_end(p);
	pen_end(p);
}

static void
write_members(struct pen *p, size_t posture)
{
	struct common common = { 0 };

	if (index_posture_size(p, posture) == 0)
		return;
	common_find(p, posture, &common);
	for (size_t k = p->first[posture];
	     !p->failed && k < p->first[posture + 1]; k++)
		write_item(p, &p->m->subjects[p->members[k]], &common);
	free(common.is);
}

void
oscal_local_definitions(struct pen *p)
{
	pen_begin(p, "local-definitions");
	write_tool(p);
	for (size_t i = 0; i < p->m->npostures; i++)
		write_posture(p, p->order[i], i);
	oscal_modules(p); /* after these: the page reads no further */
	/* by posture, as the page shows them */
	for (size_t i = 0; i < p->m->npostures; i++)
		write_members(p, p->order[i]);
	pen_end(p);
}
