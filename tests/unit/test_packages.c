/*
 * Package databases, against what rpm itself wrote: fixtures/rpm/make.sh makes
 * them, and names the key that signed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/length.h"
#include "collector/kit/rpm_db.h"

#define FIXTURE_MAX ((size_t)1024 * 1024)

/* ---- files without a name ---- */

static struct rpm_file
file_of(const char *p, size_t len)
{
	struct rpm_file out = { .fd = memfd_create("db", MFD_CLOEXEC) };
	struct fault f;

	assert_true(out.fd >= 0);
	assert_int_equal(write(out.fd, p, len), (ssize_t)len);
	assert_int_equal(rpm_file_of(&out, out.fd, &f), 0);
	assert_int_equal(out.size, len);
	return out;
}

static void
unpack(struct buf *out, const char *name)
{
	char path[256];
	gzFile gz;
	int n;

	(void)snprintf(path, sizeof(path), "fixtures/rpm/%s.gz", name);
	assert_non_null(gz = gzopen(path, "rb"));
	assert_non_null(buf_reserve(out, FIXTURE_MAX));
	n = gzread(gz, out->p, (unsigned)FIXTURE_MAX);
	assert_true(n > 0);
	out->len = (size_t)n;
	(void)gzclose(gz);
}

static int
note(void *ctx, const struct package *p, struct fault *f)
{
	const struct span all[] = { p->name, p->version, p->arch, p->vendor,
		p->key };
	struct buf *out = ctx;

	(void)f;
	for (size_t i = 0; i < LENGTH(all); i++) {
		buf_puts(out, i > 0 ? " " : "");
		buf_put(out, all[i].p != NULL ? all[i].p : "-",
		    all[i].p != NULL ? all[i].len : 1);
	}
	buf_putc(out, '\n');
	return 0;
}

/* What a database says, one package a line, or "refused". */
static const char *
said(struct buf *out, const char *db, size_t len, const char *wal,
    size_t wal_len)
{
	struct rpm_file file = file_of(db, len);
	struct rpm_file log = { .fd = -1 };
	struct fault f = { 0 };
	uint64_t seen = 0;
	int rc;

	buf_reset(out);
	if (wal != NULL)
		log = file_of(wal, wal_len);
	rc =
	    rpm_db_read(&file, wal != NULL ? &log : NULL, note, out, &seen, &f);
	(void)close(file.fd);
	if (wal != NULL)
		(void)close(log.fd);
	if (rc == 0)
		return out->p;
	assert_true(f.kind == FAULT_FORMAT || f.kind == FAULT_LIMIT);
	return "refused";
}

/* The packages of make.sh, and how often the first stands there. */
static void
expect_packages(struct buf *out, int first)
{
	char key[17] = "";
	FILE *file = fopen("fixtures/rpm/key", "r");

	assert_non_null(file);
	assert_non_null(fgets(key, sizeof(key), file));
	(void)fclose(file);
	while (first-- > 0)
		buf_printf(out,
		    "openssl-libs 1:3.2.2-6.el9_5 x86_64 Example Linux %s\n",
		    key);
	buf_printf(out,
	    "openssl-fips-provider 1:3.2.2-6.el9_5 x86_64 - -\n"
	    "nss-softokn 3.101.0-10.el9_2 x86_64 Example Linux %s\n"
	    "bash 5.1.8-9.el9 x86_64 Example Linux %s\n",
	    key, key);
}

/* Any order: Berkeley DB has its own. */
static void
same_lines(const char *got, const char *want)
{
	const char *line, *end;

	assert_int_equal(strlen(got), strlen(want));
	for (line = want; *line != '\0'; line = end + 1) {
		char one[256];

		end = strchr(line, '\n');
		(void)snprintf(
		    one, sizeof(one), "%.*s\n", (int)(end - line), line);
		if (strstr(got, one) == NULL)
			fail_msg("missing: %sin\n%s", one, got);
	}
}

/* ---- the forms ---- */

static void
reads_sqlite_that_says_it_has_a_log(void **state)
{
	BUF_AUTO(db, FIXTURE_MAX);
	BUF_AUTO(out, 4096);
	BUF_AUTO(want, 4096);

	(void)state;
	unpack(&db, "rpmdb.sqlite");
	assert_int_equal(db.p[18], 2); /* WAL, as rpm leaves it */
	expect_packages(&want, 1);
	same_lines(said(&out, db.p, db.len, NULL, 0), want.p);
}

