/*
 * What is made of things of AWS beyond the paths of their columns, from trees
 * as the API references have them.
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

#include "collector/aws/hooks_data.h"

static json_t *
tree(const char *text)
{
	json_error_t why;
	json_t *v = json_loads(text, JSON_DECODE_ANY, &why);

	if (v == NULL)
		fail_msg("%s: %s", text, why.text);
	return v;
}

typedef void filler(const struct aws_item *, struct attrs *);

/* The columns fill() makes of a thing and its parent (NULL: none) hold want,
 * as canonical JSON. */
static void
fills(filler *fill, const char *parent, const char *thing, const char *want)
{
	struct aws_item up = { .partition = "aws" };
	struct aws_item i = { .partition = "aws" };
	struct fault f = { 0 };
	BUF_AUTO(got, 1 << 20);
	ATTRS_AUTO(a);

	up.tree = parent != NULL ? tree(parent) : NULL;
	i.tree = tree(thing);
	i.parent = parent != NULL ? &up : NULL;
	fill(&i, &a);
	assert_int_equal(attrs_done(&a, &f), 0);
	attrs_canonical(&a, &got);
	if (strstr(got.p, want) == NULL)
		fail_msg("%s\ngives %s\nnot   %s", thing, got.p, want);
	json_decref(i.tree);
	json_decref(up.tree);
}

/* ---- times ---- */

