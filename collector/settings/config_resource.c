/*
 * Resources of AWS that a Terraform plan (terraform show -json) or a
 * CloudFormation template will make, by one table for both. What is only
 * known once it is made is unread, and so unknown.
 */
#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/length.h"

#include "collector/settings/config_resource.h"

/* "[]" in a path: every item of that list. Of a list without it, its only
 * item, as Terraform writes blocks. */
struct spot {
	const char *column;
	const char *terraform, *cloudformation; /* paths; NULL: not there */
	enum { SPOT_TEXT, SPOT_BOOL, SPOT_LIST, SPOT_ALL } type;
};

#define SPOTS_MAX 8

static const struct resource_type {
	const char *terraform, *cloudformation, *type;
	struct spot spots[SPOTS_MAX]; /* ends with column NULL */
} types[] = {
	{ "aws_eks_cluster", "AWS::EKS::Cluster", "eks_cluster",
	    { { "version", "version", "Version", SPOT_TEXT },
		{ "endpoint_public_access", "vpc_config.endpoint_public_access",
		    "ResourcesVpcConfig.EndpointPublicAccess", SPOT_BOOL },
		{ "public_access_cidrs", "vpc_config.public_access_cidrs",
		    "ResourcesVpcConfig.PublicAccessCidrs", SPOT_LIST },
		{ "kms_key_id", "encryption_config.provider.key_arn",
		    "EncryptionConfig.Provider.KeyArn", SPOT_TEXT },
		{ "log_types", "enabled_cluster_log_types",
		    "Logging.ClusterLogging.EnabledTypes", SPOT_LIST } } },
	{ "aws_eks_node_group", "AWS::EKS::Nodegroup", "eks_nodegroup",
	    { { "ami_type", "ami_type", "AmiType", SPOT_TEXT },
		{ "version", "version", "Version", SPOT_TEXT } } },
	{ "aws_instance", "AWS::EC2::Instance", "instance",
	    { { "image_id", "ami", "ImageId", SPOT_TEXT },
		{ "http_tokens", "metadata_options.http_tokens",
		    "MetadataOptions.HttpTokens", SPOT_TEXT },
		{ "encrypted", "root_block_device[].encrypted",
		    "BlockDeviceMappings[].Ebs.Encrypted", SPOT_ALL } } },
	{ "aws_launch_template", "AWS::EC2::LaunchTemplate", "launch_template",
	    { { "image_id", "image_id", "LaunchTemplateData.ImageId",
		  SPOT_TEXT },
		{ "http_tokens", "metadata_options.http_tokens",
		    "LaunchTemplateData.MetadataOptions.HttpTokens",
		    SPOT_TEXT },
		{ "encrypted", "block_device_mappings[].ebs.encrypted",
		    "LaunchTemplateData.BlockDeviceMappings[].Ebs.Encrypted",
		    SPOT_ALL } } },
	{ "aws_ebs_volume", "AWS::EC2::Volume", "volume",
	    { { "encrypted", "encrypted", "Encrypted", SPOT_BOOL },
		{ "kms_key_id", "kms_key_id", "KmsKeyId", SPOT_TEXT } } },
	{ "aws_s3_bucket_server_side_encryption_configuration",
	    "AWS::S3::Bucket", "bucket",
	    { { "sse_algorithm",
		"rule.apply_server_side_encryption_by_default.sse_algorithm",
		"BucketEncryption.ServerSideEncryptionConfiguration."
		"ServerSideEncryptionByDefault.SSEAlgorithm",
		SPOT_TEXT } } },
	{ "aws_db_instance", "AWS::RDS::DBInstance", "db_instance",
	    { { "encrypted", "storage_encrypted", "StorageEncrypted",
		  SPOT_BOOL },
		{ "publicly_accessible", "publicly_accessible",
		    "PubliclyAccessible", SPOT_BOOL } } },
	{ "aws_rds_cluster", "AWS::RDS::DBCluster", "db_cluster",
	    { { "encrypted", "storage_encrypted", "StorageEncrypted",
		SPOT_BOOL } } },
	{ "aws_lb_listener", "AWS::ElasticLoadBalancingV2::Listener",
	    "listener",
	    { { "protocol", "protocol", "Protocol", SPOT_TEXT },
		{ "ssl_policy", "ssl_policy", "SslPolicy", SPOT_TEXT } } },
	{ "aws_kms_key", "AWS::KMS::Key", "kms_key",
	    { { "key_spec", "customer_master_key_spec", "KeySpec", SPOT_TEXT },
		{ "rotation", "enable_key_rotation", "EnableKeyRotation",
		    SPOT_BOOL } } },
};
#define NTYPES (LENGTH(types))

