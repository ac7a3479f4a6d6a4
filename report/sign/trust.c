/*
 * Whom a certificate leads to, at what time, and whether anybody in between
 * was revoked (RFC 5280 section 6). See sign.h.
 */
#include "report/sign/signing.h"

#include <string.h>
#include <time.h>

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/length.h"
#include "base/utc.h"

#define AUTH_LEVEL 2 /* OpenSSL's name for 112 bits of strength */
#define CRLS_MAX 64

/* PEM may ask for a passphrase; an anchor may not. */
static int
no_passphrase(char *out, int size, int writing, void *arg)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static int
read_anchors(struct crypto *c, BIO *in, X509_STORE *store, int *count)
{
	X509 *x;
	int ok = 1;

	for (*count = 0; ok; *count += ok) {
		x = X509_new_ex(crypto_libctx(c), crypto_propq(c));
		if (x == NULL ||
		    PEM_read_bio_X509(in, &x, no_passphrase, NULL) == NULL) {
			X509_free(x);
			break;
		}
		ok = X509_STORE_add_cert(store, x) == 1;
		X509_free(x);
	}
	/* the end of the text is told as an error, too */
	return ok && ERR_GET_REASON(ERR_peek_last_error()) ==
			   PEM_R_NO_START_LINE
		   ? 0
		   : -1;
}

/* Anchors as X509_verify_cert() takes them; the caller frees. NULL with the
 * FAULT_LIMIT or FAULT_USAGE above. */
static X509_STORE *
anchors_read(struct crypto *c, const void *pem, size_t len, struct fault *f)
{
	X509_STORE *store = X509_STORE_new();
	BIO *in = NULL;
	int count = 0, rc = -1;

	if (len > ANCHORS_MAX) {
		(void)fault(f, FAULT_LIMIT,
		    "trust anchors larger than %d bytes", ANCHORS_MAX);
		goto out;
	}
	in = BIO_new_mem_buf(pem, (int)len);
	if (store == NULL || in == NULL ||
	    read_anchors(c, in, store, &count) == -1)
		(void)openssl_fault(f, FAULT_USAGE, "trust anchors");
	else if (count == 0)
		(void)fault(
		    f, FAULT_USAGE, "trust anchors: no certificate in them");
	else
		rc = 0;
	ERR_clear_error();
out:
	BIO_free(in);
	if (rc == 0)
		return store;
	X509_STORE_free(store);
	return NULL;
}

/* -- revocation lists (RFC 5280 section 5) ------------------------------ */

static X509_CRL *
read_crl(struct crypto *c, BIO *in, bool der)
{
	X509_CRL *l = X509_CRL_new_ex(crypto_libctx(c), crypto_propq(c));

	if (l != NULL &&
	    (der ? d2i_X509_CRL_bio(in, &l)
		 : PEM_read_bio_X509_CRL(in, &l, no_passphrase, NULL)) != NULL)
		return l;
	X509_CRL_free(l);
	return NULL;
}

static int
read_crls(struct crypto *c, const struct slice *s, BIO *in,
    STACK_OF(X509_CRL) * out, struct fault *f)
{
	bool der = s->len > 0 && *(const unsigned char *)s->p == 0x30;
	X509_CRL *l;

	while (sk_X509_CRL_num(out) < CRLS_MAX &&
	       (l = read_crl(c, in, der)) != NULL) {
		if (sk_X509_CRL_push(out, l) == 0) {
			X509_CRL_free(l);
			return fault_memory(f);
		}
		if (der)
			break;
	}
	if (sk_X509_CRL_num(out) == CRLS_MAX)
		return fault(
		    f, FAULT_LIMIT, "over %d revocation lists", CRLS_MAX - 1);
	if (sk_X509_CRL_num(out) == 0 ||
	    (!der &&
		ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE))
		return openssl_fault(f, FAULT_USAGE, "revocation lists");
	ERR_clear_error();
	return 0;
}