static void
reads_what_stands_in_the_log_alone(void **state)
{
	BUF_AUTO(db, FIXTURE_MAX);
	BUF_AUTO(wal, FIXTURE_MAX);
	BUF_AUTO(out, 4096);
	BUF_AUTO(want, 4096);

	(void)state;
	unpack(&db, "wal.sqlite");
	unpack(&wal, "wal.sqlite-wal");
	expect_packages(&want, 2);
	same_lines(said(&out, db.p, db.len, wal.p, wal.len), want.p);
}

static void
reads_berkeley_db(void **state)
{
	BUF_AUTO(db, FIXTURE_MAX);
	BUF_AUTO(out, 4096);
	BUF_AUTO(want, 4096);

	(void)state;
	unpack(&db, "Packages");
	expect_packages(&want, 1);
	same_lines(said(&out, db.p, db.len, NULL, 0), want.p);
}

static void
put_little(struct buf *b, uint32_t v)
{
	for (int i = 0; i < 32; i += 8)
		buf_putc(b, (char)(v >> i));
}

struct ndb {
	struct buf slots, blobs;
	uint32_t n;
};

/* Each package as rpm's ndb lays it: a slot, a head, bytes, room, a tail. */
static int
add_blob(struct ndb *d, const void *p, size_t len)
{
	uint32_t room = (uint32_t)(16 + len + 12 + 15) / 16;

	buf_puts(&d->slots, "Slot");
	put_little(&d->slots, ++d->n);
	put_little(&d->slots, 256 + (uint32_t)d->blobs.len / 16);
	put_little(&d->slots, room);
	buf_puts(&d->blobs, "BlbS");
	put_little(&d->blobs, d->n);
	put_little(&d->blobs, 1);
	put_little(&d->blobs, (uint32_t)len);
	buf_put(&d->blobs, p, len);
	while ((d->blobs.len + 12) % 16 != 0)
		buf_putc(&d->blobs, '\0');
	put_little(&d->blobs, 0); /* Adler-32, which is not asked for */
	put_little(&d->blobs, (uint32_t)len);
	buf_puts(&d->blobs, "BlbE");
	return 0;
}

/* The headers of the fixture, out of its own bytes. */
static void
make_ndb(struct buf *out)
{
	BUF_AUTO(db, FIXTURE_MAX);
	struct ndb d = { { .max = 4096 }, { .max = FIXTURE_MAX }, 0 };
	size_t at = 0;

	unpack(&db, "Packages");
	/* a header begins with its counts and the tag of its region */
	for (at = 0; at + 16 < db.len; at++) {
		const unsigned char *p = (const unsigned char *)db.p + at;
		uint32_t n = (uint32_t)p[2] << 8 | p[3];
		uint32_t size = (uint32_t)p[6] << 8 | p[7];

		if (memcmp(p + 8, "\0\0\0\x3f\0\0\0\7", 8) == 0 && p[0] == 0 &&
		    p[1] == 0 && at + 8 + n * 16 + size <= db.len)
			add_blob(&d, p, 8 + n * 16 + size);
	}
	assert_int_equal(d.n, 4);
	buf_puts(out, "RpmP");
	put_little(out, 0);
	put_little(out, 5);
	put_little(out, 1);
	put_little(out, 5);
	for (int i = 0; i < 3; i++)
		put_little(out, 0);
	buf_put(out, d.slots.p, d.slots.len);
	while (out->len < 4096) {
		buf_puts(out, "Slot");
		for (int i = 0; i < 3; i++)
			put_little(out, 0);
	}
	buf_put(out, d.blobs.p, d.blobs.len);
	buf_free(&d.slots);
	buf_free(&d.blobs);
}

static void
reads_ndb(void **state)
{
	BUF_AUTO(db, FIXTURE_MAX);
	BUF_AUTO(out, 4096);
	BUF_AUTO(want, 4096);

	(void)state;
	make_ndb(&db);
	expect_packages(&want, 1);
	same_lines(said(&out, db.p, db.len, NULL, 0), want.p);
}

/* ---- half a database is none ---- */

/* Cut anywhere, each is refused or says all that it said whole. */
static void
cut_everywhere(const struct buf *db, size_t step)
{
	BUF_AUTO(out, 4096);
	BUF_AUTO(whole, 4096);

	(void)said(&whole, db->p, db->len, NULL, 0);
	for (size_t len = 1; len < db->len; len += step) {
		const char *got = said(&out, db->p, len, NULL, 0);

		if (strcmp(got, "refused") != 0)
			assert_string_equal(got, whole.p);
	}
}

