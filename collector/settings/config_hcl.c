/*
 * Terraform's own files: the resources, modules and providers of one, with the
 * variables and locals of the whole folder. A variable is what terraform.tfvars
 * or *.auto.tfvars says, else its default; what has to be evaluated is unknown.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/kit/tree_hcl.h"
#include "collector/settings/config_resource.h"
#include "collector/settings/config_table.h"

#define SIBLINGS_MAX 200 /* files of one folder */

struct folder {
	struct documents docs[SIBLINGS_MAX]; /* owned */
	const struct node *given[SIBLINGS_MAX + 1], *locals[SIBLINGS_MAX];
	size_t n, ngiven, nlocals;
	struct node defaults; /* of variables, by name */
	struct node *keys[1000], *items[1000];
};

/* ---- variables and locals ---- */

static int
add_document(struct folder *x, struct span text, struct fault *f)
{
	struct fault why;

	if (x->n == SIBLINGS_MAX)
		return fault(f, FAULT_LIMIT, "over %d files", SIBLINGS_MAX);
	if (tree_hcl(&x->docs[x->n], text.p, text.len, &why) == -1) {
		tree_free(&x->docs[x->n]); /* told where it is the file */
		return 0;
	}
	x->n++;
	return 1;
}

static int
take_values(void *ctx, struct span text, struct fault *f)
{
	struct folder *x = ctx;
	int rc = add_document(x, text, f);

	if (rc == 1)
		x->given[x->ngiven++] = x->docs[x->n - 1].root[0];
	return rc == -1 ? -1 : 0;
}

static void
take_defaults(struct folder *x, const struct node *root)
{
	const struct node *all = node_get(root, "variable");

	for (size_t i = 0; all != NULL && all->type == NODE_MAP && i < all->n;
	     i++) {
		const struct node *v = node_get(all->items[i], "default");

		if (v == NULL || x->defaults.n == 1000)
			continue;
		x->keys[x->defaults.n] = all->keys[i];
		x->items[x->defaults.n++] = (struct node *)(uintptr_t)v;
	}
}

static int
take_sibling(void *ctx, struct span text, struct fault *f)
{
	struct folder *x = ctx;
	int rc = add_document(x, text, f);
	const struct node *found[TABLE_FOUND_MAX];
	size_t n;

	if (rc < 1)
		return rc;
	take_defaults(x, x->docs[x->n - 1].root[0]);
	n = table_find(x->docs[x->n - 1].root[0], "locals", found);
	for (size_t i = 0; i < n; i++) {
		bool list = found[i]->type == NODE_LIST;

		for (size_t k = 0; k < (list ? found[i]->n : 1); k++)
			if (x->nlocals < SIBLINGS_MAX)
				x->locals[x->nlocals++] =
				    list ? found[i]->items[k] : found[i];
	}
	return 0;
}

/* The first that has a variable gives it: *.auto.tfvars before
 * terraform.tfvars before defaults. */
static int
gather(struct folder *x, struct config_file *file, struct fault *f)
{
	const struct config_tree *t = file->tree;

	x->defaults = (struct node){
		.type = NODE_MAP, .keys = x->keys, .items = x->items
	};
	if (config_include(file, "*.auto.tfvars", "/", take_values, x, f) ==
		-1 ||
	    config_include(file, "terraform.tfvars", "/", take_values, x, f) ==
		-1)
		return -1;
	if (t == NULL ||
	    t->peek(t->ctx, file->path, "*.tf", "/", take_sibling, x, f) != 0)
		if (take_sibling(x, file->text, f) == -1)
			return -1;
	x->given[x->ngiven++] = &x->defaults;
	return 0;
}

/* ---- blocks ---- */

static const struct table_field eks_cluster[] = {
	{ "endpoint_public_access",
	    "endpoint_public_access|cluster_endpoint_public_access",
	    TAKE_TEXT },
	{ "endpoint_public_access_cidrs",
	    "endpoint_public_access_cidrs|"
	    "cluster_endpoint_public_access_cidrs",
	    TAKE_LIST },
	{ "create_kms_key", "create_kms_key", TAKE_TEXT },
	{ 0 },
};

static const struct table_field eks_group[] = {
	{ "ami_type", "ami_type", TAKE_TEXT },
	{ "version", "kubernetes_version|cluster_version", TAKE_TEXT },
	{ 0 },
};

