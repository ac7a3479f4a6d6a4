/* See credentials_dpop.h: RFC 9449, section 4.2; RFC 7518, section 3.4 for the
 * signature, 6.2.1 for the key. */
#include "collector/aws_client/credentials_dpop.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include "base/base64.h"
#include "base/json.h"

#define COORDINATE 32 /* bytes of a number on P-256 */
#define ID_BYTES 16

/* No passphrase is asked for. */
static int
no_passphrase(char *out, int size, int writing, void *ctx)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static EVP_PKEY *
key_of(const struct crypto *crypto, const char *pem, struct fault *f)
{
	BIO *in = BIO_new_mem_buf(pem, -1);
	char group[64] = "";
	EVP_PKEY *key =
	    in == NULL ? NULL
		       : PEM_read_bio_PrivateKey_ex(in, NULL, no_passphrase,
			     NULL, crypto_libctx(crypto), crypto_propq(crypto));

	BIO_free(in);
	if (key != NULL && EVP_PKEY_is_a(key, "EC") &&
	    EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	    strcmp(group, "prime256v1") == 0)
		return key;
	EVP_PKEY_free(key);
	(void)fault(f, FAULT_FORMAT,
	    "the key to renew its session with is no private key on P-256");
	return NULL;
}

/* "x" or "y" of the public key; NULL: it cannot be had. New reference. */
static json_t *
coordinate(EVP_PKEY *key, const char *name)
{
	BUF_AUTO(text, 128);
	unsigned char bytes[COORDINATE];
	BIGNUM *n = NULL;
	bool ok = EVP_PKEY_get_bn_param(key, name, &n) == 1 &&
		  BN_bn2binpad(n, bytes, sizeof(bytes)) == COORDINATE;

	BN_free(n);
	if (!ok)
		return NULL;
	base64url_put(&text, bytes, sizeof(bytes));
	return text.p != NULL ? json_stringn(text.p, text.len) : NULL;
}

static void
put_part(struct buf *out, json_t *v)
{
	char *text = json_dumps(v, JSON_COMPACT);

	if (text != NULL)
		base64url_put(out, text, strlen(text));
	else
		out->failed = FAULT_IO;
	free(text);
	json_decref(v);
}

static void
put_header(struct buf *out, EVP_PKEY *key)
{
	put_part(out,
	    json_pack("{s:s, s:s, s:{s:s, s:o, s:o, s:s}}", "typ", "dpop+jwt",
		"alg", "ES256", "jwk", "kty", "EC", "x",
		coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X), "y",
		coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y), "crv", "P-256"));
}

static void
put_claims(
    const struct crypto *crypto, struct buf *out, const char *url, int64_t now)
{
	unsigned char id[ID_BYTES];
	char hex[2 * ID_BYTES + 1];

	if (RAND_bytes_ex(crypto_libctx(crypto), id, sizeof(id), 0) != 1) {
		out->failed = FAULT_IO;
		return;
	}
	hex_encode(id, sizeof(id), hex);
	put_part(out, json_pack("{s:s, s:s, s:I, s:s}", "htm", "POST", "htu",
			  url, "iat", (json_int_t)now, "jti", hex));
}

/* The two numbers of an ECDSA signature, as JWS has them. */
static bool
put_numbers(struct buf *out, const unsigned char *der, size_t len)
{
	const unsigned char *p = der;
	ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &p, (long)len);
	unsigned char raw[2 * COORDINATE];
	bool ok =
	    s != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(s), raw, COORDINATE) == COORDINATE &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(s), raw + COORDINATE, COORDINATE) ==
		COORDINATE;

	ECDSA_SIG_free(s);
	if (ok)
		base64url_put(out, raw, sizeof(raw));
	return ok;
}

static bool
put_signature(const struct crypto *crypto, struct buf *out, EVP_PKEY *key)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char der[256];
	size_t len = sizeof(der);
	bool ok =
	    md != NULL &&
	    EVP_DigestSignInit_ex(md, NULL, "SHA256", crypto_libctx(crypto),
		crypto_propq(crypto), key, NULL) == 1 &&
	    EVP_DigestSign(
		md, der, &len, (const unsigned char *)out->p, out->len) == 1;

	EVP_MD_CTX_free(md);
	if (!ok)
		return false;
	buf_putc(out, '.');
	return put_numbers(out, der, len);
}

int
dpop_proof(const struct crypto *crypto, const char *pem, const char *url,
    int64_t now, struct buf *out, struct fault *f)
{
	BUF_AUTO(jwt, 4096);
	EVP_PKEY *key = key_of(crypto, pem, f);
	bool ok;

	if (key == NULL)
		return -1;
	put_header(&jwt, key);
	buf_putc(&jwt, '.');
	put_claims(crypto, &jwt, url, now);
	ok = jwt.failed == FAULT_NONE && put_signature(crypto, &jwt, key) &&
	     jwt.failed == FAULT_NONE;
	EVP_PKEY_free(key);
	if (!ok)
		return fault(f, FAULT_IO,
		    "a proof of the key to renew its session with could not "
		    "be signed");
	buf_put(out, jwt.p, jwt.len);
	return 0;
}
