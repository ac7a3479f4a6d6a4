/* The kinds of the results collector. */
#ifndef COLLECTOR_SCAP_RESULTS_KINDS_H
#define COLLECTOR_SCAP_RESULTS_KINDS_H

#include "base/observation.h"

extern const struct kind external_report_kind, external_result_kind;

/* by name; for the collector's own table and the table of all kinds */
#define RESULTS_KINDS &external_report_kind, &external_result_kind

extern const struct kind *const results_kinds[]; /* RESULTS_KINDS, then NULL */

#endif
