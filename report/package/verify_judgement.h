/* Holding judgements against evidence. */
#ifndef REPORT_PACKAGE_VERIFY_JUDGEMENT_H
#define REPORT_PACKAGE_VERIFY_JUDGEMENT_H

#include "report/package/verify.h"

/*
 * Judge again what this judgement judged, and compare every verdict and reason:
 * those that differ, are missing or were added are named by check and item. A
 * difference is wrong where this build judged; what another build evaluated
 * otherwise, and what retention took the evidence of, is told as open. where
 * names the store. 0, or -1 with a fault that ends it.
 */
int verify_judgement(struct verifying *v, struct store *st, const char *where,
    long long judgement, struct fault *f);

/* All of the store's, oldest first. */
int verify_judgements(
    struct verifying *v, struct store *st, const char *where, struct fault *f);

#endif
