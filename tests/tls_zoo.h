/*
 * TLS servers written down as data: what each supports, in which order, and how
 * it misbehaves. They answer the first flight only, without any cryptography.
 * For the unit test, which asks them in its own process, and for
 * endpoint_server, which puts them on loopback ports.
 */
#ifndef TESTS_TLS_ZOO_H
#define TESTS_TLS_ZOO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZOO_VERSIONS 5 /* TLS 1.3, 1.2, 1.1, 1.0, SSL 3.0 */

/* How it refuses; below 256: an alert. */
enum { ZOO_CLOSE = 256, ZOO_SILENT, ZOO_GARBAGE, ZOO_NOT_OFFERED };

/* Extensions, as bits. */
enum {
	ZOO_NAME = 1,
	ZOO_GROUPS = 2,
	ZOO_SIGNATURES = 4,
	ZOO_SIGNATURES_CERT = 8,
	ZOO_MASTER_SECRET = 16,
	ZOO_STATUS = 32,
	ZOO_RENEGOTIATION = 64
};

struct zoo {
	const char *name;
	/* Supported, in the server's order; end with 0. */
	const uint16_t *suites[ZOO_VERSIONS], *groups;
	/* Of those: chosen, and then not finished. */
	const uint16_t *poison;
	unsigned poison_how;
	/* Of those: only with none of hidden_by in the hello; only with all of
	 * shown_by. */
	const uint16_t *hidden;
	unsigned hidden_by, shown_by;
	uint16_t refuses_with; /* any hello that offers it */
	bool own_order;
	unsigned refusal, refusal_of_version; /* 0: alerts 40 and 70 */
	size_t suites_max, bytes_max, groups_max, suites_max13; /* 0: any */
	unsigned needs; /* extensions without which all is refused */
	unsigned forbids;
	bool needs_share, no_retry; /* TLS 1.3 */
	unsigned answers;	    /* connections, then all is refused */
	/* Of so many connections it refuses the last, whatever they offer. */
	unsigned of_each, refuses_last;
	size_t bytes_from, bytes_to; /* hellos of that length are refused */
	uint16_t always;	     /* suite that it chooses, offered or not */
	bool falls_back; /* answers in an older version than asked */
	/* What is right: 'e' all of it exactly; 'u' unknown, by the areas that
	 * must be in the gaps; 'n' all of it, or unknown: never less. */
	char right;
};

extern const struct zoo zoo[]; /* ends with name NULL */

/*
 * Answer a ClientHello record. Returns the bytes to send, at most size;
 * *closes: and then the connection ends. Nothing, and not closes: silence.
 */
size_t zoo_answer(const struct zoo *z, unsigned nth, const uint8_t *record,
    size_t len, uint8_t *out, size_t size, bool *closes);

/* Can it be negotiated by some client, whatever the shape of its hello? */
bool zoo_accepts(const struct zoo *z, size_t version, uint16_t suite);

#endif
