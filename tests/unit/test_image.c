/* Layers, archives, manifests and names of images: collector/image. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <zlib.h>
#include <zstd.h>

#include "base/length.h"
#include "base/digest.h"
#include "collector/image/image.h"
#include "tests/unit/image_fixture.h"
#include "collector/image/package_db.h"
#include "collector/image/tar_stream.h"
#include "collector/image/unpack.h"

static struct crypto *crypto;
static const char *const nothing[] = { NULL };

/* ---- layers ---- */

/* A file of which something is told: a library with this text. */
static void
put_module(struct buf *tar, const char *path, const char *text)
{
	BUF_AUTO(b, MIB);

	elf_make(&b, NULL, nothing, text, strlen(text) + 1, 0);
	tar_file(tar, path, b.p, b.len);
}

#define BORING "(compatible; BoringSSL"

static const struct layer_want any_layer = { .size = -1 };

static int
pass(struct layers *l, const struct buf *layer, size_t piece, struct fault *f)
{
	uint8_t digest[SHA256_LEN];
	char hex[SHA256_HEX];

	const struct layer_want want = { .digest = hex,
		.size = (long long)layer->len };

	assert_int_equal(
	    digest_sha256(crypto, layer->p, layer->len, digest, f), 0);
	hex_encode(digest, sizeof(digest), hex);
	if (layer_begin(l, &want, f) == -1)
		return -1;
	for (size_t at = 0; at < layer->len; at += piece) {
		size_t n = layer->len - at < piece ? layer->len - at : piece;

		if (layer_feed(l, layer->p + at, n, f) == -1)
			return -1;
	}
	return layer_end(l, f);
}

/* Paths of the files with modules, a blank behind each; cut at 1000. */
static void
paths_are(struct layers *l, const char *want)
{
	struct overlay *t = layers_overlay(l);
	char got[1024] = "";

	for (size_t i = 0; i < overlay_count(t); i++)
		if (overlay_at(t, i)->facts != NULL &&
		    overlay_at(t, i)->facts->modules != NULL &&
		    strlen(got) < 900) {
			strncat(got, overlay_at(t, i)->path, 90);
			strcat(got, " ");
		}
	assert_string_equal(got, want);
}

static void
layers_are(const struct buf *v, size_t n, const char *want)
{
	for (size_t piece = 100; piece <= 1000000; piece *= 100) {
		struct layers *l = layers_new(crypto);
		struct fault f = { 0 };

		for (size_t i = 0; i < n; i++)
			if (pass(l, &v[i], piece, &f) == -1)
				fail_msg("%s", f.text);
		paths_are(l, want);
		layers_free(l);
	}
}

static void
reports_what_the_layers_leave(void **state)
{
	struct buf v[2] = { { .max = MIB }, { .max = MIB } };

	(void)state;
	put_module(&v[0], "a/kept", BORING);
	put_module(&v[0], "./a/replaced", BORING);
	put_module(&v[0], "/a/removed", BORING);
	put_module(&v[0], "b/1", BORING);
	put_module(&v[0], "b/2/3", BORING);
	put_module(&v[0], "c/1", BORING);
	put_module(&v[0], "c/2", BORING);
	put_module(&v[0], "d/1", BORING);
	put_module(&v[0], "e", BORING);
	put_module(&v[0], "f-not-below-f", BORING);
	put_module(&v[0], "f/1", BORING);
	tar_close(&v[0]);
	tar_text(&v[1], "a/replaced", "nothing");
	tar_text(&v[1], "a/.wh.removed", "");
	tar_text(&v[1], ".wh.b", "");
	put_module(&v[1], "c/3", BORING); /* of this layer: stays */
	tar_text(&v[1], "c/.wh..wh..opq", "");
	tar_text(&v[1], "d", "a file where a folder was");
	tar_folder(&v[1], "e");
	tar_text(&v[1], "f/.wh.1", "");
	tar_text(&v[1], "f/.wh..wh.plnk", "");
	tar_close(&v[1]);
	layers_are(v, 2, "a/kept c/3 f-not-below-f ");
	buf_free(&v[0]);
	buf_free(&v[1]);
}

