/* What a report says of results, against the store, whatever build wrote it. */
#ifndef REPORT_PACKAGE_VERIFY_CLAIMS_H
#define REPORT_PACKAGE_VERIFY_CLAIMS_H

#include "base/buf.h"
#include "report/package/verifying.h"

/*
 * xml is an OSCAL assessment-results document that exhibit wrote of this
 * judgement. For each of its observations, which check gives which result for
 * which item and why; each must be the store's, and each of the store's must be
 * there. What differs is wrong, and named by check and item. 0, or -1 with a
 * fault that ends it.
 */
MUST_USE int verify_claims(struct verifying *v, const char *where,
    const struct buf *xml, struct store *st, long long judgement,
    struct fault *f);

#endif
