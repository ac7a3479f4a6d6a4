/*
 * Kubernetes' own files: static pods of the control plane, kubelet, encryption
 * at rest, kubeconfig. Of a kubeconfig nothing of its users is kept.
 */
#include <stdio.h>
#include <string.h>

#include "base/length.h"

#include "collector/settings/config_certificate.h"
#include "collector/settings/config_schema.h"

#define FLAGS_MAX 500

/* -------------------------------------------------------- static pods, flags
 */

struct flags {		       /* of one container's command line */
	const char *component; /* base name of what it runs */
	const struct node *words[FLAGS_MAX];
	size_t n;
	bool full;
};

static void
add_words(struct flags *g, const struct node *list)
{
	for (size_t i = 0;
	     list != NULL && list->type == NODE_LIST && i < list->n; i++) {
		g->full |= g->n == FLAGS_MAX;
		if (g->n < FLAGS_MAX)
			g->words[g->n++] = list->items[i];
	}
}

/* The node of the last --name=value or --name value; *value its text. */
static const struct node *
flag_get(const struct flags *g, const char *name, const char **value)
{
	const struct node *found = NULL;
	size_t len = strlen(name);

	for (size_t i = 0; i < g->n; i++) {
		const char *s = node_text(g->words[i]);

		if (s == NULL || strncmp(s, "--", 2) != 0 ||
		    strncmp(s + 2, name, len) != 0)
			continue;
		if (s[len + 2] == '=') {
			*value = s + len + 3;
		} else if (s[len + 2] == '\0') {
			const char *next =
			    i + 1 < g->n ? node_text(g->words[i + 1]) : NULL;

			*value = next != NULL && next[0] != '-' ? next : "true";
		} else {
			continue;
		}
		found = g->words[i];
	}
	return found;
}

static void
put_flag_text(struct setting *s, const struct flags *g, const char *column,
    const char *flag)
{
	const char *v;
	const struct node *n = flag_get(g, flag, &v);

	if (n == NULL)
		return;
	setting_line(s, column, n->line);
	attrs_str(&s->a, column, v);
}

static void
put_flag_bool(struct setting *s, const struct flags *g, const char *column,
    const char *flag)
{
	const char *v;
	const struct node *n = flag_get(g, flag, &v);

	if (n == NULL)
		return;
	setting_line(s, column, n->line);
	if (strcmp(v, "true") == 0 || strcmp(v, "false") == 0)
		attrs_bool(&s->a, column, v[0] == 't');
	else
		setting_unread(s, column, n->line);
}

static void
put_flag_list(struct setting *s, const struct flags *g, const char *column,
    const char *flag)
{
	const char *v;
	const struct node *n = flag_get(g, flag, &v);

	if (n != NULL)
		setting_words(s, column, v, ",", n->line);
}

static int
put_component_tls(struct config_file *file, const struct flags *g, size_t line,
    struct fault *f)
{
	bool etcd = strcmp(g->component, "etcd") == 0;
	struct setting s;
	int rc = setting_begin(&s, file, line, f);
	const char *v;
	const struct node *n;

	if (rc == 0) {
		attrs_str(&s.a, "component", g->component);
		if ((n = flag_get(g, "tls-min-version", &v)) != NULL)
			setting_version(&s, "min_version", v, n->line);
		put_flag_list(&s, g, "suites",
		    etcd ? "cipher-suites" : "tls-cipher-suites");
		rc = setting_emit(&s, &config_tls_kind, g->component, line, f);
	}
	setting_free(&s);
	return rc;
}

static int
put_component(struct config_file *file, const struct flags *g, size_t line,
    struct fault *f)
{
	struct setting s;
	int rc = setting_begin(&s, file, line, f);

	if (rc == 0) {
		attrs_str(&s.a, "component", g->component);
		put_flag_bool(&s, g, "anonymous_auth", "anonymous-auth");
		put_flag_text(
		    &s, g, "authorization_mode", "authorization-mode");
		put_flag_bool(&s, g, "client_cert_auth", "client-cert-auth");
		put_flag_text(
		    &s, g, "encryption_config", "encryption-provider-config");
		put_flag_text(&s, g, "read_only_port", "read-only-port");
		rc = setting_emit(
		    &s, &config_component_kind, g->component, line, f);
	}
	setting_free(&s);
	return rc == 0 ? put_component_tls(file, g, line, f) : -1;
}

