/* Every command, in the order in which they are shown. */
#include "cli/cli.h"

#include <string.h>

extern const struct command cmd_assess, cmd_audit, cmd_catalog, cmd_checkpoint,
    cmd_checks, cmd_collect, cmd_completion, cmd_diff, cmd_doctor, cmd_except,
    cmd_history, cmd_init, cmd_key, cmd_kinds, cmd_package, cmd_prove,
    cmd_query, cmd_report, cmd_retain, cmd_show, cmd_verify;

const struct command *const commands[] = {
	&cmd_audit,
	&cmd_init,
	&cmd_collect,
	&cmd_assess,
	&cmd_report,
	&cmd_package,
	&cmd_verify,
	&cmd_prove,
	&cmd_query,
	&cmd_show,
	&cmd_history,
	&cmd_diff,
	&cmd_except,
	&cmd_checkpoint,
	&cmd_retain,
	&cmd_checks,
	&cmd_catalog,
	&cmd_kinds,
	&cmd_key,
	&cmd_doctor,
	&cmd_completion,
	NULL,
};

const struct command *
command_find(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}
