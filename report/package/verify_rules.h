/* The texts a judgement was made by, against exhibit's own. */
#ifndef REPORT_PACKAGE_VERIFY_RULES_H
#define REPORT_PACKAGE_VERIFY_RULES_H

#include <stdbool.h>

#include "report/judge/check.h"
#include "report/package/verifying.h"

struct own_rules {
	struct checks checks; /* compiled in */
	struct checks more;   /* what the reader takes for them, too */
	struct buf told;      /* digests that were told, each once */
};

/* Those compiled in, and those in the reader's directories (or NULL). */
MUST_USE int own_rules_load(
    struct own_rules *out, const struct verify_request *q, struct fault *f);
void own_rules_free(struct own_rules *own);

/* Is it a text of exhibit's own, or one the reader takes for that? */
bool own_rules_has(const struct own_rules *own, const struct check *k);

/* Mark those that are exhibit's own as known to run: where nothing that they
 * read is there, they need not be tried. */
void own_rules_mark(const struct own_rules *own, struct checks *judged);

/*
 * Every check and catalogue of a judgement, compared by digest; one that is not
 * exhibit's own is named once, and how it differs shown; so is a check of a
 * stock profile that was not evaluated. same_build: this build judged.
 */
MUST_USE int verify_rules_own(struct verifying *v, struct own_rules *own,
    const struct checks *judged, const char *profile, bool same_build,
    struct fault *f);

#endif
