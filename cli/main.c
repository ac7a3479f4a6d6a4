/* exhibit: evidence about FIPS 140, kept and provable. */
#include "cli/cli.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/build.h"
#include "cli/config.h"
#include "base/fences.h"
#include "cli/help.h"
#include "base/number.h"

#define LAST_SECOND 253402300799LL /* of the year 9999 */

#define TABLES_MAX 16 /* option tables of one command */

int
tell(const struct fault *f)
{
	(void)fflush(stdout);
	(void)fprintf(stderr, "exhibit: %s\n", f->text);
	return f->kind == FAULT_INTEGRITY ? STATUS_INTEGRITY : STATUS_TROUBLE;
}

/* --now, else the clock. SOURCE_DATE_EPOCH (reproducible-builds.org) dates
 * documents, and never evidence. */
static int
read_clock(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *given = option(o, "now");
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t t = (int64_t)time(NULL);
	long long dated;

	if (given != NULL) {
		if (utc_parse(given, &t) == -1)
			return fault(f, FAULT_USAGE,
			    "--now %s: not a UTC time like "
			    "2026-11-23T09:00:00Z",
			    given);
	}
	cli->clock_given = given != NULL;
	utc_format(t, cli->now);
	if (cli->now[0] == '\0')
		return fault(f, FAULT_USAGE,
		    "the clock of this host shows no year of four digits; set "
		    "it, or give --now TIME");
	if (epoch == NULL || epoch[0] == '\0')
		return 0;
	if (!number_read(epoch, 0, LAST_SECOND, &dated))
		return fault(f, FAULT_USAGE,
		    "SOURCE_DATE_EPOCH '%s': not seconds since 1970", epoch);
	utc_format(dated, cli->dated);
	return 0;
}

/* user@host; a user whom no passwd entry names is its number. */
static void
name_operator(struct cli *cli)
{
	const struct passwd *pw = getpwuid(geteuid());
	char host[128] = "", uid[32];

	(void)snprintf(uid, sizeof(uid), "uid-%u", (unsigned)geteuid());
	(void)gethostname(host, sizeof(host) - 1);
	(void)snprintf(cli->operator_name, sizeof(cli->operator_name), "%s@%s",
	    pw != NULL ? pw->pw_name : uid, host[0] != '\0' ? host : "host");
}

static bool
in_table(const struct option_def *d, const char *name)
{
	for (; d != NULL && d->name != NULL; d++)
		if (strcmp(d->name, name) == 0)
			return true;
	return false;
}

/* Is it an option of any command or collector? */
static bool
is_known(const char *name)
{
	if (in_table(common_options, name))
		return true;
	for (size_t i = 0; commands[i] != NULL; i++)
		if (in_table(commands[i]->options, name))
			return true;
	for (size_t i = 0; collectors[i] != NULL; i++)
		if (in_table(collectors[i]->options, name))
			return true;
	return collector_find(name) != NULL;
}

/* --aws asks aws, as its name does; but for a name that is an option of every
 * command. */
static void
collector_flags(struct option_def out[ASKED_MAX + 1])
{
	size_t n = 0;

	for (size_t i = 0; collectors[i] != NULL && n < ASKED_MAX; i++)
		if (!in_table(common_options, collectors[i]->name))
			out[n++] = (struct option_def){ collectors[i]->name,
				NULL, collectors[i]->about };
	out[n] = (struct option_def){ 0 };
}

/* The options of the command line, then those of the configuration. */
static int
read_options(const struct command *c, int argc, char **argv,
    struct arena *arena, struct options *o, struct fault *f)
{
	const struct option_def *allowed[TABLES_MAX] = { common_options };
	struct option_def flags[ASKED_MAX + 1];
	const char *config;
	size_t n = 1;

	if (c->options != NULL)
		allowed[n++] = c->options;
	/* collectors bring their own options to the commands that collect */
	for (size_t i = 0;
	     c->collects && collectors[i] != NULL && n + 2 < TABLES_MAX; i++)
		allowed[n++] = collectors[i]->options;
	collector_flags(flags);
	if (c->collects)
		allowed[n++] = flags;
	if (options_parse(o, argc, argv, allowed, f) == -1)
		return -1;
	config = option(o, "config");
	if (config == NULL &&
	    (c->judges_folder || access(DEFAULT_CONFIG, F_OK) == -1))
		return 0;
	return config_load(config != NULL ? config : DEFAULT_CONFIG, c->name, o,
	    allowed, is_known, arena, f);
}

static int
run_command(const struct command *c, const struct options *o, struct fault *f)
{
	struct cli cli = { .progress = isatty(STDERR_FILENO) == 1,
		.options = o };
	const char *tmp = getenv("TMPDIR");
	int status = -1;

	if (option(o, "help") != NULL) {
		command_help(c);
		return STATUS_OK;
	}
	cli.verbose = option(o, "verbose") != NULL;
	cli.quiet = option(o, "quiet") != NULL;
	cli.store_given = option(o, "store") != NULL;
	cli.store = option_or(o, "store", DEFAULT_STORE);
	if (strcmp(cli.store, ":memory:") == 0 || cli.store[0] == '\0')
		return fault(f, FAULT_USAGE,
		    "--store '%s': a store is a file; give its name",
		    cli.store);
	cli.tmp = tmp != NULL && tmp[0] == '/' ? tmp : "/tmp";
	if (read_clock(&cli, o, f) == -1)
		return -1;
	name_operator(&cli);
	cli.crypto = crypto_new(option(o, "fips") != NULL, f);
	if (cli.crypto == NULL)
		return -1;
	if (cli_tsa(&cli, o, f) == 0)
		status = c->run(&cli, o, f);
	buf_free(&cli.tsa_cert);
	crypto_free(cli.crypto);
	return status == STATUS_OK && cli.seal.missed ? STATUS_FINDINGS
						      : status;
}

/* What was printed must have got there: a full disk is no success. */
static int
printed(int status, struct fault *f)
{
	static const char what[] = "standard output";

	errno = 0;
	if (fflush(stdout) != EOF && !ferror(stdout))
		return status;
	if (status == STATUS_TROUBLE &&
	    strncmp(f->text, what, sizeof(what) - 1) == 0)
		return status; /* whoever printed has told it */
	(void)fault_errno(f, errno != 0 ? errno : EIO, what);
	return tell(f);
}

static int
run(const struct command *c, int argc, char **argv, struct fault *f)
{
	struct arena *arena = arena_new();
	struct options o;
	int status = -1;

	if (arena == NULL)
		(void)fault_memory(f);
	else if (read_options(c, argc, argv, arena, &o, f) == 0)
		status = run_command(c, &o, f);
	arena_free(arena);
	if (status == -1)
		status = tell(f);
	return printed(status, f);
}

int
main(int argc, char **argv)
{
	const struct command *c;
	struct fault f = { 0 };
	int status;

	if (hide_memory(&f) == -1)
		return tell(&f);
	if (argc < 2) {
		print_usage(stderr);
		return STATUS_TROUBLE;
	}
	if ((status = help_asked(argc, argv, &f)) != NOT_HELP)
		return printed(status == -1 ? tell(&f) : status, &f);
	if ((c = command_find(argv[1])) == NULL) {
		(void)no_such_command(argv[1], &f);
		return tell(&f);
	}
	return run(c, argc - 1, argv + 1, &f);
}