static void
an_opaque_root_hides_everything_below(void **state)
{
	struct buf v[2] = { { .max = MIB }, { .max = MIB } };

	(void)state;
	put_module(&v[0], "a", BORING);
	put_module(&v[0], "b/c", BORING);
	tar_close(&v[0]);
	put_module(&v[1], "d", BORING);
	tar_text(&v[1], ".wh..wh..opq", "");
	tar_close(&v[1]);
	layers_are(v, 2, "d ");
	buf_free(&v[0]);
	buf_free(&v[1]);
}

static void
hard_links_are_other_names_of_a_file(void **state)
{
	struct buf v[3] = { { .max = MIB }, { .max = MIB }, { .max = MIB } };

	(void)state;
	put_module(&v[0], "bin/one", BORING);
	tar_link(&v[0], "bin/two", '1', "bin/one");
	tar_close(&v[0]);
	tar_link(&v[1], "bin/three", '1', "./bin/one"); /* of a layer below */
	tar_link(&v[1], "bin/four", '1', "bin/absent");
	tar_close(&v[1]);
	tar_text(&v[2], "bin/.wh.one", ""); /* its other names stay */
	tar_close(&v[2]);
	layers_are(v, 2, "bin/one bin/three bin/two ");
	layers_are(v, 3, "bin/three bin/two ");
	for (size_t i = 0; i < 3; i++)
		buf_free(&v[i]);
}

static void
entries_go_where_links_of_folders_lead(void **state)
{
	struct buf v[3] = { { .max = MIB }, { .max = MIB }, { .max = MIB } };

	(void)state;
	tar_link(&v[0], "lib", '2', "usr/lib");
	tar_link(&v[0], "out", '2', "../../etc"); /* no further than the root */
	tar_link(&v[0], "loop", '2', "loop");
	tar_link(&v[0], "abs", '2', "/opt/x");
	put_module(&v[0], "usr/lib/a.so", BORING);
	tar_close(&v[0]);
	put_module(&v[1], "lib/b.so", BORING);
	put_module(&v[1], "out/c.so", BORING);
	put_module(&v[1], "loop/d.so", BORING); /* passed over */
	put_module(&v[1], "abs/e.so", BORING);
	tar_text(&v[1], "lib/.wh.a.so", "");
	tar_close(&v[1]);
	/* the link is replaced by a folder: what follows goes there */
	tar_folder(&v[2], "lib");
	put_module(&v[2], "lib/f.so", BORING);
	tar_close(&v[2]);
	layers_are(v, 2, "etc/c.so opt/x/e.so usr/lib/b.so ");
	layers_are(v, 3, "etc/c.so lib/f.so opt/x/e.so usr/lib/b.so ");
	for (size_t i = 0; i < 3; i++)
		buf_free(&v[i]);
}

static void
hostile_paths_are_passed_over(void **state)
{
	struct layers *l = layers_new(crypto);
	struct fault f = { 0 };
	BUF_AUTO(v, MIB);

	(void)state;
	put_module(&v, "../a", BORING);
	put_module(&v, "x/../../b", BORING);
	put_module(&v, "/..", BORING);
	tar_link(&v, "c", '1', "../../etc/passwd");
	put_module(&v, "//./d//./e", BORING);
	tar_close(&v);
	assert_int_equal(pass(l, &v, v.len, &f), 0);
	paths_are(l, "d/e ");
	assert_int_equal(layers_passed_over(l), 4);
	layers_free(l);
}

/* ---- tar ---- */

static void
put_pax(struct buf *tar, const char *key, const char *value, size_t len)
{
	BUF_AUTO(record, MIB);
	size_t n = strlen(key) + len + 3, digits = 1;

	while (snprintf(NULL, 0, "%zu", n + digits) > (int)digits)
		digits++;
	buf_printf(&record, "%zu %s=", n + digits, key);
	buf_put(&record, value, len);
	buf_putc(&record, '\n');
	tar_head(tar, "pax", 'x', record.len, "");
	buf_put(tar, record.p, record.len);
	put_pad(tar, 512);
}

