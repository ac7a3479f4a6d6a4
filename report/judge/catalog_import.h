/* Newer facts into a directory of the user's. */
#ifndef REPORT_JUDGE_CATALOG_IMPORT_H
#define REPORT_JUDGE_CATALOG_IMPORT_H

#include "base/utc.h"
#include "report/judge/catalog.h"
#include "report/judge/cmvp_page.h"

struct catalog_import_request { /* all borrowed */
	struct crypto *crypto;
	const char *file;     /* FILE.tsv, or a page of NIST (cmvp_page.h) */
	const char *dir;      /* where it goes; made if it is not there */
	const char *observed; /* the day the page was seen; NULL: see below */
	const char *page_status; /* of a page that does not say, or NULL */
	const char *now;	 /* UTC text */
	bool accept;		 /* take what contradicts what is known */
};

struct catalog_imported {
	bool whole; /* a catalogue was taken, else observations of a page */
	const char *base; /* the file without its folder; borrowed */
	char sha256[SHA256_HEX];
	char name[CATALOG_NAME_MAX], date[16]; /* of a catalogue */
	size_t rows;
	enum cmvp_page_kind page;
	char observed[11];   /* the day that the page was seen */
	size_t entries;	     /* on the page */
	size_t known, fresh; /* certificates in the catalogue, and new to it */
	size_t added;	     /* observations */
	size_t filled, contradicted; /* cells that were empty; that differ */
};

/*
 * Take a newer catalogue or what a page says into the directory. Observations
 * are added to cmvp-status, with file, digest and address, of the day given,
 * the day the page names, or the file's own; nothing that stands there is
 * changed but cells of a certificate that were empty, and those that differ
 * with accept. FAULT_USAGE: older facts than those known, a day to come, or
 * what contradicts what is known without accept.
 */
MUST_USE int catalog_import(const struct catalog_import_request *q,
    struct catalog_imported *out, struct fault *f);

#endif
