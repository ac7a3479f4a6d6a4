/*
 * The report as NIST OSCAL 1.2.2 assessment-results: the XML is the report,
 * the HTML is an XSLT of it (render.h).
 *
 *   model          OSCAL
 *   check          local-definitions/activity
 *   subject        result/local-definitions/inventory-item
 *   posture        result/local-definitions/component type="posture"; what
 *                  is common to its items is said there alone
 *   group          observation of items, and of postures that are all in it
 *   check, control finding on the control's objective
 *   failing check  risk with a recommendation
 *   section        result/attestation/part with a table
 *   scope, gap     assessment-log/entry
 *   evidence       back-matter/resource with a SHA-256
 *   checkpoint, run record, certificate   back-matter/resource
 *
 * What OSCAL has no word for is a prop in our own namespace. OSCAL findings
 * know two states only: unknown becomes not-satisfied with reason "other" and
 * a prop that says unknown, never satisfied.
 */
#ifndef REPORT_FORMAT_OSCAL_H
#define REPORT_FORMAT_OSCAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

#define OSCAL_NS "http://csrc.nist.gov/ns/oscal/1.0"
#define OSCAL_OWN_NS "urn:exhibit:oscal:1"

#define OSCAL_CHECKS_MAX 4096		     /* checks in one report */
#define OSCAL_CELLS_MAX (64UL * 1024 * 1024) /* checks times subjects */
#define OSCAL_BLOCK_MAX (256 * 1024)	     /* bytes of one long text */

/*
 * Append the document to out. The same model gives the same bytes. Strings
 * are made harmless and fit for OSCAL's types on the way; a model that
 * contradicts itself is FAULT_FORMAT. out is as it was on failure.
 */
MUST_USE int oscal_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

/*
 * The same as a plan of action and milestones: what is not satisfied or not
 * known, with the same UUIDs from quarter to quarter. The schema asks for an
 * item at least, so there is none of a model where nothing is open.
 */
MUST_USE int oscal_poam(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);
bool oscal_poam_empty(const struct model *m);

/* The assessment plan that the report followed: controls, subjects, and the
 * checks as activities, without what they came to. As oscal_write(). */
MUST_USE int oscal_plan(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
