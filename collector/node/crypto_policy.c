/* System-wide crypto policies: crypto-policies(7), update-crypto-policies. */
#include <string.h>

#include "collector/kit/openssl_conf.h"
#include "collector/node/parts.h"

#define CONFIG "/etc/crypto-policies/config"
#define CURRENT "/etc/crypto-policies/state/current"
#define BACKENDS "/etc/crypto-policies/back-ends/"
#define OPENSSL_BACKEND BACKENDS "opensslcnf.config"
#define NAME_BYTES 128 /* of one back-end */

int
policy_read(struct span text, char out[POLICY_MAX], struct fault *f)
{
	struct span line, rest;

	while (span_line(&text, &line)) {
		line = span_trim(span_until(line, '#', &rest));
		if (line.len == 0)
			continue;
		/* names of files below policies/ and modules/ */
		if (line.len >= POLICY_MAX || !span_only(line, ALNUM "-_.:"))
			break;
		for (size_t i = 0; i < line.len; i++)
			out[i] = line.p[i] >= 'a' && line.p[i] <= 'z'
				     ? (char)(line.p[i] - 'a' + 'A')
				     : line.p[i];
		out[line.len] = '\0';
		return 0;
	}
	return fault(f, FAULT_FORMAT, "not the name of a crypto policy");
}

static bool
put_policy(struct attrs *a, const char *text)
{
	struct span rest, policy = span_until(span_of(text), ':', &rest);
	json_t *subs = json_array();
	bool good = subs != NULL;

	put_span(a, "policy", policy, POLICY_MAX);
	while (good && rest.p != NULL) {
		struct span sub = span_until(rest, ':', &rest);

		good = add_string(subs, sub, POLICY_MAX);
	}
	attrs_json(a, "subpolicies", subs);
	return good;
}

/* Links into a FIPS policy, as SCAP's rule configure_crypto_policy asks. */
static bool
links_to_fips(const struct entry *e)
{
	return e->type == ENTRY_LINK && e->target != NULL &&
	       strstr(e->target, "/crypto-policies/FIPS/") != NULL;
}

static int
put_backends(struct parts *p, struct attrs *a, struct fault *f)
{
	json_t *fips = json_array(), *other = json_array();
	size_t n, skip = strlen(BACKENDS);
	const struct entry *e = snapshot_under(p->s, BACKENDS, &n);
	bool good = fips != NULL && other != NULL;
	enum outcome folder =
	    snapshot_outcome(p->s, "/etc/crypto-policies/back-ends");

	for (size_t i = 0; good && i < n; i++) {
		struct span name = span_of(e[i].path + skip);

		if (!span_ends(name, ".config"))
			continue;
		name.len -= strlen(".config");
		good = add_string(
		    links_to_fips(&e[i]) ? fips : other, name, NAME_BYTES);
	}
	if (!good || folder != OUTCOME_ABSENT) { /* it could not be listed */
		json_decref(fips);
		json_decref(other);
		fips = json_null();
		other = json_null();
	}
	attrs_json(a, "backends_fips", fips);
	attrs_json(a, "backends_other", other);
	return good ? 0 : fault_memory(f);
}

static void
put_follows(struct parts *p, struct attrs *a)
{
	struct reading r = part_read(p, "/etc/pki/tls/openssl.cnf");
	struct conf c;
	struct fault f;

	conf_init(&c); /* follows no include: only their names are wanted */
	if (r.outcome == OUTCOME_ABSENT)
		r = part_read(p, "/etc/ssl/openssl.cnf"); /* SUSE */
	if (r.outcome != OUTCOME_OBSERVED || conf_read(&c, r.text, &f) == -1)
		put_null(a, "openssl_follows");
	else
		attrs_bool(
		    a, "openssl_follows", conf_includes(&c, OPENSSL_BACKEND));
	conf_free(&c);
}

static bool
is_refusal(const struct reading *r)
{
	return r->outcome != OUTCOME_OBSERVED && r->outcome != OUTCOME_ABSENT;
}

static int
refuse(struct parts *p, enum outcome outcome, const char *path,
    const char *reason, struct fault *f)
{
	return emit_outcome(
	    p->e, &node_crypto_policy_kind, p->host, outcome, reason, path, f);
}

static int
emit_policy(struct parts *p, const struct reading *config,
    const struct reading *current, struct fault *f)
{
	char wanted[POLICY_MAX], now[POLICY_MAX];
	struct fault why;
	ATTRS_AUTO(a);

	if (config->outcome == OUTCOME_OBSERVED &&
	    policy_read(config->text, wanted, &why) == -1)
		return refuse(p, OUTCOME_ERROR, CONFIG, why.text, f);
	if (current->outcome == OUTCOME_OBSERVED &&
	    policy_read(current->text, now, &why) == -1)
		return refuse(p, OUTCOME_ERROR, CURRENT, why.text, f);
	attrs_str(&a, "configured",
	    config->outcome == OUTCOME_OBSERVED ? wanted : NULL);
	if (current->outcome == OUTCOME_OBSERVED) {
		attrs_str(&a, "current", now);
		if (!put_policy(&a, now))
			return fault_memory(f);
	} else {
		put_null(&a, "current");
		put_null(&a, "policy");
		put_null(&a, "subpolicies");
	}
	if (config->outcome == OUTCOME_OBSERVED &&
	    current->outcome == OUTCOME_OBSERVED)
		attrs_bool(&a, "state_stale",
		    config->entry->mtime > current->entry->mtime);
	else
		put_null(&a, "state_stale");
	if (put_backends(p, &a, f) == -1)
		return -1;
	put_follows(p, &a);
	return emit_observed(p->e, &node_crypto_policy_kind, p->host, &a,
	    "/etc/crypto-policies", f);
}

int
policy_emit(struct parts *p, struct fault *f)
{
	struct reading config = part_read(p, CONFIG);
	struct reading current = part_read(p, CURRENT);

	if (is_refusal(&current))
		return refuse(p, current.outcome, CURRENT, current.reason, f);
	if (is_refusal(&config))
		return refuse(p, config.outcome, CONFIG, config.reason, f);
	if (config.outcome == OUTCOME_ABSENT &&
	    current.outcome == OUTCOME_ABSENT)
		return refuse(p, OUTCOME_ABSENT, CURRENT,
		    "no crypto-policies on this host", f);
	return emit_policy(p, &config, &current, f);
}
