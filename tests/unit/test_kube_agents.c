/*
 * Nodes seen from inside the cluster: what is believed of an agent's log, and
 * what becomes of a node of which there is nothing to believe.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

#include "tests/fixtures/verdicts_print.h"
#include "base/length.h"
#include "tests/unit/kube_fixture.h"

#define NOW "2026-11-23T11:00:00Z"
#define FRESH "2026-11-23T09:30:00.123456789Z"
#define BOOT "c1d1f0e9-6d3d-4b7b-9a6e-7a0f7b6a3e33" /* of al2023-fips */
#define DIGEST                                                                 \
	"sha256:"                                                              \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "00000000-0000-0000-0000-000000000000"

/* A recorded host's report, each line as kubelet hands it out. */
static void
print_report(struct buf *out, const char *host, const char *stamp)
{
	BUF_AUTO(lines, KUBE_ANSWER_MAX);
	struct fault f = { 0 };
	char path[256];
	const char *end;

	(void)snprintf(path, sizeof(path), "fixtures/node/%s.ndjson", host);
	if (file_read(path, &lines, &f) == -1)
		fail_msg("%s", f.text);
	for (const char *p = lines.p; *p != '\0'; p = end + 1) {
		end = strchr(p, '\n');
		buf_printf(out, "%s %.*s\n", stamp, (int)(end - p), p);
	}
}

static void
drop_lines(struct buf *b, int n)
{
	for (; n > 0; n--) {
		const char *end = strchr(b->p, '\n') + 1;

		b->len -= (size_t)(end - b->p);
		(void)memmove(b->p, end, b->len + 1);
	}
}

static void
replace(struct buf *b, const char *what, const char *with)
{
	BUF_AUTO(out, KUBE_ANSWER_MAX);
	const char *p = b->p, *at;

	while ((at = strstr(p, what)) != NULL) {
		buf_printf(&out, "%.*s%s", (int)(at - p), p, with);
		p = at + strlen(what);
	}
	buf_puts(&out, p);
	buf_reset(b);
	buf_put(b, out.p, out.len);
}

/* ---- nodes, what runs there, and what the check is to say ---- */

enum log_is {
	LOG_WHOLE,
	LOG_NO_POD,
	LOG_PENDING,
	LOG_BY_HAND,   /* a pod nobody's daemon set made */
	LOG_ELSEWHERE, /* the right labels, another namespace */
	LOG_STALE,
	LOG_OFFSET, /* the same time, told with an offset */
	LOG_FUTURE,
	LOG_CUT,
	LOG_HALF, /* a whole one, and the next in the making */
	LOG_CHATTER,
	LOG_EMPTY,
	LOG_OTHER_KIND,
	LOG_TWO_HOSTS,
	LOG_OTHER_BOOT,
	LOG_UNDECLARED,
	LOG_STATUS_500,
	LOG_BREAKS,
	LOG_STDERR,  /* a line of it behind each of its own */
	LOG_TWO,     /* two agents on the node */
	LOG_TURNING, /* one that is being deleted, and its successor */
	LOG_FOREIGN, /* another daemon set, of nobody that is known */
	LOG_NO_UID
};

