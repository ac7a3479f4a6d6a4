/* exhibit kinds: what is collected, column by column, and what is read. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

#include "collector/aws/calls.h"
#include "reference/markdown.h"
#include "collector/kube/agents.h"
#include "collector/kube/resources.h"
#include "cli/rows.h"
#include "cli/suggest.h"
#include "collector/node/snapshot.h"

static const char *const types[] = {
	[COLUMN_TEXT] = "text",
	[COLUMN_INTEGER] = "integer",
	[COLUMN_BOOLEAN] = "boolean",
	[COLUMN_JSON] = "json",
};

/* What a manifest item's flags say, for a reader. */
static const char *
reading(const struct manifest_item *m)
{
	if (m->flags & M_COMMAND)
		return "run, output read";
	if (m->flags & M_EXISTS)
		return "only that it is there";
	if (m->flags & M_DIGEST)
		return "size and digest only";
	return m->flags & M_VOLATILE ? "read, no digest kept" : "read";
}

static void
cap_text(const struct manifest_item *m, char out[32])
{
	const size_t kib = 1024, mib = 1024 * 1024;

	if (m->max >= mib && m->max % mib == 0)
		(void)snprintf(out, 32, "%zu MiB", m->max / mib);
	else if (m->max >= kib && m->max % kib == 0)
		(void)snprintf(out, 32, "%zu KiB", m->max / kib);
	else
		(void)snprintf(out, 32, "%zu B", m->max);
}

/* A command's path is "!" and its line. */
static const char *
path_of(const struct manifest_item *m)
{
	return m->path + (m->path[0] == '!');
}

/* ------------------------------------------------------------------- table */

static int
table_kinds(struct fault *f)
{
	static const char *const names[] = { "kind", "view", "about", "key" };
	struct rows *r = rows_new(stdout, ROWS_TABLE, names, 4, f);
	int rc = r == NULL ? -1 : 0;

	for (size_t i = 0; rc == 0 && kinds[i] != NULL; i++) {
		char view[KIND_VIEW_MAX];

		kind_view(kinds[i], view);
		const struct cell cells[] = { cell_text(kinds[i]->name),
			cell_text(view), cell_text(kinds[i]->about),
			cell_text(kinds[i]->key) };

		rc = rows_put(r, cells, f);
	}
	if (rc == 0)
		rc = rows_end(r, f);
	rows_free(r);
	return rc;
}

static int
table_manifest(struct fault *f)
{
	static const char *const names[] = { "at most", "how",
		"path or command" };
	struct rows *r = rows_new(stdout, ROWS_TABLE, names, 3, f);
	int rc = r == NULL ? -1 : 0;

	for (size_t i = 0; rc == 0 && manifest[i].path != NULL; i++) {
		char cap[32];

		cap_text(&manifest[i], cap);
		const struct cell cells[] = { { CELL_NUMBER, cap, strlen(cap) },
			cell_text(reading(&manifest[i])),
			cell_text(path_of(&manifest[i])) };

		rc = rows_put(r, cells, f);
	}
	if (rc == 0)
		rc = rows_end(r, f);
	rows_free(r);
	return rc;
}

static int
table_kind(const struct kind *k, struct fault *f)
{
	static const char *const names[] = { "column", "type", "read from",
		"meaning" };
	char view[KIND_VIEW_MAX];
	struct rows *r;
	int rc = 0;

	kind_view(k, view);
	printf("%s: %s\n\nkey         %s\nview        %s, %s_at\npermission  "
	       "%s\n\n",
	    k->name, k->about, k->key, view, view, k->permission);
	if ((r = rows_new(stdout, ROWS_TABLE, names, 4, f)) == NULL)
		return -1;
	for (const struct column *c = k->columns; rc == 0 && c->name != NULL;
	     c++) {
		const struct cell cells[] = { cell_text(c->name),
			cell_text(types[c->type]), cell_text(c->from),
			cell_text(c->about) };

		rc = rows_put(r, cells, f);
	}
	if (rc == 0)
		rc = rows_end(r, f);
	rows_free(r);
	if (rc == -1 || strcmp(k->name, "node") != 0)
		return rc;
	printf("\nEverything exhibit reads on a node\n\n");
	return table_manifest(f);
}

/* ---------------------------------------------------------------- markdown */

static void
markdown_kind(const struct kind *k)
{
	char view[KIND_VIEW_MAX];

	kind_view(k, view);
	printf("\n## %s\n\n", k->name);
	markdown_text(k->about);
	printf(".\n\n- key: ");
	markdown_text(k->key);
	printf("\n- views: `%s`, `%s_at`\n- permission: ", view, view);
	markdown_text(k->permission);
	printf("\n\n| Column | Type | Read from | Meaning |\n|---|---|---|---|"
	       "\n");
	for (const struct column *c = k->columns; c->name != NULL; c++) {
		printf("| `%s` | %s | ", c->name, types[c->type]);
		markdown_text(c->from);
		printf(" | ");
		markdown_text(c->about);
		printf(" |\n");
	}
}

