/* What was found at a TLS endpoint, as observations. */
#include <stdio.h>
#include <string.h>

#include "collector/endpoint/tls_certificate.h"
#include "base/length.h"
#include "collector/endpoint/tls_probe.h"

#define KEY_MAX 256
#define SOURCE "TLS handshakes"

static bool
accepted(const struct tls_result *r, size_t v)
{
	return r->versions[v].n > 0;
}

/* "server" if that is so in every version with a choice. */
static const char *
preference(const struct tls_result *r)
{
	static const char *const names[] = { NULL, "server", "client",
		"mixed" };
	enum preference all = PREFERS_NONE;

	for (size_t v = 0; v < VERSIONS; v++) {
		enum preference p = r->versions[v].preference;

		if (p == PREFERS_NONE)
			continue;
		all = all == PREFERS_NONE || all == p ? p : PREFERS_OTHER;
	}
	return names[all];
}

static void
add_flag(struct attrs *a, const char *key, bool known, bool value)
{
	if (known)
		attrs_bool(a, key, value);
	else
		attrs_json(a, key, json_null());
}

static void
add_fips(struct attrs *a, const struct tls_result *r)
{
	const struct server_hello *h = &r->fips_hello;
	char version[TLS_NAME_LEN], suite[TLS_NAME_LEN], group[TLS_NAME_LEN];
	bool on = r->fips == FIPS_NEGOTIATED;
	const char *group_name = group;

	tls_name_of(tls_versions, h->version, version);
	tls_name_of(tls_suites, h->suite, suite);
	tls_name_of(tls_groups, r->fips_group, group);
	if (r->fips_dh > 0)
		group_name = r->dh_names[r->fips_dh - 1];
	else if (r->fips_group == 0)
		group_name = NULL;
	attrs_str(a, "fips_client",
	    on			      ? "negotiated"
	    : r->fips == FIPS_REFUSED ? "refused"
				      : NULL);
	attrs_str(a, "fips_version", on ? version : NULL);
	attrs_str(a, "fips_suite", on ? suite : NULL);
	attrs_str(a, "fips_group", on ? group_name : NULL);
	add_flag(a, "fips_extended_master_secret", on && h->version < TLS_1_3,
	    h->master_secret);
}

static void
add_lists(struct attrs *a, const struct tls_result *r)
{
	json_t *alpn = json_array(), *versions = json_array();
	json_t *unanswered = json_array();

	for (size_t i = 0; i < r->nalpn; i++)
		(void)json_array_append_new(alpn, json_string(r->alpn[i]));
	for (size_t v = 0; v < VERSIONS; v++)
		if (accepted(r, v))
			(void)json_array_append_new(
			    versions, json_string(tls_versions[v].name));
	for (size_t i = 0; i < r->nunanswered; i++)
		(void)json_array_append_new(
		    unanswered, json_string(r->unanswered[i]));
	attrs_json(a, "alpn", alpn);
	attrs_json(a, "versions", versions);
	attrs_json(a, "unanswered", unanswered);
}

static const struct {
	unsigned bit;
	const char *name; /* stable: checks compare with it */
} gap_names[] = {
	{ GAP_VERSION, "versions" },
	{ GAP_SUITE, "suites" },
	{ GAP_GROUP, "groups" },
	{ GAP_SIGNATURE, "signatures" },
	{ GAP_CERTIFICATE, "certificates" },
	{ GAP_EXTENSION, "extensions" },
	{ GAP_ORDER, "preference" },
	{ GAP_ALPN, "alpn" },
	{ GAP_FIPS, "fips_client" },
};

static void
add_gaps(struct attrs *a, const struct tls_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < LENGTH(gap_names); i++)
		if ((r->gaps & gap_names[i].bit) != 0)
			(void)json_array_append_new(
			    list, json_string(gap_names[i].name));
	attrs_json(a, "gaps", list);
}

