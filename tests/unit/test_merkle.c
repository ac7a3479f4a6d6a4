/* RFC 6962 trees against the roots of the usual eight CT test entries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "merkle.h"

static const struct {
	const char *entry, *root; /* root after adding entry */
} vectors[] = {
	{ "", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01"
	      "d" },
	{ "00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c1"
		"25" },
	{ "10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e"
		"77" },
	{ "2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd952096"
		  "14b7" },
	{ "3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a862"
		  "64d4" },
	{ "40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a12"
		      "7f2087ef" },
	{ "5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b7"
			      "7e122c9594a74c8c" },
	{ "606162636465666768696a6b6c6d6e6f",
	    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff460432"
	    "8" },
};

static void
roots_are_those_of_rfc_6962(void **state)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);
	struct merkle m = { 0 };
	uint8_t hash[SHA256_LEN], entry[32];
	char hex[SHA256_HEX];

	(void)state;
	assert_non_null(c);
	assert_int_equal(merkle_root(&m, c, hash, &f), 0);
	hex_encode(hash, SHA256_LEN, hex);
	assert_string_equal(hex,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		size_t len = strlen(vectors[i].entry) / 2;

		assert_int_equal(hex_decode(vectors[i].entry, entry, len), 0);
		assert_int_equal(merkle_leaf(c, entry, len, hash, &f), 0);
		assert_int_equal(merkle_add(&m, c, hash, &f), 0);
		assert_int_equal(merkle_root(&m, c, hash, &f), 0);
		hex_encode(hash, SHA256_LEN, hex);
		assert_string_equal(hex, vectors[i].root);
	}
	crypto_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots_are_those_of_rfc_6962),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