void
crls_free(STACK_OF(X509_CRL) * crls)
{
	sk_X509_CRL_pop_free(crls, X509_CRL_free);
}

STACK_OF(X509_CRL) *
    crls_read(struct crypto *c, const struct slice *s, struct fault *f)
{
	STACK_OF(X509_CRL) *out = sk_X509_CRL_new_null();
	BIO *in = NULL;
	int rc = -1;

	if (s->len > CRLS_BYTES_MAX)
		(void)fault(f, FAULT_LIMIT,
		    "revocation lists larger than %d bytes", CRLS_BYTES_MAX);
	else if (out == NULL ||
		 (in = BIO_new_mem_buf(s->p, (int)s->len)) == NULL)
		(void)fault_memory(f);
	else
		rc = read_crls(c, s, in, out, f);
	BIO_free(in);
	if (rc == 0)
		return out;
	crls_free(out);
	return NULL;
}

/* A list with other rules than these few (indirect, partial, delta) says so
 * by a critical extension. */
static bool
is_plain(const X509_CRL *l)
{
	for (int i = 0; i < X509_CRL_get_ext_count(l); i++)
		if (X509_EXTENSION_get_critical(X509_CRL_get_ext(l, i)) == 1)
			return false;
	return X509_CRL_get_ext_by_NID(l, NID_delta_crl, -1) == -1;
}

/* By the issuer's key, which may sign lists, and by a digest that is accepted.
 */
static bool
is_from(X509_CRL *l, X509 *issuer)
{
	int md = NID_undef, pk = NID_undef;
	bool ok;

	if (X509_NAME_cmp(
		X509_CRL_get_issuer(l), X509_get_subject_name(issuer)) != 0)
		return false;
	ok =
	    OBJ_find_sigid_algs(X509_CRL_get_signature_nid(l), &md, &pk) == 1 &&
	    (md == NID_undef || digest_of(md) != NULL) &&
	    (X509_get_key_usage(issuer) & KU_CRL_SIGN) != 0 &&
	    X509_CRL_verify(l, X509_get0_pubkey(issuer)) == 1;
	ERR_clear_error();
	return ok;
}

/* nextUpdate: after it, another list may say otherwise. */
static bool
is_current(const X509_CRL *l, int64_t at)
{
	struct fault ignored;
	int64_t next;

	return X509_CRL_get0_nextUpdate(l) == NULL ||
	       (time_of(X509_CRL_get0_nextUpdate(l), &next, &ignored) == 0 &&
		   next >= at);
}

/* RFC 5280 5.3.1 */
static const char *
reason_of(const X509_REVOKED *r)
{
	static const char *const reasons[] = { "unspecified", "key compromise",
		"CA compromise", "affiliation changed", "superseded",
		"cessation of operation", "certificate hold", "", "",
		"privilege withdrawn", "AA compromise" };
	ASN1_ENUMERATED *e =
	    X509_REVOKED_get_ext_d2i(r, NID_crl_reason, NULL, NULL);
	long n = e != NULL ? ASN1_ENUMERATED_get(e) : 0;

	ASN1_ENUMERATED_free(e);
	return n >= 0 && n < (long)(LENGTH(reasons)) ? reasons[n]
						     : "unspecified";
}

/* When it no longer held: invalidityDate (5.3.2) is before the revocation. */
static int
revoked_at(const X509_REVOKED *r, int64_t *out, struct fault *f)
{
	ASN1_GENERALIZEDTIME *t =
	    X509_REVOKED_get_ext_d2i(r, NID_invalidity_date, NULL, NULL);
	int64_t before = INT64_MAX;
	int rc = time_of(X509_REVOKED_get0_revocationDate(r), out, f);

	if (rc == 0 && t != NULL)
		rc = time_of(t, &before, f);
	if (rc == 0 && before < *out)
		*out = before;
	ASN1_GENERALIZEDTIME_free(t);
	return rc;
}