struct found {			 /* what stands at a path */
	const struct node *node; /* the one there, or NULL */
	bool several;		 /* there are, where one was meant */
};

static struct found
walk(const struct node *n, const char *path)
{
	while (n != NULL && *path != '\0') {
		size_t len = strcspn(path, ".");
		char key[128];

		if (n->type == NODE_LIST && n->n > 1)
			return (struct found){ n, true };
		if (n->type == NODE_LIST)
			n = n->n == 1 ? n->items[0] : NULL;
		if (node_is_call(n))
			break;
		(void)snprintf(key, sizeof(key), "%.*s", (int)len, path);
		n = node_get(n, key);
		path += len + (path[len] == '.');
	}
	return (struct found){ n, false };
}

static void
put_all(struct setting *s, const char *column, const struct node *root,
    const char *path)
{
	const char *brackets = strstr(path, "[].");
	char list_path[128];
	struct found list;
	struct node *only, **items = &only;
	size_t yes = 0, n = 1;

	(void)snprintf(
	    list_path, sizeof(list_path), "%.*s", (int)(brackets - path), path);
	list = walk(root, list_path);
	if (list.node == NULL || list.node->type == NODE_NULL)
		return;
	if (list.node->type == NODE_SCALAR) {
		setting_unread(s, column, list.node->line);
		return;
	}
	/* HCL has no list where a block stands once */
	if (list.node->type == NODE_LIST) {
		items = list.node->items;
		n = list.node->n;
	} else {
		only = (struct node *)(uintptr_t)list.node;
	}
	for (size_t i = 0; i < n; i++) {
		struct found v = walk(items[i], brackets + 3);
		bool on;

		if (v.node == NULL || v.node->type == NODE_NULL)
			continue;
		if (v.several || !node_bool(v.node, true, &on)) {
			setting_unread(s, column, v.node->line);
			return;
		}
		if (!on) {
			setting_line(s, column, v.node->line);
			attrs_bool(&s->a, column, false);
			return;
		}
		yes++;
	}
	if (yes > 0 && yes == n) {
		setting_line(s, column, list.node->line);
		attrs_bool(&s->a, column, true);
	}
}

/* CloudFormation's [{Type: audit}] as [audit] of Terraform. */
static void
put_types(struct setting *s, const char *column, const struct node *list)
{
	json_t *out = json_array();

	for (size_t i = 0; out != NULL && i < list->n; i++) {
		const char *t = node_text(node_get(list->items[i], "Type"));

		if (t == NULL || i == CONFIG_LIST_MAX) {
			json_decref(out);
			setting_unread(s, column, list->line);
			return;
		}
		if (json_array_append_new(out, json_text(t, strlen(t))) == -1)
			s->a.failed = true;
	}
	if (out == NULL) {
		s->a.failed = true;
		return;
	}
	setting_line(s, column, list->line);
	attrs_json(&s->a, column, out);
}

static void
put_spot(struct setting *s, const struct spot *p, const struct node *root,
    const char *path)
{
	struct found v;

	if (p->type == SPOT_ALL) {
		put_all(s, p->column, root, path);
		return;
	}
	v = walk(root, path);
	if (v.node == NULL)
		return;
	if (v.several || node_is_call(v.node))
		setting_unread(s, p->column, v.node->line);
	else if (p->type == SPOT_TEXT)
		setting_text(s, p->column, v.node);
	else if (p->type == SPOT_BOOL)
		setting_bool(s, p->column, v.node);
	else if (v.node->type == NODE_LIST && v.node->n > 0 &&
		 v.node->items[0]->type == NODE_MAP)
		put_types(s, p->column, v.node);
	else
		setting_list(s, p->column, v.node);
}

