/*
 * What cryptography was found, as a CycloneDX 1.6 bill of materials (ECMA-424):
 * the modules of the ledger as components with their certificates, and what
 * endpoints were seen to serve as cryptographic assets: protocols with their
 * cipher suites, groups and signature schemes, certificates. The components are
 * the rows of the query cbom; this adds the frame and a bom-ref to each.
 */
#ifndef REPORT_FORMAT_CBOM_H
#define REPORT_FORMAT_CBOM_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

/* Append the document; m was loaded with bom. The same model gives the same
 * bytes. */
MUST_USE int cbom_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
