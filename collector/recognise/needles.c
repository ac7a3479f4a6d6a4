/* See needles.h. */
#include "collector/recognise/needles.h"

#include "base/length.h"
#include "collector/recognise/goinfo.h"

#include <string.h>

#define TEXT(s)                                                                \
	{                                                                      \
		s, sizeof(s) - 1                                               \
	}
#define PROVIDER_TEXTS 24 /* strings behind a provider's name looked at */
#define BUILD_DIGITS 16	  /* of the HMAC that ends a build of Red Hat's kind */

const struct needle needle_texts[NEEDLES] = {
	[NEEDLE_OPENSSL] = TEXT("OpenSSL "),
	[NEEDLE_COMPAT] = TEXT("(compatible; "),
	[NEEDLE_AWSLC] = TEXT("AWS-LC "),
	[NEEDLE_EVP] = TEXT("crypto/evp/"),
	[NEEDLE_FIPS_TEST] = TEXT("FIPS integrity test failed"),
	[NEEDLE_PROVIDER] = TEXT("FIPS Provider"),
	[NEEDLE_PROVIDER_MODULE] = TEXT("FIPS Module"),
	[NEEDLE_PROVIDER_CRYPTOGRAPHIC] = TEXT("Cryptographic Module"),
	[NEEDLE_GCRYPT] = TEXT("This is Libgcrypt "),
	[NEEDLE_GNUTLS] = TEXT("Enabled GnuTLS "),
	[NEEDLE_NSS] = TEXT("Version: NSS "),
	[NEEDLE_WOLFCRYPT] = TEXT("wolfCrypt v"),
	[NEEDLE_WOLFCRYPT_FIPS] = TEXT("wolfCrypt_FIPS_"),
	[NEEDLE_MBED] = TEXT("Mbed TLS "),
	[NEEDLE_MBED_OLD] = TEXT("mbed TLS "),
	[NEEDLE_LIBRESSL] = TEXT("LibreSSL "),
	[NEEDLE_RING] = TEXT("/ring-0."),
	[NEEDLE_GO_BORING] = TEXT("crypto/internal/boring/sig.BoringCrypto"),
	[NEEDLE_GO_BUILD] = TEXT(GOINFO_MAGIC),
};

const struct crypto_library crypto_libraries[] = {
	{ "libcrypto.so", "openssl", true },
	{ "libssl.so", "openssl", false },
	{ "libgcrypt.so", "libgcrypt", true },
	{ "libgnutls.so", "gnutls", true },
	{ "libnettle.so", "nettle", true },
	{ "libhogweed.so", "nettle", true },
	{ "libnss3.so", "nss", true },
	{ "libsoftokn3.so", "nss", true },
	{ "libfreebl3.so", "nss", true },
	{ "libfreeblpriv3.so", "nss", true },
	{ "libkcapi.so", "libkcapi", true },
	{ "libsodium.so", "libsodium", true },
	{ "libmbedcrypto.so", "mbedtls", true },
	{ "libmbedtls.so", "mbedtls", false },
	{ "libwolfssl.so", "wolfcrypt", true },
	{ "libbotan", "botan", true },
	{ "libcryptopp.so", "cryptopp", true },
	{ "libcrypto++.so", "cryptopp", true },
	{ "libtomcrypt.so", "libtomcrypt", true },
	{ "libs2n.so", "s2n", false },
	{ 0 },
};

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
plain(char c)
{
	return c >= ' ' && c <= '~';
}

/* The longest run of these characters from p on. */
static struct span
run(const char *p, const char *end, const char *chars)
{
	size_t n = 0;

	while (p + n < end && p[n] != '\0' && strchr(chars, p[n]) != NULL)
		n++;
	return (struct span){ p, n };
}

#define VERSION_CHARS                                                          \
	"0123456789.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+~-_"

/* "1.10.1": digits, a dot, and more of them. */
static bool
take_version(const char *p, const char *end, char out[MODULE_TEXT_MAX])
{
	struct span s = run(p, end, VERSION_CHARS);
	const char *dot = s.len > 0 ? memchr(s.p, '.', s.len) : NULL;

	while (s.len > 0 && s.p[s.len - 1] == '.')
		s.len--;
	if (s.len < 3 || !digit(s.p[0]) || dot == NULL ||
	    dot + 1 >= s.p + s.len || !digit(dot[1]))
		return false;
	text_copy(out, MODULE_TEXT_MAX, s);
	return true;
}

