/*
 * What loading, making, signing and verifying share; sign.h is what others
 * use. Nothing here outlives its crypto, which is borrowed throughout.
 */
#ifndef REPORT_SIGNING_H
#define REPORT_SIGNING_H

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ui.h>
#include <openssl/x509.h>

#include "sign.h"

#define TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

struct signer {
	struct crypto *crypto; /* borrowed */
	OSSL_PROVIDER *extra;  /* owned; serves a URI scheme, or NULL */
	EVP_PKEY *key;	       /* owned; the public half, if it is elsewhere */
	struct signer_remote remote; /* sign is NULL: the key is here */
	X509 *cert;		     /* owned */
	STACK_OF(X509) * chain;	     /* owned; without cert */
};

/* What one URI held. */
struct holding {
	EVP_PKEY *key;		     /* owned; the first private key, or NULL */
	struct signer_remote remote; /* owned; the key's, if it is elsewhere */
	STACK_OF(X509) * certs;	     /* owned */
};

/* Add a copy bound to our library context. -1: memory, or a damaged one. */
int holding_add(struct holding *h, struct crypto *c, const X509 *cert);

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
	bool once; /* it is not asked twice */
};

/* How many bytes of passphrase, at most size, or -1. */
int question_ask(struct question *q, char *out, size_t size);

/* Why no key came out, where a passphrase may be the cause. */
int question_fault(const struct question *q, struct fault *f);

/* OpenSSL's user interface that asks the question given as its data; the
 * caller destroys it. NULL: memory. */
UI_METHOD *question_ui(void);

/* A URI as it may be shown: RFC 7512 lets a PIN stand in it. */
#define URI_SHOWN 256
void uri_shown(const char *uri, char out[URI_SHOWN]);

/* What a PKCS#12 file holds. */
int load_pkcs12(struct crypto *c, const char *path, struct question *q,
    struct holding *h, struct fault *f);

/* The key that a pkcs11: URI names and its certificate, where an engine of
 * OpenSSL serves the token. */
int load_token(struct crypto *c, const char *uri, struct question *q,
    struct holding *h, struct fault *f);

/* The public key of another one, in our library context; the caller frees.
 * NULL leaves the cause in the queue. */
EVP_PKEY *key_public(struct crypto *c, const EVP_PKEY *from);

#endif
