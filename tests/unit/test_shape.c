/* What an answer must hold: a shape that would let a wrong answer through
 * would let absence be concluded from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/length.h"
#include "collector/kit/shape.h"

#define PODS ".kind=is:PodList .items[]=object .items[].metadata.name=text"
#define TRAIL ".EventSelectors[]|.AdvancedEventSelectors[]=object"

struct shaped {
	const char *shape, *answer, *says; /* says NULL: it holds */
};

static void
hold_all(const struct shaped *cases, size_t n, enum shape_form form)
{
	for (size_t i = 0; i < n; i++) {
		json_t *v = json_loads(cases[i].answer, JSON_DECODE_ANY, NULL);
		struct fault f = { 0 };
		int rc = shape_check(cases[i].shape, v, form, "List", &f);

		assert_non_null(v);
		if (rc != (cases[i].says == NULL ? 0 : -1) ||
		    (rc == -1 && (f.kind != FAULT_FORMAT ||
				     strstr(f.text, cases[i].says) == NULL)) ||
		    (rc == 0 && f.kind != FAULT_NONE))
			fail_msg("%s of %s: %d '%s', not '%s'", cases[i].shape,
			    cases[i].answer, rc, f.text,
			    cases[i].says != NULL ? cases[i].says : "");
		json_decref(v);
	}
}

static void
an_empty_list_is_told_from_none(void **state)
{
	static const struct shaped cases[] = {
		{ ".Keys[]=object", "{\"Keys\":[]}", NULL },
		{ ".Keys[]=object", "{\"Keys\":[{}],\"More\":1}", NULL },
		{ ".Keys[]=object", "{}", "no .Keys; found: an empty object" },
		{ ".Keys[]=object", "{\"message\":\"Forbidden\"}",
		    "found: an object with message" },
		{ ".Keys[]=object", "{\"Keys\":null}", "no .Keys" },
		{ ".Keys[]=object", "{\"Keys\":\"x\"}",
		    ".Keys is a string; required: a list" },
		{ ".Keys[]=object", "{\"Keys\":{}}",
		    ".Keys is an empty object" },
		{ ".Keys[]=object", "{\"Keys\":[{},7]}",
		    ".Keys[] is a number; required: object" },
		{ ".Keys[]=object", "{\"Keys\":[null]}", ".Keys[] is null" },
		{ ".Keys[]=object", "[]", "the answer is a list" },
		{ ".Names[]=text", "{\"Names\":[\"a\",\"\"]}", ".Names[]" },
		{ ".Names[]=text", "{\"Names\":[\"a\",\"b\"]}", NULL },
		{ PODS, "{\"kind\":\"PodList\",\"items\":[]}", NULL },
		{ PODS, "{\"kind\":\"Status\",\"items\":[]}",
		    ".kind is a string; required: is:PodList" },
		{ PODS, "{\"kind\":\"PodList\",\"items\":null}", "no .items" },
		{ PODS, "{\"kind\":\"PodList\",\"items\":[{\"metadata\":{}}]}",
		    "no .items[].metadata.name" },
		{ PODS, "{\"kind\":\"PodList\",\"items\":[{\"metadata\":7}]}",
		    ".items[].metadata is a number" },
		{ ".a[].b[]=text", "{\"a\":[{\"b\":[]},{}]}", "no .a[].b" },
		{ ".a[].b[]=text", "{\"a\":[{\"b\":[]}]}", NULL },
	};

	(void)state;
	hold_all(cases, LENGTH(cases), SHAPE_OF_JSON);
}

static void
what_may_be_missing_may_not_be_another_type(void **state)
{
	static const struct shaped cases[] = {
		{ ".t=text?", "{}", NULL },
		{ ".t=text?", "{\"t\":null}", NULL },
		{ ".t=text?", "{\"t\":7}", ".t is a number" },
		{ ".a[].t=text?", "{\"a\":[{},{\"t\":7}]}", ".a[].t" },
		{ ".a[].t=text?", "{\"a\":[{},{\"t\":\"x\"}]}", NULL },
		{ ".f=flag", "{\"f\":\"true\"}", ".f is a string" },
		{ ".f=flag .n=number", "{\"f\":false,\"n\":1.5}", NULL },
		{ ".n=number", "{\"n\":\"1\"}", ".n is a string" },
		{ ".s=string", "{\"s\":\"\"}", NULL },
		{ ".x=any", "{\"x\":null}", NULL },
		{ ".x=any", "{}", "no .x" },
		{ TRAIL, "{\"EventSelectors\":[]}", NULL },
		{ TRAIL, "{\"AdvancedEventSelectors\":[{}]}", NULL },
		{ TRAIL, "{\"EventSelectors\":null}", "no .EventSelectors" },
		{ TRAIL,
		    "{\"EventSelectors\":[],"
		    "\"AdvancedEventSelectors\":7}",
		    ".AdvancedEventSelectors is a number" },
		{ ".=object", "{}", NULL },
		{ ".=text", "{}", "is an empty object; required: text" },
		{ NULL, "7", NULL },
		{ "Keys", "{}", "no shape" },
	};

	(void)state;
	hold_all(cases, LENGTH(cases), SHAPE_OF_JSON);
}