static const struct {
	const char *node;
	enum log_is is;
	const char *outcome, *reason; /* of the node; NULL: observed */
} nodes[] = {
	{ "whole", LOG_WHOLE, NULL, NULL },
	{ "half", LOG_HALF, NULL, NULL },
	{ "offset", LOG_OFFSET, NULL, NULL },
	{ "none", LOG_NO_POD, "unreachable", "no agent runs on this node" },
	{ "by-hand", LOG_BY_HAND, "unreachable", "no agent runs on this node" },
	{ "elsewhere", LOG_ELSEWHERE, "unreachable",
	    "no agent runs on this node" },
	{ "pending", LOG_PENDING, "unreachable",
	    "the node's agent is Pending" },
	{ "stale", LOG_STALE, "unreachable",
	    "the newest report of the node's agent is over 24 hours old" },
	{ "future", LOG_FUTURE, "error",
	    "the agent's report is from the future: the node's clock is "
	    "ahead" },
	{ "cut", LOG_CUT, "error",
	    "the beginning of the agent's newest report is no longer in its "
	    "log" },
	{ "chatter", LOG_CHATTER, "error",
	    "the node's agent has printed no whole report yet" },
	{ "empty", LOG_EMPTY, "error",
	    "the node's agent has printed no whole report yet" },
	{ "other-kind", LOG_OTHER_KIND, "error",
	    "kind 'kube.cluster' is unknown to this version" },
	{ "two-hosts", LOG_TWO_HOSTS, "error",
	    "the agent's report speaks of more than one host" },
	{ "other-boot", LOG_OTHER_BOOT, "error",
	    "the agent's report is not of the boot the API server knows of "
	    "this node" },
	{ "undeclared", LOG_UNDECLARED, "error",
	    "kind node has no column 'secret'" },
	{ "status-500", LOG_STATUS_500, "unreachable",
	    "the log of the node's agent could not be read: HTTP 500" },
	/* as many lines, but one of them is of standard error */
	{ "breaks", LOG_BREAKS, "error",
	    "the beginning of the agent's newest report is no longer in its "
	    "log" },
	{ "stderr", LOG_STDERR, NULL, NULL },
	{ "turning", LOG_TURNING, NULL, NULL },
	{ "two", LOG_TWO, "error",
	    "more than one agent runs on this node: which report is the "
	    "node's cannot be determined" },
	{ "foreign", LOG_FOREIGN, "error",
	    "the pod that reports for this node is not of a DaemonSet of the "
	    "nodes' agents: the UID of its owner is another" },
	{ "no-uid", LOG_NO_UID, "error",
	    "the pod that reports for this node is not of a DaemonSet of the "
	    "nodes' agents: the UID of its owner is another" },
};
#define NODES (LENGTH(nodes))

static void
print_log(enum log_is is, struct buf *out)
{
	static const char *const stamps[] = {
		[LOG_STALE] = "2026-11-22T10:59:59.000000000Z",
		[LOG_OFFSET] = "2026-11-23T18:30:00.5+09:00",
		[LOG_FUTURE] = "2026-11-23T12:00:01.000000000Z",
		[LOG_NO_UID] = FRESH,
	};

	if (is == LOG_CHATTER)
		buf_puts(out, FRESH " exhibit: --chroot: refused\n");
	if (is == LOG_CHATTER || is == LOG_EMPTY)
		return;
	print_report(out, "al2023-fips",
	    is < LENGTH(stamps) && stamps[is] != NULL ? stamps[is] : FRESH);
	switch (is) {
	case LOG_HALF:
		print_report(out, "al2023-off", FRESH);
		out->len -= 4000;
		out->p[out->len] = '\0';
		break;
	case LOG_CUT:
		drop_lines(out, 1);
		break;
	case LOG_OTHER_KIND:
		replace(out, "\"kind\":\"node.library\"",
		    "\"kind\":\"kube.cluster\"");
		break;
	case LOG_TWO_HOSTS:
		replace(out,
		    "node.library\",\"observation\":{\"outcome\":\"absent\"",
		    "node.library\",\"observation\":{\"outcome\":\"denied\"");
		*strstr(strstr(out->p, "node.package"), "al2023-fips") = 'b';
		break;
	case LOG_UNDECLARED:
		replace(out, "\"boot_id\":", "\"secret\":1,\"boot_id\":");
		break;
	case LOG_BREAKS:
		drop_lines(out, 1);
		{
			BUF_AUTO(first, KUBE_ANSWER_MAX);

			buf_puts(&first, FRESH " hello\n");
			buf_put(&first, out->p, out->len);
			buf_reset(out);
			buf_put(out, first.p, first.len);
		}
		break;
	case LOG_STDERR:
		replace(out, "\n", "\n" FRESH " exhibit: a word\n");
		break;
	default:
		break;
	}
}

struct answers {
	struct buf nodes, pods, log;
	bool refuse_logs;
	int logs;
};

static struct answers *now_answering; /* replay hands on no context */

static void
list_nodes(struct buf *out)
{
	buf_reset(out);
	buf_puts(out, "{\"kind\":\"NodeList\",\"metadata\":{},\"items\":[");
	for (size_t i = 0; i < NODES; i++)
		buf_printf(out,
		    "%s{\"metadata\":{\"name\":\"%s\"},\"status\":{"
		    "\"nodeInfo\":{\"operatingSystem\":\"linux\","
		    "\"bootID\":\"%s\"}}}",
		    i > 0 ? "," : "", nodes[i].node,
		    nodes[i].is == LOG_OTHER_BOOT ? OTHER : BOOT);
	buf_puts(out, "]}");
}

