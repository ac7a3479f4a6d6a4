/*
 * How OpenSSL runs on the host: which providers it loads, who serves
 * SHA2-256 for fips=yes, and that MD5 is refused (the negative control).
 * Asked by exhibit's own child on a live host, else by openssl(1).
 */
#include <stdio.h>
#include <string.h>

#include "base/length.h"

#include "collector/node/parts.h"

#define PROVIDERS_MAX 64

static int
refuse(struct runtime *r, enum outcome outcome, const char *reason)
{
	r->outcome = outcome;
	(void)snprintf(r->reason, sizeof(r->reason), "%s", reason);
	return 0;
}

static bool
set_text(json_t *object, const char *key, struct span s)
{
	BUF_AUTO(b, 4 * VALUE_MAX + 16);

	text_clean(&b, s.p, s.len, VALUE_MAX);
	return b.failed == FAULT_NONE &&
	       json_object_set_new(object, key,
		   json_stringn_nocheck(b.len > 0 ? b.p : "", b.len)) == 0;
}

/* Two blanks before a provider's key, four before what is told of it; deeper
 * lines list its parameters. */
static bool
list_line(json_t *list, json_t **one, struct span line)
{
	static const char *const from[] = { "name", "version", "build info" };
	static const char *const to[] = { "name", "version", "buildinfo" };
	struct span text = span_trim(line), value, key;
	size_t indent = text.len == 0 ? 0 : (size_t)(text.p - line.p);

	if (indent == 2) {
		if (json_array_size(list) == PROVIDERS_MAX)
			return false;
		*one = json_pack("{s:b}", "active", 0);
		return json_array_append_new(list, *one) == 0 &&
		       set_text(*one, "key", text);
	}
	if (indent != 4 || *one == NULL)
		return true;
	key = span_until(text, ':', &value);
	if (value.p == NULL)
		return true;
	value = span_trim(value);
	if (span_is(key, "status"))
		return json_object_set_new(*one, "active",
			   json_boolean(span_is(value, "active"))) == 0;
	for (size_t i = 0; i < LENGTH(from); i++)
		if (span_is(key, from[i]))
			return set_text(*one, to[i], value);
	return true;
}

json_t *
providers_list(struct span text, struct fault *f)
{
	json_t *list = json_array(), *one = NULL;
	struct span line;

	if (!span_line(&text, &line) || !span_is(line, "Providers:")) {
		(void)fault(f, FAULT_FORMAT,
		    "openssl list -providers gave another kind of answer");
		json_decref(list);
		return NULL;
	}
	while (list != NULL && span_line(&text, &line))
		if (!list_line(list, &one, line)) {
			(void)fault(f, FAULT_LIMIT,
			    "more than %d providers, or out of memory",
			    PROVIDERS_MAX);
			json_decref(list);
			return NULL;
		}
	if (list == NULL)
		(void)fault_memory(f);
	return list;
}

/* "OpenSSL 3.0.7 1 Nov 2022 (Library: OpenSSL 3.0.7 1 Nov 2022)": of the
 * library, which need not be of the program's version. */
static struct span
version_of(struct span text)
{
	static const char library[] = "(Library: OpenSSL ";
	struct span line = { NULL, 0 }, word, rest;
	const char *at;

	if (!span_line(&text, &line))
		return (struct span){ NULL, 0 };
	at = memmem(line.p, line.len, library, sizeof(library) - 1);
	rest = line;
	if (at != NULL)
		rest = (struct span){ at + sizeof(library) - 1,
			line.len - (size_t)(at - line.p) -
			    (sizeof(library) - 1) };
	else if (!span_word(&rest, &word) || !span_is(word, "OpenSSL"))
		return (struct span){ NULL, 0 };
	return span_word(&rest, &word) ? word : (struct span){ NULL, 0 };
}

/* SHA2-256 with fips=yes worked: by the provider called fips, or the only one
 * that is none of OpenSSL's own without a FIPS claim. */
static const char *
served_by(const json_t *list)
{
	static const char *const plain[] = { "default", "base", "legacy",
		"null" };
	const char *only = NULL;
	size_t i, others = 0;
	json_t *one;

	json_array_foreach (list, i, one) {
		const char *key =
		    json_string_value(json_object_get(one, "key"));
		bool is_plain = false;

		if (!json_is_true(json_object_get(one, "active")))
			continue;
		if (strcmp(key, "fips") == 0)
			return "fips";
		for (size_t k = 0; k < LENGTH(plain); k++)
			is_plain |= strcmp(key, plain[k]) == 0;
		if (!is_plain) {
			only = key;
			others++;
		}
	}
	return others == 1 ? only : "unnamed";
}

static int
from_list(const struct parts *p, struct runtime *r, struct span version,
    json_t *list, struct fault *f)
{
	struct reading md5 = part_run(p, OPENSSL_MD5);
	struct reading sha = part_run(p, OPENSSL_FIPS);
	bool good;

	r->doc = json_pack("{s:o}", "providers", list);
	if (r->doc == NULL)
		return fault_memory(f);
	good = set_text(r->doc, "library_version", version);
	if (good && md5.outcome == OUTCOME_OBSERVED)
		good = set_text(r->doc, "md5",
		    span_of(md5.entry->status == 0 ? "available" : "refused"));
	if (good && sha.outcome == OUTCOME_OBSERVED && sha.entry->status == 0)
		good = set_text(
		    r->doc, "fips_served_by", span_of(served_by(list)));
	r->outcome = OUTCOME_OBSERVED;
	return good ? 0 : fault_memory(f);
}

