/* Which module a file is or holds: collector/recognise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <openssl/crypto.h>

#include "collector/recognise/elf_file.h"
#include "base/length.h"
#include "collector/recognise/goinfo.h"
#include "tests/unit/image_fixture.h"
#include "collector/recognise/recognise.h"

static const char *const nothing[] = { NULL };

/* The file whole, then in pieces of this size: both must say the same. */
static const struct recognised *
tell(struct recogniser *r, const char *path, const struct buf *b, size_t piece)
{
	recognise_begin(r, path, b->len);
	for (size_t at = 0; at < b->len; at += piece) {
		size_t n = b->len - at < piece ? b->len - at : piece;

		if (!recognise_feed(r, b->p + at, n))
			break;
	}
	return recognise_end(r);
}

static const struct module_found *
module_of(const struct recognised *v, const char *module)
{
	for (size_t i = 0; i < v->nmodules; i++)
		if (strcmp(v->modules[i].module, module) == 0)
			return &v->modules[i];
	return NULL;
}

static void
is_module(const struct recognised *v, const char *module, const char *name,
    const char *version, const char *build)
{
	const struct module_found *m = module_of(v, module);

	assert_non_null(m);
	assert_string_equal(m->name, name);
	assert_string_equal(m->version, version);
	assert_string_equal(m->build, build);
}

static uint64_t
bit(const char *library)
{
	for (size_t i = 0; crypto_libraries[i].prefix != NULL; i++)
		if (strcmp(crypto_libraries[i].prefix, library) == 0)
			return UINT64_C(1) << i;
	fail();
	return 0;
}

/* ---- what libraries and programs say ---- */

