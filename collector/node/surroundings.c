/*
 * Variables that lead cryptographic libraries elsewhere, or in and out of FIPS
 * mode, wherever a host sets them: for everybody who logs in, for every
 * service, for one. Only the names below are kept, and nothing else of these
 * files. openssl-env(7), GnuTLS's manual, libgcrypt's manual, ld.so(8),
 * systemd.exec(5), pam_env.conf(5).
 */
#include <stdio.h>
#include <string.h>

#include "base/length.h"

#include "collector/kit/openssl_conf.h"
#include "collector/node/parts.h"
#include "collector/node/settings.h"

#define KEPT_MAX 256 /* settings of one host */

static const char *const names[] = { "GNUTLS_FORCE_FIPS_MODE",
	"GNUTLS_SKIP_FIPS_INTEGRITY_CHECKS", "GNUTLS_SYSTEM_PRIORITY_FILE",
	"GODEBUG", "LD_LIBRARY_PATH", "LD_PRELOAD", "LIBGCRYPT_FORCE_FIPS_MODE",
	"NSS_FIPS", "OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_ENGINES",
	"OPENSSL_FORCE_FIPS_MODE", "OPENSSL_MODULES" };

struct gathering {
	const struct snapshot *s;
	json_t *seen;	/* keys told of, each with its last value */
	json_t *missed; /* files that units name and nobody read, and where */
};

/* Of GODEBUG only what it says of fips140. */
static bool
reduce(struct span name, struct span *value, struct buf *out)
{
	struct span rest = *value, item;

	if (!span_is(name, "GODEBUG"))
		return true;
	while (rest.p != NULL) {
		item = span_until(rest, ',', &rest);
		if (!span_starts(item, "fips140="))
			continue;
		buf_reset(out);
		buf_put(out, item.p, item.len);
		*value = (struct span){ out->p, out->len };
	}
	return out->len > 0;
}

static bool
is_kept(const struct variable *v)
{
	for (size_t i = 0; i < LENGTH(names); i++)
		if (span_is(v->name, names[i]))
			return true;
	return false;
}

/* A unit takes variables from a file: was it read? One whose name depends on
 * the unit's instance is not asked for. */
static int
note_file(const struct gathering *g, const struct variable *v, struct fault *f)
{
	char path[VALUE_MAX + 1];

	(void)snprintf(
	    path, sizeof(path), "%.*s", (int)v->value.len, v->value.p);
	/* of a template's instances there may be none; any other specifier
	 * (systemd.unit(5)) names a file that was not read */
	if (v->value.len == 0 || strstr(path, "%i") != NULL ||
	    strstr(path, "%I") != NULL || strstr(path, "%j") != NULL ||
	    snapshot_find(g->s, path) != NULL)
		return 0;
	if (json_object_set_new(g->missed, path, json_string(v->path)) == -1)
		return fault_memory(f);
	return 0;
}

/* The later of two in one file counts; the order of files is not told. */
static int
keep_setting(void *ctx, const struct variable *v, struct fault *f)
{
	const struct gathering *g = ctx;
	struct span value = v->value;
	char key[512];
	json_t *one;
	BUF_AUTO(part, VALUE_MAX);
	BUF_AUTO(clean, 4 * VALUE_MAX + 16);

	if (span_is(v->name, SETTINGS_FILE))
		return note_file(g, v, f);
	if (!is_kept(v) || !reduce(v->name, &value, &part))
		return 0;
	if (json_object_size(g->seen) == KEPT_MAX)
		return fault(
		    f, FAULT_LIMIT, "more than %d variables are set", KEPT_MAX);
	text_clean(&clean, value.p, value.len, VALUE_MAX);
	(void)snprintf(key, sizeof(key), "%.300s %.*s", v->path,
	    (int)v->name.len, v->name.p);
	one = json_pack("{s:s#, s:s, s:o, s:s#}", "name", v->name.p,
	    (int)v->name.len, "path", v->path, "service",
	    v->service.p == NULL ? json_null()
				 : json_text(v->service.p, v->service.len),
	    "value", clean.len > 0 ? clean.p : "", (int)clean.len);
	if (one == NULL || json_object_set_new(g->seen, key, one) == -1)
		return fault_memory(f);
	return 0;
}

/* ---- what it leads to ---- */

static void
put_tri(struct attrs *a, const char *key, enum tri t)
{
	if (t == TRI_UNKNOWN)
		put_null(a, key);
	else
		attrs_bool(a, key, t == TRI_YES);
}

static void
put_nowhere(struct attrs *a)
{
	static const char *const columns[] = { "leads_default", "leads_fips",
		"leads_outcome", "leads_properties", "leads_same",
		"leads_weakened" };

	for (size_t i = 0; i < LENGTH(columns); i++)
		put_null(a, columns[i]);
}

