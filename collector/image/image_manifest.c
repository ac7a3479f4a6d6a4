/* See manifest.h. */
#include "collector/image/image_manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/digest.h"
#include "base/json.h"
#include "collector/kit/project.h"

void
image_plan_free(struct image_plan *p)
{
	json_decref(p->config);
	free(p->layers);
	memset(p, 0, sizeof(*p));
}

int
manifest_is_index(const json_t *doc, bool *index, struct fault *f)
{
	*index = json_is_array(json_object_get(doc, "manifests"));
	if (*index || json_is_array(json_object_get(doc, "layers")))
		return 0;
	if (json_is_array(json_object_get(doc, "fsLayers")))
		return fault(f, FAULT_FORMAT,
		    "a manifest of schema 1, which is not read: its layers "
		    "have no verifiable order");
	return fault(f, FAULT_FORMAT, "neither a manifest nor an index");
}

/* ---- platforms ---- */

int
platforms_read(struct platforms *p, const char *text, struct fault *f)
{
	p->n = 0;
	if (strcmp(text, "all") == 0)
		return 0;
	while (*text != '\0') {
		size_t len = strcspn(text, ",");

		if (p->n == LENGTH(p->v))
			return fault(
			    f, FAULT_USAGE, "--platform: over 16 platforms");
		if (len == 0 || len >= PLATFORM_MAX ||
		    memchr(text, '/', len) == NULL)
			return fault(f, FAULT_USAGE,
			    "--platform: '%.*s' is not OS/MACHINE, as "
			    "linux/amd64, nor all",
			    (int)(len < 100 ? len : 100), text);
		memcpy(p->v[p->n], text, len);
		p->v[p->n++][len] = '\0';
		text += len + (text[len] == ',');
	}
	return 0;
}

bool
platforms_want(const struct platforms *p, const char *platform)
{
	/* attestations stand in an index as unknown/unknown */
	if (strncmp(platform, "unknown/", 8) == 0)
		return false;
	for (size_t i = 0; i < p->n; i++) {
		size_t len = strlen(p->v[i]);

		/* a variant that is not asked for is as good as any */
		if (strncmp(platform, p->v[i], len) == 0 &&
		    (platform[len] == '\0' || platform[len] == '/'))
			return true;
	}
	return p->n == 0 || platform[0] == '\0';
}

void
platform_of(const json_t *object, char out[PLATFORM_MAX])
{
	const char *os = path_text(object, ".os");
	const char *machine = path_text(object, ".architecture");
	const char *variant = path_text(object, ".variant");

	out[0] = '\0';
	if (os != NULL && machine != NULL && strlen(os) < 32 &&
	    strlen(machine) < 32)
		(void)snprintf(out, PLATFORM_MAX, "%.32s/%.32s%s%.32s", os,
		    machine, variant != NULL ? "/" : "",
		    variant != NULL ? variant : "");
}

/* ---- one image ---- */

static int
append(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct buf *out = ctx;

	buf_put(out, p, len);
	return buf_done(out, "configuration of the image", f);
}

static int
read_config(struct image_plan *p, const struct image_source *s,
    const char *name, struct crypto *c, struct fault *f)
{
	char digest[DIGEST_TEXT];
	BUF_AUTO(text, CONFIG_MAX);

	if (s->blob(s->self, name, append, &text, f) == -1 ||
	    digest_text(c, text.p, text.len, digest, f) == -1)
		return -1;
	if (p->config_digest[0] != '\0' &&
	    strcmp(digest, p->config_digest) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "the configuration does not match its digest %s",
		    p->config_digest);
	memcpy(p->config_digest, digest, sizeof(digest));
	p->config = json_loadb(
	    text.len > 0 ? text.p : "", text.len, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(p->config))
		return fault(f, FAULT_FORMAT,
		    "the configuration of the image is no JSON object");
	platform_of(p->config, p->platform);
	if (p->platform[0] == '\0')
		return fault(f, FAULT_FORMAT,
		    "not an image of files: its configuration names no "
		    "platform");
	return 0;
}

static int
room_for_layers(struct image_plan *p, size_t n, struct fault *f)
{
	if (n > LAYERS_MAX)
		return fault(f, FAULT_LIMIT, "over %d layers", LAYERS_MAX);
	p->layers = calloc(n + 1, sizeof(*p->layers));
	return p->layers == NULL ? fault_memory(f) : 0;
}

static int
take_digest(const json_t *descriptor, char out[DIGEST_TEXT], struct fault *f)
{
	const char *s = path_text(descriptor, ".digest");

	if (s == NULL || !digest_text_good(s))
		return fault(f, FAULT_FORMAT,
		    "the manifest names '%.80s', which is no SHA-256 digest",
		    s != NULL ? s : "");
	memcpy(out, s, DIGEST_TEXT);
	return 0;
}

