/* Every command, in the order in which they are shown. */
#include "cli.h"

extern const struct command cmd_audit, cmd_collect, cmd_init, cmd_key,
    cmd_report, cmd_verify;

const struct command *const commands[] = {
	&cmd_audit,
	&cmd_init,
	&cmd_collect,
	&cmd_report,
	&cmd_verify,
	&cmd_key,
	NULL,
};
