/*
 * The OpenSSL configuration of an image, as its programs would read it: the
 * file OPENSSL_CONF names, or the distribution's, with what it includes
 * (config(5), fips_config(5)).
 */
#include <string.h>

#include "collector/kit/openssl_conf.h"
#include "collector/image/emit.h"
#include "collector/kit/os_release.h"
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
