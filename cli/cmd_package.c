/* exhibit package: what an auditor is handed, in one signed file. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "countersign.h"
#include "file.h"
#include "folder.h"
#include "package.h"
#include "period.h"
#include "proof.h"
#include "redact.h"
#include "sign.h"

#define DEFAULT_PACKAGE "exhibit.asice"
#define PIECE_MAX (65UL * 1024 * 1024) /* bytes of a table at once */

struct packing {
	struct cli *cli;
	const struct options *o;
	struct store *st;      /* the living one */
	struct store *copy;    /* evidence.db in the folder; reads */
	struct store *reader;  /* of it: what the report and tables show */
	struct signer *signer; /* borrowed */
	struct checks checks;
	struct package_about about;
	struct package_has has;
	struct redactor *redactor; /* or NULL: nothing is replaced */
	struct log_head head;	   /* of the copy */
	const char *path;
	char folder[FOLDER_PATH_MAX], aside[FOLDER_PATH_MAX];
	size_t counts[VERDICTS];
	uint8_t manifest[SHA384_LEN];
	size_t files;
};

/* Sign these bytes of the folder as META-INF/…, detached. */
static int
sign_as(struct packing *p, const struct buf *bytes, const char *name,
    struct buf *cms, struct fault *f)
{
	if (cli_sign(p->cli, p->signer, bytes, "the package is signed", cms,
		f) == -1)
		return -1;
	return folder_put(p->folder, name, cms->p, cms->len, f);
}

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

/* What the judgement says it was, and the period. */
static int
describe(struct packing *p, struct fault *f)
{
	struct package_about *a = &p->about;
	struct period period;
	sqlite3_stmt *q = NULL;
	bool given;
	int rc = -1;

	if (sqlite3_prepare_v2(store_db(p->copy),
		"SELECT run, as_of, made FROM judgement WHERE id = ?1", -1, &q,
		NULL) != SQLITE_OK)
		return store_fault(p->copy, "judgement", f);
	sqlite3_bind_int64(q, 1, a->judgement);
	if (sqlite3_step(q) == SQLITE_ROW) {
		a->run = sqlite3_column_int64(q, 0);
		(void)snprintf(a->at, UTC_LEN, "%s",
		    (const char *)sqlite3_column_text(q, 1));
		(void)snprintf(a->made, UTC_LEN, "%s",
		    (const char *)sqlite3_column_text(q, 2));
		rc = 0;
	} else {
		(void)store_fault(p->copy, "judgement", f);
	}
	(void)sqlite3_finalize(q);
	if (rc == -1 || cli_period(p->o, &period, &given, f) == -1)
		return -1;
	if (!given)
		period_quarter_of(a->at, &period);
	memcpy(a->from, period.from, UTC_LEN);
	memcpy(a->to, period.to, UTC_LEN);
	(void)snprintf(a->exhibit, sizeof(a->exhibit), "%s", EXHIBIT_VERSION);
	(void)snprintf(a->store, sizeof(a->store), "%s", store_id(p->copy));
	a->templates = option(p->o, "templates") != NULL;
	return 0;
}

/* ------------------------------------------------------------------- files */

struct filling {
	int fd;
	const char *name;
	struct redactor *redactor; /* or NULL */
};

