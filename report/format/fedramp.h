/*
 * What FedRAMP's Consolidated Rules for 2026 ask for as JSON (FRC-CSO-JSN), as
 * far as evidence answers it: parts of a Security Decision Record for each rule
 * and indicator on which it bears (SDR-CSO-FRR, SDR-CSX-KSI), with historical
 * metrics (SDR-CSX-KMT); the list of cryptographic modules (CMU-CSO-CMD); the
 * accepted risks (VER-RPT-AVI); and, of a report over a period, the parts of an
 * Ongoing Certification Report for it (CCM-OCR-AVL).
 *
 * The record has the shape of the preview schema 0.0.1 of June 2026; what that
 * has no place for stands in its member "exhibit". It says what the evidence
 * shows, never that a rule is followed or an indicator met.
 */
#ifndef REPORT_FORMAT_FEDRAMP_H
#define REPORT_FORMAT_FEDRAMP_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

/* Append the document. FAULT_USAGE: the report was not made by a profile with
 * FedRAMP's rules, or there is no evidence on which any of them bears. */
MUST_USE int fedramp_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
