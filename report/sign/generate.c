/* Making a key and its self-signed certificate. See sign.h. */
#include "report/sign/signing.h"

#include <stdio.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#define PBKDF2_ITERATIONS 600000 /* about a quarter of a second */
#define PBKDF2_SALT_LEN 16	 /* SP 800-132: 128 bits and more */
#define SERIAL_LEN 16		 /* RFC 5280 4.1.2.2: up to 20 octets */
#define KEY_ID_LEN 20		 /* RFC 7093 section 2, method 1 */
#define DAY 86400
#define MADE_BY " (self-signed by exhibit)"

/* Characters of valid UTF-8 without controls, or -1. */
static int
utf8_length(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	int left = (int)strnlen(s, 4 * SIGNER_COMMON_NAME_MAX + 1), n, count;
	unsigned long v;

	for (count = 0; left > 0; count++, p += n, left -= n)
		if ((n = UTF8_getc(p, left, &v)) < 0 || v < 0x20 ||
		    (v >= 0x7f && v < 0xa0))
			return -1;
	return count;
}

static int
check_request(
    const char *common_name, int64_t not_before, int days, struct fault *f)
{
	int n = utf8_length(common_name);

	if (n < 1 || n > SIGNER_COMMON_NAME_MAX)
		return fault(f, FAULT_USAGE,
		    "the common name must be 1 to %d characters of UTF-8 "
		    "without control characters",
		    SIGNER_COMMON_NAME_MAX);
	if (days < 1 || days > SIGNER_DAYS_MAX)
		return fault(f, FAULT_USAGE,
		    "a certificate may be valid for 1 to %d days",
		    SIGNER_DAYS_MAX);
	if (not_before < 0 || not_before > TIME_MAX - (int64_t)days * DAY)
		return fault(f, FAULT_USAGE,
		    "a certificate's times must lie in 1970..9999");
	return 0;
}

/* 128 random bits, the first one 0 and the second 1: positive, full length. */
static int
set_serial(X509 *x, struct crypto *c)
{
	unsigned char r[SERIAL_LEN];
	BIGNUM *n = NULL;
	int ok;

	ok = RAND_bytes_ex(crypto_libctx(c), r, sizeof(r), 0) == 1;
	r[0] = (unsigned char)((r[0] & 0x3f) | 0x40);
	ok = ok && (n = BN_bin2bn(r, sizeof(r), NULL)) != NULL &&
	     BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;
	BN_free(n);
	return ok;
}

static int
set_name(X509 *x, const char *common_name)
{
	X509_NAME *name = X509_get_subject_name(x);
	char text[4 * SIGNER_COMMON_NAME_MAX + sizeof(MADE_BY)];

	(void)snprintf(text, sizeof(text), "%s%s", common_name, MADE_BY);
	return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
		   (const unsigned char *)text, -1, -1, 0) == 1 &&
	       X509_set_issuer_name(x, name) == 1;
}

/* RFC 5280 4.2.1.9: critical, and cA absent is FALSE. */
static int
add_basic_constraints(X509 *x)
{
	BASIC_CONSTRAINTS *bc = BASIC_CONSTRAINTS_new();
	int ok = bc != NULL &&
		 X509_add1_ext_i2d(x, NID_basic_constraints, bc, 1, 0) == 1;

	BASIC_CONSTRAINTS_free(bc);
	return ok;
}

/* RFC 5280 4.2.1.3: bit 0 digitalSignature, bit 1 nonRepudiation. */
static int
add_key_usage(X509 *x)
{
	ASN1_BIT_STRING *ku = ASN1_BIT_STRING_new();
	int ok = ku != NULL && ASN1_BIT_STRING_set_bit(ku, 0, 1) == 1 &&
		 ASN1_BIT_STRING_set_bit(ku, 1, 1) == 1 &&
		 X509_add1_ext_i2d(x, NID_key_usage, ku, 1, 0) == 1;

	ASN1_BIT_STRING_free(ku);
	return ok;
}

/* RFC 7093 section 2 method 1: like RFC 5280's, but without SHA-1. */
static int
add_key_id(X509 *x, struct crypto *c)
{
	const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(x);
	ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
	uint8_t d[SHA256_LEN];
	struct fault ignored;
	int ok =
	    id != NULL && key != NULL &&
	    digest_sha256(c, ASN1_STRING_get0_data(key),
		(size_t)ASN1_STRING_length(key), d, &ignored) == 0 &&
	    ASN1_OCTET_STRING_set(id, d, KEY_ID_LEN) == 1 &&
	    X509_add1_ext_i2d(x, NID_subject_key_identifier, id, 0, 0) == 1;

	ASN1_OCTET_STRING_free(id);
	return ok;
}