/* "alert 40", "closed": how a version is refused. */
static void
refusal_text(unsigned how, char *out, size_t size)
{
	static const char *const words[] = { "closed", "no answer in time",
		"no TLS in the answer", "chose what was not offered",
		"answered in another version" };

	if (how < REFUSAL_CLOSED)
		(void)snprintf(out, size, "alert %u", how);
	else
		(void)snprintf(out, size, "%s",
		    how - REFUSAL_CLOSED < LENGTH(words)
			? words[how - REFUSAL_CLOSED]
			: "otherwise");
}

/* What each version's answer rests on. */
static json_t *
version_shapes(const struct tls_result *r, size_t v)
{
	const struct version_result *one = &r->versions[v];
	json_t *shapes = json_array(), *refusal = json_null();
	char text[48];

	if (one->n == 0 && one->asked) {
		refusal_text(one->refusal, text, sizeof(text));
		refusal = json_string(text);
	}
	for (size_t i = 0; i < TLS_SHAPES; i++)
		if ((one->checked & 1u << i) != 0)
			(void)json_array_append_new(
			    shapes, json_string(tls_shapes[i].name));
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "version",
	    tls_versions[v].name, "answer",
	    one->n > 0	 ? "accepted"
	    : one->asked ? "refused"
			 : "unknown",
	    "shape", tls_shapes[one->shape].name, "refused_in", shapes,
	    "refusal", refusal);
}

static void
add_shapes(struct attrs *a, const struct tls_result *r)
{
	json_t *list = json_array();

	for (size_t v = 0; v < VERSIONS; v++)
		(void)json_array_append_new(list, version_shapes(r, v));
	attrs_json(a, "shapes", list);
}

static int
emit_endpoint(const struct tls_probe *p, struct emitter *e, struct fault *f)
{
	const struct tls_result *r = &p->result;
	const struct target *t = p->target;
	ATTRS_AUTO(a);

	if (r->outcome != OUTCOME_OBSERVED)
		return emit_outcome(e, &tls_endpoint_kind, t->name, r->outcome,
		    r->reason, SOURCE, f);
	add_lists(&a, r);
	add_gaps(&a, r);
	add_shapes(&a, r);
	add_fips(&a, r);
	attrs_str(&a, "compression",
	    !r->old		  ? NULL
	    : r->compression == 0 ? "none"
				  : "deflate");
	add_flag(&a, "encrypt_then_mac", r->old, r->encrypt_then_mac);
	add_flag(&a, "extended_master_secret", r->old, r->master_secret);
	add_flag(&a, "secure_renegotiation", r->old, r->renegotiation);
	add_flag(&a, "session_tickets", r->old, r->ticket);
	add_flag(
	    &a, "fallback_scsv", r->fallback_scsv != -1, r->fallback_scsv == 1);
	add_flag(&a, "ocsp_stapled", r->nchains > 0, r->stapled);
	attrs_str(&a, "preference", preference(r));
	attrs_str(&a, "server_name", t->literal ? NULL : t->host);
	attrs_str(&a, "starttls",
	    t->protocol == PROTOCOL_TLS ? NULL : protocol_name(t->protocol));
	return emit_observed(e, &tls_endpoint_kind, t->name, &a, SOURCE, f);
}

/* ---- suites, groups, signatures ---- */

static int
emit_suite(const struct tls_result *r, size_t v, size_t i, struct emitter *e,
    struct fault *f)
{
	const struct accepted_suite *s = &r->versions[v].suites[i];
	char name[TLS_NAME_LEN], id[8], kx[TLS_NAME_LEN], key[KEY_MAX];
	char group[TLS_NAME_LEN];
	ATTRS_AUTO(a);

	tls_name_of(tls_suites, s->id, name);
	tls_name_of(tls_groups, s->group, group);
	suite_key_exchange_name(s->id, kx);
	(void)snprintf(id, sizeof(id), "0x%04X", s->id);
	(void)snprintf(key, sizeof(key), "%s/%s", tls_versions[v].name, name);
	attrs_str(&a, "id", id);
	attrs_str(&a, "name", name);
	attrs_str(&a, "version", tls_versions[v].name);
	attrs_str(&a, "shape", tls_shapes[s->shape].name);
	attrs_str(&a, "key_exchange", kx[0] != '\0' ? kx : NULL);
	attrs_str(&a, "group_name",
	    s->dh > 0	   ? r->dh_names[s->dh - 1]
	    : s->group > 0 ? group
			   : NULL);
	if (r->versions[v].preference == PREFERS_SERVER ||
	    (r->versions[v].n == 1))
		attrs_int(&a, "position", (long long)i + 1);
	else
		attrs_json(&a, "position", json_null());
	return emit_observed(e, &tls_suite_kind, key, &a, SOURCE, f);
}

