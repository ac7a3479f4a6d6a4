/* Judging a detached signature. See sign.h. */
#include "report/sign/signing.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "base/utc.h"

#define CLOCK_SKEW                                                             \
	300 /* seconds between a signer's clock and an authority's             \
	     */

/* One verification under way. */
struct verification {
	struct signed_data s;
	struct signature_info info;
};

/*
 * nonRepudiation alone will do here: RFC 5280 4.2.1.3 has it for this. A CA's
 * key, which vouches for other keys, should not be in daily use; and whoever
 * may issue could issue himself any name.
 */
static int
check_purpose(X509 *cert, const char *subject, struct fault *f)
{
	const uint32_t may = KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;

	if ((X509_get_extension_flags(cert) & EXFLAG_CA) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "the certificate of %s is a CA's: it issues certificates "
		    "and does not sign",
		    subject);
	if ((X509_get_key_usage(cert) & may) == 0)
		return fault(f, FAULT_INTEGRITY,
		    "the key usage of %s does not allow signatures", subject);
	if (!certificate_for_documents(cert))
		return fault(f, FAULT_INTEGRITY,
		    "the certificate of %s is for another purpose: its "
		    "extended key usage has neither emailProtection nor "
		    "documentSigning (1.3.6.1.5.5.7.3.36)",
		    subject);
	return 0;
}

int
signature_describe(
    struct crypto *c, X509 *cert, struct signature_info *out, struct fault *f)
{
	struct signer_info s;

	if (certificate_describe(c, cert, &s, FAULT_INTEGRITY, f) == -1)
		return -1;
	memcpy(out->subject, s.subject, sizeof(s.subject));
	memcpy(out->issuer, s.issuer, sizeof(s.issuer));
	memcpy(out->serial, s.serial, sizeof(s.serial));
	memcpy(out->fingerprint, s.fingerprint, sizeof(s.fingerprint));
	memcpy(out->algorithm, s.algorithm, sizeof(s.algorithm));
	return check_purpose(cert, out->subject, f);
}

static int
check_signing_time(struct verification *v, struct fault *f)
{
	const ASN1_TIME *t =
	    signed_value(&v->s, NID_pkcs9_signingTime, V_ASN1_UTCTIME);
	struct tm tm;

	if (t == NULL)
		t = signed_value(
		    &v->s, NID_pkcs9_signingTime, V_ASN1_GENERALIZEDTIME);
	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1)
		return refused(
		    f, "the signature does not state its signing time");
	v->info.signing_time = (int64_t)timegm(&tm);
	return 0;
}

/* -- the time stamp in it (CAdES-T) ------------------------------------- */

static int
check_order(const struct verification *v, struct fault *f)
{
	char claimed[UTC_LEN], seen[UTC_LEN];

	if (v->info.signing_time <= v->info.stamp.time + CLOCK_SKEW)
		return 0;
	utc_format(v->info.signing_time, claimed);
	utc_format(v->info.stamp.time, seen);
	return fault(f, FAULT_INTEGRITY,
	    "claims to be signed at %s, but was time-stamped before, at %s",
	    claimed, seen);
}

/* It is over the signature's value, whoever made it; with anchors it is by
 * one who is trusted. */
static int
check_stamp(struct verification *v, const struct signature_rules *rules,
    struct fault *f)
{
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(v->s.si);
	const struct slice bytes = { ASN1_STRING_get0_data(value),
		(size_t)ASN1_STRING_length(value) };
	struct slice token;
	struct tsa_info t;
	int rc = stamp_find(&v->s, &token, f);

	if (rc != 1)
		return rc;
	if (stamp_verify(v->s.crypto, &bytes, &token, rules, &t, f) == -1)
		return -1;
	v->info.stamp.state =
	    rules->tsa.p != NULL ? STAMP_TRUSTED : STAMP_UNTRUSTED;
	v->info.stamp.time = t.time;
	memcpy(v->info.stamp.subject, t.subject, sizeof(t.subject));
	memcpy(v->info.stamp.policy, t.policy, sizeof(t.policy));
	return check_order(v, f);
}

/* -- trust -------------------------------------------------------------- */

int
signature_trust(struct crypto *c, X509 *cert, STACK_OF(X509) * certs,
    const struct signature_rules *rules, int64_t at, bool proven,
    struct signature_info *out, struct fault *f)
{
	struct chain k = { .crypto = c,
		.anchors = rules->anchors,
		.crls = rules->crls,
		.at = at,
		.proven = proven,
		.needs_crls = true,
		.whose = "the signer" };

	if (rules->anchors.p == NULL)
		return 0;
	if (chain_check(&k, cert, certs, f) == -1)
		return -1;
	out->trusted = true;
	out->unrevoked = k.looked_up;
	out->expired = !proven && rules->now != 0 && k.until < rules->now;
	out->until = k.until;
	memcpy(out->anchor, k.anchor, sizeof(k.anchor));
	return 0;
}

/* At the time asked about, or the one that a stamp proves, or else the one
 * that the signature claims. */
static int
check_trust(struct verification *v, const struct signature_rules *rules,
    struct fault *f)
{
	bool stamped = v->info.stamp.state == STAMP_TRUSTED;
	int64_t at = rules->at != 0 ? rules->at
		     : stamped	    ? v->info.stamp.time
				    : v->info.signing_time;

	return signature_trust(v->s.crypto, v->s.signer, v->s.certs, rules, at,
	    rules->at != 0 || stamped, &v->info, f);
}

static int
check_signature(
    struct verification *v, const void *p, size_t len, struct fault *f)
{
	if (signed_check(&v->s, p, len, f) == -1 ||
	    signature_describe(v->s.crypto, v->s.signer, &v->info, f) == -1)
		return -1;
	(void)snprintf(
	    v->info.digest, sizeof(v->info.digest), "%s", v->s.digest->text);
	return check_signing_time(v, f);
}

static int
decode(struct verification *v, const void *der, size_t len, struct fault *f)
{
	if (signed_decode(&v->s, der, len, f) == -1 ||
	    signed_is_der(&v->s, der, len, f) == -1 ||
	    signed_shape(&v->s, NID_pkcs7_data, f) == -1)
		return -1;
	if (CMS_is_detached(v->s.cms) != 1)
		return fault(f, FAULT_FORMAT,
		    "the signature carries content of its own; it must be "
		    "detached");
	return 0;
}

int
signature_judge(struct crypto *c, const void *p, size_t len, const void *der,
    size_t der_len, const struct signature_rules *rules,
    struct signature_info *out, struct fault *f)
{
	struct verification v = { .s = { .crypto = c } };
	int rc = -1;

	ERR_clear_error();
	if (decode(&v, der, der_len, f) == 0 &&
	    check_signature(&v, p, len, f) == 0 &&
	    check_stamp(&v, rules, f) == 0 && check_trust(&v, rules, f) == 0) {
		*out = v.info;
		rc = 0;
	}
	ERR_clear_error();
	signed_free(&v.s);
	return rc;
}

int
signature_verify(struct crypto *c, const void *p, size_t len, const void *der,
    size_t der_len, const void *anchors_pem, size_t anchors_len, int64_t at,
    struct signature_info *out, struct fault *f)
{
	const struct signature_rules rules = {
		.anchors = { anchors_pem, anchors_len },
		.at = at,
	};

	return signature_judge(c, p, len, der, der_len, &rules, out, f);
}
