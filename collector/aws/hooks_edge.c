/* See hooks_data.h. */
#include "collector/aws/hooks_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"

/* ---- load balancers ---- */

/* Gateway load balancers have listeners without one: no TLS passes there. */
bool
aws_has_port(const struct aws_item *i)
{
	return json_object_get(i->tree, "Port") != NULL;
}

static void
fill_redirect(const json_t *actions, struct attrs *a)
{
	json_t *v;
	size_t n;

	attrs_json(a, "redirect", json_null());
	json_array_foreach ((json_t *)actions, n, v) {
		const char *protocol = path_text(v, ".RedirectConfig.Protocol");
		const char *port = path_text(v, ".RedirectConfig.Port");
		char text[128];

		if (protocol == NULL)
			continue;
		(void)snprintf(text, sizeof(text), "%.60s:%.60s", protocol,
		    port != NULL ? port : "");
		attrs_str(a, "redirect", text);
	}
}

/* Beside the default rule: those with an action that is neither a redirect to
 * HTTPS nor a fixed answer. */
static void
fill_rules(const json_t *rules, struct attrs *a)
{
	long long n = 0;
	json_t *rule, *action;
	size_t i, k;

	if (!json_is_array(rules)) {
		attrs_json(a, "rules_forward", json_null());
		return;
	}
	json_array_foreach ((json_t *)rules, i, rule) {
		const char *is_default = path_text(rule, ".IsDefault");
		bool on = false;

		json_array_foreach (
		    json_object_get(rule, "Actions"), k, action) {
			const char *type = path_text(action, ".Type");
			const char *to =
			    path_text(action, ".RedirectConfig.Protocol");

			on = on || type == NULL ||
			     (strcmp(type, "fixed-response") != 0 &&
				 (to == NULL || strcmp(to, "HTTPS") != 0));
		}
		n += on &&
		     (is_default == NULL || strcmp(is_default, "true") != 0);
	}
	attrs_int(a, "rules_forward", n);
}

void
aws_fill_listener(const struct aws_item *i, struct attrs *a)
{
	const json_t *lb = i->parent != NULL ? i->parent->tree : NULL;

	attrs_str(a, "load_balancer", path_text(lb, ".LoadBalancerName"));
	attrs_str(a, "type", path_text(lb, ".Type"));
	attrs_str(a, "ssl_policy", path_text(i->tree, ".SslPolicy"));
	attrs_str(a, "protocol", path_text(i->tree, ".Protocol"));
	attrs_json(a, "port", json_null());
	if (path_text(i->tree, ".Port") != NULL)
		attrs_int(a, "port", atoi(path_text(i->tree, ".Port")));
	fill_redirect(json_object_get(i->tree, "DefaultActions"), a);
	fill_rules(json_object_get(i->tree, "Rules"), a);
}

void
aws_fill_classic_balancer(const struct aws_item *i, struct attrs *a)
{
	(void)i;
	attrs_str(a, "type", "classic");
	attrs_str(a, "vpc", path_text(i->tree, ".VPCId"));
}

/* The predefined policy that one of the listener's own refers to, or that it
 * is; NULL: not told. */
static const char *
reference(const json_t *policies, const json_t *names)
{
	const char *found = NULL;
	json_t *v, *name, *attribute;
	size_t i, k;

	json_array_foreach ((json_t *)policies, i, v) {
		const char *own = path_text(v, ".PolicyName");
		const char *type = path_text(v, ".PolicyTypeName");
		bool used = false;

		json_array_foreach ((json_t *)names, k, name) {
			used = used ||
			       (own != NULL && json_is_string(name) &&
				   strcmp(own, json_string_value(name)) == 0);
		}
		if (!used || type == NULL ||
		    strcmp(type, "SSLNegotiationPolicyType") != 0)
			continue;
		found = own;
		json_array_foreach (
		    json_object_get(v, "PolicyAttributeDescriptions"), k,
		    attribute) {
			const char *what =
			    path_text(attribute, ".AttributeName");

			if (what != NULL &&
			    strcmp(what, "Reference-Security-Policy") == 0)
				found = path_text(attribute, ".AttributeValue");
		}
	}
	return found;
}

