/* System-wide crypto policies: crypto-policies(7), update-crypto-policies. */
#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "collector/kit/openssl_conf.h"
#include "collector/node/parts.h"

#define CONFIG "/etc/crypto-policies/config"
#define CURRENT "/etc/crypto-policies/state/current"
#define BACKENDS "/etc/crypto-policies/back-ends/"
#define OPENSSL_BACKEND BACKENDS "opensslcnf.config"
#define SHIPPED "/usr/share/crypto-policies/FIPS/"
#define LOCAL "/etc/crypto-policies/local.d"
#define NAME_BYTES 128	/* of one back-end, option or value */
#define ADDED_MAX 64	/* words told of, of all back-ends */
#define PERMITS_MAX 512 /* options, and values of one */

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

/* The text that the package ships for a back-end under the FIPS policy. */
static struct reading
shipped(const struct parts *p, struct span name)
{
	char path[sizeof(SHIPPED) + NAME_BYTES + sizeof(".txt")];

	(void)snprintf(path, sizeof(path), SHIPPED "%.*s.txt",
	    name.len < NAME_BYTES ? (int)name.len : NAME_BYTES, name.p);
	return part_read(p, path);
}

/* Holds the very text of the FIPS policy's own file; a link has to lead into
 * that policy, as SCAP's rule configure_crypto_policy asks. */
static bool
is_fips(const struct parts *p, const struct entry *e, struct span name)
{
	struct reading r = shipped(p, name);
	char end[NAME_BYTES + sizeof(SHIPPED ".txt")];

	(void)snprintf(end, sizeof(end), SHIPPED "%.*s.txt",
	    name.len < NAME_BYTES ? (int)name.len : NAME_BYTES, name.p);
	if (e->type == ENTRY_LINK &&
	    (e->target == NULL || !span_ends(span_of(e->target), end)))
		return false;
	return e->outcome == OUTCOME_OBSERVED &&
	       r.outcome == OUTCOME_OBSERVED && r.text.len == e->bytes.len &&
	       (r.text.len == 0 ||
		   memcmp(r.text.p, e->bytes.p, r.text.len) == 0);
}

static bool
token(struct span *rest, struct span *word)
{
	static const char breaks[] = " \t\r\n,:=+'\"";
	size_t n = 0;

	while (rest->len > 0 && memchr(breaks, rest->p[0], sizeof(breaks))) {
		rest->p++;
		rest->len--;
	}
	while (n < rest->len && !memchr(breaks, rest->p[n], sizeof(breaks)))
		n++;
	*word = (struct span){ rest->p, n };
	if (n == 0)
		return false;
	rest->p += n;
	rest->len -= n;
	return true;
}

static bool
has_token(struct span text, struct span wanted)
{
	struct span word;

	while (token(&text, &word))
		if (word.len == wanted.len &&
		    memcmp(word.p, wanted.p, word.len) == 0)
			return true;
	return false;
}

/* What stands in one of two texts and not in the other; only: of words that
 * forbid ("!PSK"), or of the others. */
static bool
add_difference(json_t *list, struct span name, struct span text,
    struct span other, bool forbidding)
{
	struct span word;

	while (token(&text, &word)) {
		bool forbids = word.p[0] == '!' || word.p[0] == '-';
		BUF_AUTO(what, 4 * NAME_BYTES);

		if (word.p[0] == '#') { /* comment */
			(void)span_until(text, '\n', &text);
			if (text.p == NULL)
				return true;
			continue;
		}
		if (forbids != forbidding || has_token(other, word))
			continue;
		if (json_array_size(list) == ADDED_MAX)
			return true;
		buf_put(&what, name.p, name.len);
		buf_puts(&what, forbidding ? " without " : " ");
		buf_put(&what, word.p,
		    word.len < NAME_BYTES ? word.len : NAME_BYTES);
		if (what.failed != FAULT_NONE ||
		    !add_string(
			list, (struct span){ what.p, what.len }, VALUE_MAX))
			return false;
	}
	return true;
}

/* Back-ends that list what they permit: a word that the shipped FIPS text has
 * not is permitted besides. Others (java, bind, nss) forbid, or are made
 * anew in every form. *compared becomes false where one of the two is not
 * known. */
static bool
add_permitted(const struct parts *p, const struct entry *e, struct span name,
    json_t *list, bool *compared)
{
	static const char *const permitting[] = { "gnutls", "krb5", "libreswan",
		"libssh", "openssh", "opensshserver", "opensslcnf" };
	struct reading r = shipped(p, name);
	struct span text = { e->bytes.len > 0 ? e->bytes.p : "", e->bytes.len };
	bool concerned = false;

	for (size_t i = 0; i < LENGTH(permitting); i++)
		concerned |= span_is(name, permitting[i]);
	if (!concerned)
		return true;
	if (e->outcome != OUTCOME_OBSERVED || r.outcome != OUTCOME_OBSERVED) {
		*compared = false;
		return true;
	}
	return add_difference(list, name, text, r.text, false) &&
	       add_difference(list, name, r.text, text, true);
}

static void
put_list(struct attrs *a, const char *key, json_t *list, bool known)
{
	if (!known) {
		json_decref(list);
		list = json_null();
	}
	attrs_json(a, key, list);
}

