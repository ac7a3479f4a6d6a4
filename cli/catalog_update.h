/* exhibit catalog update and release. */
#ifndef CLI_CATALOG_UPDATE_H
#define CLI_CATALOG_UPDATE_H

#include "cli/cli.h"

/* Take the release (a ZIP, a folder, or an https address of a ZIP) that the
 * second operand names into the directory of --catalogs. 1: it is no release,
 * but a page, list or table, or a folder of such. */
MUST_USE int catalog_update(
    struct cli *cli, const struct options *o, struct fault *f);

/* Write what --catalogs and the program have as a signed release. */
MUST_USE int catalog_release(
    struct cli *cli, const struct options *o, struct fault *f);

#endif
