/*
 * The report as one JSON document, for programs: what the OSCAL says in
 * fewer words. Its shape is docs/report-json.md's; "format" names it.
 *
 * A subject is told once; groups name subjects by their place in that list,
 * and evidence by its digest.
 */
#ifndef REPORT_FORMAT_REPORT_JSON_H
#define REPORT_FORMAT_REPORT_JSON_H

#include "base/buf.h"
#include "base/fault.h"
#include "report/model/model.h"

#define REPORT_JSON_FORMAT "exhibit-report-1"

/* Append the document, a line end after it. The same model gives the same
 * bytes; out is as it was on failure. */
MUST_USE int report_json(
    const struct model *m, struct buf *out, struct fault *f);

#endif
