/* What the files that make up a report's command share. */
#ifndef CLI_REPORT_PARTS_H
#define CLI_REPORT_PARTS_H

#include "cli/cli.h"
#include "report/model/model.h"

struct writing {
	struct cli *cli;
	const struct options *o;
	struct store *st, *reader; /* reader shows the state reported */
	struct signer *signer;	   /* or NULL */
	const struct checks *checks;
	const char *base; /* path without the extension */
	json_t *files;	  /* what was written, for the log */
	bool whole;	  /* for a package, which is signed as a whole */
	struct redactor *redactor; /* or NULL */
};

/* The last part of base. */
const char *report_base_name(const struct writing *w);

void report_print_summary(const struct writing *w, const struct model *m,
    const size_t counts[VERDICTS]);

/*
 * Print a page to PDF with what is installed: Chromium or Chrome, else
 * WeasyPrint. FAULT_ABSENT, naming them, if there is none; FAULT_IO if it gives
 * no PDF.
 */
int report_pdf(const struct buf *html, struct buf *pdf, struct fault *f);

#endif
