/*
 * Where an image comes from, as two questions: the bytes of a manifest (or
 * index), and those of a blob, in pieces. Whoever asks checks the digests, so
 * that a source can be as careless as it likes.
 */
#ifndef COLLECTOR_IMAGE_IMAGE_SOURCE_H
#define COLLECTOR_IMAGE_IMAGE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "collector/kit/collector.h"
#include "base/fault.h"

#define MANIFEST_MAX ((size_t)4 * 1024 * 1024) /* distribution spec 1.1 */
#define CONFIG_MAX ((size_t)4 * 1024 * 1024)
#define LAYERS_MAX 512
#define INDEX_MAX 512  /* manifests of one index */
#define DIGEST_TEXT 72 /* "sha256:", 64 digits, NUL */
#define BLOB_NAME_MAX 1024

typedef int blob_take(void *ctx, const char *p, size_t len, struct fault *f);

struct image_source {
	/* reference: "sha256:…", or NULL: what the user named. Appends. */
	int (*manifest)(void *self, const char *reference, struct buf *out,
	    struct fault *f);
	/* name: "sha256:…", or (docker archives) a file's name. */
	int (*blob)(void *self, const char *name, blob_take *take, void *ctx,
	    struct fault *f);
	void (*free)(void *self);
	void *self;
};

/* Is it "sha256:" and 64 lower-case hexadecimal digits? */
bool digest_text_good(const char *s);

/* "sha256:…" of bytes. */
MUST_USE int digest_text(struct crypto *c, const void *p, size_t len,
    char out[DIGEST_TEXT], struct fault *f);

/*
 * An OCI image layout (image-layout.md) in a folder, or in a tar file of one.
 * name: of the manifest wanted (org.opencontainers.image.ref.name), or NULL:
 * all of the index.
 */
MUST_USE int layout_open(struct image_source *out, const char *path,
    const char *name, struct fault *f);

/*
 * A tar file as "docker save" writes it. *oci: it holds an OCI layout (as
 * newer ones do too), and is a source of that; otherwise manifest.json is its
 * manifest(NULL).
 */
MUST_USE int archive_open(struct image_source *out, const char *path,
    const char *name, bool *oci, struct fault *f);

#endif