static void
long_names_are_read_in_every_form(void **state)
{
	char name[400], want[1024];
	struct buf v = { .max = MIB };

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	put_pax(&v, "path", name, strlen(name));
	put_module(&v, "short", BORING);
	memset(name, 'g', sizeof(name) - 1);
	tar_head(&v, "././@LongLink", 'L', strlen(name) + 1, "");
	buf_put(&v, name, strlen(name) + 1);
	put_pad(&v, 512);
	put_module(&v, "short", BORING);
	put_module(&v, "after", BORING); /* names hold for one entry */
	tar_close(&v);
	memset(name, 'g', 90);
	(void)snprintf(want, sizeof(want), "after %.90s ", name);
	memset(name, 'n', 90);
	(void)snprintf(want + strlen(want), 200, "%.90s ", name);
	layers_are(&v, 1, want);
	buf_free(&v);
}

static void
refuses_what_is_no_tar(void **state)
{
	static const struct {
		const char *why;
		size_t at;
		char byte;
	} cases[] = {
		{ "not a header", 148, '7' }, /* checksum */
		{ "not a header", 124, 'x' }, /* size */
		{ "not a header", 0, 'z' },   /* anything */
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct layers *l = layers_new(crypto);
		struct fault f = { 0 };
		BUF_AUTO(v, MIB);

		put_module(&v, "a", BORING);
		tar_close(&v);
		v.p[cases[i].at] = cases[i].byte;
		assert_int_equal(pass(l, &v, v.len, &f), -1);
		assert_int_equal(f.kind, FAULT_FORMAT);
		assert_non_null(strstr(f.text, cases[i].why));
		layers_free(l);
	}
}

static void
a_cut_stream_is_told_wherever_it_is_cut(void **state)
{
	BUF_AUTO(v, MIB);

	(void)state;
	put_module(&v, "a", BORING);
	for (size_t cut = 1; cut < v.len - 512; cut += 37) {
		struct layers *l = layers_new(crypto);
		struct fault f = { 0 };
		struct buf part = v;

		part.len = cut;
		assert_int_equal(pass(l, &part, part.len, &f), -1);
		assert_int_equal(f.kind, FAULT_FORMAT);
		assert_non_null(strstr(f.text, "cut off"));
		layers_free(l);
	}
}

static void
pax_records_that_lie_are_refused(void **state)
{
	static const char *const records[] = { "999 path=x\n", "8 path=x\n",
		"x path=y\n", "11 path=abcX", "0 p=x\n", "7 size\n",
		"12 size=12a\n" };

	(void)state;
	for (size_t i = 0; i < LENGTH(records); i++) {
		struct layers *l = layers_new(crypto);
		struct fault f = { 0 };
		BUF_AUTO(v, MIB);

		tar_head(&v, "pax", 'x', strlen(records[i]), "");
		buf_puts(&v, records[i]);
		put_pad(&v, 512);
		put_module(&v, "a", BORING);
		assert_int_equal(pass(l, &v, v.len, &f), -1);
		assert_int_equal(f.kind, FAULT_FORMAT);
		layers_free(l);
	}
}

static void
a_name_beyond_the_limit_is_passed_over(void **state)
{
	struct layers *l = layers_new(crypto);
	struct fault f = { 0 };
	BUF_AUTO(name, MIB);
	BUF_AUTO(v, MIB);

	(void)state;
	while (name.len < TAR_NAME_MAX + 1)
		buf_putc(&name, 'x');
	put_pax(&v, "path", name.p, name.len);
	put_module(&v, "a", BORING);
	put_module(&v, "b", BORING);
	tar_close(&v);
	assert_int_equal(pass(l, &v, v.len, &f), 0);
	paths_are(l, "b ");
	assert_int_equal(layers_passed_over(l), 1);
	layers_free(l);
}

static void
a_sparse_file_is_not_told(void **state)
{
	struct layers *l = layers_new(crypto);
	struct fault f = { 0 };
	BUF_AUTO(v, MIB);
	BUF_AUTO(b, MIB);
	char map[512] = { 0 };

	(void)state;
	elf_make(&b, NULL, nothing, BORING, sizeof(BORING), 0);
	put_pax(&v, "GNU.sparse.major", "1", 1);
	tar_file(&v, "lib/a.so", b.p, b.len);
	/* GNU's own: a map in the header and one more block of it */
	tar_head(&v, "lib/b.so", 'S', b.len, "");
	v.p[v.len - 512 + 482] = 1;
	v.p[v.len - 512 + 154] = '\0';
	memset(v.p + v.len - 512 + 148, ' ', 8);
	{
		unsigned sum = 0;

		for (size_t i = 0; i < 512; i++)
			sum += (uint8_t)v.p[v.len - 512 + i];
		(void)snprintf(v.p + v.len - 512 + 148, 8, "%06o", sum);
	}
	buf_put(&v, map, sizeof(map));
	buf_put(&v, b.p, b.len);
	put_pad(&v, 512);
	put_module(&v, "lib/c.so", BORING);
	tar_close(&v);
	assert_int_equal(pass(l, &v, v.len, &f), 0);
	paths_are(l, "lib/c.so ");
	layers_free(l);
}

