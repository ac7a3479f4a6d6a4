/* Where in a file a finding is, for formats that are shown beside the code. */
#ifndef REPORT_FORMAT_FINDING_PLACE_H
#define REPORT_FORMAT_FINDING_PLACE_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

#define PLACE_URI_MAX (16UL * 1024)

struct place {
	const char *file; /* borrowed; NULL: not in a file */
	long long line;	  /* from 1 */
};

/*
 * Of each group that is not satisfied or unknown: one() for each distinct
 * place, in their order, and once with file NULL if any item is in no file.
 * Ends with the first -1.
 */
MUST_USE int model_places(const struct model *m,
    int (*one)(void *ctx, const struct model *m, const struct model_group *g,
	const struct place *place, struct fault *f),
    void *ctx, struct fault *f);

/* The path relative to where the scan began: an absolute one without its
 * slash; for a finding that is in no file the report's, "BASE.xml". */
void place_path(
    struct buf *out, const struct model *m, const struct place *place);

/*
 * SHA-256, in hex, of what makes a finding the same from report to report: its
 * check, verdict, file and reason, but no line: lines move. Of what is in no
 * file the reason stands for all of its items.
 */
MUST_USE int finding_print(struct crypto *c, const struct model *m,
    const struct model_group *g, const struct place *place,
    char out[SHA256_HEX], struct fault *f);

/* The reason without the "FILE:LINE: " that the place says already. */
const char *place_reason(const char *reason, const struct place *place);

#endif
