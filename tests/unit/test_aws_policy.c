/*
 * Policy documents as people write them: what becomes of them, what is
 * refused, and which of them really ask for TLS of everyone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/length.h"

#include "collector/aws/iam_policy.h"

static char *
read_as(const char *text)
{
	struct fault f = { 0 };
	BUF_AUTO(out, IAM_POLICY_MAX);
	json_t *v = iam_policy_read(text, strlen(text), &f);
	char *copy;

	if (v == NULL)
		fail_msg("%s: %s", text, f.text);
	assert_int_equal(json_canonical(v, &out, &f), 0);
	json_decref(v);
	copy = strdup(out.p);
	assert_non_null(copy);
	return copy;
}

static void
every_way_of_writing_gives_one_shape(void **state)
{
	static const char *const cases[][2] = {
		{ "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\","
		  "\"Resource\":\"*\"}}",
		    "[{\"action\":[\"s3:Get*\"],\"effect\":\"Allow\","
		    "\"resource\":[\"*\"]}]" },
		{ "{\"Version\":\"2012-10-17\",\"Id\":\"x\",\"Statement\":[{"
		  "\"Sid\":\"a\",\"Effect\":\"Deny\",\"NotAction\":[\"b:B\","
		  "\"a:A\"],\"NotResource\":[\"arn:z\"]}]}",
		    "[{\"effect\":\"Deny\",\"not_action\":[\"a:A\",\"b:B\"],"
		    "\"not_resource\":[\"arn:z\"],\"sid\":\"a\"}]" },
		{ "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","
		  "\"Action\":\"sqs:*\"},{\"Effect\":\"Allow\",\"NotPrincipal\""
		  ":{\"Service\":\"eks.amazonaws.com\"},\"Action\":\"*\"}]}",
		    "[{\"action\":[\"sqs:*\"],\"effect\":\"Allow\","
		    "\"principal\":{\"AWS\":[\"*\"]}},{\"action\":[\"*\"],"
		    "\"effect\":\"Allow\",\"not_principal\":{\"Service\":["
		    "\"eks.amazonaws.com\"]}}]" },
		/* booleans and numbers are compared as text */
		{ "{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":"
		  "\"*\"},\"Action\":\"s3:*\",\"Condition\":{\"Bool\":{"
		  "\"aws:SecureTransport\":false},\"NumericLessThan\":{"
		  "\"s3:TlsVersion\":1.2,\"x\":3}}}}",
		    "[{\"action\":[\"s3:*\"],\"condition\":{\"Bool\":{"
		    "\"aws:SecureTransport\":[\"false\"]},\"NumericLessThan\":{"
		    "\"s3:TlsVersion\":[\"1.2\"],\"x\":[\"3\"]}},\"effect\":"
		    "\"Deny\",\"principal\":{\"AWS\":[\"*\"]}}]" },
		/* as IAM hands it out */
		{ "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C"
		  "%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D",
		    "[{\"action\":[\"sts:AssumeRole\"],\"effect\":\"Allow\"}"
		    "]" },
		/* what serves as a password is not kept */
		{ "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\","
		  "\"Condition\":{\"StringEquals\":{\"sts:externalid\":"
		  "\"hunter2\",\"aws:SourceAccount\":\"123456789012\"},"
		  "\"StringLike\":{\"aws:Referer\":[\"a\",\"b\"]}}}}",
		    "[{\"action\":[\"*\"],\"condition\":{\"StringEquals\":{"
		    "\"aws:SourceAccount\":[\"123456789012\"],"
		    "\"sts:externalid\":[\"*withheld*\"]},\"StringLike\":{"
		    "\"aws:Referer\":[\"*withheld*\"]}},\"effect\":\"Allow\"}"
		    "]" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		char *got = read_as(cases[i][0]);

		assert_string_equal(got, cases[i][1]);
		free(got);
	}
}