static int
revocation_fault(const struct chain *k, X509 *cert, const X509_REVOKED *r,
    int64_t when, struct fault *f)
{
	char name[SIGNER_NAME_LEN], text[UTC_LEN];

	if (name_text(X509_get_subject_name(cert), name, f) == -1)
		return -1;
	utc_format(when, text);
	return fault(f, FAULT_INTEGRITY,
	    "%s is not trusted: a certificate was revoked at %s (%s)%s: %.400s",
	    k->whose, text, reason_of(r),
	    when > k->at
		? ", and that it was signed before, only the signature says"
		: "",
	    name);
}

/* 1: a list says that it was not revoked by then; 0: none tells. */
static int
look_up(const struct chain *k, STACK_OF(X509_CRL) * crls, X509 *cert,
    X509 *issuer, struct fault *f)
{
	int known = 0;

	for (int i = 0; i < sk_X509_CRL_num(crls); i++) {
		X509_CRL *l = sk_X509_CRL_value(crls, i);
		X509_REVOKED *r = NULL;
		int64_t when = 0;

		if (!is_from(l, issuer) || !is_plain(l))
			continue;
		if (X509_CRL_get0_by_cert(l, &r, cert) == 1) {
			if (revoked_at(r, &when, f) == -1)
				return -1;
			if (when <= k->at || !k->proven)
				return revocation_fault(k, cert, r, when, f);
		}
		known |= is_current(l, k->at);
	}
	return known;
}

static int
check_revocation(struct chain *k, STACK_OF(X509_CRL) * crls,
    const STACK_OF(X509) * path, int n, struct fault *f)
{
	char name[SIGNER_NAME_LEN];

	k->looked_up = true;
	for (int i = 0; i + 1 < n; i++) {
		X509 *cert = sk_X509_value(path, i);
		int known =
		    look_up(k, crls, cert, sk_X509_value(path, i + 1), f);

		if (known == -1)
			return -1;
		k->looked_up &= known == 1;
		if (known == 1 || !k->needs_crls)
			continue;
		if (name_text(X509_get_subject_name(cert), name, f) == -1)
			return -1;
		return fault(f, FAULT_INTEGRITY,
		    "%s: whether it was revoked cannot be told: no list by its "
		    "issuer that was current then is among those given "
		    "(%.400s)",
		    k->whose, name);
	}
	return 0;
}

static int
check_crls(struct chain *k, const STACK_OF(X509) * path, int n, struct fault *f)
{
	STACK_OF(X509_CRL) * crls;
	int rc;

	if (k->crls.p == NULL)
		return 0;
	if ((crls = crls_read(k->crypto, &k->crls, f)) == NULL)
		return -1;
	rc = check_revocation(k, crls, path, n, f);
	crls_free(crls);
	return rc;
}

/* -- the chain ---------------------------------------------------------- */

/* Why X509_verify_cert refused, with the certificate and the time. */
static int
chain_fault(
    X509_STORE_CTX *ctx, const struct chain *k, X509 *leaf, struct fault *f)
{
	int e = X509_STORE_CTX_get_error(ctx);
	X509 *bad = X509_STORE_CTX_get_current_cert(ctx);
	char name[SIGNER_NAME_LEN], when[UTC_LEN];

	ERR_clear_error();
	if (e == X509_V_ERR_OUT_OF_MEM)
		return fault_memory(f);
	if (name_text(
		X509_get_subject_name(bad != NULL ? bad : leaf), name, f) == -1)
		return -1;
	utc_format(k->at, when);
	return fault(f, FAULT_INTEGRITY, "%s is not trusted at %s: %s (%.400s)",
	    k->whose, when, X509_verify_cert_error_string(e), name);
}

/*
 * From the leaf to any anchor: an intermediate or the leaf itself may be one
 * (partial chain). An authority's certificate is for stamping alone (RFC 3161
 * section 2.3).
 */
