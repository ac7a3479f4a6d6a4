/*
 * OpenSSL on disk: openssl.cnf, fipsmodule.cnf and the module file, as
 * fips_module(7) and fips_config(5) describe them. RHEL, AL2023 and Ubuntu
 * Pro load the FIPS provider by the kernel's flag without any of this: what
 * runs is told by runtime.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/kit/openssl_conf.h"
#include "base/length.h"
#include "collector/node/parts.h"
#include "collector/node/source.h"

#define STATUS_MAX 64

static const char *const module_paths[] = {
	"/usr/lib64/ossl-modules/fips.so",
	"/usr/lib/x86_64-linux-gnu/ossl-modules-3/fips.so",
	"/usr/lib/aarch64-linux-gnu/ossl-modules-3/fips.so",
	"/usr/lib/x86_64-linux-gnu/ossl-modules/fips.so",
	"/usr/lib/aarch64-linux-gnu/ossl-modules/fips.so",
	"/usr/lib/ossl-modules/fips.so",
	"/usr/local/lib64/ossl-modules/fips.so",
	"/usr/local/lib/ossl-modules/fips.so",
	NULL,
};

static struct reading
first_of(const struct parts *p, const char *const *paths, const char **path)
{
	struct reading r = { .outcome = OUTCOME_ABSENT, .reason = "" };

	*path = NULL;
	for (; *paths != NULL && r.outcome == OUTCOME_ABSENT; paths++) {
		r = part_read(p, *paths);
		if (r.outcome != OUTCOME_ABSENT)
			*path = *paths;
	}
	return r;
}

enum looked { NOT_LOOKED, LOOKED_FILE, LOOKED_FOLDER };

/* Was path looked for? Only then is a missing entry an absent file. */
static enum looked
looked_for(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	size_t len = strlen(path);
	struct path_glob g;

	for (const struct manifest_item *m = manifest; m->path != NULL; m++) {
		if (strcmp(m->path, path) == 0)
			return LOOKED_FILE;
		if (m->path[0] != '/' || !glob_split(m->path, &g))
			continue;
		if (g.folder_len == (size_t)(name - path) - 1 &&
		    memcmp(g.folder, path, g.folder_len) == 0 &&
		    glob_matches(&g, name))
			return LOOKED_FILE;
		if (g.folder_len == len && memcmp(g.folder, path, len) == 0 &&
		    g.prefix_len == 0 && g.suffix_len == 0)
			return LOOKED_FOLDER;
	}
	return NOT_LOOKED;
}

static int
include_file(
    const struct parts *p, struct conf *c, const char *path, struct fault *f)
{
	struct reading r = part_read(p, path);

	if (r.outcome == OUTCOME_OBSERVED)
		return conf_read(c, r.text, f);
	if (r.outcome != OUTCOME_ABSENT)
		c->blind = true;
	return 0; /* OpenSSL passes over an include that is not there */
}

/* All of a folder's *.cnf and *.conf, as OpenSSL's get_next_file(). */
static int
include_folder(
    const struct parts *p, struct conf *c, const char *path, struct fault *f)
{
	size_t n, len = strlen(path);
	const struct entry *e = snapshot_under(p->s, path, &n);

	for (size_t i = 0; i < n; i++) {
		struct span name = span_of(e[i].path);

		if (e[i].path[len] == '\0')
			c->blind = true; /* it could not be listed */
		if (e[i].path[len] != '/' ||
		    (!span_ends(name, ".cnf") && !span_ends(name, ".conf")))
			continue;
		if (include_file(p, c, e[i].path, f) == -1)
			return -1;
	}
	return 0;
}

static int
include(void *ctx, struct conf *c, const char *path, struct fault *f)
{
	const struct parts *p = ctx;
	const struct entry *e = snapshot_find(p->s, path);

	if (e != NULL && (e->flags & M_NAMED))
		return include_file(p, c, path, f);
	switch (looked_for(path)) {
	case LOOKED_FILE:
		return include_file(p, c, path, f);
	case LOOKED_FOLDER:
		return include_folder(p, c, path, f);
	default:
		c->blind = true;
		return 0;
	}
}

static void
put_tri(struct attrs *a, const char *key, enum tri t)
{
	if (t == TRI_UNKNOWN)
		put_null(a, key);
	else
		attrs_bool(a, key, t == TRI_YES);
}

/* openssl.cnf. c is left with what was read, for put_module_config(). */
static void
put_config(
    const struct parts *p, struct attrs *a, struct conf *c, const char *library)
{
	struct conf_providers said = { TRI_UNKNOWN, TRI_UNKNOWN, NULL };
	const char *path;
	struct reading r = first_of(p, openssl_config_paths, &path);
	enum outcome o = r.outcome;
	struct fault f;

	if (o == OUTCOME_OBSERVED && conf_read(c, r.text, &f) == -1)
		o = OUTCOME_ERROR;
	/* OpenSSL 1.x knows no providers */
	if (o == OUTCOME_OBSERVED && strncmp(library, "1.", 2) != 0)
		conf_providers(c, library, &said);
	put_tri(a, "config_activates_default", said.by_default);
	put_tri(a, "config_activates_fips", said.fips);
	put_outcome(a, "config_outcome", o);
	attrs_str(a, "config_path", path);
	put_span(a, "config_properties",
	    said.properties == NULL ? (struct span){ NULL, 0 }
				    : span_of(said.properties),
	    VALUE_MAX);
}

