/* See digest.h. */
#include "base/digest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#define READ_SIZE (64 * 1024)

struct crypto {
	OSSL_LIB_CTX *libctx;
	OSSL_PROVIDER *fips, *base;
	EVP_MD *sha256, *sha384;
	EVP_MD_CTX *md;
	const char *propq;
	char module[256];
};

/* "OpenSSL FIPS Provider 3.0.7 (build 3.0.7-395c1a240fbfffd8), libcrypto
 * 3.0.7, fips=yes": who really hashes and signs, and in what mode. */
static void
name_module(struct crypto *c)
{
	const OSSL_PROVIDER *prov = EVP_MD_get0_provider(c->sha256);
	const char *name = NULL, *version = NULL, *build = NULL;
	OSSL_PARAM p[] = {
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_NAME, &name, 0),
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_VERSION, &version, 0),
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_BUILDINFO, &build, 0),
		OSSL_PARAM_END,
	};

	if (prov != NULL)
		(void)OSSL_PROVIDER_get_params(prov, p);
	(void)snprintf(c->module, sizeof(c->module),
	    "%s %s (build %s), libcrypto %s, fips=%s",
	    name != NULL ? name : "unknown provider",
	    version != NULL ? version : "of unknown version",
	    build != NULL ? build : "unknown",
	    OpenSSL_version(OPENSSL_FULL_VERSION_STRING),
	    c->fips != NULL ? "yes" : "no");
}

static int
crypto_fault(struct fault *f, const char *what)
{
	unsigned long e = ERR_peek_error();
	const char *why = ERR_reason_error_string(e);

	ERR_clear_error();
	return fault(f, FAULT_IO, "%s: %s", what, why != NULL ? why : "failed");
}

/*
 * A context of our own has read no configuration, where most systems keep what
 * the provider needs to start: the digest of its file (fipsmodule.cnf). Where
 * there is none, or none is needed, loading it tells.
 */
static int
load_fips(struct crypto *c, struct fault *f)
{
	(void)OSSL_LIB_CTX_load_config(c->libctx, NULL);
	c->fips = OSSL_PROVIDER_load(c->libctx, "fips");
	c->base = OSSL_PROVIDER_load(c->libctx, "base");
	if (c->fips == NULL || c->base == NULL) {
		ERR_clear_error();
		return fault(f, FAULT_USAGE,
		    "--fips: OpenSSL has no FIPS provider here that loads and "
		    "passes its self-tests; install one (fips.so, and an "
		    "openssl.cnf that includes its fipsmodule.cnf) or leave "
		    "--fips out");
	}
	c->propq = "fips=yes";
	return 0;
}

struct crypto *
crypto_new(bool fips, struct fault *f)
{
	struct crypto *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	c->propq = "";
	if ((c->libctx = OSSL_LIB_CTX_new()) == NULL) {
		(void)crypto_fault(f, "OpenSSL library context");
		goto fail;
	}
	if (fips && load_fips(c, f) == -1)
		goto fail;
	c->sha256 = EVP_MD_fetch(c->libctx, "SHA2-256", c->propq);
	c->sha384 = EVP_MD_fetch(c->libctx, "SHA2-384", c->propq);
	c->md = EVP_MD_CTX_new();
	if (c->sha256 == NULL || c->sha384 == NULL || c->md == NULL) {
		(void)crypto_fault(f, "OpenSSL SHA-256 and SHA-384");
		goto fail;
	}
	name_module(c);
	return c;
fail:
	crypto_free(c);
	return NULL;
}

void
crypto_free(struct crypto *c)
{
	if (c == NULL)
		return;
	EVP_MD_CTX_free(c->md);
	EVP_MD_free(c->sha256);
	EVP_MD_free(c->sha384);
	if (c->fips != NULL)
		(void)OSSL_PROVIDER_unload(c->fips);
	if (c->base != NULL)
		(void)OSSL_PROVIDER_unload(c->base);
	OSSL_LIB_CTX_free(c->libctx);
	free(c);
}

OSSL_LIB_CTX *
crypto_libctx(const struct crypto *c)
{
	return c->libctx;
}

const char *
crypto_propq(const struct crypto *c)
{
	return c->propq;
}

const char *
crypto_module(const struct crypto *c)
{
	return c->module;
}

static int
digest_slices(struct crypto *c, const EVP_MD *md, const struct slice *v,
    size_t n, uint8_t *out, struct fault *f)
{
	if (EVP_DigestInit_ex2(c->md, md, NULL) != 1)
		return crypto_fault(f, "hashing");
	for (size_t i = 0; i < n; i++)
		if (EVP_DigestUpdate(c->md, v[i].p, v[i].len) != 1)
			return crypto_fault(f, "hashing");
	if (EVP_DigestFinal_ex(c->md, out, NULL) != 1)
		return crypto_fault(f, "hashing");
	return 0;
}

