/* From a reference to images, and through their layers; see image.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/image/image.h"
#include "collector/image/image_kinds.h"
#include "collector/kit/project.h"

#define INDEX_DEPTH 3 /* an index in an index of an OCI layout */

struct looking {
	struct image_work *w;
	const struct reference *ref;
	const struct platforms *platforms;
	struct image_source source;
	struct emitter e;   /* of the reference's scope */
	size_t told;	    /* images the reference was found to mean */
	struct fault fatal; /* of the sink or memory: ends everything */
};

/* ---- what the reference means ---- */

static json_t *
claim_of(const char *reference, struct attrs *a)
{
	json_t *list = json_array();
	struct span word;
	BUF_AUTO(text, REFERENCE_MAX + 1);

	/* where it is kept on this host is no claim of its maker */
	if (strncmp(reference, "root:", 5) == 0)
		return list;
	while (reference_claim(&reference, &word)) {
		buf_reset(&text);
		buf_put(&text, word.p, word.len);
		add_text(a, list, text.p);
	}
	return list;
}

static int
tell_reference(struct looking *g, const char *key, const char *digest,
    const char *index, const char *platform, struct fault *f)
{
	const char *text = g->ref->text;
	ATTRS_AUTO(a);

	attrs_json(&a, "claim", claim_of(text, &a));
	attrs_str(&a, "digest", digest);
	attrs_str(&a, "image", key);
	attrs_bool(&a, "in_use", g->w->in_use);
	attrs_str(&a, "index_digest",
	    index != NULL && index[0] != '\0' ? index : NULL);
	attrs_str(&a, "platform", platform);
	attrs_str(&a, "reference", text);
	g->told++;
	return emit_observed(&g->e, &image_reference_kind,
	    platform != NULL ? platform : "*", &a, text, f);
}

static bool
is_known(const struct looking *g, const char *digest)
{
	return json_integer_value(json_object_get(g->w->known, digest)) ==
	       LOOKED_WITH;
}

/* ---- its layers ---- */

static int
pass_layer(struct looking *g, const struct image_layer *layer, struct layers *l,
    struct fault *f)
{
	const struct image_source *s = &g->source;
	const struct layer_want want = {
		.digest = layer->digest[0] != '\0'
			      ? layer->digest + strlen("sha256:")
			      : NULL,
		.diff_id = layer->diff_id + strlen("sha256:"),
		.size = layer->size,
	};

	if (layer_begin(l, &want, f) == -1 ||
	    s->blob(s->self, layer->name, layer_feed, l, f) == -1)
		return -1;
	return layer_end(l, f);
}

static int
pass_layers(struct looking *g, const struct image_plan *plan, struct layers *l,
    struct fault *f)
{
	struct fault why;
	char text[REFERENCE_MAX + 64];

	for (size_t i = 0; i < plan->n; i++) {
		if (g->w->r->progress != NULL) {
			(void)snprintf(text, sizeof(text),
			    "%s: layer %zu of %zu", g->ref->text, i + 1,
			    plan->n);
			g->w->r->progress(g->w->r->progress_ctx, text);
		}
		if (pass_layer(g, &plan->layers[i], l, &why) == -1)
			return fault(f, why.kind, "layer %zu of %zu: %.900s",
			    i + 1, plan->n, why.text);
	}
	return 0;
}

/* Is it a fault that tells something of the image, or one of ours? */
static bool
ours(const struct fault *why)
{
	return why->kind == FAULT_IO || why->kind == FAULT_USAGE;
}

static int
look_through(struct looking *g, const struct image_plan *plan, struct fault *f)
{
	struct layers *l = layers_new(g->w->r->crypto);
	struct fault why = { 0 };
	int rc;

	if (l == NULL)
		return fault_memory(f);
	if (strncmp(plan->platform, "windows", 7) == 0)
		rc = fault(&why, FAULT_FORMAT,
		    "an image for Windows, which is not read");
	else
		rc = pass_layers(g, plan, l, &why);
	if (rc == 0)
		rc = image_emit(g->w, plan->digest, plan, l, f);
	else if (ours(&why))
		*f = why;
	else
		rc = image_refuse(g->w, plan->digest, &why, f);
	layers_free(l);
	return rc;
}

/* ---- manifests ---- */

/* Fatal faults are kept apart from what is evidence about the image. */
static int
fatal(struct looking *g, int rc, const struct fault *f)
{
	if (rc == -1)
		g->fatal = *f;
	return rc;
}

