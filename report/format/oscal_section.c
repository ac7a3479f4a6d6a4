/*
 * Sections: a table each, as a part of the result's attestation, whose prose
 * may hold tables (OSCAL assessment-part). The name of the query that gives
 * every row stands in a prop.
 */
#include "report/format/oscal_parts.h"

static void
write_row(struct pen *p, const char *cell, const char *const *values, size_t n)
{
	pen_begin(p, "tr");
	for (size_t i = 0; i < n; i++)
		if (values[i] == NULL || values[i][0] == '\0') {
			pen_begin(p, cell);
			pen_end(p);
		} else {
			pen_leaf(p, cell, values[i]);
		}
	pen_end(p);
}

static void
write_section(struct pen *p, const struct model_section *t)
{
	pen_begin(p, "part");
	pen_attr(p, "uuid", t->uuid);
	pen_attr(p, "name", "table");
	pen_attr(p, "ns", OSCAL_OWN_NS);
	pen_attr(p, "class", t->name);
	pen_leaf(p, "title", t->title);
	pen_prop(p, "query", t->name);
	pen_prop_count(p, "rows", t->all);
	if (t->period)
		pen_prop(p, "over", "period");
	if (t->first)
		pen_prop(p, "page", "first");
	if (t->chart != NULL)
		pen_prop(p, "shown-as", t->chart);
	pen_leaf(p, "p", t->about);
	pen_begin(p, "table");
	write_row(p, "th", t->columns, t->ncolumns);
	for (size_t i = 0; i < t->nrows; i++)
		write_row(p, "td", t->cells + i * t->ncolumns, t->ncolumns);
	pen_end(p);
	pen_end(p);
}

void
oscal_sections(struct pen *p)
{
	if (p->m->nsections == 0)
		return;
	pen_begin(p, "attestation");
	for (size_t i = 0; i < p->m->nsections; i++)
		write_section(p, &p->m->sections[i]);
	pen_end(p);
}
