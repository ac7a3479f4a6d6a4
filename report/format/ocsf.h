/*
 * A report as OCSF 1.3 Compliance Findings (class 2003), a JSON list with an
 * event for each check of each item: what Amazon Security Lake, Splunk and
 * others take in. https://schema.ocsf.io/1.3.0/classes/compliance_finding
 */
#ifndef REPORT_FORMAT_OCSF_H
#define REPORT_FORMAT_OCSF_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

MUST_USE int ocsf_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
