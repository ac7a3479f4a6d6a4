/* Ubuntu Pro: the FIPS services of the client's status.json. */
#include <string.h>

#include "base/length.h"

#include "collector/node/parts.h"

#define STATUS "/var/lib/ubuntu-advantage/status.json"
#define WORD_MAX 32

/* seen: the names so far; of two of one name the first counts. */
static int
emit_service(
    struct parts *p, const json_t *service, json_t *seen, struct fault *f)
{
	static const char *const columns[] = { "available", "entitled",
		"status" };
	const char *name = json_string_value(json_object_get(service, "name"));
	ATTRS_AUTO(a);

	if (name == NULL || strncmp(name, "fips", 4) != 0 ||
	    json_object_get(seen, name) != NULL)
		return 0;
	if (json_object_set_new(seen, name, json_true()) == -1)
		return fault_memory(f);
	for (size_t i = 0; i < LENGTH(columns); i++) {
		const char *s =
		    json_string_value(json_object_get(service, columns[i]));

		put_span(&a, columns[i],
		    s == NULL ? (struct span){ NULL, 0 } : span_of(s),
		    WORD_MAX);
	}
	return emit_observed(p->e, &node_pro_service_kind, name, &a, STATUS, f);
}

static int
refuse(
    struct parts *p, enum outcome outcome, const char *reason, struct fault *f)
{
	if (outcome != OUTCOME_ABSENT &&
	    part_gap(p, &node_pro_service_kind, outcome, reason, f) == -1)
		return -1;
	return emit_outcome(
	    p->e, &node_pro_service_kind, "*", outcome, reason, STATUS, f);
}

int
pro_emit(struct parts *p, struct fault *f)
{
	struct reading r = part_read(p, STATUS);
	json_t *status, *services, *one, *seen;
	struct fault why;
	int rc = 0;
	size_t i;

	if (r.outcome == OUTCOME_ABSENT && strcmp(p->family, "ubuntu") != 0)
		return 0;
	if (r.outcome != OUTCOME_OBSERVED)
		return refuse(p, r.outcome, r.reason, f);
	status = json_read(r.text.p, r.text.len, "status.json", &why);
	services = json_object_get(status, "services");
	if (status == NULL)
		rc = refuse(p, OUTCOME_ERROR, why.text, f);
	else if (!json_is_array(services))
		rc = refuse(
		    p, OUTCOME_ERROR, "status.json names no services", f);
	if ((seen = json_object()) == NULL)
		rc = fault_memory(f);
	json_array_foreach (services, i, one) {
		if (rc == 0)
			rc = emit_service(p, one, seen, f);
	}
	json_decref(seen);
	json_decref(status);
	return rc;
}
