/* See completion.h. Both are made from the tables that parse the command
 * line. */
#include "cli/completion.h"

#include <string.h>

#include "cli/cli.h"

/* Within single quotes of the shell; zsh's own marks are escaped too. */
static void
quoted(const char *s, const char *marks, const char *quote)
{
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			printf("%s", quote);
		else if (strchr(marks, *s) != NULL)
			printf("\\%c", *s);
		else
			(void)putchar(*s);
	}
}

/* What a table calls FILE, URI or BASE is a file. */
static bool
is_file(const char *arg)
{
	return strstr(arg, "FILE") != NULL || strcmp(arg, "URI") == 0 ||
	       strcmp(arg, "BASE") == 0;
}

/* Call each() with every table of options a command takes. */
static void
each_table(const struct command *c,
    void (*each)(const struct command *, const struct option_def *))
{
	if (c->options != NULL)
		each(c, c->options);
	for (size_t i = 0; c->collects && collectors[i] != NULL; i++)
		each(c, collectors[i]->options);
	each(c, common_options);
}

/* ------------------------------------------------------------------- zsh */

#define ZSH_QUOTE "'\\''"

static void
zsh_options(const struct command *c, const struct option_def *d)
{
	(void)c;
	for (; d->name != NULL; d++) {
		printf(
		    " \\\n\t\t'*--%s%s[", d->name, d->arg != NULL ? "=" : "");
		quoted(d->about, "[]:\\", ZSH_QUOTE);
		printf("]");
		if (d->arg != NULL) {
			printf(":");
			quoted(d->arg, "[]:\\", ZSH_QUOTE);
			printf(":%s", strcmp(d->arg, "DIR") == 0 ? "_files -/"
				      : is_file(d->arg)		 ? "_files"
								 : "");
		}
		printf("'");
	}
}

void
completion_zsh(void)
{
	printf("#compdef exhibit\n# made by 'exhibit completion zsh'\n"
	       "local -a commands\ncommands=(\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		printf("\t'%s:", commands[i]->name);
		quoted(commands[i]->about, ":\\", ZSH_QUOTE);
		printf("'\n");
	}
	printf(")\nif (( CURRENT == 2 )); then\n"
	       "\t_describe command commands\n\treturn\nfi\n"
	       "local command=$words[2]\nshift words\n(( CURRENT-- ))\n"
	       "case $command in\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		printf(
		    "%s)\n\t_arguments -S '*:file:_files'", commands[i]->name);
		each_table(commands[i], zsh_options);
		printf("\n\t;;\n");
	}
	printf("esac\n");
}

/* ------------------------------------------------------------------ fish */

#define FISH_QUOTE "\\'"

static void
fish_options(const struct command *c, const struct option_def *d)
{
	for (; d->name != NULL; d++) {
		printf("complete -c exhibit -n '__fish_seen_subcommand_from "
		       "%s' -l %s%s -d '",
		    c->name, d->name,
		    d->arg == NULL    ? ""
		    : is_file(d->arg) ? " -r -F"
		    : d->arg[0] == 'D'
			? " -x -a '(__fish_complete_directories)'"
			: " -x");
		quoted(d->about, "\\", FISH_QUOTE);
		printf("'\n");
	}
}

void
completion_fish(void)
{
	printf("# made by 'exhibit completion fish'\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		printf("complete -c exhibit -n __fish_use_subcommand -f -a %s "
		       "-d '",
		    commands[i]->name);
		quoted(commands[i]->about, "\\", FISH_QUOTE);
		printf("'\n");
	}
	for (size_t i = 0; commands[i] != NULL; i++)
		each_table(commands[i], fish_options);
}
