/*
 * What is known of an image's files while its layers are laid on one another
 * (OCI image specification, layer.md): only what matters is kept, links and
 * files of which something was recognised, so memory follows that and not the
 * image. What a later layer replaces or whites out is forgotten.
 */
#ifndef COLLECTOR_IMAGE_OVERLAY_H
#define COLLECTOR_IMAGE_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/image/facts.h"
#include "base/fault.h"

#define OVERLAY_NODES_MAX 200000
#define OVERLAY_BYTES_MAX ((size_t)8 * 1024 * 1024) /* of paths and links */
#define OVERLAY_WORK_MAX 2000000000LL /* steps spent on hiding, in all */
#define OVERLAY_LINKS_MAX                                                      \
	40 /* followed for one path, as path_resolution(7)                     \
	    */
#define OVERLAY_PATH_MAX 4096

struct overlay_node {
	const char *path;    /* no leading slash */
	const char *target;  /* of a symbolic link, or NULL */
	struct facts *facts; /* counted, or NULL */
	bool gone;
};

struct overlay;

struct overlay *overlay_new(void); /* NULL: out of memory */
void overlay_free(struct overlay *t);

/* What was put so far becomes what the next layer is laid on. */
MUST_USE int overlay_layer(struct overlay *t, struct fault *f);

/*
 * An entry of the layer has this path: what stood there goes, and if it is no
 * folder what stood below it.
 */
MUST_USE int overlay_cover(
    struct overlay *t, const char *path, bool folder, struct fault *f);

/* Whiteouts hide what lower layers have: at the path and below it, or (opaque)
 * below it only. */
MUST_USE int overlay_whiteout(
    struct overlay *t, const char *path, bool opaque, struct fault *f);

/* After overlay_cover(). Takes a reference to facts. */
MUST_USE int overlay_put(struct overlay *t, const char *path,
    const char *target, struct facts *facts, struct fault *f);

/* What stands at exactly this path, or NULL. Borrowed until the next put. */
const struct overlay_node *overlay_find(
    const struct overlay *t, const char *path);

/*
 * Resolve the links of path within the root, those of its last component too
 * if last. false: a loop, or too long.
 */
bool overlay_resolve(
    struct overlay *t, const char *path, bool last, char out[OVERLAY_PATH_MAX]);

/* After the last overlay_layer(): all that is there, by path. */
size_t overlay_count(const struct overlay *t);
const struct overlay_node *overlay_at(const struct overlay *t, size_t i);

#endif
