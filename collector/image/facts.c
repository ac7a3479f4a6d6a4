/* See facts.h. */
#include "collector/image/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/length.h"
#include "collector/kit/rpm_db.h"

struct facts *
facts_new(void)
{
	struct facts *v = calloc(1, sizeof(*v));

	if (v != NULL)
		v->references = 1;
	return v;
}

static void
elf_facts_free(struct elf_facts *e)
{
	if (e == NULL)
		return;
	free(e->needed);
	free(e->text);
	free(e);
}

static struct span
move_span(char **to, struct span s)
{
	struct span out = { s.p != NULL ? *to : NULL, s.len };

	if (s.p == NULL)
		return out;
	memcpy(*to, s.p, s.len);
	*to += s.len;
	return out;
}

/* A copy that outlives the recogniser's next file; NULL: memory. */
static struct elf_facts *
elf_facts_of(const struct elf_found *f)
{
	struct elf_facts *e = calloc(1, sizeof(*e));
	size_t size =
	    f->interpreter.len + f->soname.len + f->rpath.len + f->runpath.len;
	char *to;

	if (e == NULL)
		return NULL;
	for (size_t i = 0; i < f->nneeded; i++)
		size += f->needed[i].len;
	e->f = *f;
	e->text = to = malloc(size + 1);
	e->needed = calloc(f->nneeded + 1, sizeof(*e->needed));
	if (e->text == NULL || e->needed == NULL) {
		elf_facts_free(e);
		return NULL;
	}
	e->f.interpreter = move_span(&to, f->interpreter);
	e->f.soname = move_span(&to, f->soname);
	e->f.rpath = move_span(&to, f->rpath);
	e->f.runpath = move_span(&to, f->runpath);
	for (size_t i = 0; i < f->nneeded; i++)
		e->needed[i] = move_span(&to, f->needed[i]);
	e->f.needed = e->needed;
	return e;
}

static json_t *
text_or_null(const char *s)
{
	return s[0] == '\0' ? json_null() : json_text(s, strlen(s));
}

json_t *
facts_module(const struct module_found *m)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:o}", "basis",
	    m->basis, "build", text_or_null(m->build), "directory",
	    text_or_null(m->directory), "module", m->module, "modules",
	    text_or_null(m->modules), "name", text_or_null(m->name), "version",
	    text_or_null(m->version));
}

int
facts_of_recognised(const struct recognised *r, const char *unread,
    struct facts **out, struct fault *f)
{
	struct facts *facts;

	*out = NULL;
	if (r->unread != NULL)
		unread = r->unread;
	if (r->nmodules == 0 && r->form != FORM_ELF && r->script.len == 0 &&
	    unread == NULL)
		return 0;
	if ((facts = *out = facts_new()) == NULL)
		return fault_memory(f);
	if (r->form == FORM_ELF && (facts->elf = elf_facts_of(&r->elf)) == NULL)
		return fault_memory(f);
	if (r->script.len > 0 &&
	    (facts->script = strndup(r->script.p, r->script.len)) == NULL)
		return fault_memory(f);
	facts->environment = r->environment;
	facts->links = r->links;
	if (unread != NULL && (facts->unread = strdup(unread)) == NULL)
		return fault_memory(f);
	if (r->go.is_go) {
		if ((facts->go = malloc(sizeof(r->go))) == NULL)
			return fault_memory(f);
		*facts->go = r->go;
	}
	if (r->nmodules > 0 && (facts->modules = json_array()) == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < r->nmodules; i++)
		if (json_array_append_new(
			facts->modules, facts_module(&r->modules[i])) == -1)
			return fault_memory(f);
	return 0;
}

void
facts_free(struct facts *v)
{
	if (v == NULL || --v->references > 0)
		return;
	json_decref(v->modules);
	json_decref(v->packages);
	elf_facts_free(v->elf);
	free(v->script);
	free(v->go);
	free(v->text);
	free(v->unread);
	free(v);
}

static const struct {
	const char *path; /* ends with / : all below it */
	enum special special;
} places[] = {
	{ "var/lib/dpkg/status", SPECIAL_DPKG },
	{ "var/lib/dpkg/status.d/", SPECIAL_DPKG },
	{ "lib/apk/db/installed", SPECIAL_APK },
	{ "usr/lib/apk/db/installed", SPECIAL_APK },
	{ "etc/os-release", SPECIAL_OS },
	{ "usr/lib/os-release", SPECIAL_OS },
	{ "etc/ld.so.conf", SPECIAL_LOADER },
	{ "etc/ld.so.conf.d/", SPECIAL_LOADER },
	{ "etc/ld.so.preload", SPECIAL_PRELOAD },
	{ "etc/gcrypt/fips_enabled", SPECIAL_MARKER },
	{ "etc/system-fips", SPECIAL_MARKER },
};

/* A configuration may stand anywhere: OPENSSL_CONF names it, files include
 * it. So these go by their names. */
static bool
is_conf(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct span name = span_of(slash != NULL ? slash + 1 : path);
	bool cnf = span_ends(name, ".cnf") || span_ends(name, ".conf") ||
		   span_ends(name, ".config");

	return cnf && (memmem(name.p, name.len, "openssl", 7) != NULL ||
			  memmem(name.p, name.len, "fips", 4) != NULL ||
			  strstr(path, "openssl.d/") != NULL ||
			  strstr(path, "openssl.cnf.d/") != NULL);
}

static enum special
rpm_database(const char *path)
{
	for (size_t i = 0; rpm_databases[i] != NULL; i++) {
		size_t n = strlen(rpm_databases[i]);

		if (strncmp(path, rpm_databases[i], n) != 0)
			continue;
		if (path[n] == '\0')
			return SPECIAL_RPM;
		if (strcmp(path + n, "-wal") == 0)
			return SPECIAL_RPM_LOG;
	}
	return SPECIAL_NONE;
}

enum special
special_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	enum special rpm = rpm_database(path);

	if (rpm != SPECIAL_NONE)
		return rpm;
	for (size_t i = 0; i < LENGTH(places); i++) {
		size_t n = strlen(places[i].path);

		if (places[i].path[n - 1] == '/'
			? strncmp(path, places[i].path, n) == 0 &&
			      !span_ends(span_of(path), ".md5sums")
			: strcmp(path, places[i].path) == 0)
			return places[i].special;
	}
	if (is_conf(path))
		return SPECIAL_CONF;
	if (slash != NULL && strcmp(slash, "/java.security") == 0)
		return SPECIAL_JAVA;
	if (span_starts(span_of(path), "etc/ld-musl-") &&
	    span_ends(span_of(path), ".path"))
		return SPECIAL_LOADER;
	if (slash != NULL && span_ends(span_of(path), ".service") &&
	    strstr(path, "systemd/system/") != NULL)
		return SPECIAL_SERVICE;
	return slash != NULL && strcmp(slash, "/release") == 0 ? SPECIAL_JDK
							       : SPECIAL_NONE;
}
