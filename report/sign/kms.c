/* See kms.h. */
#include "cli/kms.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "collector/aws_client/aws_host.h"
#include "collector/aws_client/session.h"

extern const struct text report_text[]; /* made by embed() */

#define SCHEME "awskms:"
#define KEY_MAX 2048 /* KMS has 2048 for a KeyId */
#define SPKI_MAX 8192

struct kms {
	struct request request;
	struct request_option options[1]; /* endpoint-url */
	char key[KEY_MAX + 1];
	char region[AWS_REGION_MAX]; /* "" if the key's ARN says */
	char url[AWS_HOST_MAX];
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

static int
read_uri(struct kms *k, const char *uri, struct fault *f)
{
	const char *p = uri + sizeof(SCHEME) - 1;
	size_t len = strcspn(p, "?");

	if (len == 0 || len > KEY_MAX)
		return fault(f, FAULT_USAGE,
		    "%.200s: say " SCHEME "arn:aws:kms:… or " SCHEME
		    "alias/NAME",
		    uri);
	(void)snprintf(k->key, sizeof(k->key), "%.*s", (int)len, p);
	for (p += len; *p != '\0'; p += len) {
		len = strcspn(++p, "&");
		if (!take(p, len, "region=", k->region, sizeof(k->region)) &&
		    !take(p, len, "endpoint-url=", k->url, sizeof(k->url)))
			return fault(f, FAULT_USAGE,
			    "%.200s: knows ?region= and &endpoint-url= alone",
			    uri);
	}
	if (k->region[0] != '\0' && !aws_is_region(k->region))
		return fault(
		    f, FAULT_USAGE, "%.200s: no name of a region", uri);
	if (k->region[0] == '\0')
		(void)sscanf(k->key, "arn:%*[^:]:kms:%63[^:]", k->region);
	return 0;
}

/* "every hash and signature through a FIPS module": KMS's are, behind the
 * hosts that AWS lists as such. */
static int
check_fips(const struct kms *k, struct fault *f)
{
	static const struct aws_service service = { .name = "kms" };
	const struct text *catalog = aws_catalog(report_text);
	struct aws_endpoint to = { .fips = false };

	if (crypto_propq(k->request.crypto)[0] == '\0')
		return 0;
	if (k->region[0] == '\0')
		return fault(f, FAULT_USAGE,
		    "--fips with a KMS key: which region? give its ARN, or "
		    "?region=");
	if (catalog == NULL ||
	    aws_endpoint_of(catalog, k->url[0] != '\0' ? k->url : NULL,
		&service, k->region, &to, f) == -1)
		return -1;
	return to.fips ? 0
		       : fault(f, FAULT_USAGE,
			     "--fips: AWS lists no FIPS host of KMS for %s",
			     k->url[0] != '\0' ? k->url : k->region);
}

/* ------------------------------------------------------------------ the key */

static int
sign(void *ctx, const uint8_t *digest, size_t len, struct buf *sig,
    struct fault *f)
{
	const struct kms *k = ctx;

	return aws_kms_sign(&k->request, k->key,
	    k->region[0] != '\0' ? k->region : NULL, k->algorithm, digest, len,
	    sig, f);
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
	    crypto_libctx(k->request.crypto), crypto_propq(k->request.crypto));
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
			 k->key);
}

static struct signer *
load(struct kms *k, const char *cert, const struct signer_passphrase *pass,
    struct fault *f)
{
	struct signer_remote remote = { sign, free, k, 0, "AWS KMS" };
	BUF_AUTO(spki, SPKI_MAX);

	if (check_fips(k, f) == -1 ||
	    aws_kms_public_key(&k->request, k->key,
		k->region[0] != '\0' ? k->region : NULL, &spki, f) == -1 ||
	    choose_algorithm(k, &spki, &remote.digest, f) == -1) {
		free(k);
		return NULL;
	}
	return signer_new_remote(
	    k->request.crypto, &remote, spki.p, spki.len, cert, pass, f);
}

struct signer *
kms_signer(struct cli *cli, const char *uri, const char *cert,
    const struct signer_passphrase *pass, struct fault *f)
{
	struct kms *k = calloc(1, sizeof(*k));

	if (k == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	k->request = (struct request){ .crypto = cli->crypto,
		.now = cli->now,
		.options = k->options,
		.environment = environ,
		.texts = report_text };
	if (cert == NULL)
		(void)fault(f, FAULT_USAGE,
		    "%.200s: KMS keeps no certificate: name its file with "
		    "--cert",
		    uri);
	else if (read_uri(k, uri, f) == 0) {
		k->options[0] =
		    (struct request_option){ "endpoint-url", k->url };
		k->request.noptions = k->url[0] != '\0';
		return load(k, cert, pass, f);
	}
	free(k);
	return NULL;
}
