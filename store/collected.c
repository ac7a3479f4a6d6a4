/* See collected.h. */
#include "store/collected.h"

#include <string.h>

int
run_filled(struct store *st, const struct run_filling *w,
    struct run_result *result, struct fault *f)
{
	struct run_begin begin = w->begin;
	char began[UTC_LEN], ended[UTC_LEN];
	struct run *r;
	struct fault ignored;
	struct sink sink;
	int rc;

	w->clock(w->clock_ctx, began);
	begin.began = began;
	/* what somebody else collected says one thing of each subject */
	begin.once = strcmp(begin.origin, store_id(st)) != 0 ||
		     strstr(begin.plan, "\"collector\":\"import\"") != NULL;
	if ((r = run_new(st, &begin, f)) == NULL)
		return -1;
	sink = run_sink(r);
	rc = w->fill(w->ctx, &sink, f);
	w->clock(w->clock_ctx, ended);
	if (rc == 0)
		rc = run_end(r, ended, result, f);
	else /* keep that we tried, and why it failed; f stays the cause */
		may_fail(run_fail(r, ended, f->text, &ignored));
	run_free(r);
	return rc;
}
