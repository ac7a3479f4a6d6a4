/* Retention: what goes, what stays, and that no cut takes what is needed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store.h"

static const struct kind thing = {
	.name = "t.thing",
	.columns =
	    (const struct column[]){
		{ "size", COLUMN_INTEGER, "", "" },
		{ 0 },
	    },
};
static const struct kind *const kinds[] = { &thing, NULL };

struct fixture {
	struct crypto *crypto;
	char folder[64], path[128];
	struct store *st;
	struct fault f;
};

#define OK(x, call)                                                            \
	do {                                                                   \
		if ((call) == -1)                                              \
			fail_msg("%s: %s", #call, (x)->f.text);                \
	} while (0)

static int
setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	strcpy(x->folder, "/tmp/exhibit-retain-XXXXXX");
	assert_non_null(mkdtemp(x->folder));
	(void)snprintf(x->path, sizeof(x->path), "%s/s.db", x->folder);
	x->crypto = crypto_new(false, &x->f);
	assert_non_null(x->crypto);
	OK(x, store_create(
		  x->path, "test", "1980-01-01T00:00:00Z", x->crypto, &x->f));
	x->st = store_open(x->path, STORE_WRITE, kinds, x->crypto, &x->f);
	if (x->st == NULL)
		fail_msg("%s", x->f.text);
	*state = x;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *x = *state;
	char cmd[128];

	store_close(x->st);
	crypto_free(x->crypto);
	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s", x->folder);
	assert_int_equal(system(cmd), 0);
	free(x);
	return 0;
}

static long long
number(struct fixture *x, const char *sql)
{
	sqlite3_stmt *q;
	long long n;

	if (store_prepare(x->st, sql, &q, &x->f) == -1)
		fail_msg("%s: %s", sql, x->f.text);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	return n;
}

/* One run of the year; sizes[i] is the size of thing i, below 0: not there. */
static void
collect_many(struct fixture *x, int year, const long long *sizes, int n)
{
	char at[UTC_LEN], key[16];
	const struct run_begin b = { at, "test", "tester", "0", "{}", false };
	struct run_result result;
	struct emitter e;
	struct run *r;
	struct sink s;

	(void)snprintf(
	    at, sizeof(at), "%04u-06-01T00:00:00Z", (unsigned)year % 10000U);
	r = run_new(x->st, &b, &x->f);
	assert_non_null(r);
	s = run_sink(r);
	OK(x, emitter_init(&e, &s, kinds, "test", "host/a", &x->f));
	for (int i = 0; i < n; i++) {
		ATTRS_AUTO(a);

		(void)snprintf(key, sizeof(key), "k%d", i);
		attrs_int(&a, "size", sizes[i]);
		if (sizes[i] >= 0)
			OK(x, emit_observed(&e, &thing, key, &a, "/s", &x->f));
	}
	OK(x, emit_coverage(&e, OUTCOME_OBSERVED, NULL, &x->f));
	OK(x, run_end(r, at, &result, &x->f));
	emitter_free(&e);
	run_free(r);
}

static void
judge(struct fixture *x, int year, long long run, const char *verdict)
{
	char at[UTC_LEN];
	struct judgement_begin b = { at, at, "all", run, NULL, NULL, NULL,
		NULL };
	struct judgement *j;
	long long id;

	(void)snprintf(
	    at, sizeof(at), "%04u-07-01T00:00:00Z", (unsigned)year % 10000U);
	b.checks = json_object();
	b.catalogs = json_object();
	b.parameters = json_object();
	j = judgement_new(x->st, &b, &x->f);
	assert_non_null(j);
	OK(x, judgement_put(j, "c", 1, verdict, verdict, &x->f));
	OK(x, judgement_end(j, &id, &x->f));
	judgement_free(j);
	json_decref(b.checks);
	json_decref(b.catalogs);
	json_decref(b.parameters);
}

static struct retain_result
retain_on(struct fixture *x, const char *made, const char *cut)
{
	const struct retain_request r = { made, cut, "test", "tester" };
	struct retain_result out;

	OK(x, store_retain(x->st, &r, &out, &x->f));
	return out;
}

static struct retain_result
retain(struct fixture *x, const char *cut)
{
	return retain_on(x, "2030-01-01T00:00:00Z", cut);
}

static void
note(void *ctx, const char *where, const char *what)
{
	char *all = ctx;
	size_t len = strlen(all);

	(void)snprintf(all + len, 4096 - len, "%s: %s\n", where, what);
}

static struct verify_counts
sound(struct fixture *x)
{
	char all[4096] = "";
	struct verify_counts n;
	const struct verifier v = { note, NULL, all, NULL };

	OK(x, store_verify(x->st, &v, &n, &x->f));
	assert_string_equal(all, "");
	return n;
}

static void
one_year(struct fixture *x, int year)
{
	const long long i = year - 2021;
	const long long sizes[] = { i, 100, i < 2 ? 200 : -1 };

	collect_many(x, year, sizes, 3);
}

static void
years(struct fixture *x)
{
	for (int year = 2021; year <= 2025; year++)
		one_year(x, year);
}

static void
what_was_superseded_goes(void **state)
{
	struct fixture *x = *state;
	struct retain_result r;

	years(x);
	r = retain(x, "2023-12-01T00:00:00Z");
	assert_int_equal(r.run, 3);
	/* k0 of runs 1 and 2, k2; all have one provenance, which stays; and
	 * the coverage of runs 1 and 2, that had three subjects */
	assert_int_equal(r.contents, 4);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM t_thing_at WHERE run >= 3 "
		      "AND (outcome <> 'observed' OR size IS NULL)"),
	    0);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM t_thing_at WHERE run = 1 "
		      "AND outcome = 'dropped' AND reason = 'dropped by "
		      "retention on 2030-01-01' AND size IS NULL"),
	    2);
	assert_int_equal(
	    number(x, "SELECT size FROM t_thing_at WHERE run = 1 AND "
		      "key = 'k1'"),
	    100);
	assert_int_equal(sound(x).dropped, 4);
	assert_int_equal(retain(x, "2023-12-01T00:00:00Z").contents, 0);
	OK(x, store_compact(x->st, &x->f));
	(void)sound(x);
}

