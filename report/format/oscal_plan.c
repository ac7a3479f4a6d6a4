/*
 * The plan that a report followed: which controls, which subjects, and what
 * is done to judge them. Elements in the order of the schema's sequence
 * (oscal_assessment-plan_schema.xsd, 1.0.6 and 1.2.2 alike).
 */
#include "report/format/oscal_parts.h"

/* A plan speaks of what will be judged: no verdict stands in it. */
static void
write_activities(struct pen *p)
{
	pen_begin(p, "local-definitions");
	for (size_t i = 0; i < p->m->nchecks; i++)
		oscal_activity(p, i, false);
	pen_end(p);
}

static void
write_all_subjects(struct pen *p, const char *element)
{
	pen_begin(p, element);
	pen_attr(p, "type", "inventory-item");
	pen_block(p, "description",
	    "Every subject that ought to be there, of every place that the "
	    "collectors are told to ask, whether or not it answers.");
	pen_begin(p, "include-all");
	pen_end(p);
	pen_end(p);
}

static void
write_task(struct pen *p)
{
	char id[UUID_LEN];

	pen_uuid(p, id, "plan/task");
	pen_begin(p, "task");
	pen_attr(p, "uuid", id);
	pen_attr(p, "type", "action");
	pen_leaf(p, "title", "Collect, judge and report");
	pen_block(p, "description",
	    "Evidence is read and kept as it came; each check is one query "
	    "over it. What is missing, refused or unreadable is unknown.");
	for (size_t i = 0; i < p->m->nchecks; i++) {
		pen_begin(p, "associated-activity");
		pen_attr(p, "activity-uuid", p->m->checks[i].uuid);
		write_all_subjects(p, "subject");
		pen_end(p);
	}
	pen_end(p);
}

static void
write_plan(struct pen *p)
{
	char id[UUID_LEN], ssp[UUID_LEN];

	pen_uuid(p, id, "assessment-plan");
	pen_uuid(p, ssp, "ssp");
	pen_begin(p, "assessment-plan");
	pen_attr(p, "xmlns", OSCAL_NS);
	pen_attr(p, "uuid", id);
	oscal_metadata(p);
	pen_begin(p, "import-ssp");
	pen_attr_ref(p, "href", ssp);
	pen_end(p);
	if (p->m->nchecks > 0)
		write_activities(p);
	oscal_reviewed_controls(p);
	write_all_subjects(p, "assessment-subject");
	write_task(p);
	pen_begin(p, "back-matter");
	pen_begin(p, "resource");
	pen_attr(p, "uuid", ssp);
	pen_leaf(p, "title", "No system security plan was supplied");
	pen_end(p);
	pen_end(p);
	pen_end(p);
}

int
oscal_plan(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return oscal_document(m, c, write_plan, out, f);
}
