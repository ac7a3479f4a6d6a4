/*
 * Pods as they run. What a controller's template asks for is not what its pods
 * are: admission adds containers and variables, and whoever may create pods can
 * name a controller as their owner. So every pod is looked at. Those that a
 * listed controller made, and that are in what is judged just what some
 * controller of their namespace asks for, are judged with it; all others are
 * judged themselves, those that are equal together, as "Pods/NAMESPACE/...".
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "collector/kube/kube.h"
#include "collector/kube/kube_kinds.h"

#define SPECS_MAX 100000 /* different pods, or templates, of one cluster */

int
pods_init(struct pods *p, struct fault *f)
{
	p->templates = json_object();
	p->running = json_object();
	if (p->templates != NULL && p->running != NULL)
		return 0;
	pods_free(p);
	return fault_memory(f);
}

void
pods_free(struct pods *p)
{
	json_decref(p->templates);
	json_decref(p->running);
	p->templates = p->running = NULL;
}

int
pods_add(struct pods *p, const struct pods *more, struct fault *f)
{
	return json_object_update(p->templates, more->templates) == -1 ||
		       json_object_update(p->running, more->running) == -1
		   ? fault_memory(f)
		   : 0;
}

/* Its namespace, a newline, and in canonical JSON what is judged of it. */
static int
text_of(const json_t *o, const json_t *spec, struct buf *out, struct fault *f)
{
	const char *ns = path_text(o, ".metadata.namespace");
	const char *account = path_text(spec, ".serviceAccountName");
	ATTRS_AUTO(a);

	fill_pod(spec, &a);
	/* what the API server makes of none */
	attrs_str(&a, "service_account",
	    account != NULL && account[0] != '\0' ? account : "default");
	if (attrs_done(&a, f) == -1)
		return -1;
	buf_puts(out, ns != NULL ? ns : "");
	buf_putc(out, '\n');
	attrs_canonical(&a, out);
	return buf_done(out, "pod", f);
}

static int
note(json_t *set, const json_t *o, const json_t *spec, struct fault *f)
{
	const json_t *first =
	    json_array_get(json_object_get(spec, "containers"), 0);
	const char *name = path_text(first, ".name");
	BUF_AUTO(text, ATTRS_MAX + NAME_MAX_LEN);

	if (text_of(o, spec, &text, f) == -1)
		return -1;
	if (json_object_get(set, text.p) != NULL)
		return 0;
	if (json_object_size(set) >= SPECS_MAX)
		return fault(
		    f, FAULT_LIMIT, "over %d different pods", SPECS_MAX);
	name = name != NULL ? name : "";
	return json_object_set_new(
		   set, text.p, json_text(name, strlen(name))) == -1
		   ? fault_memory(f)
		   : 0;
}

int
pods_note(struct kube *k, const json_t *pod, struct fault *f)
{
	return note(k->pods.running, pod, json_object_get(pod, "spec"), f);
}

int
template_note(struct kube *k, const json_t *o, struct fault *f)
{
	const json_t *spec =
	    path_value(o, ".spec.jobTemplate.spec.template.spec");

	if (!no_controller(o)) /* only what is judged itself */
		return 0;
	if (spec == NULL)
		spec = path_value(o, ".spec.template.spec");
	return note(k->pods.templates, o, spec, f);
}

void
template_forget(struct kube *k)
{
	(void)json_object_clear(k->pods.templates);
}

int
daemon_set_also(struct kube *k, const json_t *o, struct fault *f)
{
	return agents_note_set(k, o, f) == -1 ? -1 : template_note(k, o, f);
}

void
daemon_set_forget(struct kube *k)
{
	agents_forget_sets(k);
	template_forget(k);
}

/* FNV-1a */
static uint64_t
hash(const char *s)
{
	uint64_t h = 14695981039346656037U;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211U;
	return h;
}

/* The same from run to run; no two texts have one. */
static int
key_of(json_t *used, const char *text, const char *container, char *key,
    size_t size, struct fault *f)
{
	const char *end = strchr(text, '\n');
	uint64_t h = hash(text);

	do {
		(void)snprintf(key, size, "Pods/%.*s/%.63s/%016llx",
		    (int)(end - text < 253 ? end - text : 253), text, container,
		    (unsigned long long)h++);
	} while (json_object_get(used, key) != NULL);
	return json_object_set_new(used, key, json_true()) == -1
		   ? fault_memory(f)
		   : 0;
}

static int
emit_one(struct kube *k, const char *key, const char *text,
    const char *container, struct fault *f)
{
	const char *end = strchr(text, '\n'), *column;
	json_t *doc = json_read(end + 1, strlen(end + 1), "pod", f), *v;
	int rc;
	ATTRS_AUTO(a);

	if (doc == NULL)
		return -1;
	json_object_foreach (doc, column, v) {
		attrs_json(&a, column, json_incref(v));
	}
	json_decref(doc);
	attrs_str(&a, "kind", "Pods");
	attrs_text(&a, "namespace", text, (size_t)(end - text));
	attrs_str(&a, "name", container);
	rc = emit_observed(
	    &k->e, &kube_workload_kind, key, &a, "/api/v1/pods", f);
	if (rc == -1 && (f->kind == FAULT_LIMIT || f->kind == FAULT_FORMAT)) {
		struct fault why = *f;

		rc = emit_outcome(&k->e, &kube_workload_kind, key,
		    OUTCOME_ERROR, why.text, "/api/v1/pods", f);
	}
	return rc;
}

int
pods_emit(struct kube *k, struct fault *f)
{
	json_t *used = json_object(), *v;
	const char *text;
	int rc = used == NULL ? fault_memory(f) : 0;

	json_object_foreach (k->pods.running, text, v) {
		const char *container = json_string_value(v);
		char key[512];

		if (rc == -1)
			break;
		if (json_object_get(k->pods.templates, text) != NULL)
			continue;
		rc = key_of(used, text, container, key, sizeof(key), f);
		if (rc == 0)
			rc = emit_one(k, key, text, container, f);
	}
	json_decref(used);
	return rc;
}
