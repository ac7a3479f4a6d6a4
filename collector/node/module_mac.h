/* The integrity value that fipsmodule.cnf states of a FIPS provider. */
#ifndef COLLECTOR_NODE_MODULE_MAC_H
#define COLLECTOR_NODE_MODULE_MAC_H

#include "base/digest.h"

/*
 * HMAC-SHA-256 over at most max bytes of fd, from its start, under the key that
 * OpenSSL's providers have built in: what "openssl fipsinstall" writes as
 * module-mac (fips_config(5)). FAULT_LIMIT, FAULT_IO.
 */
MUST_USE int module_mac(struct crypto *c, int fd, size_t max,
    uint8_t out[SHA256_LEN], struct fault *f);

#endif
