/*
 * Bottlerocket's own word: the marker files of its boot checks, the Go
 * environment of generate-fips-env.service, and `apiclient report fips`
 * (bottlerocket-core-kit, sources/bloodhound).
 */
#include <string.h>

#include "base/length.h"

#include "collector/node/parts.h"

#define KERNEL_MARKER "/etc/.fips-kernel-check-passed"
#define MODULE_MARKER "/etc/.fips-module-check-passed"
#define GO_ENV "/run/fips-go.env"

bool
go_fips140(struct span text, struct span *value)
{
	struct span line, rest;
	bool found = false;

	while (span_line(&text, &line)) {
		line = span_trim(line);
		if (!span_is(span_until(line, '=', &rest), "GODEBUG"))
			continue;
		if (rest.len > 1 && (rest.p[0] == '"' || rest.p[0] == '\'') &&
		    rest.p[rest.len - 1] == rest.p[0]) {
			rest.p++;
			rest.len -= 2;
		}
		while (rest.p != NULL) {
			struct span item = span_until(rest, ',', &rest), v;

			if (span_is(span_until(item, '=', &v), "fips140") &&
			    v.p != NULL) {
				*value = v;
				found = true;
			}
		}
	}
	return found;
}

/* results is an object by check name; each has its id and its status. */
static void
put_result(struct attrs *a, const char *key, const char *id, json_t *report)
{
	json_t *results = json_object_get(report, "results"), *one;
	const char *name;

	put_null(a, key);
	json_object_foreach (results, name, one) {
		const char *s = json_string_value(json_object_get(one, "id"));
		const char *status =
		    json_string_value(json_object_get(one, "status"));

		if (s != NULL && strcmp(s, id) == 0 && status != NULL)
			put_span(a, key, span_of(status), 16);
	}
}

static void
put_report(const struct parts *p, struct attrs *a)
{
	struct reading r = part_run(p, APICLIENT_REPORT);
	enum outcome o = r.outcome;
	json_t *report = NULL;
	struct fault f;

	if (o == OUTCOME_OBSERVED) {
		if (r.entry->status == 0)
			report =
			    json_read(r.text.p, r.text.len, "apiclient", &f);
		if (!json_is_object(json_object_get(report, "results")))
			o = OUTCOME_ERROR;
	}
	put_result(a, "report_1_0", "1.0", report);
	put_result(a, "report_1_1", "1.1", report);
	put_result(a, "report_1_2", "1.2", report);
	put_outcome(a, "report_outcome", o);
	json_decref(report);
}

static bool
concerns(const struct parts *p)
{
	static const char *const signs[] = { KERNEL_MARKER, MODULE_MARKER,
		GO_ENV };

	if (strcmp(p->family, "bottlerocket") == 0)
		return true;
	for (size_t i = 0; i < LENGTH(signs); i++)
		if (snapshot_outcome(p->s, signs[i]) == OUTCOME_OBSERVED)
			return true;
	return false;
}

int
bottlerocket_emit(struct parts *p, struct fault *f)
{
	struct reading go = part_read(p, GO_ENV);
	struct span mode = { NULL, 0 };
	ATTRS_AUTO(a);

	if (!concerns(p))
		return p->os_known
			   ? 0
			   : part_gap(p, &node_bottlerocket_kind, OUTCOME_ERROR,
				 "the operating system is not known", f);
	if (p->os_variant.len > 0)
		attrs_bool(&a, "fips_variant",
		    span_ends(
			(struct span){ p->os_variant.p, p->os_variant.len },
			"-fips"));
	else
		put_null(&a, "fips_variant");
	if (go.outcome == OUTCOME_OBSERVED)
		(void)go_fips140(go.text, &mode);
	put_span(&a, "go_fips140", mode, 16);
	put_outcome(&a, "kernel_check", snapshot_outcome(p->s, KERNEL_MARKER));
	put_outcome(&a, "module_check", snapshot_outcome(p->s, MODULE_MARKER));
	put_report(p, &a);
	return emit_observed(p->e, &node_bottlerocket_kind, p->host, &a,
	    "/etc/.fips-*, /run/fips-go.env, apiclient report fips", f);
}
