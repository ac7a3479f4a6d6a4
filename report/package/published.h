/* Checkpoints kept elsewhere: a directory to which they are only added. */
#ifndef REPORT_PACKAGE_PUBLISHED_H
#define REPORT_PACKAGE_PUBLISHED_H

#include "report/package/verifying.h"

/*
 * Add the store's signed checkpoints that the directory lacks: NAME-SIZE.txt,
 * the note, and NAME-SIZE.p7s, its detached CMS. Files are made whole and never
 * replaced. *n: how many were added. FAULT_INTEGRITY: another note of that size
 * is there, or a note is not of the store's log.
 */
MUST_USE int publish_checkpoints(
    struct store *st, const char *dir, long long *n, struct fault *f);

/* Hold the store against everything that was published there. */
MUST_USE int verify_published(
    struct verifying *v, const char *dir, struct store *st, struct fault *f);

#endif
