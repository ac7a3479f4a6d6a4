/* Findings as workflow commands of GitHub Actions: annotations of a review. */
#ifndef REPORT_FORMAT_GITHUB_H
#define REPORT_FORMAT_GITHUB_H

#include "report/model/model.h"

/* Append a line for each place of each group that is not satisfied (error) or
 * unknown (warning); "::error file=...,line=...,title=CHECK::reason". Nothing
 * where all is satisfied. */
MUST_USE int github_write(
    const struct model *m, struct buf *out, struct fault *f);

#endif
