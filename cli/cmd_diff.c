/* exhibit diff: what differs between the states as of two runs. */
#include "cli/cli.h"

#include <string.h>

#include "base/length.h"
#include "cli/viewing.h"
#include "base/period.h"
#include "cli/rows.h"

/* Subjects that changed between the runs; what they were as of each. */
static const char differences[] =
    "WITH moved AS MATERIALIZED (SELECT DISTINCT subject FROM change "
    "WHERE run > min(:a, :b) AND run <= max(:a, :b)), "
    "told AS MATERIALIZED (SELECT s.*, :b AS run, o.body AS old_body, n.body "
    "AS new_body, nullif(lower(hex(o.sha256)), '') AS old_sha256, "
    "nullif(lower(hex(n.sha256)), '') AS sha256, (SELECT max(why) FROM dropped "
    "WHERE content IN (o.id, n.id)) AS why FROM moved m CROSS JOIN subject s "
    "ON "
    "s.id = m.subject "
    "LEFT JOIN content o ON o.id = (SELECT content FROM change WHERE subject "
    "= s.id AND run <= :a ORDER BY run DESC LIMIT 1) "
    "LEFT JOIN content n ON n.id = (SELECT content FROM change WHERE subject "
    "= s.id AND run <= :b ORDER BY run DESC LIMIT 1) "
    "WHERE o.id IS NOT n.id), " LOOK_DIFFERS
    "SELECT CASE WHEN old_sha256 IS NULL THEN 'appeared' ELSE 'gone' END AS "
    "what, NULL AS name, old_body ->> '$.outcome' AS old, new_body ->> "
    "'$.outcome' AS new, kind, scope, key, why AS reason, NULL AS "
    "a_judgement, NULL AS b_judgement, 0 AS part FROM told "
    "WHERE old_sha256 IS NULL OR sha256 IS NULL UNION ALL "
    "SELECT 'changed', d.name, d.old, d.new, t.kind, t.scope, t.key, NULL, "
    "NULL, NULL, 1 FROM told t JOIN differs d ON d.id = t.id "
    "WHERE t.old_body IS NOT NULL AND t.new_body IS NOT NULL UNION ALL "
    "SELECT 'changed', 'content_sha256', old_sha256, sha256, kind, scope, "
    "key, why, NULL, NULL, 1 FROM told WHERE old_sha256 IS NOT NULL AND "
    "sha256 IS NOT NULL AND (old_body IS NULL OR new_body IS NULL) UNION ALL "
    "SELECT 'verdict', check_id, old, new, kind, scope, key, reason, "
    "a_judgement, b_judgement, 2 FROM ("
    "SELECT v.check_id, v.kind, v.scope, v.key, "
    "max(v.verdict) FILTER (WHERE j.side = 0) AS old, "
    "max(v.verdict) FILTER (WHERE j.side = 1) AS new, "
    "max(v.reason) FILTER (WHERE j.side = 1) AS reason, "
    "max(j.judgement) FILTER (WHERE j.side = 0) AS a_judgement, "
    "max(j.judgement) FILTER (WHERE j.side = 1) AS b_judgement FROM "
    "(SELECT profile, judgement, 0 AS side FROM judged_at WHERE run = :a "
    "UNION ALL SELECT profile, judgement, 1 FROM judged_at WHERE run = :b) j "
    "JOIN verdict_at v ON v.judgement = j.judgement "
    "GROUP BY v.profile, v.check_id, v.subject) WHERE old IS NOT new "
    "ORDER BY 11, 5, 6, 7, 2";

static const int shown[] = { 0, 4, 5, 6, 1, 2, 3, 8, 9, 7 };

/* The run that a word names: of a period, its last. */
static int
find_run(struct cli *cli, struct look *l, const char *word, long long *run,
    struct fault *f)
{
	const char *asked = word;
	char at[UTC_LEN], last[UTC_LEN];
	struct period p;
	struct fault ignored;
	int64_t t;

	if (strspn(word, "0123456789") != strlen(word) &&
	    strstr(word, "..") == NULL &&
	    period_parse(word, &p, &ignored) == 0 && utc_parse(p.to, &t) == 0) {
		utc_format(t - 1, last);
		asked = last;
	}
	if (cli_as_of(cli, asked, l->st, run, at, f) == 0)
		return 0;
	if (f->kind != FAULT_USAGE)
		return -1;
	return fault(f, FAULT_USAGE,
	    "diff %s: no run is named so; say a run's number, a date, a UTC "
	    "time or a quarter (2026Q3); 'exhibit query runs' lists the runs",
	    word);
}

/* 0: nothing differs, 1: something does. */
static int
compare(struct cli *cli, const struct options *o, struct look *l,
    enum rows_format format, struct fault *f)
{
	long long a, b, rows;
	sqlite3_stmt *q;

	if (find_run(cli, l, o->operands[0], &a, f) == -1 ||
	    find_run(cli, l, o->operands[1], &b, f) == -1 ||
	    look_ask(l, differences, &q, f) == -1)
		return -1;
	look_bind_number(q, ":a", a);
	look_bind_number(q, ":b", b);
	if (format == ROWS_TABLE)
		printf("Run %lld and run %lld:\n", a, b);
	rows = look_rows(l, q, shown, LENGTH(shown), format, f);
	(void)sqlite3_finalize(q);
	if (rows == -1)
		return -1;
	return rows > 0 ? STATUS_FINDINGS : STATUS_OK;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const struct look_request looking = look_read(o);
	enum rows_format format;
	struct look l;
	int status = -1;

	if (o->noperands != 2)
		return fault(f, FAULT_USAGE,
		    "diff: say two runs, dates or quarters, the older first");
	if (rows_format(o, &format, f) == -1)
		return -1;
	if (look_open(cli, &looking, &l, f) == 0)
		status = compare(cli, o, &l, format, f);
	look_close(&l);
	return status;
}

const struct command cmd_diff = {
	.name = "diff",
	.operands = "A B",
	.about = "what differs between two runs, dates or quarters",
	.help = "A and B are each a run's number, a date, a UTC time, or a "
		"quarter or a month, of which\nthe last run is meant. "
		"Tells what appeared, went and changed column by column,\nand "
		"which verdicts are others. Status 0 if nothing differs, 1 if "
		"anything does.\n\n"
		"  exhibit diff 2026Q2 2026Q3\n"
		"  exhibit diff 12 13 --format csv",
	.options =
	    (const struct option_def[]){
		{ "known-at", "DATE", "verdicts as they were known then" },
		{ "format", "table|csv|json", "how to print (table)" },
		{ 0 },
	    },
	.run = run,
};
