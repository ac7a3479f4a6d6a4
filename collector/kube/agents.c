/* See agents.h. */
#include "collector/kube/agents.h"

#include <stdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "collector/kube/agent_log.h"
#include "collector/kube/crew.h"
#include "collector/node_kinds/node_kinds.h"
#include "collector/kube/kube.h"
#include "base/utc.h"
#include "base/number.h"

/* ---- one log ---- */

static int
take_log(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct buf *b = ctx;

	buf_put(b, p, len);
	return buf_done(b, "the agent's log", f);
}

static void
forget_log(void *ctx)
{
	buf_reset(ctx);
}

struct verdict { /* why there is nothing of a node */
	enum outcome outcome;
	char reason[FAULT_TEXT_MAX];
};

/* What a thread that reads a log has to itself. */
struct reading {
	const struct api *api;
	struct buf log;
	struct agent_report report; /* in the log */
	struct agent_pod pod;	    /* whose it is */
	struct verdict v;	    /* if there is none */
	bool found;
};

static int
no_evidence(struct verdict *v, enum outcome outcome, const char *reason)
{
	v->outcome = outcome;
	(void)snprintf(v->reason, sizeof(v->reason), "%s", reason);
	return 1;
}

/* The last lines of a pod's log. 0, or 1: v says why not. */
static int
read_log(struct kube *k, const char *pod, size_t lines, struct reading *d)
{
	struct verdict *v = &d->v;
	struct api_answer answer = { .text.max = API_TEXT_MAX };
	BUF_AUTO(path, API_PATH_MAX);
	struct api_get get = { .accept = "*/*",
		.data = take_log,
		.restart = forget_log,
		.ctx = &d->log,
		.stop = k->stop };
	struct fault why = { 0 };
	enum outcome outcome;
	char text[160];
	int rc;

	buf_puts(&path, "/api/v1/namespaces/");
	query_encode(agent_namespace(k), &path);
	buf_puts(&path, "/pods/");
	query_encode(pod, &path);
	buf_printf(&path,
	    "/log?container=" AGENT_CONTAINER
	    "&timestamps=true&tailLines=%zu&limitBytes=%zu",
	    lines, AGENT_LOG_MAX);
	get.path = path.p;
	buf_reset(&d->log);
	if (buf_done(&path, "path", &why) == -1)
		return no_evidence(v, OUTCOME_ERROR, why.text);
	rc = d->api->get(d->api->self, &get, &answer, &why);
	buf_free(&answer.text);
	if (rc == -1)
		return no_evidence(v, outcome_of_fault(&why), why.text);
	if (answer.status == 200)
		return 0;
	outcome = answer_status(answer.status);
	if (outcome == OUTCOME_DENIED)
		atomic_store(&k->agents.refused, true);
	/* not the server's words: they name the pod, and those change */
	(void)snprintf(text, sizeof(text),
	    "the log of the node's agent could not be read: HTTP %ld",
	    answer.status);
	return no_evidence(
	    v, outcome == OUTCOME_ABSENT ? OUTCOME_UNREACHABLE : outcome, text);
}

/* The next node's will be much the same. */
static void
learn_lines(struct agents *a, size_t lines)
{
	size_t want = 1, known = atomic_load(&a->lines);

	while (want < AGENT_LINES_MAX && want < lines + 2)
		want *= 2;
	while (want > known &&
	       !atomic_compare_exchange_weak(&a->lines, &known, want))
		;
}

/* Ask again for more while the newest report began before what came. */
static int
newest(struct kube *k, const char *pod, struct reading *d)
{
	enum agent_found found;
	struct fault why = { 0 };
	size_t lines = atomic_load(&k->agents.lines);

	for (;; lines = AGENT_LINES_MAX) {
		if (read_log(k, pod, lines, d) != 0)
			return 1;
		if (agent_log_newest(d->log.p != NULL ? d->log.p : "",
			d->log.len, &found, &d->report, &why) == -1)
			return no_evidence(&d->v, OUTCOME_ERROR, why.text);
		if (found == AGENT_WHOLE) {
			learn_lines(&k->agents, d->report.lines);
			return 0;
		}
		if (lines >= AGENT_LINES_MAX)
			return no_evidence(&d->v, OUTCOME_ERROR,
			    found == AGENT_CUT
				? "the beginning of the agent's newest report "
				  "is no longer in its log"
				: "the node's agent has printed no whole "
				  "report yet");
	}
}

/* ---- how old it is ---- */

static long long
age_limit(const struct kube *k)
{
	long long hours = AGENT_AGE_HOURS;

	(void)number_read(
	    request_get(k->r, "agent-age"), 1, LLONG_MAX / 3600, &hours);
	return hours * 3600;
}

static int
check_age(
    const struct kube *k, const struct agent_report *report, struct verdict *v)
{
	int64_t now = 0;
	char text[160];

	if (utc_parse(k->r->now, &now) == -1 || report->when == -1)
		return no_evidence(v, OUTCOME_ERROR,
		    "the agent's report does not say when it was made");
	if (report->when > now + AGENT_AHEAD_MAX)
		return no_evidence(v, OUTCOME_ERROR,
		    "the agent's report is from the future: the node's clock "
		    "is ahead");
	if (now - report->when <= age_limit(k))
		return 0;
	(void)snprintf(text, sizeof(text),
	    "the newest report of the node's agent is over %lld hours old",
	    age_limit(k) / 3600);
	return no_evidence(v, OUTCOME_UNREACHABLE, text);
}

/* ---- one node ---- */

struct covering { /* observations wait, and so does their coverage */
	struct kube *k;
	struct buf body;
};

static int
wait_put(void *ctx, const struct observation *o, struct fault *f)
{
	struct covering *c = ctx;

	return c->k->spool.sink.put(c->k->spool.sink.ctx, o, f);
}

