/*
 * Signatures against AWS's published "Signature Version 4 test suite" and the
 * worked examples of the Amazon S3 API Reference (header-based and
 * query-string authentication).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "collector/aws_client/sigv4.h"
#include "base/length.h"
#include "base/utc.h"

static const struct sigv4_key suite_key = { "AKIDEXAMPLE",
	"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", NULL };

#define VANILLA                                                                \
	"5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
#define UNRESERVED                                                             \
	"-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static const struct vector {
	const char *name, *method, *path, *query, *body;
	const char *headers[4];
	const char *signed_headers, *signature;
} suite[] = {
	{ "get-vanilla", "GET", "/", NULL, NULL, { NULL }, "host;x-amz-date",
	    VANILLA },
	{ "get-vanilla-query", "GET", "/", "", NULL, { NULL },
	    "host;x-amz-date", VANILLA },
	{ "get-vanilla-empty-query-key", "GET", "/", "Param1=value1", NULL,
	    { NULL }, "host;x-amz-date",
	    "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9ae"
	    "b" },
	{ "get-vanilla-query-order-key-case", "GET", "/",
	    "Param2=value2&Param1=value1", NULL, { NULL }, "host;x-amz-date",
	    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf250"
	    "0" },
	{ "get-vanilla-query-unreserved", "GET", "/", UNRESERVED "=" UNRESERVED,
	    NULL, { NULL }, "host;x-amz-date",
	    "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a4019"
	    "7" },
	{ "get-vanilla-utf8-query", "GET", "/", "\xe1\x88\xb4=bar", NULL,
	    { NULL }, "host;x-amz-date",
	    "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd0"
	    "4" },
	{ "get-unreserved", "GET", "/" UNRESERVED, NULL, NULL, { NULL },
	    "host;x-amz-date",
	    "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24"
	    "f" },
	{ "get-utf8", "GET", "/\xe1\x88\xb4", NULL, NULL, { NULL },
	    "host;x-amz-date",
	    "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d8"
	    "5" },
	{ "get-relative", "GET", "/example/..", NULL, NULL, { NULL },
	    "host;x-amz-date", VANILLA },
	{ "get-relative-relative", "GET", "/example1/example2/../..", NULL,
	    NULL, { NULL }, "host;x-amz-date", VANILLA },
	{ "get-slash", "GET", "//", NULL, NULL, { NULL }, "host;x-amz-date",
	    VANILLA },
	{ "get-slash-dot-slash", "GET", "/./", NULL, NULL, { NULL },
	    "host;x-amz-date", VANILLA },
	{ "get-slash-pointless-dot", "GET", "/./example", NULL, NULL, { NULL },
	    "host;x-amz-date",
	    "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec"
	    "5" },
	{ "get-slashes", "GET", "//example//", NULL, NULL, { NULL },
	    "host;x-amz-date",
	    "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e8"
	    "4" },
	{ "get-space", "GET", "/example space/", NULL, NULL, { NULL },
	    "host;x-amz-date",
	    "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec136674"
	    "1" },
	{ "get-header-key-duplicate", "GET", "/", NULL, NULL,
	    { "My-Header1:value2", "My-Header1:value2", "My-Header1:value1",
		NULL },
	    "host;my-header1;x-amz-date",
	    "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138e"
	    "a" },
	{ "get-header-value-order", "GET", "/", NULL, NULL,
	    { "My-Header1:value4,value1,value3,value2", NULL },
	    "host;my-header1;x-amz-date",
	    "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c0"
	    "1" },
	{ "get-header-value-trim", "GET", "/", NULL, NULL,
	    { "My-Header1: value1", "My-Header2: \"a   b   c\"", NULL },
	    "host;my-header1;my-header2;x-amz-date",
	    "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c73"
	    "6" },
	{ "post-vanilla", "POST", "/", NULL, NULL, { NULL }, "host;x-amz-date",
	    "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6"
	    "b" },
	{ "post-vanilla-query", "POST", "/", "Param1=value1", NULL, { NULL },
	    "host;x-amz-date",
	    "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f1"
	    "1" },
	{ "post-x-www-form-urlencoded", "POST", "/", NULL, "Param1=value1",
	    { "Content-Type:application/x-www-form-urlencoded", NULL },
	    "content-type;host;x-amz-date",
	    "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473"
	    "a" },
};

/* 2015-08-30T12:36:00Z */
#define SUITE_TIME 1440938160

