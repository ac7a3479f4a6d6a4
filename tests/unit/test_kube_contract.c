/*
 * Every wrong shape of tests/wrong_shapes.h as the answer of every request to
 * a cluster: nothing may be gone, absent or better, and the run is partial.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/length.h"
#include "tests/unit/contract.h"
#include "tests/unit/kube_fixture.h"
#include "tests/wrong_shapes.h"

#define ANSWER_BYTES 1024

static const struct request_option options[] = { { "configz", "" },
	{ "secrets", "" } };

/* Whose answer is replaced, and by what; who alone has things at all (other
 * lists are empty, which makes a run short). */
static const char *broken_path, *broken_body, *broken_type;
static const struct resource *alone;
static size_t asked;

static bool
is_at(const char *path, const char *of)
{
	size_t len = strlen(of);

	return strncmp(path, of, len) == 0 &&
	       (path[len] == '\0' || path[len] == '?' || path[len] == '&');
}

static bool
empty_list(const char *path, const char **text)
{
	static char body[256];
	const struct resource *r = replay_resource(path);

	if (r == NULL || r == alone || r->verb != API_LIST)
		return false;
	(void)snprintf(body, sizeof(body),
	    "{\"kind\":\"%s\",\"metadata\":{},\"items\":[]}", r->list);
	*text = body;
	return true;
}

static bool
break_one(struct replay *p, const char *path, long *status, const char **type,
    const char **text)
{
	(void)p;
	if (broken_path == NULL || !is_at(path, broken_path)) {
		if (strstr(path, "/proxy/configz") == NULL)
			return empty_list(path, text);
		*text =
		    "{\"kubeletconfig\":{\"authentication\":{\"anonymous\":{"
		    "\"enabled\":true}},\"tlsCipherSuites\":[\"TLS_A\"],"
		    "\"tlsMinVersion\":\"VersionTLS12\"}}";
		return true;
	}
	*status = 200;
	*type = broken_type;
	*text = broken_body;
	asked++;
	return true;
}

static void
collect(struct seen *s)
{
	struct replay p = { .folder = "real", .instead = break_one };
	struct request r = { .now = "2026-11-23T11:00:00Z",
		.options = options,
		.noptions = LENGTH(options) };
	struct sink sink = seen_sink(s);
	struct kube k = {
		.r = &r, .api = { .get = replay_get, .self = &p }, .out = &sink
	};
	struct fault f = { 0 };

	seen_init(s);
	if (kube_collect_all(&k, "prod", &f) == -1)
		fail_msg("%s '%.80s': the run ended: %s", broken_path,
		    broken_body, f.text);
}

static bool
is_about_calls(const char *name)
{
	return strstr(name, " kube.list ") != NULL ||
	       strstr(name, " kube.cluster ") != NULL;
}

static void
throw_at(const struct seen *good, const char *path, const char *body)
{
	static const char *const types[] = { "application/json", "text/html",
		"" };

	for (size_t i = 0; i < LENGTH(types); i++) {
		struct seen bad;
		char what[512];

		/* the type is looked at before anything else */
		if (i > 0 && body[0] != '<')
			continue;
		(void)snprintf(what, sizeof(what), "%s: '%.200s'", path, body);
		broken_path = path;
		broken_body = body;
		broken_type = types[i];
		asked = 0;
		collect(&bad);
		if (asked == 0)
			fail_msg("%s: was not asked", what);
		if (!bad.partial)
			fail_msg("%s: the run is complete", what);
		contract_holds(what, is_about_calls, good, &bad);
		seen_free(&bad);
	}
	broken_path = NULL;
}

static void
throw_lists(const struct seen *good, const char *path, const char *list)
{
	static const char *const heads[] = { "", "\"kind\":\"Status\",",
		"\"kind\":null,", "\"kind\":7," };
	char body[ANSWER_BYTES];

	for (size_t i = 0; i < LENGTH(wrong_lists); i++) {
		(void)snprintf(body, sizeof(body),
		    "{\"kind\":\"%s\",\"metadata\":{},\"items\":%s}", list,
		    wrong_lists[i]);
		throw_at(good, path, body);
	}
	for (size_t i = 0; i < LENGTH(wrong_tokens); i++) {
		(void)snprintf(body, sizeof(body),
		    "{\"kind\":\"%s\",\"metadata\":{\"continue\":%s},"
		    "\"items\":[]}",
		    list, wrong_tokens[i]);
		throw_at(good, path, body);
		(void)snprintf(body, sizeof(body),
		    "{\"kind\":\"%s\",\"metadata\":%s,\"items\":[]}", list,
		    wrong_tokens[i]);
		if (wrong_tokens[i][0] != '{')
			throw_at(good, path, body);
	}
	for (size_t i = 0; i < LENGTH(heads); i++) {
		(void)snprintf(body, sizeof(body),
		    "{%s\"metadata\":{},\"items\":[]}", heads[i]);
		throw_at(good, path, body);
	}
	(void)snprintf(body, sizeof(body),
	    "{\"kind\":\"%s\",\"metadata\":{},\"items\":[", list);
	throw_at(good, path, body);
}

