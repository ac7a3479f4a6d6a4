/*
 * Roles, bindings and aws-auth. Lists inside a rule are sets: they are sorted,
 * so that a rule written in another order is the same evidence.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/kube/kube.h"
#include "base/length.h"
#include "collector/kit/tree_texts.h"

/* A sorted copy of a list of strings, each once; NULL for none. */
static json_t *
sorted_set(struct attrs *a, const json_t *list)
{
	size_t n = json_array_size(list), used = 0;
	const char **v = n > 0 ? calloc(n, sizeof(*v)) : NULL;
	json_t *out = NULL;

	if (n > 0 && v == NULL)
		a->failed = true;
	for (size_t i = 0; v != NULL && i < n; i++) {
		const char *s = json_string_value(json_array_get(list, i));

		if (s != NULL)
			v[used++] = s;
	}
	if (used > 0) {
		qsort(v, used, sizeof(*v), text_order);
		out = json_array();
		for (size_t i = 0; i < used; i++)
			if (i == 0 || strcmp(v[i - 1], v[i]) != 0)
				add(a, out, json_text(v[i], strlen(v[i])));
	}
	free(v);
	return out;
}

/* ---- discovery: which resources have namespaces ---- */

static void
add_resources(
    struct attrs *a, json_t *names, const json_t *version, const char *scope)
{
	json_t *r;
	size_t i;

	json_array_foreach (json_object_get(version, "resources"), i, r) {
		const char *s = path_text(r, ".scope");

		if (s != NULL && strcmp(s, scope) == 0)
			add_text(a, names, path_text(r, ".resource"));
	}
}

/* The names of resources of this scope in all versions, each once. */
static json_t *
resources_of(struct attrs *a, const json_t *o, const char *scope)
{
	json_t *names = json_array(), *version, *set;
	size_t i;

	json_array_foreach (json_object_get(o, "versions"), i, version) {
		add_resources(a, names, version, scope);
	}
	set = sorted_set(a, names);
	json_decref(names);
	return set != NULL ? set : json_array();
}

void
fill_api_group(const struct resource *r, const json_t *o, struct attrs *a)
{
	(void)r;
	attrs_json(a, "cluster", resources_of(a, o, "Cluster"));
	attrs_json(a, "namespaced", resources_of(a, o, "Namespaced"));
}

/* ---- roles and bindings ---- */

static json_t *
rule_of(struct attrs *a, const json_t *rule)
{
	static const char *const members[] = { "apiGroups", "nonResourceURLs",
		"resourceNames", "resources", "verbs" };
	json_t *out = json_object();

	for (size_t i = 0; i < LENGTH(members); i++) {
		json_t *set = sorted_set(a, json_object_get(rule, members[i]));

		if (set != NULL)
			put(a, out, members[i], set);
	}
	return out;
}

static bool
is_builtin(const json_t *o)
{
	const char *v =
	    path_text(o, ".metadata.labels[\"kubernetes.io/bootstrapping\"]");

	return v != NULL && strcmp(v, "rbac-defaults") == 0;
}

void
fill_role(const struct resource *r, const json_t *o, struct attrs *a)
{
	json_t *rules = json_array(), *rule;
	const json_t *aggregation = json_object_get(o, "aggregationRule");
	size_t i;

	attrs_str(a, "kind", r->object);
	attrs_bool(a, "builtin", is_builtin(o));
	attrs_bool(
	    a, "aggregated", aggregation != NULL && !json_is_null(aggregation));
	json_array_foreach (json_object_get(o, "rules"), i, rule) {
		add(a, rules, rule_of(a, rule));
	}
	attrs_json(a, "rules", rules);
}

/* {"kind":"User","name":"jane"}; a service account by its user name. */
static json_t *
subject_of(
    struct attrs *a, const json_t *subject, const char *binding_namespace)
{
	const char *kind = path_text(subject, ".kind");
	const char *name = path_text(subject, ".name");
	const char *ns = path_text(subject, ".namespace");
	json_t *out = json_object();
	BUF_AUTO(user, NAME_MAX_LEN);

