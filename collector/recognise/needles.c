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
	[NEEDLE_OPENSSLDIR] = TEXT("OPENSSLDIR: \""),
	[NEEDLE_MODULESDIR] = TEXT("MODULESDIR: \""),
	[NEEDLE_BEARSSL] = TEXT("br_ssl_"),
	[NEEDLE_BUSYBOX_TLS] = TEXT(" from peer (alert code "),
	[NEEDLE_MATRIXSSL] = TEXT("MatrixSSL"),
	[NEEDLE_RUSTLS] = TEXT("/rustls-0."),
	[NEEDLE_AWSLC_RS] = TEXT("/aws-lc-rs-"),
	[NEEDLE_AWSLC_SYS] = TEXT("aws-lc-sys-"),
	[NEEDLE_AWSLC_FIPS_SYS] = TEXT("aws-lc-fips-sys-"),
	[NEEDLE_RUST_AES] = TEXT("/aes-0."),
	[NEEDLE_RUST_CHACHA] = TEXT("/chacha20-0."),
	[NEEDLE_RUST_SHA2] = TEXT("/sha2-0."),
	[NEEDLE_AES_SBOX] = TEXT("\x63\x7c\x77\x7b\xf2\x6b\x6f\xc5"),
	[NEEDLE_AES_INVERSE] = TEXT("\x52\x09\x6a\xd5\x30\x36\xa5\x38"),
	[NEEDLE_AES_ROUNDS_LE] = TEXT("\xa5\x63\x63\xc6\x84\x7c\x7c\xf8"),
	[NEEDLE_AES_ROUNDS_BE] = TEXT("\xc6\x63\x63\xa5\xf8\x7c\x7c\x84"),
	[NEEDLE_CHACHA] = TEXT("expand 32-byte k"),
	[NEEDLE_SHA256_LE] = TEXT("\x98\x2f\x8a\x42\x91\x44\x37\x71"),
	[NEEDLE_SHA256_BE] = TEXT("\x42\x8a\x2f\x98\x71\x37\x44\x91"),
	[NEEDLE_SHA512_LE] = TEXT("\x22\xae\x28\xd7\x98\x2f\x8a\x42"),
	[NEEDLE_RESOLVER] = TEXT("/etc/resolv.conf"),
	[NEEDLE_SOCKET_X86] = TEXT("\xb8\x29\0\0\0\x0f\x05"),
	[NEEDLE_SOCKET_ARM] = TEXT("\xc8\x18\x80\xd2\x01\0\0\xd4"),
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
needles_begin(struct needles *n, const char *name, const char *path)
{
	static const char *const built[] = { "libgcrypt.so", "libgnutls.so",
		"libsoftokn3.so", "libfreebl3.so", "libfreeblpriv3.so" };

	memset(n, 0, sizeof(*n));
	n->name = name;
	n->path = path;
	for (size_t i = 0; i < LENGTH(built); i++)
		n->builds |= span_starts(span_of(name), built[i]);
}