static void
refuses_what_is_cut_off(void **state)
{
	BUF_AUTO(sqlite, FIXTURE_MAX);
	BUF_AUTO(bdb, FIXTURE_MAX);
	BUF_AUTO(ndb, FIXTURE_MAX);
	BUF_AUTO(out, 4096);

	(void)state;
	unpack(&sqlite, "rpmdb.sqlite");
	unpack(&bdb, "Packages");
	make_ndb(&ndb);
	cut_everywhere(&sqlite, 4096);
	cut_everywhere(&bdb, 997);
	cut_everywhere(&ndb, 331);
	assert_string_equal(said(&out, "", 0, NULL, 0), "refused");
	assert_string_equal(
	    said(&out, "SQLite format 3", 16, NULL, 0), "refused");
	assert_string_equal(
	    said(&out, "not a database at all", 21, NULL, 0), "refused");
}

/* Every byte of the small forms wrong in turn: never a crash, never a hang. */
static void
survives_every_wrong_byte(void **state)
{
	BUF_AUTO(bdb, FIXTURE_MAX);
	BUF_AUTO(ndb, FIXTURE_MAX);
	struct buf *const all[] = { &bdb, &ndb };
	BUF_AUTO(out, 65536);

	(void)state;
	unpack(&bdb, "Packages");
	make_ndb(&ndb);
	for (size_t i = 0; i < 2; i++)
		for (size_t at = 0; at < all[i]->len; at += 13) {
			char was = all[i]->p[at];

			all[i]->p[at] = (char)(was ^ 0xff);
			(void)said(&out, all[i]->p, all[i]->len, NULL, 0);
			all[i]->p[at] = was;
		}
}

/* A slot that is empty where a package stood: not there. One whose package is
 * another's: refused, not passed over. */
static void
refuses_a_slot_without_its_package(void **state)
{
	BUF_AUTO(ndb, FIXTURE_MAX);
	BUF_AUTO(out, 4096);

	(void)state;
	make_ndb(&ndb);
	ndb.p[32 + 4]++;
	assert_string_equal(said(&out, ndb.p, ndb.len, NULL, 0), "refused");
}

/* ---- keys ---- */

static void
finds_the_key_of_a_signature(void **state)
{
	/* the forms of RFC 9580: version 4 by issuer, by fingerprint, version
	 * 3, and packets that are no signature or are cut off */
	static const struct {
		const char *packet;
		size_t len;
		const char *key;
	} cases[] = {
		{ "\x88\x12\4\0\1\10\0\0\0\12\x9\x10\1\2\3\4\5\6\7\x8", 20,
		    "0102030405060708" },
		{ "\xc2\x1f\4\0\1\10\0\x17\x16\x21\4"
		  "aaaaaaaaaaaa\1\2\3\4\5\6\7\x8\0\0",
		    33, "0102030405060708" },
		{ "\x88\x0f\3\5\0\0\0\0\0\1\2\3\4\5\6\7\x8", 17,
		    "0102030405060708" },
		{ "\x98\x12\4\0\1\10\0\0\0\12\x9\x10\1\2\3\4\5\6\7\x8", 20,
		    NULL },
		{ "\x88\x12\4\0\1\10\0\0\0\12\x9\x10\1\2", 14, NULL },
		{ "", 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		char key[17] = "";
		bool found = openpgp_key_id(cases[i].packet, cases[i].len, key);

		assert_int_equal(found, cases[i].key != NULL);
		if (found)
			assert_string_equal(key, cases[i].key);
	}
}

/* ---- dpkg ---- */

static void
tells_whose_a_debian_package_is(void **state)
{
	static const char text[] =
	    "Package: a\nVersion: 1\nArchitecture: amd64\nMaintainer: M <m@x>\n"
	    "\nPackage: b\nVersion: 2\nOrigin: Example\nMaintainer: M\n";
	BUF_AUTO(out, 4096);
	struct fault f;

	(void)state;
	assert_int_equal(dpkg_read(span_of(text), note, &out, &f), 0);
	assert_string_equal(out.p, "a 1 amd64 M <m@x> -\nb 2 - Example -\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_sqlite_that_says_it_has_a_log),
		cmocka_unit_test(reads_what_stands_in_the_log_alone),
		cmocka_unit_test(reads_berkeley_db),
		cmocka_unit_test(reads_ndb),
		cmocka_unit_test(refuses_what_is_cut_off),
		cmocka_unit_test(survives_every_wrong_byte),
		cmocka_unit_test(refuses_a_slot_without_its_package),
		cmocka_unit_test(finds_the_key_of_a_signature),
		cmocka_unit_test(tells_whose_a_debian_package_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