/*
 * "OpenSSL 3.0.17 1 Jul 2025", "OpenSSL 1.1.1k  FIPS 25 Mar 2021": version,
 * then a date. Without a date it is anybody's text.
 */
static bool
openssl_text(const char *p, const char *end, char out[MODULE_TEXT_MAX])
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char version[MODULE_TEXT_MAX], month[4] = "";
	size_t n;

	if (!take_version(p, end, version))
		return false;
	p += strlen(version);
	while (p < end && *p == ' ')
		p++;
	if (end - p > 5 && memcmp(p, "FIPS ", 5) == 0)
		p += 5;
	n = run(p, end, "0123456789").len;
	if (n == 0 || n > 2 || end - p < (ptrdiff_t)n + 9 || p[n] != ' ')
		return false;
	memcpy(month, p + n + 1, 3);
	if (strstr(months, month) == NULL || p[n + 4] != ' ' ||
	    run(p + n + 5, end, "0123456789").len != 4)
		return false;
	memcpy(out, version, MODULE_TEXT_MAX);
	return true;
}

/* ---- an OpenSSL FIPS provider ---- */

/* As a version is written: "3.0.20", "3.0.7-395c1a240fbfffd8",
 * "Rocky9.20250210", "3.1.4 SUSE release 150600.5.15.1". */
static bool
version_like(struct span s)
{
	size_t i = 0;

	if (s.len < 3 || s.len >= MODULE_TEXT_MAX)
		return false;
	while (i < s.len && i < 12 && !digit(s.p[i]) && s.p[i] >= 'A')
		i++;
	if (i == s.len || !digit(s.p[i]))
		return false;
	while (i < s.len && digit(s.p[i]))
		i++;
	if (i + 1 >= s.len || s.p[i] != '.' || !digit(s.p[i + 1]))
		return false;
	for (i = 0; i < s.len; i++)
		if (!plain(s.p[i]) || strchr("%/=:,()", s.p[i]) != NULL)
			return false;
	return true;
}

/*
 * providers/fips/fipsprov.c names itself in one function: its name, then
 * "version", "buildinfo" and what they are, in the order of the code; the
 * linker leaves out what it has already. So the first text like a version
 * behind the name is it, and a longer one that begins so is the build.
 */
static void
provider_versions(struct module_found *m, const char *p, const char *end)
{
	for (size_t i = 0; i < PROVIDER_TEXTS && p < end; i++) {
		const char *stop = memchr(p, '\0', (size_t)(end - p));
		struct span s = { p, 0 };

		if (stop == NULL)
			return;
		s.len = (size_t)(stop - p);
		if (version_like(s)) {
			if (m->version[0] == '\0')
				text_copy(m->version, sizeof(m->version), s);
			else if (m->build[0] == '\0' &&
				 span_starts(s, m->version))
				text_copy(m->build, sizeof(m->build), s);
		}
		p = stop + 1;
	}
}

static bool
provider_text(struct needles *n, const char *window, size_t at, size_t end)
{
	struct module_found m = { 0 };
	size_t from = at, to = at;

	while (from > 0 && plain(window[from - 1]))
		from--;
	while (to < end && plain(window[to]))
		to++;
	if (to == end || window[to] != '\0' || to - from >= MODULE_TEXT_MAX ||
	    memchr(window + from, '%', to - from) != NULL)
		return false;
	text_copy(
	    m.name, sizeof(m.name), (struct span){ window + from, to - from });
	provider_versions(&m, window + to + 1, window + end);
	/* several texts may be like a name: the one with a version is it */
	if (n->provider.name[0] == '\0' ||
	    (n->provider.version[0] == '\0' && m.version[0] != '\0'))
		n->provider = m;
	return true;
}

/* ---- builds ---- */

/*
 * "Red Hat Enterprise Linux 9 gnutls", "3.7.6-074d015ce201f434": versions of
 * modules that end in digits of a digest, as Red Hat, Amazon and TuxCare
 * build libgcrypt, GnuTLS and NSS. The name may stand in the same text.
 */
