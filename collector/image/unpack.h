/*
 * A layer's bytes made plain: gzip (RFC 1952, several members), Zstandard (RFC
 * 8878, several frames) or as they are, told by their first bytes. Memory is
 * flat; what grows out of all proportion is refused.
 */
#ifndef COLLECTOR_IMAGE_UNPACK_H
#define COLLECTOR_IMAGE_UNPACK_H

#include <stdint.h>

#include "base/fault.h"

#define UNPACK_CHUNK ((size_t)128 * 1024) /* bytes handed on at a time */
#define UNPACK_WINDOW_LOG 23  /* of Zstandard: 8 MiB, as its levels use */
#define UNPACK_RATIO_MAX 2000 /* to one, once it is more than */
#define UNPACK_RATIO_FROM ((uint64_t)256 * 1024 * 1024)
#define UNPACK_BYTES_MAX ((uint64_t)64 * 1024 * 1024 * 1024) /* of a layer */

struct unpack;

/* take() gets multiples of 512 bytes but for the last piece. */
struct unpack *unpack_new(
    int (*take)(void *ctx, const char *p, size_t len, struct fault *f),
    void *ctx);
void unpack_free(struct unpack *u);

/* Another stream begins. */
void unpack_begin(struct unpack *u);
MUST_USE int unpack_feed(
    struct unpack *u, const char *p, size_t len, struct fault *f);
/* FAULT_FORMAT: it is cut off. */
MUST_USE int unpack_end(struct unpack *u, struct fault *f);

#endif
