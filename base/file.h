/*
 * Files, whole. Nothing is written half: a temporary beside the target,
 * flushed to disk, then renamed over it.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/fault.h"

/* Append everything fd still has to b, within b->max. */
MUST_USE int file_read_fd(
    int fd, const char *name, struct buf *b, struct fault *f);

/* Append the regular file at path to b, within b->max. */
MUST_USE int file_read(const char *path, struct buf *b, struct fault *f);

/* Make path hold exactly these bytes, with this mode, or leave it as it was. */
MUST_USE int file_write(const char *path, const void *p, size_t len,
    unsigned mode, struct fault *f);

/* The same for a path that nothing may have yet, whoever else makes it at the
 * same moment: FAULT_USAGE if it is there, and then it is as it was. */
MUST_USE int file_create(const char *path, const void *p, size_t len,
    unsigned mode, struct fault *f);

/* Give the finished file at tmp this name, which nothing may have yet. tmp is
 * gone afterwards, whatever came of it. */
MUST_USE int file_publish(const char *tmp, const char *path, struct fault *f);

#endif
