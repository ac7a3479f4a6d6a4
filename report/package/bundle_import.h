/* Bundles on the command line: collect --bundle, collect import --allow. */
#ifndef CLI_BUNDLING_H
#define CLI_BUNDLING_H

#include "cli/cli.h"

/* Collect without a store into the file that --bundle names. */
int cli_bundle_make(struct cli *cli, const struct options *o,
    const struct asked *a, struct fault *f);

/* Import one bundle of a signer that --allow names. Refused before anything is
 * written. */
int cli_bundle_import(
    struct cli *cli, const struct options *o, struct fault *f);

/* After a run: a checkpoint, and what to tell; the status. */
int cli_collected(struct cli *cli, const struct options *o, struct store *st,
    const struct run_result *r, struct fault *f);

/* Read NDJSON lines into a sink; name is of where they come from. */
int cli_lines(
    FILE *in, const char *name, const struct sink *sink, struct fault *f);

#endif
