/*
 * What a server says before anything is encrypted: records, handshake
 * messages, alerts. RFC 8446 4 and 5, RFC 5246 6 and 7, RFC 8422.
 *
 * Every length is checked before it is used; what is larger or longer than the
 * maxima below ends the reading with a reason that does not vary.
 */
#ifndef COLLECTOR_ENDPOINT_TLS_READ_H
#define COLLECTOR_ENDPOINT_TLS_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define RECORD_MAX (16384 + 2048) /* RFC 5246 6.2.3 */
#define MESSAGE_MAX (128 * 1024)  /* bytes of one handshake message */
#define RECORDS_MAX 512		  /* of one connection */
#define WARNINGS_MAX 8		  /* alerts that are no end */
#define PROTOCOL_NAME_MAX 32	  /* bytes of an ALPN name that is kept */
#define ALERT_CLOSE_NOTIFY 0
#define ALERT_PROTOCOL_VERSION 70
#define ALERT_INAPPROPRIATE_FALLBACK 86

struct server_hello {
	uint16_t version; /* that counts: of supported_versions if there */
	uint16_t suite;
	uint16_t group; /* of key_share, or 0 */
	uint8_t compression;
	bool retry; /* it was a HelloRetryRequest */
	bool master_secret, encrypt_then_mac, ticket, renegotiation;
	char alpn[PROTOCOL_NAME_MAX + 1]; /* "" without */
};

enum answer_kind {
	ANSWER_NONE,	 /* nothing yet */
	ANSWER_ACCEPTED, /* a ServerHello came */
	ANSWER_ALERT,	 /* a fatal alert came first */
	ANSWER_CLOSED,	 /* closed, or close_notify, before any of these */
	ANSWER_SILENT,	 /* the time was over first */
	ANSWER_BROKEN,	 /* not TLS, or past a maximum: why says so */
	ANSWER_NO_LINK	 /* no connection */
};

/* All that one handshake showed. */
struct answer {
	enum answer_kind kind;
	int alert;	 /* description, RFC 8446 6 */
	const char *why; /* constant text */
	struct server_hello hello;
	/* Body of the Certificate message; no bytes: none came. In TLS 1.3's
	 * form if certificate13. */
	struct buf certificate;
	bool certificate13;
	bool stapled;	    /* an OCSP answer came with it */
	uint16_t group;	    /* of key_share or ServerKeyExchange, or 0 */
	uint16_t signature; /* scheme, or 0 */
	bool finite_field;  /* dh_prime and dh_generator came */
	struct buf dh_prime, dh_generator;
	bool whole; /* all was read that comes before the client's turn */
};

void answer_reset(struct answer *a);
void answer_free(struct answer *a);

struct tls_reader {
	struct buf record, messages;
	int records, warnings;
	struct answer *answer; /* borrowed */
};

void tls_reader_init(struct tls_reader *r, struct answer *a);
void tls_reader_free(struct tls_reader *r);

/* Take bytes as they came. true: all is known that will be; see answer. */
bool tls_reader_take(struct tls_reader *r, const uint8_t *p, size_t len);

/*
 * One handshake message without its four bytes of header, from a reader or,
 * decrypted (RFC 8446), from a library. true: nothing more is needed.
 */
bool answer_take_message(
    struct answer *a, int type, const uint8_t *p, size_t len, bool tls13);

/* The body of a ServerHello; -1: malformed. */
int server_hello_read(const uint8_t *p, size_t len, struct server_hello *out);

/*
 * Certificate i of a Certificate message's body, borrowed from it. 1, 0
 * after the last, -1: malformed. *status: true if an OCSP answer is with it
 * (TLS 1.3).
 */
int certificate_at(const uint8_t *p, size_t len, bool tls13, size_t i,
    const uint8_t **der, size_t *der_len, bool *status);

#endif
