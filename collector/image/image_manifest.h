/*
 * Manifests: which configuration and layers make an image, and of several
 * images which is for the platform. OCI image specification 1.1 (manifest.md,
 * image-index.md, config.md), Docker's schema 2 and manifest lists, which have
 * the same members, and manifest.json of "docker save".
 */
#ifndef COLLECTOR_IMAGE_IMAGE_MANIFEST_H
#define COLLECTOR_IMAGE_IMAGE_MANIFEST_H

#include <jansson.h>

#include "collector/image/image_source.h"

#define PLATFORM_MAX 128

struct image_layer {
	char name[BLOB_NAME_MAX]; /* digest, or file of a docker archive */
	char digest[DIGEST_TEXT]; /* of its bytes as they come; "": none told */
	char diff_id[DIGEST_TEXT]; /* of its bytes once they are unpacked */
	long long size; /* of its bytes as they come; -1: none told */
};

struct image_plan {
	char digest[DIGEST_TEXT];	/* of the image */
	char index_digest[DIGEST_TEXT]; /* "": none named it */
	char config_digest[DIGEST_TEXT];
	char platform[PLATFORM_MAX]; /* "linux/amd64" */
	json_t *config;		     /* owned */
	struct image_layer *layers;  /* owned */
	size_t n;
};

void image_plan_free(struct image_plan *p);

/* Is it an index, and not one image's manifest? FAULT_FORMAT: neither. */
MUST_USE int manifest_is_index(const json_t *doc, bool *index, struct fault *f);

/*
 * The platforms wanted: NULL-terminated "OS/MACHINE[/VARIANT]". An empty list
 * wants all.
 */
struct platforms {
	char v[16][PLATFORM_MAX];
	size_t n;
};

/* Read "linux/amd64,linux/arm64" or "all". FAULT_USAGE. */
MUST_USE int platforms_read(
    struct platforms *p, const char *text, struct fault *f);
bool platforms_want(const struct platforms *p, const char *platform);

/* "linux/amd64" of an index's entry or a configuration; "" if it says none. */
void platform_of(const json_t *object, char out[PLATFORM_MAX]);

/*
 * Fill p from the manifest's bytes (its digest is computed) and the
 * configuration, which is fetched from s. FAULT_FORMAT, FAULT_INTEGRITY.
 */
MUST_USE int image_plan_read(struct image_plan *p, const struct image_source *s,
    const struct buf *manifest, struct crypto *c, struct fault *f);

/* The same of image i of a docker archive's manifest.json. FAULT_ABSENT: there
 * is no such image. *name: its first tag, borrowed from doc, or NULL. */
MUST_USE int image_plan_docker(struct image_plan *p,
    const struct image_source *s, const json_t *doc, size_t i, struct crypto *c,
    const char **name, struct fault *f);

#endif
