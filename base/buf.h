/*
 * A growing run of bytes that is given its maximum at birth.
 *
 * Additions past the maximum or past memory are remembered and told once, by
 * buf_done(): a writer of many small pieces checks once at its end.
 * The bytes are always followed by a NUL that is not counted in len.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

#include "base/fault.h"

struct buf {
	char *p;		/* owned; NULL while empty */
	size_t len;		/* bytes in use */
	size_t cap;		/* bytes allocated */
	size_t max;		/* most bytes it may ever hold */
	enum fault_kind failed; /* sticky: FAULT_LIMIT or FAULT_IO */
};

void buf_put(struct buf *b, const void *p, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Make room for len more bytes and return where they go, or NULL (sticky).
 * The caller adds what it wrote to b->len. */
char *buf_reserve(struct buf *b, size_t len);

/* 0, or -1 with FAULT_LIMIT or FAULT_IO naming what was being built. */
MUST_USE int buf_done(const struct buf *b, const char *what, struct fault *f);

/* Forget the contents, keep the memory. */
void buf_reset(struct buf *b);

void buf_free(struct buf *b);

/* buf_free() of what was secret: the bytes are overwritten first. */
void buf_wipe(struct buf *b);

/* One for what is secret. */
#define SECRET_AUTO(name, limit)                                               \
	__attribute__((cleanup(buf_wipe))) struct buf name = { .max = (limit) }

/* BUF_AUTO(page, 4096) declares a buffer that frees itself. */
#define BUF_AUTO(name, limit)                                                  \
	__attribute__((cleanup(buf_free))) struct buf name = { .max = (limit) }

#endif
