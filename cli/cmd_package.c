/* exhibit package: what an auditor is handed, in one signed file. */
#include "cli/packing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "cli/countersign.h"
#include "base/file.h"

#define DEFAULT_PACKAGE "exhibit.asice"

/* --sample and --seed belong together. */
static int
read_sample(struct packing *p, struct fault *f)
{
	const char *n = option(p->o, "sample"), *seed = option(p->o, "seed");
	char *end;

	if (n == NULL && seed == NULL)
		return 0;
	if (option(p->o, "redact") != NULL)
		return fault(f, FAULT_USAGE,
		    "--sample is drawn by names, which --redact replaces: "
		    "leave one of them out");
	if (n == NULL || seed == NULL)
		return fault(f, FAULT_USAGE,
		    "--sample and --seed belong together: the seed is what "
		    "lets the sample be drawn again");
	errno = 0;
	p->about.sample = strtoll(n, &end, 10);
	if (errno != 0 || *end != '\0' || n[0] == '\0' || p->about.sample < 1 ||
	    p->about.sample > PACKAGE_SAMPLE_MAX)
		return fault(f, FAULT_USAGE, "--sample %s: not 1 to %d", n,
		    PACKAGE_SAMPLE_MAX);
	if (!package_seed_ok(seed))
		return fault(f, FAULT_USAGE,
		    "--seed %s: 1 to %d of A-Z a-z 0-9 . _ -", seed,
		    PACKAGE_SEED_MAX);
	(void)snprintf(p->about.seed, sizeof(p->about.seed), "%s", seed);
	return 0;
}

/* What was handed over is part of the living store's log. */
static int
log_package(struct packing *p, const struct buf *note, const struct buf *cms,
    const struct buf *tst, struct fault *f)
{
	const char *slash = strrchr(p->path, '/');
	const char *name = slash != NULL ? slash + 1 : p->path;
	char hex[SHA384_HEX], made[UTC_LEN];
	json_t *v;
	int rc;
	BUF_AUTO(body, 65536);

	cli_clock(p->cli, made);
	hex_encode(p->manifest, SHA384_LEN, hex);
	if (checkpoint_put_stamped(p->st, made, &p->head, note->p, cms->p,
		cms->len, tst->len > 0 ? tst->p : NULL, tst->len, f) == -1)
		return -1;
	v = json_pack("{s:I, s:I, s:s, s:s, s:o, s:I, s:s}", "files",
	    (json_int_t)p->files, "judgement", (json_int_t)p->about.judgement,
	    "made", made, "manifest_sha384", hex, "name",
	    json_text(name, strlen(name)), "size", (json_int_t)p->head.size,
	    "type", "package");
	if (v == NULL)
		return fault_memory(f);
	rc = json_canonical(v, &body, f);
	json_decref(v);
	if (rc == 0)
		rc = log_append(p->st, "package", body.p, body.len, NULL, f);
	return rc == 0 ? cli_checkpoint(p->cli, p->st, p->signer, f) : -1;
}

static int
count_file(void *ctx, const char *name, struct fault *f)
{
	size_t *n = ctx;

	(void)name;
	(void)f;
	++*n;
	return 0;
}

static int
make(struct packing *p, struct fault *f)
{
	char parent[FOLDER_PATH_MAX];
	char *slash;
	int rc;
	BUF_AUTO(note, 1024);
	BUF_AUTO(cms, SIGNATURE_MAX);
	BUF_AUTO(tst, 1024 * 1024);

	(void)snprintf(parent, sizeof(parent), "%s", p->path);
	if ((slash = strrchr(parent, '/')) == NULL)
		(void)snprintf(parent, sizeof(parent), ".");
	else
		slash[slash == parent ? 1 : 0] = '\0';
	if (folder_new(parent, ".exhibit-package", p->folder, f) == -1)
		return -1;
	if (p->redactor != NULL &&
	    folder_new(parent, ".exhibit-evidence", p->aside, f) == -1) {
		folder_remove(p->folder);
		return -1;
	}
	rc = packing_fill(p, &note, &cms, &tst, f);
	if (rc == 0)
		rc = folder_each(p->folder, count_file, &p->files, f);
	if (rc == 0)
		rc = package_pack(p->folder, p->path, f);
	store_close(p->reader);
	store_close(p->copy);
	folder_remove(p->folder);
	if (p->redactor != NULL)
		folder_remove(p->aside);
	return rc == 0 ? log_package(p, &note, &cms, &tst, f) : -1;
}

