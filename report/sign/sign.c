/* Signing. See sign.h. */
#include "report/sign/signing.h"

#include <stdlib.h>
#include <time.h>

#include <openssl/asn1.h>
#include <openssl/asn1t.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/utc.h"

int
signer_holds(const struct signer *s, int64_t when, struct fault *f)
{
	char text[UTC_LEN], from[UTC_LEN], until[UTC_LEN];
	int64_t begin = 0, end = 0;

	if (when < 0 || when > TIME_MAX)
		return fault(f, FAULT_USAGE, "signing time not in 1970..9999");
	if (time_of(X509_get0_notBefore(s->cert), &begin, f) == -1 ||
	    time_of(X509_get0_notAfter(s->cert), &end, f) == -1)
		return -1;
	if (when >= begin && when <= end)
		return 0;
	utc_format(when, text);
	utc_format(begin, from);
	utc_format(end, until);
	return fault(f, FAULT_USAGE,
	    "signing at %s with a certificate valid from %s to %s", text, from,
	    until);
}

/*
 * A key for PSS alone (RFC 4055) must be told so: OpenSSL 3.0 otherwise signs
 * with PSS and writes rsaEncryption beside it. FIPS 186-5: the salt is no
 * longer than the digest.
 */
static int
set_padding(const struct signer *s, CMS_SignerInfo *si)
{
	char pss[] = OSSL_PKEY_RSA_PAD_MODE_PSS;
	char digest[] = OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST;
	const OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(
		    OSSL_SIGNATURE_PARAM_PAD_MODE, pss, sizeof(pss) - 1),
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, digest,
		    sizeof(digest) - 1),
		OSSL_PARAM_END,
	};

	if (!EVP_PKEY_is_a(s->key, "RSA-PSS"))
		return 1;
	return EVP_PKEY_CTX_set_params(
		   CMS_SignerInfo_get0_pkey_ctx(si), params) == 1;
}

/* signingTime (RFC 5652 11.3): UTCTime until 2049, then GeneralizedTime. */
static int
add_signing_time(CMS_SignerInfo *si, int64_t when)
{
	ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)when);
	int ok =
	    t != NULL && CMS_signed_add1_attr_by_NID(si, NID_pkcs9_signingTime,
			     ASN1_STRING_type(t), t, -1) == 1;

	ASN1_TIME_free(t);
	return ok;
}

/* Digest the bytes where they are, however many, and sign the attributes. */
static int
finish(CMS_ContentInfo *cms, const void *p, size_t len)
{
	BIO *bio = CMS_dataInit(cms, NULL); /* detached: content goes nowhere */
	const char *at = p;
	size_t n;
	int ok = bio != NULL;

	for (; ok && len > 0; at += n, len -= n)
		ok = BIO_write_ex(bio, at, len, &n) == 1;
	ok = ok && BIO_flush(bio) == 1 && CMS_dataFinal(cms, bio) == 1;
	BIO_free_all(bio);
	return ok;
}

int
signer_digest(const struct signer *s)
{
	return s->remote.digest != 0 ? s->remote.digest : NID_sha384;
}

/* A CMS with the signer and all certificates, but nothing signed yet. NULL
 * leaves the cause in the queue. */
static CMS_ContentInfo *
begin(const struct signer *s, unsigned flags, CMS_SignerInfo **si)
{
	CMS_ContentInfo *cms;
	int ok;

	/* CMS_sign() alone gives no say over the digest, hence in parts */
	cms = CMS_sign_ex(NULL, NULL, NULL, NULL, flags,
	    crypto_libctx(s->crypto), crypto_propq(s->crypto));
	if (cms != NULL)
		*si = CMS_add1_signer(cms, s->cert, s->key,
		    EVP_get_digestbynid(signer_digest(s)), flags);
	ok = *si != NULL;
	for (int i = 0; ok && i < sk_X509_num(s->chain); i++)
		ok = CMS_add1_cert(cms, sk_X509_value(s->chain, i)) == 1;
	if (ok)
		return cms;
	CMS_ContentInfo_free(cms);
	return NULL;
}