static void
no_wrong_shape_says_that_there_is_none(void **state)
{
	struct seen good;

	(void)state;
	broken_path = NULL;
	alone = NULL;
	collect(&good);
	for (size_t i = 0; i < LENGTH(wrong_shapes); i++)
		throw_at(&good, "/version", wrong_shapes[i]);
	seen_free(&good);
	for (const struct resource *r = kube_resources; r->kind != NULL; r++) {
		broken_path = NULL;
		alone = r;
		collect(&good);
		for (size_t i = 0; i < LENGTH(wrong_shapes); i++)
			throw_at(&good, r->path, wrong_shapes[i]);
		if (r->verb == API_LIST)
			throw_lists(&good, r->path, r->list);
		seen_free(&good);
	}
}

/* One kubelet's answer is that of its node alone. */
static void
no_wrong_shape_is_a_kubelet(void **state)
{
	static const char *const inner[] = { "null", "{}", "[]", "\"x\"",
		"{\"authentication\":{\"anonymous\":7}}",
		"{\"authentication\":[]}", "{\"clusterDomain\":\"x\"}",
		"{\"authentication\":{},\"tlsCipherSuites\":7}",
		"{\"authentication\":{},\"tlsCipherSuites\":[7]}",
		"{\"authentication\":{},\"tlsMinVersion\":{}}" };
	size_t n = LENGTH(wrong_shapes);
	struct seen good;
	const char *name, *key = NULL;
	char path[256];
	json_t *v;

	(void)state;
	broken_path = NULL;
	for (alone = kube_resources; strcmp(alone->name, "nodes") != 0;)
		alone++;
	collect(&good);
	json_object_foreach (good.rows, name, v) {
		if (strncmp(name, "kube/prod kube.kubelet ", 23) == 0)
			key = name;
	}
	assert_non_null(key);
	(void)snprintf(
	    path, sizeof(path), "/api/v1/nodes/%s/proxy/configz", key + 23);
	for (size_t i = 0; i < n + LENGTH(inner); i++) {
		char body[ANSWER_BYTES];
		struct seen bad;

		(void)snprintf(body, sizeof(body), "{\"kubeletconfig\":%s}",
		    i < n ? "" : inner[i - n]);
		broken_path = path;
		broken_body = i < n ? wrong_shapes[i] : body;
		broken_type = "application/json";
		collect(&bad);
		contract_holds(broken_body, is_about_calls, &good, &bad);
		assert_string_equal(
		    seen_outcome(json_object_get(bad.rows, key)), "error");
		seen_free(&bad);
	}
	seen_free(&good);
	broken_path = NULL;
}

/* A page that only has the status of one that is missing: 404 of a gateway. */
static bool
gateway(struct replay *p, const char *path, long *status, const char **type,
    const char **text)
{
	bool is = break_one(p, path, status, type, text);

	if (is && is_at(path, broken_path))
		*status = 404;
	return is;
}

static void
not_every_404_says_that_an_api_is_not_installed(void **state)
{
	static const char *const bodies[] = { "", "<html>not found</html>",
		"{}", "{\"kind\":\"Status\",\"reason\":\"Forbidden\"}",
		"{\"message\":\"no route\"}", "404" };
	struct seen good;

	(void)state;
	broken_path = NULL;
	alone = NULL;
	collect(&good);
	for (const struct resource *r = kube_resources; r->kind != NULL; r++)
		for (size_t i = 0; r->optional && i < LENGTH(bodies); i++) {
			struct replay p = { .folder = "real",
				.instead = gateway };
			struct request q = { .now = "2026-11-23T11:00:00Z",
				.options = options,
				.noptions = LENGTH(options) };
			struct seen bad;
			struct sink sink = seen_sink(&bad);
			struct kube k = { .r = &q,
				.api = { .get = replay_get, .self = &p },
				.out = &sink };
			struct fault f = { 0 };
			char name[128];

			broken_path = r->path;
			broken_body = bodies[i];
			broken_type = "text/plain";
			seen_init(&bad);
			assert_int_equal(kube_collect_all(&k, "prod", &f), 0);
			(void)snprintf(name, sizeof(name), "kube/prod %s x",
			    r->kind->name);
			if (!seen_gap(&bad, name))
				fail_msg(
				    "%s: '%s': no gap", r->path, bodies[i]);
			contract_holds(r->path, is_about_calls, &good, &bad);
			seen_free(&bad);
		}
	seen_free(&good);
	broken_path = NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_wrong_shape_says_that_there_is_none),
		cmocka_unit_test(no_wrong_shape_is_a_kubelet),
		cmocka_unit_test(
		    not_every_404_says_that_an_api_is_not_installed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