static struct crypto *
crypto(void)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);

	if (c == NULL)
		fail_msg("%s", f.text);
	return c;
}

static void
the_test_suite_is_reproduced(void **state)
{
	struct crypto *c = crypto();

	(void)state;
	for (size_t i = 0; i < LENGTH(suite); i++) {
		const struct vector *v = &suite[i];
		struct sigv4_request r = { .method = v->method,
			.host = "example.amazonaws.com",
			.path = v->path,
			.query = v->query,
			.headers = v->headers,
			.body = v->body,
			.body_len = v->body != NULL ? strlen(v->body) : 0,
			.region = "us-east-1",
			.service = "service",
			.time = SUITE_TIME };
		struct sigv4_signed s;
		struct fault f = { 0 };
		char expected[512];

		if (sigv4_sign(c, &suite_key, &r, &s, &f) == -1)
			fail_msg("%s: %s", v->name, f.text);
		(void)snprintf(expected, sizeof(expected),
		    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/"
		    "us-east-1/service/aws4_request, SignedHeaders=%s, "
		    "Signature=%s",
		    v->signed_headers, v->signature);
		if (strcmp(s.authorization.p, expected) != 0)
			fail_msg("%s: %s", v->name, s.authorization.p);
		assert_string_equal(s.date, "20150830T123600Z");
		sigv4_free(&s);
	}
	crypto_free(c);
}

static void
the_canonical_request_and_what_is_signed(void **state)
{
	struct crypto *c = crypto();
	struct sigv4_request r = { .method = "GET",
		.host = "example.amazonaws.com",
		.path = "/./example",
		.region = "us-east-1",
		.service = "service",
		.time = SUITE_TIME };
	struct sigv4_form form;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(sigv4_form(c, &suite_key, &r, &form, &f), 0);
	assert_string_equal(form.canonical.p,
	    "GET\n/example\n\nhost:example.amazonaws.com\n"
	    "x-amz-date:20150830T123600Z\n\nhost;x-amz-date\n" EMPTY_SHA256);
	assert_string_equal(form.names.p, "host;x-amz-date");
	assert_string_equal(form.to_sign.p,
	    "AWS4-HMAC-SHA256\n20150830T123600Z\n"
	    "20150830/us-east-1/service/aws4_request\n"
	    "214d50c111a8edc4819da6a636336472c916b5240f51e9a51b5c3305180cf702");
	sigv4_form_free(&form);
	crypto_free(c);
}

/* The suite's post-sts-header-before: the token is signed too. */
static void
a_session_token_is_signed(void **state)
{
	struct crypto *c = crypto();
	struct sigv4_key key = suite_key;
	struct sigv4_request r = { .method = "POST",
		.host = "example.amazonaws.com",
		.path = "/",
		.region = "us-east-1",
		.service = "service",
		.time = SUITE_TIME };
	struct sigv4_signed s;
	struct fault f = { 0 };

	(void)state;
	key.token =
	    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwd"
	    "QWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/k"
	    "McGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXD"
	    "vp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64"
	    "lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2I"
	    "CCR/oLxBA==";
	assert_int_equal(sigv4_sign(c, &key, &r, &s, &f), 0);
	assert_non_null(strstr(s.authorization.p,
	    "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature="
	    "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ea"
	    "d"));
	sigv4_free(&s);
	crypto_free(c);
}

