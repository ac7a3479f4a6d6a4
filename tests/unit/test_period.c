/* Periods: what a person writes, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/length.h"

#include "base/period.h"

static void
reads_every_way_to_write_a_period(void **state)
{
	static const char *const good[][3] = {
		{ "2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z" },
		{ "2026Q1", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z" },
		{ "2026Q3", "2026-07-01T00:00:00Z", "2026-10-01T00:00:00Z" },
		{ "2026Q4", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z" },
		{ "2026-07", "2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z" },
		{ "2028-02", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z" },
		{ "2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z" },
		{ "2026-07-04", "2026-07-04T00:00:00Z",
		    "2026-07-05T00:00:00Z" },
		{ "2026-07-01..2026-09-30", "2026-07-01T00:00:00Z",
		    "2026-10-01T00:00:00Z" },
		{ "2026-07-04T10:00:00Z..2026-07-04T11:30:00Z",
		    "2026-07-04T10:00:00Z", "2026-07-04T11:30:00Z" },
		{ "2026Q2..2026Q3", "2026-04-01T00:00:00Z",
		    "2026-10-01T00:00:00Z" },
		{ "2026-07..2026-08-15", "2026-07-01T00:00:00Z",
		    "2026-08-16T00:00:00Z" },
		{ "1970", "1970-01-01T00:00:00Z", "1971-01-01T00:00:00Z" },
	};
	struct period p;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		if (period_parse(good[i][0], &p, &f) == -1)
			fail_msg("%s: %s", good[i][0], f.text);
		assert_string_equal(p.from, good[i][1]);
		assert_string_equal(p.to, good[i][2]);
	}
}

static void
refuses_what_is_no_period(void **state)
{
	static const char *const bad[][2] = {
		{ "", "neither a year" },
		{ "now", "'now' is neither" },
		{ "2026Q0", "'2026Q0' is neither" },
		{ "2026Q5", "'2026Q5' is neither" },
		{ "2026q3", "'2026q3' is neither" },
		{ "2026-00", "'2026-00' is neither" },
		{ "2026-13", "'2026-13' is neither" },
		{ "2026-7", "'2026-7' is neither" },
		{ "2026-02-30", "'2026-02-30' is neither" },
		{ "1969", "'1969' is neither" },
		{ "9999", "'9999' is neither" },
		{ "9999-12-31", "'9999-12-31' is neither" },
		{ "20260", "'20260' is neither" },
		{ "2026-07-04T10:00", "'2026-07-04T10:00' is neither" },
		{ "2026-07-04T10:00:00Z", "one moment is no period" },
		{ "2026-07-04..", "'' is neither" },
		{ "..2026-07-04", "'' is neither" },
		{ "2026-07..2026-08..2026-09", "is neither" },
		{ "2026-07-05..2026-07-04", "ends before it begins" },
		{ "2026Q3..2026Q2", "ends before it begins" },
		{ "2026-07-04T10:00:00Z..2026-07-04T10:00:00Z",
		    "ends before it begins" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    "is neither" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct period p = { "untouched", "untouched" };
		struct fault f;

		if (period_parse(bad[i][0], &p, &f) == 0)
			fail_msg("took '%s'", bad[i][0]);
		assert_int_equal(f.kind, FAULT_USAGE);
		if (strstr(f.text, bad[i][1]) == NULL)
			fail_msg("%s: %s", bad[i][0], f.text);
		assert_string_equal(p.from, "untouched");
	}
}

static void
knows_the_quarter_of_a_time(void **state)
{
	struct period p;

	(void)state;
	period_quarter_of("2026-11-23T09:00:00Z", &p);
	assert_string_equal(p.from, "2026-10-01T00:00:00Z");
	assert_string_equal(p.to, "2027-01-01T00:00:00Z");
	period_quarter_of("2026-03-31T23:59:59Z", &p);
	assert_string_equal(p.from, "2026-01-01T00:00:00Z");
	assert_string_equal(p.to, "2026-04-01T00:00:00Z");
	period_quarter_of("9999-12-31T23:59:59Z", &p);
	assert_string_equal(p.from, p.to);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_way_to_write_a_period),
		cmocka_unit_test(refuses_what_is_no_period),
		cmocka_unit_test(knows_the_quarter_of_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
