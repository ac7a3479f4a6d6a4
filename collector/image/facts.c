/* See facts.h. */
#include "collector/image/facts.h"

#include <stdlib.h>
#include <string.h>

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

void
facts_free(struct facts *v)
{
	if (v == NULL || --v->references > 0)
		return;
	json_decref(v->modules);
	json_decref(v->packages);
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
	return slash != NULL && strcmp(slash, "/release") == 0 ? SPECIAL_JDK
							       : SPECIAL_NONE;
}
