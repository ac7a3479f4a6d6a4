/*
 * Layers, one on another, into a tree of what matters. Bytes come in pieces as
 * they arrive; nothing is kept whole.
 */
#ifndef COLLECTOR_IMAGE_LAYER_H
#define COLLECTOR_IMAGE_LAYER_H

#include "base/digest.h"
#include "collector/image/overlay.h"

#define SPECIAL_TEXT_MAX ((size_t)256 * 1024)	   /* of a file that is kept */
#define SPECIAL_KEPT_MAX ((size_t)2 * 1024 * 1024) /* of all of them */
#define IMAGE_UNPACKED_MAX ((uint64_t)128 * 1024 * 1024 * 1024)

struct layers;

/* c is borrowed, for digests. NULL: out of memory. */
struct layers *layers_new(struct crypto *c);
void layers_free(struct layers *l);

/* What a layer's bytes must be; a digest is 64 digits, or NULL: not told. */
struct layer_want {
	const char *digest;  /* of its bytes as they come */
	const char *diff_id; /* of its bytes once they are unpacked */
	long long size;	     /* of its bytes as they come; -1: not told */
};

/* A layer begins; want is borrowed until its end. */
MUST_USE int layer_begin(
    struct layers *l, const struct layer_want *want, struct fault *f);
/* Its bytes as they came. */
MUST_USE int layer_feed(
    void *layers, const char *p, size_t len, struct fault *f);
/* It is whole. FAULT_INTEGRITY: its size or a digest is another; FAULT_FORMAT:
 * it is cut off. */
MUST_USE int layer_end(struct layers *l, struct fault *f);

/* The same from a folder: every regular file and link below it, staying on its
 * file system. /proc, /sys and /dev of a root are passed over. */
MUST_USE int layer_folder(struct layers *l, const char *root, struct fault *f);

struct overlay *layers_overlay(struct layers *l); /* borrowed */
/* Entries whose paths lead outside or are too long, which are not looked at. */
long long layers_passed_over(const struct layers *l);
uint64_t layers_bytes(const struct layers *l); /* unpacked, in all */

#endif
