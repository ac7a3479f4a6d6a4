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
	NEEDLES
};

extern const struct needle needle_texts[NEEDLES];

/* What was seen of one file. */
struct needles {
	const char *name; /* of the file, without folders; borrowed */
	uint64_t seen;	  /* bit per needle_id that was read well */
	bool builds;	  /* look for builds "1.2.3-0123456789abcdef" too */
	char openssl[MODULE_TEXT_MAX], compat[MODULE_TEXT_MAX],
	    awslc[MODULE_TEXT_MAX], gcrypt[MODULE_TEXT_MAX],
	    gnutls[MODULE_TEXT_MAX], nss[MODULE_TEXT_MAX],
	    wolfcrypt[MODULE_TEXT_MAX], mbed[MODULE_TEXT_MAX],
	    libressl[MODULE_TEXT_MAX], ring[MODULE_TEXT_MAX];
	bool awslc_fips;
	struct module_found provider; /* name, version, build */
	struct module_found build;    /* name and version */
};

void needles_begin(struct needles *n, const char *name);

/* A hit of scan.h. */
void needles_note(struct needles *n, enum needle_id id, const char *window,
    size_t at, size_t end);

/* Look for builds in these bytes, which stand alone: at most the file's first
 * megabytes. */
void needles_builds(struct needles *n, const char *p, size_t len);

/* soname: of the file, or ""; links as in struct recognised. provides: it
 * exports OSSL_provider_init. */
void needles_settle(struct needles *n, const char *soname, uint64_t links,
    bool provides, struct recognised *out);

#endif
