/* Names that others go by: NIST's of its controls, and DISA's CCI. */
#ifndef REPORT_FORMAT_REFERENCES_H
#define REPORT_FORMAT_REFERENCES_H

#include <stdbool.h>
#include <stddef.h>

#include "report/judge/verdict.h"

#define NIST_SYSTEM "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final"
#define CCI_SYSTEM "http://cyber.mil/cci"

/* "sc-8(1)" and "sc-8.1" are "SC-8 (1)". */
void nist_name(const char *id, char *out, size_t size);

/* The next CCI of a control by catalogs/cci.tsv; *at begins as 0. false: there
 * are no more, or none is known that says what a machine can check. */
bool cci_next(
    const struct control *control, size_t *at, char *out, size_t size);

#endif
