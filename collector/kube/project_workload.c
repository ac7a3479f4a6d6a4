/*
 * Workloads and images. What is kept of a container's environment,
 * environment.h says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/kit/environment.h"
#include "base/length.h"
#include "collector/kube/kube.h"
#include "collector/kube/kube_kinds.h"

#define IMAGES_MAX 50000 /* distinct images in one cluster */
#define IMAGE_NAMES_MAX 64

/* ---- the environment ---- */

/* "configMap NAME key KEY": where a value comes from that is not asked for */
static void
env_reference(
    struct attrs *a, json_t *refs, const char *name, const json_t *from)
{
	static const char *const refs_of[][2] = {
		{ "configMapKeyRef", "configMap" },
		{ "secretKeyRef", "secret" },
	};
	BUF_AUTO(out, NAME_MAX_LEN);

	for (size_t i = 0; i < 2; i++) {
		const json_t *ref = json_object_get(from, refs_of[i][0]);
		const char *of = path_text(ref, ".name");
		const char *key = path_text(ref, ".key");

		if (ref != NULL)
			buf_printf(&out, "%s %s key %s", refs_of[i][1],
			    of != NULL ? of : "", key != NULL ? key : "");
	}
	if (out.len == 0)
		buf_puts(&out, "field of the pod");
	put_text(a, refs, name, out.p);
}

static void
fill_env(struct attrs *a, json_t *out, const json_t *container)
{
	json_t *env = json_object(), *refs = json_object(), *v;
	size_t i;

	json_array_foreach (json_object_get(container, "env"), i, v) {
		const char *name = path_text(v, ".name");
		const char *value = path_text(v, ".value");
		const json_t *from = json_object_get(v, "valueFrom");
		const struct kept_variable *kept;

		if (name == NULL || (kept = environment_kept(name)) == NULL)
			continue;
		/* of two with one name the last holds */
		(void)json_object_del(env, name);
		(void)json_object_del(refs, name);
		if (json_is_object(from))
			env_reference(a, refs, name, from);
		else
			environment_put(
			    a, env, kept, name, value != NULL ? value : "");
	}
	put(a, out, "env", env);
	put(a, out, "env_ref", refs);
}

static void
fill_env_from(struct attrs *a, json_t *out, const json_t *container)
{
	json_t *list = json_array(), *v;
	size_t i;

	json_array_foreach (json_object_get(container, "envFrom"), i, v) {
		const char *map = path_text(v, ".configMapRef.name");
		const char *secret = path_text(v, ".secretRef.name");
		BUF_AUTO(text, NAME_MAX_LEN);

		buf_printf(&text, "%s %s", map != NULL ? "configMap" : "secret",
		    map != NULL	     ? map
		    : secret != NULL ? secret
				     : "");
		add_text(a, list, text.p);
	}
	put(a, out, "env_from", list);
}

/* ---- the pod ---- */

static bool
is_true(const json_t *o, const char *path)
{
	return json_is_true(path_value(o, path));
}

/* One that ends before the pod's own begin; with restartPolicy Always it runs
 * beside them (a native sidecar). */
static bool
ends_first(const char *list, const json_t *container)
{
	const char *policy = path_text(container, ".restartPolicy");

	return strcmp(list, "initContainers") == 0 &&
	       (policy == NULL || strcmp(policy, "Always") != 0);
}

/* A reference without what stands before an @ in the place of user and
 * password: names of registries have none, and whatever it is is a secret. */
static const char *
image_name(const char *image, char out[NAME_MAX_LEN])
{
	const char *digest = image != NULL ? strstr(image, "@sha256:") : NULL;
	size_t len = digest != NULL  ? (size_t)(digest - image)
		     : image != NULL ? strlen(image)
				     : 0;
	const char *at = len > 0 ? memrchr(image, '@', len) : NULL;

	if (at == NULL)
		return image;
	(void)snprintf(out, NAME_MAX_LEN, "%s", at + 1);
	return out;
}

static void
fill_containers(struct attrs *a, json_t *out, const json_t *spec,
    const char *list, bool *privileged)
{
	json_t *c;
	size_t i;

	json_array_foreach (json_object_get(spec, list), i, c) {
		bool mine = is_true(c, ".securityContext.privileged");
		char image[NAME_MAX_LEN];
		json_t *v;

		*privileged = *privileged || mine;
		v = json_object();
		put_text(a, v, "name", path_text(c, ".name"));
		put_text(
		    a, v, "image", image_name(path_text(c, ".image"), image));
		put(a, v, "init", json_boolean(ends_first(list, c)));
		put(a, v, "privileged", json_boolean(mine));
		fill_env(a, v, c);
		fill_env_from(a, v, c);
		add(a, out, v);
	}
}