/* Terraform: true where the value comes only with the resource. */
static void
put_unknown(struct setting *s, const struct spot *p, const struct node *root,
    size_t line)
{
	char path[128];
	const char *brackets = strstr(p->terraform, "[].");
	struct found v;
	bool on;

	(void)snprintf(path, sizeof(path), "%.*s",
	    brackets != NULL ? (int)(brackets - p->terraform)
			     : (int)strlen(p->terraform),
	    p->terraform);
	v = walk(root, path);
	if (v.node != NULL && v.node->type == NODE_SCALAR &&
	    node_bool(v.node, false, &on) && on)
		setting_unread(s, p->column, line);
}

static int
put_resource(struct config_file *file, const struct resource_type *t,
    const char *address, const struct node *values, const struct node *unknown,
    bool terraform, size_t line, struct fault *f)
{
	struct setting s;
	int rc = setting_begin(&s, file, line, f);
	BUF_AUTO(key, NAME_MAX_LEN);

	if (rc == 0) {
		attrs_str(&s.a, "address", address);
		attrs_str(&s.a, "type", t->type);
		for (const struct spot *p = t->spots;
		     p < t->spots + SPOTS_MAX && p->column != NULL; p++) {
			put_spot(&s, p, values,
			    terraform ? p->terraform : p->cloudformation);
			if (unknown != NULL)
				put_unknown(&s, p, unknown, line);
		}
		key_part(&key, address);
		rc = buf_done(&key, "key", f);
	}
	if (rc == 0)
		rc = setting_emit(&s, &config_resource_kind, key.p, line, f);
	setting_free(&s);
	return rc;
}

/* ------------------------------------------------ what is not judged at all */

/* Types that set nothing of cryptography, as globs. A type that is neither
 * here nor in the table above is told as not understood. */
static const char *const terraform_plain[] = { "aws_vpc", "aws_vpc_dhcp_*",
	"aws_vpc_peering_*", "aws_subnet", "aws_route", "aws_route_table*",
	"aws_main_route_*", "aws_internet_gateway*", "aws_nat_gateway",
	"aws_egress_only_*", "aws_eip*", "aws_security_group*",
	"aws_vpc_security_group_*", "aws_network_acl*", "aws_iam_*",
	"aws_s3_bucket", "aws_s3_bucket_acl", "aws_s3_bucket_lifecycle_*",
	"aws_s3_bucket_logging", "aws_s3_bucket_ownership_controls",
	"aws_s3_bucket_public_access_block", "aws_s3_bucket_versioning",
	"aws_s3_bucket_notification", "aws_lb", "aws_alb",
	"aws_lb_target_group*", "aws_lb_listener_rule", "aws_autoscaling_*",
	"aws_eks_addon", "aws_eks_access_*", "aws_eks_pod_identity_association",
	"aws_eks_fargate_profile", "aws_kms_alias", "aws_kms_grant",
	"aws_kms_key_policy", "aws_key_pair", "aws_placement_group",
	"aws_db_subnet_group", "aws_route53_*", "aws_cloudwatch_metric_alarm",
	"aws_cloudwatch_event_*", "aws_resourcegroups_*", "aws_ssm_association",
	"null_resource", "terraform_data", "random_*", "time_*",
	"kubernetes_namespace*", "kubernetes_service_account*",
	"kubernetes_role*", "kubernetes_cluster_role*", NULL };

static const char *const cloudformation_plain[] = { "AWS::IAM::*",
	"AWS::EC2::VPC", "AWS::EC2::VPCGatewayAttachment", "AWS::EC2::Subnet*",
	"AWS::EC2::Route*", "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway",
	"AWS::EC2::EIP*", "AWS::EC2::SecurityGroup*", "AWS::EC2::NetworkAcl*",
	"AWS::S3::BucketPolicy", "AWS::AutoScaling::*",
	"AWS::ElasticLoadBalancingV2::LoadBalancer",
	"AWS::ElasticLoadBalancingV2::TargetGroup",
	"AWS::ElasticLoadBalancingV2::ListenerRule", "AWS::EKS::Addon",
	"AWS::EKS::AccessEntry", "AWS::EKS::PodIdentityAssociation",
	"AWS::EKS::FargateProfile", "AWS::KMS::Alias", "AWS::Route53::*",
	"AWS::RDS::DBSubnetGroup", "AWS::CDK::Metadata",
	"AWS::CloudWatch::Alarm", "AWS::CloudFormation::WaitCondition*", NULL };

