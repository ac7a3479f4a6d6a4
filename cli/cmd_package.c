/* exhibit package: what an auditor is handed, in one signed file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "report/policy/policy_file.h"
#include "cli/requests.h"
#include "report/package/attestation.h"
#include "report/package/countersign.h"
#include "report/package/packing.h"
#include "base/number.h"

#define DEFAULT_PACKAGE "exhibit.asice"

/* What package is asked; all borrowed from the options. */
struct packaging {
	struct signing signing;
	struct judging judging;
	struct packing_request make;
	const char *redact_key; /* file, or NULL: nothing is replaced */
	bool attest;		/* an in-toto attestation, too */
};

/* ------------------------------------------------------------------ asking */

/* --sample and --seed belong together. */
static int
read_sample(const struct options *o, struct packing_request *q, struct fault *f)
{
	const char *n = option(o, "sample");

	q->seed = option(o, "seed");
	if (n == NULL && q->seed == NULL)
		return 0;
	if (option(o, "redact") != NULL)
		return fault(f, FAULT_USAGE,
		    "--sample is drawn by names, which --redact replaces: "
		    "leave one of them out");
	if (n == NULL || q->seed == NULL)
		return fault(f, FAULT_USAGE,
		    "--sample and --seed belong together: the seed is what "
		    "lets the sample be drawn again");
	if (!number_read(n, 1, PACKAGE_SAMPLE_MAX, &q->sample))
		return fault(f, FAULT_USAGE, "--sample %s: not 1 to %d", n,
		    PACKAGE_SAMPLE_MAX);
	if (!package_seed_ok(q->seed))
		return fault(f, FAULT_USAGE,
		    "--seed %s: 1 to %d of A-Z a-z 0-9 . _ -", q->seed,
		    PACKAGE_SEED_MAX);
	return 0;
}

static int
read_redaction(const struct options *o, struct packaging *q, struct fault *f)
{
	const char *profile = option(o, "redact");

	q->redact_key = option(o, "redact-key");
	q->make.redact_map = option(o, "redact-map");
	q->make.redact_profile = profile;
	if (profile == NULL && q->redact_key == NULL &&
	    q->make.redact_map == NULL)
		return 0;
	if (profile == NULL || q->redact_key == NULL)
		return fault(f, FAULT_USAGE,
		    "--redact and --redact-key belong together: the key is "
		    "what makes the same name the same pseudonym next time");
	if (!redact_profile_find(profile))
		return fault(f, FAULT_USAGE, "--redact %.40s: there are %s",
		    profile, REDACT_PROFILES);
	return 0;
}

static int
packaging_read(const struct cli *cli, const struct options *o,
    struct packaging *q, struct fault *f)
{
	*q = (struct packaging){ .make = { .path = option_or(
					       o, "output", DEFAULT_PACKAGE),
				     .previous = option(o, "previous") } };
	if (signing_read(o, &q->signing, f) == -1 ||
	    judging_read(o, &q->judging, f) == -1 ||
	    read_sample(o, &q->make, f) == -1 || read_redaction(o, q, f) == -1)
		return -1;
	report_read(cli, o, &q->judging, &q->make.report);
	q->attest = option(o, "attest") != NULL;
	return 0;
}

/* ------------------------------------------------------------------ making */

static void
print_made(const char *path, const struct packing_made *p)
{
	printf("%s: %zu files, as of %s (run %lld, judgement %lld)\n"
	       "  %zu satisfied, %zu not satisfied, %zu unknown, %zu not "
	       "applicable\n"
	       "  checkpoint: %lld log entries; keep it to check the next "
	       "package by\n"
	       "  exhibit verify %s --trust FILE checks it; VERIFY.txt in it "
	       "says how without exhibit\n",
	    path, p->files, p->about.at, p->about.run, p->about.judgement,
	    p->counts[VERDICT_SATISFIED], p->counts[VERDICT_NOT_SATISFIED],
	    p->counts[VERDICT_UNKNOWN], p->counts[VERDICT_NOT_APPLICABLE],
	    p->head.size, path);
}

static int
status_of(const size_t counts[VERDICTS])
{
	return counts[VERDICT_NOT_SATISFIED] + counts[VERDICT_UNKNOWN] > 0 ||
		       counts[VERDICT_SATISFIED] == 0
		   ? STATUS_FINDINGS
		   : STATUS_OK;
}

static int
load_redactor(struct cli *cli, struct packaging *q, struct fault *f)
{
	uint8_t key[REDACT_KEY_LEN];

	if (q->redact_key == NULL)
		return 0;
	if (redact_key(q->redact_key, key, f) == -1)
		return -1;
	q->make.redactor =
	    redactor_new(cli->crypto, key, q->make.redact_profile, f);
	OPENSSL_cleanse(key, sizeof(key));
	return q->make.redactor != NULL ? 0 : -1;
}

/* The checks and the judgement under them, then those that the judgement
 * names, as verify reads them. */
static int
judge_for(struct cli *cli, struct packaging *q, struct store *st,
    struct checks *checks, struct fault *f)
{
	struct judged j = { .st = st, .checks = checks };
	int rc;

	if (cli_checks(cli, &q->judging, checks, f) == -1)
		return -1;
	rc = cli_judge(cli, &q->judging, &j, f);
	q->make.judgement = j.id;
	checks_free(checks);
	return rc == 0 ? checks_load_judged(checks, st, j.id, cli->crypto, f)
		       : -1;
}

static int
judge_and_make(
    struct cli *cli, struct packaging *q, struct store *st, struct fault *f)
{
	struct packing_made made;
	struct checks checks;
	int rc;

