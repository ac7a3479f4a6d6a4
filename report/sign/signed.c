/*
 * One SignedData (RFC 5652): reading it strictly, and what must hold of its
 * signer, whether it signed a report or a time stamp's statement. See sign.h.
 */
#include "report/sign/signing.h"

#include <string.h>

#include <openssl/asn1.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

void
signed_free(struct signed_data *v)
{
	sk_X509_pop_free(v->certs, X509_free);
	CMS_ContentInfo_free(v->cms);
}

int
signed_decode(
    struct signed_data *v, const void *der, size_t len, struct fault *f)
{
	const unsigned char *p = der;

	if (len > SIGNATURE_MAX)
		return fault(f, FAULT_LIMIT, "signature larger than %d bytes",
		    SIGNATURE_MAX);
	v->cms = CMS_ContentInfo_new_ex(
	    crypto_libctx(v->crypto), crypto_propq(v->crypto));
	if (v->cms == NULL ||
	    d2i_CMS_ContentInfo(&v->cms, &p, (long)len) == NULL)
		return openssl_fault(f, FAULT_FORMAT, "not a CMS in DER");
	if ((size_t)(p - (const unsigned char *)der) != len)
		return fault(f, FAULT_FORMAT, "bytes after the CMS");
	return 0;
}

int
signed_is_der(
    const struct signed_data *v, const void *der, size_t len, struct fault *f)
{
	unsigned char *again = NULL;
	int n = i2d_CMS_ContentInfo(v->cms, &again);

	if (n < 0)
		return openssl_fault(f, FAULT_FORMAT, "not a CMS in DER");
	n = (size_t)n == len && memcmp(again, der, len) == 0 ? 0 : -1;
	OPENSSL_free(again);
	return n == 0 ? 0
		      : fault(f, FAULT_FORMAT, "a CMS, but not encoded in DER");
}

int
signed_shape(struct signed_data *v, int type, struct fault *f)
{
	STACK_OF(CMS_SignerInfo) * signers;

	if (OBJ_obj2nid(CMS_get0_type(v->cms)) != NID_pkcs7_signed)
		return fault(f, FAULT_FORMAT, "a CMS, but not SignedData");
	if (OBJ_obj2nid(CMS_get0_eContentType(v->cms)) != type)
		return fault(f, FAULT_FORMAT, "a CMS, but not over %s",
		    type == NID_pkcs7_data ? "data" : "a time stamp");
	v->type = type;
	signers = CMS_get0_SignerInfos(v->cms);
	if (sk_CMS_SignerInfo_num(signers) != 1)
		return fault(f, FAULT_FORMAT, "%d signers in it, need one",
		    signers == NULL ? 0 : sk_CMS_SignerInfo_num(signers));
	v->si = sk_CMS_SignerInfo_value(signers, 0);
	return 0;
}

/* EN 319 122-1: the signer's certificate is part of the signature. */
static int
find_signer(struct signed_data *v, struct fault *f)
{
	v->certs = CMS_get1_certs(v->cms);
	for (int i = 0; i < sk_X509_num(v->certs) && v->signer == NULL; i++)
		if (CMS_SignerInfo_cert_cmp(
			v->si, sk_X509_value(v->certs, i)) == 0)
			v->signer = sk_X509_value(v->certs, i);
	if (v->signer == NULL)
		return refused(
		    f, "the signer's certificate is not in the signature");
	CMS_SignerInfo_set1_signer_cert(v->si, v->signer);
	return 0;
}

/*
 * The digest must be on our list and the signature algorithm must be made of
 * it and of the key's kind: neither field is signed (RFC 5652 section 5.3),
 * and OpenSSL does not look at the second for ECDSA.
 */
