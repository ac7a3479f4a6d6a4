/*
 * Detached XML signatures (W3C XML Signature 1.1) for readers who know no CMS.
 *
 *   xmlsec1 --verify --enabled-key-data x509 --trusted-pem ca.pem \
 *       --enabled-reference-uris empty,same-doc,local,remote F.xmldsig
 *
 * from the folder that F is in. --enabled-key-data is needed: xmlsec1 believes
 * any key that stands in the signature otherwise.
 *
 * What is signed is the SHA-384 of exactly the file's bytes, and KeyInfo, so
 * that the certificate cannot be exchanged for another of the same key.
 * SignedInfo is in exclusive canonical form as it is written, and one form
 * only is read: there is nothing to canonicalise, and no XML parser that a
 * signature from outside could deceive.
 */
#ifndef REPORT_SIGN_XMLDSIG_H
#define REPORT_SIGN_XMLDSIG_H

#include "report/sign/sign.h"

#define XMLDSIG_MAX (256 * 1024) /* bytes of one */
#define XMLDSIG_NAME_MAX 255

/*
 * Append the signature over these bytes, of the file of this name beside it:
 * ecdsa-sha384 or rsa-sha384 (RFC 6931). It has no time of its own; when is
 * only for the certificate. FAULT_USAGE: a name with characters other than
 * A-Z a-z 0-9 . _ -, an RSA-PSS key, a certificate that does not hold then.
 */
MUST_USE int xmldsig_sign(const struct signer *s, const char *name,
    const void *p, size_t len, int64_t when, struct buf *out, struct fault *f);

/*
 * Verify one that xmldsig_sign() wrote. The chain must hold at rules->at, or
 * rules->now. Faults as signature_judge(); FAULT_FORMAT: any other form.
 * out->signing_time is 0.
 */
MUST_USE int xmldsig_verify(struct crypto *c, const char *name, const void *p,
    size_t len, const void *sig, size_t sig_len,
    const struct signature_rules *rules, struct signature_info *out,
    struct fault *f);

#endif
