/* Which keys came: 64 bits of each, so that a list of any length that begins
 * anew is noticed in little memory. */
#include <stdlib.h>

#include "collector/aws/engine.h"

#define CAP_FIRST 64

/* FNV-1a (Fowler, Noll, Vo), 64 bits. Two keys that collide make a page look
 * a little less new than it is. */
static uint64_t
hash(const char *s)
{
	uint64_t h = 14695981039346656037U;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211U;
	return h != 0 ? h : 1;
}

static bool
set_hash(struct keyset *k, uint64_t h)
{
	size_t i = (size_t)h & (k->cap - 1);

	for (; k->v[i] != 0; i = (i + 1) & (k->cap - 1))
		if (k->v[i] == h)
			return false;
	k->v[i] = h;
	k->n++;
	return true;
}

static int
grow(struct keyset *k, struct fault *f)
{
	struct keyset more = { .cap = k->cap > 0 ? 2 * k->cap : CAP_FIRST };

	if ((more.v = calloc(more.cap, sizeof(*more.v))) == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < k->cap; i++)
		if (k->v[i] != 0)
			(void)set_hash(&more, k->v[i]);
	free(k->v);
	*k = more;
	return 0;
}

int
keyset_add(struct keyset *k, const char *text, bool *is_new, struct fault *f)
{
	if (2 * (k->n + 1) > k->cap && grow(k, f) == -1)
		return -1;
	*is_new = set_hash(k, hash(text));
	return 0;
}

void
keyset_free(struct keyset *k)
{
	free(k->v);
	*k = (struct keyset){ 0 };
}
