/* Observations as lines. See observation.h. */
#include <string.h>

#include "base/observation.h"
#include "base/observation_put.h"

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
	return observed ? attributes_check(k, attributes, f) : 0;
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
	return observation_put(sink,
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
	if (name_check("scope", scope, f) == -1 ||
	    name_check("collector", collector, f) == -1)
		return -1;
	return coverage_put(sink, collector, scope, c, f);
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