static int
one_plan(struct looking *g, struct image_plan *plan)
{
	struct fault f;

	if (fatal(g,
		tell_reference(g, plan->digest, plan->digest,
		    plan->index_digest, plan->platform, &f),
		&f) == -1)
		return -1;
	if (is_known(g, plan->digest))
		return 0;
	return fatal(g, look_through(g, plan, &f), &f);
}

static int manifest_bytes(struct looking *g, const struct buf *bytes,
    const char *index, int depth, struct fault *why);

static int
entry_of_index(struct looking *g, const json_t *entry, const char *index,
    int depth, struct fault *why)
{
	const char *digest = path_text(entry, ".digest");
	char got[DIGEST_TEXT];
	BUF_AUTO(bytes, MANIFEST_MAX);

	if (digest == NULL || !digest_text_good(digest))
		return fault(why, FAULT_FORMAT,
		    "the index names '%.80s', which is no SHA-256 digest",
		    digest != NULL ? digest : "");
	if (g->source.manifest(g->source.self, digest, &bytes, why) == -1 ||
	    digest_text(g->w->r->crypto, bytes.p, bytes.len, got, why) == -1)
		return -1;
	if (strcmp(got, digest) != 0)
		return fault(why, FAULT_INTEGRITY,
		    "manifest %s: the bytes that came do not match this "
		    "digest",
		    digest);
	return manifest_bytes(g, &bytes, index, depth + 1, why);
}

static int
whole_index(struct looking *g, const json_t *doc, const char *index, int depth,
    struct fault *why)
{
	const json_t *list = json_object_get(doc, "manifests"), *v;
	char platform[PLATFORM_MAX];

	if (json_array_size(list) == 0)
		return fault(why, FAULT_FORMAT, "an index without a manifest");
	if (json_array_size(list) > INDEX_MAX)
		return fault(why, FAULT_LIMIT, "an index of over %d manifests",
		    INDEX_MAX);
	for (size_t i = 0; i < json_array_size(list); i++) {
		v = json_array_get(list, i);
		platform_of(json_object_get(v, "platform"), platform);
		if (platforms_want(g->platforms, platform) &&
		    entry_of_index(g, v, index, depth, why) == -1)
			return -1;
	}
	return 0;
}

static int
manifest_bytes(struct looking *g, const struct buf *bytes, const char *index,
    int depth, struct fault *why)
{
	json_auto_t *doc = json_loadb(bytes->len > 0 ? bytes->p : "",
	    bytes->len, JSON_REJECT_DUPLICATES, NULL);
	struct image_plan plan = { 0 };
	char digest[DIGEST_TEXT];
	bool is_index;
	int rc;

	if (depth > INDEX_DEPTH)
		return fault(why, FAULT_LIMIT,
		    "indexes within indexes over %d deep", INDEX_DEPTH);
	if (manifest_is_index(doc, &is_index, why) == -1 ||
	    digest_text(g->w->r->crypto, bytes->p, bytes->len, digest, why) ==
		-1)
		return -1;
	/* index.json of a layout is a list of contents: it has no digest
	 * that anybody names */
	if (is_index)
		return whole_index(g, doc,
		    depth == 0 && g->ref->transport != FROM_REGISTRY ? ""
								     : digest,
		    depth, why);
	rc = image_plan_read(&plan, &g->source, bytes, g->w->r->crypto, why);
	if (rc == 0) {
		(void)snprintf(
		    plan.index_digest, sizeof(plan.index_digest), "%s", index);
		rc = one_plan(g, &plan);
	}
	image_plan_free(&plan);
	return rc;
}

static int
docker_images(struct looking *g, struct fault *why)
{
	BUF_AUTO(bytes, MANIFEST_MAX);
	json_auto_t *doc = NULL;
	const char *name;
	int rc = g->source.manifest(g->source.self, NULL, &bytes, why);

	if (rc == -1)
		return -1;
	doc = json_loadb(bytes.len > 0 ? bytes.p : "", bytes.len,
	    JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_array(doc))
		return fault(
		    why, FAULT_FORMAT, "manifest.json: no list of images");
	for (size_t i = 0;
	     rc == 0 && (i == 0 || i < json_array_size(doc)) && i < INDEX_MAX;
	     i++) {
		struct image_plan plan = { 0 };

		rc = image_plan_docker(
		    &plan, &g->source, doc, i, g->w->r->crypto, &name, why);
		if (rc == 0)
			rc = one_plan(g, &plan);
		image_plan_free(&plan);
	}
	return rc;
}

