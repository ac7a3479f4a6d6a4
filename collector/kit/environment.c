/* See environment.h. */
#include "collector/kit/environment.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "collector/kit/project.h"

enum env_rule { ENV_WHOLE, ENV_URL, ENV_JAVA, ENV_GO };

static const struct kept_variable {
	const char *name;
	bool prefix;
	enum env_rule rule;
} env_kept[] = {
	{ "AWS_USE_FIPS_ENDPOINT", false, ENV_WHOLE },
	{ "AWS_ENDPOINT_URL", false, ENV_URL },
	{ "AWS_ENDPOINT_URL_", true, ENV_URL },
	{ "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", false, ENV_WHOLE },
	{ "AWS_REGION", false, ENV_WHOLE },
	{ "AWS_STS_REGIONAL_ENDPOINTS", false, ENV_WHOLE },
	{ "FIPS_ENABLED", false, ENV_WHOLE },
	{ "GODEBUG", false, ENV_GO },
	{ "GOFIPS140", false, ENV_WHOLE },
	{ "JAVA_TOOL_OPTIONS", false, ENV_JAVA },
	{ "OPENSSL_CONF", false, ENV_WHOLE },
	{ "OPENSSL_FORCE_FIPS_MODE", false, ENV_WHOLE },
	{ "OPENSSL_MODULES", false, ENV_WHOLE },
};

const struct kept_variable *
environment_kept(const char *name)
{
	for (size_t i = 0; i < LENGTH(env_kept); i++) {
		const char *want = env_kept[i].name;

		if (env_kept[i].prefix ? strncmp(name, want, strlen(want)) == 0
				       : strcmp(name, want) == 0)
			return &env_kept[i];
	}
	return NULL;
}

/* scheme://host:port and nothing else */
static void
url_reduced(const char *url, struct buf *out)
{
	const char *scheme = strstr(url, "://"), *host, *at;
	size_t len;

	host = scheme != NULL ? scheme + 3 : url;
	len = strcspn(host, "/?#");
	if (scheme != NULL)
		buf_put(out, url, (size_t)(host - url));
	while ((at = memchr(host, '@', len)) != NULL) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	buf_put(out, host, len);
}

/*
 * Options of a JVM that bear on FIPS, by name: Red Hat build of OpenJDK,
 * Semeru, IBM SDK, Bouncy Castle FIPS, JSSE's key stores. Any other word may be
 * a password.
 */
static const char *const java_options[] = { "-Dcom.ibm.fips.mode",
	"-Dcom.ibm.jsse2.usefipsprovider",
	"-Dcom.ibm.jsse2.usefipsProviderName", "-Dcom.redhat.fips",
	"-Dcom.redhat.fips.plainKeySupport",
	"-Djava.security.disableSystemPropertiesFile",
	"-Djava.security.properties", "-Djavax.net.ssl.keyStoreProvider",
	"-Djavax.net.ssl.keyStoreType", "-Djavax.net.ssl.trustStoreProvider",
	"-Djavax.net.ssl.trustStoreType",
	"-Dorg.bouncycastle.fips.approved_only", "-Dsemeru.customprofile",
	"-Dsemeru.fips", "-Xenablefips140-2", "-Xenablefips140-3" };

static bool
is_java_option(const char *word, size_t len)
{
	const char *eq = memchr(word, '=', len);
	size_t name = eq != NULL ? (size_t)(eq - word) : len;

	for (size_t i = 0; i < LENGTH(java_options); i++)
		if (strlen(java_options[i]) == name &&
		    memcmp(java_options[i], word, name) == 0)
			return true;
	return false;
}

static void
java_words(const char *value, struct buf *out)
{
	while (*value != '\0') {
		size_t len = strcspn(value, " \t\n");

		if (is_java_option(value, len)) {
			if (out->len > 0)
				buf_putc(out, ' ');
			buf_put(out, value, len);
		}
		value += len + (value[len] != '\0');
	}
}

/*
 * Settings of Go's runtime that bear on FIPS and TLS (go.dev/doc/godebug), with
 * values as Go has them: what else stands for one is "other".
 */
static void
go_settings(const char *value, struct buf *out)
{
	static const char *const names[] = { "fips140", "tls10server",
		"tls3des", "tlsmaxrsasize", "tlsmlkem", "tlsrsakex", "tlssha1",
		"tlsunsafeekm", "x509sha1" };
	static const char *const values[] = { "0", "1", "off", "on", "only",
		"debug" };

	for (size_t len; *value != '\0'; value += len + (value[len] != '\0')) {
		const char *shown = "other", *eq;
		size_t name, i;

		len = strcspn(value, ",");
		eq = memchr(value, '=', len);
		name = eq != NULL ? (size_t)(eq - value) : len;
		for (i = 0; i < LENGTH(names); i++)
			if (strlen(names[i]) == name &&
			    memcmp(names[i], value, name) == 0)
				break;
		if (eq == NULL || i == LENGTH(names))
			continue;
		for (size_t v = 0; v < LENGTH(values); v++)
			if (strlen(values[v]) == len - name - 1 &&
			    memcmp(values[v], eq + 1, len - name - 1) == 0)
				shown = values[v];
		buf_printf(
		    out, "%s%s=%s", out->len > 0 ? "," : "", names[i], shown);
	}
}

void
environment_put(struct attrs *a, json_t *env, const struct kept_variable *kept,
    const char *name, const char *value)
{
	BUF_AUTO(out, TEXT_MAX);

	if (kept->rule == ENV_URL)
		url_reduced(value, &out);
	else if (kept->rule == ENV_JAVA)
		java_words(value, &out);
	else if (kept->rule == ENV_GO)
		go_settings(value, &out);
	else
		buf_puts(&out, value);
	if (out.failed == FAULT_NONE)
		put_text(a, env, name, out.p != NULL ? out.p : "");
}
