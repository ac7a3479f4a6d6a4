/* exhibit checkpoint: signed heads of the log, kept elsewhere. */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "report/package/published.h"

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	struct store *st;
	long long n;
	int rc;

	if (o->noperands != 2 || strcmp(o->operands[0], "publish") != 0)
		return fault(f, FAULT_USAGE,
		    "checkpoint: say publish and a directory. Run 'exhibit "
		    "checkpoint --help'.");
	if (access(o->operands[1], W_OK | X_OK) == -1)
		return fault(f, FAULT_USAGE,
		    "%s: is no directory that can be written to. Create it on "
		    "another system, or where files cannot be changed.",
		    o->operands[1]);
	if ((st = cli_store(cli, STORE_READ, false, f)) == NULL)
		return -1;
	rc = publish_checkpoints(st, o->operands[1], &n, f);
	store_close(st);
	if (rc == -1)
		return -1;
	printf("Published %lld checkpoint%s to %s.\n", n, n == 1 ? "" : "s",
	    o->operands[1]);
	return STATUS_OK;
}

const struct command cmd_checkpoint = {
	.name = "checkpoint",
	.operands = "publish DIR",
	.about = "publish signed checkpoints for later verification",
	.help =
	    "Adds the signed checkpoints that DIR does not have yet, two files "
	    "each: the note\nand its signature. Files are never replaced. Keep "
	    "DIR where whoever prepares\nreports cannot change it: 'exhibit "
	    "verify --published DIR' then shows whether the\nstore was "
	    "rebuilt, rolled back, or exists twice.\n\n"
	    "  exhibit checkpoint publish /mnt/worm/checkpoints\n"
	    "  exhibit verify --published /mnt/worm/checkpoints --cert "
	    "signer.pem",
	.options = (const struct option_def[]){ { 0 } },
	.run = run,
};
