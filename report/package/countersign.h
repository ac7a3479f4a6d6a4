/* Packages that are there already. */
#ifndef CLI_COUNTERSIGN_H
#define CLI_COUNTERSIGN_H

#include "cli/cli.h"
#include "base/folder.h"

/* A private folder under TMPDIR. */
int cli_folder(char out[FOLDER_PATH_MAX], struct fault *f);

/* Unpack the package at path into folder. FAULT_INTEGRITY, FAULT_FORMAT and
 * FAULT_LIMIT say why not. */
int cli_package_open(const char *path, const char *folder, struct fault *f);

/* Add --key's signature over its manifest, as --role. */
int cli_countersign(struct cli *cli, const struct options *o, struct fault *f);

/* The checkpoint in a package. */
int cli_package_checkpoint(const char *path, struct buf *note,
    char origin[CHECKPOINT_ORIGIN_MAX], struct log_head *head, struct fault *f);

#endif
