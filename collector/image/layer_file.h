/*
 * One file of an image as its bytes pass: recognised, kept for what it says, or
 * let by. facts are made only where something is worth telling.
 */
#ifndef COLLECTOR_IMAGE_LAYER_FILE_H
#define COLLECTOR_IMAGE_LAYER_FILE_H

#include "base/digest.h"
#include "collector/image/facts.h"
#include "collector/image/nested.h"
#include "base/fault.h"

struct layer_file;

struct layer_file *layer_file_new(struct crypto *c);
void layer_file_free(struct layer_file *v);

/* path is borrowed until the end. */
MUST_USE int layer_file_begin(struct layer_file *v, const char *path,
    uint64_t size, bool sparse, struct fault *f);
/* A file that is not looked at. */
void layer_file_none(struct layer_file *v);
MUST_USE int layer_file_feed(
    struct layer_file *v, const char *p, size_t len, struct fault *f);
/* *facts: new, or NULL: nothing to tell. */
MUST_USE int layer_file_end(
    struct layer_file *v, struct facts **facts, struct fault *f);

/* What was found in the file that ended last, if it is an archive: paths below
 * its own. Borrowed until the next begins. */
const struct nested_member *layer_file_members(
    const struct layer_file *v, size_t *count);

/* Everything below a folder of this host. */
struct folder_sink {
	int (*link)(
	    void *ctx, const char *path, const char *target, struct fault *f);
	int (*file)(
	    void *ctx, const char *path, struct facts *facts, struct fault *f);
	void *ctx;
};
MUST_USE int layer_file_folder(struct layer_file *v, const char *root,
    const struct folder_sink *sink, uint64_t *bytes, struct fault *f);

#endif
