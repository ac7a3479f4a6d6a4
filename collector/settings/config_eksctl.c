/*
 * eksctl's ClusterConfig (eksctl.io/v1alpha5), as pkg/apis/eksctl.io/v1alpha5
 * of eksctl 0.230 declares it. Of commands only what they do to FIPS mode and
 * to joining the cluster is kept: a command may hold a password.
 */
#include "base/base64.h"
#include "base/length.h"
#include "collector/settings/config_schema.h"
#include "collector/kit/config_text.h"

#include <string.h>

static const struct field cluster_fields[] = {
	{ "auth_mode", "accessConfig.authenticationMode", FIELD_TEXT },
	{ "auto_mode", "autoModeConfig.enabled", FIELD_BOOL },
	{ "creator_admin",
	    "accessConfig.bootstrapClusterCreatorAdminPermissions",
	    FIELD_BOOL },
	{ "log_types", "cloudWatch.clusterLogging.enableTypes", FIELD_LIST },
	{ "name", "metadata.name", FIELD_TEXT },
	{ "private_access", "vpc.clusterEndpoints.privateAccess", FIELD_BOOL },
	{ "private_cluster", "privateCluster.enabled", FIELD_BOOL },
	{ "public_access", "vpc.clusterEndpoints.publicAccess", FIELD_BOOL },
	{ "public_cidrs", "vpc.publicAccessCIDRs", FIELD_LIST },
	{ "region", "metadata.region", FIELD_TEXT },
	{ "secrets_key", "secretsEncryption.keyARN", FIELD_TEXT },
	{ "version", "metadata.version", FIELD_TEXT },
	{ "with_oidc", "iam.withOIDC", FIELD_BOOL },
	{ 0 },
};

static const struct field group_fields[] = {
	{ "ami", "ami", FIELD_TEXT },
	{ "ami_family", "amiFamily", FIELD_TEXT },
	{ "disable_imdsv1", "disableIMDSv1", FIELD_BOOL },
	{ "launch_template", "launchTemplate.id", FIELD_TEXT },
	{ "name", "name", FIELD_TEXT },
	{ "private_networking", "privateNetworking", FIELD_BOOL },
	{ "ssh_allow", "ssh.allow", FIELD_BOOL },
	{ "ssh_sources", "ssh.sourceSecurityGroupIds", FIELD_LIST },
	{ "volume_encrypted", "volumeEncrypted", FIELD_BOOL },
	{ "volume_kms_key", "volumeKmsKeyID", FIELD_TEXT },
	{ 0 },
};

/* nodeadm takes a NodeConfig, alone or as a part of a MIME message. */
static const char *
override_of(const char *s)
{
	if (strstr(s, "kind: NodeConfig") != NULL ||
	    strstr(s, "node.eks.aws") != NULL)
		return "nodeconfig";
	return strstr(s, "/etc/eks/bootstrap.sh") != NULL ? "bootstrap"
							  : "script";
}

static void
put_override(struct setting *s, const struct node *n)
{
	const char *text = node_text(n);

	if (n == NULL || n->type == NODE_NULL)
		return;
	if (text == NULL) {
		setting_unread(s, "override", n->line);
		return;
	}
	setting_line(s, "override", n->line);
	attrs_str(&s->a, "override", override_of(text));
	attrs_bool(
	    &s->a, "override_sets_fips", script_sets_fips(span_of(text)));
}

static void
put_pre_bootstrap(struct setting *s, const struct node *n)
{
	bool fips = false, boots = false;

	if (n == NULL || n->type == NODE_NULL)
		return;
	if (n->type != NODE_LIST) {
		setting_unread(s, "pre_bootstrap", n->line);
		return;
	}
	for (size_t i = 0; i < n->n; i++) {
		const char *text = node_text(n->items[i]);

		if (text == NULL) {
			setting_unread(s, "pre_bootstrap", n->line);
			return;
		}
		fips |= script_sets_fips(span_of(text));
		boots |= script_reboots(span_of(text));
		if (script_sets_fips(span_of(text)))
			setting_line(s, "pre_sets_fips", n->items[i]->line);
	}
	setting_line(s, "pre_bootstrap", n->line);
	attrs_bool(&s->a, "pre_bootstrap", n->n > 0);
	attrs_bool(&s->a, "pre_reboots", boots);
	attrs_bool(&s->a, "pre_sets_fips", fips);
}

/* settings.aws.config is the base64 of an AWS config file. */
static void
put_aws_config(struct setting *s, const struct node *n)
{
	const char *text = node_text(n);
	bool on;
	BUF_AUTO(plain, 64 * 1024);

	if (n == NULL || n->type == NODE_NULL)
		return;
	if (text == NULL || !base64_read_text(&plain, text, strlen(text))) {
		setting_unread(s, "aws_config_fips", n->line);
		return;
	}
	setting_line(s, "aws_config_fips", n->line);
	if (aws_config_fips((struct span){ plain.p, plain.len }, &on))
		attrs_bool(&s->a, "aws_config_fips", on);
}