static int
wait_cover(void *ctx, const struct coverage *cover, struct fault *f)
{
	struct covering *c = ctx;

	buf_put(&c->body, cover->body, cover->body_len);
	return buf_done(&c->body, "coverage", f);
}

/* 0: put; 1: v says why it is not to be believed; -1: the sink failed. */
static int
put_report(struct kube *k, const struct reading *d, const char *scope,
    const char *node, const char *boot, struct verdict *v, struct fault *f)
{
	struct covering c = { .k = k, .body.max = COVERAGE_MAX };
	const struct sink sink = { wait_put, wait_cover, &c };
	struct coverage cover = { .collector = "node", .scope = scope };
	struct fault why = { 0 };
	int rc =
	    agent_log_put(&d->report, &d->pod, scope, node, boot, &sink, &why);

	if (rc == -1 && (why.kind == FAULT_FORMAT || why.kind == FAULT_LIMIT)) {
		rc = spool_rewind(&k->spool, 0, f) == -1
			 ? -1
			 : no_evidence(v, OUTCOME_ERROR, why.text);
	} else if (rc == -1) {
		*f = why;
	} else if ((rc = spool_flush(&k->spool, k->out, f)) == 0) {
		cover.body = c.body.p;
		cover.body_len = c.body.len;
		rc = k->out->cover(k->out->ctx, &cover, f);
	}
	buf_free(&c.body);
	return rc;
}

static int
put_nothing(struct kube *k, const char *scope, const char *node,
    const struct verdict *v, struct fault *f)
{
	struct emitter e;
	int rc = -1;

	if (emitter_init(&e, k->out, node_kinds, "node", scope, f) == 0 &&
	    emit_outcome(&e, &node_kind, node, v->outcome, v->reason,
		"agent's log", f) == 0)
		rc = emit_coverage(&e, v->outcome, v->reason, f);
	emitter_free(&e);
	return rc;
}

/* 0: out is the pod to ask; 1: v says why there is none. */
static int
agent_of(
    struct kube *k, const char *node, struct agent_pod *out, struct verdict *v)
{
	const char *why = NULL;
	enum outcome outcome = OUTCOME_UNREACHABLE;
	char text[160];

	switch (agents_pod_of(&k->agents, node, out)) {
	case AGENT_FOUND:
		if (!atomic_load(&k->agents.refused))
			return 0;
		outcome = OUTCOME_DENIED;
		why = "the log of the node's agent could not be read: HTTP 403";
		break;
	case AGENT_MISSING:
		why = "no agent runs on this node";
		break;
	case AGENT_NOT_RUNNING:
		(void)snprintf(text, sizeof(text), "the node's agent is %.40s",
		    out->phase);
		why = text;
		break;
	case AGENT_SEVERAL:
		outcome = OUTCOME_ERROR;
		why = "more than one agent runs on this node: which report is "
		      "the node's cannot be determined";
		break;
	case AGENT_FOREIGN:
		outcome = OUTCOME_ERROR;
		why = "the pod that reports for this node is not of a "
		      "DaemonSet of the nodes' agents: the UID of its owner is "
		      "another";
		break;
	}
	return no_evidence(v, outcome, why);
}

/* ---- all nodes ---- */

struct readings {
	struct kube *k;
	const char *cluster;
	const char **node; /* owned; their names, borrowed from the notes */
	struct reading d[AT_ONCE]; /* of the ith node i modulo that */
};

static void
read_node(void *ctx, size_t i, const struct api *api)
{
	struct readings *all = ctx;
	struct reading *d = &all->d[i % AT_ONCE];

	d->api = api;
	d->found = agent_of(all->k, all->node[i], &d->pod, &d->v) == 0 &&
		   newest(all->k, d->pod.name, d) == 0;
}

static int
put_node(void *ctx, size_t i, struct fault *f)
{
	struct readings *all = ctx;
	struct reading *d = &all->d[i % AT_ONCE];
	struct kube *k = all->k;
	const char *boot =
	    json_string_value(json_object_get(k->agents.nodes, all->node[i]));
	BUF_AUTO(scope, NAME_MAX_LEN);
	int rc = 1;

	buf_printf(&scope, "host/%s/%s", all->cluster, all->node[i]);
	if (buf_done(&scope, "scope", f) == -1)
		return -1;
	if (d->found && check_age(k, &d->report, &d->v) == 0)
		rc = put_report(k, d, scope.p, all->node[i],
		    boot[0] != '\0' ? boot : NULL, &d->v, f);
	return rc == 1 ? put_nothing(k, scope.p, all->node[i], &d->v, f) : rc;
}

int
agents_collect(struct kube *k, const char *cluster, struct fault *f)
{
	struct readings all = { .k = k, .cluster = cluster };
	struct crew crew = { .ahead = AT_ONCE,
		.work = read_node,
		.use = put_node,
		.ctx = &all };
	const char *node;
	json_t *unused;
	int rc;

	if (!k->agents.installed && request_get(k->r, "agents") == NULL)
		return 0;
	all.node =
	    calloc(json_object_size(k->agents.nodes) + 1, sizeof(*all.node));
	if (all.node == NULL)
		return fault_memory(f);
	json_object_foreach (k->agents.nodes, node, unused) {
		all.node[crew.jobs++] = node;
	}
	for (size_t i = 0; i < AT_ONCE; i++)
		all.d[i].log.max = AGENT_LOG_MAX + 4096;
	k->stop = &crew.stop;
	rc = crew_run(&crew, &k->api, f);
	k->stop = NULL;
	for (size_t i = 0; i < AT_ONCE; i++)
		buf_free(&all.d[i].log);
	free(all.node);
	return rc;
}
