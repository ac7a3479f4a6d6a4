/* What an OpenSSL provider's file says it is, read and never run. */
#ifndef COLLECTOR_NODE_IDENTIFY_H
#define COLLECTOR_NODE_IDENTIFY_H

#include <stdint.h>

#include "base/fault.h"

#define IDENTITY_TEXT_MAX 128

struct provider_identity { /* "" where the file does not say */
	char name[IDENTITY_TEXT_MAX], version[IDENTITY_TEXT_MAX],
	    build[IDENTITY_TEXT_MAX];
};

/*
 * Read what fd is open on from its beginning. *out is allocated, and the
 * caller's to free; NULL: the file names no provider. -1 only without memory: a
 * file that cannot be read again was hashed, and says nothing.
 */
MUST_USE int provider_identify(int fd, const char *path, uint64_t size,
    struct provider_identity **out, struct fault *f);

#endif
