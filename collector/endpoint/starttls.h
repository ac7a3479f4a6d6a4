/*
 * What is said before TLS begins, by protocol: PostgreSQL's SSLRequest,
 * MySQL's SSLRequest packet, LDAP's StartTLS (RFC 4511 4.14), SMTP's (RFC
 * 3207) and IMAP's (RFC 9051 6.2.1) STARTTLS, RDP's negotiation (MS-RDPBCGR).
 */
#ifndef COLLECTOR_ENDPOINT_STARTTLS_H
#define COLLECTOR_ENDPOINT_STARTTLS_H

#include "base/buf.h"
#include "collector/endpoint/target.h"

#define STARTTLS_MAX 16384 /* bytes before TLS */

enum starttls_state {
	STARTTLS_MORE,	 /* say reply, bring more */
	STARTTLS_READY,	 /* TLS begins; what came behind is left in b->heard */
	STARTTLS_REFUSED /* why says so */
};

struct starttls {
	enum protocol protocol;
	int step;
	struct buf heard;
	const char *why; /* constant text */
};

void starttls_init(struct starttls *s, enum protocol p);
void starttls_free(struct starttls *s);

/* Take what came (nothing at first) and add to reply what is to be said. */
enum starttls_state starttls_take(
    struct starttls *s, const uint8_t *p, size_t len, struct buf *reply);

#endif
