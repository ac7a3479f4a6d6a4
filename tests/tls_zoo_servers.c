/* The servers of tls_zoo.h, written down: what each supports and how it
 * misbehaves. right: 'e' what it accepts is found exactly; 'u' what is not
 * found is unknown, never refused. */
#include "tls_zoo.h"

#define LIST(...) ((const uint16_t[]){ __VA_ARGS__, 0 })

/* AES with GCM and ECDHE, as a FIPS profile has it */
#define GOOD 0xc02c, 0xc030, 0xc02b, 0xc02f
#define GOOD13 LIST(0x1302, 0x1301)
/* what must not be overlooked */
#define RSA_AES 0x002f
#define CHACHA 0xcca8
#define SRP 0xc01d, 0xc020, 0xc01e, 0xc021
#define OLD LIST(0xc014, 0xc013, 0x0035, RSA_AES, 0x000a)
#define WIDE                                                                   \
	LIST(0xc02c, 0xc030, 0xc02b, 0xc02f, CHACHA, 0xcca9, 0x009e, 0x009f,   \
	    0x0033, 0x0039, 0x009c, 0x009d, RSA_AES, 0x0035, 0x000a, 0x0005,   \
	    0x0041, 0x0084, 0xc09c, 0xc0a0, 0x00ba, 0xc050)

