/* A proof that we have the private key that a token was given to (RFC 9449,
 * DPoP): what 'aws login' sessions are renewed with. */
#ifndef COLLECTOR_AWS_CLIENT_CREDENTIALS_DPOP_H
#define COLLECTOR_AWS_CLIENT_CREDENTIALS_DPOP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"

/*
 * Append the JWT of a POST to url at now (seconds since 1970), signed with
 * ES256 by the key in pem: a private key on P-256 without a passphrase, as
 * "EC PRIVATE KEY" or PKCS#8. Its id is random. FAULT_FORMAT: no such key;
 * FAULT_IO: it could not be signed.
 */
MUST_USE int dpop_proof(const struct crypto *crypto, const char *pem,
    const char *url, int64_t now, struct buf *out, struct fault *f);

#endif
