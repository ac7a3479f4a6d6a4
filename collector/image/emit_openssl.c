/*
 * The OpenSSL configuration of an image, as its programs would read it: the
 * file OPENSSL_CONF names, or the distribution's, with what it includes
 * (config(5), fips_config(5)).
 */
#include <stdio.h>
#include <string.h>

#include "collector/kit/openssl_conf.h"
#include "collector/image/emit.h"
#include "collector/kit/os_release.h"
#include "base/length.h"
#include "collector/kit/put.h"

/* The file at a path of the image, links followed; NULL: none is kept. */
static const struct overlay_node *
file_at(struct found *v, const char *path)
{
	char resolved[OVERLAY_PATH_MAX];

	return overlay_resolve(v->overlay, path, true, resolved)
		   ? overlay_find(v->overlay, resolved)
		   : NULL;
}

static int
include_file(struct conf *c, const struct overlay_node *n, struct fault *f)
{
	if (n->facts == NULL || n->facts->text == NULL) {
		c->blind = true;
		return 0;
	}
	return conf_read(
	    c, (struct span){ n->facts->text, n->facts->text_len }, f);
}

/* A folder's *.cnf and *.conf; those kept are all that configure OpenSSL. */
static int
include_folder(
    struct found *v, struct conf *c, const char *folder, struct fault *f)
{
	size_t len = strlen(folder);
	bool any = false;

	for (size_t i = 0; i < overlay_count(v->overlay); i++) {
		const struct overlay_node *n = overlay_at(v->overlay, i);

		if (strncmp(n->path, folder, len) != 0 || n->path[len] != '/' ||
		    strchr(n->path + len + 1, '/') != NULL ||
		    n->facts == NULL || n->facts->special != SPECIAL_CONF)
			continue;
		any = true;
		if (include_file(c, n, f) == -1)
			return -1;
	}
	/* files of other names there were let by */
	if (!any && special_of("x/openssl.d/x.cnf") == SPECIAL_CONF &&
	    strstr(folder, "openssl") == NULL)
		c->blind = true;
	return 0;
}

static int
include(void *ctx, struct conf *c, const char *path, struct fault *f)
{
	struct found *v = ctx;
	const struct overlay_node *n = file_at(v, path);
	char resolved[OVERLAY_PATH_MAX];

	if (n != NULL)
		return include_file(c, n, f);
	if (!overlay_resolve(v->overlay, path, true, resolved)) {
		c->blind = true;
		return 0;
	}
	/* a file of such a name would have been kept: it is not there */
	if (special_of(resolved) == SPECIAL_CONF)
		return 0;
	return include_folder(v, c, resolved, f);
}

static void
put_tri(struct attrs *a, const char *key, enum tri t)
{
	if (t == TRI_UNKNOWN)
		put_null(a, key);
	else
		attrs_bool(a, key, t == TRI_YES);
}

/* Paths of these are tried in turn; NULL: none of them is there. */
static const struct overlay_node *
first_of(struct found *v, const char *const *paths, const char **path)
{
	for (; *paths != NULL; paths++) {
		const struct overlay_node *n = file_at(v, *paths);

		if (n != NULL && n->facts != NULL) {
			*path = *paths;
			return n;
		}
	}
	*path = NULL;
	return NULL;
}

static enum outcome
read_one(struct conf *c, const struct overlay_node *n)
{
	struct fault f;

	if (n == NULL)
		return OUTCOME_ABSENT;
	if (n->facts == NULL || n->facts->text == NULL)
		return OUTCOME_ERROR;
	return conf_read(c, (struct span){ n->facts->text, n->facts->text_len },
		   &f) == -1
		   ? OUTCOME_ERROR
		   : OUTCOME_OBSERVED;
}

static void
put_integer(
    struct attrs *a, const char *key, const struct conf *c, const char *name)
{
	const char *s = NULL;
	long long number;

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(conf_text(c, c->values[i].name), name) == 0)
			s = conf_text(c, c->values[i].value);
	if (s != NULL && span_integer(span_of(s), &number) == 0)
		attrs_int(a, key, number);
	else
		put_null(a, key);
}

static void
put_status(struct attrs *a, const struct conf *c)
{
	const char *s = NULL;

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(conf_text(c, c->values[i].name), "install-status") ==
		    0)
			s = conf_text(c, c->values[i].value);
	attrs_str(a, "install_status", s);
}

