/*
 * Detached signatures that stock tools verify: CMS (RFC 5652) with the signed
 * attributes of CAdES-BES (ETSI EN 319 122-1, RFC 5126), over exactly the
 * bytes given.
 *
 *   openssl cms -verify -binary -cades -purpose any -inform DER -in F.p7s \
 *       -content F -CAfile cert.pem -out /dev/null
 *
 * Every key, digest and signature goes through the library context and the
 * property query of the struct crypto given: with fips set, through a FIPS
 * provider or nowhere. Nothing here reads the clock, the terminal or the
 * environment; times are seconds since 1970, UTC.
 *
 * Accepted, for signing and for verifying: ECDSA on P-256, P-384 and P-521,
 * RSA of 2048 bits and more (PKCS#1 v1.5 or PSS), with SHA-256, SHA-384 or
 * SHA-512. Signing uses SHA-384. EdDSA is left out: the FIPS modules in use
 * do not offer it as an approved service.
 */
#ifndef REPORT_SIGN_SIGN_H
#define REPORT_SIGN_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"

#define SIGNATURE_MAX (1024 * 1024) /* bytes of one CMS */
#define CRLS_BYTES_MAX (16 * 1024 * 1024)
#define ANCHORS_MAX (4 * 1024 * 1024) /* bytes of PEM trust anchors */
#define SIGNER_FILE_MAX (1024 * 1024) /* bytes of a key or certificate file */
#define SIGNER_OBJECTS_MAX 64	      /* keys, certificates … in one store */
#define SIGNER_CHAIN_MAX 8	   /* certificates between signer and anchor */
#define SIGNER_SIGNATURE_MAX 2048  /* bytes; RSA of 16384 bits */
#define SIGNER_PASSPHRASE_MAX 1024 /* bytes */
#define SIGNER_COMMON_NAME_MAX 39  /* characters; RFC 5280 has 64, see below */
#define SIGNER_DAYS_MAX 3660	   /* of a generated certificate */
#define SIGNER_NAME_LEN 2048	   /* bytes of a printed name, with its NUL */

/* A private key with its certificate and, if any, the chain above it. */
struct signer;

/*
 * Where passphrases come from. ask() is told which key it is for (a URI
 * without its PIN), writes at most size bytes to out (no NUL needed) and
 * returns how many, or -1 when there is none. The bytes are wiped after use.
 */
struct signer_passphrase {
	int (*ask)(void *ctx, const char *what, char *out, size_t size);
	void *ctx; /* borrowed */
};

/*
 * A private key that does not leave where it is: a token, a key service. It is
 * asked for the signature over a digest, which is appended to sig: ECDSA in
 * DER (RFC 3279 2.2.3), RSA by PKCS#1 v1.5 (RFC 8017 8.2).
 */
struct signer_remote {
	int (*sign)(void *ctx, const uint8_t *digest, size_t len,
	    struct buf *sig, struct fault *f);
	void (*free)(void *ctx); /* may be NULL */
	void *ctx;
	int digest; /* the only NID it takes (SHA-256, -512); 0: SHA-384 */
	const char *where; /* static: "a PKCS#11 token" */
};

/* What a certificate says, made safe to print. */
struct signer_info {
	char subject[SIGNER_NAME_LEN]; /* RFC 4514 order and escapes, UTF-8 */
	char issuer[SIGNER_NAME_LEN];
	char serial[64];	       /* lower-case hex */
	char fingerprint[SHA256_HEX];  /* SHA-256 of the DER, lower-case hex */
	char algorithm[32];	       /* "ECDSA P-384", "RSA 3072" */
	int64_t not_before, not_after; /* both included */
	bool self_signed;
};

