/*
 * The report as an XCCDF 1.2 benchmark with one TestResult a subject (NIST SP
 * 800-126 rev. 3, NIST IR 7275 rev. 4), for tools of the SCAP world.
 *
 *   model                 XCCDF
 *   check                 Group with one Rule, with rationale and fixtext
 *   kind                  Profile, which selects the rules asked of it
 *   subject               TestResult, its targets SCOPE/KEY and KEY
 *   verdict               rule-result: pass, fail, unknown, notapplicable
 *   reason                message
 *   control               ident: NIST's name, and CCI where one is known
 *
 * A rule that the kind's profile selects and that says nothing of a subject is
 * notchecked there. The score counts unknown against the subject: missing
 * evidence is never a pass.
 *
 * Many readers (MITRE's saf, STIG Manager) take one TestResult a file. For them
 * there is a second document with one of the whole system: each rule came to
 * the worst of its items, and pass only where every item that it applies to
 * passed.
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
MUST_USE int xccdf_system_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
