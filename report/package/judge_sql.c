/* judge.sql of a package: see package.h. */
#include "report/package/package.h"

#include "report/judge/judge.h"

static int
put_one(struct store *reader, struct crypto *crypto, long long judgement,
    struct buf *out, struct fault *f)
{
	struct checks checks;
	int rc;

	if (checks_load_judged(&checks, reader, judgement, crypto, f) == -1)
		return -1;
	rc = judge_script(reader, &checks, judgement, out, f);
	checks_free(&checks);
	return rc;
}

int
package_judge_sql(struct store *reader, struct crypto *crypto, long long run,
    struct buf *out, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc = 0, row = SQLITE_DONE;

	if (sqlite3_prepare_v2(store_db(reader),
		"SELECT judgement FROM judged_at WHERE run = ?1 AND judgement "
		"IS NOT NULL ORDER BY profile",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(reader, "judgements", f);
	sqlite3_bind_int64(q, 1, run);
	judge_script_begin(out);
	while (rc == 0 && (row = sqlite3_step(q)) == SQLITE_ROW)
		rc =
		    put_one(reader, crypto, sqlite3_column_int64(q, 0), out, f);
	(void)sqlite3_finalize(q);
	if (rc == 0 && row != SQLITE_DONE)
		return store_fault(reader, "judgements", f);
	return rc;
}
