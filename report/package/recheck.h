/* Holding a report against the store it was made from. */
#ifndef REPORT_PACKAGE_RECHECK_H
#define REPORT_PACKAGE_RECHECK_H

#include <stdbool.h>

#include "report/judge/check.h"
#include "report/model/model.h"
#include "store/store.h"

struct recheck {
	long long evidence;    /* digests found in the store */
	long long judgement;   /* that it names; 0: none */
	bool results;	       /* it is a document of results, not a plan */
	bool remade;	       /* the report was made anew and compared */
	char dropped[UTC_LEN]; /* not, since retention dropped on this day what
				* it says; or "" */
};

/* What documents of one report are all made of, kept from one to the next. */
struct recheck_kept {
	struct model *model;
	struct checks *checks; /* that the model speaks of */
};
void recheck_kept_free(struct recheck_kept *k);

/*
 * xml is a report that exhibit wrote; st is a reading store. Its checkpoint
 * must be on the store's log, every evidence digest among the contents, and,
 * if this version wrote it, the report made anew from the same judgement must
 * have the same bytes. It is not made anew where st is frozen and another run
 * was judged. What differs goes to problem(where, what). -1 only if it is no
 * such report (FAULT_FORMAT) or the store cannot be read. kept, zeroed before
 * the first, is for documents of the same reader only; or NULL.
 */
MUST_USE int report_recheck(const void *xml, size_t len, struct store *st,
    struct crypto *c,
    void (*problem)(void *ctx, const char *where, const char *what), void *ctx,
    struct recheck_kept *kept, struct recheck *out, struct fault *f);

#endif
