/* Signing. See sign.h. */
#include "signing.h"

#include <time.h>

#include <openssl/asn1.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "utc.h"

static int
check_when(const struct signer *s, int64_t when, struct fault *f)
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

/*
 * The signed CMS, before it is encoded: here, a time stamp over
 * CMS_SignerInfo_get0_signature() can still be added to its only SignerInfo
 * as an unsigned attribute (CAdES-T). NULL leaves the cause in the queue.
 */
static CMS_ContentInfo *
sign_cms(const struct signer *s, const void *p, size_t len, int64_t when)
{
	const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_CADES |
			       CMS_NOSMIMECAP | CMS_PARTIAL | CMS_KEY_PARAM;
	CMS_ContentInfo *cms;
	CMS_SignerInfo *si = NULL;
	int ok;

	/* CMS_sign() alone gives no say over the digest, hence in parts */
	cms = CMS_sign_ex(NULL, NULL, NULL, NULL, flags,
	    crypto_libctx(s->crypto), crypto_propq(s->crypto));
	if (cms != NULL)
		si = CMS_add1_signer(cms, s->cert, s->key, EVP_sha384(), flags);
	ok = si != NULL && set_padding(s, si) && add_signing_time(si, when);
	for (int i = 0; ok && i < sk_X509_num(s->chain); i++)
		ok = CMS_add1_cert(cms, sk_X509_value(s->chain, i)) == 1;
	if (ok && finish(cms, p, len))
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

int
sign_detached(const struct signer *s, const void *p, size_t len, int64_t when,
    struct buf *der, struct fault *f)
{
	CMS_ContentInfo *cms;
	int rc;

	ERR_clear_error();
	if (check_when(s, when, f) == -1)
		return -1;
	if ((cms = sign_cms(s, p, len, when)) == NULL)
		return openssl_fault(f, FAULT_IO, "signing");
	rc = encode(cms, der, f);
	CMS_ContentInfo_free(cms);
	return rc;
}
