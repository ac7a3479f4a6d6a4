/* One run from its beginning to its end, whatever fills it. */
#ifndef STORE_COLLECTED_H
#define STORE_COLLECTED_H

#include "store/store.h"

/*
 * Begin a run, let fill() put what it has to say, and end it. A fault there
 * ends the run as failed: that it was tried, and why it failed, is kept.
 * clock() gives the time of the end.
 */
struct run_filling { /* all borrowed */
	struct run_begin begin;
	int (*fill)(void *ctx, const struct sink *, struct fault *);
	void *ctx;
	void (*clock)(void *ctx, char now[UTC_LEN]);
	void *clock_ctx;
};
MUST_USE int run_filled(struct store *st, const struct run_filling *w,
    struct run_result *result, struct fault *f);

#endif