static void
put_pod(struct buf *out, size_t i, const char *suffix, bool ends)
{
	enum log_is is = nodes[i].is;

	buf_printf(out,
	    "%s{\"metadata\":{\"name\":\"nodes-%zu%s\",\"namespace\":\"%s\","
	    "%s%s%s%s\"labels\":{\"app.kubernetes.io/name\":\"exhibit\","
	    "\"app.kubernetes.io/component\":\"node-evidence\"},"
	    "\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"controller\":"
	    "true,\"kind\":\"%s\",\"uid\":\"%s\"}]},\"spec\":{\"nodeName\":"
	    "\"%s\",\"containers\":[]},\"status\":{\"phase\":\"%s\","
	    "\"containerStatuses\":[{\"imageID\":\"r.example/e@" DIGEST
	    "\"}]}}",
	    out->p[out->len - 1] == '[' ? "" : ",", i, suffix,
	    is == LOG_ELSEWHERE ? "default" : "exhibit-nodes",
	    is == LOG_NO_UID ? "" : "\"uid\":\"pod-",
	    is == LOG_NO_UID ? "" : nodes[i].node,
	    is == LOG_NO_UID ? "" : "\",",
	    ends ? "\"deletionTimestamp\":\"2026-11-23T10:59:00Z\"," : "",
	    is == LOG_BY_HAND ? "ReplicaSet" : "DaemonSet",
	    is == LOG_FOREIGN ? "set-2" : "set-1", nodes[i].node,
	    is == LOG_PENDING ? "Pending" : "Running");
}

static void
list_pods(struct buf *out)
{
	buf_reset(out);
	buf_puts(out, "{\"kind\":\"PodList\",\"metadata\":{},\"items\":[");
	for (size_t i = 0; i < NODES; i++) {
		enum log_is is = nodes[i].is;

		if (is != LOG_NO_POD)
			put_pod(out, i, "", false);
		if (is == LOG_TWO || is == LOG_TURNING)
			put_pod(out, i, "-b", is == LOG_TURNING);
	}
	buf_puts(out, "]}");
}

/* The agents' own, and one of the same labels in another namespace. */
static const char sets[] =
    "{\"kind\":\"DaemonSetList\",\"metadata\":{},\"items\":["
    "{\"metadata\":{\"name\":\"nodes\",\"namespace\":\"exhibit-nodes\","
    "\"uid\":\"set-1\",\"labels\":{\"app.kubernetes.io/name\":\"exhibit\","
    "\"app.kubernetes.io/component\":\"node-evidence\"}},\"spec\":{}},"
    "{\"metadata\":{\"name\":\"nodes\",\"namespace\":\"default\","
    "\"uid\":\"set-2\",\"labels\":{\"app.kubernetes.io/name\":\"exhibit\","
    "\"app.kubernetes.io/component\":\"node-evidence\"}},\"spec\":{}}]}";

static bool
answer(struct replay *p, const char *path, long *status, const char **type,
    const char **text)
{
	struct answers *a = now_answering;
	const char *pod = strstr(path, "/pods/nodes-");
	size_t n;

	(void)p;
	*status = 200;
	if (strncmp(path, "/api/v1/nodes", 13) == 0) {
		list_nodes(&a->nodes);
		*text = a->nodes.p;
		return true;
	}
	if (strncmp(path, "/api/v1/pods", 12) == 0) {
		list_pods(&a->pods);
		*text = a->pods.p;
		return true;
	}
	if (strncmp(path, "/apis/apps/v1/daemonsets", 24) == 0) {
		*text = sets;
		return true;
	}
	if (pod == NULL)
		return false;
	a->logs++;
	assert_non_null(strstr(path, "/api/v1/namespaces/exhibit-nodes/pods/"));
	assert_non_null(strstr(path, "timestamps=true"));
	assert_non_null(strstr(path, "limitBytes="));
	*type = "text/plain";
	n = strtoul(pod + strlen("/pods/nodes-"), NULL, 10);
	buf_reset(&a->log);
	print_log(nodes[n].is, &a->log);
	*text = a->log.p != NULL ? a->log.p : "";
	if (a->refuse_logs)
		*status = 403;
	else if (nodes[n].is == LOG_STATUS_500)
		*status = 500;
	if (*status != 200)
		*text = "{\"message\":\"no\"}";
	return true;
}