/* Modules that many use, by their sources. */
static const struct {
	const char *source;
	struct config_table table;
} modules[] = {
	{ "terraform-aws-modules/eks/aws",
	    { .parts =
		    (const struct table_part[]){
			{ &config_setting_kind,
			    "module terraform-aws-modules/eks", NULL,
			    "name|cluster_name", NULL, eks_cluster },
			{ &config_resource_kind, "eks_nodegroup",
			    "eks_managed_node_groups.*", NULL, NULL,
			    eks_group },
			{ 0 } } } },
	{ "terraform-aws-modules/vpc/aws", { 0 } },
	{ "terraform-aws-modules/iam/aws*", { 0 } },
};

static int
put_module(struct config_file *file, const char *name, const struct node *body,
    struct fault *f)
{
	const char *source = node_text(node_get(body, "source"));

	for (size_t i = 0;
	     source != NULL && i < sizeof(modules) / sizeof(modules[0]); i++) {
		size_t len = strcspn(modules[i].source, "*");

		if (strncmp(source, modules[i].source, len) == 0 &&
		    (source[len] == '\0' || modules[i].source[len] == '*' ||
			strncmp(source + len, "//", 2) == 0))
			return config_table_read(
			    file, body, &modules[i].table, "terraform", f);
	}
	config_unknown(file, body->line, "module %.60s of source %.100s", name,
	    source != NULL ? source : "that is not stated");
	return 0;
}

static int
put_resources(
    struct config_file *file, const struct node *types, struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && types != NULL && i < types->n; i++) {
		const struct node *names = types->items[i];

		for (size_t k = 0;
		     rc == 0 && names->type == NODE_MAP && k < names->n; k++) {
			const char *type = types->keys[i]->text;
			BUF_AUTO(address, NAME_MAX_LEN);

			buf_printf(&address, "%.200s.%.200s", type,
			    names->keys[k]->text);
			if (buf_done(&address, "address", f) == -1)
				return -1;
			rc = config_resource_terraform(
			    file, type, address.p, names->items[k], f);
		}
	}
	return rc;
}

static int
put_named(struct config_file *file, const struct node *blocks,
    int (*put)(struct config_file *, const char *, const struct node *,
	struct fault *),
    struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && blocks != NULL &&
			   blocks->type == NODE_MAP && i < blocks->n;
	     i++)
		rc = put(file, blocks->keys[i]->text, blocks->items[i], f);
	return rc;
}

static const struct config_table provider = {
	.parts =
	    (const struct table_part[]){
		{ &config_setting_kind, "provider aws", "provider.aws", "alias",
		    NULL,
		    (const struct table_field[]){
			{ "use_fips_endpoint", "use_fips_endpoint", TAKE_TEXT },
			{ "endpoints", "endpoints", TAKE_STATED }, { 0 } } },
		{ 0 } },
};

/* What stands at the top of a file and is no resource. */
static void
refuse_blocks(struct config_file *file, const struct node *root)
{
	static const char known[] =
	    " resource data module variable locals output provider terraform "
	    "moved import removed check ephemeral action ";

	for (size_t i = 0; i < root->n; i++) {
		char word[80];

		(void)snprintf(
		    word, sizeof(word), " %.70s ", root->keys[i]->text);
		if (strstr(known, word) == NULL)
			config_refused(file, root->keys[i]->line,
			    "Terraform has no block of type %.70s",
			    root->keys[i]->text);
	}
}

static int
put_blocks(struct config_file *file, const struct node *root, struct fault *f)
{
	refuse_blocks(file, root);
	if (put_resources(file, node_get(root, "resource"), f) == -1 ||
	    put_named(file, node_get(root, "module"), put_module, f) == -1)
		return -1;
	return config_table_read(file, root, &provider, "terraform", f);
}

static int
read_hcl(struct config_file *file, const struct node *none, struct fault *f)
{
	struct folder *x = calloc(1, sizeof(*x));
	struct documents docs = { 0 };
	struct fault why = { 0 };
	int rc;

	(void)none;
	if (x == NULL)
		return fault_memory(f);
	rc = tree_hcl(&docs, file->text.p, file->text.len, &why);
	if (rc == 0)
		rc = gather(x, file, &why);
	if (rc == 0)
		rc = tree_hcl_resolve(
		    &docs, x->given, x->ngiven, x->locals, x->nlocals, &why);
	if (rc == -1)
		rc = config_problem_of(file, &why);
	else
		rc = put_blocks(file, docs.root[0], f);
	tree_free(&docs);
	for (size_t i = 0; i < x->n; i++)
		tree_free(&x->docs[i]);
	free(x);
	return rc;
}

extern const struct config_type config_hcl; /* in config_type.c */

const struct config_type config_hcl = {
	.name = "terraform",
	.includes = true,
	.names = "*.tf *.tofu",
	.read = read_hcl,
};