static void
put_config(const struct parts *p, struct attrs *a, const char *path)
{
	struct openssl_said said;

	openssl_said(p, path, &said);
	put_tri(a, "leads_default", said.by_default);
	put_tri(a, "leads_fips", said.fips);
	put_outcome(a, "leads_outcome", said.outcome);
	attrs_str(a, "leads_properties",
	    said.properties[0] != '\0' ? said.properties : NULL);
	put_tri(a, "leads_same", said.same);
	attrs_str(a, "leads_weakened", said.weakened);
}

/* Are its bytes those of the module that the system's own folder has? */
static void
put_module(const struct parts *p, struct attrs *a, const char *folder)
{
	char path[VALUE_MAX + 16];
	const struct entry *e;

	(void)snprintf(path, sizeof(path), "%.*s/fips.so", VALUE_MAX, folder);
	e = snapshot_find(p->s, path);
	put_nowhere(a);
	if (e == NULL)
		return;
	put_outcome(a, "leads_outcome", e->outcome);
	put_tri(a, "leads_same",
	    e->outcome == OUTCOME_OBSERVED ? openssl_same_module(p, e)
					   : TRI_UNKNOWN);
}

static int
emit_one(struct parts *p, const char *key, json_t *one, struct fault *f)
{
	static const char *const columns[] = { "name", "path", "service",
		"value" };
	const char *name = json_string_value(json_object_get(one, "name")),
		   *value = json_string_value(json_object_get(one, "value"));
	ATTRS_AUTO(a);

	if (strcmp(name, "OPENSSL_CONF") == 0 &&
	    snapshot_find(p->s, value) != NULL)
		put_config(p, &a, value);
	else if (strcmp(name, "OPENSSL_MODULES") == 0)
		put_module(p, &a, value);
	else
		put_nowhere(&a);
	for (size_t i = 0; i < LENGTH(columns); i++)
		attrs_str(&a, columns[i],
		    json_string_value(json_object_get(one, columns[i])));
	return emit_observed(p->e, &node_environment_kind, key, &a,
	    json_string_value(json_object_get(one, "path")), f);
}

/* That all was looked at, so that what is not told of is not set. */
static int
emit_whole(struct parts *p, struct fault *f)
{
	ATTRS_AUTO(a);

	put_nowhere(&a);
	put_null(&a, "name");
	put_null(&a, "path");
	put_null(&a, "service");
	put_null(&a, "value");
	return emit_observed(p->e, &node_environment_kind, "*", &a,
	    "/etc/environment, /etc/profile, /etc/systemd", f);
}

static int
read_file(struct parts *p, const struct entry *e, const struct gathering *g,
    struct fault *f)
{
	struct reading r = part_read(p, e->path);
	struct gathering own = *g;
	struct fault why;

	if (r.outcome == OUTCOME_ABSENT || settings_masked(e))
		return 0;
	if (r.outcome != OUTCOME_OBSERVED)
		return emit_outcome(p->e, &node_environment_kind, e->path,
		    r.outcome, r.reason, e->path, f);
	if (settings_each(e->path, r.text, keep_setting, &own, &why) == 0)
		return 0;
	if (why.kind == FAULT_IO) {
		*f = why;
		return -1;
	}
	return emit_outcome(p->e, &node_environment_kind, e->path,
	    OUTCOME_ERROR, why.text, e->path, f);
}

static int
read_all(struct parts *p, const struct gathering *g, struct fault *f)
{
	for (size_t i = 0; i < p->s->n; i++)
		if ((p->s->entries[i].flags & M_SETTINGS) &&
		    read_file(p, &p->s->entries[i], g, f) == -1)
			return -1;
	return 0;
}

static int
emit_all(struct parts *p, const struct gathering *g, struct fault *f)
{
	const char *key;
	json_t *one;
	int rc = emit_whole(p, f);

	json_object_foreach (g->missed, key, one) {
		if (rc == 0)
			rc = emit_outcome(p->e, &node_environment_kind, key,
			    OUTCOME_ERROR, "a unit names it, it was not read",
			    json_string_value(one), f);
	}
	json_object_foreach (g->seen, key, one) {
		if (rc == 0)
			rc = emit_one(p, key, one, f);
	}
	return rc;
}

int
surroundings_emit(struct parts *p, struct fault *f)
{
	struct gathering g = { p->s, json_object(), json_object() };
	int rc;

	if (g.seen == NULL || g.missed == NULL)
		rc = fault_memory(f);
	else
		rc = read_all(p, &g, f);
	if (rc == 0)
		rc = emit_all(p, &g, f);
	json_decref(g.seen);
	json_decref(g.missed);
	return rc;
}
