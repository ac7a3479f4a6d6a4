/* One file: recognised, read and emitted. */
#ifndef COLLECTOR_CONFIG_CONFIG_FILE_H
#define COLLECTOR_CONFIG_CONFIG_FILE_H

#include "collector/settings/config_parts.h"

/* How the files of one operand are read; all is borrowed. */
struct config_reading {
	const struct request *request;
	struct emitter *e;
	const struct config_type *type; /* NULL: recognised by content */
	bool named; /* the operand is this very file: content that is of no
		     * known type is an error, not a note */
	const struct config_tree *tree;
};

/*
 * Read the file at path, of at most CONFIG_PATH_MAX bytes, and emit it.
 * included_by: the file that includes it and whose settings hold for it; only
 * the file is then recorded. NULL: none. -1: the sink failed.
 */
MUST_USE int config_file_collect(const struct config_reading *r,
    const char *path, const char *included_by, struct fault *f);

/* Read it without emitting anything, so that the tree learns what it
 * includes. -1: no memory. */
MUST_USE int config_file_scan(
    const struct config_reading *r, const char *path, struct fault *f);

/* Emit that a path of the tree was not read: type "excluded" and by what, or,
 * with an outcome that is not observed, why not. -1: the sink failed. */
MUST_USE int config_file_excluded(const struct config_reading *r,
    const char *path, const char *by, struct fault *f);
MUST_USE int config_file_unread(const struct config_reading *r,
    const char *path, const struct fault *why, struct fault *f);

/* "./a//b/" is "a/b": append the name of an operand. FAULT_USAGE. */
MUST_USE int config_path(const char *path, struct buf *out, struct fault *f);

#endif
