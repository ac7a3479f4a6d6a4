/* See kubeconfig_entry.h. */
#include "collector/kube/kubeconfig_entry.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "base/base64.h"
#include "collector/kit/config_text.h"
#include "base/file.h"

const char *
entry_text(const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));

	return s != NULL && s[0] != '\0' ? s : NULL;
}

static bool
is_true(const json_t *object, const char *name)
{
	const char *s = entry_text(object, name);

	return s != NULL && strcasecmp(s, "true") == 0;
}

static int
decode(const char *s, struct buf *out, const char *what, struct fault *f)
{
	size_t len = strlen(s);

	if (len > CREDENTIAL_MAX)
		return fault(f, FAULT_LIMIT, "%s: too long", what);
	/* room for all of it: a key that moves leaves a copy behind */
	if (buf_reserve(out, len) == NULL)
		return fault_memory(f);
	return base64_read_text(out, s, len) && out->len > 0
		   ? 0
		   : fault(f, FAULT_FORMAT, "%s: not base64", what);
}

/* NAME-data holds it in base64, NAME names a file; the data wins. */
static int
take_pem(const json_t *entry, const char *name, const char *whose,
    struct buf *out, struct fault *f)
{
	char data_name[64], what[256];
	const char *data, *path = entry_text(entry, name);

	(void)snprintf(data_name, sizeof(data_name), "%s-data", name);
	(void)snprintf(what, sizeof(what), "%.150s: %s", whose, data_name);
	if ((data = entry_text(entry, data_name)) != NULL) {
		if (decode(data, out, what, f) == -1)
			return -1;
	} else if (path == NULL) {
		return 0;
	} else if (file_read(path, out, f) == -1) {
		return -1;
	}
	if (strstr(out->p != NULL ? out->p : "", "-----BEGIN ") == NULL)
		return fault(
		    f, FAULT_FORMAT, "%.200s: %s: no PEM in it", whose, name);
	return 0;
}

static int
take_server(struct kube_access *a, const json_t *cluster, const char *whose,
    struct fault *f)
{
	const char *s = entry_text(cluster, "server");
	char *copy;
	size_t len;

	if (s == NULL)
		return fault(f, FAULT_FORMAT, "%s: no server", whose);
	if (strncmp(s, "https://", 8) != 0 || s[8] == '\0' || s[8] == '/')
		return fault(f, FAULT_USAGE,
		    "%s: server '%.200s': only https:// is spoken", whose, s);
	if (strpbrk(s, "?#@ ") != NULL)
		return fault(f, FAULT_USAGE,
		    "%s: server '%.200s': a URL without user, query or "
		    "fragment is expected",
		    whose, s);
	if ((copy = arena_str(a->arena, s)) == NULL)
		return fault_memory(f);
	for (len = strlen(copy); copy[len - 1] == '/'; len--)
		copy[len - 1] = '\0';
	a->server = copy;
	return 0;
}

int
kubeconfig_cluster(struct kube_access *a, const json_t *cluster,
    const char *whose, struct fault *f)
{
	if (is_true(cluster, "insecure-skip-tls-verify"))
		return fault(f, FAULT_USAGE,
		    "%s: insecure-skip-tls-verify: an unverified server is no "
		    "evidence; give its certificate-authority instead",
		    whose);
	if (take_server(a, cluster, whose, f) == -1 ||
	    take_pem(cluster, "certificate-authority", whose, &a->ca, f) == -1)
		return -1;
	a->server_name =
	    arena_str(a->arena, entry_text(cluster, "tls-server-name"));
	a->proxy = arena_str(a->arena, entry_text(cluster, "proxy-url"));
	return 0;
}

static int
take_list(struct kube_access *a, const json_t *list, const char *whose,
    const char *const **out, struct fault *f)
{
	size_t n = json_array_size(list);
	const char **v = arena_alloc(a->arena, (n + 1) * sizeof(*v));

	if (v == NULL)
		return fault_memory(f);
	if (n > EXEC_ARGS_MAX)
		return fault(f, FAULT_LIMIT, "%s: exec: over %d arguments",
		    whose, EXEC_ARGS_MAX);
	for (size_t i = 0; i < n; i++) {
		const char *s = json_string_value(json_array_get(list, i));

		v[i] = arena_str(a->arena, s != NULL ? s : "");
	}
	*out = v;
	return arena_failed(a->arena) ? fault_memory(f) : 0;
}

/* [{name: N, value: V}] as "N=V" */
static int
take_exec_env(struct kube_access *a, const json_t *list, const char *whose,
    struct fault *f)
{
	size_t n = json_array_size(list);
	const char **v = arena_alloc(a->arena, (n + 1) * sizeof(*v));