/* Size, digest and diff_id: each of them wrong alone. */
static void
a_layer_is_what_its_manifest_and_configuration_name(void **state)
{
	BUF_AUTO(tar, MIB);
	uint8_t digest[SHA256_LEN];
	char good[SHA256_HEX], bad[SHA256_HEX];
	struct fault f = { 0 };

	(void)state;
	put_module(&tar, "lib/a.so", BORING);
	tar_close(&tar);
	assert_int_equal(digest_sha256(crypto, tar.p, tar.len, digest, &f), 0);
	hex_encode(digest, sizeof(digest), good);
	memcpy(bad, good, sizeof(bad));
	bad[0] = bad[0] == '0' ? '1' : '0';
	for (int i = 0; i < 5; i++) {
		const struct layer_want want = { .digest = i == 1 ? bad : good,
			.diff_id = i == 2 ? bad : good,
			.size = (long long)tar.len + (i == 3) - (i == 4) };
		struct layers *l = layers_new(crypto);
		int rc = layer_begin(l, &want, &f);

		assert_int_equal(rc, 0);
		rc = layer_feed(l, tar.p, tar.len, &f);
		if (rc == 0)
			rc = layer_end(l, &f);
		assert_int_equal(rc, i == 0 ? 0 : -1);
		if (i > 0)
			assert_int_equal(f.kind, FAULT_INTEGRITY);
		layers_free(l);
	}
}

static void
a_million_entries_pass_in_flat_memory(void **state)
{
	struct layers *l = layers_new(crypto);
	struct fault f = { 0 };
	char name[64];
	BUF_AUTO(v, MIB);

	(void)state;
	assert_int_equal(layer_begin(l, &any_layer, &f), 0);
	for (int i = 0; i < 1000000; i++) {
		buf_reset(&v);
		(void)snprintf(name, sizeof(name), "d%d/f%d", i / 1000, i);
		tar_text(&v, name, "");
		assert_int_equal(layer_feed(l, v.p, v.len, &f), 0);
	}
	assert_int_equal(overlay_count(layers_overlay(l)), 0);
	layers_free(l);
}

static void
a_million_links_are_too_many(void **state)
{
	struct layers *l = layers_new(crypto);
	struct fault f = { 0 };
	char name[64];
	int rc = 0;
	BUF_AUTO(v, MIB);

	(void)state;
	assert_int_equal(layer_begin(l, &any_layer, &f), 0);
	for (int i = 0; i < 1000000 && rc == 0; i++) {
		buf_reset(&v);
		(void)snprintf(name, sizeof(name), "d%d/f%d", i / 1000, i);
		tar_link(&v, name, '2', "target");
		rc = layer_feed(l, v.p, v.len, &f);
	}
	assert_int_equal(rc, -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	layers_free(l);
}

/* ---- compression ---- */

static void
gzip_of(const struct buf *in, struct buf *out)
{
	z_stream z = { 0 };
	char chunk[65536];

	assert_int_equal(
	    deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, 0), Z_OK);
	z.next_in = (Bytef *)in->p;
	z.avail_in = (uInt)in->len;
	do {
		z.next_out = (Bytef *)chunk;
		z.avail_out = sizeof(chunk);
		(void)deflate(&z, Z_FINISH);
		buf_put(out, chunk, sizeof(chunk) - z.avail_out);
	} while (z.avail_out == 0);
	(void)deflateEnd(&z);
}

static void
zstd_of(const struct buf *in, struct buf *out)
{
	size_t room = ZSTD_compressBound(in->len);
	char *p = buf_reserve(out, room);

	assert_non_null(p);
	out->len += ZSTD_compress(p, room, in->p, in->len, 3);
}

