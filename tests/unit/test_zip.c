/* The package's ZIP: written the same every time, read strictly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/length.h"

#include "report/package/zip.h"

#define FILE_MAX (1024 * 1024)

static int
temporary(const void *p, size_t len)
{
	FILE *t = tmpfile();
	int fd;

	assert_non_null(t);
	fd = dup(fileno(t));
	assert_int_equal(fclose(t), 0);
	assert_true(fd != -1);
	assert_int_equal(write(fd, p, len), (ssize_t)len);
	return fd;
}

static void
all_of(int fd, struct buf *b)
{
	char chunk[4096];
	ssize_t n;

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_put(b, chunk, (size_t)n);
	assert_int_equal(n, 0);
}

/* zip_add() through a file. */
static int
add_file(struct zip_writer *w, const char *entry, const void *p, size_t len,
    bool store, struct fault *f)
{
	int fd = temporary(p, len), rc;

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	rc = zip_add_fd(w, entry, fd, store, f);
	(void)close(fd);
	return rc;
}

/* mimetype (stored), a.txt (deflated), b/c (empty) */
static void
sample(struct buf *b)
{
	struct fault f = { 0 };
	int fd = temporary("", 0);
	struct zip_writer *w = zip_writer_new(fd, "sample", &f);

	assert_non_null(w);
	assert_int_equal(zip_add(w, "mimetype", "kind", 4, true, &f), 0);
	assert_int_equal(
	    zip_add(w, "a.txt", "aaaaaaaaaaaaaaaaaaaaaaaa", 24, false, &f), 0);
	assert_int_equal(add_file(w, "b/c", "", 0, true, &f), 0);
	assert_int_equal(zip_end(w, &f), 0);
	zip_writer_free(w);
	all_of(fd, b);
	assert_int_equal(close(fd), 0);
}

static void
reads_what_it_wrote(void **state)
{
	struct fault f = { 0 };
	BUF_AUTO(b, FILE_MAX);
	BUF_AUTO(again, FILE_MAX);
	BUF_AUTO(text, 100);
	struct zip *z;
	int fd;

	(void)state;
	sample(&b);
	sample(&again);
	assert_int_equal(b.len, again.len);
	assert_memory_equal(b.p, again.p, b.len);
	/* as file(1) and ASiC want it */
	assert_memory_equal(b.p + 30, "mimetypekind", 12);
	fd = temporary(b.p, b.len);
	z = zip_open(fd, "sample", &f);
	assert_non_null(z);
	assert_int_equal(zip_count(z), 3);
	assert_int_equal(zip_read_buf(z, zip_find(z, "a.txt"), &text, &f), 0);
	assert_int_equal(text.len, 24);
	assert_int_equal(zip_find(z, "a.txt")->method, 8);
	assert_int_equal(zip_find(z, "b/c")->size, 0);
	assert_null(zip_find(z, "A.TXT"));
	zip_free(z);
	assert_int_equal(close(fd), 0);
}

/* Open it, and read every entry. */
static int
whole(const struct buf *b, struct fault *f)
{
	int fd = temporary(b->p, b->len), rc = 0;
	struct zip *z = zip_open(fd, "it", f);

	if (z == NULL)
		rc = -1;
	for (size_t i = 0; rc == 0 && i < zip_count(z); i++) {
		BUF_AUTO(text, FILE_MAX);

		rc = zip_read_buf(z, zip_entry(z, i), &text, f);
	}
	zip_free(z);
	assert_int_equal(close(fd), 0);
	return rc;
}

static size_t
find(const struct buf *b, const char *what, size_t len, int nth)
{
	for (size_t i = 0; i + len <= b->len; i++)
		if (memcmp(b->p + i, what, len) == 0 && nth-- == 0)
			return i;
	fail();
	return 0;
}

/* A byte of the nth record that begins so gets another value. */
struct edit {
	const char *signature;
	int nth;
	size_t offset;
	unsigned char value;
	const char *says;
	int both; /* in the local header too, at this offset */
};

#define LOCAL "PK\3\4"
#define CENTRAL "PK\1\2"
#define END "PK\5\6"

