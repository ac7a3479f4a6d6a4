/*
 * A server that answers as the bytes say, before the sieve: the first chooses
 * how many items there are and in which shapes they fit, each further one is an
 * answer. Whatever the answers, it comes to an end, offers only what it was
 * given, and what it calls accepted was chosen.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "collector/endpoint/tls_sieve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ITEMS 40
#define FAMILIES 3

static void
begin(struct sieve *s, uint8_t first)
{
	sieve_init(s);
	s->nshapes = 4;
	for (size_t i = 0; i < s->nshapes; i++)
		s->shapes[i] = (struct sieve_shape){ (uint8_t)(1u << (i % 3)),
			(uint16_t)(5 + 10 * i) };
	s->elsewhere = (first & 1) != 0;
	s->columns = (first & 2) != 0;
	s->control_all = (first & 4) != 0;
	s->likely = first >> 4;
	for (uint16_t i = 0; i < ITEMS; i++)
		sieve_add(s, (uint16_t)(0x100 + i), (uint8_t)(i % FAMILIES),
		    i % 7 == 0);
}

/* The answer to a hello; chosen: items that were chosen so far. */
static void
answer(struct sieve *s, const struct sieve_hello *h, uint8_t how,
    uint8_t chosen[ITEMS])
{
	static const unsigned refusals[] = { 40, 70, 80, REFUSAL_CLOSED,
		REFUSAL_SILENT, REFUSAL_BROKEN, REFUSAL_OTHER_VERSION,
		REFUSAL_UNOFFERED };

	if (how < 128 || h->n == 0) {
		sieve_refused(s, refusals[how % 8]);
		return;
	}
	if (how == 255) { /* what was not offered */
		(void)sieve_chose(s, 0x99);
		return;
	}
	uint16_t id = h->ids[(size_t)(how - 128) % h->n];

	chosen[id - 0x100] = 1;
	(void)sieve_chose(s, id);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t chosen[ITEMS] = { 0 };
	struct sieve_hello h;
	struct sieve s;
	size_t n = 0;

	if (size < 2)
		return 0;
	begin(&s, data[0]);
	while (sieve_next(&s, &h)) {
		assert(h.n <= ITEMS && h.shape < s.nshapes);
		for (size_t i = 0; i < h.n; i++)
			assert(h.ids[i] >= 0x100 && h.ids[i] < 0x100 + ITEMS);
		answer(&s, &h, data[1 + n % (size - 1)], chosen);
		n++;
		assert(n <= SIEVE_HELLOS_MAX);
	}
	for (size_t i = 0; i < ITEMS; i++)
		assert(s.items[i].fate != FATE_ACCEPTED || chosen[i]);
	return 0;
}