static int
from_commands(const struct parts *p, struct runtime *r, struct fault *f)
{
	struct reading version = part_run(p, OPENSSL_VERSION);
	struct reading listed = part_run(p, OPENSSL_PROVIDERS);
	struct span v;
	json_t *list;
	struct fault why;

	r->source = &OPENSSL_PROVIDERS[1]; /* without the mark */
	r->method = "listed";
	r->asked = version.entry != NULL;
	if (version.outcome != OUTCOME_OBSERVED)
		return refuse(r, version.outcome, version.reason);
	v = version_of(version.text);
	if (version.entry->status != 0 || v.p == NULL)
		return refuse(
		    r, OUTCOME_ERROR, "openssl version did not answer");
	if (span_starts(v, "1.") || span_starts(v, "0.")) {
		if ((list = json_array()) == NULL)
			return fault_memory(f);
		return from_list(p, r, v, list, f);
	}
	if (listed.outcome != OUTCOME_OBSERVED)
		return refuse(r, listed.outcome, listed.reason);
	if (listed.entry->status != 0)
		return refuse(
		    r, OUTCOME_ERROR, "openssl list -providers failed");
	if ((list = providers_list(listed.text, &why)) == NULL)
		return refuse(r, OUTCOME_ERROR, why.text);
	return from_list(p, r, v, list, f);
}

int
runtime_read(const struct parts *p, struct runtime *r, struct fault *f)
{
	struct reading made = part_read(p, PROVIDERS_ENTRY);
	struct fault why;

	*r = (struct runtime){ .asked = true,
		.source = "libcrypto in a child process",
		.method = "loaded" };
	if (made.entry == NULL)
		return from_commands(p, r, f);
	if (made.outcome != OUTCOME_OBSERVED)
		return refuse(r, made.outcome, made.reason);
	r->doc = json_read(made.text.p, made.text.len, PROVIDERS_ENTRY, &why);
	if (r->doc == NULL)
		return refuse(r, OUTCOME_ERROR, why.text);
	r->outcome = OUTCOME_OBSERVED;
	return 0;
}

void
runtime_free(struct runtime *r)
{
	json_decref(r->doc);
	r->doc = NULL;
}

static void
put_member(struct attrs *a, const char *key, const json_t *object)
{
	const json_t *v = json_object_get(object, key);

	if (json_is_string(v))
		put_span(a, key,
		    (struct span){
			json_string_value(v), json_string_length(v) },
		    VALUE_MAX);
	else
		put_null(a, key);
}

static int
emit_provider(struct parts *p, const struct runtime *r, const json_t *one,
    struct fault *f)
{
	const char *key = json_string_value(json_object_get(one, "key"));
	const json_t *active = json_object_get(one, "active");
	ATTRS_AUTO(a);

	if (json_is_boolean(active))
		attrs_bool(&a, "active", json_is_true(active));
	else
		put_null(&a, "active");
	put_member(&a, "buildinfo", one);
	attrs_str(&a, "method", r->method);
	put_member(&a, "name", one);
	put_member(&a, "version", one);
	return emit_observed(p->e, &node_provider_kind, key, &a, r->source, f);
}

static int
refuse_all(struct parts *p, const struct runtime *r, enum outcome outcome,
    const char *reason, struct fault *f)
{
	if ((outcome != OUTCOME_ABSENT || !r->asked) &&
	    part_gap(p, &node_provider_kind, outcome, reason, f) == -1)
		return -1;
	return emit_outcome(
	    p->e, &node_provider_kind, "*", outcome, reason, r->source, f);
}

/* Every provider has a name, and a name of its own. */
static bool
is_well_named(const json_t *list)
{
	json_t *seen = json_object(), *one;
	bool good = seen != NULL && json_is_array(list);
	size_t i;

	json_array_foreach (list, i, one) {
		const char *key =
		    json_string_value(json_object_get(one, "key"));

		good = good && key != NULL && key[0] != '\0' &&
		       json_object_get(seen, key) == NULL &&
		       json_object_set_new(seen, key, json_true()) == 0;
	}
	json_decref(seen);
	return good;
}

int
runtime_emit(struct parts *p, const struct runtime *r, struct fault *f)
{
	const json_t *list = json_object_get(r->doc, "providers");
	json_t *one;
	size_t i;

	if (r->outcome != OUTCOME_OBSERVED)
		return refuse_all(p, r, r->outcome, r->reason, f);
	if (!is_well_named(list))
		return refuse_all(p, r, OUTCOME_ERROR,
		    "providers without a name, or two of one name", f);
	if (json_array_size(list) == 0)
		return emit_outcome(p->e, &node_provider_kind, "*",
		    OUTCOME_ABSENT, "no provider is loaded", r->source, f);
	json_array_foreach (list, i, one) {
		if (emit_provider(p, r, one, f) == -1)
			return -1;
	}
	return 0;
}
