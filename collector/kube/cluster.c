/*
 * A cluster as a scope: that it answers, then every list, then what came of
 * it. A cluster that cannot be asked is evidence of that and nothing else.
 */
#include <string.h>

#include "collector/kube/kube.h"
#include "collector/kube/kube_kinds.h"

static int
take_text(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct buf *b = ctx;

	buf_put(b, p, len);
	return buf_done(b, "/version", f);
}

static void
forget_text(void *ctx)
{
	buf_reset(ctx);
}

static int
emit_version(
    struct kube *k, const char *name, const struct buf *text, struct fault *f)
{
	json_auto_t *doc = json_loadb(text->p != NULL ? text->p : "", text->len,
	    JSON_REJECT_DUPLICATES, NULL);
	ATTRS_AUTO(a);

	if (path_text(doc, ".gitVersion") == NULL)
		return fault(f, FAULT_FORMAT,
		    "/version: the answer is not that of a Kubernetes API "
		    "server");
	fill_paths(&kube_cluster_kind, doc, &a);
	return emit_observed(
	    &k->e, &kube_cluster_kind, name, &a, "/version", f);
}

/* Does it answer, and to us? 0: *outcome says; -1: the sink failed. */
static int
greet(struct kube *k, const char *name, enum outcome *outcome,
    char reason[FAULT_TEXT_MAX], struct fault *f)
{
	struct api_answer answer = { .text.max = API_TEXT_MAX };
	BUF_AUTO(text, API_TEXT_MAX);
	struct api_get get = { .path = "/version",
		.accept = "application/json",
		.data = take_text,
		.restart = forget_text,
		.ctx = &text };
	struct fault why = { 0 };
	int rc = 0;

	k->e.calls++;
	*outcome = OUTCOME_OBSERVED;
	if (k->api.get(k->api.self, &get, &answer, &why) == -1) {
		*outcome = outcome_of_fault(&why);
		(void)snprintf(reason, FAULT_TEXT_MAX, "%s", why.text);
	} else if (answer.status != 200) {
		*outcome = answer_outcome(&answer, "/version", reason);
	} else if (emit_version(k, name, &text, &why) == -1) {
		if (why.kind != FAULT_FORMAT) {
			*f = why;
			rc = -1;
		}
		*outcome = OUTCOME_ERROR;
		(void)snprintf(reason, FAULT_TEXT_MAX, "%s", why.text);
	}
	if (*outcome == OUTCOME_ABSENT) /* nothing there that is Kubernetes */
		*outcome = OUTCOME_ERROR;
	buf_free(&answer.text);
	return rc;
}

static int
ask_all(struct kube *k, struct fault *f)
{
	if (lists_collect(k, f) == -1)
		return -1;
	if (images_emit(k, f) == -1 || pods_emit(k, f) == -1 ||
	    kubelets_collect(k, f) == -1)
		return -1;
	return spool_flush(&k->spool, k->out, f);
}

/*
 * Everyone may ask for /version (system:public-info-viewer); a cluster that
 * refuses even that says no more than that it is there.
 */
static int
collect_scope(struct kube *k, const char *name, struct fault *f)
{
	char reason[FAULT_TEXT_MAX] = "";
	enum outcome outcome;

	if (greet(k, name, &outcome, reason, f) == -1)
		return -1;
	if (outcome != OUTCOME_OBSERVED &&
	    emit_outcome(&k->e, &kube_cluster_kind, name, outcome, reason,
		"/version", f) == -1)
		return -1;
	/* each list begins with an empty spool */
	if (spool_flush(&k->spool, k->out, f) == -1)
		return -1;
	if (outcome == OUTCOME_OBSERVED && ask_all(k, f) == -1)
		return -1;
	if (emit_coverage(&k->e, outcome,
		outcome == OUTCOME_OBSERVED ? NULL : reason, f) == -1)
		return -1;
	return outcome == OUTCOME_OBSERVED
		   ? agents_collect(k, k->e.scope + strlen("kube/"), f)
		   : 0;
}

struct split { /* observations wait in the spool, coverage does not */
	struct spool *spool;
	const struct sink *out;
};

static int
split_put(void *ctx, const struct observation *o, struct fault *f)
{
	const struct split *s = ctx;

	return s->spool->sink.put(s->spool->sink.ctx, o, f);
}

static int
split_cover(void *ctx, const struct coverage *c, struct fault *f)
{
	const struct split *s = ctx;

	return s->out->cover(s->out->ctx, c, f);
}

int
kube_collect_all(struct kube *k, const char *name, struct fault *f)
{
	struct split split = { &k->spool, k->out };
	struct sink sink = { split_put, split_cover, &split };
	BUF_AUTO(scope, NAME_MAX_LEN);
	bool ready =
	    agents_init(&k->agents, f) == 0 && pods_init(&k->pods, f) == 0;
	int rc = -1;

	spool_init(&k->spool);
	k->images = json_object();
	buf_puts(&scope, "kube/");
	text_clean(&scope, name, strlen(name), 200);
	if (k->images == NULL || !ready)
		(void)fault_memory(f);
	else if (buf_done(&scope, "cluster name", f) == 0 &&
		 emitter_init(&k->e, &sink, kube_kinds, "kube", scope.p, f) ==
		     0)
		rc = collect_scope(k, name, f);
	emitter_free(&k->e);
	json_decref(k->images);
	pods_free(&k->pods);
	agents_free(&k->agents);
	spool_free(&k->spool);
	return rc;
}
