/* A collector's pen for one scope. See observation.h. */
#include <assert.h>
#include <string.h>

#include "base/observation.h"
#include "base/observation_put.h"

#define COLLECTOR_VERSION "1" /* of the meaning of what is emitted */

int
emitter_init(struct emitter *e, const struct sink *sink,
    const struct kind *const *kinds, const char *collector, const char *scope,
    struct fault *f)
{
	*e = (struct emitter){ .sink = sink,
		.kinds = kinds,
		.collector = collector,
		.scope = scope,
		.body.max = BODY_MAX,
		.provenance.max = BODY_MAX };
	e->gaps = json_array();
	e->not_asked = json_object();
	if (e->gaps != NULL && e->not_asked != NULL)
		return 0;
	emitter_free(e);
	return fault_memory(f);
}

void
emitter_free(struct emitter *e)
{
	json_decref(e->gaps);
	json_decref(e->not_asked);
	e->gaps = e->not_asked = NULL;
	buf_free(&e->body);
	buf_free(&e->provenance);
}

/* Names are shown to people and hashed: clean bytes only, cut to the cap. */
static int
clean_name(struct buf *out, const char *s, struct fault *f)
{
	text_clean(out, s, strlen(s), NAME_MAX_LEN / 4 - 4);
	if (out->len == 0)
		buf_puts(out, "?");
	return buf_done(out, "key", f);
}

/* {"collector":"node/1","source":"/etc/os-release"} */
static int
put_provenance(struct emitter *e, const char *source, struct fault *f)
{
	buf_reset(&e->provenance);
	buf_puts(&e->provenance, "{\"collector\":\"");
	buf_puts(&e->provenance, e->collector);
	buf_puts(&e->provenance, "/" COLLECTOR_VERSION "\",\"source\":");
	json_quote_text(&e->provenance, source, strlen(source));
	buf_putc(&e->provenance, '}');
	return buf_done(&e->provenance, "provenance", f);
}

/* Hand on what stands in e->body. */
static int
emit(struct emitter *e, const struct kind *k, const char *key,
    enum outcome outcome, const char *source, struct fault *f)
{
	BUF_AUTO(name, NAME_MAX_LEN);
	struct observation o = {
		.kind = k->name, .scope = e->scope, .outcome = outcome
	};

	if (buf_done(&e->body, "JSON text", f) == -1 ||
	    put_provenance(e, source, f) == -1 ||
	    clean_name(&name, key, f) == -1)
		return -1;
	o.key = name.p;
	o.body = e->body.p;
	o.body_len = e->body.len;
	o.provenance = e->provenance.p;
	o.provenance_len = e->provenance.len;
	if (observation_put(e->sink, &o, f) == -1)
		return -1;
	e->subjects++;
	if (outcome == OUTCOME_DENIED)
		e->denied++;
	return 0;
}

int
emit_observed(struct emitter *e, const struct kind *k, const char *key,
    const struct attrs *a, const char *source, struct fault *f)
{
	if (attrs_done(a, f) == -1 || attrs_check(k, a, f) == -1)
		return -1;
	buf_reset(&e->body);
	buf_puts(&e->body, "{\"attributes\":");
	attrs_canonical(a, &e->body);
	buf_puts(&e->body, ",\"outcome\":\"observed\"}");
	return emit(e, k, key, OUTCOME_OBSERVED, source, f);
}

int
emit_outcome(struct emitter *e, const struct kind *k, const char *key,
    enum outcome outcome, const char *reason, const char *source,
    struct fault *f)
{
	json_t *o = json_pack("{s:s, s:o}", "outcome", outcome_name(outcome),
	    "reason", json_text(reason, strlen(reason)));
	int rc;

	assert(outcome != OUTCOME_OBSERVED);
	buf_reset(&e->body);
	rc = o == NULL ? fault_memory(f) : json_canonical(o, &e->body, f);
	json_decref(o);
	return rc == -1 ? -1 : emit(e, k, key, outcome, source, f);
}

int
emit_gap(struct emitter *e, const struct kind *k, enum outcome outcome,
    const char *reason, struct fault *f)
{
	json_t *gap;

	if (outcome == OUTCOME_ABSENT) /* not asked: say nothing of it */
		return json_object_set_new(
			   e->not_asked, k->name, json_true()) == -1
			   ? fault_memory(f)
			   : 0;
	gap = json_pack("{s:s, s:s, s:o}", "kind", k->name, "outcome",
	    outcome_name(outcome), "reason", json_text(reason, strlen(reason)));
	if (gap == NULL || json_array_append_new(e->gaps, gap) == -1)
		return fault_memory(f);
	return 0;
}

/* The kinds that were asked for in this scope. */
static json_t *
kind_names(const struct emitter *e)
{
	json_t *names = json_array();

	for (const struct kind *const *k = e->kinds;
	     names != NULL && *k != NULL; k++)
		if (json_object_get(e->not_asked, (*k)->name) == NULL &&
		    json_array_append_new(names, json_string((*k)->name)) ==
			-1) {
			json_decref(names);
			return NULL;
		}
	return names;
}

int
emit_coverage(struct emitter *e, enum outcome outcome, const char *reason,
    struct fault *f)
{
	json_t *c = json_pack("{s:I, s:s, s:I, s:O, s:o, s:s, s:o, s:s, s:I}",
	    "calls", (json_int_t)e->calls, "collector", e->collector, "denied",
	    (json_int_t)e->denied, "gaps", e->gaps, "kinds", kind_names(e),
	    "outcome", outcome_name(outcome), "reason",
	    reason == NULL ? json_null() : json_text(reason, strlen(reason)),
	    "scope", e->scope, "subjects", (json_int_t)e->subjects);
	int rc;

	if (c == NULL)
		return fault_memory(f);
	rc = coverage_put(e->sink, e->collector, e->scope, c, f);
	json_decref(c);
	return rc;
}
