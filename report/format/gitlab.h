/*
 * What is not satisfied or unknown as GitLab's Code Quality report (a subset
 * of Code Climate's): shown in a merge request beside the line. What is in no
 * file stands at the report itself, since GitLab asks for a path.
 */
#ifndef REPORT_FORMAT_GITLAB_H
#define REPORT_FORMAT_GITLAB_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

MUST_USE int gitlab_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
