/*
 * DSSE, the Dead Simple Signing Envelope 1.0.2
 * (https://github.com/secure-systems-lab/dsse): a payload with a signature over
 * its pre-authentication encoding. The key's name is the SHA-256 of the
 * signer's certificate; ECDSA signatures are DER, RSA's PKCS#1 v1.5, over the
 * digest that the key signs with (SHA-384, unless a remote key takes another).
 */
#ifndef REPORT_SIGN_DSSE_H
#define REPORT_SIGN_DSSE_H

#include "report/sign/sign.h"

/* Append the envelope, one line of JSON. */
MUST_USE int dsse_sign(const struct signer *s, const char *type, const void *p,
    size_t len, struct buf *out, struct fault *f);

#endif
