/* See alike.h. */
#include "collector/kube/alike.h"

#include <string.h>

bool
alike_seen(const struct alike *a, const struct buf *text)
{
	for (size_t i = 0; text->len > 0 && i < ALIKE_TEXTS; i++)
		if (a->text[i].len == text->len &&
		    memcmp(a->text[i].p, text->p, text->len) == 0)
			return true;
	return false;
}

void
alike_add(struct alike *a, const struct buf *text)
{
	struct buf *to = &a->text[a->next];

	buf_reset(to);
	to->max = ALIKE_TEXT_MAX;
	buf_put(to, text->p, text->len); /* whole or not at all */
	a->next = (a->next + 1) % ALIKE_TEXTS;
}

void
alike_forget(struct alike *a)
{
	for (size_t i = 0; i < ALIKE_TEXTS; i++)
		buf_reset(&a->text[i]);
}

void
alike_free(struct alike *a)
{
	for (size_t i = 0; i < ALIKE_TEXTS; i++)
		buf_free(&a->text[i]);
}