/*
 * Load a private key: a path or file: URI (PEM or DER, PKCS#8 encrypted or
 * not, SEC 1, PKCS#1), by OSSL_STORE; PKCS#12 with its certificates; or pkcs11:
 * (RFC 7512), by a provider of that name or else by the engine, whose module
 * may be named by ?module-path=. cert_uri NULL:
 * the certificates are in the same place. The certificate of the key signs;
 * the others found are its chain and go into each signature. A relative path
 * with a colon before any slash needs a ./ before it.
 *
 * Refused are PEM keys encrypted in the way of RFC 1421 (OpenSSL makes their
 * key with MD5). With fips set, use PKCS#8: no FIPS provider has the key
 * derivation of PKCS#12's MAC.
 *
 * c is borrowed and must outlive the signer. pass may be NULL and is not kept.
 * The caller frees. NULL with FAULT_ABSENT or FAULT_DENIED (no such file, may
 * not be read, passphrase wrong or missing), FAULT_FORMAT (damaged),
 * FAULT_LIMIT, or FAULT_USAGE: no key, a certificate of another key, a key
 * that is too weak or of another kind, or a key usage (RFC 5280 4.2.1.3)
 * without digitalSignature.
 */
MUST_USE struct signer *signer_load(struct crypto *c, const char *key_uri,
    const char *cert_uri, const struct signer_passphrase *pass,
    struct fault *f);
void signer_free(struct signer *s);

/* Where the key is, if it is elsewhere: static; or NULL: in this program. */
const char *signer_where(const struct signer *s);

/*
 * A signer whose key is elsewhere; spki is its public key as DER (RFC 5280
 * SubjectPublicKeyInfo), cert_uri where its certificate and chain are. Every
 * signature it gives is verified before it is used. Owns remote->ctx from the
 * call on, whatever comes of it. NULL as signer_load(), and FAULT_FORMAT: not
 * a public key.
 */
MUST_USE struct signer *signer_new_remote(struct crypto *c,
    const struct signer_remote *remote, const void *spki, size_t len,
    const char *cert_uri, const struct signer_passphrase *pass,
    struct fault *f);

/* Append the signer's certificate as PEM, without its chain. */
MUST_USE int signer_certificate(
    const struct signer *s, struct buf *pem, struct fault *f);

/* out is written on success only. FAULT_FORMAT: a certificate that breaks
 * RFC 5280 (a serial number above 20 octets, an unreadable time). */
MUST_USE int signer_describe(
    const struct signer *s, struct signer_info *out, struct fault *f);

/* The same of the first certificate in PEM. FAULT_FORMAT: it holds none. */
MUST_USE int certificate_info(struct crypto *c, const void *pem, size_t len,
    struct signer_info *out, struct fault *f);

/*
 * Make an EC P-384 key and a self-signed X.509 v3 certificate (RFC 5280) for
 * "<common_name> (self-signed by exhibit)": not a CA, key usage
 * digitalSignature and nonRepudiation, random 128-bit serial number, SHA-384,
 * valid for days (1..SIGNER_DAYS_MAX) from not_before. common_name is UTF-8
 * of 1..SIGNER_COMMON_NAME_MAX characters: X.520 ends a common name at 64.
 *
 * key_pem receives PKCS#8, encrypted (PBES2: PBKDF2-HMAC-SHA-256, AES-256-CBC;
 * RFC 8018) when pass is given. Both are appended to on success only. Without
 * a passphrase key_pem holds a secret: the caller writes it with mode 0600
 * and wipes it. FAULT_USAGE on a bad name, time or passphrase.
 */
MUST_USE int signer_generate(struct crypto *c, const char *common_name,
    int64_t not_before, int days, const struct signer_passphrase *pass,
    struct buf *key_pem, struct buf *cert_pem, struct fault *f);

/*
 * Append to der a detached CMS over exactly these bytes: SHA-384, contentType,
 * messageDigest, signing-certificate-v2 (RFC 5035), signingTime = when, the
 * signer's certificate and chain. No two signatures are equal, even over equal
 * bytes. FAULT_USAGE: when lies outside the certificate's validity.
 */
MUST_USE int sign_detached(const struct signer *s, const void *p, size_t len,
    int64_t when, struct buf *der, struct fault *f);

