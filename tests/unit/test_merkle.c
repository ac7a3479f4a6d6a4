/* RFC 6962 trees against the roots of the usual eight CT test entries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/length.h"

#include "store/merkle.h"

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
	for (size_t i = 0; i < LENGTH(vectors); i++) {
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

/* ---- proofs, against the definitions of RFC 6962 section 2.1 as written */

#define LEAVES 70

struct tree {
	struct crypto *c;
	struct fault f;
	uint8_t leaf[LEAVES][SHA256_LEN];
};

static size_t
split(size_t n)
{
	size_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

/* MTH(D[from:from + n]) */
static void
mth(struct tree *t, size_t from, size_t n, uint8_t out[SHA256_LEN])
{
	uint8_t l[SHA256_LEN], r[SHA256_LEN];
	size_t k = split(n);

	if (n == 1) {
		memcpy(out, t->leaf[from], SHA256_LEN);
		return;
	}
	mth(t, from, k, l);
	mth(t, from + k, n - k, r);
	assert_int_equal(merkle_node(t->c, l, r, out, &t->f), 0);
}

/* PATH(m, D[from:from + n]) */
static void
path_of(
    struct tree *t, size_t m, size_t from, size_t n, struct merkle_path *out)
{
	size_t k = split(n);

	if (n == 1)
		return;
	if (m < k) {
		path_of(t, m, from, k, out);
		mth(t, from + k, n - k, out->hash[out->n++]);
	} else {
		path_of(t, m - k, from + k, n - k, out);
		mth(t, from, k, out->hash[out->n++]);
	}
}

/* SUBPROOF(m, D[from:from + n], whole) */
static void
subproof(struct tree *t, size_t m, size_t from, size_t n, int whole,
    struct merkle_path *out)
{
	size_t k = split(n);

	if (m == n) {
		if (!whole)
			mth(t, from, n, out->hash[out->n++]);
	} else if (m <= k) {
		subproof(t, m, from, k, whole, out);
		mth(t, from + k, n - k, out->hash[out->n++]);
	} else {
		subproof(t, m - k, from + k, n - k, 0, out);
		mth(t, from, k, out->hash[out->n++]);
	}
}

static int
setup(void **state)
{
	static struct tree t;

	memset(&t, 0, sizeof(t));
	assert_non_null(t.c = crypto_new(false, &t.f));
	for (size_t i = 0; i < LEAVES; i++) {
		uint8_t entry[32] = { (uint8_t)i };
		size_t len = 3; /* not as one of those below */

		if (i < LENGTH(vectors)) {
			len = strlen(vectors[i].entry) / 2;
			assert_int_equal(
			    hex_decode(vectors[i].entry, entry, len), 0);
		}
		assert_int_equal(
		    merkle_leaf(t.c, entry, len, t.leaf[i], &t.f), 0);
	}
	*state = &t;
	return 0;
}

static int
teardown(void **state)
{
	struct tree *t = *state;

	crypto_free(t->c);
	return 0;
}

static int
included(struct tree *t, size_t leaf, size_t index, size_t size,
    const struct merkle_path *path, const uint8_t root[SHA256_LEN])
{
	uint8_t got[SHA256_LEN];

	return merkle_inclusion(
		   t->c, t->leaf[leaf], index, size, path, got, &t->f) == 0 &&
	       memcmp(got, root, SHA256_LEN) == 0;
}

/* Nothing but the path itself will do. */
static void
refuses_other_paths(struct tree *t, size_t i, size_t n,
    const struct merkle_path *path, const uint8_t root[SHA256_LEN])
{
	struct merkle_path wrong;

	for (size_t k = 0; k < path->n; k++) {
		wrong = *path;
		wrong.hash[k][7] ^= 1;
		assert_false(included(t, i, i, n, &wrong, root));
		wrong = *path;
		wrong.n = k;
		assert_false(included(t, i, i, n, &wrong, root));
	}
	wrong = *path;
	memset(wrong.hash[wrong.n++], 0, SHA256_LEN);
	assert_false(included(t, i, i, n, &wrong, root));
	assert_false(included(t, i, n, n, path, root));
	assert_false(included(t, i, 0, 0, path, root));
	for (size_t other = 0; other < n; other++) {
		if (other == i)
			continue;
		assert_false(included(t, i, other, n, path, root));
		assert_false(included(t, other, i, n, path, root));
	}
}

static void
inclusion_of_every_leaf_in_every_tree(void **state)
{
	struct tree *t = *state;
	uint8_t root[SHA256_LEN];

	for (size_t n = 1; n <= LEAVES; n++) {
		mth(t, 0, n, root);
		for (size_t i = 0; i < n; i++) {
			struct merkle_path path = { 0 };

			path_of(t, i, 0, n, &path);
			assert_true(included(t, i, i, n, &path, root));
			if (n <= 17)
				refuses_other_paths(t, i, n, &path, root);
		}
	}
}

static int
consistent(struct tree *t, size_t m, size_t n, const uint8_t a[SHA256_LEN],
    const uint8_t b[SHA256_LEN], const struct merkle_path *path)
{
	return merkle_consistency(t->c, m, n, a, b, path, &t->f) == 0;
}

static void
refuses_other_proofs(struct tree *t, size_t m, size_t n,
    const uint8_t a[SHA256_LEN], const uint8_t b[SHA256_LEN],
    const struct merkle_path *path)
{
	struct merkle_path wrong;
	uint8_t other[SHA256_LEN];

	for (size_t k = 0; k < path->n; k++) {
		wrong = *path;
		wrong.hash[k][7] ^= 1;
		assert_false(consistent(t, m, n, a, b, &wrong));
		wrong = *path;
		wrong.n = k;
		assert_false(consistent(t, m, n, a, b, &wrong));
	}
	wrong = *path;
	memset(wrong.hash[wrong.n++], 0, SHA256_LEN);
	assert_false(consistent(t, m, n, a, b, &wrong));
	memcpy(other, a, SHA256_LEN);
	other[0] ^= 1;
	assert_false(consistent(t, m, n, other, b, path));
	memcpy(other, b, SHA256_LEN);
	other[0] ^= 1;
	assert_false(consistent(t, m, n, a, other, path));
	assert_false(consistent(t, 0, n, a, b, path));
	assert_false(consistent(t, n + 1, n, a, b, path));
}

static void
consistency_of_any_two_trees(void **state)
{
	struct tree *t = *state;
	uint8_t a[SHA256_LEN], b[SHA256_LEN];

	for (size_t n = 1; n <= LEAVES; n++)
		for (size_t m = 1; m <= n; m++) {
			struct merkle_path path = { 0 };

			mth(t, 0, m, a);
			mth(t, 0, n, b);
			subproof(t, m, 0, n, 1, &path);
			assert_true(consistent(t, m, n, a, b, &path));
			if (n <= 17)
				refuses_other_proofs(t, m, n, a, b, &path);
		}
}

static void
a_whole_tree_gives_its_paths(void **state)
{
	struct tree *t = *state;
	uint8_t leaves[64][SHA256_LEN];

	for (size_t n = 1; n <= 64; n *= 2)
		for (size_t i = 0; i < n; i++) {
			struct merkle_path want = { 0 }, got = { 0 };

			memcpy(leaves, t->leaf, n * SHA256_LEN);
			path_of(t, i, 0, n, &want);
			assert_int_equal(
			    merkle_path_of(t->c, leaves, i, n, &got, &t->f), 0);
			assert_int_equal(got.n, want.n);
			assert_memory_equal(
			    got.hash, want.hash, want.n * SHA256_LEN);
		}
}

/* What the tests of Certificate Transparency itself expect of these entries:
 * index (from 0) or first size, size, path. */
#define H1 "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
#define H23 "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
#define H4 "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
#define H45 "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
#define H67 "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
#define H03 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
#define H47 "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

struct known {
	size_t first, size;
	const char *path[4];
};

static void
fill(struct merkle_path *path, const struct known *k)
{
	for (path->n = 0; k->path[path->n] != NULL; path->n++)
		assert_int_equal(hex_decode(k->path[path->n],
				     path->hash[path->n], SHA256_LEN),
		    0);
}

static void
proofs_are_those_of_certificate_transparency(void **state)
{
	static const struct known inclusion[] = {
		{ 0, 1, { NULL } },
		{ 0, 8, { H1, H23, H47 } },
		{ 5, 8, { H4, H67, H03 } },
		{ 2, 3,
		    { "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f"
		      "00e3c125" } },
		{ 1, 5,
		    { "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a306"
		      "17afa01d",
			H23, H4 } },
	};
	static const struct known consistency[] = {
		{ 1, 1, { NULL } },
		{ 1, 8, { H1, H23, H47 } },
		{ 6, 8, { H45, H67, H03 } },
		{ 2, 5, { H23, H4 } },
	};
	struct tree *t = *state;
	uint8_t a[SHA256_LEN], b[SHA256_LEN];
	struct merkle_path path;

	for (size_t i = 0; i < LENGTH(inclusion); i++) {
		const struct known *k = &inclusion[i];

		fill(&path, k);
		mth(t, 0, k->size, b);
		assert_true(included(t, k->first, k->first, k->size, &path, b));
	}
	for (size_t i = 0; i < LENGTH(consistency); i++) {
		const struct known *k = &consistency[i];

		fill(&path, k);
		mth(t, 0, k->first, a);
		mth(t, 0, k->size, b);
		assert_true(consistent(t, k->first, k->size, a, b, &path));
	}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots_are_those_of_rfc_6962),
		T(inclusion_of_every_leaf_in_every_tree),
		T(consistency_of_any_two_trees),
		T(a_whole_tree_gives_its_paths),
		T(proofs_are_those_of_certificate_transparency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
