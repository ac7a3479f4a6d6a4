/* What verify does with files, stores, proofs and packages alike. */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include "cli/cli.h"
#include "report/sign/sign.h"

struct verifying {
	struct cli *cli;
	struct buf anchors;  /* PEM; empty: only the mathematics */
	struct buf tsa;	     /* --tsa-cert, PEM; empty: stamps prove nothing */
	struct buf crls;     /* --crl; empty: revocation is not looked up */
	struct store *store; /* whose time stamps are verified; borrowed */
	const char *subject; /* what is being verified, for messages */
	long long problems;
	long long
	    doubts;	/* claims that contradict each other, or no signature */
	bool untrusted; /* a signature led to no anchor */
	long long expired; /* so many signatures are by certificates that have
			    * ended, and only they say when they were made */
};

/* Tell what is wrong, and count it. ctx is the struct verifying. */
void verify_problem(void *ctx, const char *where, const char *what);

/* Tell what nothing proves wrong, and count it: the status is not 0. */
void verify_doubt(void *ctx, const char *where, const char *what);

int verify_bytes(struct verifying *v, const void *p, size_t len,
    const void *der, size_t der_len, struct signature_info *info,
    struct fault *f);

/* For store_verify(): the signature over a checkpoint's note. */
int verify_note(void *ctx, const char *note, size_t note_len, const void *cms,
    size_t cms_len, struct fault *f);

void print_signature(struct verifying *v, const struct signature_info *i);

/* Does the file begin as a ZIP does? */
bool is_package(const char *path);

/* The package at path, by itself. */
int verify_package(struct verifying *v, const struct options *o,
    const char *path, struct fault *f);

#endif