int
digest_sha256v(struct crypto *c, const struct slice *v, size_t n,
    uint8_t out[SHA256_LEN], struct fault *f)
{
	return digest_slices(c, c->sha256, v, n, out, f);
}

int
digest_sha256(struct crypto *c, const void *p, size_t len,
    uint8_t out[SHA256_LEN], struct fault *f)
{
	return digest_slices(
	    c, c->sha256, &(struct slice){ p, len }, 1, out, f);
}

int
digest_sha384(struct crypto *c, const void *p, size_t len,
    uint8_t out[SHA384_LEN], struct fault *f)
{
	return digest_slices(
	    c, c->sha384, &(struct slice){ p, len }, 1, out, f);
}

struct hashing {
	EVP_MD_CTX *md;
};

struct hashing *
hashing_new(struct crypto *c, struct fault *f)
{
	struct hashing *h = calloc(1, sizeof(*h));

	if (h != NULL && (h->md = EVP_MD_CTX_new()) != NULL &&
	    EVP_DigestInit_ex2(h->md, c->sha256, NULL) == 1)
		return h;
	hashing_free(h);
	(void)crypto_fault(f, "hashing");
	return NULL;
}

int
hashing_add(struct hashing *h, const void *p, size_t len, struct fault *f)
{
	return EVP_DigestUpdate(h->md, p, len) == 1
		   ? 0
		   : crypto_fault(f, "hashing");
}

int
hashing_end(struct hashing *h, uint8_t out[SHA256_LEN], struct fault *f)
{
	return EVP_DigestFinal_ex(h->md, out, NULL) == 1
		   ? 0
		   : crypto_fault(f, "hashing");
}

void
hashing_free(struct hashing *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->md);
	free(h);
}

/* Everything left in fd goes through md and, if it is not NULL, second. */
static int
update_fd(int fd, uint64_t max, EVP_MD_CTX *md, EVP_MD_CTX *second,
    uint64_t *size, struct fault *f)
{
	char chunk[READ_SIZE];
	uint64_t total = 0;
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fault_errno(f, errno, "read");
		if ((total += (uint64_t)n) > max)
			return fault(f, FAULT_LIMIT, "larger than %llu bytes",
			    (unsigned long long)max);
		if (EVP_DigestUpdate(md, chunk, (size_t)n) != 1 ||
		    (second != NULL &&
			EVP_DigestUpdate(second, chunk, (size_t)n) != 1))
			return crypto_fault(f, "hashing");
	}
	*size = total;
	return 0;
}

int
digest_fd(struct crypto *c, int fd, uint64_t max, uint8_t out[SHA256_LEN],
    uint64_t *size, struct fault *f)
{
	if (EVP_DigestInit_ex2(c->md, c->sha256, NULL) != 1)
		return crypto_fault(f, "hashing");
	if (update_fd(fd, max, c->md, NULL, size, f) == -1)
		return -1;
	return EVP_DigestFinal_ex(c->md, out, NULL) == 1
		   ? 0
		   : crypto_fault(f, "hashing");
}

int
digest_fd_both(struct crypto *c, int fd, uint64_t max,
    uint8_t sha256[SHA256_LEN], uint8_t sha384[SHA384_LEN], uint64_t *size,
    struct fault *f)
{
	EVP_MD_CTX *second = EVP_MD_CTX_new();
	int rc = 0;

	if (second == NULL || EVP_DigestInit_ex2(c->md, c->sha256, NULL) != 1 ||
	    EVP_DigestInit_ex2(second, c->sha384, NULL) != 1)
		rc = crypto_fault(f, "hashing");
	if (rc == 0)
		rc = update_fd(fd, max, c->md, second, size, f);
	if (rc == 0 && (EVP_DigestFinal_ex(c->md, sha256, NULL) != 1 ||
			   EVP_DigestFinal_ex(second, sha384, NULL) != 1))
		rc = crypto_fault(f, "hashing");
	EVP_MD_CTX_free(second);
	return rc;
}

void
hex_encode(const uint8_t *p, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[p[i] >> 4];
		*out++ = digits[p[i] & 15];
	}
	*out = '\0';
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
hex_decode(const char *s, uint8_t *out, size_t len)
{
	if (strlen(s) != 2 * len)
		return -1;
	for (size_t i = 0; i < len; i++) {
		int hi = hex_value(s[2 * i]), lo = hex_value(s[2 * i + 1]);

		if (hi == -1 || lo == -1)
			return -1;
		out[i] = (uint8_t)(hi << 4 | lo);
	}
	return 0;
}

int
uuid_of(struct crypto *c, const char *name, char out[UUID_LEN], struct fault *f)
{
	uint8_t d[SHA256_LEN];
	char hex[33];

	if (digest_sha256(c, name, strlen(name), d, f) == -1)
		return -1;
	d[6] = (uint8_t)((d[6] & 0x0f) | 0x50);
	d[8] = (uint8_t)((d[8] & 0x3f) | 0x80);
	hex_encode(d, 16, hex);
	(void)snprintf(out, UUID_LEN, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
	return 0;
}
