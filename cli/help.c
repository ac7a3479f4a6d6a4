/* See help.h. */
#include "cli/help.h"

#include <string.h>

#include "base/build.h"
#include "cli/suggest.h"

void
print_usage(FILE *to)
{
	(void)fprintf(to,
	    "usage: exhibit COMMAND [options]\n\n"
	    "Collects FIPS 140 evidence, keeps it provably, judges it, and "
	    "writes signed\nreports. Start with: exhibit audit, or to look "
	    "around: exhibit demo DIR\n\n");
	for (size_t i = 0; commands[i] != NULL; i++)
		(void)fprintf(
		    to, "  %-10s %s\n", commands[i]->name, commands[i]->about);
	(void)fprintf(to,
	    "\n'exhibit help COMMAND' says more; man exhibit says it all.\n"
	    "Exit status: 0 done and all satisfied, 1 something not satisfied "
	    "or unknown,\n2 the work could not be done, 3 bytes do not match "
	    "their digest or signature.\n");
}

int
no_such_command(const char *name, struct fault *f)
{
	struct near near = near_to(name);
	char text[SUGGESTION_LEN];

	for (size_t i = 0; commands[i] != NULL; i++)
		near_offer(&near, span_of(commands[i]->name));
	near_offer(&near, span_of("help"));
	near_offer(&near, span_of("version"));
	return fault(f, FAULT_USAGE,
	    "'%s' is not a command%s; 'exhibit --help' lists them", name,
	    suggestion(&near, "", text));
}

static bool
is_one_of(const char *s, const char *a, const char *b, const char *c)
{
	return strcmp(s, a) == 0 || strcmp(s, b) == 0 || strcmp(s, c) == 0;
}

int
help_asked(int argc, char **argv, struct fault *f)
{
	const struct command *c;

	if (is_one_of(argv[1], "version", "--version", "-V")) {
		printf("exhibit %s\n", exhibit_build);
		return STATUS_OK;
	}
	if (!is_one_of(argv[1], "help", "--help", "-h"))
		return NOT_HELP;
	if (argc > 3)
		return fault(f, FAULT_USAGE, "help takes one command's name");
	if (argc == 2) {
		print_usage(stdout);
		return STATUS_OK;
	}
	if ((c = command_find(argv[2])) == NULL)
		return no_such_command(argv[2], f);
	command_help(c);
	return STATUS_OK;
}