/* clang-format off */
const struct zoo zoo[] = {
	/* as stacks behave: alerts, closes, resets, their own or the client's order */
	{ "openssl-like", .suites = { GOOD13, WIDE }, .right = 'e' },
	{ "openssl-own-order", .suites = { GOOD13, WIDE }, .own_order = true, .right = 'e' },
	{ "openssl-all-versions", .suites = { GOOD13, WIDE, OLD, OLD, LIST(0x000a, 0x0005) }, .right = 'e' },
	{ "openssl-level-1", .suites = { GOOD13, WIDE, OLD, OLD }, .poison = LIST(0xc014), .poison_how = 80, .right = 'e' },
	{ "go-like", .suites = { LIST(0x1301, 0x1302, 0x1303), LIST(0xc02f, 0xc02b, 0xc030, 0xc02c, CHACHA, 0xcca9, 0xc013, 0xc009, 0xc014, 0xc00a) }, .own_order = true, .right = 'e' },
	{ "java-like", .suites = { GOOD13, LIST(GOOD, 0x009f, 0x009e, 0xc024, 0xc028) }, .refusal = ZOO_CLOSE, .refusal_of_version = ZOO_CLOSE, .right = 'e' },
	{ "java-8-like", .suites = { 0, LIST(GOOD, RSA_AES), OLD, OLD }, .refusal = ZOO_CLOSE, .refusal_of_version = ZOO_CLOSE, .right = 'e' },
	{ "schannel-like", .suites = { 0, LIST(0xc030, 0xc02f, 0x009f, 0x009d, RSA_AES), OLD, OLD }, .refusal = ZOO_CLOSE, .refusal_of_version = ZOO_CLOSE, .own_order = true, .right = 'e' },
	{ "schannel-2022-like", .suites = { LIST(0x1302, 0x1301), LIST(GOOD) }, .refusal = ZOO_CLOSE, .refusal_of_version = 70, .own_order = true, .right = 'e' },
	{ "gnutls-like", .suites = { LIST(0x1302, 0x1303, 0x1301, 0x1304), WIDE }, .right = 'e' },
	{ "nss-like", .suites = { LIST(0x1301, 0x1303, 0x1302), LIST(0xc02b, 0xc02f, 0xcca9, CHACHA, 0x0033, RSA_AES) }, .refusal = 40, .own_order = true, .right = 'e' },
	{ "load-balancer-fips", .suites = { GOOD13, LIST(GOOD) }, .own_order = true, .refusal = 40, .right = 'e' },
	{ "insufficient-security", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .refusal = 71, .right = 'e' },
	{ "internal-error", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .refusal = 80, .refusal_of_version = 80, .right = 'e' },
	{ "one-suite", .suites = { 0, LIST(0xc02f) }, .right = 'e' },
	{ "one-odd-suite", .suites = { 0, LIST(0xc0ad) }, .right = 'e' },
	{ "only-aria", .suites = { 0, LIST(0xc050, 0xc060) }, .right = 'e' },
	{ "only-psk", .suites = { 0, LIST(0x00a8, 0x008c) }, .right = 'e' },
	{ "only-null", .suites = { 0, LIST(0x003b, 0x0002) }, .right = 'e' },
	{ "only-anon", .suites = { 0, LIST(0xc018, 0x0034) }, .right = 'e' },
	{ "only-1-3", .suites = { GOOD13 }, .right = 'e' },
	{ "only-1-1", .suites = { 0, 0, OLD }, .right = 'e' },
	{ "only-1-0", .suites = { 0, 0, 0, LIST(RSA_AES, 0x0005) }, .right = 'e' },
	{ "only-ssl-3", .suites = { 0, 0, 0, 0, LIST(0x0004, 0x0005) }, .right = 'e' },
	{ "1-2-and-1-0", .suites = { 0, LIST(GOOD), 0, LIST(RSA_AES) }, .right = 'e' },
	{ "export", .suites = { 0, LIST(0x0003, 0x0008, 0x0014, 0x0062) }, .right = 'e' },
	{ "falls-back", .suites = { 0, 0, OLD, OLD }, .falls_back = true, .right = 'e' },
	/* they refuse hellos for their size */
	{ "at-most-128-suites", .suites = { GOOD13, WIDE, OLD }, .suites_max = 128, .refusal = 47, .right = 'e' },
	{ "at-most-100-suites", .suites = { GOOD13, WIDE, OLD }, .suites_max = 100, .right = 'e' },
	{ "at-most-64-suites", .suites = { GOOD13, WIDE, OLD }, .suites_max = 64, .right = 'e' },
	{ "at-most-32-suites", .suites = { GOOD13, WIDE, OLD }, .suites_max = 32, .right = 'e' },
	{ "at-most-16-suites", .suites = { GOOD13, LIST(GOOD, RSA_AES), OLD }, .suites_max = 16, .right = 'e' },
	{ "at-most-4-suites", .suites = { 0, LIST(GOOD, RSA_AES) }, .suites_max = 4, .right = 'e' },
	{ "below-512-bytes", .suites = { GOOD13, WIDE, OLD }, .bytes_max = 511, .refusal = ZOO_CLOSE, .right = 'e' },
	{ "below-256-bytes", .suites = { GOOD13, WIDE, OLD }, .bytes_max = 255, .refusal = ZOO_CLOSE, .right = 'e' },
	{ "below-256-bytes-alert", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .bytes_max = 255, .right = 'e' },
	{ "1-3-below-256-bytes", .suites = { LIST(0x1302, 0x1303), LIST(GOOD) }, .suites_max13 = 255, .refusal = ZOO_CLOSE, .right = 'e' },
	{ "few-groups", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .groups_max = 16, .right = 'e' },
	/* they want an extension, or not */
	{ "needs-groups", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .needs = ZOO_GROUPS, .right = 'e' },
	{ "needs-signatures", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .needs = ZOO_SIGNATURES, .right = 'e' },
	{ "needs-master-secret", .suites = { GOOD13, LIST(GOOD) }, .needs = ZOO_MASTER_SECRET, .right = 'e' },
	{ "needs-status", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .needs = ZOO_STATUS, .right = 'e' },
	{ "needs-name", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .needs = ZOO_NAME, .refusal = 112, .right = 'e' },
	{ "intolerant-to-extensions", .suites = { 0, LIST(RSA_AES, 0x0035), OLD, OLD }, .forbids = 127, .refusal = ZOO_CLOSE, .right = 'u' },
	{ "intolerant-to-signatures-cert", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .forbids = ZOO_SIGNATURES_CERT, .right = 'e' },
	{ "intolerant-to-status", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .forbids = ZOO_STATUS, .right = 'e' },
	/* they show some suites in some shapes only */
	{ "hides-with-signatures-cert", .suites = { GOOD13, LIST(GOOD, RSA_AES, 0x0035) }, .own_order = true, .hidden = LIST(RSA_AES, 0x0035), .hidden_by = ZOO_SIGNATURES_CERT, .right = 'e' },
	{ "shows-with-signatures-cert", .suites = { GOOD13, LIST(GOOD, RSA_AES, 0x0035) }, .hidden = LIST(RSA_AES), .shown_by = ZOO_SIGNATURES_CERT, .right = 'e' },
	{ "hides-with-signatures", .suites = { GOOD13, LIST(GOOD, RSA_AES, 0x0035) }, .own_order = true, .hidden = LIST(RSA_AES), .hidden_by = ZOO_SIGNATURES, .right = 'e' },
	{ "hides-with-groups", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .hidden = LIST(RSA_AES), .hidden_by = ZOO_GROUPS, .right = 'e' },
	{ "hides-from-extensions", .suites = { GOOD13, LIST(GOOD, RSA_AES, 0x0005) }, .own_order = true, .hidden = LIST(RSA_AES, 0x0005), .hidden_by = ZOO_MASTER_SECRET, .right = 'e' },
	/* they choose what is not finished, before what is */
	{ "srp", .suites = { GOOD13, LIST(GOOD, SRP, RSA_AES, CHACHA) }, .own_order = true, .poison = LIST(SRP), .poison_how = 115, .right = 'u' },
	{ "srp-client-order", .suites = { GOOD13, LIST(GOOD, SRP, RSA_AES, CHACHA) }, .poison = LIST(SRP), .poison_how = 115, .right = 'u' },
	{ "srp-first", .suites = { 0, LIST(SRP, GOOD, RSA_AES) }, .own_order = true, .poison = LIST(SRP), .poison_how = ZOO_CLOSE, .right = 'u' },
	{ "srp-alert-40", .suites = { 0, LIST(GOOD, SRP, RSA_AES) }, .own_order = true, .poison = LIST(SRP), .poison_how = 40, .right = 'u' },
	{ "psk-first", .suites = { 0, LIST(0x00a8, 0x00ae, GOOD, RSA_AES) }, .own_order = true, .poison = LIST(0x00a8, 0x00ae), .poison_how = 80, .right = 'u' },
	{ "closes-on-chosen", .suites = { GOOD13, LIST(GOOD, 0xc028, RSA_AES, CHACHA) }, .own_order = true, .poison = LIST(0xc028), .poison_how = ZOO_CLOSE, .right = 'e' },
	{ "closes-on-chosen-likely", .suites = { GOOD13, LIST(GOOD, 0x0035, RSA_AES) }, .own_order = true, .poison = LIST(0x0035), .poison_how = 40, .right = 'e' },
	{ "silent-on-chosen", .suites = { 0, LIST(GOOD, 0xc073, RSA_AES) }, .own_order = true, .poison = LIST(0xc073), .poison_how = ZOO_SILENT, .right = 'u' },
	{ "many-unfinished", .suites = { 0, LIST(GOOD, 0x0041, 0x0084, 0x00ba, 0x00c0, 0xc073, 0xc077, RSA_AES, 0x0005) }, .own_order = true, .poison = LIST(0x0041, 0x0084, 0x00ba, 0x00c0, 0xc073, 0xc077), .poison_how = 40, .right = 'e' },
	{ "closes-on-offered", .suites = { GOOD13, LIST(GOOD, RSA_AES, CHACHA) }, .refuses_with = 0xc01d, .refusal = ZOO_CLOSE, .right = 'u' },
	{ "closes-on-offered-likely", .suites = { GOOD13, LIST(GOOD, RSA_AES, CHACHA) }, .refuses_with = 0x0005, .right = 'e' },
	{ "closes-on-null", .suites = { GOOD13, LIST(GOOD, RSA_AES), OLD }, .refuses_with = 0x0001, .refusal = ZOO_CLOSE, .right = 'e' },
	{ "garbage-on-refusal", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .refusal = ZOO_GARBAGE, .refusal_of_version = ZOO_GARBAGE, .right = 'e' },
	{ "silent-on-refusal", .suites = { 0, LIST(GOOD, RSA_AES) }, .refusal = ZOO_SILENT, .refusal_of_version = ZOO_SILENT, .right = 'u' },
	{ "silent-on-versions", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .refusal_of_version = ZOO_SILENT, .right = 'u' },
	{ "chooses-unoffered", .suites = { 0, LIST(GOOD) }, .always = 0x1234, .right = 'u' },
	{ "chooses-always-one", .suites = { 0, LIST(RSA_AES) }, .always = RSA_AES, .right = 'u' },
	/* they tire */
	{ "tires-after-1", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .answers = 1, .right = 'u' },
	{ "tires-after-4", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .answers = 4, .refusal = ZOO_CLOSE, .right = 'u' },
	{ "tires-after-20", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .answers = 20, .right = 'u' },
	{ "tires-after-60", .suites = { GOOD13, LIST(GOOD, RSA_AES) }, .answers = 60, .refusal = ZOO_CLOSE, .refusal_of_version = ZOO_CLOSE, .right = 'u' },
	{ "tires-after-90", .suites = { GOOD13, LIST(GOOD, RSA_AES), OLD }, .answers = 90, .right = 'u' },
	/* TLS 1.3 and its groups */
	{ "needs-share", .suites = { GOOD13, LIST(GOOD) }, .needs_share = true, .right = 'e' },
	{ "no-retry", .suites = { GOOD13, LIST(GOOD) }, .groups = LIST(0x0017, 0x0018, 0x001d), .no_retry = true, .own_order = true, .right = 'e' },
	{ "only-x448", .suites = { GOOD13, LIST(GOOD) }, .groups = LIST(0x001e), .right = 'e' },
	{ "hybrid-only", .suites = { GOOD13 }, .groups = LIST(0x11ec, 0x11eb), .right = 'e' },
	{ "many-groups", .suites = { GOOD13, LIST(GOOD) }, .groups = LIST(0x0017, 0x0018, 0x0019, 0x001d, 0x001e, 0x0100, 0x0101, 0x001a, 0x001b, 0x11ec), .own_order = true, .right = 'e' },
	{ "1-3-ccm-8", .suites = { LIST(0x1304, 0x1305) }, .right = 'e' },
	{ "1-3-all", .suites = { LIST(0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0x1306, 0x1307, 0x00c6, 0x00c7) }, .own_order = true, .right = 'e' },
	{ 0 },
};
/* clang-format on */