/* Texts as they stand in real files, each with a NUL behind. */
static const struct {
	const char *path, *soname, *needed;
	const char *text;
	size_t len;
	const char *module, *name, *version, *build;
} files[] = {
#define FILE_CASE(path, soname, needed, text, module, name, version, build)    \
	{                                                                      \
		path, soname, needed, text, sizeof(text), module, name,        \
		    version, build                                             \
	}
	FILE_CASE("usr/lib/ossl-modules/fips.so", NULL, NULL,
	    "provider=fips,fips=yes\0OpenSSL FIPS Provider\0buildinfo\0"
	    "3.1.2\0security-checks",
	    "openssl", "OpenSSL FIPS Provider", "3.1.2", ""),
	FILE_CASE("usr/lib64/ossl-modules/fips.so", NULL, NULL,
	    "Red Hat Enterprise Linux 9 - OpenSSL FIPS Provider\0version\0"
	    "3.0.7-395c1a240fbfffd8\0buildinfo\0status",
	    "openssl", "Red Hat Enterprise Linux 9 - OpenSSL FIPS Provider",
	    "3.0.7-395c1a240fbfffd8", ""),
	FILE_CASE("usr/lib/ossl-modules/fips.so", NULL, NULL,
	    "Chainguard FIPS Provider for OpenSSL\0version\0003.4.0\0"
	    "buildinfo\0003.4.0-r4\0status",
	    "openssl", "Chainguard FIPS Provider for OpenSSL", "3.4.0",
	    "3.4.0-r4"),
	FILE_CASE("usr/lib/x86_64-linux-gnu/ossl-modules-3/fips.so", NULL, NULL,
	    "Ubuntu 22.04 OpenSSL Cryptographic Module\0version\0"
	    "3.0.5-0ubuntu0.1+Fips2.1\0",
	    "openssl", "Ubuntu 22.04 OpenSSL Cryptographic Module",
	    "3.0.5-0ubuntu0.1+Fips2.1", ""),
	FILE_CASE("usr/lib64/ossl-modules/fips.so", NULL, NULL,
	    "SUSE Linux Enterprise - OpenSSL FIPS Provider\0"
	    "3.1.4 SUSE release 150600.5.15.1\0",
	    "openssl", "SUSE Linux Enterprise - OpenSSL FIPS Provider",
	    "3.1.4 SUSE release 150600.5.15.1", ""),
	FILE_CASE("usr/lib64/ossl-modules/fips.so", NULL, NULL,
	    "Rocky Linux 9 - OpenSSL FIPS Provider\0Rocky9.20250210\0",
	    "openssl", "Rocky Linux 9 - OpenSSL FIPS Provider",
	    "Rocky9.20250210", ""),
	FILE_CASE("usr/lib/libcrypto.so.3", "libcrypto.so.3", NULL,
	    "crypto/evp/digest.c\0OpenSSL 3.0.17 1 Jul 2025\0", "openssl",
	    "OpenSSL", "3.0.17", ""),
	FILE_CASE("usr/lib64/libcrypto.so.1.1.1k", "libcrypto.so.1.1", NULL,
	    "OpenSSL 1.1.1k  FIPS 25 Mar 2021\0", "openssl", "OpenSSL",
	    "1.1.1k", ""),
	FILE_CASE("usr/bin/node", NULL, "libc.so.6",
	    "../deps/openssl/openssl/crypto/evp/digest.c\0"
	    "OpenSSL 3.0.19 27 Jan 2026\0",
	    "openssl", "OpenSSL", "3.0.19", ""),
	FILE_CASE("usr/lib/libcrypto.so", "libcrypto.so", NULL,
	    "OpenSSL 1.1.1 (compatible; AWS-LC 2.0.0)\0AWS-LC FIPS 2.0.0\0",
	    "aws-lc", "AWS-LC FIPS (dynamic)", "2.0.0", ""),
	FILE_CASE("usr/bin/proxy", NULL, "libc.so.6",
	    "AWS-LC FIPS 2.0.0\0FIPS integrity test failed.\n\0", "aws-lc",
	    "AWS-LC FIPS (static)", "2.0.0", ""),
	FILE_CASE("usr/bin/rust", NULL, "libc.so.6", "AWS-LC 1.41.1\0",
	    "aws-lc", "AWS-LC", "1.41.1", ""),
	FILE_CASE("usr/local/bin/envoy", NULL, "libc.so.6",
	    "OpenSSL 1.1.1 (compatible; BoringSSL)\0"
	    "FIPS integrity test failed.\n\0",
	    "boringcrypto", "BoringCrypto", "", ""),
	FILE_CASE("usr/local/bin/envoy", NULL, "libc.so.6",
	    "OpenSSL 1.1.1 (compatible; BoringSSL)\0", "boringcrypto",
	    "BoringSSL", "", ""),
	FILE_CASE("usr/lib64/libgnutls.so.30.30.0", "libgnutls.so.30", NULL,
	    "Enabled GnuTLS 3.7.6 logging...\0Red Hat Enterprise Linux 9 "
	    "gnutls\0003.7.6-074d015ce201f434\0",
	    "gnutls", "GnuTLS", "3.7.6-074d015ce201f434", "3.7.6"),
	FILE_CASE("usr/lib64/libgcrypt.so.20", "libgcrypt.so.20", NULL,
	    "\n\nThis is Libgcrypt 1.10.2 - The GNU Crypto Library\n\0"
	    "Amazon Linux 2023 libgcrypt 1.10.2-752a14d13e4ce9c0\0",
	    "libgcrypt", "Amazon Linux 2023 libgcrypt",
	    "1.10.2-752a14d13e4ce9c0", "1.10.2"),
	FILE_CASE("usr/lib64/libsoftokn3.so", "libsoftokn3.so", NULL,
	    "Version: NSS 3.90.1 \0", "nss", "NSS softoken", "3.90.1", ""),
	FILE_CASE("usr/lib/libsodium.so.23", "libsodium.so.23", NULL, "x",
	    "libsodium", "libsodium", "", ""),
	FILE_CASE("usr/lib/libmbedcrypto.so.7", "libmbedcrypto.so.7", NULL,
	    "mbed TLS 2.28.3\0", "mbedtls", "Mbed TLS", "2.28.3", ""),
	FILE_CASE("usr/bin/app", NULL, NULL, "wolfCrypt v5.2.1\0", "wolfcrypt",
	    "wolfCrypt FIPS", "v5.2.1", ""),
	FILE_CASE("usr/bin/rg", NULL, NULL,
	    "/root/.cargo/registry/src/index/ring-0.17.8/src/aead.rs\0", "ring",
	    "ring (Rust)", "0.17.8", ""),
};

