/* ClientHellos, made by hand so that they can ask for what no current library
 * still speaks. RFC 8446 4.1.2, RFC 5246 7.4.1.2, RFC 6101 5.6.1.2. */
#ifndef COLLECTOR_ENDPOINT_HELLO_H
#define COLLECTOR_ENDPOINT_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define HELLO_MAX 16384 /* bytes of one record with its header */

struct hello {		  /* all borrowed */
	uint16_t version; /* asked for: 0x0300 ... 0x0304 */
	uint16_t also;	  /* with version 0x0304: a second, older one; or 0 */
	const uint16_t *suites, *groups, *signatures;
	size_t nsuites, ngroups, nsignatures; /* none: not sent */
	const char *server_name;	      /* NULL: not sent */
	const char *const *alpn; /* ends with NULL; NULL: not sent */
	bool compression;	 /* offer DEFLATE too */
	/* TLS 1.3: send key shares for P-256 and X25519 if they are among the
	 * groups. Without, the server names its group in a HelloRetryRequest
	 * and nobody computes anything. */
	bool shares;
	bool fallback; /* TLS_FALLBACK_SCSV, RFC 7507 */
};

/*
 * Append the record. The same hello gives the same bytes: the random value is
 * fixed and so are the key shares (both curves' base points), because no
 * key ever comes of them.
 */
int hello_encode(const struct hello *h, struct buf *out, struct fault *f);

#endif