void
aws_fill_classic_listener(const struct aws_item *i, struct attrs *a)
{
	const char *name = path_text(
	    i->parent != NULL ? i->parent->tree : NULL, ".LoadBalancerName");
	const char *port = path_text(i->tree, ".Listener.LoadBalancerPort");
	const char *certificate =
	    path_text(i->tree, ".Listener.SSLCertificateId");
	json_t *certificates = json_array();
	char key[300];

	(void)snprintf(
	    key, sizeof(key), "classic/%.255s", name != NULL ? name : "");
	add_text(a, certificates, certificate);
	attrs_json(a, "certificates", certificates);
	attrs_str(a, "load_balancer", key);
	attrs_str(a, "type", "classic");
	attrs_str(a, "protocol", path_text(i->tree, ".Listener.Protocol"));
	attrs_json(a, "port", json_null());
	if (port != NULL)
		attrs_int(a, "port", atoi(port));
	attrs_json(a, "redirect", json_null());
	attrs_json(a, "rules_forward", json_null());
	attrs_str(a, "ssl_policy",
	    reference(json_object_get(i->tree, "Policies"),
		json_object_get(i->tree, "PolicyNames")));
}

/* ---- trails ---- */

struct recorded { /* of calls that manage resources */
	bool reads, writes;
	bool unsaid;   /* an answer left a part of it out */
	char but[256]; /* a source that is left out */
};

static void
note_but(struct recorded *r, const char *source)
{
	if (source != NULL && r->but[0] == '\0')
		(void)snprintf(r->but, sizeof(r->but), "%.200s", source);
}

/* Basic selectors (PutEventSelectors, EventSelector). */
static void
basic_selector(
    const json_t *v, struct recorded *r, json_t *out, struct attrs *a)
{
	const char *type = path_text(v, ".ReadWriteType");
	bool all = type != NULL && strcmp(type, "All") == 0;
	const json_t *on = json_object_get(v, "IncludeManagementEvents");
	BUF_AUTO(text, TEXT_MAX);
	json_t *one;
	size_t i;

	if (type == NULL || !json_is_boolean(on)) { /* no default is ours */
		r->unsaid = true;
		return;
	}
	if (json_is_true(on)) {
		r->reads |= all || strcmp(type, "ReadOnly") == 0;
		r->writes |= all || strcmp(type, "WriteOnly") == 0;
		buf_printf(&text, "management %s", all ? "All" : type);
		json_array_foreach (
		    json_object_get(v, "ExcludeManagementEventSources"), i,
		    one) {
			note_but(r, json_string_value(one));
			buf_printf(&text, " but %s",
			    json_is_string(one) ? json_string_value(one) : "?");
		}
		add_text(a, out, text.p);
	}
	json_array_foreach (json_object_get(v, "DataResources"), i, one) {
		const char *of = path_text(one, ".Type");
		char data[160];

		(void)snprintf(data, sizeof(data), "data %.60s of %.80s",
		    all ? "All" : type, of != NULL ? of : "?");
		add_text(a, out, data);
	}
}

static void
field_text(const json_t *field, const char *op, struct buf *text)
{
	json_t *v;
	size_t i;

	json_array_foreach (json_object_get(field, op), i, v) {
		buf_printf(text, "%s%s", i > 0 ? "," : op, i > 0 ? "" : " ");
		buf_puts(text, json_is_string(v) ? json_string_value(v) : "?");
	}
}

/* The first value of the operator, or NULL. */
static const char *
first_of(const json_t *field, const char *op)
{
	return json_string_value(json_array_get(json_object_get(field, op), 0));
}

