/*
 * The report as a STIG Viewer checklist: CKL (version 2, XML) and CKLB
 * (version 3, JSON). A checklist is of one asset, so it is of the system as a
 * whole: a row a check, and NotAFinding only where every item that the check
 * applies to satisfied it. Unknown and not evaluated are Not_Reviewed.
 */
#ifndef REPORT_FORMAT_CHECKLIST_H
#define REPORT_FORMAT_CHECKLIST_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

MUST_USE int ckl_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);
MUST_USE int cklb_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