static void
tells_modules_by_their_texts(void **state)
{
	static const size_t pieces[] = { 1 << 20, 4096, 512 };
	struct recogniser *r = recogniser_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(files); i++)
		for (size_t k = 0; k < 3; k++) {
			const char *needed[] = { files[i].needed, NULL };
			BUF_AUTO(text, 4 * MIB);
			BUF_AUTO(b, 4 * MIB);

			/* far behind the beginning, beyond one window */
			for (size_t n = 0; n < 50000 * k; n++)
				buf_putc(&text, (char)(n * 7));
			buf_putc(&text, '\0');
			buf_put(&text, files[i].text, files[i].len);
			elf_make(&b, files[i].soname, needed, text.p, text.len,
			    (int)k & 1);
			is_module(tell(r, files[i].path, &b, pieces[k]),
			    files[i].module, files[i].name, files[i].version,
			    files[i].build);
		}
	recogniser_free(r);
}

/* Programs built with OpenSSL's headers hold its version, and are not it. */
static void
does_not_take_a_user_of_a_library_for_it(void **state)
{
	static const char text[] = "OpenSSL 3.0.17 1 Jul 2025\0AWS-LC 1.2.3\0"
				   "This is Libgcrypt 1.10.1 - The GNU";
	const char *needed[] = { "libcrypto.so.3", "libgcrypt.so.20",
		"libssl.so.3", NULL };
	struct recogniser *r = recogniser_new();
	const struct recognised *v;
	BUF_AUTO(b, MIB);
	BUF_AUTO(plain, MIB);

	(void)state;
	elf_make(&b, NULL, needed, text, sizeof(text), 0);
	v = tell(r, "usr/bin/nginx", &b, b.len);
	assert_int_equal(v->nmodules, 0);
	assert_int_equal(v->links,
	    bit("libcrypto.so") | bit("libssl.so") | bit("libgcrypt.so"));
	assert_null(v->unread);
	/* a text alone, in a program that has nothing of OpenSSL */
	elf_make(&plain, NULL, nothing, "OpenSSL 3.0.17 1 Jul 2025", 26, 0);
	assert_int_equal(tell(r, "usr/bin/x", &plain, 4096)->nmodules, 0);
	recogniser_free(r);
}

static void
provider_without_a_version_has_none(void **state)
{
	static const char text[] = "OpenSSL FIPS Provider\0buildinfo\0status";
	struct recogniser *r = recogniser_new();
	BUF_AUTO(b, MIB);

	(void)state;
	elf_make(&b, NULL, nothing, text, sizeof(text), 0);
	is_module(tell(r, "x/fips.so", &b, b.len), "openssl",
	    "OpenSSL FIPS Provider", "", "");
	recogniser_free(r);
}

/* ---- ELF that is not well ---- */

static void
says_when_an_elf_file_cannot_be_told(void **state)
{
	const char *needed[] = { "libcrypto.so.3", NULL };
	struct recogniser *r = recogniser_new();
	BUF_AUTO(b, MIB);

	(void)state;
	elf_make(&b, NULL, needed, "more", 4, 0);
	for (size_t cut = 64; cut < b.len - 4; cut += 8) {
		struct buf part = b;
		const struct recognised *v;

		part.len = cut;
		v = tell(r, "x", &part, 4096);
		/* shorter: its dynamic section is not there, which is said */
		assert_non_null(v->unread);
		assert_int_equal(v->links, 0);
	}
	b.p[64 + 56 + 8] = '\x7f'; /* its dynamic section is elsewhere */
	b.p[64 + 56 + 14] = '\x7f';
	assert_non_null(tell(r, "x", &b, b.len)->unread);
	recogniser_free(r);
}

static void
objects_and_scripts_are_no_programs(void **state)
{
	struct recogniser *r = recogniser_new();
	BUF_AUTO(b, MIB);
	BUF_AUTO(sh, MIB);

	(void)state;
	elf_make(&b, NULL, nothing, "AWS-LC FIPS 2.0.0", 18, 0);
	b.p[16] = 1; /* ET_REL */
	assert_int_equal(tell(r, "x.ko", &b, b.len)->nmodules, 0);
	buf_puts(&sh, "#!/bin/sh\necho AWS-LC FIPS 2.0.0\n");
	assert_int_equal(tell(r, "x", &sh, sh.len)->nmodules, 0);
	recogniser_free(r);
}

/* ---- Go ---- */

