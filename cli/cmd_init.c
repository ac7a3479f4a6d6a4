/* exhibit init: an empty store. */
#include "cli/cli.h"

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *path = option_or(o, "store", DEFAULT_STORE);

	if (o->noperands > 0)
		return fault(f, FAULT_USAGE, "init takes no operands");
	if (cli_create(cli, path, option(o, "name"), f) == -1)
		return -1;
	printf("Made the evidence store %s.\n", path);
	return STATUS_OK;
}

const struct command cmd_init = {
	.name = "init",
	.operands = "",
	.about = "make an evidence store",
	.help = "Makes an empty evidence store. Its name stands in every "
		"checkpoint for ever;\nwithout --name it is drawn at random.",
	.options =
	    (const struct option_def[]){
		{ "name", "NAME", "name of the store: a-z, 0-9, '.', '-'" },
		{ 0 },
	    },
	.run = run,
};