static void
half_a_policy_is_refused(void **state)
{
	static const char *const cases[][2] = {
		{ "", "policy: " },
		{ "{\"Statement\":[{\"Effect\":\"Allow\"", "policy: " },
		{ "[]", "no Statement" },
		{ "{\"Version\":\"2012-10-17\"}", "no Statement" },
		{ "{\"Statement\":[7]}", "neither allows nor denies" },
		{ "{\"Statement\":{\"Effect\":\"allow\",\"Action\":\"*\"}}",
		    "neither allows nor denies" },
		{ "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":{\"a\":1}}}",
		    "Action has a value that is no text" },
		{ "{\"Statement\":{\"Effect\":\"Allow\",\"Resource\":[null]}}",
		    "Resource has a value that is no text" },
		{ "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"me\"}}",
		    "Principal is neither * nor by type" },
		{ "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":[\"*\"]}"
		  "}",
		    "Principal is no object" },
		{ "{\"Statement\":{\"Effect\":\"Allow\",\"Condition\":\"x\"}}",
		    "Condition is no object" },
		{ "{\"Statement\":{\"Effect\":\"Allow\",\"Condition\":{\"Bool\""
		  ":true}}}",
		    "Condition is no object" },
		{ "{\"Statement\":{\"Effect\":\"Allow\",\"Sid\":7}}",
		    "Sid is no text" },
		{ "%7B%2", "bad percent encoding at byte 3" },
		{ "%7B%zz", "bad percent encoding at byte 3" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct fault f = { 0 };

		assert_null(
		    iam_policy_read(cases[i][0], strlen(cases[i][0]), &f));
		assert_int_equal(f.kind, FAULT_FORMAT);
		if (strstr(f.text, cases[i][1]) == NULL)
			fail_msg("%s: %s", cases[i][0], f.text);
	}
}

static void
too_much_is_refused(void **state)
{
	static const char one[] = "{\"Effect\":\"Deny\"},";
	struct fault f = { 0 };
	BUF_AUTO(long_one, IAM_POLICY_MAX * 2);

	(void)state;
	buf_puts(&long_one, "{\"Statement\":[");
	for (int i = 0; i <= IAM_POLICY_STATEMENTS_MAX; i++)
		buf_puts(&long_one, one);
	long_one.p[long_one.len - 1] = ']';
	buf_putc(&long_one, '}');
	assert_null(iam_policy_read(long_one.p, long_one.len, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	while (long_one.len <= IAM_POLICY_MAX)
		buf_puts(&long_one, "          ");
	assert_null(iam_policy_read(long_one.p, long_one.len, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
}

static void
patterns_cover_patterns(void **state)
{
	static const struct {
		const char *pattern, *what;
		bool fold, covers;
	} cases[] = {
		{ "*", "s3:*", true, true },
		{ "s3:*", "s3:*", true, true },
		{ "S3:*", "s3:GetObject", true, true },
		{ "S3:*", "s3:GetObject", false, false },
		{ "s3:Get*", "s3:*", true, false },
		{ "s3:?", "s3:*", true, false },
		{ "s3:GetObject", "s3:GetObject*", true, false },
		{ "s3:*Object", "s3:GetObject", true, true },
		{ "s3:*Object*", "s3:GetObjectAcl", true, true },
		{ "a*b*c", "aXbYbZc", false, true },
		{ "a*b*c", "aXbYbZ", false, false },
		{ "", "", false, true },
		{ "", "a", false, false },
		{ "?", "", false, false },
		{ "arn:aws:s3:::b*", "arn:aws:s3:::b/*", false, true },
		{ "arn:aws:s3:::b/*", "arn:aws:s3:::b", false, false },
		{ "arn:aws:s3:::b/*", "arn:aws:s3:::b/*", false, true },
		{ "arn:aws:s3:::b/?", "arn:aws:s3:::b/*", false, false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		if (iam_policy_covers(cases[i].pattern, cases[i].what,
			cases[i].fold) != cases[i].covers)
			fail_msg("%s %s", cases[i].pattern, cases[i].what);
	assert_false(iam_policy_covered(NULL, "x", false));
}

#define DENY(principal, action, resource, condition)                           \
	"{\"Effect\":\"Deny\",\"Principal\":" principal ",\"Action\":" action  \
	",\"Resource\":" resource ",\"Condition\":" condition "}"
#define ALL "\"*\""
#define BOTH "[\"arn:aws:s3:::b\",\"arn:aws:s3:::b/*\"]"
#define PLAIN "{\"Bool\":{\"aws:SecureTransport\":\"false\"}}"

static void
only_a_whole_refusal_is_tls_only(void **state)
{
	static const struct {
		const char *statements;
		enum iam_policy_tls t;
	} cases[] = {
		/* as the guides have it */
		{ DENY(ALL, "\"s3:*\"", BOTH, PLAIN), IAM_POLICY_TLS_ONLY },
		{ DENY("{\"AWS\":\"*\"}", ALL, "\"arn:aws:s3:::b*\"",
		      "{\"bool\":{\"AWS:securetransport\":[false]}}"),
		    IAM_POLICY_TLS_ONLY },
		/* each resource by a statement of its own */
		{ DENY(ALL, ALL, "\"arn:aws:s3:::b\"", PLAIN) "," DENY(ALL,
		      "\"S3:*\"", "\"arn:aws:s3:::b/*\"",
		      "{\"BoolIfExists\":{\"aws:SecureTransport\":\"false\"}}"),
		    IAM_POLICY_TLS_ONLY },
		/* objects, not the bucket; and the other way about */
		{ DENY(ALL, "\"s3:*\"", "\"arn:aws:s3:::b/*\"", PLAIN),
		    IAM_POLICY_TLS_PARTLY },
		{ DENY(ALL, "\"s3:*\"", "\"arn:aws:s3:::b\"", PLAIN),
		    IAM_POLICY_TLS_PARTLY },
		/* another bucket's text, copied */
		{ DENY(ALL, "\"s3:*\"",
		      "[\"arn:aws:s3:::c\",\"arn:aws:s3:::c/*\"]", PLAIN),
		    IAM_POLICY_TLS_PARTLY },
		/* some actions, some people, a further condition */
		{ DENY(ALL, "\"s3:GetObject\"", BOTH, PLAIN),
		    IAM_POLICY_TLS_PARTLY },
		{ DENY("{\"AWS\":\"arn:aws:iam::123456789012:root\"}",
		      "\"s3:*\"", BOTH, PLAIN),
		    IAM_POLICY_TLS_PARTLY },
		{ DENY(ALL, "\"s3:*\"", BOTH,
		      "{\"Bool\":{\"aws:SecureTransport\":\"false\"},"
		      "\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.0/24\"}}"),
		    IAM_POLICY_TLS_PARTLY },
		{ DENY(ALL, "\"s3:*\"", BOTH,
		      "{\"Bool\":{\"aws:SecureTransport\":\"false\","
		      "\"aws:ViaAWSService\":\"false\"}}"),
		    IAM_POLICY_TLS_PARTLY },
		{ "{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":\"arn:x\"},"
		  "\"Action\":\"s3:*\",\"Resource\":" BOTH
		  ",\"Condition\":" PLAIN "}",
		    IAM_POLICY_TLS_PARTLY },
		/* the opposite, and what only sounds like it */
		{ DENY(ALL, "\"s3:*\"", BOTH,
		      "{\"Bool\":{\"aws:SecureTransport\":\"true\"}}"),
		    IAM_POLICY_TLS_OPEN },
		{ "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":"
		  "\"s3:*\",\"Resource\":" BOTH
		  ",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":"
		  "\"true\"}}}",
		    IAM_POLICY_TLS_OPEN },
		{ "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":"
		  "\"s3:*\",\"Resource\":" BOTH ",\"Condition\":" PLAIN "}",
		    IAM_POLICY_TLS_OPEN },
		{ DENY(ALL, "\"s3:*\"", BOTH,
		      "{\"NumericLessThan\":{\"s3:TlsVersion\":1.2}}"),
		    IAM_POLICY_TLS_OPEN },
		/* without a resource: of the one it is attached to */
		{ "{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"*\","
		  "\"Condition\":" PLAIN "}",
		    IAM_POLICY_TLS_ONLY },
	};
	static const char *const bucket[] = { "arn:aws:s3:::b",
		"arn:aws:s3:::b/*", NULL };

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct fault f = { 0 };
		BUF_AUTO(text, IAM_POLICY_MAX);
		json_t *v;

		buf_printf(&text, "{\"Statement\":[%s]}", cases[i].statements);
		v = iam_policy_read(text.p, text.len, &f);
		if (v == NULL)
			fail_msg("%s: %s", text.p, f.text);
		if (iam_policy_tls(v, "s3:*", bucket) != cases[i].t)
			fail_msg("%s: %s", text.p,
			    iam_policy_tls_name(
				iam_policy_tls(v, "s3:*", bucket)));
		json_decref(v);
	}
	assert_int_equal(
	    iam_policy_tls(NULL, "s3:*", bucket), IAM_POLICY_TLS_OPEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_of_writing_gives_one_shape),
		cmocka_unit_test(half_a_policy_is_refused),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(patterns_cover_patterns),
		cmocka_unit_test(only_a_whole_refusal_is_tls_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
