/*
 * How kubelets are configured: GET /api/v1/nodes/NODE/proxy/configz, only when
 * asked for, because the permission it takes (get nodes/proxy) gives far more.
 */
#include <string.h>

#include "collector/kube/kube.h"
#include "collector/kit/shape.h"
#include "collector/kube/kube_kinds.h"

#define CONFIGZ_MAX ((size_t)1024 * 1024)

static int
take_configz(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct buf *b = ctx;

	buf_put(b, p, len);
	return buf_done(b, "configz", f);
}

static void
forget_configz(void *ctx)
{
	buf_reset(ctx);
}

static int
put_config(struct kube *k, const char *node, const struct buf *text,
    const char *path, struct fault *f)
{
	json_auto_t *doc = json_loadb(text->p != NULL ? text->p : "", text->len,
	    JSON_REJECT_DUPLICATES, NULL);
	const json_t *suites =
	    path_value(doc, ".kubeletconfig.tlsCipherSuites");
	struct fault why = { 0 };
	json_t *list, *v;
	ATTRS_AUTO(a);
	size_t i;

	/* a kubelet writes out its defaults: without any it is none of it */
	if (shape_check(".kubeletconfig.authentication|"
			".kubeletconfig.tlsCipherSuites[]|"
			".kubeletconfig.tlsMinVersion=any "
			".kubeletconfig.authentication.anonymous=object? "
			".kubeletconfig.tlsCipherSuites[]=text? "
			".kubeletconfig.tlsMinVersion=string?",
		doc, SHAPE_OF_JSON, "no kubelet configuration", &why) == -1)
		return emit_outcome(&k->e, &kube_kubelet_kind, node,
		    OUTCOME_ERROR, why.text, path, f);
	fill_paths(&kube_kubelet_kind, doc, &a);
	list = json_is_array(suites) ? json_array() : json_null();
	json_array_foreach ((json_t *)suites, i, v) {
		add_text(&a, list, json_string_value(v));
	}
	attrs_json(&a, "tls_cipher_suites", list);
	return emit_observed(&k->e, &kube_kubelet_kind, node, &a, path, f);
}

static int
ask_kubelet(struct kube *k, const char *node, bool *denied, struct fault *f)
{
	static const char what[] = "/api/v1/nodes/NODE/proxy/configz";
	struct api_answer answer = { .text.max = API_TEXT_MAX };
	BUF_AUTO(path, API_PATH_MAX);
	BUF_AUTO(text, CONFIGZ_MAX);
	struct api_get get = { .accept = "application/json",
		.data = take_configz,
		.restart = forget_configz,
		.ctx = &text };
	struct fault why = { 0 };
	char reason[64];
	int rc;

	buf_puts(&path, "/api/v1/nodes/");
	query_encode(node, &path);
	buf_puts(&path, "/proxy/configz");
	if (buf_done(&path, "path", f) == -1)
		return -1;
	get.path = path.p;
	k->e.calls++;
	rc = k->api.get(k->api.self, &get, &answer, &why);
	buf_free(&answer.text);
	if (rc == -1)
		return emit_outcome(&k->e, &kube_kubelet_kind, node,
		    outcome_of_fault(&why), why.text, what, f);
	if (answer.status == 200)
		return put_config(k, node, &text, what, f);
	*denied = answer.status == 401 || answer.status == 403;
	(void)snprintf(
	    reason, sizeof(reason), "nodes/proxy: HTTP %ld", answer.status);
	return emit_outcome(&k->e, &kube_kubelet_kind, node,
	    answer.status == 404 ? OUTCOME_UNREACHABLE
				 : answer_status(answer.status),
	    reason, what, f);
}

int
kubelets_collect(struct kube *k, struct fault *f)
{
	bool denied = false;
	const char *node;
	json_t *unused;

	if (request_get(k->r, "configz") == NULL)
		return emit_gap(
		    &k->e, &kube_kubelet_kind, OUTCOME_ABSENT, "not asked", f);
	json_object_foreach (k->agents.nodes, node, unused) {
		if (!denied) {
			if (ask_kubelet(k, node, &denied, f) == -1)
				return -1;
		} else if (emit_outcome(&k->e, &kube_kubelet_kind, node,
			       OUTCOME_DENIED, "nodes/proxy: HTTP 403",
			       "/api/v1/nodes/NODE/proxy/configz", f) == -1) {
			return -1;
		}
	}
	return 0;
}
