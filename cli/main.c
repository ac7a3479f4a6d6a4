/* exhibit: evidence about FIPS 140, kept and provable. */
#include "cli.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int
tell(const struct fault *f)
{
	(void)fflush(stdout);
	(void)fprintf(stderr, "exhibit: %s\n", f->text);
	return f->kind == FAULT_INTEGRITY ? STATUS_INTEGRITY : STATUS_TROUBLE;
}

static const struct command *
find(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int
usage(FILE *to)
{
	(void)fprintf(to,
	    "usage: exhibit COMMAND [options]\n\n"
	    "Collects FIPS 140 evidence, keeps it provably, judges it, and "
	    "writes signed\nreports. Start with: exhibit audit\n\n");
	for (size_t i = 0; commands[i] != NULL; i++)
		(void)fprintf(
		    to, "  %-10s %s\n", commands[i]->name, commands[i]->about);
	(void)fprintf(to,
	    "\n'exhibit COMMAND --help' says more; man exhibit says it all.\n"
	    "Exit status: 0 done and all satisfied, 1 something not satisfied "
	    "or unknown,\n2 the work could not be done, 3 bytes do not match "
	    "their digest or signature.\n");
	return to == stdout ? STATUS_OK : STATUS_TROUBLE;
}

/* --now, else SOURCE_DATE_EPOCH (reproducible-builds.org), else the clock:
 * the only place that reads it. */
static int
read_clock(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *given = option(o, "now");
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t t = (int64_t)time(NULL);
	char *end;

	if (given != NULL) {
		if (utc_parse(given, &t) == -1)
			return fault(f, FAULT_USAGE,
			    "--now %s: not a UTC time like "
			    "2026-11-23T09:00:00Z",
			    given);
	} else if (epoch != NULL && epoch[0] != '\0') {
		errno = 0;
		t = strtoll(epoch, &end, 10);
		if (errno != 0 || *end != '\0' || t < 0 || t > 253402300799LL)
			return fault(f, FAULT_USAGE,
			    "SOURCE_DATE_EPOCH '%s': not seconds since 1970",
			    epoch);
	}
	cli->clock_given = given != NULL || (epoch != NULL && epoch[0] != '\0');
	utc_format(t, cli->now);
	return 0;
}

static void
name_operator(struct cli *cli)
{
	const struct passwd *pw = getpwuid(geteuid());
	char host[128] = "";

	(void)gethostname(host, sizeof(host) - 1);
	(void)snprintf(cli->operator_name, sizeof(cli->operator_name), "%s@%s",
	    pw != NULL ? pw->pw_name : "uid", host[0] != '\0' ? host : "host");
}

static int
run(const struct command *c, int argc, char **argv, struct fault *f)
{
	struct cli cli = { .progress = isatty(STDERR_FILENO) == 1 };
	const struct option_def *allowed[8] = { common_options, c->options };
	struct options o;
	size_t n = c->options != NULL ? 2 : 1;
	int status;

	/* collectors bring their own options to the commands that collect */
	for (size_t i = 0; c->collects && collectors[i] != NULL && n < 7; i++)
		allowed[n++] = collectors[i]->options;
	if (options_parse(&o, argc, argv, allowed, f) == -1)
		return tell(f);
	if (option(&o, "help") != NULL) {
		command_help(c);
		return STATUS_OK;
	}
	cli.verbose = option(&o, "verbose") != NULL;
	if (read_clock(&cli, &o, f) == -1)
		return tell(f);
	name_operator(&cli);
	cli.crypto = crypto_new(option(&o, "fips") != NULL, f);
	if (cli.crypto == NULL)
		return tell(f);
	status = c->run(&cli, &o, f);
	if (status == -1)
		status = tell(f);
	crypto_free(cli.crypto);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		(void)fault_errno(f, errno, "standard output");
		return tell(f);
	}
	return status;
}

int
main(int argc, char **argv)
{
	const struct command *c;
	struct fault f = { 0 };

	if (argc < 2)
		return usage(stderr);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return usage(stdout);
	if (strcmp(argv[1], "--version") == 0) {
		printf("exhibit " EXHIBIT_VERSION "\n");
		return STATUS_OK;
	}
	if ((c = find(argv[1])) == NULL) {
		(void)fault(&f, FAULT_USAGE,
		    "'%s' is not a command; 'exhibit --help' lists them",
		    argv[1]);
		return tell(&f);
	}
	return run(c, argc - 1, argv + 1, &f);
}