static json_t *
host_paths(struct attrs *a, const json_t *spec)
{
	json_t *out = json_array(), *v;
	size_t i;

	json_array_foreach (json_object_get(spec, "volumes"), i, v) {
		add_text(a, out, path_text(v, ".hostPath.path"));
	}
	return out;
}

static const char *const container_lists[] = { "initContainers", "containers",
	"ephemeralContainers" };

/* Where the pod's spec stands in an object of this kind. */
static const json_t *
pod_spec(const char *kind, const json_t *o)
{
	if (strcmp(kind, "Pod") == 0)
		return path_value(o, ".spec");
	if (strcmp(kind, "CronJob") == 0)
		return path_value(o, ".spec.jobTemplate.spec.template.spec");
	return path_value(o, ".spec.template.spec");
}

void
fill_pod(const json_t *spec, struct attrs *a)
{
	const json_t *mount =
	    json_object_get(spec, "automountServiceAccountToken");
	json_t *containers = json_array();
	bool privileged = false;

	for (size_t i = 0; i < LENGTH(container_lists); i++)
		fill_containers(
		    a, containers, spec, container_lists[i], &privileged);
	attrs_json(a, "containers", containers);
	attrs_bool(a, "privileged", privileged);
	attrs_bool(a, "host_network", is_true(spec, ".hostNetwork"));
	attrs_bool(a, "host_pid", is_true(spec, ".hostPID"));
	attrs_bool(a, "host_ipc", is_true(spec, ".hostIPC"));
	attrs_json(a, "host_paths", host_paths(a, spec));
	attrs_str(a, "service_account", path_text(spec, ".serviceAccountName"));
	attrs_json(a, "automount",
	    json_is_boolean(mount) ? json_boolean(json_is_true(mount))
				   : json_null());
}

void
fill_workload(const struct resource *r, const json_t *o, struct attrs *a)
{
	fill_pod(pod_spec(r->object, o), a);
	attrs_str(a, "kind", r->object);
}

/* The object's controller, or NULL. */
static const json_t *
controller_of(const json_t *o)
{
	json_t *v;
	size_t i;

	json_array_foreach (
	    (json_t *)path_value(o, ".metadata.ownerReferences"), i, v) {
		if (is_true(v, ".controller"))
			return v;
	}
	return NULL;
}

/*
 * A job of a cron job, a replica set of a deployment: its controller says the
 * same. One of a controller exhibit does not list stands for itself, whatever
 * the controller's kind is called: a kind is what its API group says it is.
 */
static bool
has_listed_controller(const json_t *o)
{
	static const struct {
		const char *group, *kind; /* of apiVersion up to its version */
	} listed[] = {
		{ "apps/", "DaemonSet" },
		{ "apps/", "Deployment" },
		{ "apps/", "ReplicaSet" },
		{ "apps/", "StatefulSet" },
		{ "batch/", "CronJob" },
		{ "batch/", "Job" },
		{ "v", "ReplicationController" },
	};
	const json_t *c = controller_of(o);
	const char *kind = path_text(c, ".kind");
	const char *version = path_text(c, ".apiVersion");

	for (size_t i = 0;
	     kind != NULL && version != NULL && i < LENGTH(listed); i++)
		if (strcmp(kind, listed[i].kind) == 0 &&
		    strncmp(version, listed[i].group,
			strlen(listed[i].group)) == 0 &&
		    strchr(version + strlen(listed[i].group), '/') == NULL)
			return true;
	return false;
}

bool
no_controller(const json_t *o)
{
	return !has_listed_controller(o);
}

bool
pod_stands_alone(const json_t *o)
{
	return !has_listed_controller(o);
}

/* ---- images in use ---- */

/* "docker-pullable://repo@sha256:x" and "repo@sha256:x": from its digest */
static const char *
digest_of(const char *image)
{
	const char *at = strstr(image, "@sha256:");

	if (at != NULL)
		return at + 1;
	return strncmp(image, "sha256:", 7) == 0 ? image : NULL;
}

/* Add s to the set of names under member; a full set stays as it is. */
static int
add_name(json_t *entry, const char *member, const char *s, struct fault *f)
{
	json_t *set = json_object_get(entry, member);

	if (s == NULL || json_object_get(set, s) != NULL ||
	    json_object_size(set) >= IMAGE_NAMES_MAX)
		return 0;
	return json_object_set_new(set, s, json_true()) == -1 ? fault_memory(f)
							      : 0;
}

