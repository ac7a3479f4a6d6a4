/*
 * RFC 6962 section 2.1 hash trees over SHA-256, as pure functions: the log,
 * the state of a run, and the lists a run record answers for all use it.
 */
#ifndef STORE_MERKLE_H
#define STORE_MERKLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"

/* MTH({d}) = SHA-256(0x00 || d) */
MUST_USE int merkle_leaf(struct crypto *c, const void *p, size_t len,
    uint8_t out[SHA256_LEN], struct fault *f);

/* SHA-256(0x01 || left || right) */
MUST_USE int merkle_node(struct crypto *c, const uint8_t left[SHA256_LEN],
    const uint8_t right[SHA256_LEN], uint8_t out[SHA256_LEN], struct fault *f);

/* A tree that grows leaf by leaf; keeps only its right edge. */
#define MERKLE_LEVELS 48
struct merkle {
	uint64_t size;				 /* leaves so far */
	uint8_t edge[MERKLE_LEVELS][SHA256_LEN]; /* complete subtrees */
};

/* Add a leaf hash. */
MUST_USE int merkle_add(struct merkle *m, struct crypto *c,
    const uint8_t leaf[SHA256_LEN], struct fault *f);

/* The root of what was added; SHA-256 of nothing for no leaves. */
MUST_USE int merkle_root(const struct merkle *m, struct crypto *c,
    uint8_t out[SHA256_LEN], struct fault *f);

/* What a proof brings along: the hashes beside its way up the tree, the
 * lowest first. Enough for a consistency proof in a tree of 2^48 leaves. */
#define MERKLE_PATH_MAX (MERKLE_LEVELS + 1)
struct merkle_path {
	size_t n;
	uint8_t hash[MERKLE_PATH_MAX][SHA256_LEN];
};

/*
 * The root that a leaf hash has if it is number index of size leaves and the
 * path is its audit path (RFC 6962 section 2.1.1); the caller compares it with
 * the one that is trusted. FAULT_INTEGRITY: no path of such a leaf has this
 * length.
 */
MUST_USE int merkle_inclusion(struct crypto *c, const uint8_t leaf[SHA256_LEN],
    uint64_t index, uint64_t size, const struct merkle_path *path,
    uint8_t root[SHA256_LEN], struct fault *f);

/*
 * Is the tree of first leaves the beginning of the tree of second leaves
 * (RFC 6962 section 2.1.2)? 1 <= first <= second; equal sizes need no path.
 * FAULT_INTEGRITY: the path does not show it.
 */
MUST_USE int merkle_consistency(struct crypto *c, uint64_t first,
    uint64_t second, const uint8_t first_root[SHA256_LEN],
    const uint8_t second_root[SHA256_LEN], const struct merkle_path *path,
    struct fault *f);

/* The audit path of leaf number index among size leaf hashes, where size is a
 * power of two up to 2^16. leaves is overwritten. */
MUST_USE int merkle_path_of(struct crypto *c, uint8_t (*leaves)[SHA256_LEN],
    uint64_t index, uint64_t size, struct merkle_path *path, struct fault *f);

#endif