/* Advanced selectors (AdvancedEventSelector, AdvancedFieldSelector). */
static void
advanced_selector(
    const json_t *v, struct recorded *r, json_t *out, struct attrs *a)
{
	static const char *const ops[] = { "Equals", "NotEquals", "StartsWith",
		"NotStartsWith", "EndsWith", "NotEndsWith" };
	bool management = false, reads = true, writes = true;
	BUF_AUTO(text, TEXT_MAX);
	struct recorded own = { 0 };
	json_t *field;
	size_t i;

	json_array_foreach (json_object_get(v, "FieldSelectors"), i, field) {
		const char *name = path_text(field, ".Field");
		const char *is = first_of(field, "Equals");

		if (name == NULL) {
			r->unsaid = true;
			continue;
		}
		buf_printf(&text, "%s%s ", i > 0 ? "; " : "", name);
		for (size_t k = 0; k < LENGTH(ops); k++)
			field_text(field, ops[k], &text);
		if (strcmp(name, "eventCategory") == 0) {
			management =
			    is != NULL && strcmp(is, "Management") == 0;
		} else if (strcmp(name, "readOnly") == 0 && is != NULL) {
			reads = strcmp(is, "true") == 0;
			writes = !reads;
		} else if (is == NULL) {
			is = first_of(field, "NotEquals");
			note_but(&own, is != NULL ? is : "some of it");
		} else {
			reads = writes = false; /* of one source only */
		}
	}
	add_text(a, out, text.p);
	if (!management)
		return;
	r->reads |= reads;
	r->writes |= writes;
	if (own.but[0] != '\0')
		note_but(r, own.but);
}

/*
 * A trail of all regions is listed in each, as a shadow, and one of an
 * organization in each member account: it is one thing, told at home.
 */
bool
aws_is_home_trail(const struct aws_item *i)
{
	const char *arn = path_text(i->tree, ".TrailARN"), *p = arn;
	char account[13];

	for (int n = 0; n < 4 && p != NULL; n++)
		if ((p = strchr(p, ':')) != NULL)
			p++;
	if (p == NULL)
		return true;
	(void)snprintf(account, sizeof(account), "%.12s", p);
	return aws_item_at_home(i, account, path_text(i->tree, ".HomeRegion"));
}

void
aws_fill_trail(const struct aws_item *i, struct attrs *a)
{
	const json_t *part = json_object_get(i->tree, "Selectors"), *v;
	const json_t *basic = json_object_get(part, "EventSelectors");
	const json_t *advanced =
	    json_object_get(part, "AdvancedEventSelectors");
	json_t *out = json_array();
	struct recorded r = { 0 };
	char text[300];
	size_t n;

	json_array_foreach (basic, n, v) {
		basic_selector(v, &r, out, a);
	}
	json_array_foreach (advanced, n, v) {
		advanced_selector(v, &r, out, a);
	}
	(void)snprintf(text, sizeof(text), "all but %s", r.but);
	attrs_str(a, "management",
	    r.unsaid || json_array_size(basic) + json_array_size(advanced) == 0
		? NULL /* AWS always names some */
	    : r.reads && r.writes ? (r.but[0] != '\0' ? text : "all")
	    : r.reads		  ? "read"
	    : r.writes		  ? "write"
				  : "none");
	if (part == NULL) {
		json_decref(out);
		out = json_null();
	}
	attrs_json(a, "selectors", out);
}

/* ---- GuardDuty ---- */

static const char *
feature(const json_t *features, const char *want)
{
	json_t *v;
	size_t i;

	json_array_foreach ((json_t *)features, i, v) {
		const char *name = path_text(v, ".name");

		if (name != NULL && strcmp(name, want) == 0)
			return path_text(v, ".status");
	}
	return NULL;
}

void
aws_fill_guardduty_detector(const struct aws_item *i, struct attrs *a)
{
	static const char *const watching[] = { "RUNTIME_MONITORING",
		"EKS_RUNTIME_MONITORING" };
	const json_t *features = json_object_get(i->tree, "features"), *v;
	const char *runtime = NULL, *addon = NULL, *s;
	size_t n;

	for (size_t k = 0; k < 2; k++) {
		s = feature(features, watching[k]);
		if (s != NULL && (runtime == NULL || strcmp(s, "ENABLED") == 0))
			runtime = s;
	}
	json_array_foreach ((json_t *)features, n, v) {
		s = feature(json_object_get(v, "additionalConfiguration"),
		    "EKS_ADDON_MANAGEMENT");
		if (s != NULL && (addon == NULL || strcmp(s, "ENABLED") == 0))
			addon = s;
	}
	attrs_str(a, "eks_addon", addon);
	attrs_str(a, "eks_audit_logs", feature(features, "EKS_AUDIT_LOGS"));
	attrs_str(a, "eks_runtime", runtime);
}
