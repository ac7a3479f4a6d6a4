/* Requests that no answer can come to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "collector/http/http.h"

/* 64 bytes between two dots: no name of DNS (RFC 1035, 2.3.4), so that the
 * resolver itself refuses it and nothing is sent. */
#define LABEL "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void
a_name_that_does_not_resolve_is_unreachable_however_often_it_is_tried(
    void **state)
{
	struct http_request r = { .method = "GET",
		.url = "https://" LABEL ".invalid/v2/",
		.tries = 3 };
	struct http_answer a;
	struct fault f = { 0 };
	struct http *h = http_new(NULL, &f);

	(void)state;
	assert_non_null(h);
	for (int i = 0; i < 2; i++) {
		f = (struct fault){ 0 };
		assert_int_equal(http_call(h, &r, &a, &f), -1);
		assert_int_equal(f.kind, FAULT_REMOTE);
		assert_non_null(strstr(f.text, "resolve host"));
	}
	http_free(h);
}

static void
a_header_with_a_line_break_is_told(void **state)
{
	static const char *const headers[] = { "A: b\r\nC: d", NULL };
	struct http_request r = { .method = "GET",
		.url = "https://" LABEL ".invalid/",
		.headers = headers };
	struct http_answer a;
	struct fault f = { 0 };
	struct http *h = http_new(NULL, &f);

	(void)state;
	assert_int_equal(http_call(h, &r, &a, &f), -1);
	assert_int_not_equal(f.kind, FAULT_REMOTE);
	http_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_name_that_does_not_resolve_is_unreachable_however_often_it_is_tried),
		cmocka_unit_test(a_header_with_a_line_break_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
