/* What keys, digests and certificates are, for signing and verifying alike. */
#include "report/sign/signing.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/asn1.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/length.h"
#include "base/json.h"

#define RSA_BITS_MIN 2048 /* SP 800-131A: 112 bits of strength */
#define NAME_TAKEN 500	  /* bytes of a name; text_clean may make four of one */

/*
 * Tell what OpenSSL's error queue says and clear it. Its oldest entry is the
 * cause, the rest its echo. Lack of memory, where it says so, is not told as a
 * bad signature.
 */
int
openssl_fault(struct fault *f, enum fault_kind kind, const char *what)
{
	unsigned long e = ERR_peek_error();
	const char *why = ERR_reason_error_string(e);
	char text[128];

	if (ERR_SYSTEM_ERROR(e))
		why = strerror_r(ERR_GET_REASON(e), text, sizeof(text));
	if (ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE)
		kind = FAULT_IO;
	ERR_clear_error();
	return fault(f, kind, "%s: %s", what, why != NULL ? why : "failed");
}

/*
 * A signature refused for this reason, unless it was lack of memory that kept
 * us from looking.
 */
int
refused(struct fault *f, const char *why)
{
	int reason = ERR_GET_REASON(ERR_peek_error());

	ERR_clear_error();
	if (reason == ERR_R_MALLOC_FAILURE)
		return fault_memory(f);
	return fault(f, FAULT_INTEGRITY, "%s", why);
}

/* id-kp-documentSigning (RFC 9336), which OpenSSL has no name for. */
static bool
is_document_signing(const ASN1_OBJECT *o)
{
	char text[64];

	return OBJ_obj2txt(text, sizeof(text), o, 1) > 0 &&
	       strcmp(text, "1.3.6.1.5.5.7.3.36") == 0;
}

bool
certificate_for_documents(const X509 *cert)
{
	int critical = -1;
	EXTENDED_KEY_USAGE *uses =
	    X509_get_ext_d2i(cert, NID_ext_key_usage, &critical, NULL);
	bool may = uses == NULL && critical == -1; /* says nothing */

	for (int i = 0; !may && uses != NULL && i < sk_ASN1_OBJECT_num(uses);
	     i++) {
		const ASN1_OBJECT *o = sk_ASN1_OBJECT_value(uses, i);
		int nid = OBJ_obj2nid(o);

		may = nid == NID_anyExtendedKeyUsage ||
		      nid == NID_email_protect || is_document_signing(o);
	}
	EXTENDED_KEY_USAGE_free(uses);
	return may;
}

static const struct {
	const char *group, *text;
} curves[] = {
	{ "prime256v1", "ECDSA P-256" },
	{ "P-256", "ECDSA P-256" },
	{ "secp384r1", "ECDSA P-384" },
	{ "P-384", "ECDSA P-384" },
	{ "secp521r1", "ECDSA P-521" },
	{ "P-521", "ECDSA P-521" },
};

static const struct digest digests[] = {
	{ NID_sha256, "SHA-256" },
	{ NID_sha384, "SHA-384" },
	{ NID_sha512, "SHA-512" },
};

const struct digest *
digest_of(int nid)
{
	for (size_t i = 0; i < LENGTH(digests); i++)
		if (digests[i].nid == nid)
			return &digests[i];
	return NULL;
}

/* A curve written out as parameters could be any curve: CVE-2020-0601. */
static bool
is_written_out(const EVP_PKEY *key)
{
	int explicit = 0;

	(void)EVP_PKEY_get_int_param(
	    key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit);
	return explicit != 0;
}

/* Name the key in out, or say why it is not accepted. */
int
key_describe(const EVP_PKEY *key, char out[32], enum fault_kind kind,
    const char *whose, struct fault *f)
{
	char group[64] = "of its own";
	int bits;

	if (key == NULL)
		return fault(f, kind, "%s: unreadable key", whose);
	if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS")) {
		if ((bits = EVP_PKEY_get_bits(key)) < RSA_BITS_MIN)
			return fault(f, kind, "%s: RSA of %d bits, need %d",
			    whose, bits, RSA_BITS_MIN);
		(void)snprintf(out, 32, "%s %d",
		    EVP_PKEY_is_a(key, "RSA") ? "RSA" : "RSA-PSS", bits);
		return 0;
	}
	if (!EVP_PKEY_is_a(key, "EC"))
		return fault(
		    f, kind, "%s: a key that is neither ECDSA nor RSA", whose);
	(void)EVP_PKEY_get_group_name(key, group, sizeof(group), NULL);
	for (size_t i = 0; i < LENGTH(curves); i++)
		if (strcmp(group, curves[i].group) == 0 &&
		    !is_written_out(key)) {
			(void)snprintf(out, 32, "%s", curves[i].text);
			return 0;
		}
	return fault(f, kind,
	    "%s: elliptic curve %s, need P-256, P-384 or P-521", whose, group);
}

