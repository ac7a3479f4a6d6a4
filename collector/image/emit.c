/* From what was found in an image to its observations; see emit.h. */
#include "collector/image/emit.h"

#include <stdlib.h>
#include <string.h>

#include "collector/kit/environment.h"
#include "collector/image/image_kinds.h"
#include "base/length.h"
#include "base/json.h"
#include "collector/kit/os_release.h"
#include "collector/kit/put.h"
#include "collector/kit/project.h"

#define SOURCE "layers"

/* ---- modules ---- */

void
module_key(struct buf *out, const char *path, const json_t *m)
{
	buf_printf(out, "%s:", json_string_value(json_object_get(m, "module")));
	text_clean(out, path, strlen(path), NAME_MAX_LEN / 2);
}

static int
emit_module(struct found *v, const char *path, const json_t *m, struct fault *f)
{
	static const char *const texts[] = { "basis", "build", "module", "name",
		"sha256", "version" };
	BUF_AUTO(key, OVERLAY_PATH_MAX + 64);
	ATTRS_AUTO(a);

	for (size_t i = 0; i < LENGTH(texts); i++)
		attrs_str(&a, texts[i],
		    json_string_value(json_object_get(m, texts[i])));
	attrs_text(&a, "path", path, strlen(path));
	put_copy(v, &a, path, m);
	module_key(&key, path, m);
	return emit_observed(v->e, &image_module_kind, key.p, &a, SOURCE, f);
}

static int
emit_modules(struct found *v, struct fault *f)
{
	size_t told = 0, k;
	json_t *m;

	for (size_t i = 0; i < overlay_count(v->overlay); i++) {
		const struct overlay_node *n = overlay_at(v->overlay, i);
		json_t *list = n->facts != NULL ? n->facts->modules : NULL;

		json_array_foreach (list, k, m) {
			if (told++ == MODULES_EMITTED_MAX)
				return emit_gap(v->e, &image_module_kind,
				    OUTCOME_ERROR, "more modules than are kept",
				    f);
			if (emit_module(v, n->path, m, f) == -1)
				return -1;
		}
	}
	return v->modules_unread
		   ? emit_gap(v->e, &image_module_kind, OUTCOME_ERROR,
			 "some files could not be told; image.unread names "
			 "them",
			 f)
		   : 0;
}

/* ---- Go programs ---- */

static const char *
text_or_null(const char *s)
{
	return s[0] != '\0' ? s : NULL;
}

/*
 * Before 1.24 Go has no module of its own; forks (Red Hat's, Microsoft's)
 * compute with OpenSSL and say so in GOEXPERIMENT or the version.
 */
static const char *
fips_mode(const struct go_found *g)
{
	if (g->version[0] == '\0')
		return g->boring ? "boringcrypto" : "unknown";
	if (g->boring)
		return "boringcrypto";
	if (strstr(g->experiment, "opensslcrypto") != NULL ||
	    strstr(g->experiment, "systemcrypto") != NULL ||
	    strstr(g->experiment, "strictfipsruntime") != NULL ||
	    strstr(g->version, "strictfipsruntime") != NULL)
		return "openssl";
	return g->fips_default[0] != '\0' && strcmp(g->fips_default, "off") != 0
		   ? "native"
		   : "none";
}

static json_t *
links_json(uint64_t links, struct attrs *a)
{
	json_t *list = json_array();

	for (size_t i = 0; crypto_libraries[i].prefix != NULL; i++)
		if ((links >> i & 1) != 0)
			add_text(a, list, crypto_libraries[i].prefix);
	return list;
}

static int
emit_binary(struct found *v, const struct overlay_node *n, struct fault *f)
{
	const struct go_found *g = n->facts->go;
	BUF_AUTO(key, OVERLAY_PATH_MAX + 64);
	ATTRS_AUTO(a);

	attrs_str(&a, "crypto_version", text_or_null(g->crypto_version));
	attrs_str(&a, "experiment", text_or_null(g->experiment));
	attrs_str(&a, "fips140", text_or_null(g->fips140));
	attrs_str(&a, "fips_default", text_or_null(g->fips_default));
	attrs_str(&a, "fips_mode", fips_mode(g));
	attrs_str(&a, "go_version", text_or_null(g->version));
	attrs_json(&a, "links", links_json(n->facts->links, &a));
	attrs_str(&a, "main", text_or_null(g->main));
	attrs_text(&a, "path", n->path, strlen(n->path));
	text_clean(&key, n->path, strlen(n->path), NAME_MAX_LEN / 2);
	return emit_observed(v->e, &image_binary_kind, key.p, &a, SOURCE, f);
}

