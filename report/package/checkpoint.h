/* Checkpoints: the head of the log, signed; and those kept in files. */
#ifndef REPORT_PACKAGE_CHECKPOINT_H
#define REPORT_PACKAGE_CHECKPOINT_H

#include "report/sign/seal.h"
#include "store/store.h"

/* Sign the newest log head (if there is a signer), have it time-stamped, and
 * keep the checkpoint: without a stamp if there is none to be had. */
MUST_USE int checkpoint_seal(
    struct store *st, struct sealing *s, struct fault *f);

/* Read a checkpoint that was kept in a file: its origin and head. FAULT_USAGE:
 * the file is none. */
MUST_USE int checkpoint_kept(const char *path,
    char origin[CHECKPOINT_ORIGIN_MAX], struct log_head *head, struct fault *f);

#endif
