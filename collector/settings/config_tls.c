/* See config_tls.h. */
#include "collector/settings/config_tls.h"

#include <string.h>

#include "base/length.h"

const char *
tls_version(const char *s)
{
	static const struct {
		const char *name, *version;
	} known[] = {
		{ "VersionTLS10", "1.0" },
		{ "VersionTLS11", "1.1" },
		{ "VersionTLS12", "1.2" },
		{ "VersionTLS13", "1.3" },
		{ "TLS1.0", "1.0" },
		{ "TLS1.1", "1.1" },
		{ "TLS1.2", "1.2" },
		{ "TLS1.3", "1.3" },
		{ "SSLv2", "0.2" },
		{ "SSLv3", "0.3" },
		{ "TLSv1", "1.0" },
		{ "TLSv1.0", "1.0" },
		{ "TLSv1.1", "1.1" },
		{ "TLSv1.2", "1.2" },
		{ "TLSv1.3", "1.3" },
		{ "TLSV1_0", "1.0" }, /* Istio */
		{ "TLSV1_1", "1.1" },
		{ "TLSV1_2", "1.2" },
		{ "TLSV1_3", "1.3" },
	};

	for (size_t i = 0; i < LENGTH(known); i++)
		if (strcmp(s, known[i].name) == 0)
			return known[i].version;
	return NULL;
}

struct word {
	const char *openssl, *iana;
};

/* The longest that s begins with; *len its length. */
static const struct word *
begins(const char *s, const struct word *words, size_t *len)
{
	const struct word *best = NULL;

	*len = 0;
	for (; words->openssl != NULL; words++) {
		size_t n = strlen(words->openssl);

		if (strncmp(s, words->openssl, n) == 0 &&
		    (best == NULL || n > *len)) {
			best = words;
			*len = n;
		}
	}
	return best;
}

bool
tls_suite(const char *name, struct buf *out)
{
	static const struct word exchanges[] = {
		{ "ECDHE-RSA-", "ECDHE_RSA" },
		{ "ECDHE-ECDSA-", "ECDHE_ECDSA" },
		{ "DHE-RSA-", "DHE_RSA" },
		{ "EDH-RSA-", "DHE_RSA" },
		{ "DHE-DSS-", "DHE_DSS" },
		{ "ADH-", "DH_anon" },
		{ "AECDH-", "ECDH_anon" },
		{ "", "RSA" },
		{ NULL, NULL },
	};
	static const struct word ciphers[] = {
		{ "AES128-GCM-", "AES_128_GCM_" },
		{ "AES256-GCM-", "AES_256_GCM_" },
		{ "AES128-CCM8", "AES_128_CCM_8" },
		{ "AES256-CCM8", "AES_256_CCM_8" },
		{ "AES128-CCM", "AES_128_CCM" },
		{ "AES256-CCM", "AES_256_CCM" },
		{ "AES128-", "AES_128_CBC_" },
		{ "AES256-", "AES_256_CBC_" },
		{ "CHACHA20-POLY1305", "CHACHA20_POLY1305_SHA256" },
		{ "DES-CBC3-", "3DES_EDE_CBC_" },
		{ "RC4-", "RC4_128_" },
		{ "CAMELLIA128-", "CAMELLIA_128_CBC_" },
		{ "CAMELLIA256-", "CAMELLIA_256_CBC_" },
		{ "NULL-", "NULL_" },
		{ NULL, NULL },
	};
	static const char *const hashes[] = { "", "SHA", "SHA256", "SHA384",
		"MD5" };
	const struct word *x, *c;
	size_t n, m;

	if (strncmp(name, "TLS_", 4) == 0) {
		buf_puts(out, name);
		return true;
	}
	x = begins(name, exchanges, &n);
	if ((c = begins(name + n, ciphers, &m)) == NULL)
		return false;
	for (size_t i = 0; i < LENGTH(hashes); i++)
		if (strcmp(name + n + m, hashes[i]) == 0) {
			buf_printf(out, "TLS_%s_WITH_%s%s", x->iana, c->iana,
			    hashes[i]);
			return true;
		}
	return false;
}
