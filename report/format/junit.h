/*
 * A report as JUnit XML, as CI servers (Jenkins, GitLab, Azure DevOps) read it:
 * a suite a check, a case an item. Not satisfied is a failure, unknown an
 * error, not applicable is skipped; only satisfied is a case that passed.
 */
#ifndef REPORT_FORMAT_JUNIT_H
#define REPORT_FORMAT_JUNIT_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

MUST_USE int junit_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
