/*
 * Digests through one OpenSSL library context.
 *
 * The context is the program's own, so that with fips set every hash and
 * signature goes through a FIPS provider or fails (FIPS 140-3, SP 800-107).
 * SHA-256 names contents and builds trees; SHA-384 is for signatures.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#include "base/buf.h"
#include "base/fault.h"

#define SHA256_LEN 32
#define SHA384_LEN 48
#define SHA256_HEX (2 * SHA256_LEN + 1)
#define SHA384_HEX (2 * SHA384_LEN + 1)
#define UUID_LEN 37 /* text form with its NUL */

/* A library context with the digests fetched from it. Not thread-safe. */
struct crypto;

/*
 * fips: load the provider "fips" (and "base" for key files) and ask for
 * fips=yes in every fetch; fails closed when there is none.
 * NULL with a fault on failure. The caller frees.
 */
MUST_USE struct crypto *crypto_new(bool fips, struct fault *f);
void crypto_free(struct crypto *c);

/* Borrowed; lives as long as c. The property query is "" or "fips=yes". */
OSSL_LIB_CTX *crypto_libctx(const struct crypto *c);
const char *crypto_propq(const struct crypto *c);

/* One line naming the library and the provider that hashes: what a run
 * record states about its own hashing. Borrowed. */
const char *crypto_module(const struct crypto *c);

/* A piece of a message that is hashed without joining it first. */
struct slice {
	const void *p;
	size_t len;
};

/* SHA-256 of the n slices, in order. */
MUST_USE int digest_sha256v(struct crypto *c, const struct slice *v, size_t n,
    uint8_t out[SHA256_LEN], struct fault *f);

/* SHA-256 / SHA-384 of one run of bytes. */
MUST_USE int digest_sha256(struct crypto *c, const void *p, size_t len,
    uint8_t out[SHA256_LEN], struct fault *f);
MUST_USE int digest_sha384(struct crypto *c, const void *p, size_t len,
    uint8_t out[SHA384_LEN], struct fault *f);

/* SHA-256 of a message that comes in pieces; several may be open at once. */
struct hashing;

MUST_USE struct hashing *hashing_new(struct crypto *c, struct fault *f);
MUST_USE int hashing_add(
    struct hashing *h, const void *p, size_t len, struct fault *f);
MUST_USE int hashing_end(
    struct hashing *h, uint8_t out[SHA256_LEN], struct fault *f);
void hashing_free(struct hashing *h);

/* SHA-256 of everything left to read from fd, at most max bytes; *size gets
 * the count. Memory is flat. FAULT_LIMIT when there is more. */
MUST_USE int digest_fd(struct crypto *c, int fd, uint64_t max,
    uint8_t out[SHA256_LEN], uint64_t *size, struct fault *f);

/* Both digests of it in one reading. */
MUST_USE int digest_fd_both(struct crypto *c, int fd, uint64_t max,
    uint8_t sha256[SHA256_LEN], uint8_t sha384[SHA384_LEN], uint64_t *size,
    struct fault *f);

/* Lower-case hex of len bytes and a NUL into out (2 * len + 1 bytes). */
void hex_encode(const uint8_t *p, size_t len, char *out);

/* The bytes of 2 * len hex digits; -1 if s is anything else (no fault). */
int hex_decode(const char *s, uint8_t *out, size_t len);

/*
 * RFC 4122 version 5 shape over SHA-256 (the first 16 bytes, version and
 * variant set): a name gives the same UUID in every report. OSCAL accepts
 * versions 4 and 5. SHA-1, which RFC 4122 names, is not used for it.
 */
MUST_USE int uuid_of(
    struct crypto *c, const char *name, char out[UUID_LEN], struct fault *f);

#endif
