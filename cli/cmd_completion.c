/*
 * exhibit completion: a script made from the same tables that parse the
 * command line, so that it never offers what does not exist.
 */
#include "cli/cli.h"

#include <ctype.h>
#include <string.h>

#include "cli/completion.h"
#include "report/judge/query.h"

/* ------------------------------------------------------- words of commands */

/* One " --name" per option, or only those with a value. */
static void
option_words(const struct option_def *d, bool with_value)
{
	for (; d != NULL && d->name != NULL; d++)
		if (!with_value || d->arg != NULL)
			printf(" --%s", d->name);
}

static void
all_options(const struct command *c)
{
	option_words(c->options, false);
	for (size_t i = 0; c->collects && collectors[i] != NULL; i++)
		option_words(collectors[i]->options, false);
	option_words(common_options, false);
}

/* The lower-case words of an operand text: "node | import [FILE | -]". */
static void
literal_operands(const char *s)
{
	while (*s != '\0') {
		size_t len = strcspn(s, " |[]");

		if (len > 0 && islower((unsigned char)s[0]))
			printf(" %.*s", (int)len, s);
		s += len;
		s += strspn(s, " |[]");
	}
}

/* What a command's operands may be, beside files. */
static void
operand_words(const struct command *c, struct cli *cli)
{
	struct named_query q;
	struct checks cs;
	struct fault ignored;

	literal_operands(c->operands);
	if (strcmp(c->name, "query") == 0)
		for (size_t i = 0; named_query_at(i, &q); i++)
			printf(" %s", q.name);
	if (strcmp(c->name, "kinds") == 0)
		for (size_t i = 0; kinds[i] != NULL; i++)
			printf(" %s", kinds[i]->name);
	if (strcmp(c->name, "checks") == 0 &&
	    checks_load(&cs, NULL, NULL, cli->crypto, &ignored) == 0) {
		for (size_t i = 0; i < cs.n; i++)
			printf(" %s", cs.list[i].id);
		checks_free(&cs);
	}
}

/* -------------------------------------------------------- values of options */

/* How a value is completed, by what the tables call it. */
static const char *
value_of(const char *arg)
{
	if (strcmp(arg, "DIR") == 0)
		return "-d --";
	if (strcmp(arg, "FILE") == 0 || strcmp(arg, "URI") == 0 ||
	    strcmp(arg, "BASE") == 0)
		return "-f --";
	return NULL;
}

static void
value_words(const char *arg)
{
	for (; *arg != '\0'; arg++)
		(void)putchar(*arg == '|' ? ' ' : *arg);
}

/* A case for each option with a value: the same name may mean another thing
 * in another command (--format). */
static void
value_cases(const char *command, const struct option_def *d)
{
	for (; d != NULL && d->name != NULL; d++) {
		if (d->arg == NULL)
			continue;
		printf("\t%s:--%s)\n\t\tCOMPREPLY=(", command, d->name);
		if (islower((unsigned char)d->arg[0])) {
			printf("$(compgen -W \"");
			value_words(d->arg);
			printf("\" -- \"$cur\")");
		} else if (value_of(d->arg) != NULL) {
			printf("$(compgen %s \"$cur\")", value_of(d->arg));
		}
		printf(")\n\t\treturn ;;\n");
	}
}

/* ------------------------------------------------------------------- whole */

static void
print_command(const struct command *c, struct cli *cli)
{
	printf("\t%s)\n\t\toptions=\"", c->name);
	all_options(c);
	printf("\"\n\t\twords=\"");
	operand_words(c, cli);
	printf("\"");
	if (strstr(c->operands, "FILE") != NULL)
		printf("\n\t\tfiles=1");
	printf(" ;;\n");
}

static void
print_script(struct cli *cli)
{
	printf("# bash completion for exhibit; made by 'exhibit completion "
	       "bash'.\n"
	       "_exhibit()\n{\n"
	       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} "
	       "prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	       "\tlocal command=${COMP_WORDS[1]} options= words= files=\n"
	       "\tCOMPREPLY=()\n"
	       "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	       "\t\tCOMPREPLY=($(compgen -W \"");
	for (size_t i = 0; commands[i] != NULL; i++)
		printf("%s ", commands[i]->name);
	printf(
	    "help version --help --version\" -- \"$cur\"))\n\t\treturn\n\tfi\n"
	    "\tcase $command:$prev in\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		const struct command *c = commands[i];

		value_cases(c->name, c->options);
		for (size_t k = 0; c->collects && collectors[k] != NULL; k++)
			value_cases(c->name, collectors[k]->options);
		value_cases(c->name, common_options);
	}
	printf("\tesac\n\tcase $command in\n");
	for (size_t i = 0; commands[i] != NULL; i++)
		print_command(commands[i], cli);
	printf("\tesac\n"
	       "\tif [ \"${cur#-}\" != \"$cur\" ]; then\n"
	       "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
	       "\t\treturn\n\tfi\n"
	       "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	       "\tif [ -n \"$files\" ]; then\n"
	       "\t\tCOMPREPLY+=($(compgen -f -- \"$cur\"))\n"
	       "\tfi\n}\n"
	       "complete -o filenames -F _exhibit exhibit\n");
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *shell = o->noperands == 1 ? o->operands[0] : "";

	if (strcmp(shell, "bash") == 0)
		print_script(cli);
	else if (strcmp(shell, "zsh") == 0)
		completion_zsh();
	else if (strcmp(shell, "fish") == 0)
		completion_fish();
	else
		return fault(f, FAULT_USAGE,
		    "completion: name the shell: bash, zsh or fish");
	return STATUS_OK;
}

const struct command cmd_completion = {
	.name = "completion",
	.operands = "bash | zsh | fish",
	.about = "print a completion script for the shell",
	.help = "Prints a script that completes commands, options and names.\n"
		"\n  . <(exhibit completion bash)\n"
		"  exhibit completion zsh >~/.zfunc/_exhibit\n"
		"  exhibit completion fish | source",
	.options = (const struct option_def[]){ { 0 } },
	.run = run,
};