static X509 *
make_certificate(struct crypto *c, EVP_PKEY *key, const char *common_name,
    int64_t not_before, int days)
{
	const time_t from = (time_t)not_before;
	X509 *x = X509_new_ex(crypto_libctx(c), crypto_propq(c));

	if (x != NULL && X509_set_version(x, X509_VERSION_3) == 1 &&
	    set_serial(x, c) && set_name(x, common_name) &&
	    ASN1_TIME_set(X509_getm_notBefore(x), from) != NULL &&
	    ASN1_TIME_set(X509_getm_notAfter(x), from + (time_t)days * DAY) !=
		NULL &&
	    X509_set_pubkey(x, key) == 1 && add_basic_constraints(x) &&
	    add_key_usage(x) && add_key_id(x, c) &&
	    X509_sign(x, key, EVP_sha384()) > 0)
		return x;
	X509_free(x);
	return NULL;
}

/* PBES2 (RFC 8018) with our own salt and count: OpenSSL's are too small. */
static X509_SIG *
encrypt_key(struct crypto *c, PKCS8_PRIV_KEY_INFO *p8, const char *pass, int n)
{
	unsigned char salt[PBKDF2_SALT_LEN];
	X509_SIG *sig = NULL;
	EVP_CIPHER *aes =
	    EVP_CIPHER_fetch(crypto_libctx(c), "AES-256-CBC", crypto_propq(c));

	if (aes != NULL &&
	    RAND_bytes_ex(crypto_libctx(c), salt, sizeof(salt), 0) == 1)
		sig = PKCS8_encrypt_ex(-1, aes, pass, n, salt, sizeof(salt),
		    PBKDF2_ITERATIONS, p8, crypto_libctx(c), crypto_propq(c));
	EVP_CIPHER_free(aes);
	return sig;
}

static int
write_encrypted(struct crypto *c, PKCS8_PRIV_KEY_INFO *p8,
    const struct signer_passphrase *pass, BIO *out, struct fault *f)
{
	struct question q = { .pass = pass, .what = "the new key" };
	char text[SIGNER_PASSPHRASE_MAX];
	X509_SIG *sig = NULL;
	int n = question_ask(&q, text, sizeof(text)), rc = -1;

	if (n <= 0)
		(void)fault(f, FAULT_USAGE,
		    "the new key: no passphrase, or an empty one, was given");
	else if ((sig = encrypt_key(c, p8, text, n)) == NULL ||
		 PEM_write_bio_PKCS8(out, sig) != 1)
		(void)openssl_fault(f, FAULT_IO, "encrypting the new key");
	else
		rc = 0;
	OPENSSL_cleanse(text, sizeof(text));
	X509_SIG_free(sig);
	return rc;
}

static int
write_key(struct crypto *c, EVP_PKEY *key, const struct signer_passphrase *pass,
    BIO *out, struct fault *f)
{
	PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(key);
	int rc = 0;

	if (p8 == NULL)
		rc = openssl_fault(f, FAULT_IO, "writing the new key");
	else if (pass != NULL)
		rc = write_encrypted(c, p8, pass, out, f);
	else if (PEM_write_bio_PKCS8_PRIV_KEY_INFO(out, p8) != 1)
		rc = openssl_fault(f, FAULT_IO, "writing the new key");
	PKCS8_PRIV_KEY_INFO_free(p8); /* wipes it */
	return rc;
}

int
signer_generate(struct crypto *c, const char *common_name, int64_t not_before,
    int days, const struct signer_passphrase *pass, struct buf *key_pem,
    struct buf *cert_pem, struct fault *f)
{
	BIO *key_out = NULL, *cert_out = NULL;
	EVP_PKEY *key = NULL;
	X509 *cert = NULL;
	size_t had = cert_pem->len;
	int rc = -1;

	ERR_clear_error();
	if (check_request(common_name, not_before, days, f) == -1)
		return -1;
	key_out = BIO_new(BIO_s_secmem()); /* wiped when freed */
	cert_out = BIO_new(BIO_s_mem());
	key =
	    EVP_PKEY_Q_keygen(crypto_libctx(c), crypto_propq(c), "EC", "P-384");
	if (key != NULL)
		cert = make_certificate(c, key, common_name, not_before, days);
	if (key_out == NULL || cert_out == NULL || cert == NULL ||
	    PEM_write_bio_X509(cert_out, cert) != 1) {
		(void)openssl_fault(f, FAULT_IO, "making a key");
		goto out;
	}
	if (write_key(c, key, pass, key_out, f) == -1)
		goto out;
	if (bio_to_buf(cert_out, cert_pem, "certificate", f) == 0)
		rc = bio_to_buf(key_out, key_pem, "private key", f);
	if (rc == -1 && cert_pem->len > had) {
		cert_pem->len = had;
		cert_pem->p[had] = '\0';
	}
out:
	X509_free(cert);
	EVP_PKEY_free(key);
	BIO_free(cert_out);
	BIO_free(key_out);
	return rc;
}