static void
a_cut_before_everything_drops_nothing(void **state)
{
	struct fixture *x = *state;

	years(x);
	assert_int_equal(retain(x, "2020-12-01T00:00:00Z").contents, 0);
	assert_int_equal(retain(x, "2021-06-01T00:00:00Z").contents, 0);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM log WHERE type = 'tombstone'"), 0);
}

static void
verdicts_in_force_stay(void **state)
{
	struct fixture *x = *state;

	one_year(x, 2021);
	judge(x, 2021, 1, "satisfied");
	one_year(x, 2022);
	judge(x, 2022, 2, "not-satisfied");
	one_year(x, 2023);
	judge(x, 2023, 3, "unknown");
	one_year(x, 2024);
	judge(x, 2024, 1, "not-applicable"); /* of an old state, later */
	one_year(x, 2025);
	(void)retain(x, "2023-12-01T00:00:00Z");
	assert_int_equal(
	    number(x, "SELECT count(*) FROM verdict_at WHERE judgement "
		      "IN (1, 2) AND verdict = 'unknown' AND reason "
		      "LIKE 'dropped by retention%'"),
	    2);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM verdict_at WHERE judgement "
		      "= 3 AND reason = 'unknown'"),
	    1);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM verdict_at WHERE judgement "
		      "= 4 AND reason = 'not-applicable'"),
	    1);
	assert_int_equal(number(x, "SELECT count(*) FROM verdict_change WHERE "
				   "judgement = 3 AND was = 'dropped'"),
	    1);
	(void)sound(x);
}

static void
store_dropped_tells_the_day(void **state)
{
	struct fixture *x = *state;
	char on[UTC_LEN], cut[UTC_LEN];

	for (int year = 2021; year <= 2023; year++)
		one_year(x, year);
	judge(x, 2023, 3, "satisfied");
	judge(x, 2023, 3, "not-satisfied");
	one_year(x, 2024);
	one_year(x, 2025);
	assert_int_equal(store_dropped(x->st, 1, 0, on, &x->f), 0);
	assert_int_equal(store_cut(x->st, cut, &x->f), 0);
	(void)retain(x, "2023-12-01T00:00:00Z");
	assert_int_equal(store_dropped(x->st, 1, 0, on, &x->f), 1);
	assert_string_equal(on, "2030-01-01");
	assert_int_equal(store_dropped(x->st, 3, 0, on, &x->f), 0);
	assert_int_equal(store_dropped(x->st, 3, 1, on, &x->f), 1);
	assert_int_equal(store_dropped(x->st, 3, 2, on, &x->f), 0);
	assert_int_equal(store_cut(x->st, cut, &x->f), 1);
	assert_string_equal(cut, "2023-12-01T00:00:00Z");
}

/* Seeded: whatever happened and wherever the cut is, nothing from it on is
 * lost, and the store is sound. */
static void
any_history_any_cut(void **state)
{
	struct fixture *x = *state;
	unsigned seed = 20261124;

	for (int i = 0; i < 24; i++) {
		long long sizes[8];

		for (int k = 0; k < 8; k++) {
			seed = seed * 1103515245U + 12345U;
			sizes[k] = (long long)(seed >> 16) % 30 - 1;
		}
		collect_many(x, 1990 + i, sizes, 8);
		if (i % 5 == 4) {
			char cut[UTC_LEN], made[UTC_LEN];

			(void)snprintf(cut, sizeof(cut), "%04u-12-01T00:00:00Z",
			    (unsigned)(1987 + i) % 10000U);
			(void)snprintf(made, sizeof(made),
			    "%04u-07-01T00:00:00Z",
			    (unsigned)(1990 + i) % 10000U);
			(void)retain_on(x, made, cut);
			(void)sound(x);
			assert_int_equal(
			    number(x,
				"SELECT count(*) FROM t_thing_at v JOIN ended "
				"e ON e.run = v.run WHERE (v.outcome <> "
				"'observed' OR v.size IS NULL) AND e.run >= "
				"(SELECT max(body ->> '$.run') FROM log WHERE "
				"type = 'tombstone')"),
			    0);
		}
	}
	assert_true(
	    number(x, "SELECT count(*) FROM content WHERE body IS NULL") > 0);
	assert_true(number(x, "SELECT count(*) FROM tombstone t JOIN content c "
			      "ON c.id = t.content WHERE c.body IS NOT NULL") >
		    0); /* some came back */
}

/* More than one record lists. */
static void
many_contents_take_several_records(void **state)
{
	struct fixture *x = *state;
	static long long sizes[1500];

	for (int i = 0; i < 1500; i++)
		sizes[i] = i;
	collect_many(x, 2021, sizes, 1500);
	for (int i = 0; i < 1500; i++)
		sizes[i] = 10000 + i;
	collect_many(x, 2022, sizes, 1500);
	assert_int_equal(retain(x, "2023-01-01T00:00:00Z").contents, 1500);
	assert_int_equal(
	    number(x, "SELECT count(*) FROM log WHERE type = 'tombstone'"), 2);
	assert_int_equal(sound(x).dropped, 1500);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_was_superseded_goes),
		T(a_cut_before_everything_drops_nothing),
		T(verdicts_in_force_stay),
		T(store_dropped_tells_the_day),
		T(any_history_any_cut),
		T(many_contents_take_several_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
