/* exhibit kinds: what is collected, column by column, and what is read. */
#include "cli/cli.h"

#include <string.h>

#include "cli/rows.h"
#include "reference/reference.h"
#include "cli/suggest.h"

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
		char cap[MANIFEST_MOST_MAX];

		manifest_most(&manifest[i], cap);
		const struct cell cells[] = { { CELL_NUMBER, cap, strlen(cap) },
			cell_text(manifest_reading(&manifest[i])),
			cell_text(manifest_path(&manifest[i])) };

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
			cell_text(column_types[c->type]), cell_text(c->from),
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

/* The page in this format; k NULL: of all kinds. */
static int
page(const struct kind *k, const char *format, struct buf *out, struct fault *f)
{
	if (strcmp(format, "markdown") == 0 && k != NULL)
		reference_kind(k, out);
	else if (strcmp(format, "markdown") == 0)
		reference_kinds(out);
	else if (strcmp(format, "cluster-role") == 0 && k == NULL)
		reference_cluster_role(out);
	else if (strcmp(format, "iam-policy") == 0 && k == NULL)
		return reference_iam_policy(out, f);
	else
		return fault(f, FAULT_USAGE,
		    "--format %s: knows table, markdown and, of all kinds, "
		    "cluster-role and iam-policy",
		    format);
	return buf_done(out, "the page", f);
}

static int
no_such_kind(const char *name, struct fault *f)
{
	struct near near = near_to(name);

	for (size_t i = 0; kinds[i] != NULL; i++)
		near_offer(&near, span_of(kinds[i]->name));
	return no_such(&near, "kind", "kinds", f);
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *format = option_or(o, "format", "table");
	const struct kind *k = NULL;
	BUF_AUTO(out, REFERENCE_MAX);

	(void)cli;
	if (o->noperands > 1)
		return fault(f, FAULT_USAGE, "kinds takes one kind's name");
	if (o->noperands == 1 && (k = find(o->operands[0])) == NULL)
		return no_such_kind(o->operands[0], f);
	if (strcmp(format, "table") == 0)
		return (k != NULL ? table_kind(k, f) : table_kinds(f)) == -1
			   ? -1
			   : STATUS_OK;
	if (page(k, format, &out, f) == -1)
		return -1;
	(void)fwrite(out.p, 1, out.len, stdout);
	return STATUS_OK;
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
