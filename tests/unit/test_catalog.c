/*
 * Catalogues: what is refused and why, and that every one compiled in is dated,
 * has a source and holds together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/judge/catalog.h"
#include "report/judge/check.h"
#include "base/length.h"
#include "base/file.h"
#include "report/judge/query.h"
#include "report/judge/catalog_table.h"

#define HEAD "# title: t\n# date: 2026-01-02\n# source: https://x\n"

static struct crypto *
crypto(void)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);

	assert_non_null(c);
	return c;
}

/* Load with one file more, of this name and these bytes. */
static int
load(struct catalogs *cs, struct crypto *c, const char *name, const char *text,
    size_t len, struct fault *f)
{
	char dir[] = "/tmp/exhibit-catalog-XXXXXX", path[128];
	int rc;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(file_write(path, text, len, 0644, f), 0);
	rc = catalogs_load(cs, dir, c, f);
	(void)unlink(path);
	(void)rmdir(dir);
	return rc;
}

static void
refuses_what_is_not_one(void **state)
{
	static const struct {
		const char *name, *text, *why;
	} cases[] = {
		{ "Bad.tsv", HEAD "a\nx\n", "is named with" },
		{ "a b.tsv", HEAD "a\nx\n", "is named with" },
		{ "c.tsv", "", "no row" },
		{ "c.tsv", HEAD, "no row" },
		{ "c.tsv", HEAD "a\n", "no row" },
		{ "c.tsv", HEAD "a\tb\nx\n", "1 cells, but there are 2" },
		{ "c.tsv", HEAD "a\nx\ty\n", "2 cells, but there are 1" },
		{ "c.tsv", HEAD "a\nx", "cut off" },
		{ "c.tsv", HEAD "a\nx\r\n", "control character" },
		{ "c.tsv", HEAD "A\nx\n", "column's name" },
		{ "c.tsv", HEAD "a\ta\nx\ty\n", "stands twice" },
		{ "c.tsv", HEAD "\nx\n", "column's name" },
		{ "c.tsv", "# title: t\na\nx\n", "it needs" },
		{ "c.tsv", "# title: t\n# date: 2026-01-02\na\nx\n",
		    "it needs" },
		{ "c.tsv", "# title: t\n# date: soon\n# source: s\na\nx\n",
		    "is not like" },
		{ "c.tsv", "# title: t\n# title: u\n" HEAD "a\nx\n",
		    "stands twice" },
		{ "c.tsv", HEAD "a\n\xff\n", "UTF-8" },
	};
	struct crypto *c = crypto();

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct catalogs cs;
		struct fault f = { 0 };

		if (load(&cs, c, cases[i].name, cases[i].text,
			strlen(cases[i].text), &f) == 0)
			fail_msg("case %zu was taken", i);
		assert_int_equal(f.kind, FAULT_FORMAT);
		if (strstr(f.text, cases[i].why) == NULL)
			fail_msg("case %zu: '%s' does not say '%s'", i, f.text,
			    cases[i].why);
		assert_non_null(strstr(f.text, cases[i].name));
	}
	crypto_free(c);
}

static void
a_nul_byte_is_refused(void **state)
{
	static const char text[] = HEAD "a\nx\0y\n";
	struct crypto *c = crypto();
	struct catalogs cs;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(load(&cs, c, "c.tsv", text, sizeof(text) - 1, &f), -1);
	assert_non_null(strstr(f.text, "NUL"));
	crypto_free(c);
}

