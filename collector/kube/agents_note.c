/* See agents.h: what the lists of nodes, daemon sets and pods tell of agents.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/kube/agents.h"
#include "collector/kube/kube.h"

#define LINES_FIRST 100 /* asked of the first log */
#define LABEL(name) ".metadata.labels[\"app.kubernetes.io/" name "\"]"

int
agents_init(struct agents *a, struct fault *f)
{
	*a = (struct agents){ .nodes = json_object(),
		.pods = json_object(),
		.sets = json_object(),
		.lines = LINES_FIRST };
	return a->nodes == NULL || a->pods == NULL || a->sets == NULL
		   ? fault_memory(f)
		   : 0;
}

void
agents_free(struct agents *a)
{
	json_decref(a->nodes);
	json_decref(a->pods);
	json_decref(a->sets);
	a->nodes = a->pods = a->sets = NULL;
}

int
agents_add(struct agents *a, const struct agents *more, struct fault *f)
{
	a->installed = a->installed || more->installed;
	return json_object_update(a->nodes, more->nodes) == -1 ||
		       json_object_update(a->pods, more->pods) == -1 ||
		       json_object_update(a->sets, more->sets) == -1
		   ? fault_memory(f)
		   : 0;
}

/* ---- what the lists tell ---- */

static int
note(json_t *map, const char *name, const char *text, struct fault *f)
{
	if (json_object_size(map) >= AGENT_NODES_MAX)
		return fault(
		    f, FAULT_LIMIT, "nodes: over %d of them", AGENT_NODES_MAX);
	return json_object_set_new(map, name, json_text(text, strlen(text))) ==
		       -1
		   ? fault_memory(f)
		   : 0;
}

int
agents_note_node(struct kube *k, const json_t *o, struct fault *f)
{
	const char *name = path_text(o, ".metadata.name");
	const char *boot = path_text(o, ".status.nodeInfo.bootID");

	return note(k->agents.nodes, name, boot != NULL ? boot : "", f);
}

static bool
has_text(const json_t *o, const char *path, const char *want)
{
	const char *s = path_text(o, path);

	return s != NULL && strcmp(s, want) == 0;
}

const char *
agent_namespace(const struct kube *k)
{
	const char *ns = request_get(k->r, "agents");

	return ns != NULL ? ns : AGENT_NAMESPACE;
}

static bool
is_agent(const struct kube *k, const json_t *o)
{
	return has_text(o, LABEL("name"), AGENT_NAME) &&
	       has_text(o, LABEL("component"), AGENT_COMPONENT) &&
	       has_text(o, ".metadata.namespace", agent_namespace(k));
}

int
agents_note_set(struct kube *k, const json_t *o, struct fault *f)
{
	const char *uid = path_text(o, ".metadata.uid");

	if (!is_agent(k, o))
		return 0;
	k->agents.installed = true;
	return uid == NULL || uid[0] == '\0' ? 0
					     : note(k->agents.sets, uid, "", f);
}

/* The UID of the daemon set that owns it; NULL: none does. A pod that somebody
 * made by hand is no agent. "": its owner has no UID, as nothing real. */
static const char *
owner_uid(const json_t *o)
{
	const json_t *owners = path_value(o, ".metadata.ownerReferences");
	const char *uid;
	json_t *v;
	size_t i;

	json_array_foreach ((json_t *)owners, i, v) {
		if (!json_is_true(json_object_get(v, "controller")))
			continue;
		if (!has_text(v, ".kind", "DaemonSet") ||
		    !has_text(v, ".apiVersion", "apps/v1"))
			return NULL;
		uid = path_text(v, ".uid");
		return uid != NULL ? uid : "";
	}
	return NULL;
}

