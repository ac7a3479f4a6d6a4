/*
 * Answers and sightings from run to run. Runs that ask the same, by origin and
 * plan, are a series; a row tells from which run of it on a place answers so,
 * or a subject is sighted. What stays as it was adds no row, and its roots are
 * those of the run before. See schema.sql.
 */
#include "store/internal.h"

#include <stdio.h>
#include <string.h>

int
series_find(struct store *st, const char *origin, const char *plan,
    long long run, long long *series, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_SERIES_FIND);
	int rc;

	sqlite3_bind_text(q, 1, origin, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, plan, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 3, run);
	rc = stmt_row(st, q, f);
	*series = rc == 1 ? sqlite3_column_int64(q, 0) : run;
	(void)sqlite3_reset(q);
	return rc == -1 ? -1 : 0;
}

/* One statement of a run in its series; rows are added to *changed. */
static int
write_rows(struct store *st, enum stmt s, long long series, long long run,
    long long *changed, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, s);

	sqlite3_bind_int64(q, 1, series);
	sqlite3_bind_int64(q, 2, run);
	if (stmt_done(st, q, f) == -1)
		return -1;
	*changed += sqlite3_changes64(st->db);
	return 0;
}

static void
take_root(sqlite3_stmt *q, int column, struct series_root *out)
{
	const char *hex = (const char *)sqlite3_column_text(q, column);

	(void)snprintf(
	    out->hex, sizeof(out->hex), "%s", hex != NULL ? hex : "");
	out->count = sqlite3_column_int64(q, column + 1);
}

/* The roots that the run before in the series has: 1, or 0 if it is the first.
 */
static int
roots_before(struct store *st, long long series, long long run,
    struct series_root *answers, struct series_root *sightings, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_SERIES_LAST);
	int rc;

	sqlite3_bind_int64(q, 1, series);
	sqlite3_bind_int64(q, 2, run);
	if ((rc = stmt_row(st, q, f)) == 1) {
		take_root(q, 0, answers);
		take_root(q, 2, sightings);
	}
	(void)sqlite3_reset(q);
	return rc;
}

int
series_write(struct store *st, long long series, long long run,
    struct series_root *answers, struct series_root *sightings, struct fault *f)
{
	long long replied = 0, sighted = 0;
	int before;

	if (write_rows(st, S_ANSWERS_ADD, series, run, &replied, f) == -1 ||
	    write_rows(st, S_ANSWERS_END, series, run, &replied, f) == -1 ||
	    write_rows(st, S_SIGHTINGS_ADD, series, run, &sighted, f) == -1 ||
	    write_rows(st, S_SIGHTINGS_END, series, run, &sighted, f) == -1 ||
	    (before = roots_before(st, series, run, answers, sightings, f)) ==
		-1)
		return -1;
	if ((replied > 0 || !before) &&
	    run_list_root(st, S_RUN_ANSWERS, run, series, answers->hex,
		&answers->count, f) == -1)
		return -1;
	return (sighted > 0 || !before)
		   ? run_list_root(st, S_RUN_SIGHTINGS, run, series,
			 sightings->hex, &sightings->count, f)
		   : 0;
}
