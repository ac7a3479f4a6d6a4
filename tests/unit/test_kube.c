/* The Kubernetes collector against recorded answers and against refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/length.h"

#include "tests/unit/kube_fixture.h"

static void
collect(struct replay *p, const struct request *r, struct buf *out)
{
	static const struct request plain = { .now = "2026-11-23T11:00:00Z" };
	struct fault f = { 0 };

	if (kube_replay(p, r != NULL ? r : &plain, out, &f) == -1)
		fail_msg("%s", f.text);
}

/* How many lines hold all of the words? */
static int
lines_with(const struct buf *out, const char *a, const char *b)
{
	int n = 0;
	const char *end;

	for (const char *p = out->p; p != NULL && *p != '\0'; p = end + 1) {
		char *line;

		end = strchr(p, '\n');
		line = strndup(p, (size_t)(end - p));
		n += strstr(line, a) != NULL && strstr(line, b) != NULL;
		free(line);
	}
	return n;
}

static void
recorded_answers_become_the_expected_lines(void **state)
{
	struct replay p = { .folder = "real" };
	BUF_AUTO(out, KUBE_ANSWER_MAX);
	BUF_AUTO(expected, KUBE_ANSWER_MAX);
	struct fault f = { 0 };

	(void)state;
	collect(&p, NULL, &out);
	if (getenv("EXHIBIT_UPDATE") != NULL)
		assert_int_equal(file_write("fixtures/kube/real.ndjson", out.p,
				     out.len, 0644, &f),
		    0);
	assert_int_equal(
	    file_read("fixtures/kube/real.ndjson", &expected, &f), 0);
	assert_string_equal(out.p, expected.p);
	assert_int_equal(lines_with(&out, "\"kind\":\"kube.cluster\"",
			     "\"git_version\":\"v1.32.13\""),
	    1);
}

static void
pieces_and_a_broken_connection_change_nothing(void **state)
{
	struct replay whole = { .folder = "real" };
	BUF_AUTO(expected, KUBE_ANSWER_MAX);
	static const size_t sizes[] = { 1, 7, 4096 };

	(void)state;
	collect(&whole, NULL, &expected);
	for (size_t i = 0; i < 3; i++) {
		struct replay p = {
			.folder = "real", .piece = sizes[i], .drop = true
		};
		BUF_AUTO(out, KUBE_ANSWER_MAX);

		collect(&p, NULL, &out);
		assert_string_equal(out.p, expected.p);
	}
}

static void
no_value_outside_the_whitelist_passes(void **state)
{
	static const struct request_option secrets = { "secrets", "1" };
	const struct request r = { .now = "2026-11-23T11:00:00Z",
		.options = &secrets,
		.noptions = 1 };
	struct replay p = { .folder = "real" };
	BUF_AUTO(out, KUBE_ANSWER_MAX);

	(void)state;
	collect(&p, &r, &out);
	assert_int_equal(lines_with(&out, "\"key\":\"team-1/fb-secret\"",
			     "\"kind\":\"kube.secret\""),
	    6); /* the replay gives the same list for each type */
	assert_null(strstr(out.p, "must-never-be-stored"));
	assert_null(strstr(out.p, "DB_PASSWORD"));
	assert_null(strstr(out.p, "last-applied"));
	assert_null(strstr(out.p, "managedFields"));
}

/* ---- refusals ---- */

static long refused_status;
static const char *refused_path, *refused_type, *refused_text;

static bool
refuse_one(struct replay *p, const char *path, long *status, const char **type,
    const char **text)
{
	(void)p;
	if (strstr(path, refused_path) == NULL)
		return false;
	*status = refused_status;
	*type = refused_type;
	*text = refused_text;
	return true;
}

