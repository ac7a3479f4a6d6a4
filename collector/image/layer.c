/* See layer.h. */
#include "collector/image/layer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "collector/image/layer_file.h"
#include "collector/image/tar_stream.h"
#include "collector/image/unpack.h"

#define WHITEOUT ".wh."
#define OPAQUE ".wh..wh..opq"

struct layers {
	struct crypto *crypto;
	struct overlay *overlay;
	struct unpack *unpack;
	struct tar tar;
	struct tar_sink sink;
	struct layer_file *file;
	const struct layer_want *want;	/* of the layer that passes; borrowed */
	struct hashing *packed, *plain; /* of what it wants digests of */
	long long came;			/* bytes of the layer */
	long long passed_over;
	uint64_t bytes;
	char path[OVERLAY_PATH_MAX]; /* of the file that passes */
};

/* ---- entries ---- */

static const char *
last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* The path that ".wh.NAME" hides, or the folder that is opaque. */
static int
whiteout(struct layers *l, const char *path, const char *name, struct fault *f)
{
	char target[OVERLAY_PATH_MAX];
	size_t folder = (size_t)(name - path);

	memcpy(target, path, folder);
	if (strcmp(name, OPAQUE) == 0) {
		target[folder > 0 ? folder - 1 : 0] = '\0';
		return overlay_whiteout(l->overlay, target, true, f);
	}
	if (strncmp(name, ".wh..wh.", 8) == 0)
		return 0; /* what AUFS keeps for itself */
	(void)strcpy(target + folder, name + strlen(WHITEOUT));
	return overlay_whiteout(l->overlay, target, false, f);
}

/* Another name of a file seen before, here or in a layer below. */
static int
hard_link(struct layers *l, const char *path, const char *link, struct fault *f)
{
	char target[OVERLAY_PATH_MAX], symbolic[OVERLAY_PATH_MAX];
	const struct overlay_node *n;
	struct facts *facts;
	bool is_symbolic;
	int rc;

	if (!overlay_resolve(l->overlay, link, false, target) ||
	    (n = overlay_find(l->overlay, target)) == NULL ||
	    strcmp(target, path) == 0)
		return strcmp(link, path) == 0
			   ? 0
			   : overlay_cover(l->overlay, path, false, f);
	facts = n->facts;
	if (facts != NULL)
		facts->references++;
	is_symbolic = n->target != NULL;
	if (is_symbolic)
		(void)snprintf(symbolic, sizeof(symbolic), "%s", n->target);
	rc = overlay_cover(l->overlay, path, false, f);
	if (rc == 0)
		rc = overlay_put(
		    l->overlay, path, is_symbolic ? symbolic : NULL, facts, f);
	facts_free(facts);
	return rc;
}

static int
on_entry(void *ctx, const struct tar_entry *e, struct fault *f)
{
	struct layers *l = ctx;
	const char *name;

	l->path[0] = '\0';
	if (!overlay_resolve(l->overlay, e->path, false, l->path)) {
		l->passed_over++;
		layer_file_none(l->file);
		return 0;
	}
	name = last_name(l->path);
	if (strncmp(name, WHITEOUT, strlen(WHITEOUT)) == 0) {
		layer_file_none(l->file);
		return whiteout(l, l->path, name, f);
	}
	if (e->type == TAR_HARD_LINK)
		return hard_link(l, l->path, e->link, f);
	if (overlay_cover(l->overlay, l->path, e->type == TAR_FOLDER, f) == -1)
		return -1;
	if (e->type == TAR_SYMLINK)
		return overlay_put(l->overlay, l->path, e->link, NULL, f);
	if (e->type == TAR_FILE)
		return layer_file_begin(
		    l->file, l->path, e->size, e->sparse, f);
	return 0;
}

static int
on_data(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct layers *l = ctx;

	return layer_file_feed(l->file, p, len, f);
}

/* What is in an archive stands below it, as in a folder. */
static int
put_members(struct layers *l, struct fault *f)
{
	size_t n;
	const struct nested_member *m = layer_file_members(l->file, &n);

	for (size_t i = 0; i < n; i++)
		if (overlay_put(l->overlay, m[i].path, NULL, m[i].facts, f) ==
		    -1)
			return -1;
	return 0;
}

static int
on_end(void *ctx, struct fault *f)
{
	struct layers *l = ctx;
	struct facts *facts;
	int rc;

	if (layer_file_end(l->file, &facts, f) == -1)
		return -1;
	rc = facts != NULL ? overlay_put(l->overlay, l->path, NULL, facts, f)
			   : 0;
	facts_free(facts);
	return rc == 0 ? put_members(l, f) : rc;
}

/* ---- a layer ---- */

