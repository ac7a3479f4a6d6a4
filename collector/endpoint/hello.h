/* ClientHellos, made by hand so that they can ask for what no current library
 * still speaks. RFC 8446 4.1.2, RFC 5246 7.4.1.2, RFC 6101 5.6.1.2. */
#ifndef COLLECTOR_ENDPOINT_HELLO_H
#define COLLECTOR_ENDPOINT_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define SHARES_MAX 12	/* key shares in one hello */
#define HELLO_MAX 16384 /* bytes of one record with its header */

/* Extensions that are left out. */
enum hello_without {
	WITHOUT_NAME = 1,
	WITHOUT_STATUS = 2,
	WITHOUT_GROUPS = 4,
	WITHOUT_SIGNATURES = 8,
	WITHOUT_SIGNATURES_CERT = 16,
	WITHOUT_ENCRYPT_THEN_MAC = 32,
	WITHOUT_MASTER_SECRET = 64,
	WITHOUT_TICKET = 128,
	WITHOUT_RENEGOTIATION = 256,
	WITHOUT_ALL = 511 /* no extensions at all, before TLS 1.3 */
};

struct hello {		  /* all borrowed */
	uint16_t version; /* asked for: 0x0300 ... 0x0304 */
	uint16_t also;	  /* with version 0x0304: a second, older one; or 0 */
	const uint16_t *suites, *groups, *signatures;
	size_t nsuites, ngroups, nsignatures; /* none: not sent */
	const char *server_name;	      /* NULL: not sent */
	const char *const *alpn; /* ends with NULL; NULL: not sent */
	bool compression;	 /* offer DEFLATE too */
	unsigned without;	 /* bits of enum hello_without */
	bool older; /* TLS 1.3: with the extensions of older versions too */
	/* TLS 1.3: send a key share for each of the groups that hello.c knows
	 * one for, at most SHARES_MAX. Without, the server names its group in a
	 * HelloRetryRequest and nobody computes anything. */
	bool shares;
	bool fallback; /* TLS_FALLBACK_SCSV, RFC 7507 */
};

/*
 * Append the record. The same hello gives the same bytes: the random value is
 * fixed and so are the key shares (base points of the curves, 4 as a public
 * value of a prime field, an ML-KEM key of zeros), because no key ever comes of
 * them.
 */
MUST_USE int hello_encode(
    const struct hello *h, struct buf *out, struct fault *f);

/* Append the fixed public value for a group that one is known for. */
void hello_share(uint16_t group, struct buf *out);

#endif
