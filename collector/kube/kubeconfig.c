/* Kubeconfig files: found, merged, and one context chosen. See access.h; what
 * its cluster and user say, kubeconfig_entry.c takes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "collector/kube/cluster_access.h"
#include "base/length.h"
#include "base/file.h"
#include "collector/kube/kubeconfig_entry.h"
#include "collector/kit/tree_texts.h"

#define PATH_TEXT_MAX 4096

/* The merged files: maps by name. */
struct config {
	json_t *clusters, *users, *contexts; /* owned */
	json_t *current;		     /* owned, or NULL */
	struct buf files;		     /* their names, for faults */
	size_t nfiles;
};

/* ---- one file ---- */

/* A file's name is relative to the kubeconfig it stands in. */
static int
make_absolute(
    json_t *object, const char *name, const char *path, struct fault *f)
{
	const char *s = entry_text(object, name), *slash = strrchr(path, '/');
	char joined[PATH_TEXT_MAX];

	if (s == NULL || s[0] == '/' || slash == NULL)
		return 0;
	if (snprintf(joined, sizeof(joined), "%.*s/%s", (int)(slash - path),
		path, s) >= (int)sizeof(joined))
		return fault(f, FAULT_LIMIT, "%s: the path of '%s' is too long",
		    path, s);
	return json_object_set_new(object, name, json_string(joined)) == -1
		   ? fault_memory(f)
		   : 0;
}

static int
make_paths_absolute(json_t *entry, const char *path, struct fault *f)
{
	static const char *const files[] = { "certificate-authority",
		"client-certificate", "client-key", "tokenFile" };
	json_t *exec = json_object_get(entry, "exec");
	const char *command = entry_text(exec, "command");

	for (size_t i = 0; i < LENGTH(files); i++)
		if (make_absolute(entry, files[i], path, f) == -1)
			return -1;
	/* a bare name is looked up in PATH, anything with a / is a file */
	if (command != NULL && strchr(command, '/') != NULL)
		return make_absolute(exec, "command", path, f);
	return 0;
}

/* [{name: x, cluster: {…}}] into the map, the first of a name stands. */
static int
merge_list(json_t *map, const json_t *doc, const char *list, const char *member,
    const char *path, struct fault *f)
{
	json_t *entries = json_object_get(doc, list), *e, *names;
	size_t i;
	int rc = 0;

	if (entries == NULL || json_is_null(entries))
		return 0;
	if (!json_is_array(entries))
		return fault(f, FAULT_FORMAT, "%s: %s is no list", path, list);
	if ((names = json_object()) == NULL)
		return fault_memory(f);
	json_array_foreach (entries, i, e) {
		const char *name = entry_text(e, "name");
		json_t *v = json_object_get(e, member);

		if (name == NULL || !json_is_object(v))
			rc = fault(f, FAULT_FORMAT,
			    "%s: %s[%zu] has no name or no %s", path, list, i,
			    member);
		else if (json_object_get(names, name) != NULL)
			rc = fault(f, FAULT_FORMAT,
			    "%s: '%s' stands twice in %s", path, name, list);
		else if (json_object_set_new(names, name, json_true()) == -1)
			rc = fault_memory(f);
		else if (json_object_get(map, name) == NULL &&
			 (rc = make_paths_absolute(v, path, f)) == 0 &&
			 json_object_set(map, name, v) == -1)
			rc = fault_memory(f);
		if (rc == -1)
			break;
	}
	json_decref(names);
	return rc;
}

static int
merge_document(
    struct config *c, const json_t *doc, const char *path, struct fault *f)
{
	const char *current = entry_text(doc, "current-context");

	if (!json_is_object(doc))
		return json_is_null(doc)
			   ? 0
			   : fault(f, FAULT_FORMAT, "%s: no kubeconfig", path);
	if (current != NULL && c->current == NULL &&
	    (c->current = json_string(current)) == NULL)
		return fault_memory(f);
	if (merge_list(c->clusters, doc, "clusters", "cluster", path, f) ==
		-1 ||
	    merge_list(c->users, doc, "users", "user", path, f) == -1)
		return -1;
	return merge_list(c->contexts, doc, "contexts", "context", path, f);
}

/* may_lack: a file of KUBECONFIG that does not exist is passed over. */
static int
merge_file(struct config *c, const char *path, bool may_lack, struct fault *f)
{
	BUF_AUTO(text, KUBECONFIG_MAX);
	char *real = realpath(path, NULL);
	json_auto_t *doc = NULL;
	int rc = -1;

	if (real == NULL && errno == ENOENT && may_lack)
		return 0;
	if (real == NULL)
		return fault_errno(f, errno, path);
	/* paths in it are relative to where it was named, not to where a link
	 * leads: kubectl does the same */
	if (path[0] == '/') {
		free(real);
		real = strdup(path);
	}
	if (real == NULL)
		return fault_memory(f);
	if (file_read(path, &text, f) == 0 &&
	    (doc = tree_texts(text.len > 0 ? text.p : "", text.len, path, f)) !=
		NULL)
		rc = merge_document(c, doc, real, f);
	free(real);
	OPENSSL_cleanse(text.p, text.len);
	buf_printf(&c->files, "%s%s", c->nfiles++ > 0 ? ", " : "", path);
	return rc;
}