/* The replay for several threads, one answer at a time. */
struct locked {
	pthread_mutex_t lock;
	struct replay replay;
};

static int
locked_get(void *self, const struct api_get *get, struct api_answer *a,
    struct fault *f)
{
	struct locked *l = self;
	int rc;

	(void)pthread_mutex_lock(&l->lock);
	rc = replay_get(&l->replay, get, a, f);
	(void)pthread_mutex_unlock(&l->lock);
	return rc;
}

static void
nothing(void *self)
{
	(void)self;
}

static int
another(void *self, struct api *api, struct fault *f)
{
	(void)f;
	*api = (struct api){ locked_get, self, another, nothing };
	return 0;
}

static void
collect_with(struct answers *a, bool alone, struct buf *out)
{
	static const struct request r = { .now = NOW };
	struct locked l = { PTHREAD_MUTEX_INITIALIZER,
		{ .folder = "real", .instead = answer } };
	struct ndjson n = { kube_append, out };
	struct sink sink = ndjson_sink(&n);
	struct kube k = { .r = &r,
		.api = { locked_get, &l, another, nothing },
		.out = &sink };
	struct fault f = { 0 };

	a->nodes.max = a->pods.max = a->log.max = KUBE_ANSWER_MAX;
	now_answering = a;
	if ((alone ? kube_replay(&l.replay, &r, out, &f)
		   : kube_collect_all(&k, "prod", &f)) == -1)
		fail_msg("%s", f.text);
	(void)pthread_mutex_destroy(&l.lock);
	buf_free(&a->nodes);
	buf_free(&a->pods);
	buf_free(&a->log);
}

static void
collect(struct answers *a, struct buf *out)
{
	collect_with(a, true, out);
}

/* How often out holds this text (printf). */
static int __attribute__((format(printf, 2, 3)))
has_line(const struct buf *out, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int n = 0;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (const char *p = out->p; (p = strstr(p, line)) != NULL; p++)
		n++;
	return n;
}

static void
every_node_is_a_host_with_evidence_or_a_reason(void **state)
{
	struct answers a = { 0 };
	BUF_AUTO(out, KUBE_ANSWER_MAX);

	(void)state;
	collect(&a, &out);
	for (size_t i = 0; i < NODES; i++) {
		const char *node = nodes[i].node;
		int n;

		if (nodes[i].outcome == NULL)
			n = has_line(&out,
			    "{\"key\":\"%s\",\"kind\":\"node\",\"observation\":"
			    "{\"attributes\":",
			    node);
		else
			n = has_line(&out,
			    "{\"key\":\"%s\",\"kind\":\"node\",\"observation\":"
			    "{\"outcome\":\"%s\",\"reason\":\"%s\"}",
			    node, nodes[i].outcome, nodes[i].reason);
		if (n != 1)
			fail_msg("%s: %d such lines: %.300s", node, n,
			    strstr(strstr(out.p, "{\"coverage"), node));
		/* one coverage statement, under the cluster's name */
		n = has_line(
		    &out, "\"scope\":\"host/prod/%s\",\"subjects\":", node);
		if (n != 1)
			fail_msg("%s: covered %d times", node, n);
		/* and of what is not believed nothing else */
		n = has_line(&out, "\"scope\":\"host/prod/%s\"}\n", node);
		if ((n > 1) != (nodes[i].outcome == NULL))
			fail_msg("%s: %d observations", node, n);
	}
	/* and whose it is, as the API server says, and when it came */
	assert_int_equal(
	    has_line(&out,
		"\"provenance\":{\"agent\":{\"image\":\"" DIGEST
		"\",\"node\":\"whole\",\"owner_uid\":\"set-1\","
		"\"pod\":\"nodes-0\",\"pod_uid\":\"pod-whole\","
		"\"printed\":\"2026-11-23T09:30:00Z\"},\"collector\":"
		"\"node/1\","),
	    1);
	assert_null(strstr(out.p, "\"scope\":\"host/al2023"));
	assert_null(strstr(out.p, "\"key\":\"al2023-fips\""));
	assert_null(strstr(out.p, "\"secret\""));
}