/* The digest of a layer's plain bytes, by the image's configuration (config.md,
 * rootfs.diff_ids), which has as many as there are layers. */
static int
take_diff_id(const struct image_plan *p, struct image_layer *l, struct fault *f)
{
	const json_t *ids = path_value(p->config, ".rootfs.diff_ids");
	const char *id = json_string_value(json_array_get(ids, p->n));

	if (id == NULL || !digest_text_good(id))
		return fault(f, FAULT_FORMAT,
		    "a layer without a digest in the configuration");
	memcpy(l->diff_id, id, DIGEST_TEXT);
	return 0;
}

static int
same_layers(const struct image_plan *p, size_t n, struct fault *f)
{
	const json_t *ids = path_value(p->config, ".rootfs.diff_ids");

	return json_is_array(ids) && json_array_size(ids) == n
		   ? 0
		   : fault(f, FAULT_FORMAT,
			 "its manifest and its configuration have not the "
			 "same layers");
}

static int
oci_layer(struct image_plan *p, const json_t *v, struct fault *f)
{
	struct image_layer *l = &p->layers[p->n];
	const json_t *size = json_object_get(v, "size");
	const char *type = path_text(v, ".mediaType");

	if (type != NULL &&
	    (strstr(type, "tar") == NULL || strstr(type, "encrypted") != NULL))
		return fault(f, FAULT_FORMAT,
		    "a layer is %.100s, and not a tar stream", type);
	if (!json_is_integer(size) || json_integer_value(size) < 0)
		return fault(f, FAULT_FORMAT, "a layer without a size");
	l->size = json_integer_value(size);
	if (take_digest(v, l->digest, f) == -1 || take_diff_id(p, l, f) == -1)
		return -1;
	memcpy(l->name, l->digest, DIGEST_TEXT);
	p->n++;
	return 0;
}

int
image_plan_read(struct image_plan *p, const struct image_source *s,
    const struct buf *manifest, struct crypto *c, struct fault *f)
{
	json_auto_t *doc = json_loadb(
	    manifest->p, manifest->len, JSON_REJECT_DUPLICATES, NULL);
	json_t *layers = json_object_get(doc, "layers"), *v;
	size_t i;

	if (digest_text(c, manifest->p, manifest->len, p->digest, f) == -1)
		return -1;
	if (!json_is_array(layers))
		return fault(f, FAULT_FORMAT, "a manifest without layers");
	if (take_digest(json_object_get(doc, "config"), p->config_digest, f) ==
		-1 ||
	    read_config(p, s, p->config_digest, c, f) == -1 ||
	    same_layers(p, json_array_size(layers), f) == -1 ||
	    room_for_layers(p, json_array_size(layers), f) == -1)
		return -1;
	json_array_foreach (layers, i, v) {
		if (oci_layer(p, v, f) == -1)
			return -1;
	}
	return 0;
}

/* Its layers have no digest of their own: those of rootfs.diff_ids hold. */
static int
docker_layers(struct image_plan *p, const json_t *files, struct fault *f)
{
	size_t n = json_array_size(files);

	if (same_layers(p, n, f) == -1 || room_for_layers(p, n, f) == -1)
		return -1;
	for (; p->n < n; p->n++) {
		struct image_layer *l = &p->layers[p->n];
		const char *file =
		    json_string_value(json_array_get(files, p->n));

		if (file == NULL || strlen(file) >= sizeof(l->name))
			return fault(f, FAULT_FORMAT, "a layer without a file");
		if (take_diff_id(p, l, f) == -1)
			return -1;
		memcpy(l->name, file, strlen(file) + 1);
		l->size = -1;
	}
	return 0;
}

int
image_plan_docker(struct image_plan *p, const struct image_source *s,
    const json_t *doc, size_t i, struct crypto *c, const char **name,
    struct fault *f)
{
	const json_t *one = json_array_get(doc, i);
	const char *config = path_text(one, ".Config");

	if (one == NULL)
		return fault(f, FAULT_ABSENT, "the archive holds no image");
	*name = json_string_value(
	    json_array_get(json_object_get(one, "RepoTags"), 0));
	if (config == NULL || strlen(config) >= BLOB_NAME_MAX)
		return fault(f, FAULT_FORMAT,
		    "manifest.json: an image without a configuration");
	if (read_config(p, s, config, c, f) == -1 ||
	    docker_layers(p, json_object_get(one, "Layers"), f) == -1)
		return -1;
	memcpy(p->digest, p->config_digest, sizeof(p->digest));
	return 0;
}
