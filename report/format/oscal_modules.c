/*
 * Cryptographic modules as OSCAL components: one of type software for each that
 * was found, and one of type validation for each certificate in question, with
 * the props and link that OSCAL names for it (shared constraints, "component":
 * validation-type, validation-reference, link rel="validation").
 */
#include <stdio.h>
#include <string.h>

#include "report/format/oscal_parts.h"

static bool
is_first(const struct model *m, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (m->modules[k].certificate != NULL &&
		    strcmp(m->modules[k].certificate,
			m->modules[i].certificate) == 0)
			return false;
	return true;
}

/* OSCAL's words for a component's state: what is historical is put aside. */
static const char *
validation_state(const struct model_module *d)
{
	if (d->state != NULL && strcmp(d->state, "active") == 0)
		return "operational";
	return d->state != NULL && strcmp(d->state, "historical") == 0
		   ? "disposition"
		   : "other";
}

static void
write_state(struct pen *p, const char *state, const char *remarks)
{
	pen_begin(p, "status");
	pen_attr(p, "state", state);
	if (remarks != NULL)
		pen_block(p, "remarks", remarks);
	pen_end(p);
	pen_end(p); /* component */
}

static void
write_certificate(struct pen *p, const struct model_module *d)
{
	char type[32];

	(void)snprintf(type, sizeof(type), "fips-%.16s",
	    d->standard != NULL ? d->standard : "140");
	pen_begin(p, "component");
	pen_attr(p, "uuid", d->certificate_uuid);
	pen_attr(p, "type", "validation");
	pen_leaff(p, "title", "CMVP certificate %s", d->certificate);
	pen_block(p, "description",
	    d->certified != NULL ? d->certified : d->certificate);
	pen_prop_oscal(p, "validation-type", type);
	pen_prop_oscal(p, "validation-reference", d->certificate);
	pen_prop(p, "vendor", d->vendor);
	pen_prop(p, "level", d->level);
	pen_prop(p, "state", d->state);
	pen_prop(p, "status-on", d->status_on);
	pen_prop(p, "validated", d->validated);
	pen_prop(p, "sunset", d->sunset);
	if (d->source != NULL && strncmp(d->source, "https://", 8) == 0) {
		pen_begin(p, "link");
		pen_attr(p, "href", d->source);
		pen_attr(p, "rel", "validation-details");
		pen_end(p);
	}
	write_state(p, validation_state(d), d->status);
}

static void
write_title(struct pen *p, const struct model_module *d)
{
	if (d->name == NULL && d->version == NULL)
		pen_leaff(p, "title", "%s: no module is named", d->layer);
	else
		pen_leaff(p, "title", "%s: %s%s%s", d->layer,
		    d->name != NULL ? d->name : "",
		    d->name != NULL && d->version != NULL ? " " : "",
		    d->version != NULL ? d->version : "");
}

static void
write_module(struct pen *p, const struct model_module *d)
{
	pen_begin(p, "component");
	pen_attr(p, "uuid", d->uuid);
	pen_attr(p, "type", d->inherited != NULL ? "service" : "software");
	write_title(p, d);
	pen_block(p, "description", d->why != NULL ? d->why : d->basis);
	if (d->version != NULL)
		pen_prop_oscal(p, "version", d->version);
	pen_prop(p, "layer", d->layer);
	pen_prop(p, "module", d->name);
	pen_prop(p, "basis", d->basis);
	pen_prop(p, "environment", d->environment);
	pen_prop(p, "used-for", d->used_for);
	pen_prop(p, "inherited-from", d->inherited);
	pen_prop(p, "where", d->where);
	pen_prop_number(p, "places", d->places);
	if (d->certificate != NULL) {
		pen_begin(p, "link");
		pen_attr_ref(p, "href", d->certificate_uuid);
		pen_attr(p, "rel", "validation");
		pen_end(p);
	}
	write_state(
	    p, strcmp(d->basis, "none") == 0 ? "other" : "operational", NULL);
}

void
oscal_modules(struct pen *p)
{
	for (size_t i = 0; i < p->m->nmodules; i++)
		if (p->m->modules[i].certificate != NULL && is_first(p->m, i))
			write_certificate(p, &p->m->modules[i]);
	for (size_t i = 0; i < p->m->nmodules; i++)
		write_module(p, &p->m->modules[i]);
}
