/* See scan.h. */
#include "collector/recognise/scan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 2		   /* bytes that decide how far to step */
#define SHORTEST 7	   /* bytes of the shortest needle */
#define TABLE 4096	   /* steps by a block's hash */
#define WINDOW (64 * 1024) /* new bytes at a time */

struct scan {
	const struct needle *needles;
	size_t n;
	scan_hit *hit;
	void *ctx;
	uint8_t step[TABLE];
	uint8_t first[TABLE]; /* 1 + the needle, where the step is 0 */
	uint8_t next[SCAN_NEEDLES_MAX];
	uint64_t offset; /* of the window in the stream */
	size_t len;	 /* bytes in the window */
	size_t done;	 /* looked at: hits begin behind */
	char window[SCAN_BEFORE + WINDOW + SCAN_AFTER];
};

static inline size_t
hash(const char *p)
{
	uint32_t v = (uint32_t)(uint8_t)p[0] | (uint32_t)(uint8_t)p[1] << 8;

	return (v * 2654435761U) >> 20;
}

struct scan *
scan_new(const struct needle *needles, size_t n, scan_hit *hit, void *ctx)
{
	struct scan *s = calloc(1, sizeof(*s));

	assert(n <= SCAN_NEEDLES_MAX);
	if (s == NULL)
		return NULL;
	s->needles = needles;
	s->n = n;
	s->hit = hit;
	s->ctx = ctx;
	memset(s->step, SHORTEST - BLOCK + 1, sizeof(s->step));
	for (size_t i = 0; i < n; i++) {
		assert(needles[i].len >= SHORTEST);
		for (size_t k = 0; k + BLOCK <= SHORTEST; k++) {
			size_t h = hash(needles[i].text + k);
			uint8_t step = (uint8_t)(SHORTEST - BLOCK - k);

			if (step < s->step[h])
				s->step[h] = step;
			if (step == 0) {
				s->next[i] = s->first[h];
				s->first[h] = (uint8_t)(i + 1);
			}
		}
	}
	return s;
}

void
scan_free(struct scan *s)
{
	free(s);
}

void
scan_begin(struct scan *s)
{
	s->offset = 0;
	s->len = s->done = 0;
}

static void
try_needles(struct scan *s, size_t at)
{
	const char *block = s->window + at + SHORTEST - BLOCK;

	for (size_t i = s->first[hash(block)]; i > 0; i = s->next[i - 1]) {
		const struct needle *n = &s->needles[i - 1];

		if (at + n->len <= s->len &&
		    memcmp(s->window + at, n->text, n->len) == 0)
			s->hit(s->ctx, i - 1, s->window, at, s->len);
	}
}

/* Hits that begin before limit. */
static void
look(struct scan *s, size_t limit)
{
	size_t at = s->done;

	while (at < limit && at + SHORTEST <= s->len) {
		size_t step = s->step[hash(s->window + at + SHORTEST - BLOCK)];

		if (step == 0) {
			try_needles(s, at);
			step = 1;
		}
		at += step;
	}
	s->done = at > s->len ? s->len : at;
}

void
scan_feed(struct scan *s, const char *p, size_t len)
{
	while (len > 0) {
		size_t room = sizeof(s->window) - s->len;
		size_t n = len < room ? len : room, keep;

		memcpy(s->window + s->len, p, n);
		s->len += n;
		p += n;
		len -= n;
		if (s->len < sizeof(s->window))
			return;
		look(s, s->len - SCAN_AFTER);
		keep = s->done > SCAN_BEFORE ? s->done - SCAN_BEFORE : 0;
		memmove(s->window, s->window + keep, s->len - keep);
		s->len -= keep;
		s->done -= keep;
		s->offset += keep;
	}
}

uint64_t
scan_offset(const struct scan *s)
{
	return s->offset;
}

void
scan_end(struct scan *s)
{
	look(s, s->len);
}
