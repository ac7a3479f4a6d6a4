/* exhibit assess: judge what the store holds again; both judgements stay. */
#include "cli/requests.h"

#include <string.h>

#include "cli/viewing.h"
#include "report/package/checkpoint.h"

/* What the judgement says, and how many verdicts are other than before. */
static const char summary[] =
    "SELECT v.verdict, count(*) AS subjects, count(DISTINCT v.check_id) AS "
    "checks, (SELECT count(*) FROM verdict_change c WHERE c.judgement = :id "
    "AND c.verdict = v.verdict AND c.was <> c.verdict) AS changed "
    "FROM verdict_at v WHERE v.judgement = :id GROUP BY v.verdict "
    "ORDER BY v.verdict";

static int
print_summary(struct look *l, long long judgement, struct fault *f)
{
	static const int shown[] = { 0, 1, 2, 3 };
	sqlite3_stmt *q;
	long long rows;

	if (look_ask(l, summary, &q, f) == -1)
		return -1;
	look_bind_number(q, ":id", judgement);
	rows = look_rows(l, q, shown, 4, ROWS_TABLE, f);
	(void)sqlite3_finalize(q);
	return rows == -1 ? -1 : 0;
}

/* As a report's: all that was judged is satisfied, and something was. */
static int
status_of(struct look *l, long long judgement, struct fault *f)
{
	sqlite3_stmt *q;
	int status = -1;

	if (look_ask(l,
		"SELECT count(*) FILTER (WHERE verdict IN ('not-satisfied', "
		"'unknown')) = 0 AND count(*) FILTER (WHERE verdict = "
		"'satisfied') > 0 FROM verdict_at WHERE judgement = :id",
		&q, f) == -1)
		return -1;
	look_bind_number(q, ":id", judgement);
	if (look_next(l, q, f) == 1)
		status =
		    sqlite3_column_int(q, 0) == 1 ? STATUS_OK : STATUS_FINDINGS;
	(void)sqlite3_finalize(q);
	return status;
}

static int
tell_judgement(struct look *l, long long judgement, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (look_ask(l,
		"SELECT run, as_of, profile, made FROM judgement WHERE id = "
		":id",
		&q, f) == -1)
		return -1;
	look_bind_number(q, ":id", judgement);
	if ((rc = look_next(l, q, f)) == 1)
		printf("Judgement %lld of run %s as of %s, profile %s, made "
		       "%s.\n",
		    judgement, look_text(q, 0), look_text(q, 1),
		    look_text(q, 2), look_text(q, 3));
	(void)sqlite3_finalize(q);
	if (rc == -1 || print_summary(l, judgement, f) == -1)
		return -1;
	return status_of(l, judgement, f);
}

/* Judge, and sign the log that now holds the judgement when a key is named. */
static int
assess(
    struct cli *cli, const struct options *o, struct store *st, struct fault *f)
{
	struct look l = { .st = st };
	struct signer *signer = NULL;
	struct judging q;
	struct checks checks;
	struct judged j = { .st = st, .checks = &checks };
	int rc;

	memcpy(l.at, cli->now, UTC_LEN);
	if (judging_read(o, &q, f) == -1 ||
	    cli_signer_of(cli, o, true, &signer, f) == -1)
		return -1;
	rc = cli_checks(cli, &q, &checks, f);
	if (rc == 0) {
		rc = cli_judge(cli, &q, &j, f);
		checks_free(&checks);
	}
	if (rc == 0)
		rc = checkpoint_seal(st, &cli->seal, f);
	signer_free(signer);
	return rc == -1 ? -1 : tell_judgement(&l, j.id, f);
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	struct store *st;
	int status;

	if (o->noperands > 0)
		return fault(f, FAULT_USAGE, "assess takes no operand '%s'",
		    o->operands[0]);
	if ((st = cli_store(cli, STORE_WRITE, false, f)) == NULL)
		return -1;
	status = assess(cli, o, st, f);
	store_close(st);
	return status;
}

const struct command cmd_assess = {
	.name = "assess",
	.operands = "",
	.about = "judge old or present evidence under today's checks",
	.help = "Judges the state of the store, now or as of a run or date, "
		"under the checks of today,\nand collects nothing. The "
		"judgement before stays: 'query' and 'show' take the newest "
		"one\nof a run, or with --known-at the one that was known "
		"then. 'history' tells what flipped.\n\n"
		"  exhibit assess --as-of 2026-09-30 --key exhibit-key.pem\n"
		"  exhibit query findings --as-of 2026-09-30 --known-at "
		"2026-10-15",
	.options =
	    (const struct option_def[]){
		{ "as-of", "RUN|DATE", "judge the state as of then" },
		{ "profile", "NAME|FILE",
		    "which checks, by which rules (all)" },
		{ "checks", "DIR", "more checks, or others under the same id" },
		{ "catalogs", "DIR", "more catalogues, or newer ones" },
		{ "max-age", "HOURS",
		    "older evidence is unknown (168; 0: any)" },
		{ "key", "URI", "sign the checkpoint with this key" },
		{ "cert", "URI", "and its certificate" },
		PASSPHRASE_OPTIONS,
		TSA_OPTIONS,
		{ 0 },
	    },
	.run = run,
};
