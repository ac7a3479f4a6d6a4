/*
 * What is asked of AWS, as declared: that each declaration can work, reads
 * only, and names services as the endpoint table does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <string.h>

#include "collector/aws_client/ask.h"
#include "base/length.h"
#include "collector/aws/aws_kinds.h"
#include "collector/aws/calls.h"
#include "collector/kit/collector.h"
#include "collector/aws_client/aws_host.h"
#include "collector/aws_client/xml.h"

extern const struct text report_text[]; /* the catalogues */
extern const struct collector aws_collector;

static bool
in_table(const struct aws_call *c)
{
	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++)
			if (aws_calls[t][i] == c)
				return true;
	return false;
}

static bool
is_kind(const struct kind *k)
{
	for (size_t i = 0; aws_kinds[i] != NULL; i++)
		if (aws_kinds[i] == k)
			return true;
	return false;
}

static bool
is_option(const char *name) /* "NAME", or "NAME=VALUE" */
{
	size_t len = strcspn(name, "=");

	for (const struct collector_option *o = aws_collector.options;
	     o->name != NULL; o++)
		if (strlen(o->name) == len && strncmp(o->name, name, len) == 0)
			return true;
	return false;
}

static bool
has_input(const struct aws_call *c, const char *name, size_t len)
{
	for (const struct aws_input *in = c->input;
	     in != NULL && in->name != NULL; in++)
		if (strlen(in->name) == len && memcmp(in->name, name, len) == 0)
			return true;
	return false;
}

/* Something comes of it: evidence, a part of it, ids, or other calls. */
static bool
is_of_use(const struct aws_call *c)
{
	if (c->kind != NULL || c->into != NULL || c->gathers != NULL)
		return true;
	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++)
			if (aws_calls[t][i]->each == c)
				return true;
	return false;
}

#define MUST(what)                                                             \
	do {                                                                   \
		if (!(what))                                                   \
			fail_msg("%s:%s: not %s", c->service->name,            \
			    c->operation, #what);                              \
	} while (0)

static void
check_request(const struct aws_call *c)
{
	const struct aws_service *s = c->service;
	bool rest = s->protocol == AWS_REST_JSON || s->protocol == AWS_REST_XML;
	const char *p;

	MUST(rest == (c->path != NULL));
	MUST(!rest || c->path[0] == '/');
	if (s->protocol == AWS_QUERY || s->protocol == AWS_EC2)
		MUST(s->version != NULL);
	if (s->protocol == AWS_JSON)
		MUST(s->target != NULL);
	for (p = c->path; p != NULL && (p = strchr(p, '{')) != NULL; p++)
		MUST(has_input(c, p + 1, strcspn(p + 1, "}")));
	for (const struct aws_input *in = c->input;
	     in != NULL && in->name != NULL; in++)
		MUST((in->from == NULL) != (in->value == NULL));
}

static bool
is_shape(const char *shape)
{
	json_t *nothing = json_object();
	struct fault f = { 0 };

	may_fail(shape_check(shape, nothing, SHAPE_OF_JSON, "shape", &f));
	json_decref(nothing);
	return strstr(f.text, "no shape") == NULL;
}

/* What would tell an answer from something else with status 200. */
static void
check_contract(const struct aws_call *c)
{
	enum aws_protocol p = c->service->protocol;

	MUST(c->must != NULL && is_shape(c->must));
	MUST(c->answer == NULL || is_shape(c->answer));
	MUST((p == AWS_JSON || p == AWS_REST_JSON) ==
	     (c->service->xmlns == NULL));
	MUST(p != AWS_REST_XML || c->root != NULL);
	MUST(c->gone == NULL || (c->missing && c->batch_key != NULL));
	MUST(c->pager.more == NULL || c->answer != NULL);
}

static void
check_answer(const struct aws_call *c)
{
	struct answer_shape shape;
	struct fault f = { 0 };

	if (aws_answer_shape_of(&shape, c, &f) == -1)
		fail_msg("%s: %s", c->operation, f.text);
	MUST((c->pager.token == NULL) == (c->pager.next == NULL));
	MUST(c->pager.limit == NULL || c->pager.size > 0);
	MUST(c->kind == NULL || is_kind(c->kind));
	MUST(c->kind == NULL || c->fold != NULL || c->key != NULL);
	MUST(c->into == NULL || (c->each != NULL && c->kind == NULL));
	MUST(c->each == NULL || c->set == NULL);
	MUST(c->each == NULL || in_table(c->each));
	MUST(c->each == NULL || c->each->service->global == c->service->global);
	MUST(c->batch <= AWS_BATCH_MAX);
	MUST(!c->missing || (c->batch_key != NULL && c->kind != NULL));
	MUST(c->option == NULL || is_option(c->option));
	MUST(is_of_use(c));
	check_contract(c);
}

/* "Reads only" by the names AWS gives its operations, and never what people
 * keep there. */
static void
check_action(const struct aws_call *c)
{
	static const char *const reads[] = { "Get", "List", "Describe",
		"Lookup", "BatchGet", "Search" };
	static const char never[] =
	    "GetSecretValue BatchGetSecretValue GetObject GetItem GetRecords "
	    "GetLogEvents GetSessionToken GetFederationToken "
	    "GetAuthorizationToken GetPasswordData GetConsoleOutput "
	    "GetCredentials GetDataKeyPair";
	char action[AWS_ACTION_MAX];
	bool good = false;
	const char *name;

	aws_call_action(c, action);
	name = strchr(action, ':');
	MUST(name != NULL);
	for (size_t i = 0; i < LENGTH(reads); i++)
		good |= strncmp(name + 1, reads[i], strlen(reads[i])) == 0 &&
			strncmp(c->operation, reads[i], strlen(reads[i])) == 0;
	if (!good || aws_code_is(c->operation, never))
		fail_msg("%s (%s): does it only read?", action, c->operation);
}

static void
check_service(const struct aws_call *c)
{
	const struct text *catalog = aws_catalog(report_text);
	char row[80];

	(void)snprintf(row, sizeof(row), "\n%s\t", c->service->name);
	if (strstr(catalog->p, row) == NULL)
		fail_msg("%s: a service the endpoint table does not know",
		    c->service->name);
}

static void
every_call_is_sound_and_reads_only(void **state)
{
	(void)state;
	check_action(&aws_get_caller_identity);
	check_service(&aws_get_caller_identity);
	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++) {
			const struct aws_call *c = aws_calls[t][i];

			check_request(c);
			check_answer(c);
			check_action(c);
			check_service(c);
		}
}

/* What is declared of each answer, for tests/integration/aws_models.sh to hold
 * against AWS's own models: one line a call, tabs between. */
static void
print_contracts(void)
{
	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++) {
			const struct aws_call *c = aws_calls[t][i];
			struct answer_shape s;
			struct fault f = { 0 };

			if (aws_answer_shape_of(&s, c, &f) == -1)
				continue;
#define OR_NONE(text) ((text) != NULL ? (text) : "")
			printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			    c->service->name, OR_NONE(c->service->version),
			    c->operation, s.root, OR_NONE(s.xmlns), s.result,
			    OR_NONE(c->items), OR_NONE(s.entry),
			    OR_NONE(c->must), OR_NONE(c->pager.next),
			    OR_NONE(c->pager.more));
#undef OR_NONE
		}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_is_sound_and_reads_only),
	};

	if (argc == 2 && strcmp(argv[1], "--contracts") == 0) {
		print_contracts();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
