/*
 * Canonical JSON: one value, one run of bytes, so that equal evidence has
 * equal digests for ever.
 *
 * A strict subset of RFC 8785 (JCS): objects with ASCII keys in byte order,
 * arrays, strings, booleans, null and integers within +-(2^53 - 1); no
 * floats, no white space, no duplicate keys, valid UTF-8 without NUL.
 * Parsing and the value tree are jansson's.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/fault.h"

#define JSON_INTEGER_MAX 9007199254740991LL /* RFC 8785, I-JSON */

/* Append the canonical bytes of v. FAULT_FORMAT on what the subset lacks. */
MUST_USE int json_canonical(const json_t *v, struct buf *out, struct fault *f);

/* Append s as a JSON string, quotes included. s must be valid UTF-8. */
void json_quote(struct buf *out, const char *s, size_t len);

/*
 * Read one JSON text of the subset (white space and any key order allowed).
 * what names the text in the fault. Returns a new reference or NULL.
 */
MUST_USE json_t *json_read(
    const void *p, size_t len, const char *what, struct fault *f);

/* A new JSON string of any bytes (see text_clean), or NULL: out of memory. */
json_t *json_text(const char *s, size_t len);

/* json_quote() of what json_text() makes of s. */
void json_quote_text(struct buf *out, const char *s, size_t len);

/*
 * Append bytes of unknown origin as valid UTF-8 without control characters:
 * what is not is shown as \xNN, a backslash before it is doubled only there.
 * At most max bytes of s are taken; a cut is shown as "…".
 */
void text_clean(struct buf *out, const char *s, size_t len, size_t max);

#define TEXT_MAX 4096 /* bytes of one string from outside that are kept */

#endif
