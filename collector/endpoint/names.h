/*
 * Numbers of TLS and what they are called: IANA's registries. The tables are
 * also what is offered to a server, in this order.
 */
#ifndef COLLECTOR_ENDPOINT_NAMES_H
#define COLLECTOR_ENDPOINT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_name {
	uint16_t id;
	const char *name; /* NULL ends a table */
};

/* suites.c */
extern const struct tls_name tls_suites[];

/* "TLS Supported Groups" and "TLS SignatureScheme" (RFC 8446, RFC 7919) */
extern const struct tls_name tls_groups[];
extern const struct tls_name tls_signatures[];

/* Newest first: "TLS 1.3" ... "SSL 3.0". */
extern const struct tls_name tls_versions[];

enum {
	SSL_3_0 = 0x0300,
	TLS_1_0 = 0x0301,
	TLS_1_1 = 0x0302,
	TLS_1_2 = 0x0303,
	TLS_1_3 = 0x0304
};

#define TLS_NAME_LEN 64 /* of the longest name, with its NUL */

/* Its name, or its number as "0x1a2b". */
void tls_name_of(
    const struct tls_name *table, uint16_t id, char out[TLS_NAME_LEN]);

/* Suites of TLS 1.3 name no key exchange; the others are for all before. */
bool suite_is_tls13(uint16_t id);

enum key_exchange {
	KX_OTHER,     /* without a key-exchange message that is read */
	KX_DHE,	      /* RFC 5246, 7.4.3 */
	KX_DH_ANON,   /* the same, unsigned */
	KX_ECDHE,     /* RFC 8422, 5.4 */
	KX_ECDH_ANON, /* the same, unsigned */
};

enum key_exchange suite_key_exchange(uint16_t id);

/* "ECDHE_RSA", or "" where the name has none (TLS 1.3). */
void suite_key_exchange_name(uint16_t id, char out[TLS_NAME_LEN]);

/*
 * What a client offers that keeps to approved algorithms: suites of SP 800-52r2
 * with AES and an ephemeral key exchange signed with RSA or ECDSA, the
 * NIST curves and safe-prime groups of SP 800-56A r3, signatures of
 * FIPS 186-5 with SHA-2 but without EdDSA, which few modules have.
 */
bool suite_is_fips(uint16_t id);
bool group_is_fips(uint16_t id);
bool signature_is_fips(uint16_t id);

#endif
