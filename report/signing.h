/*
 * What loading, making, signing and verifying share; sign.h is what others
 * use. Nothing here outlives its crypto, which is borrowed throughout.
 */
#ifndef REPORT_SIGNING_H
#define REPORT_SIGNING_H

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "sign.h"

#define TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

struct signer {
	struct crypto *crypto;	/* borrowed */
	OSSL_PROVIDER *extra;	/* owned; serves a URI scheme, or NULL */
	EVP_PKEY *key;		/* owned */
	X509 *cert;		/* owned */
	STACK_OF(X509) * chain; /* owned; without cert */
};

/* Tell what OpenSSL's error queue says of what, and clear it. Lack of memory,
 * where it says so, is FAULT_IO whatever kind was meant. */
int openssl_fault(struct fault *f, enum fault_kind kind, const char *what);

/* FAULT_INTEGRITY for this reason, unless memory kept us from looking. */
int refused(struct fault *f, const char *why);

struct digest {
	int nid;
	const char *text; /* "SHA-384" */
};

/* The digest of this NID among those accepted, or NULL. */
const struct digest *digest_of(int nid);

/* "ECDSA P-384", or a fault of this kind that says why who's key is refused. */
int key_describe(const EVP_PKEY *key, char out[32], enum fault_kind kind,
    const char *whose, struct fault *f);

/* A name in RFC 4514 order, made safe to print. */
int name_text(
    const X509_NAME *name, char out[SIGNER_NAME_LEN], struct fault *f);

/* Seconds since 1970. FAULT_FORMAT. */
int time_of(const ASN1_TIME *t, int64_t *out, struct fault *f);

/* Everything struct signer_info holds; kind as for key_describe(). */
int certificate_describe(struct crypto *c, X509 *cert, struct signer_info *out,
    enum fault_kind kind, struct fault *f);

/* A copy bound to our library context; the caller frees. NULL: memory. */
X509 *certificate_rebind(struct crypto *c, const X509 *from);

/* Append what a memory BIO holds. */
int bio_to_buf(BIO *bio, struct buf *out, const char *what, struct fault *f);

/* One key's question and what became of it. */
struct question {
	const struct signer_passphrase *pass; /* borrowed; may be NULL */
	const char *what;		      /* borrowed */
	bool asked, answered;
};

/* How many bytes of passphrase, at most size, or -1. */
int question_ask(struct question *q, char *out, size_t size);

#endif
