/* docs/kinds.md: every kind, column by column, and what is read for them. */
#include "reference/reference.h"

#include <stdio.h>
#include <string.h>

#include "collector/aws/calls.h"
#include "reference/markdown.h"

const char *const column_types[] = {
	[COLUMN_TEXT] = "text",
	[COLUMN_INTEGER] = "integer",
	[COLUMN_BOOLEAN] = "boolean",
	[COLUMN_JSON] = "json",
};

const char *
manifest_reading(const struct manifest_item *m)
{
	if (m->flags & M_COMMAND)
		return "run, output read";
	if (m->flags & M_EXISTS)
		return "only that it is there";
	if (m->flags & M_DIGEST)
		return "size and digest only";
	return m->flags & M_VOLATILE ? "read, no digest kept" : "read";
}

void
manifest_most(const struct manifest_item *m, char out[MANIFEST_MOST_MAX])
{
	const size_t kib = 1024, mib = 1024 * 1024;

	if (m->max >= mib && m->max % mib == 0)
		(void)snprintf(out, MANIFEST_MOST_MAX, "%zu MiB", m->max / mib);
	else if (m->max >= kib && m->max % kib == 0)
		(void)snprintf(out, MANIFEST_MOST_MAX, "%zu KiB", m->max / kib);
	else
		(void)snprintf(out, MANIFEST_MOST_MAX, "%zu B", m->max);
}

const char *
manifest_path(const struct manifest_item *m)
{
	return m->path + (m->path[0] == '!');
}

void
reference_kind(const struct kind *k, struct buf *out)
{
	char view[KIND_VIEW_MAX];

	kind_view(k, view);
	buf_printf(out, "\n## %s\n\n", k->name);
	markdown_text(out, k->about);
	buf_printf(out, ".\n\n- key: ");
	markdown_text(out, k->key);
	buf_printf(out, "\n- views: `%s`, `%s_at`\n- permission: ", view, view);
	markdown_text(out, k->permission);
	buf_printf(out,
	    "\n\n| Column | Type | Read from | Meaning |\n|---|---|---|---|"
	    "\n");
	for (const struct column *c = k->columns; c->name != NULL; c++) {
		buf_printf(
		    out, "| `%s` | %s | ", c->name, column_types[c->type]);
		markdown_text(out, c->from);
		buf_printf(out, " | ");
		markdown_text(out, c->about);
		buf_printf(out, " |\n");
	}
}

static void
put_manifest(struct buf *out)
{
	buf_printf(out,
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
		char cap[MANIFEST_MOST_MAX];

		manifest_most(&manifest[i], cap);
		buf_printf(out, "| ");
		markdown_text(out, manifest_path(&manifest[i]));
		buf_printf(
		    out, " | %s | %s |\n", manifest_reading(&manifest[i]), cap);
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
put_call(const struct aws_call *c, struct buf *out)
{
	char action[AWS_ACTION_MAX];

	aws_call_action(c, action);
	buf_printf(out, "| `%s` | `%s:%s` | `%s`%s |\n", action,
	    c->service->name, c->operation, call_kind(c, 0),
	    c->into != NULL	? ", a part of it"
	    : c->kind == NULL	? ", names to ask about"
	    : c->option != NULL ? ", when asked for"
				: "");
}

static void
put_calls(struct buf *out)
{
	buf_printf(out,
	    "\n## Everything exhibit asks of AWS\n\n"
	    "Read-only calls, and no others. `deploy/aws/iam-policy.json` "
	    "allows exactly these\nactions.\n\n"
	    "| IAM action | Call | For |\n|---|---|---|\n");
	put_call(&aws_get_caller_identity, out);
	for (size_t t = 0; aws_calls[t] != NULL; t++)
		for (size_t i = 0; aws_calls[t][i] != NULL; i++)
			put_call(aws_calls[t][i], out);
}

void
reference_kinds(struct buf *out)
{
	buf_printf(out,
	    "# Kinds of evidence\n\n"
	    "Made by `exhibit kinds --format markdown`; do not edit.\n\n"
	    "Only these columns ever enter a store. Every view also has "
	    "`subject`, `scope`,\n`key`, `outcome` (observed, absent, denied, "
	    "unreachable, error), `reason`,\n`content_sha256`, `since_run` "
	    "and `seen_run`; `NAME_at` has one row per run, so\nask `WHERE "
	    "run = N`.\n\n"
	    "| Kind | What it is |\n|---|---|\n");
	for (size_t i = 0; kinds[i] != NULL; i++) {
		buf_printf(out, "| `%s` | ", kinds[i]->name);
		markdown_text(out, kinds[i]->about);
		buf_printf(out, " |\n");
	}
	for (size_t i = 0; kinds[i] != NULL; i++)
		reference_kind(kinds[i], out);
	put_manifest(out);
	put_calls(out);
}
