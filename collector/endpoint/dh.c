/* See dh.h. EVP_PKEY_fromdata(3), EVP_PKEY-DH(7): libcrypto knows the named
 * safe-prime groups by their primes. */
#include "collector/endpoint/dh.h"

#include <stdio.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

static EVP_PKEY *
parameters(struct crypto *c, const BIGNUM *p, const BIGNUM *g)
{
	EVP_PKEY_CTX *ctx =
	    EVP_PKEY_CTX_new_from_name(crypto_libctx(c), "DH", crypto_propq(c));
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (ctx != NULL && bld != NULL &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_P, p) == 1 &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_G, g) == 1)
		params = OSSL_PARAM_BLD_to_param(bld);
	if (params != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
		(void)EVP_PKEY_fromdata(
		    ctx, &key, EVP_PKEY_KEY_PARAMETERS, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

int
dh_name(struct crypto *c, const struct buf *prime, const struct buf *generator,
    char *out, size_t size)
{
	BIGNUM *p =
	    BN_bin2bn((const unsigned char *)prime->p, (int)prime->len, NULL);
	BIGNUM *g = BN_bin2bn(
	    (const unsigned char *)generator->p, (int)generator->len, NULL);
	EVP_PKEY *key = p != NULL && g != NULL ? parameters(c, p, g) : NULL;
	int bits = p != NULL ? BN_num_bits(p) : 0;
	size_t len = 0;

	(void)snprintf(out, size, "dh-%d", bits);
	if (key != NULL) {
		char name[32];

		if (EVP_PKEY_get_group_name(key, name, sizeof(name), &len) ==
			1 &&
		    len > 0)
			(void)snprintf(out, size, "%s", name);
	}
	ERR_clear_error();
	EVP_PKEY_free(key);
	BN_free(g);
	BN_free(p);
	return bits;
}