static void
markdown_manifest(void)
{
	printf(
	    "\n## Everything exhibit reads on a node\n\n"
	    "Nothing else is opened. A `*` stands for names in the last "
	    "folder. What is larger\nthan its maximum is an error, never "
	    "cut. Links are followed inside the root only,\nand only regular "
	    "files are read. Commands run on the live host and through ssh,\n"
	    "not with `--no-commands`. A live host is also asked for its "
	    "OpenSSL providers, in\na child process, and for its instance "
	    "identity (IMDSv2), not with `--no-imds`.\n\n"
	    "| Path or command | How | At most |\n|---|---|---|\n");
	for (size_t i = 0; manifest[i].path != NULL; i++) {
		char cap[32];

		cap_text(&manifest[i], cap);
		printf("| ");
		markdown_text(path_of(&manifest[i]));
		printf(" | %s | %s |\n", reading(&manifest[i]), cap);
	}
}

/* What a call is for: what its items become, or what they lead to. */
static const char *
call_kind(const struct aws_call *c, int depth)
{
	if (c->kind != NULL)
		return c->kind->name;
	if (c->into != NULL && c->each != NULL && depth < AWS_LEVELS_MAX)
		return call_kind(c->each, depth + 1);
	for (size_t t = 0; depth < AWS_LEVELS_MAX && aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++)
			if (aws_calls[t][i]->each == c)
				return call_kind(aws_calls[t][i], depth + 1);
	return "aws.call";
}

static void
markdown_call(const struct aws_call *c)
{
	char action[AWS_ACTION_MAX];

	aws_call_action(c, action);
	printf("| `%s` | `%s:%s` | `%s`%s |\n", action, c->service->name,
	    c->operation, call_kind(c, 0),
	    c->into != NULL	? ", a part of it"
	    : c->kind == NULL	? ", names to ask about"
	    : c->option != NULL ? ", when asked for"
				: "");
}

static void
markdown_calls(void)
{
	printf("\n## Everything exhibit asks of AWS\n\n"
	       "Read-only calls, and no others. `deploy/aws/iam-policy.json` "
	       "allows exactly these\nactions.\n\n"
	       "| IAM action | Call | For |\n|---|---|---|\n");
	markdown_call(&aws_get_caller_identity);
	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++)
			markdown_call(aws_calls[t][i]);
}

static void
markdown_page(void)
{
	printf(
	    "# Kinds of evidence\n\n"
	    "Made by `exhibit kinds --format markdown`; do not edit.\n\n"
	    "Only these columns ever enter a store. Every view also has "
	    "`subject`, `scope`,\n`key`, `outcome` (observed, absent, denied, "
	    "unreachable, error), `reason`,\n`content_sha256`, `since_run` "
	    "and `seen_run`; `NAME_at` has one row per run, so\nask `WHERE "
	    "run = N`.\n\n"
	    "| Kind | What it is |\n|---|---|\n");
	for (size_t i = 0; kinds[i] != NULL; i++) {
		printf("| `%s` | ", kinds[i]->name);
		markdown_text(kinds[i]->about);
		printf(" |\n");
	}
	for (size_t i = 0; kinds[i] != NULL; i++)
		markdown_kind(kinds[i]);
	markdown_manifest();
	markdown_calls();
}

/* ------------------------------------------------------------ cluster role */

/* Is it asked by default, and not the second list of the same? */
static bool
in_role(const struct resource *r)
{
	if (r->option != NULL || r->url)
		return false;
	for (const struct resource *p = kube_resources; p != r; p++)
		if (strcmp(p->group, r->group) == 0 &&
		    strcmp(p->name, r->name) == 0 && p->option == NULL)
			return false;
	return true;
}

/* The cluster role that allows what the kube collector asks, and no more. */
static void
cluster_role(void)
{
	printf("# Made by 'exhibit kinds --format cluster-role'; do not edit.\n"
	       "# Secrets are not in it: --secrets needs list on secrets, "
	       "which lets\n# its holder read them.\n"
	       "apiVersion: rbac.authorization.k8s.io/v1\n"
	       "kind: ClusterRole\nmetadata:\n  name: exhibit\nrules:\n");
	for (const char *const *p = kube_paths; *p != NULL; p++)
		printf("- nonResourceURLs: [\"%s\"]\n  verbs: [get]\n", *p);
	for (const struct resource *r = kube_resources; r->kind != NULL; r++) {
		if (!in_role(r))
			continue;
		printf("- apiGroups: [\"%s\"]\n  resources: [%s]\n", r->group,
		    r->name);
		if (r->only != NULL)
			printf("  resourceNames: [%s]\n", r->only);
		printf("  verbs: [%s]\n", r->verb == API_GET ? "get" : "list");
	}
	printf("---\n# In the namespace of the nodes' agents alone.\n"
	       "apiVersion: rbac.authorization.k8s.io/v1\n"
	       "kind: Role\nmetadata:\n  name: exhibit\n  "
	       "namespace: " AGENT_NAMESPACE "\nrules:\n");
	for (const struct namespaced *n = kube_namespaced; n->group != NULL;
	     n++)
		printf("- apiGroups: [\"%s\"]\n  resources: [%s]\n"
		       "  verbs: [%s]\n",
		    n->group, n->resource, n->verb);
}