static int
check_algorithms(struct signed_data *v, struct fault *f)
{
	X509_ALGOR *digest, *signature;
	EVP_PKEY *key;
	int md, pk, nid;
	bool rsa;

	CMS_SignerInfo_get0_algs(v->si, &key, NULL, &digest, &signature);
	if (key_describe(key, v->algorithm, FAULT_INTEGRITY,
		"the signer's certificate", f) == -1)
		return -1;
	v->digest = digest_of(OBJ_obj2nid(digest->algorithm));
	if (v->digest == NULL)
		return refused(
		    f, "the digest is not SHA-256, SHA-384 or SHA-512");
	nid = OBJ_obj2nid(signature->algorithm);
	rsa = EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS");
	/* RFC 3370 3.2 names no digest; PSS has its own, which OpenSSL
	 * compares (RFC 4056) */
	if (rsa && (nid == NID_rsaEncryption || nid == NID_rsassaPss))
		return 0;
	if (OBJ_find_sigid_algs(nid, &md, &pk) != 1 || md != v->digest->nid ||
	    pk != EVP_PKEY_get_base_id(key))
		return refused(f,
		    "the signature algorithm does not fit the key and digest");
	return 0;
}

/* The only value of a signed attribute that may stand there once (RFC 5652
 * section 11); borrowed. NULL: absent, repeated, or of another type. */
const void *
signed_value(const struct signed_data *v, int nid, int type)
{
	return CMS_signed_get0_data_by_OBJ(v->si, OBJ_nid2obj(nid), -3, type);
}

/* The digest of some bytes by the name of its NID; its length, or -1. */
int
digest_by(struct crypto *c, int nid, const void *p, size_t len,
    unsigned char out[EVP_MAX_MD_SIZE])
{
	EVP_MD *md =
	    EVP_MD_fetch(crypto_libctx(c), OBJ_nid2sn(nid), crypto_propq(c));
	unsigned n = 0;
	int ok = md != NULL && EVP_Digest(p, len, out, &n, md, NULL) == 1;

	EVP_MD_free(md);
	return ok ? (int)n : -1;
}

