/* exhibit collect: ask, and keep or print the answers. */
#include "cli/requests.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/build.h"
#include "base/emission.h"
#include "base/file.h"
#include "report/package/bundle_import.h"
#include "report/package/checkpoint.h"
#include "report/policy/policy_file.h"
#include "base/number.h"

static int
write_stdout(void *ctx, const char *p, size_t len, struct fault *f)
{
	(void)ctx;
	if (fwrite(p, 1, len, stdout) != len)
		return fault_errno(f, errno, "standard output");
	return 0;
}

static int
emit(struct cli *cli, const struct options *o, const struct asked *a,
    struct fault *f)
{
	struct emission e = { .to = { write_stdout, NULL },
		.crypto = cli->crypto };
	struct ndjson out = { emission_write, &e };
	const struct sink sink = ndjson_sink(&out);

	if (cli_ask(cli, o, a, false, &sink, f) == -1 ||
	    emission_end(&e, f) == -1)
		return -1;
	return STATUS_OK;
}

/* ------------------------------------------------------------ at intervals */

#define EVERY_MAX (366L * 24 * 3600) /* seconds */

/* "6h", "30m", "90s" as seconds. */
static int
every_of(const char *s, time_t *seconds, struct fault *f)
{
	size_t n = strspn(s, "0123456789");
	long long v = 0;

	(void)number_span((struct span){ s, n }, 1, EVERY_MAX, &v);

	if (strcmp(s + n, "h") == 0)
		v *= 3600;
	else if (strcmp(s + n, "m") == 0)
		v *= 60;
	else if (strcmp(s + n, "s") != 0)
		v = 0;
	if (v < 1 || v > EVERY_MAX)
		return fault(f, FAULT_USAGE,
		    "--every '%.40s': not a time like 6h, 30m or 90s", s);
	*seconds = v;
	return 0;
}

/*
 * Report after report on standard output, for whoever reads a pod's log. The
 * signals that end it wait while a report is written: none is cut. As the
 * first process of a container we would not be ended by them otherwise.
 */
static int
emit_every(struct cli *cli, const struct options *o, const struct asked *a,
    struct fault *f)
{
	struct timespec rest = { 0 };
	sigset_t ends;
	int rc;

	if (every_of(option(o, "every"), &rest.tv_sec, f) == -1)
		return -1;
	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGTERM);
	(void)sigaddset(&ends, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &ends, NULL);
	do {
		cli_clock(cli, cli->now);
		rc = emit(cli, o, a, f);
		if (rc != -1 && fflush(stdout) != 0)
			rc = fault_errno(f, errno, "standard output");
	} while (rc != -1 && sigtimedwait(&ends, NULL, &rest) == -1);
	return rc;
}

/* ------------------------------------------------------------------ import */

struct importing {
	FILE *in;
	const char *name;
	struct crypto *crypto; /* borrowed */
	struct emission_odd odd;
};

static int
fill_from_lines(void *ctx, const struct sink *sink, struct fault *f)
{
	struct importing *g = ctx;

	return lines_read(g->in, g->name, kinds, g->crypto, sink, &g->odd, f);
}

static void
tell_odd(const struct importing *g)
{
	const struct emission_odd *o = &g->odd;

	if (o->skipped > 0)
		(void)fprintf(stderr,
		    "exhibit: %s: skipped %lld line%s of other output. All "
		    "lines of the emission came.\n",
		    g->name, o->skipped, o->skipped == 1 ? "" : "s");
	if (o->uncounted > 0)
		(void)fprintf(stderr,
		    "exhibit: %s: holds %lld line%s more than its coverage "
		    "statements count. Was it joined or written by hand?\n",
		    g->name, o->uncounted, o->uncounted == 1 ? "" : "s");
}

static int
import(struct cli *cli, const struct options *o, struct store *st,
    struct run_result *result, struct fault *f)
{
	struct importing g = { stdin, "standard input", cli->crypto, { 0, 0 } };
	int rc;