/* The time stamp inside of a signature (CAdES-T): it was made by then. */
struct signature_stamp {
	enum {
		STAMP_NONE,
		STAMP_UNTRUSTED, /* nobody said whom to trust: proves nothing */
		STAMP_TRUSTED
	} state;
	int64_t time;
	char subject[SIGNER_NAME_LEN]; /* of the authority's certificate */
	char policy[128];	       /* the authority's, as an OID */
};

/* What a verified signature says. */
struct signature_info {
	char subject[SIGNER_NAME_LEN];
	char issuer[SIGNER_NAME_LEN];
	char serial[64];
	char fingerprint[SHA256_HEX]; /* SHA-256 of the signer's certificate */
	char algorithm[32];	      /* of the key: "ECDSA P-384" */
	char digest[16];	      /* "SHA-384" */
	int64_t signing_time; /* the signer's claim, unless time-stamped */
	struct signature_stamp stamp;
	bool trusted; /* the chain leads to an anchor; so do the next ones: */
	char anchor[SIGNER_NAME_LEN]; /* its subject */
	int64_t until;	/* the chain's first certificate ends then */
	bool expired;	/* before now, and nobody else says it was signed by */
	bool unrevoked; /* revocation was looked up for all of the chain */
};

/* By what a signature is judged; all borrowed. */
struct signature_rules {
	struct slice anchors; /* PEM; p NULL: only the mathematics */
	struct slice crls;    /* PEM, or one in DER; p NULL: not looked up */
	struct slice tsa;     /* anchors of time-stamp authorities, PEM */
	int64_t at;  /* the chain must hold then; 0: at the time proven by a
		      * stamp, or else at the one claimed */
	int64_t now; /* 0: expired is not asked */
};

/*
 * Verify a detached CAdES signature by one signer over exactly these bytes.
 *
 * anchors_pem: certificates the reader trusts, as PEM; the signer's own (self-
 * signed or not) or an intermediate will do. The chain may be for any purpose
 * and must hold at the time `at` (0: see there), with keys and
 * digests of 112 bits of strength and more.
 * anchors_pem NULL: only the mathematics, and out->trusted is false; the
 * caller must then compare the fingerprint with one it trusts.
 *
 * A time stamp in the signature (CAdES-T) must be over it and verify; with
 * rules->tsa also by an authority that leads there. With rules->crls each
 * certificate below the anchor must have a list of its issuer that is current
 * at the time; one revoked by then, or later where only the signer says when
 * he signed, is refused.
 *
 * 0 and *out, which is written on success only, or -1 with
 * FAULT_FORMAT     not one CMS in DER, detached and with one signer, or a
 *                  certificate in it is malformed: nothing can be said of the
 *                  bytes;
 * FAULT_INTEGRITY  other bytes, a signature that does not verify, algorithms
 *                  too weak, no proof of which certificate signed (the
 *                  signing-certificate-v2 attribute), a certificate that may
 *                  not sign, has expired or leads to no anchor: the text says;
 * FAULT_LIMIT      more than SIGNATURE_MAX or ANCHORS_MAX;
 * FAULT_USAGE      the anchors hold no certificate or a damaged one.
 * Other unsigned attributes are not looked at.
 */
MUST_USE int signature_judge(struct crypto *c, const void *p, size_t len,
    const void *der, size_t der_len, const struct signature_rules *rules,
    struct signature_info *out, struct fault *f);

/* The same by anchors and time alone. */
MUST_USE int signature_verify(struct crypto *c, const void *p, size_t len,
    const void *der, size_t der_len, const void *anchors_pem,
    size_t anchors_len, int64_t at, struct signature_info *out,
    struct fault *f);

/* Append the octets that a time stamp of this signature is over. */
MUST_USE int signature_value(struct crypto *c, const void *der, size_t len,
    struct buf *out, struct fault *f);

/* Append the signature with this token in it (CAdES-T), which nobody has
 * looked at yet. FAULT_USAGE: it has one. */
MUST_USE int signature_stamp(struct crypto *c, const void *der, size_t len,
    const void *token, size_t token_len, struct buf *out, struct fault *f);

#endif