#define GO_LINES                                                               \
	"path\tgithub.com/a/b\nmod\tgithub.com/a/b\tv1.2.3\th1:x=\n"           \
	"dep\tgolang.org/x/crypto\tv0.35.0\th1:y=\n"                           \
	"build\t-compiler=gc\n"

static void
reads_how_a_go_program_was_built(void **state)
{
	static const struct {
		const char *version, *lines;
		const char *fips140, *fips_default, *experiment;
		bool boring;
		const char *module, *module_version;
	} cases[] = {
		{ "go1.24.2", GO_LINES, "", "", "", false, NULL, NULL },
		{ "go1.24.2",
		    GO_LINES "build\tDefaultGODEBUG=fips140=on,x=1\n"
			     "build\tGOFIPS140=v1.0.0-c2097c7c\n",
		    "v1.0.0-c2097c7c", "on", "", false, "go",
		    "v1.0.0-c2097c7c" },
		/* the module of the tree: no version anybody validated */
		{ "go1.25.0",
		    GO_LINES "build\tDefaultGODEBUG=\"a=1,fips140=only\"\n"
			     "build\tGOFIPS140=latest\n",
		    "latest", "only", "", false, NULL, NULL },
		{ "go1.22.1 X:boringcrypto",
		    GO_LINES "build\tGOEXPERIMENT=boringcrypto\n", "", "",
		    "boringcrypto", true, "boringcrypto", "" },
		{ "go1.21.3 (Red Hat 1.21.3-4.el9) X:strictfipsruntime",
		    GO_LINES "build\tGOEXPERIMENT=strictfipsruntime\n", "", "",
		    "strictfipsruntime", false, NULL, NULL },
	};
	struct recogniser *r = recogniser_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		for (size_t piece = 512; piece <= MIB; piece *= 2048) {
			const struct recognised *v;
			BUF_AUTO(b, 4 * MIB);
			BUF_AUTO(more, 4 * MIB);

			while (more.len < 200000) /* code before it */
				buf_puts(&more, "text of the program ");
			go_make(&more, cases[i].version, cases[i].lines);
			while (more.len < 400000)
				buf_puts(&more, "OpenSSL is named here ");
			elf_make(&b, NULL, nothing, more.p, more.len, 0);
			v = tell(r, "usr/bin/b", &b, piece);
			assert_true(v->go.is_go);
			assert_null(v->unread);
			assert_string_equal(v->go.version, cases[i].version);
			assert_string_equal(v->go.main, "github.com/a/b");
			assert_string_equal(v->go.fips140, cases[i].fips140);
			assert_string_equal(
			    v->go.fips_default, cases[i].fips_default);
			assert_string_equal(
			    v->go.experiment, cases[i].experiment);
			assert_string_equal(v->go.crypto_version, "v0.35.0");
			assert_int_equal(v->go.boring, cases[i].boring);
			if (cases[i].module == NULL)
				assert_int_equal(v->nmodules, 0);
			else
				assert_string_equal(
				    module_of(v, cases[i].module)->version,
				    cases[i].module_version);
		}
	recogniser_free(r);
}

static void
a_go_program_before_1_18_tells_no_version(void **state)
{
	static const char old[] = "\xff Go buildinf:\10\0 pointers follow     "
				  "                                ";
	struct go_found g = { 0 };

	(void)state;
	assert_int_equal(goinfo_read(&g, old, sizeof(old)), 0);
	assert_true(g.is_go);
	assert_string_equal(g.version, "");
}

static void
refuses_build_information_that_is_cut(void **state)
{
	struct go_found g = { 0 };
	BUF_AUTO(b, MIB);

	(void)state;
	go_make(&b, "go1.24.2", GO_LINES);
	assert_int_equal(goinfo_read(&g, b.p, b.len), 0);
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(goinfo_read(&g, b.p, n), -1);
	memset(b.p + 32, 0xff, 8); /* a length without an end */
	assert_int_equal(goinfo_read(&g, b.p, b.len), -1);
}

/* ---- jars ---- */

#define BC_FIPS                                                                \
	"org/bouncycastle/jcajce/provider/BouncyCastleFipsProvider.class"