static bool
take_build(struct needles *n, const char *p, size_t dash, size_t len)
{
	size_t from = dash, to = dash + 1, name;

	while (to < len && strchr("0123456789abcdef", p[to]) != NULL &&
	       p[to] != '\0')
		to++;
	if (to - dash - 1 != BUILD_DIGITS || to == len || p[to] != '\0')
		return false;
	while (from > 0 && (digit(p[from - 1]) || p[from - 1] == '.'))
		from--;
	if (dash - from < 3 || memchr(p + from, '.', dash - from) == NULL)
		return false;
	text_copy(n->build.version, sizeof(n->build.version),
	    (struct span){ p + from, to - from });
	for (name = from; name > 0 && plain(p[name - 1]);)
		name--;
	text_copy(n->build.name, sizeof(n->build.name),
	    span_trim((struct span){ p + name, from - name }));
	return true;
}

void
needles_builds(struct needles *n, const char *p, size_t len)
{
	const char *dash = p;

	while (n->builds && n->build.version[0] == '\0' && dash < p + len &&
	       (dash = memchr(dash, '-', (size_t)(p + len - dash))) != NULL) {
		(void)take_build(n, p, (size_t)(dash - p), len);
		dash++;
	}
}

/* ---- while it passes ---- */

void
needles_begin(struct needles *n, const char *name)
{
	static const char *const built[] = { "libgcrypt.so", "libgnutls.so",
		"libsoftokn3.so", "libfreebl3.so", "libfreeblpriv3.so" };

	memset(n, 0, sizeof(*n));
	n->name = name;
	for (size_t i = 0; i < LENGTH(built); i++)
		n->builds |= span_starts(span_of(name), built[i]);
}

static bool
note(struct needles *n, enum needle_id id, const char *window, size_t at,
    size_t end)
{
	const char *p = window + at + needle_texts[id].len, *e = window + end;
	char version[MODULE_TEXT_MAX];

	switch (id) {
	case NEEDLE_OPENSSL:
		return openssl_text(p, e, n->openssl);
	case NEEDLE_COMPAT:
		text_copy(
		    n->compat, sizeof(n->compat), run(p, e, VERSION_CHARS " "));
		return n->compat[0] != '\0';
	case NEEDLE_AWSLC:
		if (e - p > 5 && memcmp(p, "FIPS ", 5) == 0 &&
		    take_version(p + 5, e, n->awslc)) {
			n->awslc_fips = true;
			return true;
		}
		return !n->awslc_fips && take_version(p, e, n->awslc);
	case NEEDLE_PROVIDER:
	case NEEDLE_PROVIDER_MODULE:
	case NEEDLE_PROVIDER_CRYPTOGRAPHIC:
		return provider_text(n, window, at, end);
	case NEEDLE_GCRYPT:
		return take_version(p, e, n->gcrypt);
	case NEEDLE_GNUTLS:
		return take_version(p, e, n->gnutls);
	case NEEDLE_NSS:
		return take_version(p, e, n->nss);
	case NEEDLE_WOLFCRYPT: /* "v5.2.1", as certificates write it */
		n->wolfcrypt[0] = 'v';
		if (take_version(p, e, version)) {
			text_copy(n->wolfcrypt + 1, MODULE_TEXT_MAX - 1,
			    span_of(version));
			return true;
		}
		n->wolfcrypt[0] = '\0';
		return false;
	case NEEDLE_MBED:
	case NEEDLE_MBED_OLD:
		return take_version(p, e, n->mbed);
	case NEEDLE_LIBRESSL:
		return take_version(p, e, n->libressl);
	case NEEDLE_RING:
		return take_version(p - 2, e, n->ring);
	default:
		return true;
	}
}

void
needles_note(struct needles *n, enum needle_id id, const char *window,
    size_t at, size_t end)
{
	if (note(n, id, window, at, end))
		n->seen |= UINT64_C(1) << id;
}

/* ---- what it is ---- */

static bool
seen(const struct needles *n, enum needle_id id)
{
	return (n->seen >> id & 1) != 0;
}

static bool
links_to(uint64_t links, const char *module)
{
	for (size_t i = 0; crypto_libraries[i].prefix != NULL; i++)
		if ((links >> i & 1) != 0 && crypto_libraries[i].core &&
		    strcmp(crypto_libraries[i].module, module) == 0)
			return true;
	return false;
}

