/* See observation.h. */
#include "observation.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLLECTOR_VERSION "1" /* of the meaning of what is emitted */

static const char *const outcomes[] = {
	[OUTCOME_OBSERVED] = "observed",
	[OUTCOME_ABSENT] = "absent",
	[OUTCOME_DENIED] = "denied",
	[OUTCOME_UNREACHABLE] = "unreachable",
	[OUTCOME_ERROR] = "error",
};

void
kind_view(const struct kind *k, char out[KIND_VIEW_MAX])
{
	(void)snprintf(out, KIND_VIEW_MAX, "%s", k->name);
	for (char *p = out; *p != '\0'; p++)
		if (*p == '.')
			*p = '_';
}

const struct column *
kind_column(const struct kind *k, const char *name)
{
	for (const struct column *c = k->columns; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

const char *
outcome_name(enum outcome o)
{
	return outcomes[o];
}

int
outcome_of_name(const char *s, enum outcome *o)
{
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (strcmp(s, outcomes[i]) == 0) {
			*o = (enum outcome)i;
			return 0;
		}
	return -1;
}

enum outcome
outcome_of_fault(const struct fault *f)
{
	switch (f->kind) {
	case FAULT_ABSENT:
		return OUTCOME_ABSENT;
	case FAULT_DENIED:
		return OUTCOME_DENIED;
	case FAULT_REMOTE:
		return OUTCOME_UNREACHABLE;
	default:
		return OUTCOME_ERROR;
	}
}

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
	return e->gaps == NULL || e->not_asked == NULL ? fault_memory(f) : 0;
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

/* Does a value suit a column of this type? null always does: not known. */
static bool
suits(enum column_type type, json_type v)
{
	if (v == JSON_NULL)
		return true;
	switch (type) {
	case COLUMN_TEXT:
		return v == JSON_STRING;
	case COLUMN_INTEGER:
		return v == JSON_INTEGER;
	case COLUMN_BOOLEAN:
		return v == JSON_TRUE || v == JSON_FALSE;
	default:
		return v == JSON_ARRAY || v == JSON_OBJECT;
	}
}

static bool
is_named(const struct column *c, const char *name, size_t len)
{
	return strncmp(c->name, name, len) == 0 && c->name[len] == '\0';
}

/* next is where it is looked for first; nearly always it is there. */
static int
check_attribute(const struct kind *k, const struct column **next,
    const char *name, size_t len, json_type type, struct fault *f)
{
	const struct column *c = *next;

	if (c->name == NULL || !is_named(c, name, len))
		for (c = k->columns; c->name != NULL; c++)
			if (is_named(c, name, len))
				break;
	if (c->name == NULL)
		return fault(f, FAULT_FORMAT, "kind %s has no column '%.*s'",
		    k->name, (int)len, name);
	if (!suits(c->type, type))
		return fault(f, FAULT_FORMAT,
		    "kind %s, column %s: wrong type", k->name, c->name);
	*next = c + 1;
	return 0;
}

static int
check_attrs(const struct kind *k, const struct attrs *a, struct fault *f)
{
	const struct column *next = k->columns;

	for (size_t i = 0; i < a->n; i++)
		if (check_attribute(k, &next, a->text.p + a->attr[i].name,
			a->attr[i].name_len, a->attr[i].type, f) == -1)
			return -1;
	return 0;
}

static int
check_attributes(const struct kind *k, json_t *attributes, struct fault *f)
{
	const struct column *next = k->columns;
	const char *key;
	json_t *v;

	json_object_foreach (attributes, key, v) {
		if (check_attribute(
			k, &next, key, strlen(key), json_typeof(v), f) == -1)
			return -1;
	}
	return 0;
}

static int
check_name(const char *what, const char *s, struct fault *f)
{
	if (s == NULL || s[0] == '\0')
		return fault(
		    f, FAULT_FORMAT, "an observation without %s", what);
	if (strlen(s) > NAME_MAX_LEN)
		return fault(f, FAULT_LIMIT,
		    "%s longer than %d bytes: %.40s...", what, NAME_MAX_LEN, s);
	return 0;
}

static int
put(const struct sink *sink, const struct observation *o, struct fault *f)
{
	if (check_name("scope", o->scope, f) == -1 ||
	    check_name("key", o->key, f) == -1)
		return -1;
	return sink->put(sink->ctx, o, f);
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
	if (put(e->sink, &o, f) == -1)
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
	if (attrs_done(a, f) == -1 || check_attrs(k, a, f) == -1)
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

static int
cover(const struct sink *sink, const char *collector, const char *scope,
    const json_t *coverage, struct fault *f)
{
	BUF_AUTO(body, COVERAGE_MAX);
	struct coverage c = { .collector = collector, .scope = scope };

	if (json_canonical(coverage, &body, f) == -1)
		return -1;
	c.body = body.p;
	c.body_len = body.len;
	return sink->cover(sink->ctx, &c, f);
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
	rc = cover(e->sink, e->collector, e->scope, c, f);
	json_decref(c);
	return rc;
}

static int
ndjson_put(void *ctx, const struct observation *o, struct fault *f)
{
	const struct ndjson *n = ctx;
	BUF_AUTO(line, 4 * BODY_MAX);

	(void)buf_reserve(&line, o->body_len + o->provenance_len + 512);
	/* keys in byte order: the line is canonical JSON too */
	buf_puts(&line, "{\"key\":");
	json_quote(&line, o->key, strlen(o->key));
	buf_puts(&line, ",\"kind\":");
	json_quote(&line, o->kind, strlen(o->kind));
	buf_puts(&line, ",\"observation\":");
	buf_put(&line, o->body, o->body_len);
	buf_puts(&line, ",\"provenance\":");
	buf_put(&line, o->provenance, o->provenance_len);
	buf_puts(&line, ",\"scope\":");
	json_quote(&line, o->scope, strlen(o->scope));
	buf_puts(&line, "}\n");
	if (buf_done(&line, "NDJSON line", f) == -1)
		return -1;
	return n->write(n->ctx, line.p, line.len, f);
}

static int
ndjson_cover(void *ctx, const struct coverage *c, struct fault *f)
{
	const struct ndjson *n = ctx;
	BUF_AUTO(line, COVERAGE_MAX + 64);

	buf_puts(&line, "{\"coverage\":");
	buf_put(&line, c->body, c->body_len);
	buf_puts(&line, "}\n");
	if (buf_done(&line, "NDJSON line", f) == -1)
		return -1;
	return n->write(n->ctx, line.p, line.len, f);
}

struct sink
ndjson_sink(struct ndjson *n)
{
	return (struct sink){ ndjson_put, ndjson_cover, n };
}

static const struct kind *
kind_named(const struct kind *const *kinds, const char *name)
{
	for (; *kinds != NULL; kinds++)
		if (strcmp((*kinds)->name, name) == 0)
			return *kinds;
	return NULL;
}

/* {"attributes":{…},"outcome":"observed"} or {"outcome":…,"reason":…} */
static int
check_observation(const struct kind *k, json_t *observation,
    enum outcome *outcome, struct fault *f)
{
	json_t *attributes = json_object_get(observation, "attributes");
	const char *name =
	    json_string_value(json_object_get(observation, "outcome"));
	bool observed;

	if (name == NULL || outcome_of_name(name, outcome) == -1)
		return fault(f, FAULT_FORMAT, "observation without an outcome");
	observed = *outcome == OUTCOME_OBSERVED;
	if (json_object_size(observation) != 2 ||
	    (observed && !json_is_object(attributes)) ||
	    (!observed &&
		!json_is_string(json_object_get(observation, "reason"))))
		return fault(f, FAULT_FORMAT,
		    "observation is not {attributes, outcome} or "
		    "{outcome, reason}");
	return observed ? check_attributes(k, attributes, f) : 0;
}

static int
line_observation(json_t *line, const struct kind *const *kinds,
    const struct sink *sink, struct fault *f)
{
	const char *kind, *scope, *key;
	json_t *observation, *provenance;
	BUF_AUTO(body, BODY_MAX);
	BUF_AUTO(prov, BODY_MAX);
	const struct kind *k;
	json_error_t why;
	enum outcome outcome = OUTCOME_ERROR;

	if (json_unpack_ex(line, &why, JSON_STRICT, "{s:s, s:s, s:o, s:o, s:s}",
		"key", &key, "kind", &kind, "observation", &observation,
		"provenance", &provenance, "scope", &scope) == -1)
		return fault(f, FAULT_FORMAT, "%s", why.text);
	if ((k = kind_named(kinds, kind)) == NULL)
		return fault(f, FAULT_FORMAT,
		    "kind '%.60s' is unknown to this version", kind);
	if (!json_is_object(observation) || !json_is_object(provenance))
		return fault(f, FAULT_FORMAT,
		    "observation and provenance must be objects");
	if (check_observation(k, observation, &outcome, f) == -1)
		return -1;
	if (json_canonical(observation, &body, f) == -1 ||
	    json_canonical(provenance, &prov, f) == -1)
		return -1;
	return put(sink,
	    &(struct observation){ k->name, scope, key, outcome, body.p,
		body.len, prov.p, prov.len },
	    f);
}

/* What the store and its views read out of a coverage statement. */
static bool
coverage_lists(const json_t *gaps, const json_t *names)
{
	size_t i;
	json_t *v;

	if (!json_is_array(gaps) || !json_is_array(names))
		return false;
	json_array_foreach (gaps, i, v)
		if (!json_is_string(json_object_get(v, "kind")) ||
		    !json_is_string(json_object_get(v, "outcome")) ||
		    !json_is_string(json_object_get(v, "reason")))
			return false;
	json_array_foreach (names, i, v)
		if (!json_is_string(v))
			return false;
	return true;
}

static int
line_coverage(json_t *c, const struct sink *sink, struct fault *f)
{
	const char *collector, *scope, *name;
	json_t *gaps, *kinds, *reason;
	json_int_t calls, denied, subjects;
	json_error_t why;
	enum outcome outcome = OUTCOME_ERROR;

	if (json_unpack_ex(c, &why, JSON_STRICT,
		"{s:I, s:s, s:I, s:o, s:o, s:s, s:o, s:s, s:I}", "calls",
		&calls, "collector", &collector, "denied", &denied, "gaps",
		&gaps, "kinds", &kinds, "outcome", &name, "reason", &reason,
		"scope", &scope, "subjects", &subjects) == -1)
		return fault(f, FAULT_FORMAT, "coverage: %s", why.text);
	if (outcome_of_name(name, &outcome) == -1 ||
	    !coverage_lists(gaps, kinds) ||
	    !(json_is_null(reason) || json_is_string(reason)))
		return fault(f, FAULT_FORMAT, "coverage: wrong shape");
	if (check_name("scope", scope, f) == -1 ||
	    check_name("collector", collector, f) == -1)
		return -1;
	return cover(sink, collector, scope, c, f);
}

int
ndjson_line(const char *p, size_t len, const struct kind *const *kinds,
    const struct sink *sink, struct fault *f)
{
	json_t *line = json_read(p, len, "line", f), *c;
	int rc;

	if (line == NULL)
		return -1;
	if (!json_is_object(line))
		rc = fault(f, FAULT_FORMAT, "line: not a JSON object");
	else if ((c = json_object_get(line, "coverage")) == NULL)
		rc = line_observation(line, kinds, sink, f);
	else if (json_object_size(line) == 1 && json_is_object(c))
		rc = line_coverage(c, sink, f);
	else
		rc = fault(f, FAULT_FORMAT,
		    "line: coverage must stand alone in its line");
	json_decref(line);
	return rc;
}