static int
emit_binaries(struct found *v, struct fault *f)
{
	size_t told = 0;

	for (size_t i = 0; i < overlay_count(v->overlay); i++) {
		const struct overlay_node *n = overlay_at(v->overlay, i);

		if (n->facts == NULL || n->facts->go == NULL)
			continue;
		if (told++ == BINARIES_EMITTED_MAX)
			return emit_gap(v->e, &image_binary_kind, OUTCOME_ERROR,
			    "more programs than are kept", f);
		if (emit_binary(v, n, f) == -1)
			return -1;
	}
	return v->binaries_unread
		   ? emit_gap(v->e, &image_binary_kind, OUTCOME_ERROR,
			 "some programs could not be told; image.unread names "
			 "them",
			 f)
		   : 0;
}

/* ---- links ---- */

static int
emit_link(struct found *v, size_t library, struct fault *f)
{
	const struct crypto_library *l = &crypto_libraries[library];
	json_t *examples = json_array();
	long long n = 0;
	ATTRS_AUTO(a);

	for (size_t i = 0; i < overlay_count(v->overlay); i++) {
		const struct overlay_node *node = overlay_at(v->overlay, i);

		if (node->facts == NULL ||
		    (node->facts->links >> library & 1) == 0)
			continue;
		if (n++ < EXAMPLES_MAX)
			add_text(&a, examples, node->path);
	}
	if (n == 0) {
		json_decref(examples);
		return 0;
	}
	attrs_int(&a, "binaries", n);
	attrs_json(&a, "examples", examples);
	attrs_str(&a, "library", l->prefix);
	attrs_str(&a, "module", l->module);
	return emit_observed(v->e, &image_link_kind, l->prefix, &a, SOURCE, f);
}

static int
emit_links(struct found *v, struct fault *f)
{
	for (size_t i = 0; crypto_libraries[i].prefix != NULL; i++)
		if (emit_link(v, i, f) == -1)
			return -1;
	return v->modules_unread
		   ? emit_gap(v->e, &image_link_kind, OUTCOME_ERROR,
			 "some files could not be told; image.unread names "
			 "them",
			 f)
		   : 0;
}

/* ---- the image ---- */

static json_t *
env_of(const struct image_plan *plan, struct attrs *a)
{
	json_t *env = json_object(), *v;
	const json_t *list = path_value(plan->config, ".config.Env");
	size_t i;

	json_array_foreach ((json_t *)(uintptr_t)list, i, v) {
		const char *s = json_string_value(v);
		const char *eq = s != NULL ? strchr(s, '=') : NULL;
		char name[64];
		const struct kept_variable *kept;

		if (eq == NULL || (size_t)(eq - s) >= sizeof(name))
			continue;
		memcpy(name, s, (size_t)(eq - s));
		name[eq - s] = '\0';
		if ((kept = environment_kept(name)) != NULL)
			environment_put(a, env, kept, name, eq + 1);
	}
	return env;
}

/* Files that could not be told; whether modules or programs suffer. */
static json_t *
unread_of(struct found *v, struct attrs *a)
{
	json_t *list = json_array();
	size_t n = 0;

	for (size_t i = 0; i < overlay_count(v->overlay); i++) {
		const struct overlay_node *node = overlay_at(v->overlay, i);
		BUF_AUTO(text, OVERLAY_PATH_MAX + FAULT_TEXT_MAX);

		if (node->facts == NULL || node->facts->unread == NULL)
			continue;
		if (node->facts->special == SPECIAL_NONE ||
		    node->facts->special == SPECIAL_JDK)
			v->modules_unread = true;
		if (node->facts->special == SPECIAL_NONE)
			v->binaries_unread = true;
		if (n++ >= UNREAD_MAX)
			continue;
		buf_printf(&text, "%s: %s", node->path, node->facts->unread);
		add_text(a, list, text.p);
	}
	if (v->programs_cut)
		add_text(a, list, "programs: there are more than are kept");
	return list;
}

static const struct facts *
facts_at(struct found *v, const char *path)
{
	char resolved[OVERLAY_PATH_MAX];
	const struct overlay_node *n = NULL;

	if (overlay_resolve(v->overlay, path, true, resolved))
		n = overlay_find(v->overlay, resolved);
	return n != NULL ? n->facts : NULL;
}

static void
put_os(struct found *v, struct attrs *a)
{
	static const struct {
		const char *name, *column;
	} values[] = {
		{ "ID", "os_id" },
		{ "PRETTY_NAME", "os_pretty" },
		{ "VERSION_ID", "os_version" },
	};
	const struct facts *facts = facts_at(v, "etc/os-release");
	struct span text = { NULL, 0 };
	char family[OS_FAMILY_MAX];
	BUF_AUTO(id, 1024);
	BUF_AUTO(version, 1024);

	if (facts == NULL || facts->text == NULL)
		facts = facts_at(v, "usr/lib/os-release");
	if (facts != NULL && facts->text != NULL)
		text = (struct span){ facts->text, facts->text_len };
	for (size_t i = 0; i < LENGTH(values); i++) {
		BUF_AUTO(value, 1024);

		if (text.p != NULL &&
		    os_release_value(text, values[i].name, &value))
			attrs_str(a, values[i].column,
			    value.p != NULL ? value.p : "");
		else
			attrs_str(a, values[i].column, NULL);
	}
	if (text.p == NULL || !os_release_value(text, "ID", &id) ||
	    id.len == 0) {
		attrs_str(a, "os_family", NULL);
		return;
	}
	(void)os_release_value(text, "VERSION_ID", &version);
	/* a version that could not be read makes it no other system */
	if (version.failed == FAULT_NONE)
		os_family(id.p, version.p != NULL ? version.p : "", family);
	attrs_str(a, "os_family", version.failed == FAULT_NONE ? family : NULL);
}

