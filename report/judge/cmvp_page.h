/*
 * What a page of NIST's validation programme says, as a browser saved it:
 *
 *   certificate   .../certificate/5021: "Certificate #5021", rows of a label
 * and a value (div.row.padrow): Status, Sunset Date, ... list
 * .../validated-modules/search: table#searchResultsTable; the status all of
 * them have stands in the address that was asked in process
 * .../modules-in-process-list: Module Name, Vendor Name, Standard, Status
 * (M/D/YYYY) JSON          {"modules": [...]} or one certificate, as the public
 * mirrors named in docs/modules.md have it
 *
 * Nothing is fetched: the parser has no network, and runs no script.
 */
#ifndef REPORT_JUDGE_CMVP_PAGE_H
#define REPORT_JUDGE_CMVP_PAGE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"

#define CMVP_PAGE_MAX (32 * 1024 * 1024) /* bytes of a file */
#define CMVP_ROWS_MAX 20000		 /* certificates or modules of one */
#define CMVP_CELL_MAX 500		 /* bytes of one text of it */

enum cmvp_page_kind { CMVP_CERTIFICATE, CMVP_LIST, CMVP_IN_PROCESS, CMVP_JSON };

struct cmvp_entry { /* NULL: the page does not say */
	const char
	    *certificate;   /* digits; NULL in a list of those in process */
	const char *status; /* Active, Historical or Revoked; else as given */
	const char *vendor, *module, *standard, *level;
	const char *validated, *sunset; /* YYYY-MM-DD */
	const char *interim;		/* Y or N */
};

struct cmvp_page {
	enum cmvp_page_kind kind;
	const char *address;  /* that the page gives of itself, or NULL */
	const char *observed; /* YYYY-MM-DD that it gives, or NULL */
	struct cmvp_entry *entries;
	size_t n;
	struct arena *arena; /* owns everything */
};

/*
 * Read a saved page. status names what all certificates of a list have, where
 * its address does not tell; or NULL. what names the file in a fault.
 * FAULT_FORMAT: it is none of the above, or not whole.
 */
MUST_USE int cmvp_page_read(struct cmvp_page *out, const void *p, size_t len,
    const char *status, const char *what, struct fault *f);
void cmvp_page_free(struct cmvp_page *page);

#endif
