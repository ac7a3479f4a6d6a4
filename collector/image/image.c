/* The image collector: references, one after another. */
#include "collector/image/image.h"

#include <stdlib.h>
#include <string.h>

#include "collector/image/image_kinds.h"

static const struct collector_option options[] = {
	{ "in-use", NULL, "the images that clusters in the store run" },
	{ "platform", "LIST", "OS/MACHINE,... or all (linux/amd64)" },
	{ "docker-config", "FILE",
	    "logins (DOCKER_CONFIG, ~/.docker/config.json)" },
	{ "registry-ca", "FILE", "authorities of registries, PEM" },
	{ "plain-http", NULL, "without TLS; to this host only" },
	{ NULL, NULL, NULL },
};

/* Rows "DIGEST EDITION" of what the store holds in full. */
static int
take_known(void *ctx, const char *text, struct fault *f)
{
	struct image_work *w = ctx;
	const char *blank = strchr(text, ' ');
	char digest[NAME_MAX_LEN];

	if (blank == NULL || (size_t)(blank - text) >= sizeof(digest))
		return 0;
	memcpy(digest, text, (size_t)(blank - text));
	digest[blank - text] = '\0';
	return json_object_set_new(w->known, digest,
		   json_integer(strtoll(blank + 1, NULL, 10))) == -1
		   ? fault_memory(f)
		   : 0;
}

static int
look_at(struct image_work *w, const char *text,
    const struct platforms *platforms, struct fault *f)
{
	struct reference ref;

	if (w->r->progress != NULL)
		w->r->progress(w->r->progress_ctx, text);
	return reference_read(&ref, text, f) == -1
		   ? -1
		   : image_look(w, &ref, platforms, f);
}

/* Rows "REFERENCE PLATFORMS" of what clusters run, by reference. */
struct in_use {
	char **v; /* owned */
	size_t n, cap;
};

static int
take_in_use(void *ctx, const char *text, struct fault *f)
{
	struct in_use *u = ctx;

	if (u->n == REFERENCES_MAX)
		return fault(
		    f, FAULT_LIMIT, "over %d images in use", REFERENCES_MAX);
	if (u->n == u->cap) {
		size_t cap = u->cap == 0 ? 64 : 2 * u->cap;
		char **v = reallocarray(u->v, cap, sizeof(*v));

		if (v == NULL)
			return fault_memory(f);
		u->v = v;
		u->cap = cap;
	}
	if ((u->v[u->n] = strdup(text)) == NULL)
		return fault_memory(f);
	u->n++;
	return 0;
}

static int
look_in_use(struct image_work *w, char *row, struct fault *f)
{
	struct platforms platforms = w->platforms;
	char *blank = strrchr(row, ' ');

	if (blank != NULL) {
		*blank = '\0';
		/* what the user asked for counts more than what nodes are */
		if (request_get(w->r, "platform") == NULL &&
		    platforms_read(&platforms, blank + 1, f) == -1)
			return -1;
	}
	return look_at(w, row, &platforms, f);
}

static int
all_in_use(struct image_work *w, struct fault *f)
{
	const struct request *r = w->r;
	struct in_use u = { 0 };
	int rc;

	if (r->known == NULL)
		return fault(f, FAULT_USAGE,
		    "image --in-use: takes what clusters run from a store; it "
		    "goes neither with --emit nor --bundle");
	rc = r->known(r->known_ctx, "images-in-use", take_in_use, &u, f);
	if (rc == 0 && u.n == 0)
		rc = fault(f, FAULT_USAGE,
		    "image --in-use: the store knows no image in use; run "
		    "'exhibit collect kube' first");
	w->in_use = true;
	for (size_t i = 0; rc == 0 && i < u.n; i++)
		rc = look_in_use(w, u.v[i], f);
	for (size_t i = 0; i < u.n; i++)
		free(u.v[i]);
	free(u.v);
	w->in_use = false;
	return rc;
}

static int
all(struct image_work *w, struct fault *f)
{
	const struct request *r = w->r;
	const char *platform = request_get(r, "platform");
	struct reference ref;

	if (platforms_read(&w->platforms,
		platform != NULL ? platform : "linux/amd64", f) == -1)
		return -1;
	for (size_t i = 0; i < r->noperands; i++)
		if (reference_read(&ref, r->operands[i], f) == -1)
			return -1; /* before anything is asked */
	if (r->known != NULL &&
	    r->known(r->known_ctx, "images-known", take_known, w, f) == -1)
		return -1;
	for (size_t i = 0; i < r->noperands; i++)
		if (look_at(w, r->operands[i], &w->platforms, f) == -1)
			return -1;
	return request_get(r, "in-use") != NULL ? all_in_use(w, f) : 0;
}

static int
collect(const struct request *r, const struct sink *sink, struct fault *f)
{
	struct image_work w = { .r = r, .sink = sink };
	int rc;

	if (r->noperands == 0 && request_get(r, "in-use") == NULL)
		return fault(f, FAULT_USAGE,
		    "image: which? name images (REGISTRY/NAME:TAG, oci:FOLDER, "
		    "docker-archive:FILE, root:FOLDER) or give --in-use");
	if ((w.known = json_object()) == NULL)
		return fault_memory(f);
	rc = all(&w, f);
	json_decref(w.known);
	return rc;
}

extern const struct collector image_collector; /* in collector/table.c */

const struct collector image_collector = {
	.name = "image",
	.about = "container images: which cryptographic modules are in them",
	.operands = "REFERENCE ...",
	.kinds = image_kinds,
	.options = options,
	.collect = collect,
};
