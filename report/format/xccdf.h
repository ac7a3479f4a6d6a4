/*
 * The report as an XCCDF 1.2 benchmark with one TestResult a subject (NIST SP
 * 800-126 rev. 3, NIST IR 7275 rev. 4), for tools of the SCAP world.
 *
 *   model                 XCCDF
 *   check                 Rule, with rationale and fixtext
 *   subject               TestResult, its target the subject's key
 *   verdict               rule-result: pass, fail, unknown, notapplicable
 *   reason                message
 *   control               ident
 *
 * A check that did not judge a subject has no result there. The score counts
 * unknown against the subject: missing evidence is never a pass.
 */
#ifndef REPORT_FORMAT_XCCDF_H
#define REPORT_FORMAT_XCCDF_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

/* Append the document. The same model gives the same bytes; out is as it was
 * on failure. */
MUST_USE int xccdf_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
