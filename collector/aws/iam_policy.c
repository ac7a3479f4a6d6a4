/* See policy.h. */
#include "collector/aws/iam_policy.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"
#include "base/buf.h"

static const struct element {
	const char *stated, *name;
	enum element_form { TEXT, LIST, PRINCIPAL, CONDITION } form;
} elements[] = {
	{ "Action", "action", LIST },
	{ "Condition", "condition", CONDITION },
	{ "Effect", "effect", TEXT },
	{ "NotAction", "not_action", LIST },
	{ "NotPrincipal", "not_principal", PRINCIPAL },
	{ "NotResource", "not_resource", LIST },
	{ "Principal", "principal", PRINCIPAL },
	{ "Resource", "resource", LIST },
	{ "Sid", "sid", TEXT },
};

/* ---- the document's bytes ---- */

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int
percent_decode(const char *p, size_t len, struct buf *out, struct fault *f)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i] != '%') {
			buf_putc(out, p[i]);
			continue;
		}
		if (len - i < 3 || hex(p[i + 1]) == -1 || hex(p[i + 2]) == -1)
			return fault(f, FAULT_FORMAT,
			    "policy: bad percent encoding at byte %zu", i);
		buf_putc(out, (char)(hex(p[i + 1]) * 16 + hex(p[i + 2])));
		i += 2;
	}
	return buf_done(out, "policy", f);
}

static json_t *
document(const char *p, size_t len, struct fault *f)
{
	BUF_AUTO(plain, IAM_POLICY_MAX);
	size_t at = 0;

	if (len > IAM_POLICY_MAX) {
		(void)fault(f, FAULT_LIMIT, "policy: over %zu bytes",
		    (size_t)IAM_POLICY_MAX);
		return NULL;
	}
	while (at < len && isspace((unsigned char)p[at]))
		at++;
	if (at == len || p[at] != '%')
		return json_read(p, len, "policy", f);
	if (percent_decode(p, len, &plain, f) == -1)
		return NULL;
	return json_read(plain.p, plain.len, "policy", f);
}

/* ---- its values ---- */

static int
by_text(const void *a, const void *b)
{
	return strcmp(json_string_value(*(json_t *const *)a),
	    json_string_value(*(json_t *const *)b));
}

/* A value of a list: texts as they are, what a condition compares as text. */
static json_t *
scalar(const json_t *v)
{
	char text[64];

	if (json_is_string(v))
		return json_text(json_string_value(v), json_string_length(v));
	if (json_is_boolean(v))
		return json_string(json_is_true(v) ? "true" : "false");
	if (json_is_integer(v))
		(void)snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
		    json_integer_value(v));
	else
		(void)snprintf(text, sizeof(text), "%.15g", json_real_value(v));
	return json_string(text);
}

static bool
is_scalar(const json_t *v)
{
	return json_is_string(v) || json_is_boolean(v) || json_is_number(v);
}

/* New array of the sorted texts of v, one value or a list of them; or NULL. */
static json_t *
texts(const json_t *v, const char *what, struct fault *f)
{
	size_t n = json_is_array(v) ? json_array_size(v) : 1;
	json_t **values = NULL, *out = NULL;
	size_t have = 0;

	if (n > IAM_POLICY_VALUES_MAX) {
		(void)fault(f, FAULT_LIMIT, "policy: over %d values of %s",
		    IAM_POLICY_VALUES_MAX, what);
		return NULL;
	}
	if ((values = calloc(n + 1, sizeof(*values))) == NULL ||
	    (out = json_array()) == NULL)
		goto memory;
	for (; have < n; have++) {
		const json_t *one =
		    json_is_array(v) ? json_array_get(v, have) : v;

		if (!is_scalar(one)) {
			(void)fault(f, FAULT_FORMAT,
			    "policy: %s has a value that is no text", what);
			goto failed;
		}
		if ((values[have] = scalar(one)) == NULL)
			goto memory;
	}
	if (n > 1)
		qsort(values, n, sizeof(*values), by_text);
	for (size_t i = 0; i < n; i++)
		if (json_array_append(out, values[i]) == -1)
			goto memory;
	goto out;
memory:
	(void)fault_memory(f);
failed:
	json_decref(out);
	out = NULL;
out:
	for (size_t i = 0; values != NULL && i < have; i++)
		json_decref(values[i]);
	free(values);
	return out;
}