/* ---- which files ---- */

static int
merge_paths(struct config *c, const char *list, struct fault *f)
{
	size_t n = 0;

	for (const char *p = list;; p++) {
		size_t len = strcspn(p, ":");
		char path[PATH_TEXT_MAX];

		if (len >= sizeof(path) || n++ == KUBECONFIG_FILES_MAX)
			return fault(f, FAULT_LIMIT,
			    "KUBECONFIG: over %d files, or one of over %d "
			    "bytes",
			    KUBECONFIG_FILES_MAX, PATH_TEXT_MAX);
		(void)snprintf(path, sizeof(path), "%.*s", (int)len, p);
		if (len > 0 && merge_file(c, path, true, f) == -1)
			return -1;
		p += len;
		if (*p == '\0')
			return 0;
	}
}

static int
merge_all(struct config *c, const struct request *r, const char *path,
    struct fault *f)
{
	const char *list = request_env(r, "KUBECONFIG");
	const char *home = request_env(r, "HOME");
	char at_home[PATH_TEXT_MAX];
	int rc = 0;

	if (path != NULL)
		return merge_file(c, path, false, f);
	if (list != NULL && list[0] != '\0') {
		rc = merge_paths(c, list, f);
	} else if (home != NULL &&
		   snprintf(at_home, sizeof(at_home), "%s/.kube/config", home) <
		       (int)sizeof(at_home)) {
		rc = merge_file(c, at_home, true, f);
	}
	if (rc == 0 && c->nfiles == 0)
		return fault(f, FAULT_ABSENT,
		    "no kubeconfig: neither KUBECONFIG nor ~/.kube/config "
		    "names a file that exists; give --kubeconfig FILE");
	return rc;
}

/* ---- which of them ---- */

/* "a, b" of the names in a map, for a message */
static void
list_names(json_t *map, struct buf *out)
{
	const char *name;
	json_t *v;

	json_object_foreach (map, name, v) {
		if (out->len < 200)
			buf_printf(
			    out, "%s%.60s", out->len > 0 ? ", " : "", name);
	}
	if (out->len == 0)
		buf_puts(out, "none");
}

static const json_t *
choose(const struct config *c, json_t *map, const char *what, const char *name,
    struct fault *f)
{
	const json_t *v = name != NULL ? json_object_get(map, name) : NULL;
	BUF_AUTO(names, 512);

	if (v != NULL)
		return v;
	list_names(map, &names);
	if (name == NULL)
		(void)fault(f, FAULT_USAGE,
		    "%.300s: no %s is chosen; give --context NAME (there are: "
		    "%s)",
		    c->files.p, what, names.p);
	else
		(void)fault(f, FAULT_USAGE,
		    "%.300s: there is no %s '%.100s' (there are: %s)",
		    c->files.p, what, name, names.p);
	return NULL;
}

static int
take_context(struct kube_access *a, const struct config *c, const char *name,
    struct fault *f)
{
	const json_t *context, *cluster, *user = NULL;
	const char *user_name;
	char whose[300];

	if (name == NULL)
		name = json_string_value(c->current);
	if ((context = choose(c, c->contexts, "context", name, f)) == NULL ||
	    (cluster = choose(c, c->clusters, "cluster",
		 entry_text(context, "cluster"), f)) == NULL)
		return -1;
	user_name = entry_text(context, "user");
	if (user_name != NULL &&
	    (user = choose(c, c->users, "user", user_name, f)) == NULL)
		return -1;
	a->cluster = arena_str(a->arena, entry_text(context, "cluster"));
	a->user = arena_str(a->arena, user_name);
	(void)snprintf(whose, sizeof(whose), "cluster '%.200s'", a->cluster);
	if (kubeconfig_cluster(a, cluster, whose, f) == -1)
		return -1;
	(void)snprintf(whose, sizeof(whose), "user '%.200s'",
	    user_name != NULL ? user_name : "");
	if (user != NULL && kubeconfig_user(a, user, whose, f) == -1)
		return -1;
	return arena_failed(a->arena) ? fault_memory(f) : 0;
}

/* Parsed documents hold credentials until they are freed. */
static void
config_free(struct config *c)
{
	json_decref(c->clusters);
	json_decref(c->users);
	json_decref(c->contexts);
	json_decref(c->current);
	buf_free(&c->files);
}

int
access_kubeconfig(struct kube_access *a, const struct request *r,
    const char *path, const char *context, struct fault *f)
{
	struct config c = { .clusters = json_object(),
		.users = json_object(),
		.contexts = json_object(),
		.files.max =
		    (size_t)(KUBECONFIG_FILES_MAX + 1) * PATH_TEXT_MAX };
	int rc = -1;

	*a = (struct kube_access){ .arena = arena_new() };
	a->ca.max = a->cert.max = a->key.max = a->token.max = CREDENTIAL_MAX;
	if (a->arena == NULL || c.clusters == NULL || c.users == NULL ||
	    c.contexts == NULL)
		(void)fault_memory(f);
	else if (merge_all(&c, r, path, f) == 0 &&
		 take_context(a, &c, context, f) == 0)
		rc = 0;
	config_free(&c);
	if (rc == -1)
		access_free(a);
	return rc;
}