static void
a_refusal_is_asked_once_and_told_of_every_node(void **state)
{
	struct answers a = { .refuse_logs = true };
	BUF_AUTO(out, KUBE_ANSWER_MAX);

	(void)state;
	collect(&a, &out);
	assert_int_equal(a.logs, 1);
	assert_int_equal(has_line(&out,
			     "\"kind\":\"node\",\"observation\":{\"outcome\":"
			     "\"denied\",\"reason\":\"%s\"}",
			     "the log of the node's agent could not be read: "
			     "HTTP 403"),
	    (int)NODES - 7); /* three without an agent, one not begun, two or
				other agents on three */
}

static int
verdicts_of(struct store *st, const char *scope, struct buf *out)
{
	sqlite3_stmt *q;
	int n = 0;

	assert_int_equal(
	    sqlite3_prepare_v2(store_db(st),
		"SELECT check_id || ' ' || verdict || ' ' || reason FROM "
		"verdict WHERE scope = ?1 ORDER BY check_id",
		-1, &q, NULL),
	    SQLITE_OK);
	sqlite3_bind_text(q, 1, scope, -1, SQLITE_STATIC);
	for (; sqlite3_step(q) == SQLITE_ROW; n++)
		buf_printf(out, "%s\n", sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	return n;
}

/* The checks of nodes say of it what they say of the host itself. */
static void
an_agents_report_is_judged_as_the_host_is(void **state)
{
	char path[64];
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);
	struct answers a = { 0 };
	struct checks checks = { 0 };
	const struct judge_request q = { JUDGED, JUDGED, 1, "all",
		JUDGE_MAX_AGE, NULL };
	struct store *st;
	long long id;
	BUF_AUTO(out, KUBE_ANSWER_MAX);
	BUF_AUTO(want, KUBE_ANSWER_MAX);
	BUF_AUTO(got, KUBE_ANSWER_MAX);
	BUF_AUTO(none, KUBE_ANSWER_MAX);
	BUF_AUTO(cluster, KUBE_ANSWER_MAX);

	(void)state;
	(void)snprintf(path, sizeof(path), "/tmp/exhibit-kube-agents-%ld.db",
	    (long)getpid());
	collect(&a, &out);
	(void)unlink(path);
	assert_int_equal(
	    store_create(path, "test", "2026-01-01T00:00:00Z", c, &f), 0);
	assert_non_null(st = store_open(path, STORE_WRITE, kinds, c, &f));
	assert_int_equal(fixture_fill_run(st, &out, &f), 0);
	assert_int_equal(checks_load(&checks, NULL, NULL, c, &f), 0);
	if (judge(st, &checks, &q, &id, &f) == -1)
		fail_msg("%s", f.text);
	verdicts_of(st, "host/prod/whole", &got);
	assert_int_equal(
	    file_read("fixtures/node/al2023-fips.verdicts", &want, &f), 0);
	assert_string_equal(got.p, want.p);

	/* no evidence, no pass */
	assert_true(verdicts_of(st, "host/prod/none", &none) > 8);
	assert_null(strstr(none.p, " satisfied "));
	assert_non_null(strstr(none.p,
	    "node-fips-on unknown node unreachable: no agent runs on this "
	    "node\n"));
	(void)verdicts_of(st, "kube/prod", &cluster);
	assert_int_equal(has_line(&cluster, "kube-node-evidence satisfied %s",
			     "evidence from its agent, of the same boot\n"),
	    5);
	checks_free(&checks);
	store_close(st);
	crypto_free(c);
	(void)unlink(path);
}

static void
logs_read_at_once_give_the_same_lines(void **state)
{
	struct answers alone = { 0 };
	BUF_AUTO(expected, KUBE_ANSWER_MAX);

	(void)state;
	collect(&alone, &expected);
	for (int i = 0; i < 5; i++) {
		struct answers several = { 0 };
		BUF_AUTO(out, KUBE_ANSWER_MAX);

		collect_with(&several, false, &out);
		assert_string_equal(out.p, expected.p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_node_is_a_host_with_evidence_or_a_reason),
		cmocka_unit_test(
		    a_refusal_is_asked_once_and_told_of_every_node),
		cmocka_unit_test(an_agents_report_is_judged_as_the_host_is),
		cmocka_unit_test(logs_read_at_once_give_the_same_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