static void
not_judged(struct config_file *file, const char *const *plain, const char *type,
    size_t line)
{
	for (; type != NULL && *plain != NULL; plain++)
		if (fnmatch(*plain, type, 0) == 0)
			return;
	config_unknown(file, line, "a resource of type %.100s",
	    type != NULL ? type : "that is not stated");
}

/* --------------------------------------------------------------- Terraform */

static const struct resource_type *
terraform_type(const char *name)
{
	for (size_t i = 0; name != NULL && i < NTYPES; i++)
		if (strcmp(types[i].terraform, name) == 0)
			return &types[i];
	return name != NULL && strcmp(name, "aws_alb_listener") == 0
		   ? terraform_type("aws_lb_listener")
		   : NULL;
}

static int
put_change(struct config_file *file, const struct node *c, struct fault *f)
{
	static const struct node nothing = { .type = NODE_MAP };
	const struct resource_type *t =
	    terraform_type(node_text(node_get(c, "type")));
	const struct node *after = node_at(c, "change.after");
	const struct node *unknown = node_at(c, "change.after_unknown");
	const char *address = node_text(node_get(c, "address"));

	if (node_is(node_get(c, "mode"), "data") || after == NULL ||
	    after->type != NODE_MAP)
		return 0; /* read, or destroyed */
	if (t == NULL) {
		not_judged(file, terraform_plain,
		    node_text(node_get(c, "type")), c->line);
		return 0;
	}
	return put_resource(file, t, address != NULL ? address : "?", after,
	    unknown != NULL ? unknown : &nothing, true, c->line, f);
}

int
config_resource_terraform(struct config_file *file, const char *type,
    const char *address, const struct node *body, struct fault *f)
{
	const struct resource_type *t = terraform_type(type);

	if (t != NULL)
		return put_resource(
		    file, t, address, body, NULL, true, body->line, f);
	not_judged(file, terraform_plain, type, body->line);
	return 0;
}

static int
read_terraform(
    struct config_file *file, const struct node *root, struct fault *f)
{
	const struct node *list = config_maps(
	    file, node_get(root, "resource_changes"), "resource_changes");
	int rc = 0;

	for (size_t i = 0; rc == 0 && list != NULL && i < list->n; i++)
		rc = put_change(file, list->items[i], f);
	return rc;
}

static bool
is_terraform(const struct node *root)
{
	return node_get(root, "format_version") != NULL &&
	       node_get(root, "terraform_version") != NULL &&
	       (node_get(root, "resource_changes") != NULL ||
		   node_get(root, "planned_values") != NULL);
}

extern const struct config_type config_terraform; /* in config_type.c */

const struct config_type config_terraform = {
	.name = "terraform-plan",
	.is = is_terraform,
	.read = read_terraform,
};

/* ---------------------------------------------------------- CloudFormation */

static const struct resource_type *
cloudformation_type(const char *name)
{
	for (size_t i = 0; name != NULL && i < NTYPES; i++)
		if (strcmp(types[i].cloudformation, name) == 0)
			return &types[i];
	return NULL;
}

static int
read_cloudformation(
    struct config_file *file, const struct node *root, struct fault *f)
{
	const struct node *map = node_get(root, "Resources");
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < map->n; i++) {
		const struct node *r = map->items[i];
		const struct resource_type *t =
		    cloudformation_type(node_text(node_get(r, "Type")));

		if (t != NULL)
			rc = put_resource(file, t, map->keys[i]->text,
			    node_get(r, "Properties"), NULL, false,
			    map->keys[i]->line, f);
		else
			not_judged(file, cloudformation_plain,
			    node_text(node_get(r, "Type")), map->keys[i]->line);
	}
	return rc;
}

static bool
is_cloudformation(const struct node *root)
{
	const struct node *map = node_get(root, "Resources");

	if (map == NULL || map->type != NODE_MAP)
		return false;
	if (node_get(root, "AWSTemplateFormatVersion") != NULL)
		return true;
	for (size_t i = 0; i < map->n; i++) {
		const char *t = node_text(node_get(map->items[i], "Type"));

		if (t != NULL && strncmp(t, "AWS::", 5) == 0)
			return true;
	}
	return false;
}

extern const struct config_type config_cloudformation; /* in config_type.c */

const struct config_type config_cloudformation = {
	.name = "cloudformation",
	.is = is_cloudformation,
	.read = read_cloudformation,
};