static void
put_module_config(struct found *v, struct attrs *a, const struct conf *config)
{
	const struct overlay_node *n = NULL;
	const char *path = NULL;
	struct conf c;
	enum outcome o;

	for (size_t i = 0; i < config->nincludes && n == NULL; i++) {
		path = conf_text(config, config->includes[i]);
		n = strstr(path, "fips") != NULL ? file_at(v, path) : NULL;
	}
	if (n == NULL)
		n = first_of(v, openssl_module_config_paths, &path);
	conf_init(&c);
	o = read_one(&c, n);
	if (o == OUTCOME_ERROR) {
		conf_free(&c);
		conf_init(&c);
	}
	put_integer(a, "conditional_errors", &c, "conditional-errors");
	put_outcome(a, "fipsmodule_outcome", o);
	attrs_str(a, "fipsmodule_path", n != NULL ? path : NULL);
	put_status(a, &c);
	put_integer(a, "security_checks", &c, "security-checks");
	conf_free(&c);
}

/* ---- each copy by itself ---- */

/* A variable of the image's environment as it stands, or NULL. */
static const char *
image_variable(struct found *v, const char *name)
{
	return json_string_value(json_object_get(v->env, name));
}

/* FOLDER/NAME in path; "" where that is too long. */
static void
beside(char path[OVERLAY_PATH_MAX], const char *folder, const char *name)
{
	int n = snprintf(path, OVERLAY_PATH_MAX, "%s/%s", folder, name);

	if (n < 0 || n >= OVERLAY_PATH_MAX)
		path[0] = '\0';
}

/* The FIPS provider in the folder where this copy looks for modules. */
static void
put_provider(struct found *v, struct attrs *a, const char *built)
{
	const char *folder = image_variable(v, "OPENSSL_MODULES");
	const struct overlay_node *n;
	char path[OVERLAY_PATH_MAX];
	BUF_AUTO(key, OVERLAY_PATH_MAX + 64);

	if (folder == NULL || folder[0] == '\0')
		folder = built;
	if (folder == NULL) {
		put_null(a, "provider");
		put_null(a, "provider_outcome");
		return;
	}
	beside(path, folder, "fips.so");
	n = file_at(v, path);
	if (n == NULL || n->facts == NULL) {
		put_null(a, "provider");
		put_outcome(a, "provider_outcome", OUTCOME_ABSENT);
		return;
	}
	buf_puts(&key, "openssl:");
	text_clean(&key, n->path, strlen(n->path), NAME_MAX_LEN / 2);
	attrs_str(a, "provider", key.p);
	put_outcome(a, "provider_outcome", OUTCOME_OBSERVED);
}

/* node reads the section nodejs_conf and not openssl_conf, unless it is told
 * otherwise by options (Node.js, "--openssl-shared-config"). */
static bool
is_node(const char *path)
{
	return span_ends(span_of(path), "/node") ||
	       span_ends(span_of(path), "/nodejs") || strcmp(path, "node") == 0;
}

/* Every fetch is of FIPS implementations: no other provider, or fips=yes. */
static enum tri
only_fips(const struct conf_providers *said)
{
	BUF_AUTO(wanted, 4096);

	if (said->fips != TRI_YES)
		return said->fips;
	if (said->by_default == TRI_NO)
		return TRI_YES;
	for (const char *s = said->properties; s != NULL && *s != '\0'; s++)
		if (*s != ' ' && *s != '\t')
			buf_putc(&wanted, *s);
	/* "?fips=yes" only prefers, "-fips" takes away */
	if (wanted.len > 0 && (strcmp(wanted.p, "fips=yes") == 0 ||
				  strcmp(wanted.p, "fips") == 0))
		return TRI_YES;
	return wanted.len == 0 && said->by_default == TRI_YES ? TRI_NO
							      : TRI_UNKNOWN;
}

static void
put_config_of(struct found *v, struct attrs *a, const char *path,
    const char *program, const char *version)
{
	struct conf_providers said = { TRI_UNKNOWN, TRI_UNKNOWN, NULL };
	const struct overlay_node *n = file_at(v, path);
	enum tri fips = TRI_NO;
	struct conf c;
	enum outcome o;

	conf_init(&c);
	c.include = include;
	c.ctx = v;
	o = read_one(&c, n);
	if (n == NULL &&
	    special_of(path[0] == '/' ? path + 1 : path) != SPECIAL_CONF)
		o = OUTCOME_ERROR;
	if (o == OUTCOME_ERROR)
		fips = TRI_UNKNOWN;
	else if (o == OUTCOME_OBSERVED && is_node(program))
		fips = conf_get(&c, "default", "nodejs_conf") != NULL || c.blind
			   ? TRI_UNKNOWN
			   : TRI_NO;
	else if (o == OUTCOME_OBSERVED) {
		conf_providers(&c, version, &said);
		fips = only_fips(&said);
	}
	put_tri(a, "config_fips", fips);
	put_outcome(a, "config_outcome", o);
	attrs_str(a, "config_path", path);
	conf_free(&c);
}

