/* The summary of a report, for a person at a terminal. */
#ifndef CLI_REPORT_SUMMARY_H
#define CLI_REPORT_SUMMARY_H

#include "cli/cli.h"
#include "report/package/report_files.h"

struct summary { /* borrowed */
	const char *store, *cert;
	bool forgets; /* the store is not kept after the command */
	bool github;  /* findings are printed as annotations too */
	bool quiet;   /* what could not be collected alone, a line each */
};

/* For report_write(); ctx is a struct summary. */
void print_report(void *ctx, const struct report_written *w);

#endif
