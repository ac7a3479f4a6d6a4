/* exhibit audit and exhibit report: judge, write, sign. */
#include "cli/report_summary.h"
#include "cli/requests.h"

#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "report/package/checkpoint.h"

#define REPORT_OPTIONS                                                         \
	{ "output", "BASE",                                                    \
		"files BASE.html, BASE.xml (" DEFAULT_REPORT ")" },            \
	    { "format", "LIST",                                                \
		    "of html, xml, pdf, poam, plan, oscal-json, poam-json, "   \
		    "plan-json, xccdf, xccdf-system, hdf, ckl, cklb, ocsf, "   \
		    "junit, json, sarif, gitlab, "                             \
		    "github, cbom, fedramp, csv, openmetrics (html,xml)" },    \
	    { "title", "TEXT", "title of the report" },                        \
	    { "organization", "TEXT", "whose system it is" },                  \
	    { "classification", "TEXT", "banner on every page" },              \
	    { "fedramp-id", "ID", "of the offering, for --format fedramp" },   \
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
	bool forgets; /* the store is not kept after the command */
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
		.forgets = q->forgets,
		.quiet = cli->quiet,
		.github = q->report.formats != NULL &&
			  strstr(q->report.formats, "github") != NULL,
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
audit_into(struct cli *cli, const struct options *o, struct reporting *q,
    const struct asked *asked, struct fault *f)
{
	struct signer *signer = NULL;
	struct run_result r;
	struct store *st = cli_store(cli, STORE_WRITE, true, f);
	int status = -1;

	if (st == NULL)
		return -1;
	if (cli_signer(cli, &q->signing, true, &signer, f) == 0 &&
	    cli_collect(cli, o, asked, st, &r, f) == 0)
		status = judge_and_report(cli, q, st, f);
	signer_free(signer);
	store_close(st);
	return status;
}

/* Of configuration files alone, without a store that is named: the report
 * speaks of these files and of nothing that a store here may hold. */
static int
audit_alone(struct cli *cli, const struct options *o, struct reporting *q,
    const struct asked *asked, struct fault *f)
{
	char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
	const char *before = cli->store;
	int status = -1;

	if (folder_new(cli->tmp, "exhibit-config-", folder, f) == -1)
		return -1;
	if (folder_path(folder, "files.db", path, f) == 0) {
		cli->store = path;
		q->forgets = true;
		status = audit_into(cli, o, q, asked, f);
		cli->store = before;
	}
	folder_remove(folder);
	return status;
}

static int
audit(struct cli *cli, const struct options *o, struct fault *f)
{
	struct reporting q = { 0 };
	struct asked asked;

	if (cli_asked(o, "node", &asked, f) == -1)
		return -1;
	if (option(o, "as-of") != NULL)
		return fault(f, FAULT_USAGE,
		    "audit collects now; 'exhibit report --as-of' looks back");
	if (reporting_read(cli, o, &q, f) == -1)
		return -1;
	return asked.n == 1 && strcmp(asked.list[0]->name, "config") == 0 &&
		       !cli->store_given
		   ? audit_alone(cli, o, &q, &asked, f)
		   : audit_into(cli, o, &q, &asked, f);
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
	struct reporting q = { 0 };
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
