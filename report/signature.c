/* Verifying a detached signature. See sign.h. */
#include "signing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/asn1.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "utc.h"

#define AUTH_LEVEL 2 /* OpenSSL's name for the same 112 bits */

/* One verification under way. */
struct verification {
	struct crypto *crypto;	     /* borrowed */
	CMS_ContentInfo *cms;	     /* owned */
	STACK_OF(X509) * certs;	     /* owned; what the CMS brought along */
	CMS_SignerInfo *si;	     /* borrowed from cms */
	X509 *signer;		     /* borrowed from certs */
	const struct digest *digest; /* of the attributes and the content */
	struct signature_info info;
};

/*
 * DER only, and nothing after it. The comparison leaves one encoding for one
 * signature: no second form and no hidden bytes between the fields.
 */
static int
decode(struct verification *v, const void *der, size_t len, struct fault *f)
{
	const unsigned char *p = der;
	unsigned char *again = NULL;
	int n = -1;

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
	n = i2d_CMS_ContentInfo(v->cms, &again);
	if (n < 0)
		return openssl_fault(f, FAULT_FORMAT, "not a CMS in DER");
	n = (size_t)n == len && memcmp(again, der, len) == 0 ? 0 : -1;
	OPENSSL_free(again);
	return n == 0 ? 0
		      : fault(f, FAULT_FORMAT, "a CMS, but not encoded in DER");
}

static int
check_shape(struct verification *v, struct fault *f)
{
	STACK_OF(CMS_SignerInfo) * signers;

	if (OBJ_obj2nid(CMS_get0_type(v->cms)) != NID_pkcs7_signed)
		return fault(f, FAULT_FORMAT, "a CMS, but not SignedData");
	if (OBJ_obj2nid(CMS_get0_eContentType(v->cms)) != NID_pkcs7_data)
		return fault(f, FAULT_FORMAT, "a CMS, but not over data");
	if (CMS_is_detached(v->cms) != 1)
		return fault(f, FAULT_FORMAT,
		    "the signature carries content of its own; it must be "
		    "detached");
	signers = CMS_get0_SignerInfos(v->cms);
	if (sk_CMS_SignerInfo_num(signers) != 1)
		return fault(f, FAULT_FORMAT, "%d signers in it, need one",
		    signers == NULL ? 0 : sk_CMS_SignerInfo_num(signers));
	v->si = sk_CMS_SignerInfo_value(signers, 0);
	return 0;
}

/* EN 319 122-1: the signer's certificate is part of the signature. */
static int
find_signer(struct verification *v, struct fault *f)
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

static int
describe_signer(struct verification *v, struct fault *f)
{
	struct signer_info s;

	if (certificate_describe(
		v->crypto, v->signer, &s, FAULT_INTEGRITY, f) == -1)
		return -1;
	memcpy(v->info.subject, s.subject, sizeof(s.subject));
	memcpy(v->info.issuer, s.issuer, sizeof(s.issuer));
	memcpy(v->info.serial, s.serial, sizeof(s.serial));
	memcpy(v->info.fingerprint, s.fingerprint, sizeof(s.fingerprint));
	memcpy(v->info.algorithm, s.algorithm, sizeof(s.algorithm));
	return 0;
}

/*
 * The digest must be on our list and the signature algorithm must be made of
 * it and of the key's kind: neither field is signed (RFC 5652 section 5.3),
 * and OpenSSL does not look at the second for ECDSA.
 */
static int
check_algorithms(struct verification *v, struct fault *f)
{
	X509_ALGOR *digest, *signature;
	EVP_PKEY *key;
	int md, pk, nid;
	bool rsa;

	CMS_SignerInfo_get0_algs(v->si, &key, NULL, &digest, &signature);
	v->digest = digest_of(OBJ_obj2nid(digest->algorithm));
	if (v->digest == NULL)
		return refused(
		    f, "the digest is not SHA-256, SHA-384 or SHA-512");
	(void)snprintf(
	    v->info.digest, sizeof(v->info.digest), "%s", v->digest->text);
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
static const void *
signed_value(const struct verification *v, int nid, int type)
{
	return CMS_signed_get0_data_by_OBJ(v->si, OBJ_nid2obj(nid), -3, type);
}

static int
check_signing_time(struct verification *v, struct fault *f)
{
	const ASN1_TIME *t =
	    signed_value(v, NID_pkcs9_signingTime, V_ASN1_UTCTIME);
	struct tm tm;

	if (t == NULL)
		t = signed_value(
		    v, NID_pkcs9_signingTime, V_ASN1_GENERALIZEDTIME);
	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1)
		return refused(
		    f, "the signature does not state its signing time");
	v->info.signing_time = (int64_t)timegm(&tm);
	return 0;
}