static void
every_compression_gives_the_same(void **state)
{
	struct buf tar = { .max = MIB }, first = { .max = MIB },
		   rest = { .max = MIB }, v = { .max = MIB };
	size_t half;

	(void)state;
	put_module(&tar, "a", BORING);
	put_module(&tar, "b", BORING);
	tar_close(&tar);
	half = tar.len / 2 + 3;
	buf_put(&first, tar.p, half);
	buf_put(&rest, tar.p + half, tar.len - half);

	layers_are(&tar, 1, "a b ");
	gzip_of(&tar, &v);
	layers_are(&v, 1, "a b ");
	buf_reset(&v);
	gzip_of(&first, &v); /* two members, and what pads a block device */
	gzip_of(&rest, &v);
	buf_put(&v, "\0\0\0\0\0", 5);
	layers_are(&v, 1, "a b ");
	buf_reset(&v);
	zstd_of(&tar, &v);
	layers_are(&v, 1, "a b ");
	buf_reset(&v);
	buf_put(&v, "\x5e\x2a\x4d\x18\3\0\0\0abc", 11); /* skipped */
	zstd_of(&first, &v);
	zstd_of(&rest, &v);
	layers_are(&v, 1, "a b ");
	buf_free(&tar);
	buf_free(&first);
	buf_free(&rest);
	buf_free(&v);
}

static void
compressed_layers_that_end_early_are_told(void **state)
{
	BUF_AUTO(tar, MIB);
	BUF_AUTO(v, MIB);

	(void)state;
	put_module(&tar, "a", BORING);
	tar_close(&tar);
	for (int kind = 0; kind < 2; kind++) {
		buf_reset(&v);
		if (kind == 0)
			gzip_of(&tar, &v);
		else
			zstd_of(&tar, &v);
		for (size_t cut = 5; cut < v.len; cut += 11) {
			struct layers *l = layers_new(crypto);
			struct fault f = { 0 };
			struct buf part = v;

			part.len = cut;
			if (pass(l, &part, cut, &f) != -1)
				fail_msg(
				    "%d cut at %zu of %zu", kind, cut, v.len);
			assert_int_equal(f.kind, FAULT_FORMAT);
			layers_free(l);
		}
	}
}

static int
swallow(void *ctx, const char *p, size_t len, struct fault *f)
{
	(void)p;
	(void)f;
	*(uint64_t *)ctx += len;
	return 0;
}

