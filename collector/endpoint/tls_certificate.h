/* What a certificate says, from its DER bytes (RFC 5280). */
#ifndef COLLECTOR_ENDPOINT_TLS_CERTIFICATE_H
#define COLLECTOR_ENDPOINT_TLS_CERTIFICATE_H

#include <openssl/x509.h>

#include "base/attrs.h"
#include "base/digest.h"
#include "base/json.h"

#define CERTIFICATES_MAX 16 /* of one chain that are read */
#define SAN_MAX 100	    /* names that are kept */

/* NULL: not a certificate, or bytes are left behind it. The caller frees. */
X509 *certificate_read(struct crypto *c, const uint8_t *der, size_t len);

/* Add every column that the certificate alone decides. */
void certificate_attrs(X509 *x, struct attrs *a);

/* Did next issue x: its name and its signature? */
bool certificate_signed_by(X509 *x, X509 *next);

/* Does it cover this host? RFC 9525, without the subject's common name. */
bool certificate_covers(X509 *x, const char *host, bool address);

/* "rsa", "ec", "ed25519" ...: a short name of the key, for a chain. */
void certificate_key_name(X509 *x, char *out, size_t size);

#endif
