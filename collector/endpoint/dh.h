/* Which group a server's own Diffie-Hellman parameters are. */
#ifndef COLLECTOR_ENDPOINT_DH_H
#define COLLECTOR_ENDPOINT_DH_H

#include "base/digest.h"

/* "ffdhe2048", "modp_2048" (RFC 7919, RFC 3526), or "dh-1024" by its size.
 * Returns the bits of its prime. */
int dh_name(struct crypto *c, const struct buf *prime,
    const struct buf *generator, char *out, size_t size);

#endif