static bool
is_component(struct flags *g)
{
	static const char *const known[] = { "kube-apiserver", "etcd",
		"kubelet", "kube-controller-manager", "kube-scheduler" };
	const char *s = g->n > 0 ? node_text(g->words[0]) : NULL, *slash;

	if (s == NULL)
		return false;
	slash = strrchr(s, '/');
	s = slash != NULL ? slash + 1 : s;
	for (size_t i = 0; i < LENGTH(known); i++)
		if (strcmp(s, known[i]) == 0) {
			g->component = known[i];
			return true;
		}
	return false;
}

static void
flags_of(struct flags *g, const struct node *container)
{
	*g = (struct flags){ 0 };
	add_words(g, node_get(container, "command"));
	add_words(g, node_get(container, "args"));
}

static int
read_pod(struct config_file *file, const struct node *root, struct fault *f)
{
	const struct node *list =
	    config_maps(file, node_at(root, "spec.containers"), "containers");
	struct flags g;
	int rc = 0;

	for (size_t i = 0; rc == 0 && list != NULL && i < list->n; i++) {
		flags_of(&g, list->items[i]);
		if (g.full)
			(void)config_problem(
			    file, list->items[i]->line, "too many arguments");
		if (is_component(&g))
			rc = put_component(file, &g, list->items[i]->line, f);
	}
	return rc;
}

/* Only pods of the control plane; others are no configuration. */
static bool
is_pod(const struct node *root)
{
	const struct node *list = node_at(root, "spec.containers");
	struct flags g;

	if (!node_is_object(root, "v1", "Pod") || list == NULL ||
	    list->type != NODE_LIST)
		return false;
	for (size_t i = 0; i < list->n; i++) {
		flags_of(&g, list->items[i]);
		if (is_component(&g))
			return true;
	}
	return false;
}

extern const struct config_type config_pod; /* in config_type.c */

const struct config_type config_pod = {
	.name = "static-pod",
	.is = is_pod,
	.read = read_pod,
};

/* ----------------------------------------------------------------- kubelet */

static const struct field kubelet_fields[] = {
	{ "anonymous_auth", "authentication.anonymous.enabled", FIELD_BOOL },
	{ "authorization_mode", "authorization.mode", FIELD_TEXT },
	{ "read_only_port", "readOnlyPort", FIELD_TEXT },
	{ 0 },
};

/* Numbers of the TLS registry by the names of its groups. */
static void
put_curves(struct setting *s, const struct node *list)
{
	static const struct {
		const char *number, *name;
	} known[] = { { "23", "secp256r1" }, { "24", "secp384r1" },
		{ "25", "secp521r1" }, { "29", "x25519" },
		{ "4588", "X25519MLKEM768" }, { "4587", "SecP256r1MLKEM768" },
		{ "4589", "SecP384r1MLKEM1024" } };
	BUF_AUTO(names, CONFIG_LIST_BYTES_MAX);

	if (list == NULL || list->type == NODE_NULL)
		return;
	for (size_t i = 0; list->type == NODE_LIST && i < list->n; i++) {
		const char *name = NULL;

		for (size_t k = 0; k < LENGTH(known); k++)
			if (node_is(list->items[i], known[k].number))
				name = known[k].name;
		if (name == NULL)
			setting_unread(s, "groups", list->line);
		else
			buf_printf(&names, "%s ", name);
	}
	if (names.failed != FAULT_NONE || names.len == 0)
		setting_unread(s, "groups", list->line);
	else
		setting_words(s, "groups", names.p, " ", list->line);
}

static int
read_kubelet(struct config_file *file, const struct node *root, struct fault *f)
{
	const struct node *min = node_get(root, "tlsMinVersion");
	struct setting s, t;
	int rc = setting_begin(&s, file, root->line, f);

	config_schema_check(file, root, &schema_kubelet);
	if (rc == 0) {
		attrs_str(&s.a, "component", "kubelet");
		setting_fields(&s, root, kubelet_fields);
		rc = setting_emit(
		    &s, &config_component_kind, "kubelet", root->line, f);
	}
	setting_free(&s);
	if (rc == -1 || setting_begin(&t, file, root->line, f) == -1)
		return -1;
	attrs_str(&t.a, "component", "kubelet");
	if (node_text(min) != NULL)
		setting_version(&t, "min_version", node_text(min), min->line);
	setting_list(&t, "suites", node_get(root, "tlsCipherSuites"));
	put_curves(&t, node_get(root, "tlsCurvePreferences"));
	rc = setting_emit(&t, &config_tls_kind, "kubelet tls", root->line, f);
	setting_free(&t);
	return rc;
}