static int
on_unpacked(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct layers *l = ctx;

	l->bytes += len;
	if (l->bytes > IMAGE_UNPACKED_MAX)
		return fault(f, FAULT_LIMIT,
		    "the image unpacks to over %llu bytes",
		    (unsigned long long)IMAGE_UNPACKED_MAX);
	if (l->plain != NULL && hashing_add(l->plain, p, len, f) == -1)
		return -1;
	return tar_feed(&l->tar, p, len, f);
}

struct layers *
layers_new(struct crypto *c)
{
	struct layers *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->crypto = c;
	l->sink = (struct tar_sink){ on_entry, on_data, on_end, l };
	l->overlay = overlay_new();
	l->unpack = unpack_new(on_unpacked, l);
	l->file = layer_file_new(c);
	tar_init(&l->tar, &l->sink);
	if (l->overlay != NULL && l->unpack != NULL && l->file != NULL)
		return l;
	layers_free(l);
	return NULL;
}

void
layers_free(struct layers *l)
{
	if (l == NULL)
		return;
	overlay_free(l->overlay);
	unpack_free(l->unpack);
	tar_free(&l->tar);
	layer_file_free(l->file);
	hashing_free(l->packed);
	hashing_free(l->plain);
	free(l);
}

static int
renew(struct layers *l, struct hashing **h, bool wanted, struct fault *f)
{
	hashing_free(*h);
	*h = NULL;
	return wanted && (*h = hashing_new(l->crypto, f)) == NULL ? -1 : 0;
}

int
layer_begin(struct layers *l, const struct layer_want *want, struct fault *f)
{
	if (renew(l, &l->packed, want->digest != NULL, f) == -1 ||
	    renew(l, &l->plain, want->diff_id != NULL, f) == -1)
		return -1;
	l->want = want;
	l->came = 0;
	tar_free(&l->tar);
	tar_init(&l->tar, &l->sink);
	unpack_begin(l->unpack);
	return 0;
}

int
layer_feed(void *layers, const char *p, size_t len, struct fault *f)
{
	struct layers *l = layers;

	l->came += (long long)len;
	if (l->want->size >= 0 && l->came > l->want->size)
		return fault(f, FAULT_INTEGRITY,
		    "more than the %lld bytes that its manifest names",
		    l->want->size);
	if (l->packed != NULL && hashing_add(l->packed, p, len, f) == -1)
		return -1;
	return unpack_feed(l->unpack, p, len, f);
}

static int
check_digest(
    struct hashing *h, const char *want, const char *what, struct fault *f)
{
	uint8_t digest[SHA256_LEN];
	char hex[SHA256_HEX];

	if (h == NULL)
		return 0;
	if (hashing_end(h, digest, f) == -1)
		return -1;
	hex_encode(digest, sizeof(digest), hex);
	return strcmp(hex, want) == 0
		   ? 0
		   : fault(f, FAULT_INTEGRITY,
			 "%s do not match the digest sha256:%.64s", what, want);
}

int
layer_end(struct layers *l, struct fault *f)
{
	const struct layer_want *want = l->want;

	/* first of all: other bytes need not make sense */
	if (want->size >= 0 && l->came != want->size)
		return fault(f, FAULT_INTEGRITY,
		    "%lld bytes came, and its manifest names %lld", l->came,
		    want->size);
	if (check_digest(l->packed, want->digest, "the bytes that came", f) ==
		-1 ||
	    unpack_end(l->unpack, f) == -1 ||
	    check_digest(l->plain, want->diff_id, "its unpacked bytes", f) ==
		-1)
		return -1;
	/* a layer without an entry may be no bytes at all */
	if ((l->tar.entries > 0 || l->tar.offset > 0) &&
	    tar_end(&l->tar, f) == -1)
		return -1;
	l->passed_over += l->tar.passed_over;
	return overlay_layer(l->overlay, f);
}

/* ---- a folder ---- */

static int
folder_link(void *ctx, const char *path, const char *target, struct fault *f)
{
	struct layers *l = ctx;

	return overlay_put(l->overlay, path, target, NULL, f);
}

static int
folder_file(void *ctx, const char *path, struct facts *facts, struct fault *f)
{
	struct layers *l = ctx;

	if (facts != NULL &&
	    overlay_put(l->overlay, path, NULL, facts, f) == -1)
		return -1;
	return put_members(l, f);
}

int
layer_folder(struct layers *l, const char *root, struct fault *f)
{
	const struct folder_sink sink = { folder_link, folder_file, l };

	if (layer_file_folder(l->file, root, &sink, &l->bytes, f) == -1)
		return -1;
	return overlay_layer(l->overlay, f);
}

struct overlay *
layers_overlay(struct layers *l)
{
	return l->overlay;
}

long long
layers_passed_over(const struct layers *l)
{
	return l->passed_over;
}

uint64_t
layers_bytes(const struct layers *l)
{
	return l->bytes;
}
