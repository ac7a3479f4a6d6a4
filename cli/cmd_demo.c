/* exhibit demo: a store, reports and a package of an invented quarter. */
#include "cli/requests.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "demo/demo_fleet.h"
#include "cli/help.h"
#include "report/package/bundle_import.h"

#define FIRST_DAY "2026-04-01"
#define LAST_DAY "2026-09-30" /* of its runs; then comes the rest */
#define DAY 86400
#define LINES_MAX (16UL * 1024 * 1024) /* bytes of one run */
#define ARGUMENT_MAX 256
#define LOG "demo.log"

static const char invented[] =
    "Everything in this directory is INVENTED: made by 'exhibit demo' to look "
    "at.\nNo such systems exist, nobody collected anything, and the signing "
    "key proves\nnothing. demo.log holds what the commands printed.\n\n"
    "2026Q2.html 2026Q3.html  reports of two quarters (XML beside them)\n"
    "2026Q3.asice             package for an assessor\n"
    "exhibit.db               evidence store of 183 days\n";

struct demo {
	struct cli *cli;
	struct store *st;
};

/* ------------------------------------------------------------------- a run */

struct day {
	struct crypto *crypto; /* borrowed */
	struct buf lines;
};

static int
fill(void *ctx, const struct sink *sink, struct fault *f)
{
	struct day *day = ctx;
	struct emission_odd odd;
	FILE *in = fmemopen(day->lines.p, day->lines.len, "r");
	int rc;

	if (in == NULL)
		return fault_errno(f, errno, "invented lines");
	rc =
	    lines_read(in, "invented lines", kinds, day->crypto, sink, &odd, f);
	(void)fclose(in);
	return rc;
}

static int
run_of_day(struct demo *d, const char *day, struct fault *f)
{
	struct run_result result;
	struct day own = { d->cli->crypto, { .max = LINES_MAX } };
	int rc = demo_lines(day, &own.lines, f);

	if (rc == 0)
		rc = cli_run(d->cli, d->st,
		    "{\"collector\":\"demo\",\"options\":{},\"signed\":"
		    "false}",
		    fill, &own, &result, f);
	buf_free(&own.lines);
	return rc;
}

/* ------------------------------------------------- a command of the timeline
 */

/* What it prints goes to the log; main's own output waits. */
static int
run_quietly(struct cli *cli, const struct command *c, const struct options *o,
    struct fault *f)
{
	int log = open(LOG, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3), status = -1;

	(void)fflush(stdout);
	if (log == -1 || out == -1 || dup2(log, STDOUT_FILENO) == -1) {
		(void)fault_errno(f, errno, LOG);
	} else {
		status = c->run(cli, o, f);
		if (fflush(stdout) == EOF && status != -1)
			status = fault_errno(f, errno, LOG);
		(void)dup2(out, STDOUT_FILENO);
	}
	if (log != -1)
		(void)close(log);
	if (out != -1)
		(void)close(out);
	return status;
}

/* The row's command line, begun at its time as if it had been typed. */
static int
command_of_row(struct demo *d, const struct span *c, size_t n, struct fault *f)
{
	char words[DEMO_COLUMNS][ARGUMENT_MAX];
	char *argv[DEMO_COLUMNS];
	struct cli own = *d->cli;
	struct options o;
	const struct command *k;
	const struct option_def *allowed[] = { common_options, NULL, NULL };

	for (size_t i = 1; i < n; i++) {
		(void)snprintf(
		    words[i], ARGUMENT_MAX, "%.*s", (int)c[i].len, c[i].p);
		argv[i - 1] = words[i];
	}
	k = command_find(argv[0]);
	if (k == NULL)
		return no_such_command(argv[0], f);
	allowed[1] = k->options;
	if (options_parse(&o, (int)n - 1, argv, allowed, f) == -1)
		return -1;
	own.options = &o;
	return run_quietly(&own, k, &o, f) == -1 ? -1 : 0;
}

/* Every command up to this time that was not yet run. */
static int
commands_until(
    struct demo *d, const char *now, struct span *rest, struct fault *f)
{
	struct span c[DEMO_COLUMNS], before = *rest;
	size_t n;