static CMS_ContentInfo *
sign_cms(const struct signer *s, const void *p, size_t len, int64_t when,
    struct fault *f)
{
	const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_CADES |
			       CMS_NOSMIMECAP | CMS_PARTIAL | CMS_KEY_PARAM;
	CMS_SignerInfo *si = NULL;
	CMS_ContentInfo *cms = begin(s, flags, &si);

	if (cms != NULL && set_padding(s, si) && add_signing_time(si, when) &&
	    finish(cms, p, len))
		return cms;
	CMS_ContentInfo_free(cms);
	(void)openssl_fault(f, FAULT_IO, "signing");
	return NULL;
}

/* -- by a key that is elsewhere ----------------------------------------- */

/* SET OF Attribute in DER: what is signed (RFC 5652 section 5.4). */
/* clang-format off */
#ifndef __cppcheck__ /* which cannot read OpenSSL's templates */
ASN1_ITEM_TEMPLATE(signed_attributes) =
	ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SET_OF, 0, signed_attributes, X509_ATTRIBUTE)
static_ASN1_ITEM_TEMPLATE_END(signed_attributes)
#endif
    /* clang-format on */

    /* Ask the key for its signature over the digest of these bytes. */
    static int ask_remote(const struct signer *s, const void *p, size_t len,
	struct buf *sig, struct fault *f)
{
	unsigned char d[EVP_MAX_MD_SIZE];
	int n = digest_by(s->crypto, signer_digest(s), p, len, d);

	if (n == -1)
		return openssl_fault(f, FAULT_IO, "hashing");
	return s->remote.sign(s->remote.ctx, d, (size_t)n, sig, f);
}

/* The signature over the attributes, whose encoding OpenSSL gives one by one.
 */
static int
sign_attributes(const struct signer *s, CMS_SignerInfo *si, struct buf *sig,
    struct fault *f)
{
	STACK_OF(X509_ATTRIBUTE) *all = sk_X509_ATTRIBUTE_new_null();
	unsigned char *der = NULL;
	int len = -1, rc = -1, ok = all != NULL;

	for (int i = 0; ok && i < CMS_signed_get_attr_count(si); i++)
		ok =
		    sk_X509_ATTRIBUTE_push(all, CMS_signed_get_attr(si, i)) > 0;
	if (ok)
		len = ASN1_item_i2d((const ASN1_VALUE *)all, &der,
		    ASN1_ITEM_rptr(signed_attributes));
	if (len > 0)
		rc = ask_remote(s, der, (size_t)len, sig, f);
	else
		(void)openssl_fault(f, FAULT_IO, "signing");
	OPENSSL_free(der);
	sk_X509_ATTRIBUTE_free(all); /* its members are the CMS's */
	return rc;
}

/* contentType and messageDigest, which CMS_dataFinal() would add. */
static int
add_content(const struct signer *s, CMS_SignerInfo *si, const void *p,
    size_t len, struct fault *f)
{
	unsigned char d[EVP_MAX_MD_SIZE];
	int n = digest_by(s->crypto, signer_digest(s), p, len, d);

	if (n != -1 &&
	    CMS_signed_add1_attr_by_NID(si, NID_pkcs9_contentType,
		V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data), -1) == 1 &&
	    CMS_signed_add1_attr_by_NID(
		si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, d, n) == 1)
		return 0;
	return openssl_fault(f, FAULT_IO, "signing");
}

/* RFC 5754 3.2, 3.3: the key's kind, and for ECDSA the digest with it. */
static int
set_algorithm(const struct signer *s, CMS_SignerInfo *si)
{
	X509_ALGOR *a = NULL;
	int nid = NID_rsaEncryption;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, NULL, &a);
	if (EVP_PKEY_is_a(s->key, "RSA"))
		return X509_ALGOR_set0(a, OBJ_nid2obj(nid), V_ASN1_NULL, NULL);
	return OBJ_find_sigid_by_algs(
		   &nid, signer_digest(s), EVP_PKEY_get_base_id(s->key)) == 1
		   ? X509_ALGOR_set0(a, OBJ_nid2obj(nid), V_ASN1_UNDEF, NULL)
		   : 0;
}

