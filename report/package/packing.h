/* Making a package: what an auditor is handed, in one signed file. */
#ifndef REPORT_PACKAGE_PACKING_H
#define REPORT_PACKAGE_PACKING_H

#include "report/package/package.h"
#include "report/package/redact.h"
#include "report/package/report_files.h"

struct packing_request {	      /* all borrowed */
	const char *path;	      /* the package; replaced if it is there */
	struct report_request report; /* its title and looks; base is ours */
	const char *previous;	   /* the package handed over before, or NULL */
	long long judgement;	   /* of the store */
	long long sample;	   /* subjects to draw, 0: none */
	const char *seed;	   /* what they are drawn by */
	struct redactor *redactor; /* or NULL: nothing is replaced */
	const char *redact_profile; /* of redact.h, with a redactor */
	const char *redact_map;	    /* also write there what stands for what */
};

struct packing_made {
	struct package_about about;
	struct log_head head; /* of the log in it */
	size_t files;
	size_t counts[VERDICTS];
	uint8_t manifest[SHA384_LEN];
};

/*
 * Write a copy of the store, the report of the judgement, its tables, the
 * checks and how to verify all of it into one file, signed by the sealing's
 * signer, which must be; and put into the store's log that it was made, and of
 * what bytes. Whole or not at all. checks are those that the judgement names
 * (checks_load_judged). FAULT_USAGE: a sample with a redactor, a bad seed, a
 * previous package of another store; FAULT_INTEGRITY: its log is not the
 * beginning of this one's; FAULT_REMOTE: the package could not be stamped.
 */
MUST_USE int package_make(const struct packing_request *q, struct store *st,
    const struct checks *checks, struct sealing *seal, struct packing_made *out,
    struct fault *f);

#endif