static void
a_bomb_is_put_out(void **state)
{
	uint64_t total = 0;
	struct unpack *u = unpack_new(swallow, &total);
	struct fault f = { 0 };
	BUF_AUTO(zeros, 8 * MIB);
	BUF_AUTO(one, 16 * MIB);
	BUF_AUTO(many, 64 * MIB);

	(void)state;
	for (size_t i = 0; i < 8 * MIB / 512; i++)
		buf_put(&zeros, (char[512]){ 0 }, 512);
	zstd_of(&zeros, &one); /* some thousand to one */
	for (int i = 0; i < 100; i++)
		buf_put(&many, one.p, one.len);
	unpack_begin(u);
	assert_int_equal(unpack_feed(u, many.p, many.len, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_true(total < 400 * MIB);
	unpack_free(u);
}

/* ---- packages ---- */

static void
put_big(struct buf *b, uint32_t v)
{
	for (int i = 24; i >= 0; i -= 8)
		buf_putc(b, (char)(v >> i));
}

/* An RPM header with name, epoch, version, release and architecture. */
static void
rpm_make(struct buf *b, const char *name, const char *version,
    const char *release, uint32_t epoch)
{
	const struct {
		uint32_t tag;
		const char *text;
	} fields[] = { { 1000, name }, { 1001, version }, { 1002, release },
		{ 1022, "x86_64" } };
	BUF_AUTO(data, 4096);
	BUF_AUTO(index, 4096);

	put_big(&data, epoch);
	put_big(&index, 1003);
	put_big(&index, 4);
	put_big(&index, 0);
	put_big(&index, 1);
	for (size_t i = 0; i < 4; i++) {
		put_big(&index, fields[i].tag);
		put_big(&index, 6);
		put_big(&index, (uint32_t)data.len);
		put_big(&index, 1);
		buf_put(&data, fields[i].text, strlen(fields[i].text) + 1);
	}
	put_big(b, 5);
	put_big(b, (uint32_t)data.len);
	buf_put(b, index.p, index.len);
	buf_put(b, data.p, data.len);
}

static void
packages_are(const json_t *list, const char *want)
{
	char *got = json_dumps(list, JSON_COMPACT);

	assert_string_equal(got, want);
	free(got);
}

static int
count_package(void *ctx, const struct package *p, struct fault *f)
{
	(void)p;
	(void)f;
	++*(int *)ctx;
	return 0;
}

static void
refuses_rpm_headers_that_lie(void **state)
{
	struct fault f = { 0 };
	int n = 0;
	BUF_AUTO(b, 4096);

	(void)state;
	rpm_make(&b, "openssl", "3", "1", 0);
	assert_int_equal(rpm_header_read(b.p, b.len, count_package, &n, &f), 0);
	assert_int_equal(n, 1);
	for (size_t cut = 0; cut < b.len; cut++)
		assert_int_equal(
		    rpm_header_read(b.p, cut, count_package, &n, &f), -1);
	memset(b.p, 0xff, 4);
	assert_int_equal(
	    rpm_header_read(b.p, b.len, count_package, &n, &f), -1);
}

static void
reads_apk_and_dpkg_in_pieces(void **state)
{
	static const char apk[] = "C:Q1x=\nP:libcrypto3\nV:3.1.4-r5\nA:x86_64\n"
				  "F:lib\nR:x\n\nP:busybox\nV:1\n\n"
				  "P:openssl-provider-fips\nV:3.1.2-r2\n"
				  "A:x86_64\n\n";
	static const char dpkg[] =
	    "Package: libssl3\nStatus: install ok installed\nVersion: "
	    "3.0.17-1\nArchitecture: amd64\n\nPackage: bash\nVersion: 5\n\n"
	    "Package: libgcrypt20\nVersion: 1.10.1-3\nArchitecture: amd64\n";

	(void)state;
	for (size_t piece = 1; piece < 400; piece += 57) {
		struct package_list l;
		struct fault f = { 0 };

		assert_int_equal(package_list_begin(&l, &f), 0);
		for (size_t at = 0; at < strlen(apk); at += piece)
			assert_int_equal(
			    package_list_feed(&l, SPECIAL_APK, apk + at,
				strnlen(apk + at, piece), &f),
			    0);
		assert_int_equal(package_list_end(&l, SPECIAL_APK, &f), 0);
		packages_are(l.list,
		    "[[\"libcrypto3\",\"3.1.4-r5\",\"x86_64\",null,null],"
		    "[\"openssl-provider-fips\",\"3.1.2-r2\","
		    "\"x86_64\",null,null]]");
		package_list_free(&l);
		assert_int_equal(package_list_begin(&l, &f), 0);
		for (size_t at = 0; at < strlen(dpkg); at += piece)
			assert_int_equal(
			    package_list_feed(&l, SPECIAL_DPKG, dpkg + at,
				strnlen(dpkg + at, piece), &f),
			    0);
		assert_int_equal(package_list_end(&l, SPECIAL_DPKG, &f), 0);
		packages_are(l.list,
		    "[[\"libssl3\",\"3.0.17-1\",\"amd64\",null,null],"
		    "[\"libgcrypt20\",\"1.10.1-3\",\"amd64\",null,"
		    "null]]");
		package_list_free(&l);
	}
}

/* ---- names ---- */

static void
reads_names_as_docker_does(void **state)
{
	static const struct {
		const char *text, *host, *path, *name, *digest;
	} cases[] = {
#define SHA                                                                    \
	"sha256:"                                                              \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
		{ "nginx", "registry-1.docker.io", "library/nginx", "latest",
		    "" },
		{ "docker.io/a/b:1", "registry-1.docker.io", "a/b", "1", "" },
		{ "localhost:5000/x/y:tag", "localhost:5000", "x/y", "tag",
		    "" },
		{ "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/app@" SHA,
		    "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", "app",
		    "", SHA },
		{ "gcr.io/a/b:v1@" SHA, "gcr.io", "a/b", "v1", SHA },
		{ "a/b", "registry-1.docker.io", "a/b", "latest", "" },
	};
	static const char *const bad[] = { "", "UPPER", "a/../b", "gcr.io/",
		"gcr.io/a:b c", "x@sha256:12", "gcr.io/a//b", "gcr.io/.a",
		"oci:", "gc r.io/a/b", "a@" SHA "@" SHA, "gcr.io/a?b" };
	struct reference r;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		if (reference_read(&r, cases[i].text, &f) == -1)
			fail_msg("%s", f.text);
		assert_int_equal(r.transport, FROM_REGISTRY);
		assert_string_equal(r.host, cases[i].host);
		assert_string_equal(r.path, cases[i].path);
		assert_string_equal(r.name, cases[i].name);
		assert_string_equal(r.digest, cases[i].digest);
	}
	for (size_t i = 0; i < LENGTH(bad); i++) {
		if (reference_read(&r, bad[i], &f) != -1)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(f.kind, FAULT_USAGE);
	}
	assert_int_equal(reference_read(&r, "oci:/a/c:b/app:1", &f), 0);
	assert_string_equal(r.path, "/a/c");
	assert_string_equal(r.name, "b/app:1");
	assert_int_equal(reference_read(&r, "docker-archive:/a:b.tar", &f), 0);
	assert_string_equal(r.path, "/a:b.tar");
}

static void
words_with_fips_are_a_claim(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "cgr.dev/acme/nginx-fips:1.27", "nginx-fips " },
		{ "reg.io/a/b:v1.2-FIPS-140-3", "v1.2-FIPS-140-3 " },
		{ "reg.io/fips/a_fips:x", "fips a_fips " },
		{ "reg.io/a/b:1", "" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const char *rest = cases[i].text;
		char got[256] = "";
		struct span word;

		while (reference_claim(&rest, &word)) {
			strncat(got, word.p, word.len);
			strcat(got, " ");
		}
		assert_string_equal(got, cases[i].words);
	}
}