/* Take v into object under name. -1: v is NULL (told already), or memory. */
static int
take(json_t *object, const char *name, json_t *v, struct fault *f)
{
	if (v == NULL)
		return -1;
	return json_object_set_new(object, name, v) == -1 ? fault_memory(f) : 0;
}

static json_t *
lists_by_name(const json_t *v, const char *what, struct fault *f)
{
	json_t *out, *one;
	const char *name;

	if (!json_is_object(v)) {
		(void)fault(f, FAULT_FORMAT, "policy: %s is no object", what);
		return NULL;
	}
	if ((out = json_object()) == NULL)
		(void)fault_memory(f);
	json_object_foreach ((json_t *)v, name, one) {
		if (out != NULL &&
		    take(out, name, texts(one, what, f), f) == -1) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static json_t *
principal(const json_t *v, const char *what, struct fault *f)
{
	json_t *out;

	if (!json_is_string(v))
		return lists_by_name(v, what, f);
	if (strcmp(json_string_value(v), "*") != 0) {
		(void)fault(f, FAULT_FORMAT,
		    "policy: %s is neither * nor by "
		    "type",
		    what);
		return NULL;
	}
	if ((out = json_pack("{s:[s]}", "AWS", "*")) == NULL)
		(void)fault_memory(f);
	return out;
}

/* Whoever knows these values may pass for somebody else. */
static bool
is_withheld(const char *key)
{
	static const char *const keys[] = { "sts:ExternalId", "aws:Referer",
		"aws:UserAgent" };

	for (size_t i = 0; i < LENGTH(keys); i++)
		if (strcasecmp(key, keys[i]) == 0)
			return true;
	return false;
}

static json_t *
condition_keys(const json_t *v, struct fault *f)
{
	json_t *out = lists_by_name(v, "Condition", f), *one, *hidden;
	const char *key;
	void *next;

	json_object_foreach_safe(out, next, key, one)
	{
		if (!is_withheld(key))
			continue;
		hidden = json_pack("[s]", "*withheld*");
		if (hidden == NULL ||
		    json_object_set_new(out, key, hidden) == -1) {
			(void)fault_memory(f);
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static json_t *
condition(const json_t *v, struct fault *f)
{
	json_t *out, *one;
	const char *operator;

	if (!json_is_object(v)) {
		(void)fault(f, FAULT_FORMAT, "policy: Condition is no object");
		return NULL;
	}
	if ((out = json_object()) == NULL)
		(void)fault_memory(f);
	json_object_foreach ((json_t *)v, operator, one) {
		if (out != NULL &&
		    take(out, operator, condition_keys(one, f), f) == -1) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static json_t *
element(const struct element *e, const json_t *v, struct fault *f)
{
	json_t *text;

	if (e->form == PRINCIPAL)
		return principal(v, e->stated, f);
	if (e->form == CONDITION)
		return condition(v, f);
	if (e->form == LIST)
		return texts(v, e->stated, f);
	if (!json_is_string(v)) {
		(void)fault(
		    f, FAULT_FORMAT, "policy: %s is no text", e->stated);
		return NULL;
	}
	text = json_text(json_string_value(v), json_string_length(v));
	if (text == NULL)
		(void)fault_memory(f);
	return text;
}

static json_t *
statement(const json_t *v, struct fault *f)
{
	const char *effect = json_string_value(json_object_get(v, "Effect"));
	json_t *out;

	if (effect == NULL ||
	    (strcmp(effect, "Allow") != 0 && strcmp(effect, "Deny") != 0)) {
		(void)fault(f, FAULT_FORMAT,
		    "policy: a statement neither "
		    "allows nor denies");
		return NULL;
	}
	if ((out = json_object()) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	for (size_t i = 0; i < LENGTH(elements); i++) {
		const struct element *e = &elements[i];
		const json_t *stated = json_object_get(v, e->stated);

		if (stated != NULL &&
		    take(out, e->name, element(e, stated, f), f) == -1) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

json_t *
iam_policy_of(const json_t *doc, struct fault *f)
{
	const json_t *list = json_object_get(doc, "Statement");
	size_t n = json_is_array(list) ? json_array_size(list) : 1;
	json_t *out;

	if (list == NULL || n > IAM_POLICY_STATEMENTS_MAX) {
		(void)fault(f, list == NULL ? FAULT_FORMAT : FAULT_LIMIT,
		    list == NULL ? "policy: no Statement"
				 : "policy: over %d statements",
		    IAM_POLICY_STATEMENTS_MAX);
		return NULL;
	}
	if ((out = json_array()) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		json_t *one = statement(
		    json_is_array(list) ? json_array_get(list, i) : list, f);

		if (one == NULL || json_array_append_new(out, one) == -1) {
			if (one != NULL)
				(void)fault_memory(f);
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

json_t *
iam_policy_read(const char *p, size_t len, struct fault *f)
{
	json_t *doc = document(p, len, f), *out;

	if (doc == NULL)
		return NULL;
	out = iam_policy_of(doc, f);
	json_decref(doc);
	return out;
}

/* ---- what it covers ---- */

static bool
same(char a, char b, bool fold)
{
	return fold ? tolower((unsigned char)a) == tolower((unsigned char)b)
		    : a == b;
}

bool
iam_policy_covers(const char *pattern, const char *what, bool fold)
{
	const char *star = NULL, *from = NULL; /* where to go back to */

	while (*what != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			from = what;
		} else if (*pattern != '\0' && *what != '*' &&
			   ((*pattern == '?') || same(*pattern, *what, fold))) {
			pattern++;
			what++;
		} else if (star != NULL) {
			pattern = star;
			what = ++from;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

bool
iam_policy_covered(const json_t *patterns, const char *what, bool fold)
{
	json_t *v;
	size_t i;

	json_array_foreach ((json_t *)patterns, i, v) {
		if (json_is_string(v) &&
		    iam_policy_covers(json_string_value(v), what, fold))
			return true;
	}
	return false;
}

/* ---- TLS only ---- */

const char *
iam_policy_tls_name(enum iam_policy_tls t)
{
	static const char *const names[] = { "no", "partly", "yes" };

	return names[t];
}

/* Is aws:SecureTransport = false stated, and is it all that is? */
static bool
asks_for_tls(const json_t *condition, bool *alone)
{
	json_t *keys, *values;
	const char *operator, * key;
	bool found = false;

	*alone = json_object_size(condition) == 1;
	json_object_foreach ((json_t *)condition, operator, keys) {
		*alone = *alone && json_object_size(keys) == 1;
		if (strcasecmp(operator, "Bool") != 0 &&
		    strcasecmp(operator, "BoolIfExists") != 0)
			continue;
		json_object_foreach (keys, key, values) {
			const char *v =
			    json_string_value(json_array_get(values, 0));

			if (strcasecmp(key, "aws:SecureTransport") == 0 &&
			    json_array_size(values) == 1 &&
			    strcasecmp(v, "false") == 0)
				found = true;
		}
	}
	return found;
}

static bool
is_deny(const json_t *statement)
{
	const char *e = json_string_value(json_object_get(statement, "effect"));

	return e != NULL && strcmp(e, "Deny") == 0;
}

/* Does it deny everyone all of the action without TLS, whatever resource? */
static bool
denies_all(const json_t *statement, const char *action)
{
	const json_t *who = json_object_get(statement, "principal");
	bool alone;

	return is_deny(statement) &&
	       iam_policy_covered(json_object_get(who, "AWS"), "*", false) &&
	       iam_policy_covered(
		   json_object_get(statement, "action"), action, true) &&
	       asks_for_tls(json_object_get(statement, "condition"), &alone) &&
	       alone && json_object_get(statement, "not_resource") == NULL;
}

static bool
denies_for(const json_t *statements, const char *action, const char *resource)
{
	json_t *s;
	size_t i;

	json_array_foreach ((json_t *)statements, i, s) {
		const json_t *on = json_object_get(s, "resource");

		if (denies_all(s, action) &&
		    (on == NULL || iam_policy_covered(on, resource, false)))
			return true;
	}
	return false;
}

enum iam_policy_tls
iam_policy_tls(
    const json_t *statements, const char *action, const char *const *resources)
{
	json_t *s;
	size_t i, open = 0;
	bool alone;

	for (i = 0; resources[i] != NULL; i++)
		open += !denies_for(statements, action, resources[i]);
	if (i > 0 && open == 0)
		return IAM_POLICY_TLS_ONLY;
	json_array_foreach ((json_t *)statements, i, s) {
		if (is_deny(s) &&
		    asks_for_tls(json_object_get(s, "condition"), &alone))
			return IAM_POLICY_TLS_PARTLY;
	}
	return IAM_POLICY_TLS_OPEN;
}
