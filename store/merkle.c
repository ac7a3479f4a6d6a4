/* See merkle.h. */
#include "merkle.h"

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
