/*
 * Verifying what exhibit wrote: a store, a report, a proof, a package; step by
 * step. What each step finds is handed to a listener as it goes; nothing here
 * prints, and what is wrong is no error.
 */
#ifndef REPORT_PACKAGE_VERIFYING_H
#define REPORT_PACKAGE_VERIFYING_H

#include "report/sign/policy.h"
#include "store/proof.h"
#include "store/store.h"

struct verify_request { /* all borrowed */
	struct crypto *crypto;
	const struct kind *const *kinds;
	struct slice anchors;	/* PEM; p NULL: only the mathematics */
	struct slice tsa;	/* PEM; p NULL: time stamps prove nothing */
	struct slice crls;	/* p NULL: revocation is not looked up */
	int64_t now;		/* seconds since 1970 */
	bool verbose;		/* also tell each time stamp */
	const char *checkpoint; /* file: one that was kept elsewhere, or NULL */
	const char *previous;	/* file: the package before, or NULL */
	const char *published;	/* directory (published.h), or NULL */
	/* Directories with checks and catalogues that the reader takes for
	 * exhibit's own, or NULL: those compiled in alone. */
	const char *own_checks, *own_catalogs;
	const char
	    *templates;	 /* directory that pages were made with; NULL: ours */
	const char *tmp; /* an existing directory to unpack packages in */
	/* Who must have signed, beyond the anchors: a subject as RFC 4514 has
	 * it, or SHA-256 fingerprints in hex with commas between. NULL: any. */
	const char *subject, *fingerprints;
	const struct policy *policy; /* who may have signed what, or NULL */
};

enum verify_mark {
	VERIFY_FILE,  /* where: what the next ones are about */
	VERIFY_HOLDS, /* a step */
	VERIFY_WRONG,
	VERIFY_OPEN, /* not compared, and why */
	VERIFY_NOTE  /* what was found; where is empty */
};

struct verify_listener {
	void (*tell)(void *ctx, enum verify_mark mark, const char *where,
	    const char *what);
	/* A signature that verifies. */
	void (*signature)(void *ctx, const struct signature_info *i);
	/* What a proof that verifies proves. */
	void (*proof)(void *ctx, const struct proof *p);
	void *ctx;
};

struct verifying {
	const struct verify_request *q;
	struct verify_listener to;
	long long problems;
	long long open;	   /* things that were not compared */
	bool untrusted;	   /* a signature led to no anchor */
	long long expired; /* so many signatures are by certificates that have
			    * ended, and only they say when they were made */
};

/* Tell what is wrong, and count it. ctx is the struct verifying. */
void verify_problem(void *ctx, const char *where, const char *what);

/* Tell what nothing proves wrong, but leaves open; for store_verify(). */
void verify_doubt(void *ctx, const char *where, const char *what);

/* Tell the rest. */
void verify_say(struct verifying *v, enum verify_mark mark, const char *where,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

struct signature_rules verify_rules(const struct verifying *v);
MUST_USE int verify_bytes(struct verifying *v, const void *p, size_t len,
    const void *der, size_t der_len, struct signature_info *info,
    struct fault *f);

/* The same of those who countersign: whom a reader pins, they need not be. */
MUST_USE int verify_countersigned(struct verifying *v, const void *p,
    size_t len, const void *der, size_t der_len, struct signature_info *info,
    struct fault *f);

/* For store_verify(): the signature over a checkpoint's note. */
MUST_USE int verify_note(void *ctx, const char *note, size_t note_len,
    const void *cms, size_t cms_len, struct fault *f);

/* Each: 0, whatever it finds; -1 with a fault that ends it. */

/* The store whole, its time stamps, and the checkpoint that was kept. */
MUST_USE int verify_store(
    struct verifying *v, struct store *st, struct fault *f);

/* A file against FILE.p7s and FILE.xmldsig; a report's XML also against the
 * store, unless it is NULL. */
MUST_USE int verify_file(
    struct verifying *v, const char *path, struct store *st, struct fault *f);

/* What 'exhibit prove' wrote, without any store. */
MUST_USE int verify_proof(
    struct verifying *v, const char *path, struct fault *f);

/* The package at path, by itself. */
MUST_USE int verify_package(
    struct verifying *v, const char *path, struct fault *f);

#endif
