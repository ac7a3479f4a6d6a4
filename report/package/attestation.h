/*
 * What a package is, as an in-toto attestation
 * (https://in-toto.io/Statement/v1) for those who gate on such: its digest, and
 * what the evidence in it came to. The predicate is described in
 * docs/formats.md. It repeats what the package proves, and proves nothing
 * itself but who signed it.
 */
#ifndef REPORT_PACKAGE_ATTESTATION_H
#define REPORT_PACKAGE_ATTESTATION_H

#include "report/package/packing.h"

#define ATTESTATION_PREDICATE "urn:exhibit:attestation:evidence-package:1"

/* Write PACKAGE.intoto.jsonl, a DSSE envelope by the sealing's signer. profile:
 * NULL for all checks. */
MUST_USE int attestation_write(const char *package, const char *profile,
    const struct packing_made *made, const struct sealing *seal,
    struct fault *f);

#endif
