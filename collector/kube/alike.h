/*
 * Objects that are alike. A controller's pods stand side by side in a list and
 * say the same but for their names; what the last few said need not be read
 * again. Kept are their texts, so that only what is equal is taken for equal.
 */
#ifndef COLLECTOR_KUBE_ALIKE_H
#define COLLECTOR_KUBE_ALIKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define ALIKE_TEXTS 8
#define ALIKE_TEXT_MAX ((size_t)32 * 1024) /* longer ones are not kept */

struct alike { /* all zero at first */
	struct buf text[ALIKE_TEXTS];
	size_t next; /* the oldest */
};

bool alike_seen(const struct alike *a, const struct buf *text);

/* Keep a copy. Where there is no memory for it, it is not kept. */
void alike_add(struct alike *a, const struct buf *text);

void alike_forget(struct alike *a);
void alike_free(struct alike *a);

#endif