static int
put_backends(struct parts *p, struct attrs *a, struct fault *f)
{
	json_t *fips = json_array(), *other = json_array(),
	       *added = json_array();
	size_t n, skip = strlen(BACKENDS);
	const struct entry *e = snapshot_under(p->s, BACKENDS, &n);
	bool good = fips != NULL && other != NULL && added != NULL, known;
	bool compared = true;

	for (size_t i = 0; good && i < n; i++) {
		struct span name = span_of(e[i].path + skip);
		bool same;

		if (!span_ends(name, ".config"))
			continue;
		name.len -= strlen(".config");
		same = is_fips(p, &e[i], name);
		good =
		    add_string(same ? fips : other, name, NAME_BYTES) &&
		    (same || add_permitted(p, &e[i], name, added, &compared));
	}
	/* else it could not be listed */
	known = good && snapshot_outcome(p->s,
			    "/etc/crypto-policies/back-ends") == OUTCOME_ABSENT;
	put_list(a, "backends_added", added, known && compared);
	put_list(a, "backends_fips", fips, known);
	put_list(a, "backends_other", other, known);
	return good ? 0 : fault_memory(f);
}

/* Back-ends that the package has for the FIPS policy and the host has not: a
 * library without its file is not held to the policy. */
static int
put_missing(struct parts *p, struct attrs *a, struct fault *f)
{
	json_t *list = json_array();
	size_t n, skip = strlen(SHIPPED);
	const struct entry *e = snapshot_under(p->s, SHIPPED, &n);
	bool good = list != NULL;

	for (size_t i = 0; good && i < n; i++) {
		struct span name = span_of(e[i].path + skip);
		char path[sizeof(BACKENDS) + NAME_BYTES + sizeof(".config")];

		if (!span_ends(name, ".txt"))
			continue;
		name.len -= strlen(".txt");
		(void)snprintf(path, sizeof(path), BACKENDS "%.*s.config",
		    name.len < NAME_BYTES ? (int)name.len : NAME_BYTES, name.p);
		if (snapshot_outcome(p->s, path) == OUTCOME_ABSENT)
			good = add_string(list, name, NAME_BYTES);
	}
	put_list(a, "backends_missing", list,
	    good && n > 0 &&
		snapshot_outcome(p->s, "/usr/share/crypto-policies/FIPS") ==
		    OUTCOME_ABSENT &&
		snapshot_outcome(p->s, "/etc/crypto-policies/back-ends") ==
		    OUTCOME_ABSENT);
	return good ? 0 : fault_memory(f);
}

/* Files that update-crypto-policies appends to back-ends. */
static int
put_local(struct parts *p, struct attrs *a, struct fault *f)
{
	json_t *list = json_array();
	size_t n;
	const struct entry *e = snapshot_under(p->s, LOCAL "/", &n);
	bool good = list != NULL;

	for (size_t i = 0; good && i < n; i++)
		if (span_ends(span_of(e[i].path), ".config"))
			good = add_string(list,
			    span_of(e[i].path + sizeof(LOCAL)), NAME_BYTES);
	put_list(a, "local", list,
	    good && snapshot_outcome(p->s, LOCAL) == OUTCOME_ABSENT);
	return good ? 0 : fault_memory(f);
}

/* One "option@scope = value value" of CURRENT.pol; false: not one. */
static bool
add_permits(json_t *permits, struct span line)
{
	struct span values, word,
	    name = span_trim(span_until(line, '=', &values));
	char key[NAME_BYTES + 1];
	json_t *list;

	if (values.p == NULL || name.len == 0 || name.len > NAME_BYTES ||
	    !span_only(name, ALNUM "-_@") ||
	    json_object_size(permits) == PERMITS_MAX)
		return false;
	memcpy(key, name.p, name.len);
	key[name.len] = '\0';
	/* twice: the last one counts, and none is lost */
	if ((list = json_object_get(permits, key)) == NULL) {
		list = json_array();
		if (json_object_set_new(permits, key, list) == -1)
			return false;
	}
	while (span_word(&values, &word))
		if (!span_only(word, ALNUM "-_.+") ||
		    json_array_size(list) == PERMITS_MAX ||
		    !add_string(list, word, NAME_BYTES))
			return false;
	return true;
}

/* What CURRENT.pol permits: {"cipher@TLS": ["AES-256-GCM", ...]}, a new object;
 * NULL: it is not of its form, or no memory. */
static json_t *
policy_permits(struct span text)
{
	json_t *permits = json_object();
	struct span line, rest;

	while (permits != NULL && span_line(&text, &line)) {
		line = span_trim(span_until(line, '#', &rest));
		if (line.len > 0 && !add_permits(permits, line)) {
			json_decref(permits);
			permits = NULL;
		}
	}
	if (permits != NULL && json_object_size(permits) == 0) {
		json_decref(permits);
		permits = NULL;
	}
	return permits;
}

/* What the policy that was last set permits, as update-crypto-policies tells
 * it; the check compares it with the FIPS policies. */
static void
put_permits(struct parts *p, struct attrs *a)
{
	struct reading r =
	    part_read(p, "/etc/crypto-policies/state/CURRENT.pol");
	enum outcome o = r.outcome;
	json_t *permits = NULL;

	if (o == OUTCOME_OBSERVED && (permits = policy_permits(r.text)) == NULL)
		o = OUTCOME_ERROR;
	attrs_json(a, "permits", permits != NULL ? permits : json_null());
	put_outcome(a, "permits_outcome", o);
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
	put_permits(p, &a);
	if (put_backends(p, &a, f) == -1 || put_missing(p, &a, f) == -1 ||
	    put_local(p, &a, f) == -1)
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
