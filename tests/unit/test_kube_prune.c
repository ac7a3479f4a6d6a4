/* Stepping over JSON, keeping parts of it, and reading what is plain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/kube/alike.h"
#include "base/length.h"
#include "collector/kube/plain_object.h"
#include "collector/kube/prune.h"
#include "collector/kube/skip.h"

/* ---- stepping over ---- */

/* Where the object or list at p ends, byte after byte. */
static size_t
end_of(const char *p, size_t len)
{
	bool string = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (string && p[i] == '\\')
			i++;
		else if (p[i] == '"')
			string = !string;
		else if (!string && (p[i] == '{' || p[i] == '['))
			depth++;
		else if (!string && (p[i] == '}' || p[i] == ']') &&
			 --depth == 0)
			return i + 1;
	}
	return 0;
}

static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 16;
}

/* Brackets and strings in any order, begun by a bracket; backslashes stand in
 * strings alone. */
static size_t
jumble(char *p, size_t max, unsigned *seed)
{
	static const char bytes[] = "{}[]\"\"\\\\ab, :{[";
	size_t len = 1 + next(seed) % (max - 1);
	bool string = false, escaped = false;

	p[0] = '{';
	for (size_t i = 1; i < len; i++) {
		p[i] = bytes[next(seed) % (sizeof(bytes) - 1)];
		if (p[i] == '\\' && !string)
			p[i] = ' ';
		if (p[i] == '"' && !escaped)
			string = !string;
		escaped = p[i] == '\\' && !escaped;
	}
	return len;
}

static void
an_end_is_found_in_pieces_of_any_size(void **state)
{
	char text[400];
	unsigned seed = 20261126;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t len = jumble(text, sizeof(text), &seed), piece, used = 0;
		size_t end = end_of(text, len);
		struct skip s = { 0 };

		while (used < len) {
			piece = 1 + next(&seed) % 150;
			piece = piece < len - used ? piece : len - used;
			used += skip_nested(&s, text + used, piece, 1000);
			if (s.depth == 0)
				break;
		}
		if (used != (end != 0 ? end : len) ||
		    (s.depth == 0) != (end != 0))
			fail_msg("round %d: %.*s", round, (int)len, text);
	}
}

static void
what_is_too_deep_is_told(void **state)
{
	char text[200];
	struct skip s = { 0 };

	(void)state;
	(void)memset(text, '[', sizeof(text));
	assert_int_equal(skip_nested(&s, text, sizeof(text), 70), 70);
	assert_int_equal(s.depth, 71);
	s = (struct skip){ 0 };
	(void)memset(text + 70, ']', 70);
	assert_int_equal(skip_nested(&s, text, sizeof(text), 70), 140);
	assert_int_equal(s.depth, 0);
}

/* ---- keeping ---- */

static const char *const paths[] = { "?m.name", "m.labels[\"a.b/c\"]",
	"spec.list.x", "whole", NULL };

static void
only_what_is_named_is_kept(void **state)
{
	static const char *const cases[][2] = {
		{ "{}", "{}" },
		{ "{ \"a\" : 1 , \"whole\" : [ 1 , {} ] }",
		    "{\"whole\" : [ 1 , {} ]}" },
		{ "{\"m\":{\"name\":\"web-1.x\",\"uid\":\"u\"}}",
		    "{\"m\":{\"name\":true}}" },
		{ "{\"m\":{\"name\":\"\"}}", "{\"m\":{\"name\":\"\"}}" },
		{ "{\"m\":{\"name\":\"a\\u0041\"}}",
		    "{\"m\":{\"name\":\"a\\u0041\"}}" },
		{ "{\"m\":{\"name\":null,\"labels\":{\"a\":1,\"a.b/"
		  "c\":\"v\"}}}",
		    "{\"m\":{\"name\":null,\"labels\":{\"a.b/c\":\"v\"}}}" },
		{ "{\"m\":null,\"spec\":3,\"whole\":null}",
		    "{\"whole\":null}" },
		{ "{\"spec\":{\"list\":[{\"x\":1,\"y\":2},3,[],{\"x\":4}]}}",
		    "{\"spec\":{\"list\":[{\"x\":1},{\"x\":4}]}}" },
		{ "{\"whole\":1,\"whole\":2}", "{\"whole\":1,\"whole\":2}" },
		{ "{\"wholes\":1,\"whol\":2,\"\":3}", "{}" },
	};
	struct keep keep;

	(void)state;
	keep_init(&keep, paths);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		BUF_AUTO(out, 4096);
		size_t len = strlen(cases[i][0]);

		/* what follows is not looked at */
		assert_int_equal(prune(&keep, cases[i][0], len, &out), len);
		assert_string_equal(out.p, cases[i][1]);
	}
}