static bool
is_kubelet(const struct node *root)
{
	return node_is_object(
	    root, "kubelet.config.k8s.io/", "KubeletConfiguration");
}

extern const struct config_type config_kubelet; /* in config_type.c */

const struct config_type config_kubelet = {
	.name = "kubelet",
	.is = is_kubelet,
	.read = read_kubelet,
};

/* --------------------------------------------------------------- encryption */

/* "kms v2", "aescbc": an entry of providers has exactly one key. */
static int
put_providers(struct setting *s, const struct node *list, struct fault *f)
{
	json_t *names = json_array();

	list = config_maps(s->file, list, "providers");
	for (size_t i = 0; list != NULL && i < list->n; i++) {
		const struct node *p = list->items[i];
		const char *version = node_text(node_at(p, "kms.apiVersion"));
		char name[64];

		if (p->n != 1) {
			(void)config_problem(s->file, p->line,
			    "a provider is a mapping with one key");
			continue;
		}
		(void)snprintf(name, sizeof(name), "%.40s%s%.10s",
		    p->keys[0]->text,
		    strcmp(p->keys[0]->text, "kms") == 0 ? " " : "",
		    strcmp(p->keys[0]->text, "kms") != 0 ? ""
		    : version != NULL			 ? version
							 : "v1");
		if (i == 0) {
			attrs_str(&s->a, "first", name);
			setting_line(s, "first", p->line);
		}
		if (json_array_append_new(
			names, json_text(name, strlen(name))) == -1) {
			json_decref(names);
			return fault_memory(f);
		}
	}
	attrs_json(&s->a, "providers", names);
	return 0;
}