static int
set_rules(X509_STORE_CTX *ctx, const struct chain *k)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

	X509_VERIFY_PARAM_set_time(param, (time_t)k->at);
	X509_VERIFY_PARAM_set_depth(param, SIGNER_CHAIN_MAX);
	X509_VERIFY_PARAM_set_auth_level(param, AUTH_LEVEL);
	return X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) ==
		   1 &&
	       X509_VERIFY_PARAM_set_purpose(
		   param, k->stamping ? X509_PURPOSE_TIMESTAMP_SIGN
				      : X509_PURPOSE_ANY) == 1;
}

/* How much of the path leads to the first anchor on it: OpenSSL goes on with
 * whatever else was brought along. */
static int
length_to_anchor(X509_STORE *store, const STACK_OF(X509) * path)
{
	STACK_OF(X509_OBJECT) *anchors = X509_STORE_get0_objects(store);
	int n = sk_X509_num(path);

	for (int i = 0; i < n; i++)
		for (int j = 0; j < sk_X509_OBJECT_num(anchors); j++)
			if (X509_cmp(sk_X509_value(path, i),
				X509_OBJECT_get0_X509(
				    sk_X509_OBJECT_value(anchors, j))) == 0)
				return i + 1;
	return n;
}

/* The anchor's name, and the first end of those below it (or its own). */
static int
describe_path(
    struct chain *k, const STACK_OF(X509) * path, int n, struct fault *f)
{
	int64_t end;

	k->until = INT64_MAX;
	for (int i = 0; i < n && (i == 0 || i + 1 < n); i++) {
		if (time_of(X509_get0_notAfter(sk_X509_value(path, i)), &end,
			f) == -1)
			return -1;
		if (end < k->until)
			k->until = end;
	}
	return name_text(
	    X509_get_subject_name(sk_X509_value(path, n - 1)), k->anchor, f);
}

/* A CA that may only issue for TLS vouches for nobody's signature. */
static int
check_issuers(
    const struct chain *k, const STACK_OF(X509) * path, int n, struct fault *f)
{
	char name[SIGNER_NAME_LEN];

	for (int i = 1; i + 1 < n && !k->stamping; i++) {
		X509 *ca = sk_X509_value(path, i);

		if (certificate_for_documents(ca))
			continue;
		if (name_text(X509_get_subject_name(ca), name, f) == -1)
			return -1;
		return fault(f, FAULT_INTEGRITY,
		    "%s is not trusted: its issuer is for another purpose, by "
		    "its extended key usage (%.400s)",
		    k->whose, name);
	}
	return 0;
}

static int
check_path(struct chain *k, X509_STORE *store, const STACK_OF(X509) * path,
    struct fault *f)
{
	int n = length_to_anchor(store, path);

	if (check_issuers(k, path, n, f) == -1)
		return -1;
	return describe_path(k, path, n, f) == -1 ? -1
						  : check_crls(k, path, n, f);
}

int
chain_check(
    struct chain *k, X509 *leaf, STACK_OF(X509) * certs, struct fault *f)
{
	X509_STORE *store =
	    anchors_read(k->crypto, k->anchors.p, k->anchors.len, f);
	X509_STORE_CTX *ctx = NULL;
	int rc = -1;

	if (store == NULL)
		return -1;
	ctx = X509_STORE_CTX_new_ex(
	    crypto_libctx(k->crypto), crypto_propq(k->crypto));
	if (ctx == NULL || X509_STORE_CTX_init(ctx, store, leaf, certs) != 1 ||
	    !set_rules(ctx, k))
		(void)openssl_fault(f, FAULT_IO, "certificate chain");
	else if (X509_verify_cert(ctx) != 1)
		(void)chain_fault(ctx, k, leaf, f);
	else
		rc = check_path(k, store, X509_STORE_CTX_get0_chain(ctx), f);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return rc;
}
