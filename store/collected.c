/* See collected.h. */
#include "store/collected.h"

int
run_filled(struct store *st, const struct run_filling *w,
    struct run_result *result, struct fault *f)
{
	struct run *r = run_new(st, &w->begin, f);
	char ended[UTC_LEN];
	struct fault ignored;
	struct sink sink;
	int rc;

	if (r == NULL)
		return -1;
	sink = run_sink(r);
	rc = w->fill(w->ctx, &sink, f);
	w->clock(w->clock_ctx, ended);
	if (rc == 0)
		rc = run_end(r, ended, result, f);
	else /* keep that we tried, and why it failed; f stays the cause */
		(void)run_fail(r, ended, f->text, &ignored);
	run_free(r);
	return rc;
}
