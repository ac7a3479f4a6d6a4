/* From trees to columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/length.h"

#include "collector/kit/project.h"

static const struct column columns[] = {
	{ "all", COLUMN_JSON, ".sets[].items[].id", "" },
	{ "empty", COLUMN_JSON, ".none[]", "" },
	{ "flag", COLUMN_BOOLEAN, ".flag", "" },
	{ "flag_text", COLUMN_BOOLEAN, ".text.flag", "" },
	{ "flag_wrong", COLUMN_BOOLEAN, ".text.number", "" },
	{ "missing_list", COLUMN_JSON, ".nowhere[].id", "" },
	{ "number", COLUMN_INTEGER, ".number", "" },
	{ "number_text", COLUMN_INTEGER, ".text.number", "" },
	{ "number_wrong", COLUMN_INTEGER, ".text.long", "" },
	{ "other", COLUMN_TEXT, "code", "" },
	{ "quoted", COLUMN_TEXT, ".labels[\"a.b/c\"]", "" },
	{ "tree", COLUMN_JSON, ".text", "" },
	{ NULL, COLUMN_TEXT, NULL, NULL },
};

static const struct kind kind = { "test", "", "", "", columns };

static const char answer[] =
    "{\"sets\":[{\"items\":[{\"id\":\"a\"},{\"id\":7},{\"no\":1}]},"
    "{\"items\":[]},{},{\"items\":[{\"id\":{\"deep\":\"x\"}},{\"id\":true}]}],"
    "\"none\":[],\"flag\":false,\"number\":12,"
    "\"text\":{\"flag\":\"true\",\"number\":\"-5\","
    "\"long\":\"99999999999999999999\"},\"labels\":{\"a.b/c\":\"v\"}}";

static const char expected[] =
    "{\"all\":[\"a\",7,true],\"empty\":[],\"flag\":false,\"flag_text\":true,"
    "\"flag_wrong\":null,\"missing_list\":null,\"number\":12,"
    "\"number_text\":-5,\"number_wrong\":null,\"quoted\":\"v\",\"tree\":null}";

static void
columns_are_filled_by_path_and_type(void **state)
{
	struct fault f = { 0 };
	json_auto_t *tree = json_read(answer, sizeof(answer) - 1, "answer", &f);
	BUF_AUTO(out, 4096);
	ATTRS_AUTO(a);

	(void)state;
	assert_non_null(tree);
	fill_paths(&kind, tree, &a);
	assert_int_equal(attrs_done(&a, &f), 0);
	attrs_canonical(&a, &out);
	assert_string_equal(out.p, expected);
}

static int
stop_at_second(void *ctx, const json_t *v)
{
	int *n = ctx;

	(void)v;
	return ++*n == 2 ? 5 : 0;
}

static void
walks_stop_when_told_and_bad_paths_lead_nowhere(void **state)
{
	struct fault f = { 0 };
	json_auto_t *tree = json_read(answer, sizeof(answer) - 1, "answer", &f);
	static const char *const nowhere[] = { "flag", ".", "..a", "[\"flag",
		".flag[]", ".sets", ".flag.x", ".sets[]x" };
	int n = 0;

	(void)state;
	assert_int_equal(
	    path_each(tree, ".sets[].items[]", stop_at_second, &n), 5);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < LENGTH(nowhere); i++)
		assert_null(path_text(tree, nowhere[i]));
	assert_null(path_value(tree, ".sets[]"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_filled_by_path_and_type),
		cmocka_unit_test(
		    walks_stop_when_told_and_bad_paths_lead_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