	if (load_redactor(cli, q, f) == -1 ||
	    judge_for(cli, q, st, &checks, f) == -1)
		return -1;
	rc = package_make(&q->make, st, &checks, &cli->seal, &made, f);
	checks_free(&checks);
	if (rc == 0 && q->attest)
		rc = attestation_write(
		    q->make.path, q->judging.profile, &made, &cli->seal, f);
	if (rc == -1)
		return -1;
	print_made(q->make.path, &made);
	return status_of(made.counts);
}

/* Whoever reads by this policy must not refuse what is about to be signed. st:
 * where it is noted, or NULL. */
static int
check_policy(struct cli *cli, const char *path, enum policy_role role,
    struct store *st, struct fault *f)
{
	struct policy policy;
	char text[UTC_LEN];
	int64_t now;
	int rc;

	if (path == NULL || cli->seal.signer == NULL)
		return 0;
	if (policy_file_read(path, cli->crypto, &policy, f) == -1)
		return -1;
	seal_now(&cli->seal, text, &now);
	rc = policy_may_sign(
	    &policy, role, cli->crypto, cli->seal.signer, now, f);
	if (rc == 0 && st != NULL)
		rc = policy_note(st, &policy, text, f);
	policy_free(&policy);
	return rc;
}

/* ------------------------------------------------------------- countersign */

static int
countersign(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *path =
	    o->noperands == 2 ? o->operands[1] : option(o, "countersign");
	const struct countersign_request q = { .path = path,
		.output = option_or(o, "output", path),
		.role = option(o, "role"),
		.tmp = cli->tmp };
	struct signer *who = NULL;
	int n = -1;

	if (cli_signer_of(cli, o, false, &who, f) == 0 &&
	    check_policy(
		cli, option(o, "signers"), POLICY_COUNTERSIGN, NULL, f) == 0)
		n = package_countersign(&q, &cli->seal, f);
	signer_free(who);
	if (n == -1)
		return -1;
	printf("%s: signature %03d, %s\n", q.output, n, q.role);
	return STATUS_OK;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	struct signer *signer = NULL;
	struct packaging q;
	struct store *st;
	int status = -1;
	bool named =
	    o->noperands == 2 && strcmp(o->operands[0], "countersign") == 0;

	if (o->noperands > 0 && !named)
		return fault(f, FAULT_USAGE,
		    "package takes no operand '%s' (but 'countersign FILE')",
		    o->operands[0]);
	if (named && option(o, "countersign") != NULL)
		return fault(f, FAULT_USAGE,
		    "'countersign FILE' and --countersign: give one");
	if (named || option(o, "countersign") != NULL)
		return countersign(cli, o, f);
	if (option(o, "role") != NULL)
		return fault(f, FAULT_USAGE,
		    "--role is of those who countersign: give --countersign");
	if (packaging_read(cli, o, &q, f) == -1 ||
	    (st = cli_store(cli, STORE_WRITE, false, f)) == NULL)
		return -1;
	if (cli_signer(cli, &q.signing, false, &signer, f) == 0 &&
	    check_policy(cli, option(o, "signers"), POLICY_PREPARE, st, f) == 0)
		status = judge_and_make(cli, &q, st, f);
	redactor_free(q.make.redactor);
	signer_free(signer);
	store_close(st);
	return status;
}

const struct command cmd_package = {
	.name = "package",
	.operands = "[countersign FILE]",
	.about = "hand over: report, evidence and proofs in one signed file",
	.help =
	    "Judges the state of the store, now or as of a run, date or the "
	    "end of a period, and\nputs the report, its tables, a copy of the "
	    "store, the checks and how to verify all of\nit into one signed "
	    "file (ASiC-E layout, a ZIP).\n\nWith countersign a further "
	    "signature goes over the same manifest of a package that\nholds.",
	.options =
	    (const struct option_def[]){
		{ "output", "FILE", "the package (" DEFAULT_PACKAGE ")" },
		{ "as-of", "RUN|DATE", "judge the state as of then" },
		{ "period", "PERIOD", "over 2026Q3, 2026-07, FROM..TO" },
		{ "previous", "FILE", "the package handed over before" },
		{ "sample", "COUNT", "draw so many subjects" },
		{ "seed", "TEXT", "what the sample is drawn by" },
		{ "redact", "PROFILE",
		    "replace names by pseudonyms: all, hosts" },
		{ "redact-key", "FILE",
		    "what pseudonyms are made with; made if it is not there" },
		{ "redact-map", "FILE",
		    "also write what stands for what, for you alone" },
		{ "attest", NULL,
		    "also an in-toto attestation, .intoto.jsonl" },
		{ "signers", "FILE",
		    "signers.yaml: sign only if it lists this key" },
		{ "countersign", "FILE", "sign this package as well" },
		{ "role", "ROLE", "of who countersigns: reviewer, approver" },
		{ "title", "TEXT", "title of the report" },
		{ "organization", "TEXT", "whose system it is" },
		{ "classification", "TEXT", "banner on every page" },
		{ "fedramp-id", "ID", "of the offering" },
		{ "logo", "FILE", "PNG or JPEG on the cover, up to 128 KiB" },
		{ "accent", "#RRGGBB", "colour of the page's lines" },
		{ "profile", "NAME|FILE",
		    "which checks, by which rules (all)" },
		{ "checks", "DIR", "more checks, or others under the same id" },
		{ "catalogs", "DIR",
		    "more catalogues, or others of the same name" },
		{ "templates", "DIR", "report.xsl and report.css from there" },
		{ "max-age", "HOURS",
		    "older evidence is unknown (168; 0: any)" },
		{ "key", "URI", "private key (default " DEFAULT_KEY ")" },
		{ "cert", "URI", "certificate (default " DEFAULT_CERT ")" },
		PASSPHRASE_OPTIONS,
		TSA_OPTIONS,
		{ 0 },
	    },
	.run = run,
};