/* RFC 5652 section 5.4: contentType and messageDigest bind the bytes. */
static int
check_content(
    const struct signed_data *v, const void *p, size_t len, struct fault *f)
{
	const ASN1_OBJECT *type =
	    signed_value(v, NID_pkcs9_contentType, V_ASN1_OBJECT);
	const ASN1_STRING *stated =
	    signed_value(v, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
	unsigned char d[EVP_MAX_MD_SIZE];
	int n;

	if (type == NULL || OBJ_obj2nid(type) != v->type || stated == NULL)
		return refused(f,
		    "the signature does not state what it signs (no "
		    "contentType and messageDigest attributes)");
	if ((n = digest_by(v->crypto, v->digest->nid, p, len, d)) == -1)
		return openssl_fault(f, FAULT_IO, "hashing");
	if (n != ASN1_STRING_length(stated) ||
	    CRYPTO_memcmp(d, ASN1_STRING_get0_data(stated), (size_t)n) != 0)
		return refused(f, "the bytes are not those that were signed");
	return 0;
}

static int
check_mathematics(const struct signed_data *v, struct fault *f)
{
	if (CMS_signed_get_attr_count(v->si) <= 0)
		return refused(f, "the signature has no signed attributes");
	if (CMS_SignerInfo_verify(v->si) != 1)
		return openssl_fault(f, FAULT_INTEGRITY,
		    "the signature was not made by the key of the certificate "
		    "in it, or was changed");
	return 0;
}

/* -- signing-certificate-v2 (RFC 5035 section 3) ------------------------ */

static void
sequence_free(ASN1_SEQUENCE_ANY *s)
{
	sk_ASN1_TYPE_pop_free(s, ASN1_TYPE_free);
}

/* The members of a DER SEQUENCE, or NULL. The caller frees. */
static ASN1_SEQUENCE_ANY *
sequence_of(const ASN1_STRING *der)
{
	const unsigned char *p;

	if (der == NULL)
		return NULL;
	p = ASN1_STRING_get0_data(der);
	return d2i_ASN1_SEQUENCE_ANY(NULL, &p, ASN1_STRING_length(der));
}

/* Member i if it is of this type; borrowed. */
static const ASN1_STRING *
member(const ASN1_SEQUENCE_ANY *s, int i, int type)
{
	const ASN1_TYPE *t = sk_ASN1_TYPE_value(s, i);

	if (t == NULL || ASN1_TYPE_get(t) != type)
		return NULL;
	return t->value.asn1_string;
}

/* The digest an AlgorithmIdentifier names; absent means SHA-256. */
static const struct digest *
ess_digest(const ASN1_STRING *algorithm)
{
	X509_ALGOR *a;
	const unsigned char *p;
	const struct digest *d;

	if (algorithm == NULL)
		return digest_of(NID_sha256);
	p = ASN1_STRING_get0_data(algorithm);
	a = d2i_X509_ALGOR(NULL, &p, ASN1_STRING_length(algorithm));
	d = a == NULL ? NULL : digest_of(OBJ_obj2nid(a->algorithm));
	X509_ALGOR_free(a);
	return d;
}

/* ESSCertIDv2 ::= SEQUENCE { hashAlgorithm DEFAULT sha256, certHash, … };
 * the first form has no algorithm, and means SHA-1. */
static bool
ess_names(struct crypto *c, const ASN1_STRING *id, const X509 *cert, bool first)
{
	ASN1_SEQUENCE_ANY *s = sequence_of(id);
	const ASN1_STRING *algorithm =
	    first ? NULL : member(s, 0, V_ASN1_SEQUENCE);
	const ASN1_STRING *hash =
	    member(s, algorithm == NULL ? 0 : 1, V_ASN1_OCTET_STRING);
	const struct digest *digest = ess_digest(algorithm);
	unsigned char d[EVP_MAX_MD_SIZE], *der = NULL;
	int n = -1, len = i2d_X509(cert, &der);

	if (digest != NULL && hash != NULL && len > 0)
		n = digest_by(
		    c, first ? NID_sha1 : digest->nid, der, (size_t)len, d);
	if (n != -1 &&
	    (n != ASN1_STRING_length(hash) ||
		memcmp(d, ASN1_STRING_get0_data(hash), (size_t)n) != 0))
		n = -1;
	OPENSSL_free(der);
	sequence_free(s);
	return n != -1;
}

/*
 * Without this attribute the certificate could be exchanged for another one
 * of the same key. Its first entry names the signer's certificate; further
 * ones narrow the chain, which X.509 validation already decides. Authorities
 * that have not followed RFC 5816 name theirs by SHA-1, in the first form.
 */
static int
check_signing_certificate(const struct signed_data *v, struct fault *f)
{
	const ASN1_STRING *value = signed_value(
	    v, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE);
	bool old = value == NULL && v->type == NID_id_smime_ct_TSTInfo;
	ASN1_SEQUENCE_ANY *attribute = sequence_of(
	    old ? signed_value(
		      v, NID_id_smime_aa_signingCertificate, V_ASN1_SEQUENCE)
		: value);
	ASN1_SEQUENCE_ANY *ids =
	    sequence_of(member(attribute, 0, V_ASN1_SEQUENCE));
	const ASN1_STRING *first = member(ids, 0, V_ASN1_SEQUENCE);
	int rc = 0;

	if (first == NULL)
		rc = refused(f,
		    "not a CAdES signature: no signing-certificate-v2 "
		    "attribute");
	else if (!ess_names(v->crypto, first, v->signer, old))
		rc = refused(f,
		    "the certificate is not the one that was signed with "
		    "(signing-certificate-v2)");
	sequence_free(ids);
	sequence_free(attribute);
	ERR_clear_error();
	return rc;
}

int
signed_check(struct signed_data *v, const void *p, size_t len, struct fault *f)
{
	if (find_signer(v, f) == -1 || check_algorithms(v, f) == -1 ||
	    check_mathematics(v, f) == -1 || check_content(v, p, len, f) == -1)
		return -1;
	return check_signing_certificate(v, f);
}
