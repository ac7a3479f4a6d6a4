/* Answers of AWS to trees: every protocol's shape, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "base/length.h"

#include "collector/aws_client/answer.h"

static const struct aws_service ec2 = { .name = "ec2", .protocol = AWS_EC2 };
static const struct aws_service iam = { .name = "iam",
	.protocol = AWS_QUERY,
	.xmlns = "https://iam.amazonaws.com/doc/2010-05-08/" };
static const struct aws_service rds = { .name = "rds", .protocol = AWS_QUERY };
static const struct aws_service s3 = { .name = "s3", .protocol = AWS_REST_XML };
static const struct aws_service kms = { .name = "kms", .protocol = AWS_JSON };

struct got {
	struct buf items; /* canonical JSON, a line each */
	int n, stop_at;
};

static int
take(void *ctx, json_t *v, struct fault *f)
{
	struct got *g = ctx;
	char *text =
	    json_dumps(v, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	buf_puts(&g->items, text);
	buf_putc(&g->items, '\n');
	free(text);
	if (++g->n == g->stop_at)
		return fault(f, FAULT_IO, "the sink is full");
	return 0;
}

/* Feed body in pieces. 0, and around gets the rest; or -1. */
static int
read_body(const struct aws_call *c, const char *body, size_t len, size_t piece,
    struct got *g, char **around, struct fault *f)
{
	struct answer_sink sink = { take, g };
	struct aws_answer *a = aws_answer_new(c, &sink, f);
	const json_t *rest;
	int rc = 0;

	assert_non_null(a);
	g->items.max = 1 << 20;
	for (size_t at = 0; rc == 0 && at < len; at += piece)
		rc = aws_answer_feed(
		    a, body + at, len - at < piece ? len - at : piece, f);
	if (rc == 0)
		rc = aws_answer_end(a, &rest, f);
	if (rc == 0 && around != NULL)
		*around = json_dumps(rest, JSON_COMPACT | JSON_SORT_KEYS);
	aws_answer_free(a);
	return rc;
}

static const struct column instance_columns[] = {
	{ "groups", COLUMN_JSON, ".groupSet[].groupId", "" },
	{ NULL, COLUMN_TEXT, NULL, NULL },
};
static const struct kind instance_kind = { "test.instance", "", "", "",
	instance_columns };

static const struct shape {
	const char *name;
	struct aws_call call;
	const char *body, *items, *around;
} shapes[] = {
	{ "ec2: lists within lists, one of each",
	    { .service = &ec2,
		.operation = "DescribeInstances",
		.kind = &instance_kind,
		.items = ".reservationSet[].instancesSet[]" },
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/"
	    "2016-11-15/\">\n  <requestId>r-1</requestId>\n"
	    "  <reservationSet>\n    <item><reservationId>r-a</reservationId>"
	    "<instancesSet><item><instanceId>i-1</instanceId><monitoring>"
	    "<state>disabled</state></monitoring><groupSet><item><groupId>sg-1"
	    "</groupId></item></groupSet><name>a &amp; b &lt;c&gt;</name>"
	    "</item></instancesSet></item>\n"
	    "    <item><instancesSet><item><instanceId>i-2</instanceId>"
	    "<groupSet/></item><item><instanceId>i-3</instanceId></item>"
	    "</instancesSet></item></reservationSet>"
	    "<nextToken>t&#x3D;2</nextToken></DescribeInstancesResponse>",
	    "{\"groupSet\":[{\"groupId\":\"sg-1\"}],\"instanceId\":\"i-1\","
	    "\"monitoring\":{\"state\":\"disabled\"},\"name\":\"a & b <c>\"}\n"
	    "{\"groupSet\":[],\"instanceId\":\"i-2\"}\n"
	    "{\"instanceId\":\"i-3\"}\n",
	    "{\"nextToken\":\"t=2\",\"requestId\":\"r-1\","
	    "\"reservationSet\":[]}" },
	{ "ec2: no items at all",
	    { .service = &ec2,
		.operation = "DescribeInstances",
		.items = ".reservationSet[].instancesSet[]" },
	    "<DescribeInstancesResponse><reservationSet/>"
	    "</DescribeInstancesResponse>",
	    "", "{\"reservationSet\":[]}" },
	{ "query: the result is the tree, lists by their own names",
	    { .service = &rds,
		.operation = "DescribeDBInstances",
		.entry = "DBInstance",
		.items = ".DBInstances[]",
		.lists = "VpcSecurityGroups" },
	    "<DescribeDBInstancesResponse><DescribeDBInstancesResult>"
	    "<Marker>m</Marker><DBInstances><DBInstance><DBInstanceIdentifier>"
	    "db</DBInstanceIdentifier><VpcSecurityGroups>"
	    "<VpcSecurityGroupMembership><Status>active</Status>"
	    "</VpcSecurityGroupMembership></VpcSecurityGroups></DBInstance>"
	    "</DBInstances></DescribeDBInstancesResult><ResponseMetadata>"
	    "<RequestId>q</RequestId></ResponseMetadata>"
	    "</DescribeDBInstancesResponse>",
	    "{\"DBInstanceIdentifier\":\"db\",\"VpcSecurityGroups\":"
	    "[{\"Status\":\"active\"}]}\n",
	    "{\"DBInstances\":[],\"Marker\":\"m\",\"ResponseMetadata\":"
	    "{\"RequestId\":\"q\"}}" },
	{ "rest-xml: lists by repetition, one and two",
	    { .service = &s3,
		.operation = "GetBucketEncryption",
		.flat = "Rule Tag" },
	    "<C><Rule><A>AES256</A></Rule><Tag>x</Tag><Tag>y</Tag><Other>1"
	    "</Other><Other>2</Other></C>",
	    "{\"Other\":[\"1\",\"2\"],\"Rule\":[{\"A\":\"AES256\"}],\"Tag\":"
	    "[\"x\",\"y\"]}\n",
	    NULL },
	{ "rest-xml: text alone",
	    { .service = &s3, .operation = "GetBucketLocation" },
	    "<LocationConstraint xmlns=\"x\">eu-west-1</LocationConstraint>",
	    "{\"LocationConstraint\":\"eu-west-1\"}\n", NULL },
	{ "json: a list of names and a token",
	    { .service = &kms, .operation = "List", .items = ".clusters[]" },
	    "{\"clusters\":[\"a\",\"b\"],\"nextToken\":\"n\"}",
	    "\"a\"\n\"b\"\n",
	    "{\"clusters\":[\"a\",\"b\"],\"nextToken\":\"n\"}" },
	{ "json: one thing at a path",
	    { .service = &kms,
		.operation = "DescribeKey",
		.items = ".KeyMetadata" },
	    "{\"KeyMetadata\":{\"KeyId\":\"k\",\"CreationDate\":1.5E9}}",
	    "{\"CreationDate\":1500000000.0,\"KeyId\":\"k\"}\n", NULL },
	{ "json: a source that leaves out an empty list",
	    { .service = &kms,
		.operation = "X",
		.items = ".a[]",
		.omits = true },
	    "{}", "", "{}" },
};

static void
every_protocol_gives_the_tree_whatever_the_pieces(void **state)
{
	static const size_t pieces[] = { 1 << 20, 1, 7 };

	(void)state;
	for (size_t i = 0; i < LENGTH(shapes); i++)
		for (size_t k = 0; k < 3; k++) {
			const struct shape *s = &shapes[i];
			struct got g = { 0 };
			struct fault f = { 0 };
			char *around = NULL;

			if (read_body(&s->call, s->body, strlen(s->body),
				pieces[k], &g, &around, &f) == -1)
				fail_msg("%s: %s", s->name, f.text);
			if (strcmp(g.items.p != NULL ? g.items.p : "",
				s->items) != 0)
				fail_msg("%s: %s", s->name, g.items.p);
			if (s->around != NULL && strcmp(around, s->around) != 0)
				fail_msg("%s: %s", s->name, around);
			free(around);
			buf_free(&g.items);
		}
}

static const struct aws_call list_xml = {
	.service = &ec2, .operation = "Describe", .root = "a", .items = ".set[]"
};
static const struct aws_call list_json = {
	.service = &kms, .operation = "List", .items = ".keys[]"
};

static void
what_is_no_answer_is_refused(void **state)
{
	static const struct {
		const struct aws_call *call;
		const char *body;
		enum fault_kind kind;
		const char *says;
	} cases[] = {
		{ &list_xml, "", FAULT_FORMAT, "empty" },
		{ &list_xml, "<a><set><item>", FAULT_FORMAT, "well-formed" },
		{ &list_xml, "<a><set></a></set>", FAULT_FORMAT,
		    "well-formed" },
		{ &list_xml, "{\"a\":1}", FAULT_FORMAT, "well-formed" },
		{ &list_xml, "<!DOCTYPE a><a/>", FAULT_FORMAT,
		    "document type" },
		{ &list_xml,
		    "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
		    "<a>&x;</a>",
		    FAULT_FORMAT, "document type" },
		{ &list_xml,
		    "<!DOCTYPE a [<!ENTITY l \"lol\"><!ENTITY m "
		    "\"&l;&l;&l;&l;\">]><a>&m;</a>",
		    FAULT_FORMAT, "document type" },
		{ &list_xml, "<a><set><item>&nbsp;</item></set></a>",
		    FAULT_FORMAT, "entity" },
		{ &list_json, "<html>busy</html>", FAULT_FORMAT, "HTML" },
		{ &list_json, "{\"keys\":[\"a\"", FAULT_FORMAT, "no JSON" },
		{ &list_json, "[1]", FAULT_FORMAT, "no JSON object" },
		{ &list_json, "{\"a\":1,\"a\":2}", FAULT_FORMAT, "no JSON" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct got g = { 0 };
		struct fault f = { 0 };

		if (read_body(cases[i].call, cases[i].body,
			strlen(cases[i].body), 5, &g, NULL, &f) == 0)
			fail_msg("taken: %s", cases[i].body);
		if (f.kind != cases[i].kind ||
		    strstr(f.text, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].body, f.text);
		buf_free(&g.items);
	}
}

#define IAM "https://iam.amazonaws.com/doc/2010-05-08/"
#define ROLES(inner)                                                           \
	"<ListRolesResponse xmlns=\"" IAM "\"><ListRolesResult>" inner         \
	"</ListRolesResult></ListRolesResponse>"

static const struct aws_call roles = {
	.service = &iam, .operation = "ListRoles", .items = ".Roles[]"
};
static const struct aws_call nested = {
	.service = &ec2, .operation = "Describe", .items = ".outer[].inner[]"
};
static const struct aws_call nested_json = {
	.service = &kms, .operation = "List", .items = ".outer[].inner[]"
};
static const struct aws_call one_json = {
	.service = &kms, .operation = "Describe", .items = ".thing"
};
static const struct aws_call leaves_out = {
	.service = &kms, .operation = "List", .items = ".urls[]", .omits = true
};

#define OUTER(inner)                                                           \
	"<DescribeResponse><outer>" inner "</outer></DescribeResponse>"

/* Each is a whole answer with status 200 that says nothing of what was asked:
 * none of them is an empty list. n: the things in it that are whole. */
static void
a_wrong_shape_is_no_empty_list(void **state)
{
	static const struct {
		const struct aws_call *call;
		const char *body;
		int n;
		const char *says; /* NULL: it is as it should be */
	} cases[] = {
		{ &roles, ROLES("<Roles/>"), 0, NULL },
		{ &roles, ROLES("<Roles><member>a</member></Roles>"), 1, NULL },
		{ &roles, ROLES(""), 0, "no <Roles>" },
		{ &roles, ROLES("<Rules/>"), 0, "no <Roles>" },
		{ &roles, ROLES("<Roles>none</Roles>"), 0, "text stands in" },
		{ &roles,
		    ROLES("<Roles><Role>a</Role><member>b</member></Roles>"), 2,
		    "a list holds <Role>" },
		{ &roles, "<html><body>busy</body></html>", 0,
		    "the answer is <html>" },
		{ &roles,
		    "<Response><Errors><Error><Code>X</Code></Error></Errors>"
		    "</Response>",
		    0, "required: <ListRolesResponse>" },
		{ &roles,
		    "<ListRolesResponse><ListRolesResult><Roles/>"
		    "</ListRolesResult></ListRolesResponse>",
		    0, "of no namespace" },
		{ &roles,
		    "<ListRolesResponse xmlns=\"https://ec2.amazonaws.com/doc/"
		    "2010-05-08/\"><ListRolesResult><Roles/></ListRolesResult>"
		    "</ListRolesResponse>",
		    0, "required: namespace " IAM },
		{ &roles,
		    "<ListRolesResponse xmlns=\"http://iam.amazonaws.com/doc/"
		    "2010-05-08\"><ListRolesResult><Roles/></ListRolesResult>"
		    "</ListRolesResponse>",
		    0, NULL },
		{ &roles,
		    "<ListRolesResponse xmlns=\"" IAM "\"><Roles/>"
		    "</ListRolesResponse>",
		    0, "no <ListRolesResult>" },
		{ &roles,
		    "<ListRolesResponse xmlns=\"" IAM "\"><OtherResult><Roles/>"
		    "</OtherResult></ListRolesResponse>",
		    0, "no <ListRolesResult>" },
		{ &nested, OUTER(""), 0, NULL },
		{ &nested, OUTER("<item><inner/></item>"), 0, NULL },
		{ &nested,
		    OUTER("<item><inner><item>a</item></inner></item>"
			  "<item><id>r-1</id></item>"),
		    1, "no <inner>" },
		{ &nested, OUTER("<item>a</item>"), 0, "no <inner>" },
		{ &nested_json, "{\"outer\":[{\"inner\":[\"a\"]},7]}", 1,
		    "an entry that is no object; found: a number" },
		{ &nested_json, "{\"outer\":[{\"inner\":[\"a\"]},{}]}", 1,
		    "no .inner" },
		{ &nested_json, "{\"outer\":{\"inner\":[]}}", 0,
		    "no list at .outer" },
		{ &nested_json, "{\"outer\":null}", 0, "no .outer" },
		{ &nested_json, "{\"__type\":\"AccessDeniedException\"}", 0,
		    "found: an object with __type" },
		{ &nested_json, "", 0, "empty" },
		{ &one_json, "{}", 0, "no .thing" },
		{ &one_json, "{\"thing\":null}", 0, "no .thing" },
		{ &leaves_out, "{\"message\":\"Forbidden\"}", 0, "no .urls" },
		{ &leaves_out, "{\"urls\":null}", 0, "no .urls" },
		{ &leaves_out, "{\"urls\":\"x\"}", 0, "no list at .urls" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct got g = { 0 };
		struct fault f = { 0 };
		int rc = read_body(cases[i].call, cases[i].body,
		    strlen(cases[i].body), 3, &g, NULL, &f);

		if ((rc == 0) != (cases[i].says == NULL) || g.n != cases[i].n ||
		    (rc == -1 && (f.kind != FAULT_FORMAT ||
				     strstr(f.text, cases[i].says) == NULL)))
			fail_msg(
			    "%s: %d things, '%s'", cases[i].body, g.n, f.text);
		buf_free(&g.items);
	}
}

static void
too_much_is_refused(void **state)
{
	BUF_AUTO(deep, 1 << 20);
	BUF_AUTO(wide, 64 << 20);
	struct got g = { 0 };
	struct fault f = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		buf_puts(&deep, "<a>");
	assert_int_equal(
	    read_body(&list_xml, deep.p, deep.len, 4096, &g, NULL, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);

	/* one item of more than 8 MiB */
	buf_puts(&wide, "<a><set><item>");
	for (int i = 0; i < 100000; i++)
		buf_puts(&wide, "<x>0123456789012345678901234567890</x>");
	buf_puts(&wide, "</item></set></a>");
	assert_int_equal(
	    read_body(&list_xml, wide.p, wide.len, 65536, &g, NULL, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);

	/* JSON over its maximum */
	buf_reset(&wide);
	for (size_t i = 0; i <= ANSWER_JSON_MAX; i += 16)
		buf_puts(&wide, "{\"keys\":[\"abc\"]}");
	assert_int_equal(
	    read_body(&list_json, wide.p, wide.len, 65536, &g, NULL, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	buf_free(&g.items);
}

/* A page of any length: only what is under way is kept. */
static void
a_page_of_fifty_megabytes_streams(void **state)
{
	static const char item[] =
	    "<item><id>x</id><text>some text of a thing that is listed among "
	    "very many others, each like the one before</text></item>";
	struct got g = { 0 };
	struct answer_sink sink = { take, &g };
	struct fault f = { 0 };
	struct aws_answer *a = aws_answer_new(&list_xml, &sink, &f);
	const json_t *rest;
	const int n = (50 << 20) / (int)sizeof(item);

	(void)state;
	g.items.max = 1; /* nothing is kept here either */
	assert_int_equal(aws_answer_feed(a, "<a><set>", 8, &f), 0);
	for (int i = 0; i < n; i++)
		assert_int_equal(
		    aws_answer_feed(a, item, sizeof(item) - 1, &f), 0);
	assert_int_equal(aws_answer_feed(a, "</set></a>", 10, &f), 0);
	assert_int_equal(aws_answer_end(a, &rest, &f), 0);
	assert_int_equal(g.n, n);
	aws_answer_free(a);
	buf_free(&g.items);
}

static void
a_sink_that_fails_ends_it(void **state)
{
	static const char body[] = "<a><set><item>1</item><item>2</item>"
				   "<item>3</item></set></a>";
	struct got g = { .stop_at = 2 };
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(
	    read_body(&list_xml, body, sizeof(body) - 1, 3, &g, NULL, &f), -1);
	assert_int_equal(g.n, 2);
	assert_string_equal(f.text, "the sink is full");
	buf_free(&g.items);
}

static void
codes_of_errors_are_found(void **state)
{
	static const struct {
		const char *body, *code, *message;
	} cases[] = {
		{ "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied"
		  "</Code><Message>no</Message></Error></ErrorResponse>",
		    "AccessDenied", "no" },
		{ "<?xml version=\"1.0\"?>\n<Response><Errors><Error><Code>"
		  "UnauthorizedOperation</Code><Message>You are not authorized"
		  "</Message></Error></Errors><RequestID>1</RequestID>"
		  "</Response>",
		    "UnauthorizedOperation", "You are not authorized" },
		{ "{\"__type\":\"com.amazonaws.kms#NotFoundException\","
		  "\"message\":\"gone\"}",
		    "NotFoundException", "gone" },
		{ "{\"__type\":\"ThrottlingException:http://x\",\"Message\":"
		  "\"slow\"}",
		    "ThrottlingException", "slow" },
		{ "<html>502</html>", "", "" },
		{ "", "", "" },
		{ "{\"code\":\"\\u001b[31mred\"}", "__31mred", "" },
	};
	char code[64], message[256];

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		aws_answer_error(cases[i].body, strlen(cases[i].body), code,
		    sizeof(code), message, sizeof(message));
		assert_string_equal(code, cases[i].code);
		assert_string_equal(message, cases[i].message);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_protocol_gives_the_tree_whatever_the_pieces),
		cmocka_unit_test(what_is_no_answer_is_refused),
		cmocka_unit_test(a_wrong_shape_is_no_empty_list),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(a_page_of_fifty_megabytes_streams),
		cmocka_unit_test(a_sink_that_fails_ends_it),
		cmocka_unit_test(codes_of_errors_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