/* A path up to its closing quote. */
static bool
quoted(const char *p, const char *end, char out[MODULE_TEXT_MAX])
{
	const char *close = memchr(p, '"', (size_t)(end - p));

	if (close == NULL || close == p || close - p >= MODULE_TEXT_MAX ||
	    p[0] != '/' || memchr(p, '\0', (size_t)(close - p)) != NULL)
		return false;
	text_copy(
	    out, MODULE_TEXT_MAX, (struct span){ p, (size_t)(close - p) });
	return true;
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
	case NEEDLE_OPENSSLDIR:
		return quoted(p, e, n->directory);
	case NEEDLE_MODULESDIR:
		return quoted(p, e, n->modules);
	case NEEDLE_AWSLC_SYS:
	case NEEDLE_AWSLC_FIPS_SYS:
		return take_version(p, e, n->awslc_sys);
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

bool
needles_seen(const struct needles *n, enum needle_id id)
{
	return (n->seen >> id & 1) != 0;
}

static bool
seen(const struct needles *n, enum needle_id id)
{
	return needles_seen(n, id);
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
		{ "libsymcrypt.so", "symcrypt", "SymCrypt" },
		{ "libbearssl.so", "bearssl", "BearSSL" },
		{ "libmatrixssl", "matrixssl", "MatrixSSL" },
		{ "libmonocypher", "monocypher", "Monocypher" },
		{ "libhydrogen", "libhydrogen", "libhydrogen" },
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

/* Libraries that are linked in and known by a text of theirs alone. */
static void
by_text(const struct needles *n, struct recognised *out)
{
	static const struct {
		enum needle_id id;
		const char *module, *name;
	} texts[] = {
		{ NEEDLE_BEARSSL, "bearssl", "BearSSL" },
		{ NEEDLE_BUSYBOX_TLS, "busybox", "TLS of busybox" },
		{ NEEDLE_MATRIXSSL, "matrixssl", "MatrixSSL" },
		{ NEEDLE_RUST_AES, "rustcrypto", "RustCrypto" },
		{ NEEDLE_RUST_CHACHA, "rustcrypto", "RustCrypto" },
		{ NEEDLE_RUST_SHA2, "rustcrypto", "RustCrypto" },
	};

	for (size_t i = 0; i < LENGTH(texts); i++)
		if (seen(n, texts[i].id))
			recognised_add(out, texts[i].module, texts[i].name,
			    NULL, NULL, "texts of it, linked in");
	/* the crate's version is not the library's */
	if (seen(n, NEEDLE_AWSLC_FIPS_SYS) && !seen(n, NEEDLE_AWSLC))
		recognised_add(out, "aws-lc", "aws-lc-fips-sys (Rust)",
		    n->awslc_sys, NULL, "source names, linked in");
	else if (seen(n, NEEDLE_AWSLC_SYS) && !seen(n, NEEDLE_AWSLC))
		recognised_add(out, "aws-lc", "AWS-LC", NULL, NULL,
		    "source names, linked in");
}

/* Native modules of languages that bring an implementation of their own, by
 * where their packages put them. */
static void
by_place(const struct needles *n, struct recognised *out)
{
	static const struct {
		const char *part, *module, *name;
	} places[] = {
		{ "/Crypto/Cipher/", "pycryptodome", "PyCryptodome" },
		{ "/Crypto/Hash/", "pycryptodome", "PyCryptodome" },
		{ "/Crypto/PublicKey/", "pycryptodome", "PyCryptodome" },
		{ "/Cryptodome/Cipher/", "pycryptodome", "PyCryptodome" },
		{ "/Cryptodome/Hash/", "pycryptodome", "PyCryptodome" },
		{ "/Cryptodome/PublicKey/", "pycryptodome", "PyCryptodome" },
		{ "/nacl/_sodium", "libsodium", "libsodium" },
		{ "/sodium-native/", "libsodium", "libsodium" },
		{ "/rbnacl-libsodium/", "libsodium", "libsodium" },
	};

	for (size_t i = 0; i < LENGTH(places); i++)
		if (strstr(n->path, places[i].part) != NULL)
			recognised_add(out, places[i].module, places[i].name,
			    NULL, NULL, "where its package puts it");
}

/* Libraries that make random numbers with ChaCha20 and encrypt nothing. */
static bool
random_only(const char *soname)
{
	static const char *const names[] = { "libsqlite3.so.0", "libc.so.6" };

	for (size_t i = 0; i < LENGTH(names); i++)
		if (strcmp(soname, names[i]) == 0)
			return true;
	return false;
}

bool
needles_ciphers(const struct needles *n, const char *soname)
{
	return seen(n, NEEDLE_AES_SBOX) || seen(n, NEEDLE_AES_INVERSE) ||
	       seen(n, NEEDLE_AES_ROUNDS_LE) || seen(n, NEEDLE_AES_ROUNDS_BE) ||
	       (seen(n, NEEDLE_CHACHA) && !random_only(soname));
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
	by_text(n, out);
	by_place(n, out);
	/* what computes and says no name is not nothing */
	if (out->nmodules == 0 && needles_ciphers(n, soname))
		recognised_add(out, "unrecognized",
		    "cipher code of no known library", NULL, NULL,
		    "tables of AES or ChaCha20");
	for (size_t i = 0; i < out->nmodules; i++)
		if (strcmp(out->modules[i].module, "openssl") == 0) {
			text_copy(out->modules[i].directory, MODULE_TEXT_MAX,
			    span_of(n->directory));
			text_copy(out->modules[i].modules, MODULE_TEXT_MAX,
			    span_of(n->modules));
		}
}
