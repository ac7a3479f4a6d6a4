/* Where newer catalogues contradict what was known. */
#ifndef REPORT_JUDGE_CATALOG_DISPUTE_H
#define REPORT_JUDGE_CATALOG_DISPUTE_H

#include "base/buf.h"
#include "report/judge/catalog.h"

/* Letters and digits alone, small: texts that differ only in how they are set
 * say the same. */
bool catalog_says_the_same(const struct catalog_cell *had, const char *now);

/*
 * Of cmvp-certificates: another name, vendor, standard, level or date under a
 * known number, or a number that is gone; of cmvp-status: an observation that
 * is gone. Cells that were empty may be filled. Appends each in words; returns
 * how many.
 */
size_t catalog_dispute(const struct catalogs *known,
    const struct catalogs *fresh, struct buf *words);

/* The first column that had has and k lacks, or NULL. */
const char *catalog_lacks(const struct catalog *k, const struct catalog *had);

#endif
