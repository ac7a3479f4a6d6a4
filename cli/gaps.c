/* What a run could not collect, one line a target: TARGET: OUTCOME: CAUSE. */
#include "cli/cli.h"

/* Each once, however many kinds it cost; a target as a whole before its parts.
 */
static const char sql[] =
    "WITH said AS (SELECT p.scope, c.body FROM answer w JOIN place p ON p.id = "
    "w.place JOIN content c ON c.id = w.content WHERE w.run = ?1), "
    "gap AS (SELECT scope, body ->> '$.outcome' AS outcome, body ->> "
    "'$.reason' "
    "AS reason FROM said WHERE body ->> '$.outcome' <> 'observed' UNION ALL "
    "SELECT s.scope, g.value ->> '$.outcome', g.value ->> '$.reason' FROM said "
    "s, json_each(s.body, '$.gaps') g WHERE s.body ->> '$.outcome' = "
    "'observed') "
    "SELECT DISTINCT scope, outcome, coalesce(reason, 'no reason given') "
    "FROM gap GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";

int
cli_gaps(struct store *st, long long run, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(store_db(st), sql, -1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "collection gaps", f);
	(void)sqlite3_bind_int64(q, 1, run);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW)
		printf("%s: %s: %s\n", sqlite3_column_text(q, 0),
		    sqlite3_column_text(q, 1), sqlite3_column_text(q, 2));
	(void)sqlite3_finalize(q);
	if (rc != SQLITE_DONE)
		return store_fault(st, "collection gaps", f);
	return 0;
}