static void
a_refused_list_is_a_gap_and_nothing_of_it_is_put(void **state)
{
	static const struct {
		const char *path, *type, *text, *line, *says;
		long status;
	} cases[] = {
		{ "/nodes", "application/json",
		    "{\"kind\":\"Status\",\"message\":\"nodes is forbidden: "
		    "User \\\"x\\\" cannot list\"}",
		    "\"outcome\":\"denied\"", "nodes: HTTP 403: nodes is forb",
		    403 },
		{ "/nodes", "application/json", "{}", "\"outcome\":\"denied\"",
		    "nodes: HTTP 401", 401 },
		{ "/nodes", "text/plain", "404 page not found",
		    "\"outcome\":\"error\"", "nodes: HTTP 404", 404 },
		{ "/nodes", "application/json", "{}",
		    "\"outcome\":\"unreachable\"", "nodes: HTTP 500", 500 },
		{ "/nodes", "application/json", "",
		    "\"outcome\":\"unreachable\"", "no answer", 0 },
		{ "/nodes", "text/html", "<html>", "\"outcome\":\"error\"",
		    "came instead", 200 },
		{ "/nodes", "text/plain",
		    "{\"kind\":\"NodeList\",\"items\":[]}",
		    "\"outcome\":\"error\"", "is text/plain, not", 200 },
		{ "/nodes", "application/json", "{\"kind\":\"NodeList\",\"it",
		    "\"outcome\":\"error\"", "it breaks off", 200 },
		{ "/nodes", "application/json",
		    "{\"kind\":\"PodList\",\"items\":[]}",
		    "\"outcome\":\"error\"", "a PodList came where", 200 },
		{ "/nodes", "application/json",
		    "{\"kind\":\"NodeList\",\"items\":[{\"metadata\":{\"name\":"
		    "\"a\"}},{\"metadata\":{}}]}",
		    "\"outcome\":\"error\"", "without a name", 200 },
		{ "/nodes", "application/json",
		    "{\"kind\":\"NodeList\",\"items\":[5]}",
		    "\"outcome\":\"error\"", "an item is no object", 200 },
		{ "/nodes", "application/json", "{\"kind\":\"Status\"}",
		    "\"outcome\":\"error\"", "a Status came where", 200 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct replay p = { .folder = "real", .instead = refuse_one };
		BUF_AUTO(out, KUBE_ANSWER_MAX);

		refused_path = cases[i].path;
		refused_type = cases[i].type;
		refused_text = cases[i].text;
		refused_status = cases[i].status;
		collect(&p, NULL, &out);
		assert_int_equal(lines_with(&out, "\"kind\":\"kube.node\"",
				     "\"outcome\":\"observed\""),
		    1); /* the coverage line alone names it */
		assert_int_equal(lines_with(&out, "{\"coverage\":",
				     "\"gaps\":[{\"kind\":\"kube.node\""),
		    1);
		if (lines_with(&out, "\"key\":\"nodes\",\"kind\":\"kube.list\"",
			cases[i].line) != 1 ||
		    lines_with(&out, "{\"coverage\":", cases[i].says) != 1)
			fail_msg("case %zu: %s", i, strrchr(out.p, '{'));
	}
}

#define OWNED(kind)                                                            \
	"\"namespace\":\"a\",\"ownerReferences\":[{\"apiVersion\":\"apps/"     \
	"v1\","                                                                \
	"\"kind\":\"" kind "\",\"controller\":true}]"
#define POD(metadata)                                                          \
	"{\"metadata\":{" metadata ",\"uid\":\"x\"},\"spec\":{\"nodeName\":"   \
	"\"ip-10-0-0-0.ec2.internal\"},\"status\":{\"phase\":\"Running\","     \
	"\"containerStatuses\":[{\"image\":\"i:1\",\"imageID\":\"i@sha256:"    \
	"0\"}"                                                                 \
	"]}}"
#define PODS(a, b, c)                                                          \
	"{\"kind\":\"PodList\",\"metadata\":{},\"items\":[" a "," b "," c "]}"

/* Pods that are alike but for their names are looked at once; what is wrong
 * with a name, and what is one pod's alone, is seen all the same. */
static void
pods_that_are_alike_are_told_apart_where_it_matters(void **state)
{
	static const struct {
		const char *text, *says;
		int images, workloads;
	} cases[] = {
		{ PODS(POD("\"name\":\"x\"," OWNED("ReplicaSet")),
		      POD("\"name\":\"y\"," OWNED("ReplicaSet")),
		      POD("\"name\":\"z\"," OWNED("ReplicaSet"))),
		    "\"gaps\":[]", 1, 0 },
		{ PODS(POD("\"name\":\"x\"," OWNED("Node")),
		      POD("\"name\":\"y\"," OWNED("Node")),
		      POD("\"name\":\"z\"," OWNED("Node"))),
		    "\"gaps\":[]", 1, 3 },
		{ PODS(POD("\"name\":\"x\"," OWNED("ReplicaSet")),
		      POD("\"name\":\"y\"," OWNED("ReplicaSet")),
		      POD("\"other\":\"z\"," OWNED("ReplicaSet"))),
		    "without a name", 0, 0 },
		{ PODS(POD("\"name\":\"x\"," OWNED("ReplicaSet")),
		      POD("\"name\":\"y\"," OWNED("ReplicaSet")),
		      POD("\"name\":\"\"," OWNED("ReplicaSet"))),
		    "without a name", 0, 0 },
		{ PODS(POD("\"name\":\"x\"," OWNED("ReplicaSet")),
		      POD("\"name\":\"y\"," OWNED("ReplicaSet")),
		      POD("\"name\":\"\xff\"," OWNED("ReplicaSet"))),
		    "an object that is no JSON", 0, 0 },
		{ PODS(POD("\"name\":\"x\"," OWNED("ReplicaSet")),
		      POD("\"name\":\"y\"," OWNED("ReplicaSet")),
		      POD("\"name\":\"z\",\"name\":\"z\"," OWNED(
			  "ReplicaSet"))),
		    "duplicate", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct replay p = { .folder = "real", .instead = refuse_one };
		BUF_AUTO(out, KUBE_ANSWER_MAX);

		refused_path = "/api/v1/pods";
		refused_type = "application/json";
		refused_text = cases[i].text;
		refused_status = 200;
		collect(&p, NULL, &out);
		if (lines_with(&out, "{\"coverage\":", cases[i].says) != 1 ||
		    lines_with(&out, "\"kind\":\"kube.image\"", "i@sha256:0") !=
			cases[i].images ||
		    lines_with(&out, "\"kind\":\"kube.workload\"",
			"\"key\":\"Pod/a/") != cases[i].workloads)
			fail_msg("case %zu: %s", i, strrchr(out.p, '{'));
	}
}

/* ---- pods as they run ---- */

#define SPEC(image, more)                                                      \
	"\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"" image       \
	"\"}" more "]"
#define RUNNING(name, owner, spec)                                             \
	"{\"metadata\":{\"namespace\":\"a\",\"name\":\"" name                  \
	"\",\"uid\":\"u-" name "\",\"ownerReferences\":[{\"apiVersion\":"      \
	"\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"" owner                \
	"\",\"uid\":\"u-" owner "\",\"controller\":true}]}," spec              \
	",\"serviceAccountName\":\"default\"}}"
#define SIDECAR                                                                \
	",{\"name\":\"proxy\",\"image\":\"p:1\",\"env\":[{\"name\":"           \
	"\"AWS_USE_FIPS_ENDPOINT\",\"value\":\"false\"}]}"

static const char asked_for[] =
    "{\"kind\":\"DeploymentList\",\"metadata\":{},\"items\":[{\"metadata\":{"
    "\"namespace\":\"a\",\"name\":\"web\"},\"spec\":{\"template\":{" SPEC(
	"w:2", "") "}}}}]}";
/* A replica set of it, from before; nothing of it is judged by itself. */
static const char revisions[] =
    "{\"kind\":\"ReplicaSetList\",\"metadata\":{},\"items\":[{\"metadata\":{"
    "\"namespace\":\"a\",\"name\":\"web-1\",\"ownerReferences\":[{"
    "\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"web\","
    "\"uid\":\"u\",\"controller\":true}]},\"spec\":{\"template\":{" SPEC(
	"w:1", "") "}}}}]}";

static const char *running;

static bool
answer_pods(struct replay *p, const char *path, long *status, const char **type,
    const char **text)
{
	(void)p;
	*status = 200;
	*type = "application/json";
	if (strstr(path, "/deployments") != NULL)
		*text = asked_for;
	else if (strstr(path, "/replicasets") != NULL)
		*text = revisions;
	else if (strstr(path, "/api/v1/pods") != NULL)
		*text = running;
	else
		return false;
	return true;
}

static void
pods_are_judged_as_they_run(void **state)
{
	static const struct {
		const char *pods, *says; /* of the one row, if there is one */
		int rows;
	} cases[] = {
		/* as its controller asks */
		{ RUNNING("x", "web-2", SPEC("w:2", "")), "", 0 },
		/* admission added a container, to both alike */
		{ RUNNING("x", "web-2", SPEC("w:2", SIDECAR)) "," RUNNING(
		      "y", "web-2", SPEC("w:2", SIDECAR)),
		    "\"AWS_USE_FIPS_ENDPOINT\":\"false\"", 1 },
		/* to one of them */
		{ RUNNING("x", "web-2", SPEC("w:2", "")) "," RUNNING(
		      "y", "web-2", SPEC("w:2", SIDECAR)),
		    "\"name\":\"proxy\"", 1 },
		/* of a revision that nothing asks for any more */
		{ RUNNING("x", "web-1", SPEC("w:1", "")), "\"image\":\"w:1\"",
		    1 },
		/* somebody named an owner for what is not its */
		{ RUNNING(
		      "x", "no-such", SPEC("evil:1", "") ",\"hostPID\":true"),
		    "\"host_pid\":true", 1 },
		/* another account than the template's */
		{ "{\"metadata\":{\"namespace\":\"b\",\"name\":\"x\","
		  "\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":"
		  "\"ReplicaSet\",\"controller\":true}]}," SPEC("w:2", "") "}}",
		    "\"namespace\":\"b\"", 1 },
	};
	BUF_AUTO(list, KUBE_ANSWER_MAX);

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct replay p = { .folder = "real", .instead = answer_pods };
		BUF_AUTO(out, KUBE_ANSWER_MAX);

		buf_reset(&list);
		buf_printf(&list,
		    "{\"kind\":\"PodList\",\"metadata\":{},\"items\":[%s]}",
		    cases[i].pods);
		running = list.p;
		collect(&p, NULL, &out);
		if (lines_with(&out, "\"kind\":\"Pods\"", cases[i].says) !=
			cases[i].rows ||
		    lines_with(&out, "\"kind\":\"Pods\"", "") != cases[i].rows)
			fail_msg("case %zu: %d rows, %d of them with %s", i,
			    lines_with(&out, "\"kind\":\"Pods\"", ""),
			    lines_with(
				&out, "\"kind\":\"Pods\"", cases[i].says),
			    cases[i].says);
	}
}

/* ---- which resources have a namespace ---- */

static const char groups[] =
    "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":"
    "\"apidiscovery.k8s.io/v2\",\"metadata\":{},\"items\":[{\"metadata\":{"
    "\"creationTimestamp\":null},\"versions\":[{\"version\":\"v1\","
    "\"resources\":[{\"resource\":\"nodes\",\"scope\":\"Cluster\","
    "\"responseKind\":{\"kind\":\"Node\"},\"subresources\":[{\"subresource\":"
    "\"proxy\"}]},{\"resource\":\"pods\",\"scope\":\"Namespaced\"}]},{"
    "\"version\":\"v2\",\"resources\":[{\"resource\":\"pods\",\"scope\":"
    "\"Namespaced\"}]}]},{\"metadata\":{\"name\":\"x.io\"},\"versions\":[]}]}";

static void
discovery_tells_what_has_a_namespace(void **state)
{
	struct replay p = { .folder = "real", .instead = refuse_one };
	BUF_AUTO(out, KUBE_ANSWER_MAX);

	(void)state;
	refused_path = "/apis";
	refused_type = "application/json;g=apidiscovery.k8s.io;v=v2";
	refused_text = groups;
	refused_status = 200;
	p.instead = refuse_one;
	collect(&p, NULL, &out);
	assert_int_equal(lines_with(&out,
			     "{\"key\":\"core\",\"kind\":\"kube.api_group\","
			     "\"observation\":{\"attributes\":{\"cluster\":["
			     "\"nodes\"],\"namespaced\":[\"pods\"]}",
			     "\"source\":\"/apis\""),
	    1);
	assert_int_equal(lines_with(&out,
			     "{\"key\":\"x.io\",\"kind\":\"kube.api_group\","
			     "\"observation\":{\"attributes\":{\"cluster\":[],"
			     "\"namespaced\":[]}",
			     ""),
	    1);
}

static void
collect_instead(const char *path, const char *text, struct buf *out)
{
	struct replay p = { .folder = "real", .instead = refuse_one };

	refused_path = path;
	refused_type = "application/json";
	refused_text = text;
	refused_status = 200;
	collect(&p, NULL, out);
}

/* A pod whose controller only sounds like one that is listed is looked at
 * itself: nobody else says what it runs. */
static void
a_controller_is_what_its_api_group_says(void **state)
{
	static const char *const owners[] = {
		"\"apiVersion\":\"batch.volcano.sh/v1alpha1\",\"kind\":\"Job\"",
		("\"apiVersion\":\"apps.kruise.io/v1beta1\",\"kind\":"
		 "\"StatefulSet\""),
		"\"apiVersion\":\"apps\",\"kind\":\"DaemonSet\"",
		"\"apiVersion\":\"apps/v1/x\",\"kind\":\"DaemonSet\"",
		"\"kind\":\"Job\"",
		"\"apiVersion\":5,\"kind\":\"Job\"",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(owners); i++) {
		BUF_AUTO(text, 4096);
		BUF_AUTO(out, KUBE_ANSWER_MAX);

		buf_printf(&text,
		    "{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{"
		    "\"metadata\":{\"name\":\"hidden\",\"namespace\":\"a\","
		    "\"ownerReferences\":[{%s,\"controller\":true}]},\"spec\":"
		    "{\"containers\":[{\"name\":\"c\",\"image\":\"i:1\"}]}}]}",
		    owners[i]);
		collect_instead("/api/v1/pods", text.p, &out);
		if (lines_with(&out, "\"key\":\"Pod/a/hidden\"",
			"\"kind\":\"kube.workload\"") != 1)
			fail_msg("owner %zu hides its pod", i);
	}
}

/* What runs beside a pod's containers is looked at as they are. */
static void
sidecars_and_ephemeral_containers_run_too(void **state)
{
	BUF_AUTO(out, KUBE_ANSWER_MAX);

	(void)state;
	collect_instead("/api/v1/pods",
	    "{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{\"metadata\":{"
	    "\"name\":\"p\",\"namespace\":\"a\"},\"spec\":{\"initContainers\":"
	    "[{\"name\":\"first\",\"image\":\"f:1\"},{\"name\":\"beside\","
	    "\"image\":\"b:1\",\"restartPolicy\":\"Always\"}],"
	    "\"ephemeralContainers\":[{\"name\":\"debug\",\"image\":\"d:1\","
	    "\"securityContext\":{\"privileged\":true}}],\"containers\":[{"
	    "\"name\":\"c\",\"image\":\"c:1\"}]}}]}",
	    &out);
	assert_int_equal(lines_with(&out, "\"key\":\"Pod/a/p\"",
			     "\"image\":\"f:1\",\"init\":true"),
	    1);
	assert_int_equal(lines_with(&out, "\"key\":\"Pod/a/p\"",
			     "\"image\":\"b:1\",\"init\":false"),
	    1);
	assert_int_equal(lines_with(&out, "\"key\":\"Pod/a/p\"",
			     "\"image\":\"d:1\",\"init\":false,\"name\":"
			     "\"debug\",\"privileged\":true}"),
	    1);
	assert_int_equal(
	    lines_with(&out, "\"kind\":\"kube.image\"", "\"d:1\""), 1);
}

#define MARK "must-never-be-stored"

/* Texts that people write may hold anything: only named parts are kept. */
static void
no_password_in_a_text_of_a_cluster_is_kept(void **state)
{
	static const struct {
		const char *path, *text, *kept;
	} cases[] = {
		{ "/api/v1/pods",
		    "{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{"
		    "\"metadata\":{\"name\":\"p\",\"namespace\":\"a\"},"
		    "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":"
		    "\"https://u:" MARK "@r.example/i:1\",\"env\":[{\"name\":"
		    "\"JAVA_TOOL_OPTIONS\",\"value\":\"-Dcom.redhat.fips=true "
		    "-Dfips.password=" MARK " " MARK "-fips\"},{\"name\":"
		    "\"AWS_ENDPOINT_URL\",\"value\":\"https://u:" MARK
		    "@kms.example/" MARK "\"}]}]},\"status\":{"
		    "\"containerStatuses\":[{\"image\":\"u:" MARK
		    "@r.example/i:1\",\"imageID\":\"docker-pullable://u:" MARK
		    "@r.example/i@sha256:0\"}]}}]}",
		    "-Dcom.redhat.fips=true" },
		{ "/storageclasses",
		    "{\"kind\":\"StorageClassList\",\"metadata\":{},\"items\":["
		    "{"
		    "\"metadata\":{\"name\":\"s\"},\"provisioner\":\"p\","
		    "\"mountOptions\":[\"tls\",\"password=" MARK "\",\"" MARK
		    "\",\"vers=3.1.1\",\"sec=" MARK "!\"]}]}",
		    "[\"tls\",\"other\",\"other\",\"vers=3.1.1\",\"other\"]" },
		{ "/validatingwebhookconfigurations",
		    "{\"kind\":\"ValidatingWebhookConfigurationList\","
		    "\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"w\"},"
		    "\"webhooks\":[{\"name\":\"w\",\"clientConfig\":{\"url\":"
		    "\"https://u:" MARK "@h.example/" MARK "?" MARK "\"}}]}]}",
		    "h.example" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		BUF_AUTO(out, KUBE_ANSWER_MAX);

		collect_instead(cases[i].path, cases[i].text, &out);
		if (strstr(out.p, MARK) != NULL)
			fail_msg("case %zu: %.120s", i, strstr(out.p, MARK));
		if (strstr(out.p, cases[i].kept) == NULL)
			fail_msg("case %zu lacks %s", i, cases[i].kept);
	}
}

static bool
expire(struct replay *p, const char *path, long *status, const char **type,
    const char **text)
{
	static const char first[] =
	    "{\"kind\":\"NodeList\",\"metadata\":{\"continue\":\"a\"},"
	    "\"items\":[{\"metadata\":{\"name\":\"gone-since\"}},"
	    "{\"metadata\":{\"name\":\"stays\"}}]}";
	static const char second[] = "{\"kind\":\"NodeList\",\"metadata\":{},"
				     "\"items\":[{\"metadata\":{\"name\":"
				     "\"stays\"}}]}";

	(void)type;
	if (strstr(path, "/nodes") == NULL)
		return false;
	*text = p->n == 0 ? first : second;
	*status = 200;
	if (strstr(path, "continue=") != NULL && p->n++ == 0) {
		*status = 410;
		*text = "{\"kind\":\"Status\",\"reason\":\"Expired\"}";
	}
	return true;
}

static void
an_expired_list_begins_anew_without_a_mixture(void **state)
{
	struct replay p = { .folder = "real", .instead = expire };
	BUF_AUTO(out, KUBE_ANSWER_MAX);

	(void)state;
	collect(&p, NULL, &out);
	assert_int_equal(lines_with(&out, "gone-since", ""), 0);
	assert_int_equal(lines_with(&out, "\"key\":\"stays\"", ""), 1);
	assert_int_equal(lines_with(&out, "{\"coverage\":", "\"gaps\":[]"), 1);
}

static bool
endless(struct replay *p, const char *path, long *status, const char **type,
    const char **text)
{
	static char page[256];

	(void)type;
	if (strstr(path, "/nodes") == NULL)
		return false;
	*status = 200;
	(void)snprintf(page, sizeof(page),
	    "{\"kind\":\"NodeList\",\"metadata\":{\"continue\":\"%d\"},"
	    "\"items\":[%s]}",
	    p->n++, p->piece == 1 ? "{\"metadata\":{\"name\":\"n\"}}" : "");
	*text = page;
	return true;
}

static void
an_endless_list_ends(void **state)
{
	struct replay empty = { .folder = "real", .instead = endless };
	struct replay full = {
		.folder = "real", .instead = endless, .piece = 1
	};
	BUF_AUTO(out, KUBE_ANSWER_MAX);
	BUF_AUTO(other, KUBE_ANSWER_MAX);

	(void)state;
	collect(&empty, NULL, &out);
	assert_int_equal(lines_with(&out, "{\"coverage\":", "empty pages"), 1);
	assert_int_equal(empty.n, EMPTY_PAGES_MAX + 1);
	collect(&full, NULL, &other);
	assert_int_equal(lines_with(&other, "{\"coverage\":", "2000 pages"), 1);
	assert_int_equal(
	    lines_with(&other, "\"key\":\"n\"", "\"kind\":\"kube.node\""), 0);
}

static void
a_cluster_that_refuses_is_evidence_of_that_alone(void **state)
{
	struct replay p = { .folder = "real", .instead = refuse_one };
	BUF_AUTO(out, KUBE_ANSWER_MAX);

	(void)state;
	refused_path = "/version";
	refused_status = 401;
	refused_type = "application/json";
	refused_text = "{\"message\":\"Unauthorized\"}";
	collect(&p, NULL, &out);
	assert_int_equal(p.calls, 1);
	assert_int_equal(lines_with(&out, "\"kind\":\"kube.cluster\"",
			     "\"outcome\":\"denied\""),
	    1);
	assert_int_equal(
	    lines_with(&out, "{\"coverage\":", "\"outcome\":\"denied\""), 1);
}

/* ---- a list that had things in the run before ---- */

static int
known_before(void *ctx, const char *query,
    int (*take)(void *, const char *, struct fault *), void *take_ctx,
    struct fault *f)
{
	const char *const *names = ctx;

	assert_string_equal(query, "kube-known");
	for (; *names != NULL; names++)
		if (take(take_ctx, *names, f) == -1)
			return -1;
	return 0;
}

#define EMPTY(version)                                                         \
	"{\"kind\":\"NamespaceList\",\"metadata\":{\"resourceVersion\":"       \
	"\"" version "\"},\"items\":[]}"
static const char *namespaces[2]; /* the answers, in turn; NULL: as recorded */

static bool
namespaces_instead(struct replay *p, const char *path, long *status,
    const char **type, const char **text)
{
	(void)status;
	(void)type;
	if (strncmp(path, "/api/v1/namespaces?", 19) != 0)
		return false;
	assert_in_range(p->n, 0, 1);
	*text = namespaces[p->n++];
	if (*text != NULL && strcmp(*text, "refused") == 0)
		*status = 503;
	return *text != NULL;
}

/* How often the list was asked; out: what became of it. */
static int
asked_of(
    const char *first, const char *second, const char *known, struct buf *out)
{
	struct replay p = { .folder = "real", .instead = namespaces_instead };
	const char *names[] = { known, NULL };
	struct request r = { .now = "2026-11-23T11:00:00Z",
		.known = known_before,
		.known_ctx = names };

	namespaces[0] = first;
	namespaces[1] = second;
	collect(&p, &r, out);
	return p.n;
}

static void
a_list_that_had_things_before_is_asked_a_second_time(void **state)
{
	static const char had[] = "kube/prod kube.namespace";
	static const char list[] =
	    "\"key\":\"namespaces\",\"kind\":\"kube.list\"";
	static const char twice[] = "\"requested_again\":true";

	(void)state;
	{
		BUF_AUTO(out, KUBE_ANSWER_MAX);

		assert_int_equal(
		    asked_of(EMPTY("7"), EMPTY("8"), had, &out), 2);
		assert_int_equal(lines_with(&out, list, twice), 1);
		assert_int_equal(lines_with(&out, list,
				     "empty at resourceVersion 7, asked again: "
				     "empty at resourceVersion 8"),
		    1);
	}
	{
		BUF_AUTO(out, KUBE_ANSWER_MAX); /* the second answer holds */

		assert_int_equal(asked_of(EMPTY("7"), NULL, had, &out), 2);
		assert_int_equal(lines_with(&out, list, "asked again: "), 1);
		assert_true(lines_with(&out, "\"kind\":\"kube.namespace\"",
				"\"outcome\":\"observed\"") > 1);
	}
	{
		BUF_AUTO(out, KUBE_ANSWER_MAX); /* ... and a refusal is none */

		assert_int_equal(asked_of(EMPTY("7"), "refused", had, &out), 2);
		assert_int_equal(
		    lines_with(&out, list, "\"outcome\":\"unreachable\""), 1);
		assert_int_equal(lines_with(&out, "\"gaps\":[",
				     "{\"kind\":\"kube.namespace\","),
		    1);
	}
	{
		BUF_AUTO(out, KUBE_ANSWER_MAX); /* of another cluster */

		assert_int_equal(asked_of(EMPTY("7"), EMPTY("8"),
				     "kube/other kube.namespace", &out),
		    1);
		assert_int_equal(lines_with(&out, list, twice), 0);
	}
	{
		BUF_AUTO(out, KUBE_ANSWER_MAX); /* it is not empty */

		assert_int_equal(asked_of(NULL, NULL, had, &out), 1);
		assert_int_equal(lines_with(&out, list, twice), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_list_that_had_things_before_is_asked_a_second_time),
		cmocka_unit_test(recorded_answers_become_the_expected_lines),
		cmocka_unit_test(pieces_and_a_broken_connection_change_nothing),
		cmocka_unit_test(no_value_outside_the_whitelist_passes),
		cmocka_unit_test(
		    a_refused_list_is_a_gap_and_nothing_of_it_is_put),
		cmocka_unit_test(
		    pods_that_are_alike_are_told_apart_where_it_matters),
		cmocka_unit_test(pods_are_judged_as_they_run),
		cmocka_unit_test(discovery_tells_what_has_a_namespace),
		cmocka_unit_test(a_controller_is_what_its_api_group_says),
		cmocka_unit_test(sidecars_and_ephemeral_containers_run_too),
		cmocka_unit_test(no_password_in_a_text_of_a_cluster_is_kept),
		cmocka_unit_test(an_expired_list_begins_anew_without_a_mixture),
		cmocka_unit_test(an_endless_list_ends),
		cmocka_unit_test(
		    a_cluster_that_refuses_is_evidence_of_that_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