/* -------------------------------------------------------------- iam policy */

#define ACTIONS_MAX 512

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The IAM policy that allows what the aws collector asks, and no more.
 * Nobody needs to be allowed sts:GetCallerIdentity. */
static int
iam_policy(struct fault *f)
{
	static char actions[ACTIONS_MAX][AWS_ACTION_MAX];
	size_t n = 0, shown = 0;

	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++) {
			if (n == ACTIONS_MAX - 1)
				return fault(f, FAULT_LIMIT, "over %d calls",
				    ACTIONS_MAX);
			aws_call_action(aws_calls[t][i], actions[n++]);
		}
	aws_call_action(&aws_get_caller_identity, actions[n++]);
	qsort(actions, n, sizeof(actions[0]), by_name);
	printf("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n"
	       "    {\n      \"Sid\": \"ExhibitReads\",\n"
	       "      \"Effect\": \"Allow\",\n      \"Action\": [");
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(actions[i - 1], actions[i]) != 0)
			printf("%s\n        \"%s\"", shown++ > 0 ? "," : "",
			    actions[i]);
	printf("\n      ],\n      \"Resource\": \"*\"\n    }\n  ]\n}\n");
	return 0;
}

/* ------------------------------------------------------------------- whole */

/* By its name or its view's. */
static const struct kind *
find(const char *name)
{
	char view[KIND_VIEW_MAX];

	for (size_t i = 0; kinds[i] != NULL; i++) {
		kind_view(kinds[i], view);
		if (strcmp(view, name) == 0)
			return kinds[i];
	}
	return kind_find(name);
}

static int
print(const struct kind *k, bool markdown, struct fault *f)
{
	if (!markdown)
		return k != NULL ? table_kind(k, f) : table_kinds(f);
	if (k != NULL)
		markdown_kind(k);
	else
		markdown_page();
	return 0;
}

static int
no_such_kind(const char *name, struct fault *f)
{
	struct near near = near_to(name);
	char text[SUGGESTION_LEN];

	for (size_t i = 0; kinds[i] != NULL; i++)
		near_offer(&near, span_of(kinds[i]->name));
	return fault(f, FAULT_USAGE,
	    "%s: no such kind%s; 'exhibit kinds' lists them", name,
	    suggestion(&near, "", text));
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *format = option_or(o, "format", "table");
	bool markdown = strcmp(format, "markdown") == 0;
	const struct kind *k = NULL;

	(void)cli;
	if (strcmp(format, "cluster-role") == 0 && o->noperands == 0) {
		cluster_role();
		return STATUS_OK;
	}
	if (strcmp(format, "iam-policy") == 0 && o->noperands == 0)
		return iam_policy(f) == -1 ? -1 : STATUS_OK;
	if (!markdown && strcmp(format, "table") != 0)
		return fault(f, FAULT_USAGE,
		    "--format %s: knows table, markdown and, of all kinds, "
		    "cluster-role and iam-policy",
		    format);
	if (o->noperands > 1)
		return fault(f, FAULT_USAGE, "kinds takes one kind's name");
	if (o->noperands == 1 && (k = find(o->operands[0])) == NULL)
		return no_such_kind(o->operands[0], f);
	return print(k, markdown, f) == -1 ? -1 : STATUS_OK;
}

const struct command cmd_kinds = {
	.name = "kinds",
	.operands = "[KIND]",
	.about = "what is collected, and where it is read",
	.help = "Lists the kinds of evidence, or the columns of one: where "
		"each is read and the\npermission that takes. 'exhibit kinds "
		"node' also lists everything exhibit reads on\na node. "
		"--format markdown is how docs/kinds.md is made, "
		"--format cluster-role\nwhat the kube collector needs to be "
		"allowed in a cluster, --format iam-policy\nwhat the aws "
		"collector needs in an account.",
	.options =
	    (const struct option_def[]){
		{ "format", "table|markdown|cluster-role|iam-policy",
		    "how to print (table)" },
		{ 0 },
	    },
	.run = run,
};