static void
platforms_are_asked_for_by_name(void **state)
{
	struct platforms p;
	struct fault f;

	(void)state;
	assert_int_equal(platforms_read(&p, "linux/amd64,linux/arm", &f), 0);
	assert_true(platforms_want(&p, "linux/amd64"));
	assert_true(platforms_want(&p, "linux/arm/v7"));
	assert_false(platforms_want(&p, "linux/arm64/v8"));
	assert_false(platforms_want(&p, "unknown/unknown"));
	assert_int_equal(platforms_read(&p, "all", &f), 0);
	assert_true(platforms_want(&p, "windows/amd64"));
	assert_false(platforms_want(&p, "unknown/unknown"));
	assert_int_equal(platforms_read(&p, "amd64", &f), -1);
	assert_int_equal(platforms_read(&p, "linux/amd64,", &f), 0);
	assert_int_equal(platforms_read(&p, ",linux/amd64", &f), -1);
}

static int
begin(void **state)
{
	struct fault f;

	(void)state;
	crypto = crypto_new(false, &f);
	return crypto == NULL ? -1 : 0;
}

static int
end(void **state)
{
	(void)state;
	crypto_free(crypto);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_what_the_layers_leave),
		cmocka_unit_test(an_opaque_root_hides_everything_below),
		cmocka_unit_test(hard_links_are_other_names_of_a_file),
		cmocka_unit_test(entries_go_where_links_of_folders_lead),
		cmocka_unit_test(hostile_paths_are_passed_over),
		cmocka_unit_test(long_names_are_read_in_every_form),
		cmocka_unit_test(refuses_what_is_no_tar),
		cmocka_unit_test(a_cut_stream_is_told_wherever_it_is_cut),
		cmocka_unit_test(pax_records_that_lie_are_refused),
		cmocka_unit_test(a_name_beyond_the_limit_is_passed_over),
		cmocka_unit_test(a_sparse_file_is_not_told),
		cmocka_unit_test(
		    a_layer_is_what_its_manifest_and_configuration_name),
		cmocka_unit_test(a_million_entries_pass_in_flat_memory),
		cmocka_unit_test(a_million_links_are_too_many),
		cmocka_unit_test(every_compression_gives_the_same),
		cmocka_unit_test(compressed_layers_that_end_early_are_told),
		cmocka_unit_test(a_bomb_is_put_out),
		cmocka_unit_test(refuses_rpm_headers_that_lie),
		cmocka_unit_test(reads_apk_and_dpkg_in_pieces),
		cmocka_unit_test(reads_names_as_docker_does),
		cmocka_unit_test(words_with_fips_are_a_claim),
		cmocka_unit_test(platforms_are_asked_for_by_name),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