/* Any text is not a name: what stands for a thing has the form its service
 * promises, and an empty text names nothing. */
static void
what_names_a_thing_has_its_form(void **state)
{
	static const struct shaped cases[] = {
		{ ".n=name", "{\"n\":\"/aws/eks/a_b.c@d\"}", NULL },
		{ ".n=name", "{\"n\":\"two words\"}", "of another form" },
		{ ".n=name", "{\"n\":\"<html>\"}", "of another form" },
		{ ".n=name", "{\"n\":\"a\\nb\"}", "of another form" },
		{ ".n=name", "{\"n\":\"\"}", "no .n" },
		{ ".n=name?", "{\"n\":\"\"}", NULL },
		{ ".a=arn", "{\"a\":\"arn:aws-us-gov:s3:::b\"}", NULL },
		{ ".a=arn", "{\"a\":\"arn:aws:s3::b\"}", "of another form" },
		{ ".a=arn", "{\"a\":\"arn:aws:::1:b\"}", "of another form" },
		{ ".a=arn", "{\"a\":\"bucket\"}", "of another form" },
		{ ".k=key",
		    "{\"k\":\"arn:aws:kms:us-east-1:111122223333:key/1\"}",
		    NULL },
		{ ".k=key", "{\"k\":\"alias/aws/ebs\"}", NULL },
		{ ".k=key", "{\"k\":\"1234abcd-12ab-34cd-56ef-1234567890ab\"}",
		    NULL },
		{ ".k=key", "{\"k\":\"arn:aws:s3:::b\"}", "of another form" },
		{ ".k=key", "{\"k\":\"text\"}", "required: key" },
		{ ".k=key", "{\"k\":\"alias/\"}", "of another form" },
		{ ".k=key?", "{\"k\":7}", ".k is a number" },
		{ ".v=like:vpc-", "{\"v\":\"vpc-0a1b\"}", NULL },
		{ ".v=like:vpc-", "{\"v\":\"vpc-\"}", "of another form" },
		{ ".v=like:vpc-", "{\"v\":\"subnet-1\"}", "of another form" },
		{ ".s=in:ON,OFF", "{\"s\":\"OFF\"}", NULL },
		{ ".s=in:ON,OFF", "{\"s\":\"O\"}", "of another form" },
		{ ".n=account", "{\"n\":\"111122223333\"}", NULL },
		{ ".n=account", "{\"n\":\"self\"}", "of another form" },
	};

	(void)state;
	hold_all(cases, LENGTH(cases), SHAPE_OF_JSON);
}

/* XML has texts alone, and an empty element may be any of them. */
static void
texts_of_xml_count_as_what_they_say(void **state)
{
	static const struct shaped cases[] = {
		{ ".f=flag .n=number", "{\"f\":\"TRUE\",\"n\":\"30\"}", NULL },
		{ ".f=flag", "{\"f\":\"yes\"}", ".f is a string" },
		{ ".f=flag", "{\"f\":\"\"}", ".f is a string" },
		{ ".l[]=object", "{\"l\":\"\"}", NULL },
		{ ".l[]=object", "{\"l\":\"text\"}", ".l is a string" },
		{ ".o=object", "{\"o\":\"\"}", NULL },
		{ ".o.name=text", "{\"o\":\"\"}", "no .o.name" },
		{ ".o.name=text", "{\"o\":\"x\"}", ".o is a string" },
		{ ".n=number", "{\"n\":\"30d\"}", ".n is a string" },
	};

	(void)state;
	hold_all(cases, LENGTH(cases), SHAPE_OF_XML);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_list_is_told_from_none),
		cmocka_unit_test(what_may_be_missing_may_not_be_another_type),
		cmocka_unit_test(what_names_a_thing_has_its_form),
		cmocka_unit_test(texts_of_xml_count_as_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
