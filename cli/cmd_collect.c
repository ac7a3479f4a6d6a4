/* exhibit collect: ask, and keep or print the answers. */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/package/bundle.h"
#include "cli/bundling.h"
#include "report/sign/sign.h"

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
	struct ndjson out = { write_stdout, NULL };
	const struct sink sink = ndjson_sink(&out);

	return cli_ask(cli, o, a, false, &sink, f) == -1 ? -1 : STATUS_OK;
}

/* ------------------------------------------------------------ at intervals */

#define EVERY_MAX (366L * 24 * 3600) /* seconds */

/* "6h", "30m", "90s" as seconds. */
static int
every_of(const char *s, time_t *seconds, struct fault *f)
{
	size_t n = strspn(s, "0123456789");
	long v = n > 0 && n < 9 ? strtol(s, NULL, 10) : 0;

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
};

int
cli_lines(FILE *in, const char *name, const struct sink *sink, struct fault *f)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	long long n = 0;
	int rc = 0;

	while (rc == 0 && (len = getline(&line, &cap, in)) != -1) {
		struct fault why = { 0 };

		n++;
		if (len > 0 && line[len - 1] == '\n')
			len--;
		else
			rc = fault(f, FAULT_FORMAT,
			    "%s:%lld: the last line is cut off", name, n);
		if (rc == 0 && n == 1 && bundle_begins(line, (size_t)len))
			rc = fault(f, FAULT_USAGE,
			    "%s: is a signed bundle; say who may sign with "
			    "--allow",
			    name);
		if (rc == 0 && len > 2 * COVERAGE_MAX)
			rc = fault(
			    f, FAULT_LIMIT, "%s:%lld: line too long", name, n);
		if (rc == 0 &&
		    ndjson_line(line, (size_t)len, kinds, sink, &why) == -1)
			rc = fault(
			    f, why.kind, "%s:%lld: %.900s", name, n, why.text);
	}
	if (rc == 0 && ferror(in))
		rc = fault_errno(f, errno, name);
	if (rc == 0 && n == 0)
		rc = fault(f, FAULT_FORMAT, "%s: holds no observation", name);
	free(line);
	return rc;
}

static int
fill_from_lines(void *ctx, const struct sink *sink, struct fault *f)
{
	const struct importing *g = ctx;

	return cli_lines(g->in, g->name, sink, f);
}

static int
import(struct cli *cli, const struct options *o, struct store *st,
    struct run_result *result, struct fault *f)
{
	struct importing g = { stdin, "standard input" };
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
	if (g.in != stdin)
		(void)fclose(g.in);
	return rc;
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
	return cli_collected(cli, o, st, &r, f);
}

int
cli_collected(struct cli *cli, const struct options *o, struct store *st,
    const struct run_result *r, struct fault *f)
{
	struct signer *signer = NULL;
	int rc;

	/* a key is used when it is there; collecting alone asks for none */
	if (option(o, "key") != NULL &&
	    cli_signer(cli, o, false, &signer, f) == -1)
		return -1;
	rc = cli_checkpoint(cli, st, signer, f);
	signer_free(signer);
	if (rc == -1)
		return -1;
	printf("Run %lld %s: %lld new, %lld changed, %lld gone, %lld "
	       "unchanged.\n",
	    r->run, r->state, r->added, r->changed, r->gone, r->unchanged);
	if (strcmp(r->state, "complete") == 0)
		return STATUS_OK;
	return cli_gaps(st, r->run, f) == -1 ? -1 : STATUS_FINDINGS;
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
		    "collect: with which collector? say node or import; "
		    "--help lists them");
	if (option(o, "bundle") != NULL &&
	    (imports || option(o, "emit") != NULL))
		return fault(f, FAULT_USAGE,
		    "collect --bundle: goes neither with import nor --emit");
	if (option(o, "bundle") != NULL)
		return cli_bundle_make(cli, o, &asked, f);
	if (imports && option(o, "allow") != NULL)
		return cli_bundle_import(cli, o, f);
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
	if ((st = cli_store(cli, o, STORE_WRITE, true, f)) == NULL)
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
