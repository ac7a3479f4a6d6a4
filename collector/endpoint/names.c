/* See names.h. */
#include "collector/endpoint/names.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"

/* clang-format off: one a line */
const struct tls_name tls_versions[] = {
	{ TLS_1_3, "TLS 1.3" },
	{ TLS_1_2, "TLS 1.2" },
	{ TLS_1_1, "TLS 1.1" },
	{ TLS_1_0, "TLS 1.0" },
	{ SSL_3_0, "SSL 3.0" },
	{ 0, NULL },
};

const struct tls_name tls_groups[] = {
	{ 0x0017, "secp256r1" },
	{ 0x0018, "secp384r1" },
	{ 0x0019, "secp521r1" },
	{ 0x001d, "x25519" },
	{ 0x001e, "x448" },
	{ 0x11ec, "X25519MLKEM768" },
	{ 0x11eb, "SecP256r1MLKEM768" },
	{ 0x11ed, "SecP384r1MLKEM1024" },
	{ 0x11ee, "curveSM2MLKEM768" },
	{ 0x0200, "MLKEM512" },
	{ 0x0201, "MLKEM768" },
	{ 0x0202, "MLKEM1024" },
	{ 0x6399, "X25519Kyber768Draft00" },
	{ 0x639a, "SecP256r1Kyber768Draft00" },
	{ 0x0100, "ffdhe2048" },
	{ 0x0101, "ffdhe3072" },
	{ 0x0102, "ffdhe4096" },
	{ 0x0103, "ffdhe6144" },
	{ 0x0104, "ffdhe8192" },
	{ 0x0001, "sect163k1" },
	{ 0x0002, "sect163r1" },
	{ 0x0003, "sect163r2" },
	{ 0x0004, "sect193r1" },
	{ 0x0005, "sect193r2" },
	{ 0x0006, "sect233k1" },
	{ 0x0007, "sect233r1" },
	{ 0x0008, "sect239k1" },
	{ 0x0009, "sect283k1" },
	{ 0x000a, "sect283r1" },
	{ 0x000b, "sect409k1" },
	{ 0x000c, "sect409r1" },
	{ 0x000d, "sect571k1" },
	{ 0x000e, "sect571r1" },
	{ 0x000f, "secp160k1" },
	{ 0x0010, "secp160r1" },
	{ 0x0011, "secp160r2" },
	{ 0x0012, "secp192k1" },
	{ 0x0013, "secp192r1" },
	{ 0x0014, "secp224k1" },
	{ 0x0015, "secp224r1" },
	{ 0x0016, "secp256k1" },
	{ 0x001a, "brainpoolP256r1" },
	{ 0x001b, "brainpoolP384r1" },
	{ 0x001c, "brainpoolP512r1" },
	{ 0x001f, "brainpoolP256r1tls13" },
	{ 0x0020, "brainpoolP384r1tls13" },
	{ 0x0021, "brainpoolP512r1tls13" },
	{ 0x0022, "GC256A" },
	{ 0x0023, "GC256B" },
	{ 0x0024, "GC256C" },
	{ 0x0025, "GC256D" },
	{ 0x0026, "GC512A" },
	{ 0x0027, "GC512B" },
	{ 0x0028, "GC512C" },
	{ 0x0029, "curveSM2" },
	{ 0, NULL },
};

const struct tls_name tls_signatures[] = {
	{ 0x0804, "rsa_pss_rsae_sha256" },
	{ 0x0805, "rsa_pss_rsae_sha384" },
	{ 0x0806, "rsa_pss_rsae_sha512" },
	{ 0x0809, "rsa_pss_pss_sha256" },
	{ 0x080a, "rsa_pss_pss_sha384" },
	{ 0x080b, "rsa_pss_pss_sha512" },
	{ 0x0403, "ecdsa_secp256r1_sha256" },
	{ 0x0503, "ecdsa_secp384r1_sha384" },
	{ 0x0603, "ecdsa_secp521r1_sha512" },
	{ 0x0807, "ed25519" },
	{ 0x0808, "ed448" },
	{ 0x0904, "mldsa44" },
	{ 0x0905, "mldsa65" },
	{ 0x0906, "mldsa87" },
	{ 0x0401, "rsa_pkcs1_sha256" },
	{ 0x0501, "rsa_pkcs1_sha384" },
	{ 0x0601, "rsa_pkcs1_sha512" },
	{ 0x081a, "ecdsa_brainpoolP256r1tls13_sha256" },
	{ 0x081b, "ecdsa_brainpoolP384r1tls13_sha384" },
	{ 0x081c, "ecdsa_brainpoolP512r1tls13_sha512" },
	{ 0x0708, "sm2sig_sm3" },
	{ 0x0709, "gostr34102012_256a" },
	{ 0x070a, "gostr34102012_256b" },
	{ 0x070b, "gostr34102012_256c" },
	{ 0x070c, "gostr34102012_256d" },
	{ 0x070d, "gostr34102012_512a" },
	{ 0x070e, "gostr34102012_512b" },
	{ 0x070f, "gostr34102012_512c" },
	{ 0x0301, "rsa_pkcs1_sha224" },
	{ 0x0303, "ecdsa_sha224" },
	{ 0x0201, "rsa_pkcs1_sha1" },
	{ 0x0203, "ecdsa_sha1" },
	{ 0x0101, "rsa_pkcs1_md5" },
	{ 0x0402, "dsa_sha256" },
	{ 0x0502, "dsa_sha384" },
	{ 0x0602, "dsa_sha512" },
	{ 0x0302, "dsa_sha224" },
	{ 0x0202, "dsa_sha1" },
	{ 0, NULL },
};
/* clang-format on */

