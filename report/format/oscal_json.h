/*
 * OSCAL's JSON, made of its XML by the rules of Metaschema (NIST, "Metaschema
 * Language: XML to JSON"): what stands in the one stands in the other, because
 * there is one writer (oscal.h) and this reads what it wrote. Markup becomes
 * Markdown as NIST's own converter makes it.
 */
#ifndef REPORT_FORMAT_OSCAL_JSON_H
#define REPORT_FORMAT_OSCAL_JSON_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

/*
 * Append the JSON of one OSCAL document of ours. FAULT_FORMAT: not XML, or an
 * element that the table of names lacks (nothing is left out in silence).
 */
MUST_USE int oscal_json(
    const char *xml, size_t len, struct buf *out, struct fault *f);

/* The documents of oscal.h as JSON; the plan of action: nothing where there is
 * nothing open. */
MUST_USE int oscal_json_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);
MUST_USE int oscal_json_poam(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);
MUST_USE int oscal_json_plan(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