static void
what_breaks_off_or_is_no_json_is_refused(void **state)
{
	static const char *const cases[] = { "", "[", "{", "{\"whole", "{\"a\"",
		"{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}",
		"{\"a\" 1}", "{a:1}", "{\"a\":1]", "{\"a\":}", "{\"a\":[}",
		"{\"spec\":{\"list\":[,]}}", "{\"spec\":{\"list\":[1,]}}",
		"{\"spec\":{\"list\":[{\"x\":1}}}", "{\"a\":\"\\\"}" };
	struct keep keep;

	(void)state;
	keep_init(&keep, paths);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		BUF_AUTO(out, 4096);

		if (prune(&keep, cases[i], strlen(cases[i]), &out) != 0)
			fail_msg("%s", cases[i]);
	}
}

/* Depth is counted from the object, however far down it is begun to skip. */
static void
an_object_has_64_levels_and_no_more(void **state)
{
	struct keep keep;

	(void)state;
	keep_init(&keep, paths);
	for (int n = PRUNE_DEPTH_MAX - 2; n <= PRUNE_DEPTH_MAX + 1; n++) {
		BUF_AUTO(text, 4096);
		BUF_AUTO(out, 4096);

		buf_puts(&text, "{\"m\":{\"a\":");
		for (int i = 2; i < n; i++)
			buf_putc(&text, '[');
		for (int i = 2; i < n; i++)
			buf_putc(&text, ']');
		buf_puts(&text, "}}");
		assert_int_equal(prune(&keep, text.p, text.len, &out) != 0,
		    n <= PRUNE_DEPTH_MAX);
	}
}

/* ---- reading ---- */

static void
plain_text_is_read_as_jansson_reads_it(void **state)
{
	static const char *const plain[] = { "{}", "[]", " [ 1 , -2 ] ",
		"{\"a\":{\"b\":[true,false,null,\"\",\"x y~\"]},\"c\":0}",
		"[999999999999999,-999999999999999,0]" };
	static const char *const other[] = { "", "1", "\"a\"", "{", "[1,]",
		"[,]", "{\"a\":1,}", "{\"a\"}", "{\"a\":1,\"a\":1}", "[01]",
		"[-0]", "[1.5]", "[1e3]", "[1000000000000000]", "[-]", "[+1]",
		"[\"\\n\"]", "[\"\xc3\xa9\"]", "[\"\x01\"]", "[tru]", "[truee]",
		"[1]x", "{1:2}", "[1 2]" };

	(void)state;
	for (size_t i = 0; i < LENGTH(plain); i++) {
		size_t len = strlen(plain[i]);
		json_t *ours = plain_read(plain[i], len);
		json_t *theirs =
		    json_loadb(plain[i], len, JSON_REJECT_DUPLICATES, NULL);

		if (ours == NULL || !json_equal(ours, theirs))
			fail_msg("%s", plain[i]);
		json_decref(ours);
		json_decref(theirs);
	}
	for (size_t i = 0; i < LENGTH(other); i++)
		if (plain_read(other[i], strlen(other[i])) != NULL)
			fail_msg("%s", other[i]);
}

/* ---- alike ---- */

static void
the_last_few_texts_are_known(void **state)
{
	struct alike a = { 0 };
	BUF_AUTO(text, 64);
	BUF_AUTO(none, 64);

	(void)state;
	alike_add(&a, &none);
	assert_false(alike_seen(&a, &none));
	for (int i = 0; i <= ALIKE_TEXTS; i++) {
		buf_reset(&text);
		buf_printf(&text, "pod %d", i);
		assert_false(alike_seen(&a, &text));
		alike_add(&a, &text);
		assert_true(alike_seen(&a, &text));
	}
	buf_reset(&text);
	buf_puts(&text, "pod 1");
	assert_true(alike_seen(&a, &text));
	buf_reset(&text);
	buf_puts(&text, "pod 0");
	assert_false(alike_seen(&a, &text));
	alike_forget(&a);
	buf_reset(&text);
	buf_puts(&text, "pod 1");
	assert_false(alike_seen(&a, &text));
	alike_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_end_is_found_in_pieces_of_any_size),
		cmocka_unit_test(what_is_too_deep_is_told),
		cmocka_unit_test(only_what_is_named_is_kept),
		cmocka_unit_test(what_breaks_off_or_is_no_json_is_refused),
		cmocka_unit_test(an_object_has_64_levels_and_no_more),
		cmocka_unit_test(plain_text_is_read_as_jansson_reads_it),
		cmocka_unit_test(the_last_few_texts_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