static struct span
module_value(const struct conf *c, const char *name)
{
	for (size_t i = c->n; i > 0; i--)
		if (strcmp(conf_text(c, c->values[i - 1].name), name) == 0)
			return span_of(conf_text(c, c->values[i - 1].value));
	return (struct span){ NULL, 0 };
}

static void
put_flag(struct attrs *a, const char *key, struct span s)
{
	long long v;

	if (s.p != NULL && span_integer(s, &v) == 0)
		attrs_int(a, key, v);
	else
		put_null(a, key);
}

static struct reading
module_config(
    const struct parts *p, const struct conf *config, const char **path)
{
	for (size_t i = 0; openssl_module_config_paths[i] != NULL; i++) {
		*path = openssl_module_config_paths[i];
		if (conf_includes(config, *path) &&
		    snapshot_outcome(p->s, *path) != OUTCOME_ABSENT)
			return part_read(p, *path);
	}
	return first_of(p, openssl_module_config_paths, path);
}

/* "AA:BB:..." as fipsinstall writes it. */
static bool
mac_of(struct span text, uint8_t out[SHA256_LEN])
{
	char hex[2 * SHA256_LEN + 1];
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] != ':' && n + 1 < sizeof(hex))
			hex[n++] = text.p[i];
		else if (text.p[i] != ':')
			return false;
	hex[n] = '\0';
	return n + 1 == sizeof(hex) && hex_decode(hex, out, SHA256_LEN) == 0;
}

/* Is it of a module that is here? "stale": of none, and all were read. */
static const char *
mac_state(const struct parts *p, struct span text)
{
	uint8_t mac[SHA256_LEN];
	size_t known = 0, unknown = 0;
	bool good;

	if (text.p == NULL)
		return NULL;
	good = mac_of(text, mac);
	for (size_t i = 0; i < p->s->n; i++) {
		const struct entry *e = &p->s->entries[i];

		if (!span_ends(span_of(e->path), "/fips.so") ||
		    e->outcome == OUTCOME_ABSENT)
			continue;
		if (good && e->has_mac && memcmp(mac, e->mac, sizeof(mac)) == 0)
			return "match";
		known += e->has_mac;
		unknown += !e->has_mac;
	}
	return known > 0 && unknown == 0 ? "stale" : NULL;
}

static void
put_module_config(
    const struct parts *p, struct attrs *a, const struct conf *config)
{
	const char *path;
	struct reading r = module_config(p, config, &path);
	enum outcome o = r.outcome;
	struct conf c;
	struct fault f;

	conf_init(&c);
	if (o == OUTCOME_OBSERVED && conf_read(&c, r.text, &f) == -1) {
		o = OUTCOME_ERROR;
		conf_free(&c); /* half a file says nothing */
	}
	put_flag(
	    a, "conditional_errors", module_value(&c, "conditional-errors"));
	put_outcome(a, "fipsmodule_outcome", o);
	attrs_str(a, "fipsmodule_path", path);
	put_span(a, "install_status", module_value(&c, "install-status"),
	    STATUS_MAX);
	attrs_str(
	    a, "module_mac", mac_state(p, module_value(&c, "module-mac")));
	put_flag(a, "security_checks", module_value(&c, "security-checks"));
	conf_free(&c);
}

/* ---- a configuration that a variable names ---- */

/* A check of the module that it switches off. */
static const char *
weakened(const struct conf *c)
{
	static const char *const checks[] = { "conditional-errors",
		"security-checks" };
	long long v;

	for (size_t i = 0; i < LENGTH(checks); i++)
		if (span_integer(module_value(c, checks[i]), &v) == 0 && v == 0)
			return checks[i];
	return NULL;
}

static void
read_said(const struct parts *p, const char *path, struct conf *c,
    struct openssl_said *out)
{
	struct conf_providers said;
	struct reading r = part_read(p, path);
	struct fault why;

	*out = (struct openssl_said){ .outcome = r.outcome,
		.fips = TRI_UNKNOWN,
		.by_default = TRI_UNKNOWN,
		.same = TRI_UNKNOWN };
	c->include = include;
	c->ctx = (void *)(uintptr_t)p;
	if (r.outcome != OUTCOME_OBSERVED)
		return;
	if (conf_read(c, r.text, &why) == -1) {
		out->outcome = OUTCOME_ERROR;
		return;
	}
	conf_providers(c, "", &said);
	out->fips = said.fips;
	out->by_default = said.by_default;
	if (said.properties != NULL)
		(void)snprintf(out->properties, sizeof(out->properties), "%s",
		    said.properties);
	out->weakened = weakened(c);
	if (module_value(c, "module").p != NULL)
		out->fips = TRI_UNKNOWN; /* of a file of its own choice */
}