	while ((n = demo_row(rest, c)) > 0) {
		if (!span_is(c[0], "time")) {
			if (strncmp(c[0].p, now, UTC_LEN - 1) > 0) {
				*rest = before;
				return 0;
			}
			(void)snprintf(d->cli->now, UTC_LEN, "%.*s",
			    (int)c[0].len, c[0].p);
			if (command_of_row(d, c, n, f) == -1)
				return -1;
		}
		before = *rest;
	}
	return 0;
}

/* ------------------------------------------------------------------- whole */

static int
quarters(struct demo *d, struct fault *f)
{
	struct span rest = demo_file("demo/timeline.tsv");
	int64_t first = 0, last = 0;
	char now[UTC_LEN], day[11];

	(void)utc_parse(FIRST_DAY, &first);
	(void)utc_parse(LAST_DAY, &last);
	for (int64_t t = first + 3 * 3600; t < last + DAY; t += DAY) {
		utc_format(t, now);
		memcpy(day, now, 10);
		day[10] = '\0';
		if (commands_until(d, now, &rest, f) == -1)
			return -1;
		memcpy(d->cli->now, now, UTC_LEN);
		if (d->cli->progress)
			(void)fprintf(stderr, "\rdemo: %s", day);
		if (!demo_is_free(day) && run_of_day(d, day, f) == -1)
			return -1;
	}
	if (d->cli->progress)
		(void)fprintf(stderr, "\rdemo: reports and package\n");
	return commands_until(d, "9999-12-31T23:59:59Z", &rest, f);
}

static int
make(struct cli *cli, struct fault *f)
{
	struct demo d = { .cli = cli };
	int rc = -1;

	cli->store = DEFAULT_STORE;
	cli->clock_given = true;
	cli->dated[0] = '\0'; /* nor does SOURCE_DATE_EPOCH date it */
	(void)snprintf(cli->operator_name, sizeof(cli->operator_name),
	    "invented-operator@invented.example");
	memcpy(cli->now, FIRST_DAY "T00:00:00Z", UTC_LEN);
	if (file_write("README.txt", invented, sizeof(invented) - 1, 0644, f) ==
		-1 ||
	    cli_create(cli, cli->store, "invented-demo", f) == -1)
		return -1;
	d.st = store_open(cli->store, STORE_WRITE, kinds, cli->crypto, f);
	/* 180 runs in a minute need not outlive a power cut */
	if (d.st != NULL &&
	    sqlite3_exec(store_db(d.st), "PRAGMA synchronous = OFF", NULL, NULL,
		NULL) == SQLITE_OK)
		rc = quarters(&d, f);
	else if (d.st != NULL)
		(void)store_fault(d.st, "demo", f);
	store_close(d.st);
	return rc;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const struct span commands_to_try = demo_file("demo/try.txt");

	if (o->noperands != 1)
		return fault(f, FAULT_USAGE,
		    "demo: name a directory to make, as in 'exhibit demo "
		    "demo'");
	if (mkdir(o->operands[0], 0777) == -1 || chdir(o->operands[0]) == -1)
		return fault_errno(f, errno, o->operands[0]);
	if (make(cli, f) == -1)
		return -1;
	printf("Made two quarters of an invented fleet in %s: 41 nodes, two "
	       "clusters, two AWS\naccounts, endpoints and images. All of it "
	       "is invented, and README.txt says so.\n\nLook at 2026Q3.html, "
	       "then try, in that directory:\n\n",
	    o->operands[0]);
	(void)fwrite(commands_to_try.p, 1, commands_to_try.len, stdout);
	return STATUS_OK;
}

const struct command cmd_demo = {
	.name = "demo",
	.operands = "DIR",
	.about = "make an invented quarter to look at: store, reports, package",
	.help = "Makes the directory DIR with what two quarters of daily "
		"collection leave: a store,\na signed report of each quarter, "
		"and a package. The fleet, its outages and the\nsigner are "
		"invented, and every file says so. Nothing on this host is "
		"read and\nnothing is asked of anyone. It takes less than a "
		"minute.",
	.options = (const struct option_def[]){ { 0 } },
	.run = run,
};