static void
put_volumes(struct setting *s, const struct node *list)
{
	long long open = 0, unstated = 0;

	list = config_maps(s->file, list, "additionalVolumes");
	for (size_t i = 0; list != NULL && i < list->n; i++) {
		const struct node *n =
		    node_get(list->items[i], "volumeEncrypted");
		bool on;

		if (n == NULL || !node_bool(n, true, &on)) {
			unstated++;
			continue;
		}
		if (!on)
			setting_line(s, "volumes_open", n->line);
		open += !on;
	}
	attrs_int(&s->a, "volumes_open", open);
	attrs_int(&s->a, "volumes_unstated", unstated);
}

static int
put_group(struct config_file *file, const struct node *root,
    const struct node *group, bool managed, struct fault *f)
{
	const char *list = managed ? "managedNodeGroups" : "nodeGroups";
	const char *name = node_text(node_get(group, "name"));
	const char *cluster = node_text(node_at(root, "metadata.name"));
	const struct node *types = node_get(group, "instanceTypes");
	struct setting s;
	int rc = setting_begin(&s, file, group->line, f);
	BUF_AUTO(key, NAME_MAX_LEN);

	if (rc == 0) {
		setting_fields(&s, group, group_fields);
		setting_list(&s, "instance_types",
		    types != NULL ? types : node_get(group, "instanceType"));
		attrs_str(&s.a, "cluster", cluster);
		attrs_bool(&s.a, "managed", managed);
		put_override(&s, node_get(group, "overrideBootstrapCommand"));
		put_pre_bootstrap(&s, node_get(group, "preBootstrapCommands"));
		put_aws_config(
		    &s, node_at(group, "bottlerocket.settings.aws.config"));
		put_volumes(&s, node_get(group, "additionalVolumes"));
		buf_printf(&key, "%s/", list);
		key_part(&key, name != NULL ? name : "?");
		rc = buf_done(&key, "key", f);
	}
	if (rc == 0)
		rc = setting_emit(
		    &s, &config_eksctl_nodegroup_kind, key.p, group->line, f);
	setting_free(&s);
	return rc;
}

static int
put_groups(struct config_file *file, const struct node *root, bool managed,
    struct fault *f)
{
	const char *name = managed ? "managedNodeGroups" : "nodeGroups";
	const struct node *list = config_maps(file, node_get(root, name), name);
	int rc = 0;

	for (size_t i = 0; rc == 0 && list != NULL && i < list->n; i++)
		rc = put_group(file, root, list->items[i], managed, f);
	return rc;
}

static int
put_cluster(struct config_file *file, const struct node *root, struct fault *f)
{
	const char *name = node_text(node_at(root, "metadata.name"));
	struct setting s;
	int rc = setting_begin(&s, file, root->line, f);
	BUF_AUTO(key, NAME_MAX_LEN);

	if (rc == 0) {
		setting_fields(&s, root, cluster_fields);
		key_part(&key, name != NULL ? name : "?");
		rc = buf_done(&key, "key", f);
	}
	if (rc == 0)
		rc = setting_emit(
		    &s, &config_eksctl_cluster_kind, key.p, root->line, f);
	setting_free(&s);
	return rc;
}

/* eksctl rejects node groups of one name, in whichever list they stand. */
static void
refuse_same_names(struct config_file *file, const struct node *root)
{
	static const char *const lists[] = { "managedNodeGroups",
		"nodeGroups" };
	const char *names[512];
	size_t n = 0;

	for (size_t l = 0; l < LENGTH(lists); l++) {
		const struct node *list = node_get(root, lists[l]);

		for (size_t i = 0; list != NULL && list->type == NODE_LIST &&
				   i < list->n && n < LENGTH(names);
		     i++) {
			const char *name =
			    node_text(node_get(list->items[i], "name"));

			for (size_t k = 0; name != NULL && k < n; k++)
				if (strcmp(names[k], name) == 0)
					config_refused(file,
					    list->items[i]->line,
					    "eksctl rejects a second node "
					    "group of the name %.60s",
					    name);
			if (name != NULL)
				names[n++] = name;
		}
	}
}

static int
read_eksctl(struct config_file *file, const struct node *root, struct fault *f)
{
	config_schema_check(file, root, &schema_eksctl);
	refuse_same_names(file, root);
	if (put_cluster(file, root, f) == -1 ||
	    put_groups(file, root, true, f) == -1)
		return -1;
	return put_groups(file, root, false, f);
}

static bool
is_eksctl(const struct node *root)
{
	return node_is_object(root, "eksctl.io/", "ClusterConfig");
}

extern const struct config_type config_eksctl; /* in config_type.c */

const struct config_type config_eksctl = {
	.name = "eksctl",
	.is = is_eksctl,
	.read = read_eksctl,
};