static int
sign_remotely(const struct signer *s, CMS_SignerInfo *si, struct fault *f)
{
	BUF_AUTO(sig, SIGNER_SIGNATURE_MAX);

	if (sign_attributes(s, si, &sig, f) == -1)
		return -1;
	return set_algorithm(s, si) == 1 &&
		       ASN1_OCTET_STRING_set(CMS_SignerInfo_get0_signature(si),
			   (const unsigned char *)sig.p, (int)sig.len) == 1
		   ? 0
		   : openssl_fault(f, FAULT_IO, "signing");
}

static CMS_ContentInfo *
sign_cms_remotely(const struct signer *s, const void *p, size_t len,
    int64_t when, struct fault *f)
{
	const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_CADES |
			       CMS_NOSMIMECAP | CMS_PARTIAL;
	CMS_SignerInfo *si = NULL;
	CMS_ContentInfo *cms = begin(s, flags, &si);

	if (cms == NULL || !add_signing_time(si, when))
		(void)openssl_fault(f, FAULT_IO, "signing");
	else if (add_content(s, si, p, len, f) == 0 &&
		 sign_remotely(s, si, f) == 0)
		return cms;
	CMS_ContentInfo_free(cms);
	return NULL;
}

static int
encode(CMS_ContentInfo *cms, struct buf *der, struct fault *f)
{
	unsigned char *p = NULL;
	int len = i2d_CMS_ContentInfo(cms, &p);

	if (len < 0)
		return openssl_fault(f, FAULT_IO, "encoding a signature");
	buf_put(der, p, (size_t)len);
	OPENSSL_free(p);
	return buf_done(der, "signature", f);
}

static int
sign_here(const struct signer *s, const void *p, size_t len, struct buf *sig,
    struct fault *f)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char out[SIGNER_SIGNATURE_MAX];
	size_t n = sizeof(out);
	int ok;

	ok = ctx != NULL &&
	     EVP_DigestSignInit_ex(ctx, NULL, "SHA2-384",
		 crypto_libctx(s->crypto), crypto_propq(s->crypto), s->key,
		 NULL) == 1 &&
	     EVP_DigestSign(ctx, out, &n, p, len) == 1;
	EVP_MD_CTX_free(ctx);
	if (!ok)
		return openssl_fault(f, FAULT_IO, "signing");
	buf_put(sig, out, n);
	return buf_done(sig, "signature", f);
}

int
signer_sign(const struct signer *s, const void *p, size_t len, struct buf *sig,
    struct fault *f)
{
	return s->remote.sign == NULL ? sign_here(s, p, len, sig, f)
				      : ask_remote(s, p, len, sig, f);
}

/* What came back from elsewhere is not believed, but verified. */
static int
check_made(const struct signer *s, const void *p, size_t len,
    const struct buf *der, struct fault *f)
{
	struct signature_info *info = malloc(sizeof(*info));
	struct fault why = { 0 };
	int rc;

	if (info == NULL)
		return fault_memory(f);
	rc = signature_verify(
	    s->crypto, p, len, der->p, der->len, NULL, 0, 0, info, &why);
	free(info);
	return rc == 0 ? 0
		       : fault(f, why.kind,
			     "the signature that came back from where the key "
			     "is: %.800s",
			     why.text);
}

int
sign_detached(const struct signer *s, const void *p, size_t len, int64_t when,
    struct buf *der, struct fault *f)
{
	CMS_ContentInfo *cms;
	int rc;
	BUF_AUTO(made, SIGNATURE_MAX);

	ERR_clear_error();
	if (signer_holds(s, when, f) == -1)
		return -1;
	cms = (s->remote.sign != NULL ? sign_cms_remotely : sign_cms)(
	    s, p, len, when, f);
	if (cms == NULL)
		return -1;
	rc = encode(cms, &made, f);
	CMS_ContentInfo_free(cms);
	if (rc == 0 && s->remote.sign != NULL)
		rc = check_made(s, p, len, &made, f);
	if (rc == -1)
		return -1;
	buf_put(der, made.p, made.len);
	return buf_done(der, "signature", f);
}
