/*
 * Every wrong shape of tests/wrong_shapes.h, and every page that is not whole,
 * as a page of NIST's validation programme: no certificate is read from it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/length.h"
#include "report/judge/cmvp_page.h"
#include "tests/wrong_shapes.h"

static void
refused(const char *what, const char *text, size_t len)
{
	static const char *const statuses[] = { NULL, "Active" };

	for (size_t i = 0; i < LENGTH(statuses); i++) {
		struct cmvp_page page;
		struct fault f = { 0 };

		if (cmvp_page_read(&page, text, len, statuses[i], "page", &f) !=
		    -1)
			fail_msg("%s: read as a page of %zu rows: %.200s", what,
			    page.n, text);
		assert_true(f.text[0] != '\0');
	}
}

static void
no_wrong_shape_is_a_page(void **state)
{
	static const char *const members[] = { "modules", "certificate_number",
		"metadata" };
	char text[256];

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong_shapes); i++)
		refused("shape", wrong_shapes[i], strlen(wrong_shapes[i]));
	for (size_t i = 0; i < LENGTH(wrong_lists); i++)
		for (size_t m = 0; m < LENGTH(members); m++) {
			(void)snprintf(text, sizeof(text), "{\"%s\":%s}",
			    members[m], wrong_lists[i]);
			refused("list", text, strlen(text));
		}
	refused("list", "{\"modules\":[]}", 14);
}

/* What broke off while it was saved may have lost what makes the difference. */
static void
a_page_that_is_not_whole_is_refused(void **state)
{
	static const char *const files[] = { "certificate.html", "list.html",
		"in-process.html", "modules.json", "new.html" };

	(void)state;
	for (size_t i = 0; i < LENGTH(files); i++) {
		BUF_AUTO(text, CMVP_PAGE_MAX);
		struct cmvp_page page;
		struct fault f = { 0 };
		char path[128];
		size_t len;

		(void)snprintf(
		    path, sizeof(path), "fixtures/cmvp/%s", files[i]);
		assert_int_equal(file_read(path, &text, &f), 0);
		if (cmvp_page_read(
			&page, text.p, text.len, "Active", files[i], &f) == -1)
			fail_msg("%s: %s", files[i], f.text);
		cmvp_page_free(&page);
		for (len = text.len; strchr("\r\n ", text.p[len - 1]) != NULL;)
			len--;
		for (size_t part = 1; part < 20; part++)
			refused(files[i], text.p, len * part / 20);
		refused(files[i], text.p, len - 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_wrong_shape_is_a_page),
		cmocka_unit_test(a_page_that_is_not_whole_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
