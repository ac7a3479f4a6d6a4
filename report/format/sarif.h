/*
 * The findings of a report as SARIF 2.1.0 (OASIS), for code review: what is
 * not satisfied and what is unknown, at the line of the file it stands in.
 *
 *   model                   SARIF
 *   check                   tool.driver.rules[]
 *   severity                level: high error, medium warning, else note
 *   group, subject in file  one result a distinct file and line
 *   group of other things   one result with their names (logicalLocations)
 *   exception open for it   suppressions[], accepted
 *
 * A subject is in a file if it has the columns file and line; a reason that
 * begins with "FILE:LINE: " names a nearer line.
 */
#ifndef REPORT_FORMAT_SARIF_H
#define REPORT_FORMAT_SARIF_H

#include "base/buf.h"
#include "base/fault.h"
#include "report/model/model.h"

#define SARIF_NAMES_MAX 100 /* things named by one result without a file */

/* Append the document. The same model gives the same bytes. */
MUST_USE int sarif_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
