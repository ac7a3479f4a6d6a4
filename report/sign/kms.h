/*
 * A signing key in AWS KMS: it signs what exhibit hashed. This room speaks
 * KMS's protocol; who carries the requests is handed in.
 */
#ifndef REPORT_SIGN_KMS_H
#define REPORT_SIGN_KMS_H

#include <jansson.h>

#include "report/sign/sign.h"

#define KMS_KEY_MAX 2048  /* KMS has 2048 for a KeyId */
#define KMS_REGION_LEN 64 /* bytes with the NUL */
#define KMS_URL_LEN 256

/* awskms:KEY[?region=R][&endpoint-url=URL], taken apart. */
struct kms_key {
	char id[KMS_KEY_MAX + 1];    /* an ARN, a key's id, or alias/NAME */
	char region[KMS_REGION_LEN]; /* "": neither the URI nor an ARN says */
	char url[KMS_URL_LEN];	     /* endpoint-url, or "" */
};

struct kms_transport {
	/* Carry one request (API reference: TrentService.OPERATION, "Sign" or
	 * "GetPublicKey") to the key's region; input is borrowed, *answer is
	 * the caller's. */
	int (*ask)(void *ctx, const struct kms_key *key, const char *operation,
	    json_t *input, json_t **answer, struct fault *f);
	/* Is the host that would be asked listed as a FIPS host? */
	int (*fips)(
	    void *ctx, const struct kms_key *key, bool *fips, struct fault *f);
	void (*free)(void *ctx);
	void *ctx;
};

/* Is it the URI of such a key? */
bool kms_is(const char *uri);

/*
 * The signer of that key (ECC_NIST_P256, P384, P521, or RSA) with the
 * certificate in cert, which must be of the key that GetPublicKey gives. Each
 * signature is one Sign, and is verified before it is used. With --fips only
 * where a FIPS host of KMS is listed for the region. Owns transport->ctx from
 * the call on. NULL with a fault.
 */
MUST_USE struct signer *kms_signer(struct crypto *c,
    const struct kms_transport *transport, const char *uri, const char *cert,
    const struct signer_passphrase *pass, struct fault *f);

#endif
