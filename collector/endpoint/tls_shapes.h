/*
 * Shapes of a ClientHello: which extensions it has, how many items of a kind,
 * whose lists and order. Servers and what stands before them refuse hellos for
 * their shape alone, or hide suites and certificates from some; so the shape
 * that an answer belongs to is part of the evidence (column shape).
 */
#ifndef COLLECTOR_ENDPOINT_TLS_SHAPES_H
#define COLLECTOR_ENDPOINT_TLS_SHAPES_H

#include "collector/endpoint/hello.h"
#include "collector/endpoint/tls_sieve.h"

struct tls_shape {
	const char *name; /* stable: it is written into evidence */
	unsigned without; /* bits of enum hello_without */
	bool shares, compression;
	uint16_t suites, groups, signatures; /* at most in one hello */
	/* A client's own lists, which end with 0; NULL: all there are. */
	const uint16_t *order, *group_list, *signature_list;
	/* enum sieve_shape_use: for suites before TLS 1.3, for groups; all of
	 * TLS 1.3's few suites are offered in every shape */
	uint8_t use, groups_use;
};

#define TLS_SHAPES 12

extern const struct tls_shape tls_shapes[TLS_SHAPES];

/* Suites that servers are known to speak most, likely ones first; ends with
 * 0. */
extern const uint16_t tls_likely_suites[];

/* Can a hello of this version have this shape? */
bool tls_shape_fits(const struct tls_shape *s, uint16_t version);

#endif
