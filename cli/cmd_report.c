/* exhibit audit and exhibit report: judge, write, sign. */
#include "cli/report_summary.h"
#include "cli/requests.h"

#include <stdlib.h>
#include <string.h>

#include "report/package/checkpoint.h"

#define REPORT_OPTIONS                                                         \
	{ "output", "BASE",                                                    \
		"files BASE.html, BASE.xml (" DEFAULT_REPORT ")" },            \
	    { "format", "LIST",                                                \
		    "of html, xml, pdf, poam, plan, xccdf, json, sarif, "      \
		    "cbom, "                                                   \
		    "csv (html,xml)" },                                        \
	    { "title", "TEXT", "title of the report" },                        \
	    { "organization", "TEXT", "whose system it is" },                  \
	    { "classification", "TEXT", "banner on every page" },              \
	    { "logo", "FILE", "PNG or JPEG on the cover, up to 128 KiB" },     \
	    { "accent", "#RRGGBB", "colour of the page's lines" },             \
	    { "profile", "NAME|FILE", "which checks, by which rules (all)" },  \
	    { "checks", "DIR", "more checks, or others under the same id" },   \
	    { "catalogs", "DIR", "more catalogues, or newer ones" },           \
	    { "templates", "DIR", "report.xsl and report.css from there" },    \
	    { "max-age", "HOURS", "older evidence is unknown (168; 0: any)" }, \
	    { "key", "URI", "private key (default " DEFAULT_KEY ")" },         \
	    { "cert", "URI", "certificate (default " DEFAULT_CERT ")" },       \
	    PASSPHRASE_OPTIONS,                                                \
	    { "xmldsig", NULL, "an XML signature, too: BASE.xml.xmldsig" },    \
	{                                                                      \
		"unsigned", NULL, "do not sign"                                \
	}

static int
status_of(const size_t counts[VERDICTS])
{
	return counts[VERDICT_NOT_SATISFIED] + counts[VERDICT_UNKNOWN] > 0 ||
		       counts[VERDICT_SATISFIED] == 0
		   ? STATUS_FINDINGS
		   : STATUS_OK;
}

/* What audit and report are asked; all borrowed from the options. */
struct reporting {
	struct signing signing;
	struct judging judging;
	struct report_request report;
};

static int
reporting_read(const struct cli *cli, const struct options *o,
    struct reporting *out, struct fault *f)
{
	if (signing_read(o, &out->signing, f) == -1 ||
	    judging_read(o, &out->judging, f) == -1)
		return -1;
	report_read(cli, o, &out->judging, &out->report);
	return 0;
}

static int
judge_and_report(struct cli *cli, const struct reporting *q, struct store *st,
    struct fault *f)
{
	struct checks checks;
	struct judged j = { .st = st, .checks = &checks };
	struct summary to = { .store = store_path(st),
		.cert =
		    q->signing.cert != NULL ? q->signing.cert : DEFAULT_CERT };
	int rc = -1;

	if (cli_checks(cli, &q->judging, &checks, f) == -1)
		return -1;
	j.reader = store_reader(st, f);
	if (j.reader != NULL)
		rc = cli_judge(cli, &q->judging, &j, f);
	if (rc == 0) /* signs exactly the log the report will speak of */
		rc = checkpoint_seal(st, &cli->seal, f);
	if (rc == 0)
		rc = report_write(
		    &q->report, &j, &cli->seal, print_report, &to, f);
	store_close(j.reader);
	checks_free(&checks);
	return rc == -1 ? -1 : status_of(j.counts);
}

static int
audit(struct cli *cli, const struct options *o, struct fault *f)
{
	struct signer *signer = NULL;
	struct reporting q;
	struct asked asked;
	struct run_result r;
	struct store *st;
	int status = -1;

	if (cli_asked(o, "node", &asked, f) == -1)
		return -1;
	if (option(o, "as-of") != NULL)
		return fault(f, FAULT_USAGE,
		    "audit collects now; 'exhibit report --as-of' looks back");
	if (reporting_read(cli, o, &q, f) == -1 ||
	    (st = cli_store(cli, STORE_WRITE, true, f)) == NULL)
		return -1;
	if (cli_signer(cli, &q.signing, true, &signer, f) == 0 &&
	    cli_collect(cli, o, &asked, st, &r, f) == 0)
		status = judge_and_report(cli, &q, st, f);
	signer_free(signer);
	store_close(st);
	return status;
}

const struct command cmd_audit = {
	.name = "audit",
	.operands = "[COLLECTOR ...] [OPERAND ...]",
	.about = "collect, judge and report in one go",
	.help = "Collects evidence of this host (or of those named), judges "
		"it and writes a signed\nreport. The store and a self-signed "
		"key are made where they are missing.\n\nStatus 0 only if "
		"everything judged is satisfied; 1 if anything is not, or is "
		"unknown.",
	.options =
	    (const struct option_def[]){
		REPORT_OPTIONS,
		TSA_OPTIONS,
		{ 0 },
	    },
	.collects = true,
	.run = audit,
};

static int
report(struct cli *cli, const struct options *o, struct fault *f)
{
	struct signer *signer = NULL;
	struct reporting q;
	struct store *st;
	int status = -1;

	if (o->noperands > 0)
		return fault(f, FAULT_USAGE, "report takes no operand '%s'",
		    o->operands[0]);
	if (reporting_read(cli, o, &q, f) == -1 ||
	    (st = cli_store(cli, STORE_WRITE, false, f)) == NULL)
		return -1;
	if (cli_signer(cli, &q.signing, false, &signer, f) == 0)
		status = judge_and_report(cli, &q, st, f);
	signer_free(signer);
	store_close(st);
	return status;
}

const struct command cmd_report = {
	.name = "report",
	.operands = "",
	.about = "judge what the store holds and report it",
	.help = "Judges the state of the store, now or as of a run or date, "
		"under today's checks,\nand writes a signed report. Both "
		"judgements are kept when an old state is judged\nagain.",
	.options =
	    (const struct option_def[]){
		{ "as-of", "RUN|DATE", "judge the state as of then" },
		{ "period", "PERIOD", "report over 2026Q3, 2026-07, FROM..TO" },
		REPORT_OPTIONS,
		TSA_OPTIONS,
		{ 0 },
	    },
	.run = report,
};
