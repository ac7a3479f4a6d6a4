/* Base64 (RFC 4648): section 4's alphabet, and section 5's for tokens. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Append what p holds, padded; lack of room sticks in out. */
void base64_put(struct buf *out, const void *p, size_t len);

/* The same in the alphabet of URLs, without padding. */
void base64url_put(struct buf *out, const void *p, size_t len);

/*
 * Append the bytes that p encodes, with padding and without white space. False:
 * it is not that, or out cannot hold it (out->failed); out may have grown.
 */
bool base64_read(struct buf *out, const char *p, size_t len);

/* The same, with white space passed over, as texts that people edit have it. */
bool base64_read_text(struct buf *out, const char *p, size_t len);

#endif
