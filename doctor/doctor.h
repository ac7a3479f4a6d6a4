/*
 * What works on this host, what is missing, and what to do: one finding a line,
 * handed to say(). Nothing is kept, nothing is sent.
 */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include "base/digest.h"
#include "report/sign/sign.h"

enum finding { FOUND_OK, FOUND_NOTE, FOUND_MISSING, FOUND_DENIED, FOUND_WRONG };

/* All borrowed. */
struct doctor {
	struct crypto *crypto;
	const char *now, *operator_name;
	const char *store, *root; /* paths; of the store, and of a host */
	const char *catalogs;	  /* a directory of them; NULL: none */
	/* what: "disk"; text: one sentence, perhaps with bytes of a file name
	 */
	void (*say)(
	    void *ctx, enum finding found, const char *what, const char *text);
	void *ctx;
};

/* To say(), formatted. */
void doctor_say(const struct doctor *d, enum finding found, const char *what,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The program and the libraries it runs with. */
void doctor_program(const struct doctor *d);
/* Room and rights beside the store. */
void doctor_disk(const struct doctor *d);
/* Is the signer's certificate valid, and for how long? */
void doctor_certificate(const struct doctor *d, const struct signer_info *i);
/* How old the data of the CMVP is, and when results go unknown for it. */
void doctor_catalogs(const struct doctor *d);
/* What this user may read below the root, and programs that collecting runs. */
void doctor_node(const struct doctor *d);
/* Whose credentials AWS would be asked with. */
void doctor_aws(const struct doctor *d);

#endif