/* ---- sources ---- */

static int
from_folder(struct looking *g, struct fault *why)
{
	struct image_plan plan = { 0 };
	struct layers *l;
	struct fault f;
	int rc;

	if ((l = layers_new(g->w->r->crypto)) == NULL)
		return fatal(g, fault_memory(&f), &f);
	rc = layer_folder(l, g->ref->path, why);
	if (rc == 0)
		rc = fatal(g,
		    tell_reference(g, g->ref->text, NULL, NULL, NULL, &f), &f);
	if (rc == 0)
		rc = fatal(g, image_emit(g->w, g->ref->text, &plan, l, &f), &f);
	layers_free(l);
	return rc;
}

static int
from_source(struct looking *g, bool docker, struct fault *why)
{
	const struct reference *r = g->ref;
	char got[DIGEST_TEXT];
	BUF_AUTO(bytes, MANIFEST_MAX);

	if (docker)
		return docker_images(g, why);
	if (g->source.manifest(g->source.self,
		r->digest[0] != '\0' ? r->digest : NULL, &bytes, why) == -1 ||
	    digest_text(g->w->r->crypto, bytes.p, bytes.len, got, why) == -1)
		return -1;
	if (r->digest[0] != '\0' && strcmp(got, r->digest) != 0)
		return fault(why, FAULT_INTEGRITY,
		    "manifest %s: the bytes that came do not match this "
		    "digest",
		    r->digest);
	return manifest_bytes(g, &bytes, "", 0, why);
}

static int
ask(struct looking *g, struct fault *why)
{
	const struct reference *r = g->ref;
	const char *name = r->name[0] != '\0' ? r->name : NULL;
	bool oci = true;
	int rc;

	switch (r->transport) {
	case FROM_FOLDER:
		return from_folder(g, why);
	case FROM_LAYOUT:
		rc = layout_open(&g->source, r->path, name, why);
		break;
	case FROM_ARCHIVE:
		rc = archive_open(&g->source, r->path, name, &oci, why);
		break;
	default:
		rc = registry_open(&g->source, g->w->r, r, why);
	}
	if (rc == -1)
		return -1;
	rc = from_source(g, !oci, why);
	g->source.free(g->source.self);
	return rc;
}

static int
settle(struct looking *g, int rc, const struct fault *why, struct fault *f)
{
	const char *text = g->ref->text;
	struct fault none = *why;
	enum outcome o;

	if (rc == 0 && g->told > 0)
		return emit_coverage(&g->e, OUTCOME_OBSERVED, NULL, f);
	if (rc == 0)
		(void)fault(&none, FAULT_ABSENT,
		    "it has no image for the platforms asked for");
	o = outcome_of_fault(&none);
	if (g->told > 0) {
		/* some platforms were told; the rest is not known */
		if (emit_gap(&g->e, &image_reference_kind, o, none.text, f) ==
		    -1)
			return -1;
		return emit_coverage(&g->e, OUTCOME_OBSERVED, NULL, f);
	}
	/* it was asked for: what is not there is not known, either */
	if (emit_outcome(&g->e, &image_reference_kind, "*", o, none.text, text,
		f) == -1 ||
	    emit_gap(&g->e, &image_reference_kind,
		o == OUTCOME_ABSENT ? OUTCOME_ERROR : o, none.text, f) == -1)
		return -1;
	return emit_coverage(&g->e, OUTCOME_OBSERVED, NULL, f);
}

int
image_look(struct image_work *w, const struct reference *ref,
    const struct platforms *platforms, struct fault *f)
{
	char scope[REFERENCE_MAX + 16];
	struct looking g = { .w = w, .ref = ref, .platforms = platforms };
	struct fault why = { 0 };
	int rc;

	(void)snprintf(scope, sizeof(scope), "image/%s", ref->text);
	if (emitter_init(
		&g.e, w->sink, image_reference_kinds, "image", scope, f) == -1)
		return -1;
	rc = ask(&g, &why);
	if (g.fatal.kind == FAULT_NONE && rc == -1 && ours(&why))
		g.fatal = why;
	if (g.fatal.kind != FAULT_NONE) {
		*f = g.fatal;
		rc = -1;
	} else {
		rc = settle(&g, rc, &why, f);
	}
	emitter_free(&g.e);
	return rc;
}