static void
one_becomes_a_table(void **state)
{
	static const char text[] =
	    HEAD "# note: kept\nid\tvalue\n1\tone\n2\t\n3\t'; DROP\n";
	const char *path = "/tmp/exhibit-catalog-test.db";
	struct crypto *c = crypto();
	struct catalogs cs;
	struct fault f = { 0 };
	struct store *st;
	sqlite3_stmt *q;

	(void)state;
	(void)unlink(path);
	assert_int_equal(
	    load(&cs, c, "some-thing.tsv", text, sizeof(text) - 1, &f), 0);
	assert_non_null(catalogs_find(&cs, "some-thing"));
	assert_int_equal(catalogs_find(&cs, "some-thing")->nrows, 3);
	assert_string_equal(
	    catalogs_find(&cs, "some-thing")->date, "2026-01-02");
	assert_int_equal(
	    store_create(path, "test", "2026-01-01T00:00:00Z", c, &f), 0);
	st = store_open(path, STORE_READ, NULL, c, &f);
	assert_non_null(st);
	assert_int_equal(catalogs_attach_for(&cs,
			     "SELECT * FROM catalog_some_thing_else", st, &f),
	    0);
	assert_int_not_equal(
	    sqlite3_prepare_v2(
		store_db(st), "SELECT * FROM catalog_some_thing", -1, &q, NULL),
	    SQLITE_OK);
	for (int twice = 0; twice < 2; twice++)
		assert_int_equal(
		    catalogs_attach_for(&cs,
			"SELECT * FROM catalog_some_thing WHERE 1", st, &f),
		    0);
	assert_int_equal(
	    sqlite3_prepare_v2(store_db(st),
		"SELECT group_concat(id || coalesce(value, '-'), ' ') FROM "
		"catalog_some_thing",
		-1, &q, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	assert_string_equal(
	    (const char *)sqlite3_column_text(q, 0), "1one 2- 3'; DROP");
	(void)sqlite3_finalize(q);
	store_close(st);
	catalogs_free(&cs);
	(void)unlink(path);
	crypto_free(c);
}

static void
those_compiled_in_are_dated_and_sourced(void **state)
{
	struct crypto *c = crypto();
	struct catalogs cs;
	struct fault f = { 0 };

	(void)state;
	if (catalogs_load(&cs, NULL, c, &f) == -1)
		fail_msg("%s", f.text);
	for (size_t i = 0; i < cs.n; i++) {
		assert_true(cs.list[i].nsources > 0);
		assert_true(cs.list[i].nrows > 0);
	}
	catalogs_free(&cs);
	crypto_free(c);
}

/* Two tables in one place: one of them would not be in any report. */
static void
every_table_of_the_report_has_its_place(void **state)
{
	struct named_query q;
	int places[256] = { 0 }, n = 0;

	(void)state;
	for (size_t i = 0; named_query_at(i, &q); i++) {
		if (q.order == 0)
			continue;
		for (int k = 0; k < n; k++)
			if (places[k] == q.order)
				fail_msg(
				    "%s: order %d is taken", q.name, q.order);
		places[n++] = q.order;
	}
	assert_true(n > 5);
}

/* Run from the kept table, or as it stands? */
static bool
is_kept(struct store *st, const char *sql)
{
	struct fault f = { 0 };
	BUF_AUTO(out, QUERY_SQL_MAX);

	assert_int_equal(kept_use(st, sql, &out, &f), 0);
	if (strcmp(out.p, sql) == 0)
		return false;
	assert_non_null(strstr(out.p, "ledger AS (SELECT * FROM temp.kept_"));
	assert_null(strstr(out.p, "ledger AS MATERIALIZED"));
	return true;
}

/* Every check that asks for a ledger goes on after a clause that is kept; one
 * whose clause says anything else, as one judged long ago may, does not. */
static void
a_ledger_is_asked_for_once(void **state)
{
	const char *path = "/tmp/exhibit-kept-test.db";
	struct crypto *c = crypto();
	struct checks checks;
	struct fault f = { 0 };
	struct store *st;
	size_t n = 0;

	(void)state;
	(void)unlink(path);
	assert_int_equal(
	    store_create(path, "test", "2026-01-01T00:00:00Z", c, &f), 0);
	assert_int_equal(checks_load(&checks, NULL, NULL, c, &f), 0);
	st = store_open(path, STORE_READ, NULL, c, &f);
	assert_non_null(st);
	for (size_t i = 0; i < checks.n; i++) {
		const char *text = checks.list[i].text;
		BUF_AUTO(changed, QUERY_SQL_MAX);
		char *word;

		if (strstr(text, "ledger AS MATERIALIZED") == NULL)
			continue;
		assert_false(is_kept(st, text));
		assert_int_equal(sqlite3_exec(store_db(st),
				     "CREATE TEMP TABLE kept_module_ledger(x); "
				     "CREATE TEMP TABLE kept_image_ledger(x)",
				     NULL, NULL, NULL),
		    SQLITE_OK);
		assert_true(is_kept(st, text));
		buf_puts(&changed, text);
		word = strstr(changed.p, "'historical'");
		assert_non_null(word);
		word[1] = 'H';
		assert_false(is_kept(st, changed.p));
		assert_int_equal(kept_forget(st, &f), 0);
		n++;
	}
	assert_true(n >= 5);
	store_close(st);
	checks_free(&checks);
	(void)unlink(path);
	crypto_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_not_one),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(one_becomes_a_table),
		cmocka_unit_test(those_compiled_in_are_dated_and_sourced),
		cmocka_unit_test(every_table_of_the_report_has_its_place),
		cmocka_unit_test(a_ledger_is_asked_for_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