static int
note_image(struct kube *k, const char *key, const char *reference,
    const char *ns, struct fault *f)
{
	json_t *entry = json_object_get(k->images, key);

	if (entry == NULL) {
		if (json_object_size(k->images) >= IMAGES_MAX)
			return fault(f, FAULT_LIMIT, "over %d images in use",
			    IMAGES_MAX);
		entry = json_pack("{s:{}, s:{}}", "references", "namespaces");
		if (entry == NULL ||
		    json_object_set_new(k->images, key, entry) == -1)
			return fault_memory(f);
	}
	if (add_name(entry, "references", reference, f) == -1)
		return -1;
	return add_name(entry, "namespaces", ns, f);
}

static int
note_status(
    struct kube *k, const json_t *status, const char *ns, struct fault *f)
{
	char clean[2][NAME_MAX_LEN];
	const char *image = image_name(path_text(status, ".image"), clean[0]);
	const char *id = path_text(status, ".imageID");
	const char *scheme;

	if (id == NULL || id[0] == '\0')
		id = image;
	if (id == NULL || id[0] == '\0' || strlen(id) >= NAME_MAX_LEN / 4)
		return 0;
	if ((scheme = strstr(id, "://")) != NULL)
		id = scheme + 3;
	return note_image(k, image_name(id, clean[1]), image, ns, f);
}

/* A pod no kubelet reported on yet shows only what it asks for. */
static int
note_spec(struct kube *k, const json_t *o, const char *ns, struct fault *f)
{
	json_t *c;
	size_t i;

	for (size_t n = 0; n < LENGTH(container_lists); n++)
		json_array_foreach (json_object_get(json_object_get(o, "spec"),
					container_lists[n]),
		    i, c) {
			char clean[NAME_MAX_LEN];
			const char *image =
			    image_name(path_text(c, ".image"), clean);

			if (image != NULL && image[0] != '\0' &&
			    strlen(image) < NAME_MAX_LEN / 4 &&
			    note_image(k, image, image, ns, f) == -1)
				return -1;
		}
	return 0;
}

static int
pod_images(struct kube *k, const json_t *o, struct fault *f)
{
	static const char *const lists[] = { "initContainerStatuses",
		"containerStatuses", "ephemeralContainerStatuses" };
	const char *ns = path_text(o, ".metadata.namespace");
	json_t *status, *s;
	size_t i, seen = 0;

	status = json_object_get(o, "status");
	for (size_t n = 0; n < LENGTH(lists); n++)
		json_array_foreach (json_object_get(status, lists[n]), i, s) {
			seen++;
			if (note_status(k, s, ns, f) == -1)
				return -1;
		}
	return seen > 0 ? 0 : note_spec(k, o, ns, f);
}

int
pod_also(struct kube *k, const json_t *o, struct fault *f)
{
	int agent = agents_note_pod(k, o, f);

	if (agent == -1 || pod_images(k, o, f) == -1)
		return -1;
	if (has_listed_controller(o) && pods_note(k, o, f) == -1)
		return -1;
	return agent;
}

void
pod_forget(struct kube *k)
{
	(void)json_object_clear(k->images);
	(void)json_object_clear(k->pods.running);
	agents_forget_pods(k);
}

/* The names of a set, sorted. */
static json_t *
names_of(struct attrs *a, json_t *set)
{
	size_t n = json_object_size(set), i = 0;
	const char **v = calloc(n + 1, sizeof(*v)), *name;
	json_t *out = json_array(), *unused;

	if (v == NULL)
		n = 0;
	if (v == NULL)
		a->failed = true;
	else
		json_object_foreach (set, name, unused) {
			v[i++] = name;
		}
	if (n > 1)
		qsort(v, n, sizeof(*v), text_order);
	for (i = 0; i < n; i++)
		add_text(a, out, v[i]);
	free(v);
	return out;
}

int
images_emit(struct kube *k, struct fault *f)
{
	const char *key;
	json_t *entry;

	json_object_foreach (k->images, key, entry) {
		ATTRS_AUTO(a);

		attrs_str(&a, "digest", digest_of(key));
		attrs_json(&a, "namespaces",
		    names_of(&a, json_object_get(entry, "namespaces")));
		attrs_json(&a, "references",
		    names_of(&a, json_object_get(entry, "references")));
		if (emit_observed(&k->e, &kube_image_kind, key, &a,
			"/api/v1/pods", f) == -1)
			return -1;
	}
	return 0;
}
