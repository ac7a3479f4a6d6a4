/*
 * Verifying time stamps of RFC 3161, and those inside of a signature (CAdES-T,
 * EN 319 122-1 5.3). A token is SignedData over a TSTInfo: it is verified as
 * every signature is, in our library context, with --fips too. OpenSSL's own
 * TS_RESP_verify_token() knows only the default context. See tsa.h.
 */
#include "report/sign/signing.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/ts.h>

/* A fault of the token, told as one. Others stay what they are. */
static int
token_fault(const struct fault *why, struct fault *f)
{
	if (why->kind != FAULT_INTEGRITY)
		return fault(f, why->kind, "%s", why->text);
	return fault(f, FAULT_INTEGRITY,
	    "the time stamp does not verify: %.900s", why->text);
}

/* What was signed, borrowed; NULL: it is not in it. */
static const ASN1_OCTET_STRING *
statement(const struct signed_data *v)
{
	ASN1_OCTET_STRING **content = CMS_get0_content(v->cms);

	return content != NULL ? *content : NULL;
}

static TS_TST_INFO *
read_statement(const ASN1_OCTET_STRING *s)
{
	const unsigned char *p = ASN1_STRING_get0_data(s);
	const unsigned char *end = p + ASN1_STRING_length(s);
	TS_TST_INFO *tst = d2i_TS_TST_INFO(NULL, &p, end - p);

	if (tst != NULL && p == end && TS_TST_INFO_get_version(tst) == 1 &&
	    TS_TST_INFO_get_time(tst) != NULL &&
	    TS_TST_INFO_get_policy_id(tst) != NULL)
		return tst;
	TS_TST_INFO_free(tst);
	return NULL;
}

/* Section 2.4.2: messageImprint is the digest of these bytes. */
static int
check_imprint(struct crypto *c, TS_TST_INFO *tst, const struct slice *bytes,
    struct fault *f)
{
	TS_MSG_IMPRINT *m = TS_TST_INFO_get_msg_imprint(tst);
	const ASN1_OBJECT *name = NULL;
	const struct digest *digest;
	const ASN1_STRING *hash;
	unsigned char d[EVP_MAX_MD_SIZE];
	int n;

	X509_ALGOR_get0(&name, NULL, NULL, TS_MSG_IMPRINT_get_algo(m));
	if ((digest = digest_of(OBJ_obj2nid(name))) == NULL)
		return fault(f, FAULT_INTEGRITY,
		    "the time stamp is over a digest that is not SHA-256, "
		    "SHA-384 or SHA-512");
	if ((n = digest_by(c, digest->nid, bytes->p, bytes->len, d)) == -1)
		return openssl_fault(f, FAULT_IO, "hashing");
	hash = TS_MSG_IMPRINT_get_msg(m);
	if (ASN1_STRING_length(hash) == n &&
	    CRYPTO_memcmp(ASN1_STRING_get0_data(hash), d, (size_t)n) == 0)
		return 0;
	return fault(f, FAULT_INTEGRITY, "the time stamp is over other bytes");
}

static int
describe(const struct signed_data *v, TS_TST_INFO *tst, struct tsa_info *out,
    struct fault *f)
{
	if (time_of(TS_TST_INFO_get_time(tst), &out->time, f) == -1 ||
	    name_text(X509_get_subject_name(v->signer), out->subject, f) == -1)
		return -1;
	return OBJ_obj2txt(out->policy, sizeof(out->policy),
		   TS_TST_INFO_get_policy_id(tst), 1) > 0
		   ? 0
		   : openssl_fault(f, FAULT_FORMAT, "time stamp");
}

/* The authority, at the time it states itself. */
static int
check_authority(const struct signed_data *v, const struct signature_rules *r,
    int64_t at, struct fault *f)
{
	struct chain k = { .crypto = v->crypto,
		.anchors = r->tsa,
		.crls = r->crls,
		.at = at,
		.stamping = true,
		.whose = "the authority" };

	return r->tsa.p == NULL ? 0 : chain_check(&k, v->signer, v->certs, f);
}

static int
check_token(struct signed_data *v, TS_TST_INFO *tst,
    const struct signature_rules *rules, struct tsa_info *info, struct fault *f)
{
	const ASN1_OCTET_STRING *s = statement(v);
	struct fault why = { 0 };

	if (signed_check(v, ASN1_STRING_get0_data(s),
		(size_t)ASN1_STRING_length(s), &why) == -1 ||
	    describe(v, tst, info, &why) == -1 ||
	    check_authority(v, rules, info->time, &why) == -1)
		return token_fault(&why, f);
	return 0;
}

int
stamp_verify(struct crypto *c, const struct slice *bytes,
    const struct slice *token, const struct signature_rules *rules,
    struct tsa_info *out, struct fault *f)
{
	struct signed_data v = { .crypto = c };
	struct tsa_info info = { 0 };
	TS_TST_INFO *tst = NULL;
	struct fault why = { 0 };
	int rc = -1;

