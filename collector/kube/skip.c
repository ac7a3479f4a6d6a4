/* See skip.h. Finding strings without a branch a byte: Langdale and Lemire,
 * "Parsing Gigabytes of JSON per Second" (2019), section 3.1. */
#include "collector/kube/skip.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 64

struct block { /* a bit for each byte, the lowest for the first */
	uint64_t quote, backslash, open, close;
};

/* '{' and '[' differ in one bit, and so do '}' and ']'. */
#define CASE 0x20

#ifdef __SSE2__
#define LANES (BLOCK / 16)

static inline uint64_t
equal(__m128i v, char c)
{
	return (uint64_t)(uint32_t)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(v, _mm_set1_epi8(c)));
}

static inline uint64_t
equal_all(const __m128i v[LANES], char c)
{
	return equal(v[0], c) | equal(v[1], c) << 16 | equal(v[2], c) << 32 |
	       equal(v[3], c) << 48;
}

static inline struct block
look(const char *p)
{
	const __m128i bit = _mm_set1_epi8(CASE);
	__m128i v[LANES], w[LANES];

	for (int i = 0; i < LANES; i++) {
		v[i] = _mm_loadu_si128((const void *)(p + 16 * i));
		w[i] = _mm_or_si128(v[i], bit);
	}
	return (struct block){ equal_all(v, '"'), equal_all(v, '\\'),
		equal_all(w, '{'), equal_all(w, '}') };
}
#else
static struct block
look(const char *p)
{
	struct block b = { 0 };

	for (int i = 0; i < BLOCK; i++) {
		b.quote |= (uint64_t)(p[i] == '"') << i;
		b.backslash |= (uint64_t)(p[i] == '\\') << i;
		b.open |= (uint64_t)((p[i] | CASE) == '{') << i;
		b.close |= (uint64_t)((p[i] | CASE) == '}') << i;
	}
	return b;
}
#endif

/* The bytes behind an odd number of backslashes. */
static uint64_t
escaped(uint64_t backslash, uint64_t *carry)
{
	static const uint64_t even = 0x5555555555555555;
	uint64_t follows, odd, sum;

	if (backslash == 0) {
		follows = *carry;
		*carry = 0;
		return follows;
	}
	backslash &= ~*carry;
	follows = backslash << 1 | *carry;
	odd = backslash & ~even & ~follows;
	*carry = (uint64_t)__builtin_add_overflow(odd, backslash, &sum);
	return (even ^ sum << 1) & follows;
}

/* A bit is set where an odd number of bits up to it are: inside strings. */
static uint64_t
between(uint64_t quotes)
{
	for (int i = 1; i < BLOCK; i *= 2)
		quotes ^= quotes << i;
	return quotes;
}

/* Bracket after bracket. Returns how many bytes belong; BLOCK: all. */
static size_t
count(struct skip *s, const struct block *b, int depth_max)
{
	for (uint64_t left = b->open | b->close; left != 0; left &= left - 1) {
		uint64_t bit = left & -left;
		size_t at = (size_t)__builtin_ctzll(left);

		if ((b->close & bit) != 0 && --s->depth == 0)
			return at + 1;
		if ((b->open & bit) != 0 && ++s->depth > depth_max)
			return at;
	}
	return BLOCK;
}

/* How many bits are set; without an instruction for it the compiler calls. */
static int
bits(uint64_t x)
{
	x -= x >> 1 & 0x5555555555555555;
	x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
	x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (int)(x * 0x0101010101010101 >> 56);
}

static size_t
step_over(struct skip *s, const char *p, int depth_max)
{
	struct block b = look(p);
	int opens, closes;

	s->in ^= between(b.quote & ~escaped(b.backslash, &s->esc));
	b.open &= ~s->in;
	b.close &= ~s->in;
	s->in = 0 - (s->in >> (BLOCK - 1)); /* what the last byte is in */
	opens = bits(b.open);
	closes = bits(b.close);
	if (s->depth <= closes || s->depth + opens > depth_max)
		return count(s, &b, depth_max);
	s->depth += opens - closes;
	return BLOCK;
}

size_t
skip_nested(struct skip *s, const char *p, size_t len, int depth_max)
{
	char last[BLOCK];
	size_t at = 0, used;
	uint64_t esc;

	for (; len - at >= BLOCK; at += BLOCK) {
		used = step_over(s, p + at, depth_max);
		if (s->depth == 0 || s->depth > depth_max)
			return at + used;
	}
	if (at == len)
		return len;
	(void)memset(last, ' ', sizeof(last));
	(void)memcpy(last, p + at, len - at);
	/* what escapes a blank behind the piece escapes the next one's first */
	esc = s->esc;
	used = step_over(s, last, depth_max);
	if (s->depth == 0 || s->depth > depth_max)
		return at + used;
	for (s->esc = esc; at < len; at++)
		s->esc = p[at] == '\\' && s->esc == 0;
	return len;
}

size_t
skip_plain(const char *p, size_t len)
{
	size_t i = 0;

#ifdef __SSE2__
	for (; len - i >= 16; i += 16) {
		__m128i v = _mm_loadu_si128((const void *)(p + i));
		uint64_t found = equal(v, '"') | equal(v, '\\');

		if (found != 0)
			return i + (size_t)__builtin_ctzll(found);
	}
#endif
	while (i < len && p[i] != '"' && p[i] != '\\')
		i++;
	return i;
}
