/*
 * Envoy's bootstrap and listener files: tls_params of each
 * DownstreamTlsContext (envoyproxy.io, extensions.transport_sockets.tls.v3).
 * What an SDS or LDS server sends stands in no file and is not seen.
 */
#include <stdio.h>
#include <string.h>

#include "collector/settings/config_parts.h"

#define WALK_MAX 100000 /* nodes of one file that are looked at */

struct envoy {
	struct config_file *file;
	const char *listener;
	size_t seen;
};

/* TLSv1_2 as TLSv1.2; TLS_AUTO and what is not known as it is: unread. */
static void
put_version(struct setting *s, const char *column, const struct node *n)
{
	const char *text = node_text(n);
	char version[16];

	if (n == NULL)
		return;
	(void)snprintf(
	    version, sizeof(version), "%s", text != NULL ? text : "");
	if (strncmp(version, "TLSv1_", 6) == 0)
		version[5] = '.';
	if (strcmp(version, "TLS_AUTO") != 0)
		setting_version(s, column, version, n->line);
}

/* "[A|B]" are of equal preference. */
static void
put_suites(struct setting *s, const struct node *list)
{
	BUF_AUTO(all, CONFIG_LIST_BYTES_MAX);

	if (list == NULL)
		return;
	for (size_t i = 0; list->type == NODE_LIST && i < list->n; i++) {
		const char *text = node_text(list->items[i]);

		buf_printf(&all, "%s:", text != NULL ? text : "?");
	}
	if (all.failed != FAULT_NONE || all.len == 0)
		setting_unread(s, "suites", list->line);
	else
		setting_suites(s, "suites", all.p, list->line);
}

static int
put_context(struct envoy *x, const struct node *context, struct fault *f)
{
	const struct node *params =
	    node_at(context, "common_tls_context.tls_params");
	struct setting s;
	BUF_AUTO(key, NAME_MAX_LEN);
	int rc = setting_begin(&s, x->file, context->line, f);

	if (rc == 0) {
		attrs_str(&s.a, "component", "envoy");
		attrs_str(&s.a, "name", x->listener);
		attrs_bool(&s.a, "includes", false);
		put_version(&s, "min_version",
		    node_get(params, "tls_minimum_protocol_version"));
		put_version(&s, "max_version",
		    node_get(params, "tls_maximum_protocol_version"));
		setting_list(&s, "groups", node_get(params, "ecdh_curves"));
		put_suites(&s, node_get(params, "cipher_suites"));
		key_part(&key, x->listener);
		rc = buf_done(&key, "key", f);
	}
	if (rc == 0)
		rc =
		    setting_emit(&s, &config_tls_kind, key.p, context->line, f);
	setting_free(&s);
	return rc;
}

static bool
is_context(const struct node *n)
{
	const char *type = node_text(node_get(n, "@type"));
	size_t len = type != NULL ? strlen(type) : 0;
	static const char end[] = ".DownstreamTlsContext";

	return len >= sizeof(end) &&
	       strcmp(type + len - (sizeof(end) - 1), end) == 0;
}

static bool
is_listener(const struct node *n)
{
	return node_get(n, "filter_chains") != NULL ||
	       node_get(n, "default_filter_chain") != NULL;
}

/* Depth is bounded by the tree's. */
static int
walk(struct envoy *x, const struct node *n, struct fault *f)
{
	const char *around = x->listener, *name;
	int rc = 0;

	if (n == NULL || n->type < NODE_LIST)
		return 0;
	if (++x->seen > WALK_MAX)
		return config_problem(
		    x->file, n->line, "more than is looked at");
	if (n->type == NODE_MAP && is_context(n))
		return put_context(x, n, f);
	if (n->type == NODE_MAP && is_listener(n)) {
		name = node_text(node_get(n, "name"));
		x->listener = name != NULL ? name : "listener";
	}
	for (size_t i = 0; rc == 0 && i < n->n; i++)
		rc = walk(x, n->items[i], f);
	x->listener = around;
	return rc;
}

static int
read_envoy(struct config_file *file, const struct node *root, struct fault *f)
{
	struct envoy x = { .file = file, .listener = "listener" };

	return walk(&x, root, f);
}

static bool
is_envoy(const struct node *root)
{
	const struct node *resources = node_get(root, "resources");

	return node_get(root, "static_resources") != NULL ||
	       (resources != NULL && resources->type == NODE_LIST &&
		   resources->n > 0 && is_listener(resources->items[0]));
}

extern const struct config_type config_envoy; /* in config_type.c */

const struct config_type config_envoy = {
	.name = "envoy",
	.is = is_envoy,
	.read = read_envoy,
};