	if (o->noperands > 2)
		return fault(
		    f, FAULT_USAGE, "collect import takes one file, or -");
	if (o->noperands == 2 && strcmp(o->operands[1], "-") != 0) {
		g.name = o->operands[1];
		if ((g.in = fopen(g.name, "re")) == NULL)
			return fault_errno(f, errno, g.name);
	}
	rc = cli_run(cli, st,
	    "{\"collector\":\"import\",\"options\":{},\"signed\":false}",
	    fill_from_lines, &g, result, f);
	if (rc == 0)
		tell_odd(&g);
	if (g.in != stdin)
		(void)fclose(g.in);
	return rc;
}

/* ------------------------------------------------------------------ bundles */

static int
append(void *ctx, const char *p, size_t len, struct fault *f)
{
	buf_put(ctx, p, len);
	return buf_done(ctx, "bundle", f);
}

/* The part of user@host that names the host, if --origin does not. */
static int
origin_of(const struct cli *cli, const struct options *o,
    char out[BUNDLE_ORIGIN_MAX + 1], struct fault *f)
{
	const char *at = strrchr(cli->operator_name, '@');
	const char *name =
	    option_or(o, "origin", at != NULL ? at + 1 : cli->operator_name);

	if (!bundle_origin_ok(name))
		return fault(f, FAULT_USAGE,
		    "--origin %.80s: 1 to %d of A-Z, a-z, 0-9, '.', '_' and "
		    "'-', beginning with a letter or digit",
		    name, BUNDLE_ORIGIN_MAX);
	(void)snprintf(out, BUNDLE_ORIGIN_MAX + 1, "%s", name);
	return 0;
}

/* b has its origin; body is what was collected. */
static int
write_bundle(struct cli *cli, const char *path, const struct buf *plan,
    struct bundle *b, const struct buf *body, struct fault *f)
{
	BUF_AUTO(out, BUNDLE_MAX + BUNDLE_RECORD_MAX + 2UL * SIGNATURE_MAX);
	int64_t when;

	seal_now(&cli->seal, b->ended, &when);
	memcpy(b->began, cli->now, UTC_LEN);
	(void)snprintf(
	    b->asked_by, sizeof(b->asked_by), "%s", cli->operator_name);
	(void)snprintf(b->exhibit, sizeof(b->exhibit), "%s", exhibit_build);
	b->body = (struct slice){ body->p, body->len };
	b->plan = (struct slice){ plan->p, plan->len };
	if (cli_random_id(b->id, f) == -1 ||
	    bundle_make(b, cli->seal.signer, cli->crypto, when, &out, f) == -1)
		return -1;
	if (out.len > BUNDLE_MAX)
		return fault(f, FAULT_LIMIT, "bundle: larger than %lu bytes",
		    BUNDLE_MAX);
	return file_write(path, out.p, out.len, 0644, f);
}

/* Collect without a store into the file that --bundle names. */
static int
make_bundle(struct cli *cli, const struct options *o, const struct asked *a,
    struct fault *f)
{
	const char *path = option(o, "bundle");
	struct bundle b = { 0 };
	struct signer *signer = NULL;
	BUF_AUTO(plan, 65536);
	BUF_AUTO(body, BUNDLE_MAX);
	struct ndjson out = { append, &body };
	const struct sink sink = ndjson_sink(&out);
	int rc = -1;

	if (origin_of(cli, o, b.origin, f) == -1 ||
	    cli_signer_of(cli, o, false, &signer, f) == -1)
		return -1;
	rc = cli_ask(cli, o, a, false, &sink, f);
	if (rc == 0)
		rc = cli_plan(a, o, &plan, f);
	if (rc == 0)
		rc = write_bundle(cli, path, &plan, &b, &body, f);
	signer_free(signer);
	if (rc == -1)
		return -1;
	printf("Bundle %s of %s is in %s.\n", b.id, b.origin, path);
	return STATUS_OK;
}

static int
bundle_rules_read(const struct cli *cli, const struct options *o,
    struct bundle_rules *out, struct fault *f)
{
	const char *hours = option(o, "bundle-age");