/* named may include home, and hold no more than that. own NULL: home is not of
 * its form. */
static enum tri
is_same(struct span a, struct span b, const struct conf *named,
    const struct conf *own, const char *home)
{
	if (a.len == b.len && memcmp(a.p, b.p, a.len) == 0)
		return TRI_YES;
	if (!conf_includes(named, home))
		return TRI_NO;
	return own != NULL && !named->blind && named->n == own->n ? TRI_YES
								  : TRI_UNKNOWN;
}

void
openssl_said(const struct parts *p, const char *path, struct openssl_said *out)
{
	struct openssl_said system = { .outcome = OUTCOME_ABSENT };
	struct conf named, own;
	const char *home;
	struct reading b = first_of(p, openssl_config_paths, &home);

	conf_init(&named);
	conf_init(&own);
	read_said(p, path, &named, out);
	if (home != NULL)
		read_said(p, home, &own, &system);
	if (out->outcome == OUTCOME_OBSERVED && home == NULL)
		out->same = TRI_NO;
	else if (out->outcome == OUTCOME_OBSERVED &&
		 b.outcome == OUTCOME_OBSERVED)
		out->same = is_same(part_read(p, path).text, b.text, &named,
		    system.outcome == OUTCOME_OBSERVED ? &own : NULL, home);
	conf_free(&named);
	conf_free(&own);
}

enum tri
openssl_same_module(const struct parts *p, const struct entry *e)
{
	const char *path;
	struct reading r = first_of(p, module_paths, &path);

	if (r.outcome != OUTCOME_OBSERVED || !r.entry->has_digest ||
	    !e->has_digest)
		return TRI_UNKNOWN;
	return memcmp(r.entry->sha256, e->sha256, SHA256_LEN) == 0 ? TRI_YES
								   : TRI_NO;
}

static void
put_text_or_null(struct attrs *a, const char *key, const char *s)
{
	put_span(a, key,
	    s == NULL || s[0] == '\0' ? (struct span){ NULL, 0 } : span_of(s),
	    VALUE_MAX);
}

/* What the file says it is; nothing of it was run. */
static void
put_identity(struct attrs *a, const struct provider_identity *d)
{
	put_text_or_null(a, "fips_module_build", d != NULL ? d->build : NULL);
	put_text_or_null(a, "fips_module_name", d != NULL ? d->name : NULL);
	put_text_or_null(
	    a, "fips_module_version", d != NULL ? d->version : NULL);
}

static void
put_module(const struct parts *p, struct attrs *a)
{
	char hex[SHA256_HEX];
	const char *path;
	struct reading r = first_of(p, module_paths, &path);

	put_outcome(a, "fips_module_outcome", r.outcome);
	attrs_str(a, "fips_module_path", path);
	if (r.outcome == OUTCOME_OBSERVED && r.entry->has_digest) {
		hex_encode(r.entry->sha256, SHA256_LEN, hex);
		attrs_str(a, "fips_module_sha256", hex);
	} else {
		put_null(a, "fips_module_sha256");
	}
	put_identity(
	    a, r.outcome == OUTCOME_OBSERVED ? r.entry->provider : NULL);
}

static void
put_runtime(struct attrs *a, const struct runtime *r)
{
	static const char *const from[] = { "fips_served_by", "md5",
		"library_version" };
	static const char *const to[] = { "runtime_fips_served_by",
		"runtime_md5", "library_version" };

	for (size_t i = 0; i < LENGTH(from); i++) {
		const char *s =
		    json_string_value(json_object_get(r->doc, from[i]));

		put_span(a, to[i],
		    s == NULL ? (struct span){ NULL, 0 } : span_of(s),
		    VALUE_MAX);
	}
	put_outcome(a, "runtime_outcome", r->outcome);
}

int
openssl_emit(struct parts *p, struct fault *f)
{
	struct runtime r;
	const char *library;
	struct conf config;
	ATTRS_AUTO(a);
	int rc;

	if (runtime_read(p, &r, f) == -1) {
		runtime_free(&r);
		return -1;
	}
	library = json_string_value(json_object_get(r.doc, "library_version"));
	conf_init(&config);
	config.include = include;
	config.ctx = p;
	put_config(p, &a, &config, library != NULL ? library : "");
	put_module_config(p, &a, &config);
	put_module(p, &a);
	put_runtime(&a, &r);
	rc = emit_observed(p->e, &node_openssl_kind, p->host, &a,
	    "openssl.cnf, fipsmodule.cnf, ossl-modules", f);
	if (rc == 0)
		rc = runtime_emit(p, &r, f);
	conf_free(&config);
	runtime_free(&r);
	return rc;
}
