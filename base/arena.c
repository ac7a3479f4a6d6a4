/* See arena.h. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK (64 * 1024)

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *blocks; /* newest first */
	int failed;
};

struct arena *
arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	for (struct block *b = a->blocks, *next; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

void *
arena_alloc(struct arena *a, size_t len)
{
	size_t want =
	    (len + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct block *b = a->blocks;
	void *p;

	if (a->failed || want < len)
		return NULL;
	if (b == NULL || b->size - b->used < want) {
		size_t size = want > BLOCK ? want : BLOCK;

		if ((b = calloc(1, sizeof(*b) + size)) == NULL) {
			a->failed = 1;
			return NULL;
		}
		b->size = size;
		b->next = a->blocks;
		a->blocks = b;
	}
	p = b->bytes + b->used;
	b->used += want;
	return p;
}

char *
arena_str(struct arena *a, const char *s)
{
	size_t len;
	char *p;

	if (s == NULL)
		return NULL;
	len = strlen(s) + 1;
	if ((p = arena_alloc(a, len)) != NULL)
		memcpy(p, s, len);
	return p;
}

int
arena_failed(const struct arena *a)
{
	return a->failed;
}