static const char *
find(const struct tls_name *table, uint16_t id)
{
	for (; table->name != NULL; table++)
		if (table->id == id)
			return table->name;
	return NULL;
}

void
tls_name_of(const struct tls_name *table, uint16_t id, char out[TLS_NAME_LEN])
{
	const char *name = find(table, id);

	if (name != NULL)
		(void)snprintf(out, TLS_NAME_LEN, "%s", name);
	else
		(void)snprintf(out, TLS_NAME_LEN, "0x%04x", id);
}

void
suite_key_exchange_name(uint16_t id, char out[TLS_NAME_LEN])
{
	const char *name = find(tls_suites, id), *with = NULL;

	out[0] = '\0';
	if (name != NULL)
		with = strstr(name, "_WITH_");
	if (with != NULL) /* behind "TLS_" or "SSL_" */
		(void)snprintf(out, TLS_NAME_LEN, "%.*s",
		    (int)(with - (name + 4)), name + 4);
}

bool
suite_is_tls13(uint16_t id)
{
	char kx[TLS_NAME_LEN];

	if (id >= 0xc103 && id <= 0xc106) /* GOST of RFC 9367 */
		return true;
	suite_key_exchange_name(id, kx);
	return kx[0] == '\0' && find(tls_suites, id) != NULL;
}

enum key_exchange
suite_key_exchange(uint16_t id)
{
	static const struct {
		const char *name;
		enum key_exchange kx;
	} known[] = {
		{ "DHE_RSA", KX_DHE },
		{ "DHE_DSS", KX_DHE },
		{ "DHE_RSA_EXPORT", KX_DHE },
		{ "DHE_DSS_EXPORT", KX_DHE },
		{ "DHE_DSS_EXPORT1024", KX_DHE },
		{ "DH_anon", KX_DH_ANON },
		{ "DH_anon_EXPORT", KX_DH_ANON },
		{ "ECDHE_RSA", KX_ECDHE },
		{ "ECDHE_ECDSA", KX_ECDHE },
		{ "ECDH_anon", KX_ECDH_ANON },
	};
	char kx[TLS_NAME_LEN];

	suite_key_exchange_name(id, kx);
	for (size_t i = 0; i < LENGTH(known); i++)
		if (strcmp(kx, known[i].name) == 0)
			return known[i].kx;
	return KX_OTHER;
}

bool
suite_is_fips(uint16_t id)
{
	const char *name = find(tls_suites, id);
	char kx[TLS_NAME_LEN];

	if (name == NULL)
		return false;
	if (strncmp(name, "TLS_AES_", 8) == 0)
		return true;
	suite_key_exchange_name(id, kx);
	return strstr(name, "_WITH_AES_") != NULL &&
	       (strcmp(kx, "DHE_RSA") == 0 || strcmp(kx, "ECDHE_RSA") == 0 ||
		   strcmp(kx, "ECDHE_ECDSA") == 0);
}

bool
group_is_fips(uint16_t id)
{
	return (id >= 0x0017 && id <= 0x0019) || (id >= 0x0100 && id <= 0x0104);
}

bool
signature_is_fips(uint16_t id)
{
	return (id >= 0x0804 && id <= 0x0806) ||
	       (id >= 0x0809 && id <= 0x080b) || id == 0x0403 || id == 0x0503 ||
	       id == 0x0603 || id == 0x0401 || id == 0x0501 || id == 0x0601;
}