static void
a_time_is_a_day_or_nothing(void **state)
{
	static const char *const cases[][2] = {
		{ "1798070400.0", "{\"day\":\"2026-12-24\"}" },
		{ "1798070399", "{\"day\":\"2026-12-23\"}" },
		{ "\"2026-12-24T10:00:00Z\"", "{\"day\":\"2026-12-24\"}" },
		{ "\"soon\"", "{\"day\":null}" },
		{ "-1", "{\"day\":null}" },
		{ "1e300", "{\"day\":null}" },
		{ "null", "{\"day\":null}" },
		{ "[]", "{\"day\":null}" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		BUF_AUTO(got, 4096);
		ATTRS_AUTO(a);
		json_t *v = tree(cases[i][0]);

		put_day(&a, "day", v);
		attrs_canonical(&a, &got);
		assert_string_equal(got.p, cases[i][1]);
		json_decref(v);
	}
}

/* ---- trails ---- */

#define SELECTORS(s) "{\"Selectors\":{" s "}}"
#define BASIC(s) SELECTORS("\"EventSelectors\":[" s "]")
#define ADVANCED(s) SELECTORS("\"AdvancedEventSelectors\":[" s "]")
#define FIELDS(s) "{\"FieldSelectors\":[" s "]}"
#define IS(field, value) "{\"Field\":\"" field "\",\"Equals\":[\"" value "\"]}"

static void
what_a_trail_records(void **state)
{
	static const char *const cases[][2] = {
		{ "{}", "null" },
		{ "{\"Selectors\":null}", "null" },
		{ SELECTORS(""), "null" },
		{ BASIC(
		      "{\"ReadWriteType\":\"All\",\"IncludeManagementEvents\":"
		      "true}"),
		    "\"all\"" },
		{ BASIC("{\"ReadWriteType\":\"ReadOnly\","
			"\"IncludeManagementEvents\":true}"),
		    "\"read\"" },
		{ BASIC("{\"ReadWriteType\":\"WriteOnly\","
			"\"IncludeManagementEvents\":true}"),
		    "\"write\"" },
		{ BASIC("{\"ReadWriteType\":\"ReadOnly\","
			"\"IncludeManagementEvents\":true},{\"ReadWriteType\":"
			"\"WriteOnly\",\"IncludeManagementEvents\":true}"),
		    "\"all\"" },
		{ BASIC(
		      "{\"ReadWriteType\":\"All\",\"IncludeManagementEvents\":"
		      "false,\"DataResources\":[{\"Type\":\"AWS::S3::Object\""
		      "}]}"),
		    "\"none\"" },
		{ BASIC(
		      "{\"ReadWriteType\":\"All\",\"IncludeManagementEvents\":"
		      "true,\"ExcludeManagementEventSources\":[\"kms."
		      "amazonaws.com\"]}"),
		    "\"all but kms.amazonaws.com\"" },
		{ ADVANCED(FIELDS(IS("eventCategory", "Management"))),
		    "\"all\"" },
		{ ADVANCED(FIELDS(IS("eventCategory", "Data") "," IS(
		      "resources.type", "AWS::S3::Object"))),
		    "\"none\"" },
		{ ADVANCED(FIELDS(IS("eventCategory", "Management") "," IS(
		      "readOnly", "true"))),
		    "\"read\"" },
		{ ADVANCED(FIELDS(IS("eventCategory", "Management") "," IS(
		      "readOnly", "false"))),
		    "\"write\"" },
		{ ADVANCED(FIELDS(IS("eventCategory", "Management") "," IS(
		      "eventSource", "iam.amazonaws.com"))),
		    "\"none\"" },
		{ ADVANCED(FIELDS(IS("eventCategory",
		      "Management") ",{\"Field\":\"eventSource\",\"NotEquals\":"
				    "["
				    "\"kms.amazonaws.com\",\"rdsdata.amazonaws."
				    "com\"]}")),
		    "\"all but kms.amazonaws.com\"" },
		{ ADVANCED(FIELDS(IS("eventCategory",
		      "Management") ",{\"Field\":\"userIdentity.arn\","
				    "\"NotStartsWith\":["
				    "\"arn:aws:sts::1:assumed-role/x\"]}")),
		    "\"all but some of it\"" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		char want[128];

		(void)snprintf(
		    want, sizeof(want), "{\"management\":%s,", cases[i][1]);
		fills(aws_fill_trail, NULL, cases[i][0], want);
	}
}

/* ---- load balancers ---- */

static void
where_a_listener_leads(void **state)
{
	static const char lb[] =
	    "{\"LoadBalancerName\":\"web\",\"Type\":\"application\"}";

	(void)state;
	fills(aws_fill_listener, lb,
	    "{\"Port\":\"80\",\"Protocol\":\"HTTP\",\"DefaultActions\":[{"
	    "\"Type\":\"redirect\",\"RedirectConfig\":{\"Protocol\":\"HTTPS\","
	    "\"Port\":\"443\"}}],\"Rules\":[{\"IsDefault\":\"true\","
	    "\"Actions\":"
	    "[{\"Type\":\"redirect\",\"RedirectConfig\":{\"Protocol\":\"HTTPS\""
	    "}}]}]}",
	    "\"load_balancer\":\"web\",\"port\":80,\"protocol\":\"HTTP\","
	    "\"redirect\":\"HTTPS:443\",\"rules_forward\":0");
	/* a rule that redirects to plain HTTP hands requests on as well */
	fills(aws_fill_listener, lb,
	    "{\"Port\":\"80\",\"Protocol\":\"HTTP\",\"Rules\":[{\"IsDefault\":"
	    "\"false\",\"Actions\":[{\"Type\":\"redirect\",\"RedirectConfig\":{"
	    "\"Protocol\":\"HTTP\"}}]},{\"IsDefault\":\"false\",\"Actions\":[{"
	    "\"Type\":\"fixed-response\"}]},{\"Actions\":[{\"Type\":"
	    "\"authenticate-oidc\"},{\"Type\":\"forward\"}]}]}",
	    "\"redirect\":null,\"rules_forward\":2");
	/* not asked, or refused: not known */
	fills(aws_fill_listener, lb, "{\"Port\":\"80\",\"Protocol\":\"HTTP\"}",
	    "\"rules_forward\":null");
}

static void
which_policy_a_classic_listener_has(void **state)
{
	static const char lb[] = "{\"LoadBalancerName\":\"old\"}";

	(void)state;
	fills(aws_fill_classic_listener, lb,
	    "{\"Listener\":{\"Protocol\":\"SSL\",\"LoadBalancerPort\":\"443\"},"
	    "\"PolicyNames\":[\"b\"],\"Policies\":[{\"PolicyName\":\"a\","
	    "\"PolicyTypeName\":\"SSLNegotiationPolicyType\"},{\"PolicyName\":"
	    "\"b\",\"PolicyTypeName\":\"SSLNegotiationPolicyType\","
	    "\"PolicyAttributeDescriptions\":[{\"AttributeName\":"
	    "\"Reference-Security-Policy\",\"AttributeValue\":"
	    "\"ELBSecurityPolicy-2016-08\"}]}]}",
	    "\"ssl_policy\":\"ELBSecurityPolicy-2016-08\"");
	/* a policy of one's own refers to none */
	fills(aws_fill_classic_listener, lb,
	    "{\"Listener\":{\"Protocol\":\"SSL\"},\"PolicyNames\":[\"mine\"],"
	    "\"Policies\":[{\"PolicyName\":\"mine\",\"PolicyTypeName\":"
	    "\"SSLNegotiationPolicyType\",\"PolicyAttributeDescriptions\":[{"
	    "\"AttributeName\":\"Protocol-TLSv1.2\",\"AttributeValue\":"
	    "\"true\"}]}]}",
	    "\"ssl_policy\":\"mine\"");
	fills(aws_fill_classic_listener, lb,
	    "{\"Listener\":{\"Protocol\":\"SSL\"},\"PolicyNames\":[\"b\"]}",
	    "\"ssl_policy\":null");
}

/* ---- GuardDuty, Lambda ---- */

static void
which_features_are_on(void **state)
{
	(void)state;
	fills(aws_fill_guardduty_detector, NULL,
	    "{\"features\":[{\"name\":\"EKS_RUNTIME_MONITORING\",\"status\":"
	    "\"DISABLED\"},{\"name\":\"RUNTIME_MONITORING\",\"status\":"
	    "\"ENABLED\",\"additionalConfiguration\":[{\"name\":"
	    "\"EKS_ADDON_MANAGEMENT\",\"status\":\"DISABLED\"}]}]}",
	    "{\"eks_addon\":\"DISABLED\",\"eks_audit_logs\":null,"
	    "\"eks_runtime\":\"ENABLED\"}");
	fills(aws_fill_guardduty_detector, NULL, "{}",
	    "{\"eks_addon\":null,\"eks_audit_logs\":null,\"eks_runtime\":"
	    "null}");
}

static void
of_variables_names_and_what_bears_on_fips(void **state)
{
	(void)state;
	fills(aws_fill_lambda_function, NULL,
	    "{\"Environment\":{\"Variables\":{\"Z\":\"secret\",\"GODEBUG\":"
	    "\"fips140=on\",\"A\":\"secret\"}}}",
	    "{\"env\":{\"GODEBUG\":\"fips140=on\"},\"env_names\":[\"A\","
	    "\"GODEBUG\",\"Z\"]}");
	fills(aws_fill_lambda_function, NULL, "{}",
	    "{\"env\":{},\"env_names\":[]}");
	fills(aws_fill_lambda_function, NULL,
	    "{\"Environment\":{\"Error\":{\"ErrorCode\":\"x\"}}}",
	    "{\"env\":null,\"env_names\":null}");
}

/* ---- policies of resources ---- */

#define TLS(resource)                                                          \
	"{\\\"Statement\\\":{\\\"Effect\\\":\\\"Deny\\\",\\\"Principal\\\":"   \
	"\\\"*\\\",\\\"Action\\\":\\\"*\\\",\\\"Resource\\\":\\\"" resource    \
	"\\\",\\\"Condition\\\":{\\\"Bool\\\":{\\\"aws:SecureTransport\\\":"   \
	"\\\"false\\\"}}}}"

static void
a_policy_that_was_not_had_refuses_nothing(void **state)
{
	static const char *const cases[][2] = {
		/* there, and whole; of another queue; not JSON; none; not had
		 */
		{ "{\"Attributes\":{\"QueueArn\":\"arn:q\",\"Policy\":\"" TLS(
		      "arn:q") "\"}}",
		    "\"tls_only\":\"yes\"" },
		{ "{\"Attributes\":{\"QueueArn\":\"arn:q\",\"Policy\":\"" TLS(
		      "arn:r") "\"}}",
		    "\"tls_only\":\"partly\"" },
		{ "{\"Attributes\":{\"QueueArn\":\"arn:q\",\"Policy\":\"{\"}}",
		    "\"tls_only\":null" },
		{ "{\"Attributes\":{\"QueueArn\":\"arn:q\"}}",
		    "\"tls_only\":\"no\"" },
		{ "{}", "\"tls_only\":null" },
		{ "{\"Attributes\":{\"Policy\":\"" TLS("*") "\"}}",
		    "\"tls_only\":\"yes\"" },
		/* true in any case, and nothing else */
		{ "{\"Attributes\":{\"SqsManagedSseEnabled\":\"TRUE\"}}",
		    "\"sqs_managed\":true" },
		{ "{\"Attributes\":{\"SqsManagedSseEnabled\":\"yes\"}}",
		    "\"sqs_managed\":null" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		fills(aws_fill_sqs_queue, NULL, cases[i][0], cases[i][1]);
}

/* ---- calls that were made ---- */

#define EVENT(s) "{\"CloudTrailEvent\":\"" s "\",\"EventTime\":1795431600}"
#define NOW "2026-11-23T12:00:00Z" /* an hour after that time */

/* Fold the events (ends with NULL); gives state as canonical JSON, and what is
 * told of the whole. */
static void
folds(const char *const *events, bool cut, struct buf *state, struct buf *whole)
{
	json_t *all = json_object();
	struct fault f = { 0 };
	ATTRS_AUTO(made);
	ATTRS_AUTO(a);

	for (size_t i = 0; events[i] != NULL; i++) {
		struct aws_item item = { .tree = tree(events[i]) };

		aws_use_fold(&item, all, &made);
		json_decref(item.tree);
	}
	assert_false(made.failed);
	aws_use_window(all, cut, NOW, &a);
	assert_int_equal(json_canonical(all, state, &f), 0);
	attrs_canonical(&a, whole);
	json_decref(all);
}

static void
a_session_is_not_a_principal(void **state)
{
	static const char *const events[] = {
		EVENT("{\\\"userIdentity\\\":{\\\"type\\\":\\\"AssumedRole\\\","
		      "\\\"arn\\\":\\\"arn:aws:sts::1:assumed-role/app/i-1\\\"}"
		      ",\\\"eventSource\\\":\\\"kms.amazonaws.com\\\"}"),
		EVENT("{\\\"userIdentity\\\":{\\\"type\\\":\\\"AssumedRole\\\","
		      "\\\"arn\\\":\\\"arn:aws:sts::1:assumed-role/app/i-2\\\"}"
		      ",\\\"eventSource\\\":\\\"kms.amazonaws.com\\\"}"),
		EVENT("{\\\"userIdentity\\\":{\\\"type\\\":\\\"IAMUser\\\","
		      "\\\"arn\\\":\\\"arn:aws:iam::1:user/a/b\\\"},"
		      "\\\"eventSource\\\":\\\"s3.amazonaws.com\\\"}"),
		EVENT("{\\\"eventSource\\\":\\\"signin.amazonaws.com\\\"}"),
		NULL,
	};
	BUF_AUTO(all, 65536);
	BUF_AUTO(whole, 65536);

	(void)state;
	folds(events, false, &all, &whole);
	assert_string_equal(all.p,
	    "{\"\":{\"oldest\":1795431600},"
	    "\"- signin - - -\":{\"service\":\"signin\"},"
	    "\"arn:aws:iam::1:user/a/b s3 - - -\":{\"principal\":"
	    "\"arn:aws:iam::1:user/a/b\",\"principal_type\":\"IAMUser\","
	    "\"service\":\"s3\"},"
	    "\"arn:aws:sts::1:assumed-role/app kms - - -\":{\"principal\":"
	    "\"arn:aws:sts::1:assumed-role/app\",\"principal_type\":"
	    "\"AssumedRole\",\"service\":\"kms\"}}");
	assert_string_equal(
	    whole.p, "{\"complete\":true,\"covered_hours\":24,\"hours\":24}");
}

static void
what_was_left_out_is_told(void **state)
{
	static const char *const whole_one[] = {
		EVENT("{\\\"eventSource\\\":\\\"kms.amazonaws.com\\\"}"), NULL
	};
	static const char *const broken[] = { EVENT("{"), NULL };
	static const char *const silent[] = { "{\"EventId\":\"1\"}", NULL };
	static const char *const nothing[] = { NULL };
	static const struct {
		const char *const *events;
		bool cut;
		const char *whole;
	} cases[] = {
		/* cut: the hour since the oldest event is all that is known */
		{ whole_one, true,
		    "{\"complete\":false,\"covered_hours\":1,\"hours\":24}" },
		{ broken, false,
		    "{\"complete\":false,\"covered_hours\":24,\"hours\":24}" },
		{ silent, false,
		    "{\"complete\":false,\"covered_hours\":24,\"hours\":24}" },
		{ nothing, false,
		    "{\"complete\":true,\"covered_hours\":24,\"hours\":24}" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		BUF_AUTO(all, 65536);
		BUF_AUTO(whole, 65536);

		folds(cases[i].events, cases[i].cut, &all, &whole);
		assert_string_equal(whole.p, cases[i].whole);
	}
}

static void
a_day_is_asked_for(void **state)
{
	struct fault f = { 0 };
	BUF_AUTO(got, 4096);
	json_t *input = json_object();
	ATTRS_AUTO(a);

	(void)state;
	aws_use_prepare(NULL, NOW, input, &a);
	assert_int_equal(json_canonical(input, &got, &f), 0);
	assert_string_equal(got.p, "{\"StartTime\":1795348800}");
	json_decref(input);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_time_is_a_day_or_nothing),
		cmocka_unit_test(what_a_trail_records),
		cmocka_unit_test(where_a_listener_leads),
		cmocka_unit_test(which_policy_a_classic_listener_has),
		cmocka_unit_test(which_features_are_on),
		cmocka_unit_test(of_variables_names_and_what_bears_on_fips),
		cmocka_unit_test(a_policy_that_was_not_had_refuses_nothing),
		cmocka_unit_test(a_session_is_not_a_principal),
		cmocka_unit_test(what_was_left_out_is_told),
		cmocka_unit_test(a_day_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