/* Libraries by what they are called, and their texts. */
static void
by_soname(const struct needles *n, const char *soname, struct recognised *out)
{
	static const struct {
		const char *prefix, *module, *name;
	} called[] = {
		{ "libgcrypt.so", "libgcrypt", "libgcrypt" },
		{ "libgnutls.so", "gnutls", "GnuTLS" },
		{ "libsoftokn3.so", "nss", "NSS softoken" },
		{ "libfreeblpriv3.so", "nss", "NSS freebl" },
		{ "libkcapi.so", "libkcapi", "libkcapi" },
		{ "libnettle.so", "nettle", "Nettle" },
		{ "libsodium.so", "libsodium", "libsodium" },
		{ "libmbedcrypto.so", "mbedtls", "Mbed TLS" },
		{ "libwolfssl.so", "wolfcrypt", "wolfCrypt" },
		{ "libbotan", "botan", "Botan" },
		{ "libcryptopp.so", "cryptopp", "Crypto++" },
		{ "libcrypto++.so", "cryptopp", "Crypto++" },
		{ "libtomcrypt.so", "libtomcrypt", "LibTomCrypt" },
	};
	const char *basis = n->build.version[0] != '\0'
				? "build text of the library"
				: "name of the library";

	for (size_t i = 0; i < LENGTH(called); i++) {
		const char *module = called[i].module;
		const char *version =
		    strcmp(module, "libgcrypt") == 0   ? n->gcrypt
		    : strcmp(module, "gnutls") == 0    ? n->gnutls
		    : strcmp(module, "nss") == 0       ? n->nss
		    : strcmp(module, "mbedtls") == 0   ? n->mbed
		    : strcmp(module, "wolfcrypt") == 0 ? n->wolfcrypt
						       : "";

		if (!span_starts(span_of(soname), called[i].prefix))
			continue;
		recognised_add(out, module,
		    n->build.name[0] != '\0' ? n->build.name : called[i].name,
		    n->build.version[0] != '\0' ? n->build.version : version,
		    n->build.version[0] != '\0' ? version : NULL, basis);
	}
}

/* BoringSSL, AWS-LC, OpenSSL, LibreSSL: a library or linked in. */
static void
openssl_kin(const struct needles *n, const char *soname, uint64_t links,
    struct recognised *out)
{
	bool library = span_starts(span_of(soname), "libcrypto");
	bool inside =
	    library || (!links_to(links, "openssl") && seen(n, NEEDLE_EVP));
	const char *basis =
	    library ? "version text of the library" : "version text, linked in";

	if (seen(n, NEEDLE_AWSLC) && (library || !links_to(links, "openssl")))
		recognised_add(out, "aws-lc",
		    n->awslc_fips ? library ? "AWS-LC FIPS (dynamic)"
					    : "AWS-LC FIPS (static)"
				  : "AWS-LC",
		    n->awslc, NULL, basis);
	else if (strcmp(n->compat, "BoringSSL") == 0)
		recognised_add(out, "boringcrypto",
		    seen(n, NEEDLE_FIPS_TEST) ? "BoringCrypto" : "BoringSSL",
		    NULL, NULL, basis);
	else if (seen(n, NEEDLE_LIBRESSL) && inside)
		recognised_add(
		    out, "libressl", "LibreSSL", n->libressl, NULL, basis);
	else if (seen(n, NEEDLE_OPENSSL) && inside)
		recognised_add(
		    out, "openssl", "OpenSSL", n->openssl, NULL, basis);
}

void
needles_settle(struct needles *n, const char *soname, uint64_t links,
    bool provides, struct recognised *out)
{
	const char *called = soname[0] != '\0' ? soname : n->name;

	if (n->provider.name[0] != '\0' &&
	    (provides || strcmp(n->name, "fips.so") == 0)) {
		recognised_add(out, "openssl", n->provider.name,
		    n->provider.version, n->provider.build,
		    "texts of the provider");
		return;
	}
	openssl_kin(n, called, links, out);
	by_soname(n, called, out);
	if (seen(n, NEEDLE_WOLFCRYPT) || seen(n, NEEDLE_WOLFCRYPT_FIPS))
		recognised_add(out, "wolfcrypt", "wolfCrypt FIPS", n->wolfcrypt,
		    NULL, "version text, linked in");
	if (seen(n, NEEDLE_GCRYPT) && !links_to(links, "libgcrypt"))
		recognised_add(out, "libgcrypt", "libgcrypt", n->gcrypt, NULL,
		    "version text, linked in");
	if ((seen(n, NEEDLE_MBED) || seen(n, NEEDLE_MBED_OLD)) &&
	    !links_to(links, "mbedtls"))
		recognised_add(out, "mbedtls", "Mbed TLS", n->mbed, NULL,
		    "version text, linked in");
	if (seen(n, NEEDLE_RING))
		recognised_add(out, "ring", "ring (Rust)", n->ring, NULL,
		    "source names, linked in");
}
