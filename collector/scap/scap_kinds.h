/* The kinds of the scap collector. */
#ifndef COLLECTOR_SCAP_SCAP_KINDS_H
#define COLLECTOR_SCAP_SCAP_KINDS_H

#include "base/observation.h"

extern const struct kind scap_earlier_result_kind,
    scap_earlier_rule_result_kind, scap_result_kind, scap_rule_result_kind;

/* by name; for the collector's own table and the table of all kinds */
#define SCAP_KINDS                                                             \
	&scap_earlier_result_kind, &scap_earlier_rule_result_kind,             \
	    &scap_result_kind, &scap_rule_result_kind

extern const struct kind *const scap_kinds[]; /* SCAP_KINDS, then NULL */

#endif