	if (ns == NULL || ns[0] == '\0')
		ns = binding_namespace; /* as the authorizer takes it */
	if (kind != NULL && name != NULL &&
	    strcmp(kind, "ServiceAccount") == 0) {
		buf_printf(&user, "system:serviceaccount:%s:%s",
		    ns != NULL ? ns : "", name);
		name = user.failed == FAULT_NONE ? user.p : name;
	}
	put_text(a, out, "kind", kind);
	put_text(a, out, "name", name);
	return out;
}

void
fill_binding(const struct resource *r, const json_t *o, struct attrs *a)
{
	const char *kind = path_text(o, ".roleRef.kind");
	const char *name = path_text(o, ".roleRef.name");
	const char *ns = path_text(o, ".metadata.namespace");
	json_t *subjects = json_array(), *s;
	BUF_AUTO(role, NAME_MAX_LEN);
	size_t i;

	attrs_str(a, "kind", r->object);
	attrs_bool(a, "builtin", is_builtin(o));
	if (kind != NULL && name != NULL && strcmp(kind, "Role") == 0)
		buf_printf(&role, "Role/%s/%s", ns != NULL ? ns : "", name);
	else if (kind != NULL && name != NULL)
		buf_printf(&role, "%s/%s", kind, name);
	attrs_str(a, "role", role.p);
	json_array_foreach (json_object_get(o, "subjects"), i, s) {
		add(a, subjects, subject_of(a, s, ns));
	}
	attrs_json(a, "subjects", subjects);
}

/* ---- aws-auth (docs.aws.amazon.com/eks: auth-configmap) ---- */

/* The entries of mapRoles or mapUsers: arn, username, groups. */
static json_t *
mapped(struct attrs *a, const json_t *list, const char *arn_name)
{
	json_t *out = json_array(), *e, *g;
	size_t i, n;

	json_array_foreach ((json_t *)list, i, e) {
		json_t *entry = json_object(), *groups = json_array();

		put_text(a, entry, "arn",
		    json_string_value(json_object_get(e, arn_name)));
		put_text(a, entry, "username",
		    json_string_value(json_object_get(e, "username")));
		json_array_foreach (json_object_get(e, "groups"), n, g) {
			add_text(a, groups, json_string_value(g));
		}
		put(a, entry, "groups", groups);
		add(a, out, entry);
	}
	return out;
}

/* The YAML list in a member of data; NULL: none there. bad: not readable. */
static json_t *
data_list(const json_t *o, const char *path, bool *bad)
{
	const json_t *text = path_value(o, path);
	struct fault why = { 0 };
	json_t *v;

	if (text == NULL)
		return NULL;
	v = tree_texts(
	    json_string_value(text), json_string_length(text), path, &why);
	if (json_is_array(v))
		return v;
	*bad = *bad || !json_is_null(v);
	json_decref(v);
	return NULL;
}

void
fill_aws_auth(const struct resource *r, const json_t *o, struct attrs *a)
{
	bool bad = false;
	json_t *roles = data_list(o, ".data.mapRoles", &bad);
	json_t *users = data_list(o, ".data.mapUsers", &bad);
	json_t *accounts = data_list(o, ".data.mapAccounts", &bad), *v;
	json_t *texts = json_array();
	size_t i;

	(void)r;
	json_array_foreach (accounts, i, v) {
		add_text(a, texts, json_string_value(v));
	}
	attrs_json(a, "roles", mapped(a, roles, "rolearn"));
	attrs_json(a, "users", mapped(a, users, "userarn"));
	attrs_json(a, "accounts", texts);
	attrs_bool(a, "readable", !bad);
	json_decref(roles);
	json_decref(users);
	json_decref(accounts);
}