static int
write_piece(const struct filling *w, const char *s, size_t len, struct fault *f)
{
	while (len > 0) {
		ssize_t n = write(w->fd, s, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fault_errno(f, errno, w->name);
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Whole lines, in which names are words as in any text. */
static int
put_piece(void *ctx, const void *p, size_t len, struct fault *f)
{
	const struct filling *w = ctx;
	BUF_AUTO(line, PIECE_MAX);
	BUF_AUTO(out, 2 * PIECE_MAX);

	if (w->redactor == NULL)
		return write_piece(w, p, len, f);
	buf_put(&line, p, len);
	if (buf_done(&line, w->name, f) == -1 ||
	    (line.len > 0 && redactor_text(w->redactor, line.p, &out, f) == -1))
		return -1;
	return write_piece(w, out.p != NULL ? out.p : "", out.len, f);
}

static int
put_tables(struct packing *p, struct store *reader, struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && package_tables[i].file != NULL; i++) {
		struct filling w = { .name = package_tables[i].file,
			.redactor = p->redactor };

		if ((w.fd = folder_create(p->folder, w.name, f)) == -1)
			return -1;
		rc = package_table(reader, &p->checks.catalogs, &p->about, i,
		    put_piece, &w, f);
		if (close(w.fd) == -1 && rc == 0)
			rc = fault_errno(f, errno, w.name);
	}
	return rc;
}

static int
put_sample(struct packing *p, struct store *reader, struct fault *f)
{
	BUF_AUTO(out, 0);

	if (p->about.sample == 0)
		return 0;
	if (package_sample(p->cli->crypto, reader, &p->about, &out, f) == -1)
		return -1;
	return folder_put(p->folder, "csv/sample.csv", out.p, out.len, f);
}

/* The checks and catalogues, as they judged. */
static int
put_rules(struct packing *p, struct fault *f)
{
	char name[256];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < p->checks.n; i++) {
		const struct check *k = &p->checks.list[i];

		(void)snprintf(name, sizeof(name), "checks/%s.sql", k->id);
		rc = folder_put(p->folder, name, k->text, k->len, f);
	}
	for (size_t i = 0; rc == 0 && i < p->checks.catalogs.n; i++) {
		const struct catalog *k = &p->checks.catalogs.list[i];

		(void)snprintf(name, sizeof(name), "catalogs/%s.tsv", k->name);
		rc = folder_put(p->folder, name, k->text, k->len, f);
	}
	return rc;
}

/* The checkpoint of exactly this copy. */
static int
put_checkpoint(struct packing *p, struct buf *note, struct buf *tst,
    struct buf *cms, struct fault *f)
{
	if (log_head(p->copy, &p->head, f) == -1 ||
	    checkpoint_note(p->copy, &p->head, note, f) == -1 ||
	    folder_put(p->folder, "checkpoint.txt", note->p, note->len, f) ==
		-1 ||
	    sign_as(p, note, PACKAGE_CHECKPOINT_SIGNATURE, cms, f) == -1)
		return -1;
	cli_stamp(p->cli, note, "the package's checkpoint is signed", tst);
	p->has.checkpoint_stamp = tst->len > 0;
	return tst->len == 0 ? 0
			     : folder_put(p->folder, PACKAGE_CHECKPOINT_STAMP,
				   tst->p, tst->len, f);
}

/* That the log of the package before is this one's beginning. */
static int
put_previous(struct packing *p, const char *path, struct fault *f)
{
	char origin[CHECKPOINT_ORIGIN_MAX], want[CHECKPOINT_ORIGIN_MAX];
	struct log_head head;
	uint8_t root[SHA256_LEN];
	BUF_AUTO(note, 4096);
	BUF_AUTO(proof, PROOF_MAX);

	if (cli_package_checkpoint(path, &note, origin, &head, f) == -1)
		return -1;
	(void)snprintf(want, sizeof(want), "exhibit/%s", store_id(p->copy));
	if (strcmp(origin, want) != 0)
		return fault(f, FAULT_USAGE,
		    "--previous %s: is a package of another store", path);
	if (log_root_at(p->copy, head.size, root, f) == -1)
		return -1;
	if (memcmp(root, head.root, SHA256_LEN) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "--previous %s: the store's log had another root at that "
		    "size: its past was changed",
		    path);
	p->has.previous = true;
	if (folder_put(p->folder, "previous-checkpoint.txt", note.p, note.len,
		f) == -1)
		return -1;
	if (head.size == p->head.size)
		return 0; /* nothing was added: the checkpoints are equal */
	if (proof_consistency(p->copy, head.size, p->head.size, &proof, f) ==
	    -1)
		return -1;
	return folder_put(p->folder, "consistency.txt", proof.p, proof.len, f);
}

static int
put_texts(struct packing *p, struct fault *f)
{
	char path[FOLDER_PATH_MAX];
	BUF_AUTO(about, PACKAGE_TEXT_MAX);
	BUF_AUTO(how, PACKAGE_TEXT_MAX);
	BUF_AUTO(pem, SIGNER_FILE_MAX);

	if (folder_path(p->folder, "report.poam.xml", path, f) == -1)
		return -1;
	p->has.plan = access(path, F_OK) == 0;
	if (package_about_write(&p->about, &about, f) == -1 ||
	    folder_put(p->folder, "package.json", about.p, about.len, f) ==
		-1 ||
	    signer_certificate(p->signer, &pem, f) == -1 ||
	    folder_put(p->folder, "signer.pem", pem.p, pem.len, f) == -1 ||
	    package_verify_text(&p->about, &p->has, &how, f) == -1)
		return -1;
	return folder_put(p->folder, "VERIFY.txt", how.p, how.len, f);
}

/* What stands for what: commitments in the package, and if it is asked for the
 * whole, for the preparer alone. */
static int
put_redacted(struct packing *p, struct fault *f)
{
	const char *path = option(p->o, "redact-map");
	int rc;
	BUF_AUTO(table, 1024UL * 1024 * 1024);
	BUF_AUTO(map, 1024UL * 1024 * 1024);

	if (p->redactor == NULL)
		return 0;
	if (redactor_table(p->redactor, &table, f) == -1 ||
	    folder_put(p->folder, "csv/redacted.csv", table.p, table.len, f) ==
		-1)
		return -1;
	if (path == NULL)
		return 0;
	rc = redactor_map(p->redactor, &map, f);
	return rc == 0 ? file_write(path, map.p, map.len, 0600, f) : -1;
}

static int
put_queries(struct packing *p, struct fault *f)
{
	const struct query_when when = package_when(&p->about);

	if (query_look(p->reader, &when, f) == -1 ||
	    put_tables(p, p->reader, f) == -1 ||
	    put_sample(p, p->reader, f) == -1)
		return -1;
	return put_redacted(p, f);
}

/* ----------------------------------------------------------------- sealing */

static int
seal(struct packing *p, struct fault *f)
{
	BUF_AUTO(manifest, MANIFEST_MAX);
	BUF_AUTO(stamped, MANIFEST_MAX);
	BUF_AUTO(tst, 1024 * 1024);
	BUF_AUTO(cms, SIGNATURE_MAX);

	if (package_seal(p->folder, p->cli->crypto, &manifest, f) == -1 ||
	    sign_as(p, &manifest, PACKAGE_SIGNATURE, &cms, f) == -1 ||
	    digest_sha384(
		p->cli->crypto, manifest.p, manifest.len, p->manifest, f) == -1)
		return -1;
	if (!p->has.stamp)
		return 0;
	if (package_stamped(p->folder, p->cli->crypto, &stamped, f) == -1)
		return -1;
	cli_stamp(p->cli, &stamped, "the package is signed", &tst);
	if (tst.len == 0)
		return fault(f, FAULT_REMOTE,
		    "no time stamp for the package, which would say that it "
		    "has one");
	if (folder_put(p->folder, PACKAGE_STAMPED, stamped.p, stamped.len, f) ==
	    -1)
		return -1;
	return folder_put(p->folder, PACKAGE_STAMP, tst.p, tst.len, f);
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

/* ------------------------------------------------------------------- whole */

static int
fill(struct packing *p, struct buf *note, struct buf *cms, struct buf *tst,
    struct fault *f)
{
	char path[FOLDER_PATH_MAX];
	const char *previous = option(p->o, "previous");
	struct judged j = { .checks = &p->checks, .id = p->about.judgement };

	/* names stand in the evidence: redacted, it stays here */
	if (folder_path(p->redactor != NULL ? p->aside : p->folder,
		"evidence.db", path, f) == -1 ||
	    store_copy(p->st, path, f) == -1 ||
	    (p->copy = store_open(
		 path, STORE_READ, kinds, p->cli->crypto, f)) == NULL ||
	    (p->reader = store_reader(p->copy, f)) == NULL ||
	    folder_path(p->folder, "report", path, f) == -1 ||
	    describe(p, f) == -1)
		return -1;
	j.st = p->copy;
	j.reader = p->reader;
	if (cli_report_whole(
		p->cli, p->o, &j, p->signer, path, p->redactor, f) == -1)
		return -1;
	memcpy(p->counts, j.counts, sizeof(p->counts));
	if (put_checkpoint(p, note, tst, cms, f) == -1 ||
	    (previous != NULL && put_previous(p, previous, f) == -1))
		return -1;
	/* if the checkpoint could not be stamped, the package cannot either */
	p->has.stamp = option(p->o, "tsa") != NULL && !p->cli->unstamped;
	if (put_queries(p, f) == -1 || put_rules(p, f) == -1 ||
	    put_texts(p, f) == -1)
		return -1;
	store_close(p->reader);
	store_close(p->copy);
	p->copy = p->reader = NULL;
	return seal(p, f);
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
	rc = fill(p, &note, &cms, &tst, f);
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