static const struct sigv4_key s3_key = { "AKIAIOSFODNN7EXAMPLE",
	"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL };
#define S3_TIME 1369353600 /* 2013-05-24T00:00:00Z */

static struct sigv4_request
s3_request(const char *path, const char *query)
{
	return (struct sigv4_request){ .method = "GET",
		.host = "examplebucket.s3.amazonaws.com",
		.path = path,
		.query = query,
		.region = "us-east-1",
		.service = "s3",
		.time = S3_TIME,
		.s3 = true };
}

static void
the_examples_of_s3_are_reproduced(void **state)
{
	static const struct {
		const char *path, *query, *headers[2], *signature;
	} cases[] = {
		{ "/test.txt", NULL, { "Range: bytes=0-9", NULL },
		    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c603"
		    "6bdb41" },
		{ "/", "lifecycle", { NULL, NULL },
		    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136"
		    "783543" },
		{ "/", "max-keys=2&prefix=J", { NULL, NULL },
		    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef6"
		    "9dc6f7" },
	};
	struct crypto *c = crypto();

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct sigv4_request r =
		    s3_request(cases[i].path, cases[i].query);
		struct sigv4_signed s;
		struct fault f = { 0 };

		r.headers = cases[i].headers;
		assert_int_equal(sigv4_sign(c, &s3_key, &r, &s, &f), 0);
		assert_string_equal(s.body_sha256, EMPTY_SHA256);
		if (strstr(s.authorization.p, cases[i].signature) == NULL)
			fail_msg("%s: %s", cases[i].path, s.authorization.p);
		sigv4_free(&s);
	}
	crypto_free(c);
}

static void
the_presigned_example_of_s3_is_reproduced(void **state)
{
	struct crypto *c = crypto();
	struct sigv4_request r = s3_request("/test.txt", NULL);
	BUF_AUTO(query, 4096);
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(sigv4_presign(c, &s3_key, &r, 86400, &query, &f), 0);
	assert_string_equal(query.p,
	    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
	    "AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&"
	    "X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&"
	    "X-Amz-SignedHeaders=host&X-Amz-Signature="
	    "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
	crypto_free(c);
}

/* S3's paths are signed as they are sent, others encoded once more. */
static void
paths_are_encoded_twice_but_for_s3(void **state)
{
	struct crypto *c = crypto();

	(void)state;
	for (int s3 = 0; s3 < 2; s3++) {
		struct sigv4_request r = s3_request("/a%3Ab//c%20d", NULL);
		struct sigv4_form form;
		struct fault f = { 0 };

		r.s3 = s3 == 1;
		assert_int_equal(sigv4_form(c, &s3_key, &r, &form, &f), 0);
		assert_non_null(strstr(
		    form.canonical.p, s3 == 1 ? "GET\n/a%3Ab//c%20d\n"
					      : "GET\n/a%253Ab/c%2520d\n"));
		sigv4_form_free(&form);
	}
	crypto_free(c);
}

static void
too_much_is_refused(void **state)
{
	static const char *headers[SIGV4_HEADERS_MAX + 1];
	struct crypto *c = crypto();
	struct sigv4_request r = s3_request("/", NULL);
	struct sigv4_signed s;
	struct fault f = { 0 };
	char query[2 * (SIGV4_QUERY_MAX + 1) + 1];

	(void)state;
	for (size_t i = 0; i < SIGV4_HEADERS_MAX; i++)
		headers[i] = "x: y";
	r.headers = headers;
	assert_int_equal(sigv4_sign(c, &s3_key, &r, &s, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	sigv4_free(&s);
	for (size_t i = 0; i < sizeof(query) - 1; i++)
		query[i] = i % 2 == 0 ? 'a' : '&';
	query[sizeof(query) - 1] = '\0';
	r.headers = NULL;
	r.query = query;
	assert_int_equal(sigv4_sign(c, &s3_key, &r, &s, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	sigv4_free(&s);
	crypto_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_test_suite_is_reproduced),
		cmocka_unit_test(the_canonical_request_and_what_is_signed),
		cmocka_unit_test(a_session_token_is_signed),
		cmocka_unit_test(the_examples_of_s3_are_reproduced),
		cmocka_unit_test(the_presigned_example_of_s3_is_reproduced),
		cmocka_unit_test(paths_are_encoded_twice_but_for_s3),
		cmocka_unit_test(too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
