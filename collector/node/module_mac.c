/* See module_mac.h. */
#include "collector/node/module_mac.h"

#include <errno.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

/* No secret: it stands in OpenSSL's sources, and in each fips.so. */
static const uint8_t key[32] = { 0xf4, 0x55, 0x66, 0x50, 0xac, 0x31, 0xd3, 0x54,
	0x61, 0x61, 0x0b, 0xac, 0x4e, 0xd8, 0x1b, 0x1a, 0x18, 0x1b, 0x2d, 0x8a,
	0x43, 0xea, 0x28, 0x54, 0xcb, 0xae, 0x22, 0xca, 0x74, 0x56, 0x08,
	0x13 };

static int
failed(struct fault *f)
{
	return fault(f, FAULT_IO, "HMAC-SHA-256: OpenSSL failed");
}

static int
take_file(EVP_MAC_CTX *m, int fd, size_t max, struct fault *f)
{
	uint8_t piece[16384];
	size_t at = 0;

	for (;;) {
		ssize_t n = pread(fd, piece, sizeof(piece), (off_t)at);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fault_errno(f, errno, "content");
		if (n == 0)
			return 0;
		if ((at += (size_t)n) > max)
			return fault(f, FAULT_LIMIT,
			    "content: larger than %zu bytes", max);
		if (EVP_MAC_update(m, piece, (size_t)n) != 1)
			return failed(f);
	}
}

int
module_mac(struct crypto *c, int fd, size_t max, uint8_t out[SHA256_LEN],
    struct fault *f)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(
		    OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(crypto_libctx(c), "HMAC", crypto_propq(c));
	EVP_MAC_CTX *m = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
	size_t len = 0;
	int rc = -1;

	if (m == NULL || EVP_MAC_init(m, key, sizeof(key), params) != 1)
		(void)failed(f);
	else if (take_file(m, fd, max, f) == 0)
		rc = EVP_MAC_final(m, out, &len, SHA256_LEN) == 1 &&
			     len == SHA256_LEN
			 ? 0
			 : failed(f);
	EVP_MAC_CTX_free(m);
	EVP_MAC_free(mac);
	return rc;
}