static void
refuses_each_edit(void **state)
{
	static const struct edit edits[] = {
		{ LOCAL, 1, 6, 8, "different things", 0 },
		{ LOCAL, 1, 8, 0, "different things", 0 },
		{ LOCAL, 1, 10, 1, "different things", 0 },
		{ LOCAL, 1, 14, 1, "different things", 0 },
		{ LOCAL, 1, 18, 1, "different things", 0 },
		{ LOCAL, 1, 22, 1, "different things", 0 },
		{ LOCAL, 1, 26, 4, "different things", 0 },
		{ LOCAL, 1, 28, 4, "different things", 0 },
		{ LOCAL, 1, 30, 'x', "different things", 0 },
		{ LOCAL, 0, 0, 'x', "different things", 0 },
		{ CENTRAL, 1, 8, 1, "is encrypted", 6 },
		{ CENTRAL, 1, 8, 8, "has a data descriptor", 6 },
		{ CENTRAL, 1, 9, 8, "has flags set", 7 },
		{ CENTRAL, 1, 10, 12, "neither stored nor deflated", 8 },
		{ CENTRAL, 1, 10, 0, "stored, with two sizes", 8 },
		{ CENTRAL, 1, 16, 1, "its CRC-32 is not", 14 },
		{ CENTRAL, 1, 24, 23, "longer than it states", 22 },
		{ CENTRAL, 1, 24, 25, "shorter than it states", 22 },
		{ CENTRAL, 1, 20, 1, "", 18 },
		{ CENTRAL, 1, 27, 9, "over 200 times", 25 },
		{ CENTRAL, 1, 30, 1, "extra field", 28 },
		{ CENTRAL, 1, 32, 1, "extra field or a comment", 0 },
		{ CENTRAL, 1, 34, 1, "is in another part", 0 },
		{ CENTRAL, 1, 38, 1, "attributes of a file system", 0 },
		{ CENTRAL, 1, 42, 0, "does not begin where", 0 },
		{ CENTRAL, 1, 46, '/', "is absolute", 30 },
		{ CENTRAL, 1, 46, '\\', "a character other", 30 },
		{ CENTRAL, 1, 46, '\n', "a character other", 30 },
		{ CENTRAL, 1, 46, 0, "a character other", 30 },
		{ CENTRAL, 1, 46, 0xc3, "a character other", 30 },
		{ CENTRAL, 2, 46, '.', "", 0 },
		{ CENTRAL, 2, 0, 'x', "the directory is damaged", 0 },
		{ END, 0, 0, 'x', "does not end as a ZIP does", 0 },
		{ END, 0, 4, 1, "is in several parts", 0 },
		{ END, 0, 8, 2, "is in several parts", 0 },
		{ END, 0, 12, 1, "bytes before the first entry", 0 },
		{ END, 0, 16, 1, "bytes before the first entry", 0 },
		{ END, 0, 20, 1, "a comment or other bytes", 0 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(edits); i++) {
		const struct edit *e = &edits[i];
		struct fault f = { 0 };
		BUF_AUTO(b, FILE_MAX);

		sample(&b);
		b.p[find(&b, e->signature, 4, e->nth) + e->offset] =
		    (char)e->value;
		if (e->both > 0)
			b.p[find(&b, LOCAL, 4, e->nth) + (size_t)e->both] =
			    (char)e->value;
		if (whole(&b, &f) == 0)
			fail_msg("edit %zu: not refused", i);
		if (strstr(f.text, e->says) == NULL)
			fail_msg("edit %zu: '%s'", i, f.text);
	}
}

static void
refuses_more_and_less(void **state)
{
	struct fault f = { 0 };
	BUF_AUTO(b, FILE_MAX);
	BUF_AUTO(c, FILE_MAX);

	(void)state;
	sample(&b);
	for (size_t n = 0; n < b.len; n++) {
		struct buf cut = { .p = b.p, .len = n };

		assert_int_equal(whole(&cut, &f), -1);
	}
	buf_put(&c, "x", 1);
	buf_put(&c, b.p, b.len);
	assert_int_equal(whole(&c, &f), -1);
	buf_putc(&b, 'x');
	assert_int_equal(whole(&b, &f), -1);
}

static void
refuses_names(void **state)
{
	static const char *const bad[] = { "", "/a", "a/", "a//b", "..", "../a",
		"a/../b", "a/..", ".", "./a", "a\\b", "a b", "a\tb", "C:a",
		"caf\xc3\xa9", "a*" };
	static const char *const good[] = { "a", "a/b/c", "META-INF/x.p7s",
		"..a", "a..b", ".a" };
	struct fault f = { 0 };
	char longest[ZIP_NAME_MAX + 2];
	int fd = temporary("", 0);
	struct zip_writer *w = zip_writer_new(fd, "it", &f);

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_non_null(zip_name_refused(longest, sizeof(longest) - 1));
	for (size_t i = 0; i < LENGTH(bad); i++) {
		assert_non_null(zip_name_refused(bad[i], strlen(bad[i])));
		assert_int_equal(zip_add(w, bad[i], "", 0, true, &f), -1);
	}
	for (size_t i = 0; i < LENGTH(good); i++)
		assert_null(zip_name_refused(good[i], strlen(good[i])));
	zip_writer_free(w);
	assert_int_equal(close(fd), 0);
}

static void
refuses_twins(void **state)
{
	static const char *const names[][2] = { { "a", "a" }, { "a", "A" } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fault f = { 0 };
		int fd = temporary("", 0);
		struct zip_writer *w = zip_writer_new(fd, "it", &f);

		assert_int_equal(zip_add(w, names[i][0], "1", 1, true, &f), 0);
		assert_int_equal(zip_add(w, "b", "1", 1, true, &f), 0);
		assert_int_equal(zip_add(w, names[i][1], "2", 1, true, &f), 0);
		assert_int_equal(zip_end(w, &f), 0);
		zip_writer_free(w);
		assert_null(zip_open(fd, "it", &f));
		assert_non_null(strstr(f.text, "is there twice"));
		assert_int_equal(close(fd), 0);
	}
}

/* What packs better than a reader would believe is stored. */
static void
stores_what_looks_like_a_bomb(void **state)
{
	static char zeros[2 * FILE_MAX];
	struct fault f = { 0 };
	int from = temporary(zeros, sizeof(zeros)), fd = temporary("", 0);
	struct zip_writer *w = zip_writer_new(fd, "it", &f);
	struct zip *z;

	(void)state;
	assert_int_equal(lseek(from, 0, SEEK_SET), 0);
	assert_int_equal(zip_add_fd(w, "zeros", from, false, &f), 0);
	assert_int_equal(zip_add(w, "after", "x", 1, false, &f), 0);
	assert_int_equal(zip_end(w, &f), 0);
	zip_writer_free(w);
	z = zip_open(fd, "it", &f);
	assert_non_null(z);
	assert_int_equal(zip_find(z, "zeros")->method, 0);
	assert_int_equal(zip_find(z, "zeros")->size, sizeof(zeros));
	zip_free(z);
	assert_int_equal(close(fd), 0);
	assert_int_equal(close(from), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_it_wrote),
		cmocka_unit_test(refuses_each_edit),
		cmocka_unit_test(refuses_more_and_less),
		cmocka_unit_test(refuses_names),
		cmocka_unit_test(refuses_twins),
		cmocka_unit_test(stores_what_looks_like_a_bomb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
