/* Judging: run checks over the state of a run and keep the verdicts. */
#ifndef REPORT_JUDGE_JUDGE_H
#define REPORT_JUDGE_JUDGE_H

#include "base/utc.h"
#include "report/judge/check.h"
#include "store/store.h"

struct judge_request {	     /* all borrowed */
	const char *made;    /* UTC: when it is judged */
	const char *as_of;   /* UTC: the time it is judged for */
	long long run;	     /* the newest run at or before as_of */
	const char *profile; /* name written with the verdicts */
	long long max_age;   /* seconds; older sightings are unknown; 0: any */
	/* a reader of the store to look through, or NULL: one for this call; it
	 * shows the run's state afterwards (store_freeze) */
	struct store *reader;
};

#define JUDGE_MAX_AGE (7LL * 24 * 3600) /* seconds: the default */

/*
 * Run every check over the state as of the run, on a read-only connection
 * with an authorizer and a limit on work, so that a user's own checks cannot
 * write, attach or loop. A satisfied or failed verdict on a subject last seen
 * longer ago than max_age becomes unknown. judgement gets its number.
 * FAULT_FORMAT names the check that does not run or answers out of shape.
 */
MUST_USE int judge(struct store *st, const struct checks *checks,
    const struct judge_request *q, long long *judgement, struct fault *f);

#define JUDGE_PURGED_MAX 96

/* The reason of every verdict on a state of which evidence was purged on that
 * day, as in 2029-01-05. */
void judge_purged(const char *day, char out[JUDGE_PURGED_MAX]);

/*
 * What a judgement was made of, as the log has it: run, max_age, and the times,
 * which q borrows. FAULT_INTEGRITY: there is no such judgement.
 */
MUST_USE int judge_read(struct store *reader, long long judgement,
    struct judge_request *q, char made[UTC_LEN], char as_of[UTC_LEN],
    struct fault *f);

/* One verdict; the reason is what would be kept. */
typedef int judge_put(void *ctx, const char *check_id, int64_t subject,
    const char *verdict, const char *reason, struct fault *f);

/*
 * Make a judgement again from the evidence, with the checks and catalogues it
 * names (checks_load_judged) and the parameters and times of its record;
 * nothing is kept, each verdict is put. reader afterwards shows the state it
 * was of.
 */
MUST_USE int judge_again(struct store *reader, const struct checks *checks,
    long long judgement, judge_put *put, void *ctx, struct fault *f);

/*
 * Append what the stock sqlite3 shell (3.38) runs on the store that reader
 * reads, in a folder that has catalogs/NAME.tsv: the same again, each result a
 * line of csv/verdicts.csv as the query "results" writes it. checks: those it
 * names (checks_load_judged). Append one judgement's; begin with the lines of
 * judge_script_begin(), which no judgement is in.
 */
#define JUDGE_SCRIPT_MAX (64 * 1024 * 1024)
void judge_script_begin(struct buf *out);
MUST_USE int judge_script(struct store *reader, const struct checks *checks,
    long long judgement, struct buf *out, struct fault *f);

#endif