/* The digest of some bytes by the name of its NID; its length, or -1. */
static int
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
    const struct verification *v, const void *p, size_t len, struct fault *f)
{
	const ASN1_OBJECT *type =
	    signed_value(v, NID_pkcs9_contentType, V_ASN1_OBJECT);
	const ASN1_STRING *stated =
	    signed_value(v, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
	unsigned char d[EVP_MAX_MD_SIZE];
	int n;

	if (type == NULL || OBJ_obj2nid(type) != NID_pkcs7_data ||
	    stated == NULL)
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
check_mathematics(const struct verification *v, struct fault *f)
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

/* ESSCertIDv2 ::= SEQUENCE { hashAlgorithm DEFAULT sha256, certHash, … } */
static bool
ess_names(struct crypto *c, const ASN1_STRING *id, const X509 *cert)
{
	ASN1_SEQUENCE_ANY *s = sequence_of(id);
	const ASN1_STRING *algorithm = member(s, 0, V_ASN1_SEQUENCE);
	const ASN1_STRING *hash =
	    member(s, algorithm == NULL ? 0 : 1, V_ASN1_OCTET_STRING);
	const struct digest *digest = ess_digest(algorithm);
	unsigned char d[EVP_MAX_MD_SIZE], *der = NULL;
	int n = -1, len = i2d_X509(cert, &der);

	if (digest != NULL && hash != NULL && len > 0)
		n = digest_by(c, digest->nid, der, (size_t)len, d);
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
 * ones narrow the chain, which X.509 validation already decides.
 */
static int
check_signing_certificate(const struct verification *v, struct fault *f)
{
	ASN1_SEQUENCE_ANY *attribute = sequence_of(signed_value(
	    v, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE));
	ASN1_SEQUENCE_ANY *ids =
	    sequence_of(member(attribute, 0, V_ASN1_SEQUENCE));
	const ASN1_STRING *first = member(ids, 0, V_ASN1_SEQUENCE);
	int rc = 0;

	if (first == NULL)
		rc = refused(f,
		    "not a CAdES signature: no signing-certificate-v2 "
		    "attribute");
	else if (!ess_names(v->crypto, first, v->signer))
		rc = refused(f,
		    "the certificate is not the one that was signed with "
		    "(signing-certificate-v2)");
	sequence_free(ids);
	sequence_free(attribute);
	ERR_clear_error();
	return rc;
}

/* nonRepudiation alone will do here: RFC 5280 4.2.1.3 has it for this. */
static int
check_key_usage(const struct verification *v, struct fault *f)
{
	const uint32_t may = KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;

	if ((X509_get_key_usage(v->signer) & may) == 0)
		return fault(f, FAULT_INTEGRITY,
		    "the key usage of %s does not allow signatures",
		    v->info.subject);
	return 0;
}

/* -- trust -------------------------------------------------------------- */

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

X509_STORE *
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

/* Why X509_verify_cert refused, with the certificate and the time. */
static int
chain_fault(X509_STORE_CTX *ctx, const struct verification *v, int64_t at,
    struct fault *f)
{
	int e = X509_STORE_CTX_get_error(ctx);
	X509 *bad = X509_STORE_CTX_get_current_cert(ctx);
	char name[SIGNER_NAME_LEN], when[UTC_LEN];

	ERR_clear_error();
	if (e == X509_V_ERR_OUT_OF_MEM)
		return fault_memory(f);
	if (bad == NULL || name_text(X509_get_subject_name(bad), name, f) == -1)
		memcpy(name, v->info.subject, sizeof(name));
	utc_format(at, when);
	return fault(f, FAULT_INTEGRITY,
	    "the signer is not trusted at %s: %s (%.400s)", when,
	    X509_verify_cert_error_string(e), name);
}

/*
 * RFC 5280 section 6, from the signer to any anchor: an intermediate or the
 * signer's certificate itself may be one (partial chain).
 */
static int
set_rules(X509_STORE_CTX *ctx, int64_t at)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

	X509_VERIFY_PARAM_set_time(param, (time_t)at);
	X509_VERIFY_PARAM_set_depth(param, SIGNER_CHAIN_MAX);
	X509_VERIFY_PARAM_set_auth_level(param, AUTH_LEVEL);
	return X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) ==
		   1 &&
	       X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY) == 1;
}

static int
check_chain(const struct verification *v, const void *pem, size_t len,
    int64_t at, struct fault *f)
{
	X509_STORE *store = anchors_read(v->crypto, pem, len, f);
	X509_STORE_CTX *ctx = NULL;
	int rc = -1;

	if (store == NULL)
		return -1;
	ctx = X509_STORE_CTX_new_ex(
	    crypto_libctx(v->crypto), crypto_propq(v->crypto));
	if (ctx == NULL ||
	    X509_STORE_CTX_init(ctx, store, v->signer, v->certs) != 1 ||
	    !set_rules(ctx, at))
		(void)openssl_fault(f, FAULT_IO, "certificate chain");
	else if (X509_verify_cert(ctx) != 1)
		(void)chain_fault(ctx, v, at, f);
	else
		rc = 0;
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return rc;
}

static int
check_signature(
    struct verification *v, const void *p, size_t len, struct fault *f)
{
	if (find_signer(v, f) == -1 || describe_signer(v, f) == -1 ||
	    check_algorithms(v, f) == -1 || check_mathematics(v, f) == -1 ||
	    check_content(v, p, len, f) == -1 ||
	    check_signing_time(v, f) == -1 ||
	    check_signing_certificate(v, f) == -1)
		return -1;
	return check_key_usage(v, f);
}

int
signature_verify(struct crypto *c, const void *p, size_t len, const void *der,
    size_t der_len, const void *anchors_pem, size_t anchors_len, int64_t at,
    struct signature_info *out, struct fault *f)
{
	struct verification v = { .crypto = c };
	int rc = -1;

	ERR_clear_error();
	if (decode(&v, der, der_len, f) == -1 || check_shape(&v, f) == -1 ||
	    check_signature(&v, p, len, f) == -1)
		goto out;
	if (anchors_pem != NULL) {
		if (check_chain(&v, anchors_pem, anchors_len,
			at != 0 ? at : v.info.signing_time, f) == -1)
			goto out;
		v.info.trusted = true;
	}
	*out = v.info;
	rc = 0;
out:
	ERR_clear_error();
	sk_X509_pop_free(v.certs, X509_free);
	CMS_ContentInfo_free(v.cms);
	return rc;
}
