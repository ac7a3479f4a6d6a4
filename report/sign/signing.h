/*
 * What loading, making, signing and verifying share; sign.h is what others
 * use. Nothing here outlives its crypto, which is borrowed throughout.
 */
#ifndef REPORT_SIGN_SIGNING_H
#define REPORT_SIGN_SIGNING_H

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/ui.h>
#include <openssl/x509.h>

#include "report/sign/sign.h"
#include "report/sign/tsa.h"

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

/*
 * May it sign documents, by its extended key usage (RFC 5280 4.2.1.12)? None,
 * any, e-mail protection or document signing (RFC 9336); not one for TLS
 * servers or clients, code or time stamps alone. Of a CA: may those it issues?
 */
bool certificate_for_documents(const X509 *cert);

/* The digest of this NID among those accepted, or NULL. */
const struct digest *digest_of(int nid);

/* "ECDSA P-384", or a fault of this kind that says why who's key is refused. */
MUST_USE int key_describe(const EVP_PKEY *key, char out[32],
    enum fault_kind kind, const char *whose, struct fault *f);

/* A name in RFC 4514 order, made safe to print. */
MUST_USE int name_text(
    const X509_NAME *name, char out[SIGNER_NAME_LEN], struct fault *f);

/* Seconds since 1970. FAULT_FORMAT. */
MUST_USE int time_of(const ASN1_TIME *t, int64_t *out, struct fault *f);

/* Everything struct signer_info holds; kind as for key_describe(). */
MUST_USE int certificate_describe(struct crypto *c, X509 *cert,
    struct signer_info *out, enum fault_kind kind, struct fault *f);

/* A copy bound to our library context; the caller frees. NULL: memory. */
X509 *certificate_rebind(struct crypto *c, const X509 *from);

/* FAULT_USAGE: the certificate does not hold then. */
MUST_USE int signer_holds(
    const struct signer *s, int64_t when, struct fault *f);

/* The NID of the digest it signs with. */
int signer_digest(const struct signer *s);

/* Append the signature over these bytes, with that digest: ECDSA in DER, RSA by
 * PKCS#1 v1.5. One from elsewhere is not verified here. */
MUST_USE int signer_sign(const struct signer *s, const void *p, size_t len,
    struct buf *sig, struct fault *f);

/* Who signed, if the certificate may sign reports. FAULT_INTEGRITY. */
MUST_USE int signature_describe(
    struct crypto *c, X509 *cert, struct signature_info *out, struct fault *f);

/* Whether it is trusted at this time, which somebody else than the signer
 * says (proven) or not: trusted and what follows it in out. */
MUST_USE int signature_trust(struct crypto *c, X509 *cert,
    STACK_OF(X509) * certs, const struct signature_rules *rules, int64_t at,
    bool proven, struct signature_info *out, struct fault *f);

/* One SignedData under verification. */
struct signed_data {
	struct crypto *crypto;	     /* borrowed */
	CMS_ContentInfo *cms;	     /* owned */
	STACK_OF(X509) * certs;	     /* owned; what the CMS brought along */
	CMS_SignerInfo *si;	     /* borrowed from cms */
	X509 *signer;		     /* borrowed from certs */
	const struct digest *digest; /* of the attributes and the content */
	char algorithm[32];	     /* of the signer's key */
	int type;		     /* NID of what was signed */
};

/* Free it all, in whatever state. */
void signed_free(struct signed_data *v);

/* One CMS with nothing behind it. FAULT_FORMAT, FAULT_LIMIT. */
MUST_USE int signed_decode(
    struct signed_data *v, const void *der, size_t len, struct fault *f);

/* One encoding for one signature: no second form, and no hidden bytes between
 * the fields. FAULT_FORMAT. */
MUST_USE int signed_is_der(
    const struct signed_data *v, const void *der, size_t len, struct fault *f);

/* By one signer, over content of this type (a NID). FAULT_FORMAT. */
MUST_USE int signed_shape(struct signed_data *v, int type, struct fault *f);

/*
 * Its certificate is in it and the one that was signed with, its algorithms
 * are accepted, and it signed exactly these bytes. FAULT_INTEGRITY.
 */
MUST_USE int signed_check(
    struct signed_data *v, const void *p, size_t len, struct fault *f);

/* The only value of a signed attribute that may stand there once; borrowed.
 * NULL: absent, repeated, or of another type. */
const void *signed_value(const struct signed_data *v, int nid, int type);

/* The digest of some bytes by the name of its NID; its length, or -1. */
int digest_by(struct crypto *c, int nid, const void *p, size_t len,
    unsigned char out[EVP_MAX_MD_SIZE]);

/* Revocation lists, several in PEM or one in DER; free with crls_free().
 * FAULT_USAGE: none, or damaged; FAULT_LIMIT. */
STACK_OF(X509_CRL) *
    crls_read(struct crypto *c, const struct slice *s, struct fault *f);
void crls_free(STACK_OF(X509_CRL) * crls);

/* Whether, at a time, a certificate leads to one that is trusted. */
struct chain {
	struct crypto *crypto;
	struct slice anchors; /* PEM */
	struct slice crls;    /* PEM or one in DER; p NULL: none */
	int64_t at;
	bool proven;	   /* that at was the time, somebody else says */
	bool needs_crls;   /* with crls: each certificate must have one */
	bool stamping;	   /* for a time-stamp authority */
	const char *whose; /* "the signer" */
	/* found */
	char anchor[SIGNER_NAME_LEN]; /* subject of the certificate trusted */
	int64_t until;		      /* the first end of those below it */
	bool looked_up;		      /* none of those is revoked */
};
MUST_USE int chain_check(
    struct chain *k, X509 *leaf, STACK_OF(X509) * certs, struct fault *f);

/* Verify a time stamp over these bytes; anchors.p NULL: only the mathematics.
 * As tsa_verify(). */
MUST_USE int stamp_verify(struct crypto *c, const struct slice *bytes,
    const struct slice *token, const struct signature_rules *rules,
    struct tsa_info *out, struct fault *f);

/* The token in the signature's unsigned attributes: 1, borrowed, or 0; -1:
 * several, or not one. */
MUST_USE int stamp_find(
    const struct signed_data *v, struct slice *token, struct fault *f);

/* Append what a memory BIO holds. */
MUST_USE int bio_to_buf(
    BIO *bio, struct buf *out, const char *what, struct fault *f);

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
/* What a PKCS#12 file holds. */
MUST_USE int load_pkcs12(struct crypto *c, const char *path, struct question *q,
    struct holding *h, struct fault *f);

/* The key that a pkcs11: URI names and its certificate, where an engine of
 * OpenSSL serves the token. */
MUST_USE int load_token(struct crypto *c, const char *uri, struct question *q,
    struct holding *h, struct fault *f);

#define TOKEN_PATH_MAX 1024
#define TOKEN_URI_MAX 2048
/*
 * A URI without its attribute module-path (RFC 7512 section 2.4), which goes to
 * module or leaves it empty: the engine is told it in another way. A module is
 * code that runs here; one who can choose the URI could choose any key, too.
 * false: too long, or badly encoded.
 */
bool token_uri(
    const char *uri, char rest[TOKEN_URI_MAX], char module[TOKEN_PATH_MAX]);

#endif