static int
emit_suites(const struct tls_result *r, struct emitter *e, struct fault *f)
{
	for (size_t v = 0; v < VERSIONS; v++)
		for (size_t i = 0; i < r->versions[v].n; i++)
			if (emit_suite(r, v, i, e, f) == -1)
				return -1;
	return 0;
}

/* A thing with a number and a name, in one version. id NULL: no number; bits
 * of a group's prime, or 0. */
static int
emit_named(const struct kind *k, const char *version, const char *id,
    const char *name, int bits, struct emitter *e, struct fault *f)
{
	char key[KEY_MAX];
	ATTRS_AUTO(a);

	(void)snprintf(key, sizeof(key), "%s/%s", version, name);
	attrs_str(&a, "id", id);
	attrs_str(&a, "name", name);
	attrs_str(&a, "version", version);
	if (k == &tls_group_kind && bits > 0)
		attrs_int(&a, "bits", bits);
	else if (k == &tls_group_kind)
		attrs_json(&a, "bits", json_null());
	return emit_observed(e, k, key, &a, SOURCE, f);
}

static int
emit_list(const struct id_list *list, const struct tls_name *names,
    const struct kind *k, const char *version, struct emitter *e,
    struct fault *f)
{
	for (size_t i = 0; i < list->n; i++) {
		char name[TLS_NAME_LEN], id[8];

		tls_name_of(names, list->v[i], name);
		(void)snprintf(id, sizeof(id), "0x%04X", list->v[i]);
		if (emit_named(k, version, id, name, 0, e, f) == -1)
			return -1;
	}
	return 0;
}

/* The newest version before 1.3 that a suite fitting want was accepted in. */
static const char *
version_with(const struct tls_result *r, bool dh)
{
	for (size_t v = 1; v < VERSIONS; v++)
		for (size_t i = 0; i < r->versions[v].n; i++)
			if (dh ? r->versions[v].suites[i].dh > 0
			       : r->versions[v].suites[i].group > 0)
				return tls_versions[v].name;
	return "TLS 1.2";
}

static int
emit_groups(const struct tls_result *r, struct emitter *e, struct fault *f)
{
	if (emit_list(&r->groups[0], tls_groups, &tls_group_kind, "TLS 1.3", e,
		f) == -1 ||
	    emit_list(&r->groups[OLD_GROUPS], tls_groups, &tls_group_kind,
		version_with(r, false), e, f) == -1)
		return -1;
	for (size_t i = 0; i < r->ndh; i++)
		if (emit_named(&tls_group_kind, version_with(r, true), NULL,
			r->dh_names[i], r->dh_bits[i], e, f) == -1)
			return -1;
	return 0;
}

static int
emit_signatures(const struct tls_result *r, struct emitter *e, struct fault *f)
{
	if (emit_list(&r->signatures[0], tls_signatures, &tls_signature_kind,
		"TLS 1.3", e, f) == -1)
		return -1;
	return emit_list(&r->signatures[1], tls_signatures, &tls_signature_kind,
	    "TLS 1.2", e, f);
}

/* ---- certificates ---- */

static int
emit_certificate(const struct tls_probe *p, const char *chain, size_t position,
    X509 *const *x, size_t n, const struct slice *der, struct emitter *e,
    struct fault *f)
{
	uint8_t digest[SHA256_LEN];
	char key[KEY_MAX], hex[SHA256_HEX];
	ATTRS_AUTO(a);