/* The certificate's name for people: valid UTF-8 that drives no terminal. */
int
name_text(const X509_NAME *name, char out[SIGNER_NAME_LEN], struct fault *f)
{
	const unsigned long flags = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
	BIO *bio = BIO_new(BIO_s_mem());
	BUF_AUTO(text, SIGNER_NAME_LEN - 1);
	char *p;
	long len;

	if (bio == NULL || X509_NAME_print_ex(bio, name, 0, flags) < 0) {
		BIO_free(bio);
		return openssl_fault(f, FAULT_FORMAT, "name in a certificate");
	}
	len = BIO_get_mem_data(bio, &p);
	text_clean(&text, p, (size_t)len, NAME_TAKEN);
	BIO_free(bio);
	if (buf_done(&text, "name in a certificate", f) == -1)
		return -1;
	(void)snprintf(
	    out, SIGNER_NAME_LEN, "%s", text.p != NULL ? text.p : "");
	return 0;
}

int
time_of(const ASN1_TIME *t, int64_t *out, struct fault *f)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return openssl_fault(f, FAULT_FORMAT, "time in a certificate");
	*out = (int64_t)timegm(&tm);
	return 0;
}

static int
serial_text(const X509 *cert, char *out, size_t size, struct fault *f)
{
	const ASN1_INTEGER *n = X509_get0_serialNumber(cert);
	int len = ASN1_STRING_length(n);

	if (len < 0 || len > 20 || (size_t)len * 2 + 2 > size)
		return fault(f, FAULT_FORMAT,
		    "serial number above 20 octets (RFC 5280 4.1.2.2)");
	if (ASN1_STRING_type(n) == V_ASN1_NEG_INTEGER)
		*out++ = '-';
	hex_encode(ASN1_STRING_get0_data(n), (size_t)len, out);
	return 0;
}

static int
fingerprint_of(
    struct crypto *c, const X509 *cert, char out[SHA256_HEX], struct fault *f)
{
	uint8_t d[SHA256_LEN];
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der), rc;

	if (len < 0)
		return openssl_fault(f, FAULT_FORMAT, "certificate");
	rc = digest_sha256(c, der, (size_t)len, d, f);
	OPENSSL_free(der);
	if (rc == 0)
		hex_encode(d, sizeof(d), out);
	return rc;
}

int
certificate_describe(struct crypto *c, X509 *cert, struct signer_info *out,
    enum fault_kind kind, struct fault *f)
{
	struct signer_info i = { 0 };

	if (name_text(X509_get_subject_name(cert), i.subject, f) == -1 ||
	    name_text(X509_get_issuer_name(cert), i.issuer, f) == -1 ||
	    serial_text(cert, i.serial, sizeof(i.serial), f) == -1 ||
	    fingerprint_of(c, cert, i.fingerprint, f) == -1 ||
	    key_describe(X509_get0_pubkey(cert), i.algorithm, kind,
		"the signer's certificate", f) == -1 ||
	    time_of(X509_get0_notBefore(cert), &i.not_before, f) == -1 ||
	    time_of(X509_get0_notAfter(cert), &i.not_after, f) == -1)
		return -1;
	i.self_signed = X509_self_signed(cert, 1) == 1;
	ERR_clear_error(); /* "not self-signed" is no fault */
	*out = i;
	return 0;
}

/*
 * The same certificate, bound to our library context, whatever context the
 * store or the PKCS#12 reader decoded it in.
 */
X509 *
certificate_rebind(struct crypto *c, const X509 *from)
{
	X509 *to = X509_new_ex(crypto_libctx(c), crypto_propq(c));
	unsigned char *der = NULL;
	const unsigned char *p;
	int len = i2d_X509(from, &der);

	p = der;
	if (to == NULL || len < 0 || d2i_X509(&to, &p, len) == NULL) {
		X509_free(to);
		to = NULL;
	}
	OPENSSL_free(der);
	return to;
}

int
bio_to_buf(BIO *bio, struct buf *out, const char *what, struct fault *f)
{
	char *p;
	long len = BIO_get_mem_data(bio, &p);

	buf_put(out, p, (size_t)len);
	return buf_done(out, what, f);
}
