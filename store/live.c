/*
 * A state in memory, advanced run by run: 64 bytes a live subject, whatever the
 * store's age. See tree.c for the shape.
 */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY (2 * SHA256_LEN) /* name, content digest */

struct bucket {
	uint8_t *entries; /* by name */
	size_t n, cap;
	bool dirty; /* since live_settle() */
};

struct live {
	struct crypto *crypto;
	struct bucket bucket[BUCKETS];
	uint8_t node[2 * BUCKETS][SHA256_LEN]; /* 1 is the root, leaves last */
};

struct live *
live_new(struct crypto *c, struct fault *f)
{
	struct live *l = calloc(1, sizeof(*l));

	if (l == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	l->crypto = c;
	for (size_t i = 0; i < BUCKETS; i++)
		l->bucket[i].dirty = true;
	return l;
}

void
live_free(struct live *l)
{
	for (size_t i = 0; l != NULL && i < BUCKETS; i++)
		free(l->bucket[i].entries);
	free(l);
}

/* Where the name is, or would be. */
static size_t
place_of(const struct bucket *b, const uint8_t *name, bool *there)
{
	size_t low = 0, high = b->n;

	*there = false;
	while (low < high && !*there) {
		size_t mid = low + (high - low) / 2;
		int c = memcmp(b->entries + mid * ENTRY, name, SHA256_LEN);

		if (c < 0)
			low = mid + 1;
		else
			high = mid;
		if (c == 0) {
			low = mid;
			*there = true;
		}
	}
	return low;
}

static int
make_room(struct bucket *b, struct fault *f)
{
	size_t cap = b->cap == 0 ? 8 : b->cap * 2;
	uint8_t *p;

	if (b->n < b->cap)
		return 0;
	if ((p = realloc(b->entries, cap * ENTRY)) == NULL)
		return fault_memory(f);
	b->entries = p;
	b->cap = cap;
	return 0;
}

int
live_set(struct live *l, const uint8_t name[SHA256_LEN], const uint8_t *sha256,
    struct fault *f)
{
	struct bucket *b = &l->bucket[bucket_of(name)];
	bool there;
	size_t i = place_of(b, name, &there);
	uint8_t *at;

	b->dirty = true;
	if (!there && sha256 == NULL)
		return 0;
	if (!there && make_room(b, f) == -1)
		return -1;
	at = b->entries + i * ENTRY;
	if (sha256 == NULL) {
		memmove(at, at + ENTRY, (--b->n - i) * ENTRY);
		return 0;
	}
	if (!there) {
		memmove(at + ENTRY, at, (b->n++ - i) * ENTRY);
		memcpy(at, name, SHA256_LEN);
	}
	memcpy(at + SHA256_LEN, sha256, SHA256_LEN);
	return 0;
}

int
live_settle(struct live *l,
    int (*changed)(void *ctx, unsigned bucket, const uint8_t hash[SHA256_LEN],
	struct fault *f),
    void *ctx, struct fault *f)
{
	bool above[2 * BUCKETS] = { false };

	for (unsigned i = 0; i < BUCKETS; i++) {
		struct bucket *b = &l->bucket[i];
		uint8_t *leaf = l->node[BUCKETS + i];

		if (!b->dirty)
			continue;
		if (merkle_leaf(l->crypto,
			b->n > 0 ? (const void *)b->entries : "", b->n * ENTRY,
			leaf, f) == -1 ||
		    changed(ctx, i, leaf, f) == -1)
			return -1;
		b->dirty = false;
		above[(BUCKETS + i) / 2] = true;
	}
	for (size_t i = BUCKETS - 1; i > 0; i--)
		if (above[i]) {
			if (merkle_node(l->crypto, l->node[2 * i],
				l->node[2 * i + 1], l->node[i], f) == -1)
				return -1;
			above[i / 2] = true;
		}
	return 0;
}

const uint8_t *
live_root(const struct live *l)
{
	return l->node[1];
}

int
live_each(const struct live *l,
    int (*leaf)(void *ctx, unsigned bucket, const uint8_t hash[SHA256_LEN],
	struct fault *f),
    void *ctx, struct fault *f)
{
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < BUCKETS; i++)
		rc = leaf(ctx, i, l->node[BUCKETS + i], f);
	return rc;
}
