/* See merkle.h. */
#include "store/merkle.h"

#include <stdbool.h>
#include <string.h>

int
merkle_leaf(struct crypto *c, const void *p, size_t len,
    uint8_t out[SHA256_LEN], struct fault *f)
{
	const struct slice v[] = { { "\x00", 1 }, { p, len } };

	return digest_sha256v(c, v, 2, out, f);
}

int
merkle_node(struct crypto *c, const uint8_t left[SHA256_LEN],
    const uint8_t right[SHA256_LEN], uint8_t out[SHA256_LEN], struct fault *f)
{
	const struct slice v[] = { { "\x01", 1 }, { left, SHA256_LEN },
		{ right, SHA256_LEN } };

	return digest_sha256v(c, v, 3, out, f);
}

int
merkle_add(struct merkle *m, struct crypto *c, const uint8_t leaf[SHA256_LEN],
    struct fault *f)
{
	uint8_t hash[SHA256_LEN];
	unsigned level = 0;

	/* a carry, as in counting: equal subtrees join into the next */
	memcpy(hash, leaf, SHA256_LEN);
	for (uint64_t n = m->size; n & 1; n >>= 1, level++)
		if (merkle_node(c, m->edge[level], hash, hash, f) == -1)
			return -1;
	memcpy(m->edge[level], hash, SHA256_LEN);
	m->size++;
	return 0;
}

int
merkle_root(const struct merkle *m, struct crypto *c, uint8_t out[SHA256_LEN],
    struct fault *f)
{
	uint8_t hash[SHA256_LEN];
	int found = 0;

	if (m->size == 0)
		return digest_sha256(c, "", 0, out, f);
	for (unsigned level = 0; m->size >> level != 0; level++) {
		if (!(m->size >> level & 1))
			continue;
		if (!found)
			memcpy(hash, m->edge[level], SHA256_LEN);
		else if (merkle_node(c, m->edge[level], hash, hash, f) == -1)
			return -1;
		found = 1;
	}
	memcpy(out, hash, SHA256_LEN);
	return 0;
}

/* RFC 9162 section 2.1.3.2: fn is where the node stands on its level, sn the
 * last node there. A node without a sister stands in for its parent. */
struct climb {
	uint64_t fn, sn;
};

static void
climb_up(struct climb *at)
{
	at->fn >>= 1;
	at->sn >>= 1;
}

/* Is the next hash of the path to the left? Then fn is moved to the level
 * where that is so. */
static bool
is_left(struct climb *at)
{
	if (!(at->fn & 1) && at->fn != at->sn)
		return false;
	while (!(at->fn & 1) && at->fn != 0)
		climb_up(at);
	return true;
}

int
merkle_inclusion(struct crypto *c, const uint8_t leaf[SHA256_LEN],
    uint64_t index, uint64_t size, const struct merkle_path *path,
    uint8_t root[SHA256_LEN], struct fault *f)
{
	uint8_t hash[SHA256_LEN];
	struct climb at = { index, size - 1 };

	if (index >= size)
		return fault(f, FAULT_INTEGRITY,
		    "the tree of %llu leaves has no number %llu",
		    (unsigned long long)size, (unsigned long long)index);
	memcpy(hash, leaf, SHA256_LEN);
	for (size_t i = 0; i < path->n; i++) {
		bool left;

		if (at.sn == 0)
			return fault(
			    f, FAULT_INTEGRITY, "the path is too long");
		left = is_left(&at);
		if (merkle_node(c, left ? path->hash[i] : hash,
			left ? hash : path->hash[i], hash, f) == -1)
			return -1;
		climb_up(&at);
	}
	if (at.sn != 0)
		return fault(f, FAULT_INTEGRITY, "the path is too short");
	memcpy(root, hash, SHA256_LEN);
	return 0;
}

/* RFC 9162 section 2.1.4.2: both roots out of one path, from hash number
 * `from` on. */
static int
climb_both(struct crypto *c, struct climb at, const struct merkle_path *path,
    size_t from, uint8_t fr[SHA256_LEN], uint8_t sr[SHA256_LEN],
    struct fault *f)
{
	for (size_t i = from; i < path->n; i++) {
		const uint8_t *p = path->hash[i];

		if (at.sn == 0)
			return fault(
			    f, FAULT_INTEGRITY, "the path is too long");
		if (is_left(&at)) {
			if (merkle_node(c, p, fr, fr, f) == -1 ||
			    merkle_node(c, p, sr, sr, f) == -1)
				return -1;
		} else if (merkle_node(c, sr, p, sr, f) == -1) {
			return -1;
		}
		climb_up(&at);
	}
	if (at.sn != 0)
		return fault(f, FAULT_INTEGRITY, "the path is too short");
	return 0;
}

static int
compare_roots(const uint8_t fr[SHA256_LEN], const uint8_t sr[SHA256_LEN],
    const uint8_t first_root[SHA256_LEN], const uint8_t second_root[SHA256_LEN],
    struct fault *f)
{
	if (memcmp(fr, first_root, SHA256_LEN) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "the path does not lead to the root of the shorter log");
	if (memcmp(sr, second_root, SHA256_LEN) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "the path does not lead to the root of the longer log");
	return 0;
}

int
merkle_consistency(struct crypto *c, uint64_t first, uint64_t second,
    const uint8_t first_root[SHA256_LEN], const uint8_t second_root[SHA256_LEN],
    const struct merkle_path *path, struct fault *f)
{
	struct climb at = { first - 1, second - 1 };
	uint8_t fr[SHA256_LEN], sr[SHA256_LEN];
	bool whole = (first & (first - 1)) == 0;

	if (first == 0 || first > second)
		return fault(f, FAULT_INTEGRITY,
		    "a log of %llu leaves is not the beginning of one of %llu",
		    (unsigned long long)first, (unsigned long long)second);
	if (first == second && path->n > 0)
		return fault(f, FAULT_INTEGRITY, "the path is too long");
	if (first == second)
		return compare_roots(
		    first_root, first_root, first_root, second_root, f);
	/* a first tree that is one complete subtree is its own first hash */
	if (!whole && path->n == 0)
		return fault(f, FAULT_INTEGRITY, "the path is too short");
	memcpy(fr, whole ? first_root : path->hash[0], SHA256_LEN);
	memcpy(sr, fr, SHA256_LEN);
	while (at.fn & 1)
		climb_up(&at);
	if (climb_both(c, at, path, whole ? 0 : 1, fr, sr, f) == -1)
		return -1;
	return compare_roots(fr, sr, first_root, second_root, f);
}

int
merkle_path_of(struct crypto *c, uint8_t (*leaves)[SHA256_LEN], uint64_t index,
    uint64_t size, struct merkle_path *path, struct fault *f)
{
	for (path->n = 0; size > 1; size /= 2, index /= 2) {
		memcpy(path->hash[path->n++], leaves[index ^ 1], SHA256_LEN);
		for (uint64_t i = 0; i < size / 2; i++)
			if (merkle_node(c, leaves[2 * i], leaves[2 * i + 1],
				leaves[i], f) == -1)
				return -1;
	}
	return 0;
}