/* security.provider.N=NAME in the order of N, which is that of the file. */
static void
put_providers(struct found *v, struct attrs *a, const char *release)
{
	static const char *const places[] = { "conf/security/java.security",
		"lib/security/java.security",
		"jre/lib/security/java.security" };
	const char *slash = strrchr(release, '/');
	const struct overlay_node *n = NULL;
	struct span rest, line, value;
	json_t *list;

	for (size_t i = 0; i < LENGTH(places) && n == NULL; i++) {
		char path[OVERLAY_PATH_MAX], home[OVERLAY_PATH_MAX];

		text_copy(home, sizeof(home),
		    (struct span){ release,
			slash != NULL ? (size_t)(slash - release) : 0 });
		beside(path, home, places[i]);
		n = file_at(v, path);
	}
	/* options can name another file, and whole other lists */
	if (n == NULL || n->facts == NULL || n->facts->text == NULL ||
	    image_variable(v, "JAVA_TOOL_OPTIONS") != NULL) {
		put_null(a, "providers");
		return;
	}
	list = json_array();
	rest = (struct span){ n->facts->text, n->facts->text_len };
	while (span_line(&rest, &line)) {
		line = span_trim(line);
		if (span_starts(line, "security.provider.") &&
		    (span_until(line, '=', &value), value.p != NULL) &&
		    json_array_size(list) < 64)
			(void)add_string(list, span_trim(value), 200);
	}
	attrs_json(a, "providers", list);
}

void
put_copy(struct found *v, struct attrs *a, const char *path, const json_t *m)
{
	const char *module = json_string_value(json_object_get(m, "module"));
	const char *version = json_string_value(json_object_get(m, "version"));
	const char *folder = json_string_value(json_object_get(m, "directory"));
	const char *modules = json_string_value(json_object_get(m, "modules"));
	const char *basis = json_string_value(json_object_get(m, "basis"));
	const char *conf = image_variable(v, "OPENSSL_CONF");
	bool copy = strcmp(module, "openssl") == 0 && version != NULL &&
		    strncmp(version, "1.", 2) != 0 &&
		    strcmp(basis, "texts of the provider") != 0;
	char own[OVERLAY_PATH_MAX] = "";

	if (folder != NULL)
		beside(own, folder, "openssl.cnf");
	if (copy && ((conf != NULL && conf[0] != '\0') || own[0] != '\0')) {
		put_config_of(v, a,
		    conf != NULL && conf[0] != '\0' ? conf : own, path,
		    version);
	} else {
		put_null(a, "config_fips");
		put_null(a, "config_outcome");
		put_null(a, "config_path");
	}
	if (copy) {
		put_provider(v, a, modules);
	} else {
		put_null(a, "provider");
		put_null(a, "provider_outcome");
	}
	if (strcmp(module, "java") == 0 && span_ends(span_of(path), "/release"))
		put_providers(v, a, path);
	else
		put_null(a, "providers");
}

int
put_openssl(
    struct found *v, struct attrs *a, const json_t *env, struct fault *f)
{
	const char *path =
	    json_string_value(json_object_get(env, "OPENSSL_CONF"));
	struct conf_providers said = { TRI_UNKNOWN, TRI_UNKNOWN, NULL };
	const struct overlay_node *n;
	struct conf c;
	enum outcome o;

	(void)f;
	if (path != NULL && path[0] != '\0')
		n = file_at(v, path);
	else
		n = first_of(v, openssl_config_paths, &path);
	conf_init(&c);
	c.include = include;
	c.ctx = v;
	o = read_one(&c, n);
	/* named, and no file of a name that is kept: it was not looked at */
	if (n == NULL && path != NULL && special_of(path) != SPECIAL_CONF)
		o = OUTCOME_ERROR;
	if (o == OUTCOME_OBSERVED && strncmp(v->openssl, "1.", 2) != 0)
		conf_providers(&c, v->openssl, &said);
	put_tri(a, "config_activates_default", said.by_default);
	put_tri(a, "config_activates_fips", said.fips);
	put_outcome(a, "config_outcome", o);
	attrs_str(a, "config_path", path);
	attrs_str(a, "config_properties", said.properties);
	put_module_config(v, a, &c);
	conf_free(&c);
	return 0;
}
