/* See buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

char *
buf_reserve(struct buf *b, size_t len)
{
	size_t want, cap;
	char *p;

	if (b->failed != FAULT_NONE)
		return NULL;
	if (len > b->max || b->len > b->max - len) {
		b->failed = FAULT_LIMIT;
		return NULL;
	}
	want = b->len + len + 1;
	if (want > b->cap) {
		cap = b->cap < 64 ? 64 : b->cap;
		while (cap < want)
			cap *= 2;
		if ((p = realloc(b->p, cap)) == NULL) {
			b->failed = FAULT_IO;
			return NULL;
		}
		b->p = p;
		b->cap = cap;
	}
	return b->p + b->len;
}

void
buf_put(struct buf *b, const void *p, size_t len)
{
	char *to = buf_reserve(b, len);

	if (to == NULL)
		return;
	if (len > 0)
		memcpy(to, p, len);
	b->len += len;
	b->p[b->len] = '\0';
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	if (b->failed != FAULT_NONE || b->cap - b->len < 2 ||
	    b->len >= b->max) {
		buf_put(b, &c, 1); /* which grows, or refuses */
		return;
	}
	b->p[b->len++] = c;
	b->p[b->len] = '\0';
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	char *to;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n >= 0 && (to = buf_reserve(b, (size_t)n)) != NULL) {
		(void)vsnprintf(to, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

int
buf_done(const struct buf *b, const char *what, struct fault *f)
{
	switch (b->failed) {
	case FAULT_NONE:
		return 0;
	case FAULT_LIMIT:
		return fault(
		    f, FAULT_LIMIT, "%s: larger than %zu bytes", what, b->max);
	default:
		return fault_memory(f);
	}
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->failed = FAULT_NONE;
	if (b->p != NULL)
		b->p[0] = '\0';
}

void
buf_free(struct buf *b)
{
	free(b->p);
	b->p = NULL;
	b->len = b->cap = 0;
}

void
buf_wipe(struct buf *b)
{
	if (b->p != NULL)
		OPENSSL_cleanse(b->p, b->cap);
	buf_free(b);
}