static void
tells_java_providers(void **state)
{
	static const struct {
		const char *path, *class, *manifest, *nested;
		const char *name, *version;
	} cases[] = {
		{ "opt/lib/bc-fips-2.0.0.jar", BC_FIPS,
		    "Manifest-Version: 1.0\r\nBundle-Version: 2.0.0\r\n\r\n",
		    NULL, "BC-FJA (Bouncy Castle FIPS Java API)", "2.0.0" },
		{ "opt/lib/bc-fips.jar", BC_FIPS,
		    "Manifest-Version: 1.0\r\nBundle-Version: 2.1.1\r\n\r\n"
		    "Name: x\r\nBundle-Version: 9\r\n",
		    NULL, "BC-FJA (Bouncy Castle FIPS Java API)", "2.1.1" },
		{ "opt/lib/bcprov-jdk18on-1.78.1.jar",
		    "org/bouncycastle/jce/provider/BouncyCastleProvider.class",
		    "", NULL, "Bouncy Castle Java provider", "1.78.1" },
		{ "opt/lib/AmazonCorrettoCryptoProvider-2.4.1-linux-x86_64.jar",
		    "com/amazon/corretto/crypto/provider/"
		    "AmazonCorrettoCryptoProvider.class",
		    "", NULL, "Amazon Corretto Crypto Provider",
		    "2.4.1-linux-x86_64" },
		{ "app.jar", "a/B.class", "",
		    "BOOT-INF/lib/bc-fips-1.0.2.4.jar",
		    "BC-FJA (Bouncy Castle FIPS Java API)", "1.0.2.4" },
	};
	struct recogniser *r = recogniser_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		BUF_AUTO(zip, 4 * MIB);
		BUF_AUTO(directory, MIB);
		unsigned n = 2;

		zip_add(&zip, &directory, "META-INF/MANIFEST.MF",
		    cases[i].manifest);
		zip_add(&zip, &directory, cases[i].class, "bytes");
		if (cases[i].nested != NULL)
			zip_add(&zip, &directory, cases[i].nested, "PK"), n++;
		zip_close(&zip, &directory, n);
		is_module(tell(r, cases[i].path, &zip, 512), "java",
		    cases[i].name, cases[i].version, "");
		/* a ZIP of another name is nobody's provider */
		assert_int_equal(tell(r, "x.zip", &zip, 512)->nmodules, 0);
		/* cut off: said, and nothing told */
		zip.len -= 30;
		assert_non_null(tell(r, cases[i].path, &zip, 512)->unread);
	}
	recogniser_free(r);
}

static void
plain_jars_hold_no_provider(void **state)
{
	struct recogniser *r = recogniser_new();
	BUF_AUTO(zip, MIB);
	BUF_AUTO(directory, MIB);

	(void)state;
	zip_add(&zip, &directory, "com/acme/A.class", "x");
	zip_close(&zip, &directory, 1);
	assert_int_equal(tell(r, "a.jar", &zip, 512)->nmodules, 0);
	assert_null(tell(r, "a.jar", &zip, 512)->unread);
	recogniser_free(r);
}

/* ---- a real one ---- */

/* This test is itself linked with libcrypto, because it calls it. */
static void
reads_a_file_that_a_linker_made(void **state)
{
	struct recogniser *r = recogniser_new();
	FILE *f = fopen("/proc/self/exe", "rb");
	BUF_AUTO(b, 512 * MIB);
	size_t n;
	char chunk[65536];

	(void)state;
	assert_non_null(f);
	assert_non_null(OpenSSL_version(OPENSSL_VERSION));
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_put(&b, chunk, n);
	(void)fclose(f);
	assert_int_equal(tell(r, "test", &b, 4096)->links & bit("libcrypto.so"),
	    bit("libcrypto.so"));
	recogniser_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_modules_by_their_texts),
		cmocka_unit_test(does_not_take_a_user_of_a_library_for_it),
		cmocka_unit_test(provider_without_a_version_has_none),
		cmocka_unit_test(says_when_an_elf_file_cannot_be_told),
		cmocka_unit_test(objects_and_scripts_are_no_programs),
		cmocka_unit_test(reads_how_a_go_program_was_built),
		cmocka_unit_test(a_go_program_before_1_18_tells_no_version),
		cmocka_unit_test(refuses_build_information_that_is_cut),
		cmocka_unit_test(tells_java_providers),
		cmocka_unit_test(plain_jars_hold_no_provider),
		cmocka_unit_test(reads_a_file_that_a_linker_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
