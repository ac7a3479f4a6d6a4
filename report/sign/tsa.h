/*
 * Time stamps of RFC 3161: somebody else's word that some bytes existed at a
 * time. The token kept is what stock tools verify:
 *
 *   openssl ts -verify -data F -token_in -in F.tst -CAfile tsa.pem
 */
#ifndef REPORT_SIGN_TSA_H
#define REPORT_SIGN_TSA_H

#include "report/sign/sign.h"

#define TSA_RESPONSE_MAX (256 * 1024) /* bytes of an answer, with headers */
#define TSA_URL_MAX 2048
#define TSA_CONNECT_MS 10000
#define TSA_TIME_MS 30000 /* of the whole exchange, unless told otherwise */
#define TSA_POLICY_LEN 128

/*
 * Ask the authority at url (https, or http on a loopback address; nothing is
 * redirected) for a token over exactly these bytes: SHA-384, a random nonce,
 * its certificate included. Appended to token as DER, if the answer was
 * granted and is about this question. Who signed it, tsa_verify() says.
 * FAULT_USAGE: such a URL is not asked; FAULT_REMOTE: not reached or refused;
 * FAULT_FORMAT: not a time-stamp response; FAULT_INTEGRITY: one for another
 * question; FAULT_LIMIT.
 */
MUST_USE int tsa_stamp(struct crypto *c, const char *url, long time_ms,
    const void *p, size_t len, struct buf *token, struct fault *f);

/* Is it a URL that tsa_stamp() would ask? FAULT_USAGE. */
MUST_USE int tsa_url_check(const char *url, struct fault *f);

struct tsa_info {
	int64_t time;		       /* the bytes existed then */
	char policy[TSA_POLICY_LEN];   /* the authority's, as an OID */
	char subject[SIGNER_NAME_LEN]; /* of the authority's certificate */
};

/*
 * Verify a token over exactly these bytes: its signature, that the signer's
 * certificate is for time stamping and nothing else (RFC 3161 section 2.3),
 * and that it led to one of the anchors (PEM; the signer's own will do) at the
 * time stated. Revocation is not looked up. An authority may name its
 * certificate by SHA-1 (RFC 2634); everything else is as for signatures.
 * FAULT_FORMAT, FAULT_INTEGRITY, FAULT_LIMIT as in signature_verify().
 * FAULT_USAGE: the anchors are none. anchors_pem NULL: only the mathematics.
 */
MUST_USE int tsa_verify(struct crypto *c, const void *p, size_t len,
    const void *token, size_t token_len, const void *anchors_pem,
    size_t anchors_len, struct tsa_info *out, struct fault *f);

#endif
