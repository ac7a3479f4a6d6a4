/* One file: recognised, read and emitted. */
#ifndef COLLECTOR_CONFIG_CONFIG_FILE_H
#define COLLECTOR_CONFIG_CONFIG_FILE_H

#include "collector/settings/config_parts.h"

/*
 * Read the file at path, of at most CONFIG_PATH_MAX bytes, and emit it. type:
 * what it is, or NULL: recognised by its content. Named: the user named this
 * very file, so that an unknown content is an outcome and not a note.
 * -1: the sink failed.
 */
int config_file_collect(const struct request *r, struct emitter *e,
    const char *path, const struct config_type *type, bool named,
    struct fault *f);

#endif
