/*
 * The texts by which libraries are known that are linked into a program or
 * are files of their own, and what is read beside each. Which of them was
 * seen is collected while a file passes; needles_settle() then says what the
 * file is, for one text alone seldom does: a program built with OpenSSL's
 * headers holds its version too.
 */
#ifndef COLLECTOR_RECOGNISE_NEEDLES_H
#define COLLECTOR_RECOGNISE_NEEDLES_H

#include "collector/recognise/recognise.h"
#include "collector/recognise/scan.h"

enum needle_id {
	NEEDLE_OPENSSL,	  /* OPENSSL_VERSION_TEXT */
	NEEDLE_COMPAT,	  /* the same of BoringSSL and AWS-LC */
	NEEDLE_AWSLC,	  /* awslc_version_string() */
	NEEDLE_EVP,	  /* source names in OpenSSL's errors */
	NEEDLE_FIPS_TEST, /* bcm.c: power-on test of BoringSSL and AWS-LC */
	NEEDLE_PROVIDER,  /* names of FIPS providers */
	NEEDLE_PROVIDER_MODULE,
	NEEDLE_PROVIDER_CRYPTOGRAPHIC,
	NEEDLE_GCRYPT,
	NEEDLE_GNUTLS,
	NEEDLE_NSS,
	NEEDLE_WOLFCRYPT,
	NEEDLE_WOLFCRYPT_FIPS,
	NEEDLE_MBED,
	NEEDLE_MBED_OLD,
	NEEDLE_LIBRESSL,
	NEEDLE_RING,
	NEEDLE_GO_BORING,
	NEEDLE_GO_BUILD,
	NEEDLE_OPENSSLDIR,  /* OpenSSL_version(OPENSSL_DIR) */
	NEEDLE_MODULESDIR,  /* OpenSSL_version(OPENSSL_MODULES_DIR) */
	NEEDLE_BEARSSL,	    /* names of its functions */
	NEEDLE_BUSYBOX_TLS, /* alerts as busybox's own TLS tells them */
	NEEDLE_MATRIXSSL,
	NEEDLE_RUSTLS, /* paths of Rust's crates in their panics */
	NEEDLE_AWSLC_RS,
	NEEDLE_AWSLC_SYS,
	NEEDLE_AWSLC_FIPS_SYS,
	NEEDLE_RUST_AES,
	NEEDLE_RUST_CHACHA,
	NEEDLE_RUST_SHA2,
	NEEDLE_AES_SBOX, /* tables of FIPS 197, 5.1.1 and 5.3.2 */
	NEEDLE_AES_INVERSE,
	NEEDLE_AES_ROUNDS_LE, /* S-box and MixColumns in one, as words */
	NEEDLE_AES_ROUNDS_BE,
	NEEDLE_CHACHA,	  /* RFC 8439, 2.3 */
	NEEDLE_SHA256_LE, /* FIPS 180-4, 4.2.2 */
	NEEDLE_SHA256_BE,
	NEEDLE_SHA512_LE,
	NEEDLE_RESOLVER,   /* what a C library's resolver reads */
	NEEDLE_SOCKET_X86, /* socket(2) as a system call */
	NEEDLE_SOCKET_ARM,
	NEEDLES
};

extern const struct needle needle_texts[NEEDLES];

/* What was seen of one file. */
struct needles {
	const char *name; /* of the file, without folders; borrowed */
	const char *path; /* of the file; borrowed */
	uint64_t seen;	  /* bit per needle_id that was read well */
	bool builds;	  /* look for builds "1.2.3-0123456789abcdef" too */
	char openssl[MODULE_TEXT_MAX], compat[MODULE_TEXT_MAX],
	    awslc[MODULE_TEXT_MAX], gcrypt[MODULE_TEXT_MAX],
	    gnutls[MODULE_TEXT_MAX], nss[MODULE_TEXT_MAX],
	    wolfcrypt[MODULE_TEXT_MAX], mbed[MODULE_TEXT_MAX],
	    libressl[MODULE_TEXT_MAX], ring[MODULE_TEXT_MAX],
	    awslc_sys[MODULE_TEXT_MAX], directory[MODULE_TEXT_MAX],
	    modules[MODULE_TEXT_MAX];
	bool awslc_fips;
	struct module_found provider; /* name, version, build */
	struct module_found build;    /* name and version */
};

void needles_begin(struct needles *n, const char *name, const char *path);

/* A hit of scan.h. */
void needles_note(struct needles *n, enum needle_id id, const char *window,
    size_t at, size_t end);

/* Look for builds in these bytes, which stand alone: at most the file's first
 * megabytes. */
void needles_builds(struct needles *n, const char *p, size_t len);

/* Was this text in it? */
bool needles_seen(const struct needles *n, enum needle_id id);

/* Does it hold tables of AES or ChaCha20, to encrypt with? */
bool needles_ciphers(const struct needles *n, const char *soname);

/* soname: of the file, or ""; links as in struct recognised. provides: it
 * exports OSSL_provider_init. */
void needles_settle(struct needles *n, const char *soname, uint64_t links,
    bool provides, struct recognised *out);

#endif
