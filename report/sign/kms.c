/* See kms.h. */
#include "report/sign/kms.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "base/base64.h"
#include "base/json.h"

#define SCHEME "awskms:"
#define SPKI_MAX 8192
#define DIGEST_MAX 64 /* bytes; SHA-512 */

struct kms {
	struct crypto *crypto;		/* borrowed */
	struct kms_transport transport; /* ctx owned */
	struct kms_key key;
	const char *algorithm; /* static */
};

bool
kms_is(const char *uri)
{
	return strncmp(uri, SCHEME, sizeof(SCHEME) - 1) == 0;
}

/* ------------------------------------------------------------------ the URI */

static bool
take(const char *p, size_t len, const char *name, char *out, size_t size)
{
	size_t n = strlen(name);

	if (len <= n || len - n >= size || strncmp(p, name, n) != 0)
		return false;
	memcpy(out, p + n, len - n);
	out[len - n] = '\0';
	return true;
}

/* Letters, digits and '-'. */
static bool
is_region(const char *s)
{
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")] == '\0';
}

static int
read_uri(struct kms_key *k, const char *uri, struct fault *f)
{
	const char *p = uri + sizeof(SCHEME) - 1;
	size_t len = strcspn(p, "?");

	if (len == 0 || len > KMS_KEY_MAX)
		return fault(f, FAULT_USAGE,
		    "%.200s: say " SCHEME "arn:aws:kms:… or " SCHEME
		    "alias/NAME",
		    uri);
	(void)snprintf(k->id, sizeof(k->id), "%.*s", (int)len, p);
	for (p += len; *p != '\0'; p += len) {
		len = strcspn(++p, "&");
		if (!take(p, len, "region=", k->region, sizeof(k->region)) &&
		    !take(p, len, "endpoint-url=", k->url, sizeof(k->url)))
			return fault(f, FAULT_USAGE,
			    "%.200s: knows ?region= and &endpoint-url= alone",
			    uri);
	}
	if (k->region[0] != '\0' && !is_region(k->region))
		return fault(
		    f, FAULT_USAGE, "%.200s: no name of a region", uri);
	if (k->region[0] == '\0')
		(void)sscanf(k->id, "arn:%*[^:]:kms:%63[^:]", k->region);
	return 0;
}

/* ------------------------------------------------------------------ the key */

/* Ask about the key; member of the answer, base64, is decoded into out. */
static int
ask(const struct kms *k, const char *operation, json_t *input,
    const char *member, struct buf *out, struct fault *f)
{
	json_t *answer = NULL;
	const char *text;
	int rc;

	if (input == NULL)
		return fault_memory(f);
	rc = k->transport.ask(
	    k->transport.ctx, &k->key, operation, input, &answer, f);
	text = json_string_value(json_object_get(answer, member));
	if (rc == 0 &&
	    (text == NULL || !base64_read_text(out, text, strlen(text)) ||
		out->len == 0))
		rc = fault(f, FAULT_FORMAT, "KMS %s: the answer holds no %s",
		    operation, member);
	json_decref(answer);
	json_decref(input);
	return rc;
}

static int
sign(void *ctx, const uint8_t *digest, size_t len, struct buf *sig,
    struct fault *f)
{
	const struct kms *k = ctx;
	char text[4 * ((DIGEST_MAX + 2) / 3) + 1];

	if (len > DIGEST_MAX)
		return fault(f, FAULT_USAGE, "KMS: a digest of %zu bytes", len);
	(void)EVP_EncodeBlock((unsigned char *)text, digest, (int)len);
	return ask(k, "Sign",
	    json_pack("{s:s, s:s, s:s, s:s}", "KeyId", k->key.id, "Message",
		text, "MessageType", "DIGEST", "SigningAlgorithm",
		k->algorithm),
	    "Signature", sig, f);
}

static void
release(void *ctx)
{
	struct kms *k = ctx;

	k->transport.free(k->transport.ctx);
	free(k);
}

/*
 * AWS KMS Developer Guide, "Asymmetric key specs": of ECDSA each curve has one
 * digest of its own.
 */
static int
choose_algorithm(
    struct kms *k, const struct buf *spki, int *digest, struct fault *f)
{
	const unsigned char *p = (const unsigned char *)spki->p;
	EVP_PKEY *key = d2i_PUBKEY_ex(NULL, &p, (long)spki->len,
	    crypto_libctx(k->crypto), crypto_propq(k->crypto));
	int bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;

	*digest = 0;
	if (key != NULL && EVP_PKEY_is_a(key, "RSA"))
		k->algorithm = "RSASSA_PKCS1_V1_5_SHA_384";
	else if (key != NULL && EVP_PKEY_is_a(key, "EC") && bits == 384)
		k->algorithm = "ECDSA_SHA_384";
	else if (key != NULL && EVP_PKEY_is_a(key, "EC") && bits == 256) {
		k->algorithm = "ECDSA_SHA_256";
		*digest = NID_sha256;
	} else if (key != NULL && EVP_PKEY_is_a(key, "EC") && bits == 521) {
		k->algorithm = "ECDSA_SHA_512";
		*digest = NID_sha512;
	}
	EVP_PKEY_free(key);
	return k->algorithm != NULL
		   ? 0
		   : fault(f, FAULT_USAGE,
			 "%.200s: KMS has a key there that is neither ECDSA on "
			 "a NIST curve nor RSA",
			 k->key.id);
}

/* "Every hash and signature through a FIPS module": KMS's are, behind the hosts
 * that AWS lists as such. */
static int
check_fips(const struct kms *k, struct fault *f)
{
	bool fips = false;

	if (crypto_propq(k->crypto)[0] == '\0')
		return 0;
	if (k->key.region[0] == '\0')
		return fault(f, FAULT_USAGE,
		    "--fips with a KMS key: which region? give its ARN, or "
		    "?region=");
	if (k->transport.fips(k->transport.ctx, &k->key, &fips, f) == -1)
		return -1;
	return fips ? 0
		    : fault(f, FAULT_USAGE,
			  "--fips: AWS lists no FIPS host of KMS for %s",
			  k->key.url[0] != '\0' ? k->key.url : k->key.region);
}

static struct signer *
load(struct kms *k, const char *cert, const struct signer_passphrase *pass,
    struct fault *f)
{
	struct signer_remote remote = { sign, release, k, 0, "AWS KMS" };
	BUF_AUTO(spki, SPKI_MAX);

	if (check_fips(k, f) == -1 ||
	    ask(k, "GetPublicKey", json_pack("{s:s}", "KeyId", k->key.id),
		"PublicKey", &spki, f) == -1 ||
	    choose_algorithm(k, &spki, &remote.digest, f) == -1) {
		release(k);
		return NULL;
	}
	return signer_new_remote(
	    k->crypto, &remote, spki.p, spki.len, cert, pass, f);
}

struct signer *
kms_signer(struct crypto *c, const struct kms_transport *transport,
    const char *uri, const char *cert, const struct signer_passphrase *pass,
    struct fault *f)
{
	struct kms *k = calloc(1, sizeof(*k));

	if (k == NULL) {
		transport->free(transport->ctx);
		(void)fault_memory(f);
		return NULL;
	}
	k->crypto = c;
	k->transport = *transport;
	if (cert == NULL)
		(void)fault(f, FAULT_USAGE,
		    "%.200s: KMS keeps no certificate: name its file with "
		    "--cert",
		    uri);
	else if (read_uri(&k->key, uri, f) == 0)
		return load(k, cert, pass, f);
	release(k);
	return NULL;
}