	*out = (struct bundle_rules){ .crypto = cli->crypto,
		.allow = option(o, "allow"),
		.kinds = kinds,
		.now = cli->now,
		.max_hours = BUNDLE_AGE_HOURS };
	if (hours == NULL || hours[0] == '\0')
		return 0;
	if (!number_read(hours, 0, HOURS_MAX, &out->max_hours))
		return fault(f, FAULT_USAGE,
		    "--bundle-age %s: not a number of hours (0: any age)",
		    hours);
	return 0;
}

/* Asked of a reader: opening for writing would touch the file. */
static int
check_new(struct cli *cli, const struct bundle *b, struct fault *f)
{
	struct store *st;
	int rc;

	if (access(cli->store, F_OK) == -1)
		return 0; /* it will be made */
	if ((st = cli_store(cli, STORE_READ, false, f)) == NULL)
		return -1;
	rc = bundle_is_new(st, b, f);
	store_close(st);
	return rc;
}

/* After a run: a checkpoint, signed if there is a signer, and what to tell. */
static int
collected(struct cli *cli, const struct options *o, struct store *st,
    const struct run_result *r, struct fault *f)
{
	struct signer *signer = NULL;
	int rc;

	/* a key is used when it is there; collecting alone asks for none */
	if (cli_signer_of(cli, o, true, &signer, f) == -1)
		return -1;
	rc = checkpoint_seal(st, &cli->seal, f);
	signer_free(signer);
	if (rc == -1)
		return -1;
	if (!cli->quiet)
		printf("Run %lld %s: %lld new, %lld changed, %lld gone, %lld "
		       "unchanged.\n",
		    r->run, r->state, r->added, r->changed, r->gone,
		    r->unchanged);
	if (strcmp(r->state, "complete") == 0)
		return STATUS_OK;
	return cli_gaps(st, r->run, f) == -1 ? -1 : STATUS_FINDINGS;
}

static int
note_policy(
    struct cli *cli, struct store *st, const struct policy *p, struct fault *f)
{
	char now[UTC_LEN];

	cli_clock(cli, now);
	return p != NULL ? policy_note(st, p, now, f) : 0;
}

/* Import one bundle of a signer that --allow names. Refused before anything is
 * written. */
static int
import_bundle(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *path = o->noperands == 2 ? o->operands[1] : "-";
	const struct run_filling how = cli_filling(cli);
	const char *signers = option(o, "signers");
	struct signature_info who;
	struct bundle_rules rules;
	struct policy policy = { NULL, 0, NULL };
	struct run_result r;
	struct store *st = NULL;
	struct bundle b;
	BUF_AUTO(text, BUNDLE_MAX);
	int status = -1;

	if (o->noperands > 2)
		return fault(
		    f, FAULT_USAGE, "collect import takes one file, or -");
	if (signers != NULL && option(o, "allow") != NULL)
		return fault(f, FAULT_USAGE,
		    "--signers and --allow both say who may sign: give one");
	if (bundle_rules_read(cli, o, &rules, f) == -1 ||
	    (signers != NULL &&
		policy_file_read(signers, cli->crypto, &policy, f) == -1))
		return -1;
	rules.policy = signers != NULL ? &policy : NULL;
	if ((strcmp(path, "-") == 0
		    ? file_read_fd(STDIN_FILENO, "standard input", &text, f)
		    : file_read(path, &text, f)) == -1 ||
	    bundle_accept(&rules, &text, &b, &who, f) == -1) {
		policy_free(&policy);
		return -1;
	}
	if (check_new(cli, &b, f) == 0 &&
	    (st = cli_store(cli, STORE_WRITE, true, f)) != NULL &&
	    note_policy(cli, st, rules.policy, f) == 0 &&
	    bundle_keep(st, &b, &who, &how, cli->crypto, &r, f) == 0)
		status = collected(cli, o, st, &r, f);
	store_close(st);
	bundle_free(&b);
	policy_free(&policy);
	return status;
}

