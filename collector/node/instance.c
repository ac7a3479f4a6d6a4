/* What IMDSv2 said, as imds.c wrote it down. */
#include "collector/node/parts.h"

#include "base/length.h"

int
instance_emit(struct parts *p, struct fault *f)
{
	static const char *const columns[] = { "account", "image_id",
		"instance_id", "instance_type", "region" };
	static const char source[] = "IMDSv2 http://169.254.169.254/latest";
	struct reading r = part_read(p, IMDS_ENTRY);
	json_t *doc = NULL;
	struct fault why;
	ATTRS_AUTO(a);

	if (r.entry == NULL) /* nobody asked: nothing to say, not absence */
		return part_gap(p, &node_instance_kind, OUTCOME_ABSENT,
		    "not asked: not the host itself", f);
	if (r.outcome == OUTCOME_OBSERVED) {
		doc = json_read(r.text.p, r.text.len, IMDS_ENTRY, &why);
		if (doc == NULL) {
			r.outcome = OUTCOME_ERROR;
			r.reason = why.text;
		}
	}
	if (r.outcome != OUTCOME_OBSERVED)
		return emit_outcome(p->e, &node_instance_kind, p->host,
		    r.outcome, r.reason, source, f);
	for (size_t i = 0; i < LENGTH(columns); i++) {
		const char *s =
		    json_string_value(json_object_get(doc, columns[i]));

		put_span(&a, columns[i],
		    s == NULL ? (struct span){ NULL, 0 } : span_of(s),
		    VALUE_MAX);
	}
	json_decref(doc);
	return emit_observed(p->e, &node_instance_kind, p->host, &a, source, f);
}