static void
print_made(const struct packing *p)
{
	printf("%s: %zu files, as of %s (run %lld, judgement %lld)\n"
	       "  %zu satisfied, %zu not satisfied, %zu unknown, %zu not "
	       "applicable\n"
	       "  checkpoint: %lld log entries; keep it to check the next "
	       "package by\n"
	       "  exhibit verify %s --trust FILE checks it; VERIFY.txt in it "
	       "says how without exhibit\n",
	    p->path, p->files, p->about.at, p->about.run, p->about.judgement,
	    p->counts[VERDICT_SATISFIED], p->counts[VERDICT_NOT_SATISFIED],
	    p->counts[VERDICT_UNKNOWN], p->counts[VERDICT_NOT_APPLICABLE],
	    p->head.size, p->path);
}

static int
read_redaction(struct packing *p, struct fault *f)
{
	const char *profile = option(p->o, "redact");
	const char *path = option(p->o, "redact-key");
	uint8_t key[REDACT_KEY_LEN];

	if (profile == NULL && path == NULL &&
	    option(p->o, "redact-map") == NULL)
		return 0;
	if (profile == NULL || path == NULL)
		return fault(f, FAULT_USAGE,
		    "--redact and --redact-key belong together: the key is "
		    "what makes the same name the same pseudonym next time");
	if (!redact_profile_find(profile))
		return fault(f, FAULT_USAGE, "--redact %.40s: there are %s",
		    profile, REDACT_PROFILES);
	if (redact_key(path, key, f) == -1)
		return -1;
	p->redactor = redactor_new(p->cli->crypto, key, profile, f);
	OPENSSL_cleanse(key, sizeof(key));
	(void)snprintf(
	    p->about.redacted, sizeof(p->about.redacted), "%s", profile);
	return p->redactor != NULL ? 0 : -1;
}

static int
judge_and_make(struct packing *p, struct fault *f)
{
	struct judged j = { .st = p->st, .checks = &p->checks };
	int rc;

	if (read_sample(p, f) == -1 || read_redaction(p, f) == -1 ||
	    cli_checks(p->cli, p->o, &p->checks, f) == -1)
		return -1;
	rc = cli_judge(p->cli, p->o, &j, f);
	p->about.judgement = j.id;
	checks_free(&p->checks);
	/* from here on those that the judgement names, as verify reads them */
	if (rc == 0)
		rc = checks_load_judged(
		    &p->checks, p->st, p->about.judgement, p->cli->crypto, f);
	if (rc == -1)
		return -1;
	rc = make(p, f);
	checks_free(&p->checks);
	if (rc == -1)
		return -1;
	print_made(p);
	return p->counts[VERDICT_NOT_SATISFIED] + p->counts[VERDICT_UNKNOWN] >
			   0 ||
		       p->counts[VERDICT_SATISFIED] == 0
		   ? STATUS_FINDINGS
		   : STATUS_OK;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	struct packing *p;
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
		return cli_countersign(cli, o, f);
	if (option(o, "role") != NULL)
		return fault(f, FAULT_USAGE,
		    "--role is of those who countersign: give --countersign");
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return fault_memory(f);
	p->cli = cli;
	p->o = o;
	p->path = option_or(o, "output", DEFAULT_PACKAGE);
	if ((p->st = cli_store(cli, o, STORE_WRITE, false, f)) != NULL &&
	    cli_signer(cli, o, false, &p->signer, f) == 0)
		status = judge_and_make(p, f);
	redactor_free(p->redactor);
	signer_free(p->signer);
	store_close(p->st);
	free(p);
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
		{ "countersign", "FILE", "sign this package as well" },
		{ "role", "ROLE", "of who countersigns: reviewer, approver" },
		{ "title", "TEXT", "title of the report" },
		{ "organization", "TEXT", "whose system it is" },
		{ "classification", "TEXT", "banner on every page" },
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
