/* See cbom.h. */
#include "report/format/cbom.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"

#define SCHEMA "http://cyclonedx.org/schema/bom-1.6.schema.json"

static json_t *
property(const char *name, const char *value)
{
	return json_pack("{s:s, s:o}", "name", name, "value",
	    json_text(value, strlen(value)));
}

/* When, as of when and from what: what a reader needs to trace it. */
static json_t *
metadata(const struct model *m)
{
	const char *system =
	    m->organization != NULL ? m->organization : m->title;
	char run[24], judgement[24];

	(void)snprintf(run, sizeof(run), "%lld", m->run.id);
	(void)snprintf(judgement, sizeof(judgement), "%lld", m->judgement);
	return json_pack("{s:{s:s, s:s, s:o}, s:[o, o, o, o], s:s, s:{s:[{s:s, "
			 "s:s, s:s}]}}",
	    "component", "bom-ref", "system", "type", "platform", "name",
	    json_text(system, strlen(system)), "properties",
	    property("exhibit:as-of", m->as_of), property("exhibit:run", run),
	    property("exhibit:judgement", judgement),
	    property("exhibit:profile", m->profile), "timestamp", m->made,
	    "tools", "components", "name", "exhibit", "type", "application",
	    "version", m->exhibit);
}

static json_t *
component(const struct model *m, struct crypto *c, size_t i, struct fault *f)
{
	char name[128], id[UUID_LEN];
	json_t *v = json_read(m->bom[i], strlen(m->bom[i]), "component", f);

	if (v == NULL)
		return NULL;
	(void)snprintf(name, sizeof(name), "%s/component/%zu", m->uuid, i);
	if (uuid_of(c, name, id, f) == 0) {
		if (json_object_set_new(v, "bom-ref", json_string(id)) == 0)
			return v;
		(void)fault_memory(f);
	}
	json_decref(v);
	return NULL;
}

static json_t *
components(const struct model *m, struct crypto *c, struct fault *f)
{
	json_t *list = json_array();

	if (list == NULL)
		(void)fault_memory(f);
	for (size_t i = 0; list != NULL && i < m->nbom; i++) {
		json_t *v = component(m, c, i, f);

		if (v != NULL && json_array_append_new(list, v) == 0)
			continue;
		if (v != NULL)
			(void)fault_memory(f);
		json_decref(list);
		return NULL;
	}
	return list;
}

int
cbom_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	json_t *list = components(m, c, f), *v;
	char serial[64];
	int rc;

	if (list == NULL)
		return -1;
	(void)snprintf(serial, sizeof(serial), "urn:uuid:%s", m->uuid);
	v = json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:i}", "$schema", SCHEMA,
	    "bomFormat", "CycloneDX", "components", list, "metadata",
	    metadata(m), "serialNumber", serial, "specVersion", "1.6",
	    "version", 1);
	if (v == NULL)
		return fault_memory(f);
	rc = json_canonical(v, out, f);
	json_decref(v);
	if (rc == 0)
		buf_putc(out, '\n');
	return rc == 0 ? buf_done(out, "bill of materials", f) : -1;
}
