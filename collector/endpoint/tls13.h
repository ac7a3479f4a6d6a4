/*
 * One TLS 1.3 handshake through OpenSSL's libssl, as far as the server's
 * CertificateVerify: what comes after ServerHello is encrypted, so here keys
 * must really be agreed. libssl decrypts; answer_take_message() reads.
 */
#ifndef COLLECTOR_ENDPOINT_TLS13_H
#define COLLECTOR_ENDPOINT_TLS13_H

#include <openssl/ssl.h>

#include "base/digest.h"
#include "collector/endpoint/tls_read.h"

struct tls13 {
	SSL *ssl;	       /* owned; NULL between handshakes */
	BIO *in, *out;	       /* borrowed from ssl */
	struct answer *answer; /* borrowed */
};

/* Anything goes and nothing is trusted: this looks, it does not talk. The
 * caller frees. NULL with a fault. */
MUST_USE SSL_CTX *tls13_context(const struct crypto *c, struct fault *f);

/* Can the linked library ask for this signature scheme? */
bool tls13_knows(uint16_t signature);

/* Begin one. signatures: those offered; alpn ends with NULL or is NULL. -1:
 * the library refuses (no fault: the answer is ANSWER_BROKEN). */
int tls13_begin(struct tls13 *h, SSL_CTX *ctx, const char *server_name,
    const uint16_t *signatures, size_t n, const char *const *alpn,
    struct answer *a);

/* Take what came (nothing at first); what is to be sent goes to reply. true:
 * all is known that will be. */
bool tls13_take(
    struct tls13 *h, const uint8_t *p, size_t len, struct buf *reply);

void tls13_end(struct tls13 *h);

#endif