/* The version of the libcrypto that programs would load, for openssl.cnf. */
static const char *
openssl_version(struct found *v)
{
	for (size_t i = 0; i < overlay_count(v->overlay); i++) {
		const struct overlay_node *n = overlay_at(v->overlay, i);
		const char *slash = strrchr(n->path, '/');
		json_t *m;
		size_t k;

		if (n->facts == NULL ||
		    strncmp(slash != NULL ? slash + 1 : n->path, "libcrypto",
			9) != 0)
			continue;
		json_array_foreach (n->facts->modules, k, m) {
			const char *s =
			    json_string_value(json_object_get(m, "version"));

			if (s != NULL &&
			    strcmp(
				json_string_value(json_object_get(m, "module")),
				"openssl") == 0)
				return s;
		}
	}
	return "";
}

static int
emit_image(struct found *v, const char *key, struct layers *l, struct fault *f)
{
	const struct image_plan *p = v->plan;
	json_t *env;
	ATTRS_AUTO(a);

	attrs_str(&a, "architecture", path_text(p->config, ".architecture"));
	attrs_int(&a, "bytes", (long long)layers_bytes(l));
	attrs_str(&a, "config_digest", text_or_null(p->config_digest));
	attrs_str(&a, "digest", text_or_null(p->digest));
	env = env_of(p, &a);
	attrs_json(&a, "env", json_incref(env));
	attrs_bool(&a, "gcrypt_forced",
	    facts_at(v, "etc/gcrypt/fips_enabled") != NULL);
	attrs_int(&a, "layers", (long long)p->n);
	attrs_int(&a, "looked_with", LOOKED_WITH);
	attrs_str(&a, "os", path_text(p->config, ".os"));
	attrs_json(&a, "overrides", json_incref(v->overrides));
	put_os(v, &a);
	attrs_int(&a, "passed_over", layers_passed_over(l));
	attrs_int(&a, "plain_programs", v->plain_programs);
	attrs_int(&a, "programs", v->programs);
	attrs_json(&a, "unread", unread_of(v, &a));
	v->openssl = openssl_version(v);
	if (put_openssl(v, &a, env, f) == -1) {
		json_decref(env);
		return -1;
	}
	json_decref(v->env);
	v->env = env;
	return emit_observed(v->e, &image_kind, key, &a, SOURCE, f);
}

static int
begin(struct emitter *e, struct image_work *w, const char *key,
    char scope[NAME_MAX_LEN], struct fault *f)
{
	(void)snprintf(scope, NAME_MAX_LEN, "image/%s", key);
	return emitter_init(e, w->sink, image_content_kinds, "image", scope, f);
}

int
image_emit(struct image_work *w, const char *key, const struct image_plan *plan,
    struct layers *l, struct fault *f)
{
	char scope[NAME_MAX_LEN];
	struct emitter e;
	struct found v = {
		.overlay = layers_overlay(l), .plan = plan, .e = &e
	};
	int rc;

	if (begin(&e, w, key, scope, f) == -1)
		return -1;
	rc = emit_programs(&v, f);
	if (rc == 0)
		rc = emit_image(&v, key, l, f);
	if (rc == 0)
		rc = emit_modules(&v, f);
	if (rc == 0)
		rc = emit_packages(&v, f);
	if (rc == 0)
		rc = emit_binaries(&v, f);
	if (rc == 0)
		rc = emit_links(&v, f);
	if (rc == 0)
		rc = emit_coverage(&e, OUTCOME_OBSERVED, NULL, f);
	json_decref(v.env);
	json_decref(v.overrides);
	emitter_free(&e);
	return rc;
}

int
image_refuse(struct image_work *w, const char *key, const struct fault *why,
    struct fault *f)
{
	char scope[NAME_MAX_LEN];
	enum outcome o = outcome_of_fault(why);
	struct emitter e;
	int rc;

	if (begin(&e, w, key, scope, f) == -1)
		return -1;
	rc = emit_outcome(&e, &image_kind, key, o, why->text, SOURCE, f);
	for (size_t i = 0; rc == 0 && image_content_kinds[i] != NULL; i++)
		rc = emit_gap(&e, image_content_kinds[i],
		    o == OUTCOME_ABSENT ? OUTCOME_ERROR : o, why->text, f);
	if (rc == 0)
		rc = emit_coverage(&e, OUTCOME_OBSERVED, NULL, f);
	emitter_free(&e);
	return rc;
}
