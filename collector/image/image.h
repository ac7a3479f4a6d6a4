/* The parts of the image collector. */
#ifndef COLLECTOR_IMAGE_IMAGE_H
#define COLLECTOR_IMAGE_IMAGE_H

#include "collector/kit/collector.h"
#include "collector/image/layer.h"
#include "collector/image/image_manifest.h"

#define LOOKED_WITH 3 /* edition of the recognition: raise it when it grows */
#define REFERENCES_MAX 20000
#define REFERENCE_MAX 900 /* bytes of a reference */

/* What the user or the store asks for. */
enum transport { FROM_REGISTRY, FROM_LAYOUT, FROM_ARCHIVE, FROM_FOLDER };

struct reference {
	enum transport transport;
	char text[REFERENCE_MAX]; /* as asked: the scope's name */
	char path[REFERENCE_MAX]; /* of a file or folder; of a registry's */
	char name[REFERENCE_MAX]; /* of the image in it, "" for all; the tag */
	char host[256];		  /* of a registry, with its port */
	char digest[DIGEST_TEXT]; /* "": not by digest */
};

/*
 * oci:FOLDER[:NAME], oci-archive:FILE[:NAME], docker-archive:FILE,
 * root:FOLDER, or [HOST[:PORT]/]NAME[:TAG][@sha256:DIGEST] as docker reads it
 * (distribution/reference). FAULT_USAGE.
 */
MUST_USE int reference_read(
    struct reference *r, const char *text, struct fault *f);

/* One word of it that holds fips, at a time; false at the end. */
bool reference_claim(const char **rest, struct span *word);

struct image_work {
	const struct request *r;
	const struct sink *sink;
	struct platforms platforms;
	json_t
	    *known; /* owned; {"sha256:…": edition} of what is in the store */
	bool in_use;
};

/* Every image the reference means, for each platform wanted: told of, and
 * looked at unless it is known. -1: the sink or memory failed. */
MUST_USE int image_look(struct image_work *w, const struct reference *ref,
    const struct platforms *platforms, struct fault *f);

/* What was found in an image, under its digest (or the folder's name). */
MUST_USE int image_emit(struct image_work *w, const char *key,
    const struct image_plan *plan, struct layers *l, struct fault *f);

/* That it could not be looked at. */
MUST_USE int image_refuse(struct image_work *w, const char *key,
    const struct fault *why, struct fault *f);

/* A registry; see registry.c. */
MUST_USE int registry_open(struct image_source *out, const struct request *r,
    const struct reference *ref, struct fault *f);

#endif