	(void)snprintf(key, sizeof(key), "%.64s/%zu", chain, position);
	if (x[position] == NULL)
		return emit_outcome(e, &tls_certificate_kind, key,
		    OUTCOME_ERROR, "not an X.509 certificate", SOURCE, f);
	if (digest_sha256(p->crypto, der->p, der->len, digest, f) == -1)
		return -1;
	hex_encode(digest, sizeof(digest), hex);
	certificate_attrs(x[position], &a);
	attrs_str(&a, "sha256", hex);
	attrs_str(&a, "chain", chain);
	attrs_int(&a, "position", (long long)position);
	add_flag(&a, "name_matches", position == 0,
	    position == 0 &&
		certificate_covers(x[0], p->target->host, p->target->literal));
	add_flag(&a, "signed_by_next", position + 1 < n,
	    position + 1 < n && x[position + 1] != NULL &&
		certificate_signed_by(x[position], x[position + 1]));
	return emit_observed(e, &tls_certificate_kind, key, &a, SOURCE, f);
}

/* "ec", or "ec-2" if such a chain was there already. */
static void
name_chain(X509 *leaf, char (*names)[32], size_t i)
{
	char base[24] = "other";
	size_t again = 1;

	if (leaf != NULL)
		certificate_key_name(leaf, base, sizeof(base));
	(void)snprintf(names[i], sizeof(names[i]), "%s", base);
	for (size_t k = 0; k < i; k++)
		if (strcmp(names[k], names[i]) == 0)
			(void)snprintf(names[i], sizeof(names[i]), "%s-%zu",
			    base, ++again);
}

static int
emit_chain(const struct tls_probe *p, size_t i, char (*names)[32],
    struct emitter *e, struct fault *f)
{
	const struct chain *c = &p->result.chains[i];
	struct slice der[CERTIFICATES_MAX];
	X509 *x[CERTIFICATES_MAX];
	const uint8_t *at;
	size_t n = 0, len;
	bool status;
	int rc = 0;

	while (n < CERTIFICATES_MAX &&
	       certificate_at((const uint8_t *)c->message.p, c->message.len,
		   c->tls13, n, &at, &len, &status) == 1) {
		der[n] = (struct slice){ at, len };
		x[n++] = certificate_read(p->crypto, at, len);
	}
	if (n > 0)
		name_chain(x[0], names, i);
	for (size_t k = 0; rc == 0 && k < n; k++)
		rc = emit_certificate(p, names[i], k, x, n, &der[k], e, f);
	for (size_t k = 0; k < n; k++)
		X509_free(x[k]);
	return rc;
}

/* ---- whole ---- */

static int
emit_gaps(const struct tls_result *r, struct emitter *e, struct fault *f)
{
	static const struct {
		unsigned bit;
		const struct kind *kind;
	} parts[] = {
		{ GAP_SUITE, &tls_suite_kind },
		{ GAP_GROUP, &tls_group_kind },
		{ GAP_SIGNATURE, &tls_signature_kind },
		{ GAP_CERTIFICATE, &tls_certificate_kind },
	};

	for (size_t i = 0; i < LENGTH(parts); i++)
		if ((r->gaps & parts[i].bit) != 0 &&
		    emit_gap(e, parts[i].kind, OUTCOME_ERROR,
			"not every question was answered", f) == -1)
			return -1;
	return 0;
}

int
tls_emit(const struct tls_probe *p, struct emitter *e, struct fault *f)
{
	const struct tls_result *r = &p->result;
	char names[CHAINS_MAX][32] = { 0 };

	e->calls = r->connections;
	if (emit_endpoint(p, e, f) == -1)
		return -1;
	if (r->outcome != OUTCOME_OBSERVED)
		return emit_coverage(e, r->outcome, r->reason, f);
	if (emit_suites(r, e, f) == -1 || emit_groups(r, e, f) == -1 ||
	    emit_signatures(r, e, f) == -1)
		return -1;
	for (size_t i = 0; i < r->nchains; i++)
		if (emit_chain(p, i, names, e, f) == -1)
			return -1;
	if (emit_gaps(r, e, f) == -1)
		return -1;
	return emit_coverage(e, OUTCOME_OBSERVED, NULL, f);
}
