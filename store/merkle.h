/*
 * RFC 6962 section 2.1 hash trees over SHA-256, as pure functions: the log,
 * the state of a run, and the lists a run record answers for all use it.
 */
#ifndef STORE_MERKLE_H
#define STORE_MERKLE_H

#include <stddef.h>
#include <stdint.h>

#include "digest.h"

/* MTH({d}) = SHA-256(0x00 || d) */
int merkle_leaf(struct crypto *c, const void *p, size_t len,
    uint8_t out[SHA256_LEN], struct fault *f);

/* SHA-256(0x01 || left || right) */
int merkle_node(struct crypto *c, const uint8_t left[SHA256_LEN],
    const uint8_t right[SHA256_LEN], uint8_t out[SHA256_LEN], struct fault *f);

/* A tree that grows leaf by leaf; keeps only its right edge. */
#define MERKLE_LEVELS 48
struct merkle {
	uint64_t size;				 /* leaves so far */
	uint8_t edge[MERKLE_LEVELS][SHA256_LEN]; /* complete subtrees */
};

/* Add a leaf hash. */
int merkle_add(struct merkle *m, struct crypto *c,
    const uint8_t leaf[SHA256_LEN], struct fault *f);

/* The root of what was added; SHA-256 of nothing for no leaves. */
int merkle_root(const struct merkle *m, struct crypto *c,
    uint8_t out[SHA256_LEN], struct fault *f);

#endif
