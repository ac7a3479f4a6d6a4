/*
 * Temporary tables of a reading connection that say what is asked: the time,
 * the run, the judgement.
 */
#ifndef REPORT_JUDGE_ASKED_H
#define REPORT_JUDGE_ASKED_H

#include "base/fault.h"
#include "store/store.h"

/* 1: this connection has a temporary table of that name, 0: none, -1. */
MUST_USE int reader_has_table(
    struct store *reader, const char *name, struct fault *f);

/*
 * The row of the table asked(as_of, made, run, judgement) on this connection:
 * what is looked at and when. judgement 0: NULL, not made yet. The table
 * parameter has what the judgement was made by (profile.h).
 */
MUST_USE int asked_set(struct store *reader, const char *as_of,
    const char *made, long long run, long long judgement, struct fault *f);

#endif