/* validation of apiserver.config.k8s.io: what a resource may be called. */
static void
refuse_names(struct config_file *file, const struct node *list)
{
	for (size_t i = 0;
	     list != NULL && list->type == NODE_LIST && i < list->n; i++) {
		const char *name = node_text(list->items[i]);

		if (name == NULL || name[0] == '\0')
			continue;
		if (strcmp(name, "*") == 0)
			config_refused(file, list->items[i]->line,
			    "the API server rejects the resource '*'; write "
			    "'*.' for the core group or '*.*' for all");
		else if (strpbrk(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ/") != NULL)
			config_refused(file, list->items[i]->line,
			    "the API server rejects the resource %.80s; write "
			    "its plural in lower case, with its group after a "
			    "dot",
			    name);
	}
}

static int
put_entry(struct config_file *file, const struct node *entry, size_t number,
    struct fault *f)
{
	struct setting s;
	char key[64];
	int rc = setting_begin(&s, file, entry->line, f);

	(void)snprintf(key, sizeof(key), "resources %zu", number + 1);
	if (rc == 0) {
		attrs_int(&s.a, "number", (long long)number + 1);
		setting_list(&s, "resources", node_get(entry, "resources"));
		refuse_names(file, node_get(entry, "resources"));
		rc = put_providers(&s, node_get(entry, "providers"), f);
	}
	if (rc == 0)
		rc = setting_emit(
		    &s, &config_encryption_kind, key, entry->line, f);
	setting_free(&s);
	return rc;
}

static int
read_encryption(
    struct config_file *file, const struct node *root, struct fault *f)
{
	const struct node *list =
	    config_maps(file, node_get(root, "resources"), "resources");
	int rc = 0;

	config_schema_check(file, root, &schema_encryption);
	if (list == NULL || list->n == 0)
		return config_problem(
		    file, root->line, "encrypts no resources");
	for (size_t i = 0; rc == 0 && i < list->n; i++)
		rc = put_entry(file, list->items[i], i, f);
	return rc;
}

static bool
is_encryption(const struct node *root)
{
	return node_is_object(root, "apiserver.config.k8s.io/",
		   "EncryptionConfiguration") ||
	       node_is_object(root, "v1", "EncryptionConfig");
}

extern const struct config_type config_encryption; /* in config_type.c */

const struct config_type config_encryption = {
	.name = "encryption",
	.is = is_encryption,
	.read = read_encryption,
};

/* --------------------------------------------------------------- kubeconfig */

static int
put_cluster(struct config_file *file, const struct node *entry, struct fault *f)
{
	const struct node *c = node_get(entry, "cluster");
	const char *name = node_text(node_get(entry, "name"));
	const char *server = node_text(node_get(c, "server"));
	struct setting s;
	int rc = setting_begin(&s, file, entry->line, f);
	BUF_AUTO(key, NAME_MAX_LEN);

	if (rc == 0) {
		setting_text(&s, "name", node_get(entry, "name"));
		setting_bool(
		    &s, "skip_verify", node_get(c, "insecure-skip-tls-verify"));
		attrs_bool(&s.a, "has_ca",
		    node_get(c, "certificate-authority-data") != NULL ||
			node_get(c, "certificate-authority") != NULL);
		if (server != NULL) {
			attrs_bool(
			    &s.a, "https", strncmp(server, "https://", 8) == 0);
			setting_line(&s, "https", node_get(c, "server")->line);
		}
		key_part(&key, name != NULL ? name : "?");
		rc = buf_done(&key, "key", f);
	}
	if (rc == 0)
		rc = setting_emit(
		    &s, &config_kubeconfig_kind, key.p, entry->line, f);
	setting_free(&s);
	return rc;
}

static int
put_authority(
    struct config_file *file, const struct node *entry, struct fault *f)
{
	const char *name = node_text(node_get(entry, "name"));
	BUF_AUTO(what, NAME_MAX_LEN);
	BUF_AUTO(key, NAME_MAX_LEN);

	buf_puts(&what, "authority of cluster ");
	key_part(&what, name != NULL ? name : "?");
	key_part(&key, name != NULL ? name : "?");
	buf_puts(&key, " authority");
	if (buf_done(&what, "name", f) == -1 || buf_done(&key, "key", f) == -1)
		return -1;
	return config_certificate(file,
	    node_get(node_get(entry, "cluster"), "certificate-authority-data"),
	    CERTIFICATE_AUTHORITY, what.p, key.p, f);
}

/* Of a user only until when the certificate holds; who it is, is not kept. */
static int
put_client(struct config_file *file, const struct node *entry, size_t i,
    struct fault *f)
{
	char key[64];

	(void)snprintf(key, sizeof(key), "user %zu", i + 1);
	return config_certificate(file,
	    node_get(node_get(entry, "user"), "client-certificate-data"),
	    CERTIFICATE_CLIENT, "client certificate", key, f);
}

/* kubectl without a context asks localhost:8080, and one that names what is not
 * there fails. */
static int
check_context(
    struct config_file *file, const struct node *root, struct fault *f)
{
	const struct node *current = node_get(root, "current-context");
	const struct node *list =
	    config_maps(file, node_get(root, "contexts"), "contexts");
	const char *wanted = node_text(current);
	BUF_AUTO(name, NAME_MAX_LEN);

	if (wanted == NULL || wanted[0] == '\0') {
		config_refused(file, current != NULL ? current->line : 1,
		    "names no current-context");
		return 0;
	}
	for (size_t i = 0; list != NULL && i < list->n; i++) {
		const char *have = node_text(node_get(list->items[i], "name"));

		if (have != NULL && strcmp(have, wanted) == 0)
			return 0;
	}
	key_part(&name, wanted);
	if (buf_done(&name, "context", f) == -1)
		return -1;
	config_refused(file, current->line,
	    "current-context '%s' is none of its contexts", name.p);
	return 0;
}

static int
read_kubeconfig(
    struct config_file *file, const struct node *root, struct fault *f)
{
	const struct node *clusters =
	    config_maps(file, node_get(root, "clusters"), "clusters");
	const struct node *users =
	    config_maps(file, node_get(root, "users"), "users");
	int rc = check_context(file, root, f);

	for (size_t i = 0; rc == 0 && clusters != NULL && i < clusters->n;
	     i++) {
		rc = put_cluster(file, clusters->items[i], f);
		if (rc == 0)
			rc = put_authority(file, clusters->items[i], f);
	}
	for (size_t i = 0; rc == 0 && users != NULL && i < users->n; i++)
		rc = put_client(file, users->items[i], i, f);
	return rc;
}

static bool
is_kubeconfig(const struct node *root)
{
	return node_is_object(root, "v1", "Config") &&
	       node_get(root, "clusters") != NULL;
}

extern const struct config_type config_kubeconfig; /* in config_type.c */

const struct config_type config_kubeconfig = {
	.name = "kubeconfig",
	.is = is_kubeconfig,
	.read = read_kubeconfig,
};