/* ------------------------------------------------------------------- whole */

/* a: NULL to import. */
static int
collect_into(struct cli *cli, const struct options *o, const struct asked *a,
    struct store *st, struct fault *f)
{
	struct run_result r;

	if ((a != NULL ? cli_collect(cli, o, a, st, &r, f)
		       : import(cli, o, st, &r, f)) == -1)
		return -1;
	return collected(cli, o, st, &r, f);
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	bool imports =
	    o->noperands > 0 && strcmp(o->operands[0], "import") == 0;
	struct asked asked = { 0 };
	struct store *st;
	int status;

	if (!imports && cli_asked(o, NULL, &asked, f) == -1)
		return -1;
	if (!imports && asked.n == 0)
		return fault(f, FAULT_USAGE,
		    "collect: with which collector? say node, kube, aws, "
		    "endpoint, image, config, scap, results or import; "
		    "'exhibit help collect' says more");
	if (option(o, "bundle") != NULL &&
	    (imports || option(o, "emit") != NULL))
		return fault(f, FAULT_USAGE,
		    "collect --bundle: goes neither with import nor --emit");
	if (option(o, "bundle") != NULL)
		return make_bundle(cli, o, &asked, f);
	if (imports &&
	    (option(o, "allow") != NULL || option(o, "signers") != NULL))
		return import_bundle(cli, o, f);
	if (option(o, "emit") != NULL) {
		if (imports)
			return fault(f, FAULT_USAGE,
			    "collect import --emit: nothing is collected");
		return option(o, "every") != NULL
			   ? emit_every(cli, o, &asked, f)
			   : emit(cli, o, &asked, f);
	}
	if (option(o, "every") != NULL)
		return fault(f, FAULT_USAGE,
		    "--every: goes with --emit; a timer repeats everything "
		    "else");
	if ((st = cli_store(cli, STORE_WRITE, true, f)) == NULL)
		return -1;
	status = collect_into(cli, o, imports ? NULL : &asked, st, f);
	store_close(st);
	return status;
}

const struct command cmd_collect = {
	.name = "collect",
	.operands = "COLLECTOR ... [OPERAND ...] | import [FILE | -]",
	.about = "ask hosts and keep the answers",
	.help =
	    "Collects with the collectors named into the store as one run. "
	    "What could not be\nreached or read is kept as evidence too; "
	    "status "
	    "1 says so."
	    "\n\n"
	    "  exhibit collect node                      this host\n"
	    "  exhibit collect node --root /mnt/image    a mounted image\n"
	    "  exhibit collect node --ssh web-1,web-2    hosts, through ssh\n"
	    "  exhibit collect endpoint web-1:8443 ssh://web-1\n"
	    "  exhibit collect config cluster.yaml       a file, before it "
	    "runs\n"
	    "  exhibit collect node --emit > web-1.ndjson\n"
	    "  exhibit collect import web-1.ndjson       what --emit printed\n"
	    "  exhibit collect node --bundle web-1.bundle --key KEY\n"
	    "  exhibit collect import web-1.bundle --allow signers/",
	.options =
	    (const struct option_def[]){
		{ "emit", NULL, "print NDJSON instead of keeping it" },
		{ "every", "TIME", "with --emit: again after 6h, 30m, 90s" },
		{ "bundle", "FILE", "write a signed bundle; needs no store" },
		{ "origin", "NAME", "who collected the bundle (this host)" },
		{ "allow", "PEM|DIR", "import: who may have signed a bundle" },
		{ "signers", "FILE",
		    "import: signers.yaml, who may collect about what" },
		{ "bundle-age", "HOURS", "import: accepted age (24; 0: any)" },
		{ "key", "URI", "sign the checkpoint or bundle with this key" },
		{ "cert", "URI", "and its certificate" },
		PASSPHRASE_OPTIONS,
		TSA_OPTIONS,
		{ 0 },
	    },
	.collects = true,
	.run = run,
};
