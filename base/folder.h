/* A private folder of files that are made, read and thrown away together. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/buf.h"
#include "base/fault.h"

#define FOLDER_PATH_MAX 4096
#define FOLDER_DEPTH_MAX 8 /* folders below one another */

/* Make a new folder (mode 0700) in parent whose name starts with prefix; its
 * path goes to out. */
MUST_USE int folder_new(const char *parent, const char *prefix,
    char out[FOLDER_PATH_MAX], struct fault *f);

/* Remove it with everything in it; what cannot be removed stays. */
void folder_remove(const char *path);

/* folder/name in out. FAULT_LIMIT: too long. */
MUST_USE int folder_path(const char *folder, const char *name,
    char out[FOLDER_PATH_MAX], struct fault *f);

/* A new file of this name to write to, with the folders it needs; no link is
 * followed and nothing is overwritten. -1 or the descriptor, which the caller
 * closes. */
MUST_USE int folder_create(
    const char *folder, const char *name, struct fault *f);

/* To read. */
MUST_USE int folder_open(const char *folder, const char *name, struct fault *f);

/* Make the file with these bytes. */
MUST_USE int folder_put(const char *folder, const char *name, const void *p,
    size_t len, struct fault *f);

/* Append the file to b, within b->max. */
MUST_USE int folder_get(
    const char *folder, const char *name, struct buf *b, struct fault *f);

/* Call with the name of each regular file in it, below it too, in no order.
 * FAULT_FORMAT: there is something else, such as a link. */
MUST_USE int folder_each(const char *folder,
    int (*file)(void *ctx, const char *name, struct fault *), void *ctx,
    struct fault *f);

#endif
