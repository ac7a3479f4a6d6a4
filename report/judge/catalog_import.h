/* exhibit catalog import: newer facts into a directory of the user's. */
#ifndef CLI_CATALOG_IMPORT_H
#define CLI_CATALOG_IMPORT_H

#include "cli/cli.h"

/*
 * Take a newer catalogue (FILE.tsv) or what a page of NIST says (cmvp_page.h)
 * into the directory of --catalogs. Observations are added to cmvp-status, with
 * file, digest and address; nothing that stands there is changed.
 * Returns the command's status, or -1.
 */
int catalog_import(struct cli *cli, const struct options *o, const char *file,
    struct fault *f);

#endif
