/* Holding judgements against evidence. */
#ifndef REPORT_PACKAGE_VERIFY_JUDGEMENT_H
#define REPORT_PACKAGE_VERIFY_JUDGEMENT_H

#include "report/package/verifying.h"

/*
 * Judge again what the store's judgements judged, oldest first, and compare
 * every verdict and reason: those that differ, are missing or were added are
 * named by check and item. A difference is wrong where this build judged; what
 * another build evaluated otherwise, what retention took the evidence of, and
 * checks and catalogues that are not exhibit's own are told as open. where
 * names the store. 0, or -1 with a fault that ends it.
 */
MUST_USE int verify_judgements(
    struct verifying *v, struct store *st, const char *where, struct fault *f);

#endif