/* The digest of what its container runs ("sha256:..."), or NULL. */
static const char *
image_of(const json_t *o)
{
	const json_t *list = path_value(o, ".status.containerStatuses");
	const char *id, *at;
	json_t *v;
	size_t i;

	json_array_foreach ((json_t *)list, i, v) {
		id = path_text(v, ".imageID");
		at = id != NULL ? strstr(id, "sha256:") : NULL;
		if (at != NULL && strlen(at) == sizeof("sha256:") - 1 + 64)
			return at;
	}
	return NULL;
}

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

int
agents_note_pod(struct kube *k, const json_t *o, struct fault *f)
{
	const char *node = path_text(o, ".spec.nodeName");
	const char *phase = path_text(o, ".status.phase");
	const char *owner = owner_uid(o);
	bool ends = path_value(o, ".metadata.deletionTimestamp") != NULL;
	json_t *list, *pod;

	if (!is_agent(k, o) || owner == NULL)
		return 0;
	k->agents.installed = true;
	if (node == NULL || node[0] == '\0')
		return 1; /* not scheduled yet */
	if (json_object_size(k->agents.pods) >= AGENT_NODES_MAX)
		return fault(
		    f, FAULT_LIMIT, "nodes: over %d of them", AGENT_NODES_MAX);
	list = json_object_get(k->agents.pods, node);
	if (list == NULL) {
		list = json_array();
		if (json_object_set_new(k->agents.pods, node, list) == -1)
			return fault_memory(f);
	}
	if (json_array_size(list) >= AGENT_PODS_MAX)
		return 1; /* too many to be one */
	pod = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "image",
	    or_empty(image_of(o)), "name",
	    or_empty(path_text(o, ".metadata.name")), "owner", owner, "phase",
	    phase != NULL ? phase : "Unknown", "uid",
	    or_empty(path_text(o, ".metadata.uid")), "ends", ends);
	if (pod == NULL || json_array_append_new(list, pod) == -1)
		return fault_memory(f);
	return 1;
}

static void
copy_text(char *out, size_t size, const json_t *pod, const char *member)
{
	const char *s = json_string_value(json_object_get(pod, member));

	(void)snprintf(out, size, "%s", s != NULL ? s : "");
}

/* The pods that are not being deleted, or all where all are. */
static size_t
count_live(const json_t *list, bool *all_end)
{
	size_t i, n = 0;
	json_t *pod;

	json_array_foreach ((json_t *)list, i, pod)
		n += !json_is_true(json_object_get(pod, "ends"));
	*all_end = n == 0;
	return n > 0 ? n : json_array_size(list);
}

enum agent_pod_found
agents_pod_of(const struct agents *a, const char *node, struct agent_pod *out)
{
	const json_t *list = json_object_get(a->pods, node);
	json_t *pod, *chosen = NULL;
	bool all_end;
	size_t i;

	*out = (struct agent_pod){ .phase = "" };
	if (json_array_size(list) == 0)
		return AGENT_MISSING;
	if (count_live(list, &all_end) > 1)
		return AGENT_SEVERAL;
	json_array_foreach ((json_t *)list, i, pod)
		if (all_end || !json_is_true(json_object_get(pod, "ends")))
			chosen = pod;
	copy_text(out->name, sizeof(out->name), chosen, "name");
	copy_text(out->uid, sizeof(out->uid), chosen, "uid");
	copy_text(out->owner, sizeof(out->owner), chosen, "owner");
	copy_text(out->image, sizeof(out->image), chosen, "image");
	copy_text(out->phase, sizeof(out->phase), chosen, "phase");
	if (out->uid[0] == '\0' || json_object_get(a->sets, out->owner) == NULL)
		return AGENT_FOREIGN;
	return strcmp(out->phase, "Running") == 0 ? AGENT_FOUND
						  : AGENT_NOT_RUNNING;
}

void
agents_forget_nodes(struct kube *k)
{
	(void)json_object_clear(k->agents.nodes);
}

void
agents_forget_pods(struct kube *k)
{
	(void)json_object_clear(k->agents.pods);
}

void
agents_forget_sets(struct kube *k)
{
	(void)json_object_clear(k->agents.sets);
}