	if (v == NULL)
		return fault_memory(f);
	if (n > EXEC_ARGS_MAX)
		return fault(f, FAULT_LIMIT, "%s: exec: over %d variables",
		    whose, EXEC_ARGS_MAX);
	for (size_t i = 0; i < n; i++) {
		const json_t *e = json_array_get(list, i);
		const char *name = entry_text(e, "name");
		const char *value = entry_text(e, "value");
		BUF_AUTO(joined, CREDENTIAL_MAX);

		if (name == NULL || strchr(name, '=') != NULL)
			return fault(f, FAULT_FORMAT,
			    "%s: exec: env[%zu] has no name", whose, i);
		buf_printf(&joined, "%s=%s", name, value != NULL ? value : "");
		if (buf_done(&joined, whose, f) == -1)
			return -1;
		v[i] = arena_str(a->arena, joined.p);
	}
	a->exec.env = v;
	return 0;
}

static int
take_exec(struct kube_access *a, const json_t *exec, const char *whose,
    struct fault *f)
{
	static const char v1[] = "client.authentication.k8s.io/v1";
	static const char v1beta1[] = "client.authentication.k8s.io/v1beta1";
	const char *version = entry_text(exec, "apiVersion");
	const char *command = entry_text(exec, "command");
	const char *mode = entry_text(exec, "interactiveMode");

	if (command == NULL)
		return fault(f, FAULT_FORMAT, "%s: exec has no command", whose);
	if (version == NULL ||
	    (strcmp(version, v1) != 0 && strcmp(version, v1beta1) != 0))
		return fault(f, FAULT_USAGE,
		    "%s: exec: apiVersion '%.60s': knows %s and v1beta1; "
		    "update the plugin and its kubeconfig",
		    whose, version != NULL ? version : "", v1);
	if (mode != NULL && strcmp(mode, "Always") == 0)
		return fault(f, FAULT_USAGE,
		    "%s: exec: interactiveMode Always: nobody can be asked "
		    "here; use a plugin that runs unattended",
		    whose);
	a->exec.command = arena_str(a->arena, command);
	a->exec.version = arena_str(a->arena, version);
	a->exec.hint = arena_str(a->arena, entry_text(exec, "installHint"));
	a->exec.cluster_info = is_true(exec, "provideClusterInfo");
	if (take_list(a, json_object_get(exec, "args"), whose, &a->exec.args,
		f) == -1)
		return -1;
	return take_exec_env(a, json_object_get(exec, "env"), whose, f);
}

/* What kubectl knows and exhibit does not do, told instead of passed over. */
static int
refuse_user(const json_t *user, const char *whose, struct fault *f)
{
	static const struct {
		const char *member, *why;
	} refused[] = {
		{ "username", "basic authentication ended with Kubernetes "
			      "1.19; use a token or an exec plugin" },
		{ "password", "basic authentication ended with Kubernetes "
			      "1.19; use a token or an exec plugin" },
		{ "auth-provider", "ended with Kubernetes 1.26; use an exec "
				   "plugin" },
		{ "as", "acting as somebody else is not done; use that "
			"user's own credentials" },
		{ "as-groups", "acting as somebody else is not done" },
		{ "as-uid", "acting as somebody else is not done" },
		{ "as-user-extra", "acting as somebody else is not done" },
	};

	for (size_t i = 0; i < LENGTH(refused); i++) {
		const json_t *v = json_object_get(user, refused[i].member);

		if (v != NULL && !json_is_null(v))
			return fault(f, FAULT_USAGE, "%s: %s: %s", whose,
			    refused[i].member, refused[i].why);
	}
	return 0;
}

int
kubeconfig_user(struct kube_access *a, const json_t *user, const char *whose,
    struct fault *f)
{
	const char *token = entry_text(user, "token");
	json_t *exec = json_object_get(user, "exec");

	if (refuse_user(user, whose, f) == -1 ||
	    take_pem(user, "client-certificate", whose, &a->cert, f) == -1 ||
	    take_pem(user, "client-key", whose, &a->key, f) == -1)
		return -1;
	if ((a->cert.len > 0) != (a->key.len > 0))
		return fault(f, FAULT_USAGE,
		    "%s: client-certificate and client-key come together",
		    whose);
	a->token_file = arena_str(a->arena, entry_text(user, "tokenFile"));
	if (token != NULL && a->token_file == NULL) {
		buf_puts(&a->token, token);
		if (buf_done(&a->token, "token", f) == -1)
			return -1;
	}
	if (json_is_object(exec) && token == NULL && a->token_file == NULL)
		return take_exec(a, exec, whose, f);
	return 0;
}