	ERR_clear_error();
	if (token->len > TSA_RESPONSE_MAX)
		return fault(f, FAULT_LIMIT, "time stamp over %d bytes",
		    TSA_RESPONSE_MAX);
	if (signed_decode(&v, token->p, token->len, &why) == -1 ||
	    signed_shape(&v, NID_id_smime_ct_TSTInfo, &why) == -1)
		(void)fault(f, why.kind, "not a time stamp: %.900s", why.text);
	else if (statement(&v) == NULL ||
		 (tst = read_statement(statement(&v))) == NULL)
		(void)openssl_fault(f, FAULT_FORMAT, "not a time stamp");
	else if (check_imprint(c, tst, bytes, f) == 0)
		rc = check_token(&v, tst, rules, &info, f);
	if (rc == 0)
		*out = info;
	TS_TST_INFO_free(tst);
	signed_free(&v);
	ERR_clear_error();
	return rc;
}

int
tsa_verify(struct crypto *c, const void *p, size_t len, const void *token,
    size_t token_len, const void *anchors_pem, size_t anchors_len,
    struct tsa_info *out, struct fault *f)
{
	const struct signature_rules rules = {
		.tsa = { anchors_pem, anchors_len },
	};

	return stamp_verify(c, &(struct slice){ p, len },
	    &(struct slice){ token, token_len }, &rules, out, f);
}

/* -- inside of a signature ---------------------------------------------- */

int
stamp_find(const struct signed_data *v, struct slice *token, struct fault *f)
{
	const ASN1_OBJECT *name = OBJ_nid2obj(NID_id_smime_aa_timeStampToken);
	int at = CMS_unsigned_get_attr_by_OBJ(v->si, name, -1);
	X509_ATTRIBUTE *a;
	const ASN1_TYPE *value;

	if (at < 0)
		return 0;
	a = CMS_unsigned_get_attr(v->si, at);
	if (CMS_unsigned_get_attr_by_OBJ(v->si, name, at) >= 0 ||
	    X509_ATTRIBUTE_count(a) != 1)
		return fault(f, FAULT_FORMAT,
		    "several time stamps in the signature, need at most one");
	value = X509_ATTRIBUTE_get0_type(a, 0);
	if (ASN1_TYPE_get(value) != V_ASN1_SEQUENCE)
		return fault(f, FAULT_FORMAT, "not a time stamp");
	*token = (struct slice){ value->value.sequence->data,
		(size_t)value->value.sequence->length };
	return 1;
}

static int
read_signature(
    struct signed_data *v, const void *der, size_t len, struct fault *f)
{
	ERR_clear_error();
	return signed_decode(v, der, len, f) == -1 ||
		       signed_shape(v, NID_pkcs7_data, f) == -1
		   ? -1
		   : 0;
}

int
signature_value(struct crypto *c, const void *der, size_t len, struct buf *out,
    struct fault *f)
{
	struct signed_data v = { .crypto = c };
	int rc = read_signature(&v, der, len, f);

	if (rc == 0) {
		const ASN1_OCTET_STRING *s =
		    CMS_SignerInfo_get0_signature(v.si);

		buf_put(out, ASN1_STRING_get0_data(s),
		    (size_t)ASN1_STRING_length(s));
		rc = buf_done(out, "signature", f);
	}
	signed_free(&v);
	return rc;
}

/* The attribute, and all of it encoded again. */
static int
add_token(const struct signed_data *v, const struct slice *token,
    struct buf *out, struct fault *f)
{
	unsigned char *der = NULL;
	int len = -1;

	if (token->len <= TSA_RESPONSE_MAX &&
	    CMS_unsigned_add1_attr_by_OBJ(v->si,
		OBJ_nid2obj(NID_id_smime_aa_timeStampToken), V_ASN1_SEQUENCE,
		token->p, (int)token->len) == 1)
		len = i2d_CMS_ContentInfo(v->cms, &der);
	if (len <= 0)
		return openssl_fault(f, FAULT_IO, "time stamp");
	buf_put(out, der, (size_t)len);
	OPENSSL_free(der);
	return buf_done(out, "signature", f);
}

int
signature_stamp(struct crypto *c, const void *der, size_t len,
    const void *token, size_t token_len, struct buf *out, struct fault *f)
{
	struct signed_data v = { .crypto = c };
	struct slice before;
	int rc = read_signature(&v, der, len, f);

	if (rc == 0 && (rc = stamp_find(&v, &before, f)) == 1)
		rc = fault(f, FAULT_USAGE, "it has a time stamp already");
	if (rc == 0)
		rc = add_token(&v, &(struct slice){ token, token_len }, out, f);
	signed_free(&v);
	return rc;
}
