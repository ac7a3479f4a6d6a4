/* A cursor over bytes from outside: a read past the end fails, and sticks. */
#ifndef COLLECTOR_ENDPOINT_BYTES_H
#define COLLECTOR_ENDPOINT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const uint8_t *p;
	size_t len;
	bool failed;
};

/* len bytes from the front, or none and failed. */
static inline struct bytes
bytes_take(struct bytes *b, size_t len)
{
	struct bytes out = { b->p, len, false };

	if (b->failed || len > b->len) {
		b->failed = true;
		return (struct bytes){ NULL, 0, true };
	}
	b->p += len;
	b->len -= len;
	return out;
}

/* A big-endian number of width bytes, at most 4. */
static inline uint32_t
bytes_number(struct bytes *b, size_t width)
{
	struct bytes n = bytes_take(b, width);
	uint32_t v = 0;

	for (size_t i = 0; i < n.len; i++)
		v = v << 8 | n.p[i];
	return v;
}

/* A run of bytes that begins with its length in width bytes. */
static inline struct bytes
bytes_vector(struct bytes *b, size_t width)
{
	size_t len = bytes_number(b, width);

	return bytes_take(b, len);
}

#endif
