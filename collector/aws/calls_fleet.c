/*
 * Instances, what they were started from and what holds their data: EC2 API
 * reference 2016-11-15, EC2 Auto Scaling 2011-01-01.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/aws/ami_parameter.h"
#include "collector/aws/aws_kinds.h"
#include "collector/aws/calls.h"
#include "collector/aws/fill.h"
#include "collector/aws/services.h"
#include "collector/aws/userdata.h"

/* ---- instances ---- */

static void
fill_instance(const struct aws_item *i, struct attrs *a)
{
	const json_t *tags = json_object_get(i->tree, "tagSet");

#define TAG(s) tag_value(tags, "key", "value", s)
	attrs_str(a, "autoscaling_group", TAG("aws:autoscaling:groupName"));
	attrs_str(a, "cluster", tag_cluster(tags, "key", "value"));
	attrs_str(a, "launch_template", TAG("aws:ec2launchtemplate:id"));
	attrs_str(
	    a, "launch_template_version", TAG("aws:ec2launchtemplate:version"));
	attrs_str(a, "name", TAG("Name"));
	attrs_str(a, "node_group", TAG("eks:nodegroup-name"));
	attrs_str(a, "node_pool", TAG("karpenter.sh/nodepool"));
#undef TAG
	attrs_json(a, "volumes",
	    sorted_texts(i->tree, ".blockDeviceMapping[].ebs.volumeId", a));
}

/* Those that ended stay in the list for an hour, and mean nothing. */
static const struct aws_input instance_input[] = {
	{ "Filter.1.Name", NULL, "instance-state-name" },
	{ "Filter.1.Value.1", NULL, "pending" },
	{ "Filter.1.Value.2", NULL, "running" },
	{ "Filter.1.Value.3", NULL, "stopping" },
	{ "Filter.1.Value.4", NULL, "stopped" },
	{ NULL, NULL, NULL },
};
static const struct aws_gather instance_gathers[] = {
	{ "image", ".imageId" },
	{ "instance_type", ".instanceType" },
	{ NULL, NULL },
};
static const struct aws_call describe_instances = {
	.kind = &aws_instance_kind,
	.service = &aws_ec2,
	.operation = "DescribeInstances",
	.input = instance_input,
	.items = ".reservationSet[].instancesSet[]",
	.lists = "tagSet",
	.pager = { ".nextToken", "NextToken", "MaxResults", 1000, NULL, 0 },
	.key = ".instanceId",
	.gathers = instance_gathers,
	.fill = fill_instance,
	.must = ".instanceId=like:i- .imageId=like:ami- .instanceType=name "
		".instanceState.name=name .vpcId=like:vpc-? "
		".subnetId=like:subnet-?",
};

/* ---- launch templates ---- */

static json_t *
volumes_of(const json_t *mappings, struct attrs *a, bool snapshots)
{
	json_t *out = json_array(), *v;
	size_t i;

	json_array_foreach ((json_t *)mappings, i, v) {
		const json_t *ebs = json_object_get(v, "ebs");
		const char *encrypted = path_text(ebs, ".encrypted");
		json_t *one;

		if (!json_is_object(ebs))
			continue;
		one = json_object();
		put_text(a, one, "device", path_text(v, ".deviceName"));
		put_text(a, one, "kms_key", path_text(ebs, ".kmsKeyId"));
		if (snapshots)
			put_text(
			    a, one, "snapshot", path_text(ebs, ".snapshotId"));
		if (encrypted != NULL)
			put(a, one, "encrypted",
			    json_boolean(strcmp(encrypted, "true") == 0));
		add(a, out, one);
	}
	return out;
}

static void
fill_user_data(const json_t *v, struct attrs *a)
{
	const char *base64 = json_string_value(v);
	json_t *findings = json_array();
	struct user_data u = { 0 };

	if (base64 != NULL && base64[0] != '\0')
		user_data_read(base64, strlen(base64), &u);
	else if (base64 == NULL && v != NULL)
		u.form = "unreadable";
	for (int i = 0; i < NFINDINGS; i++)
		if (u.found[i])
			add_text(a, findings,
			    user_data_word((enum user_data_finding)i));
	attrs_str(a, "user_data", u.form);
	attrs_json(a, "user_data_findings", findings);
}

static void
fill_launch_template(const struct aws_item *i, struct attrs *a)
{
	const json_t *data = json_object_get(i->tree, "launchTemplateData"), *v;
	const char *image = path_text(data, ".imageId");
	const char *arn = path_text(data, ".iamInstanceProfile.arn");
	json_t *one;
	size_t n;

	if (image != NULL && strncmp(image, "ami-", 4) == 0 &&
	    aws_gather_id(i, "image", image) == -1)
		a->failed = true;
	attrs_str(a, "instance_profile",
	    arn != NULL ? arn : path_text(data, ".iamInstanceProfile.name"));
	attrs_json(a, "public_ip", json_null());
	v = json_object_get(data, "networkInterfaceSet");
	json_array_foreach ((json_t *)v, n, one) {
		const char *ip = path_text(one, ".associatePublicIpAddress");

		if (ip != NULL)
			attrs_bool(a, "public_ip", strcmp(ip, "true") == 0);
		if (ip != NULL && strcmp(ip, "true") == 0)
			break;
	}
	attrs_json(a, "volumes",
	    volumes_of(
		json_object_get(data, "blockDeviceMappingSet"), a, false));
	fill_user_data(json_object_get(data, "userData"), a);
}

/* fill_launch_template() gathers: an image may be a parameter's name too. */
static const struct aws_gather template_gathers[] = {
	{ "image", ".gathered-by-fill" },
	{ NULL, NULL },
};
#define TEMPLATE_CALL                                                          \
	.kind = &aws_launch_template_kind, .service = &aws_ec2,                \
	.operation = "DescribeLaunchTemplateVersions",                         \
	.items = ".launchTemplateVersionSet[]",                                \
	.lists = "blockDeviceMappingSet networkInterfaceSet",                  \
	.pager = { ".nextToken", "NextToken", "MaxResults", 200, NULL, 0 },    \
	.key = ".launchTemplateId .versionNumber",                             \
	.gathers = template_gathers, .fill = fill_launch_template,             \
	.must = ".launchTemplateId=like:lt- .versionNumber=number "            \
		".launchTemplateData=object "                                  \
		".launchTemplateData.blockDeviceMappingSet[].ebs."             \
		"kmsKeyId=key?"

/* Of every template; without naming one, these two words are allowed. */
static const struct aws_input template_input[] = {
	{ "LaunchTemplateVersion.1", NULL, "$Latest" },
	{ "LaunchTemplateVersion.2", NULL, "$Default" },
	{ NULL, NULL, NULL },
};
static const struct aws_call describe_templates = {
	TEMPLATE_CALL,
	.input = template_input,
};

/* Versions in use that are neither. */
static const struct aws_input nodegroup_template_input[] = {
	{ "LaunchTemplateId", ".launchTemplate.id", NULL },
	{ "LaunchTemplateVersion.1", ".launchTemplate.version", NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call describe_nodegroup_templates = {
	TEMPLATE_CALL,
	.each = &aws_describe_nodegroup,
	.input = nodegroup_template_input,
	.absent = "InvalidLaunchTemplateId.NotFound "
		  "InvalidLaunchTemplateId.VersionNotFound",
};

/* ---- Auto Scaling groups ---- */

#define MIXED ".MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification"

static void
fill_group(const struct aws_item *i, struct attrs *a)
{
	const json_t *tags = json_object_get(i->tree, "Tags");
	const json_t *template = path_value(i->tree, MIXED);
	const char *zones = path_text(i->tree, ".VPCZoneIdentifier");
	json_t *subnets = json_array();

	if (template == NULL)
		template = json_object_get(i->tree, "LaunchTemplate");
	for (const char *p = zones; p != NULL && *p != '\0';) {
		size_t len = strcspn(p, ",");

		if (len > 0)
			add(a, subnets, json_text(p, len));
		p += len + (p[len] == ',');
	}
	attrs_str(a, "cluster", tag_cluster(tags, "Key", "Value"));
	attrs_str(a, "node_group",
	    tag_value(tags, "Key", "Value", "eks:nodegroup-name"));
	attrs_json(a, "instances",
	    sorted_texts(i->tree, ".Instances[].InstanceId", a));
	attrs_str(
	    a, "launch_template", path_text(template, ".LaunchTemplateId"));
	attrs_str(
	    a, "launch_template_version", path_text(template, ".Version"));
	attrs_json(a, "subnets", subnets);
}

static const struct aws_call describe_groups = {
	.kind = &aws_autoscaling_group_kind,
	.service = &aws_autoscaling,
	.operation = "DescribeAutoScalingGroups",
	.items = ".AutoScalingGroups[]",
	.lists = "Tags",
	.pager = { ".NextToken", "NextToken", "MaxRecords", 100, NULL, 0 },
	.key = ".AutoScalingGroupName",
	.fill = fill_group,
	.must = ".AutoScalingGroupName=text .Instances[].InstanceId=like:i- "
		".Instances[]=object",
};
static const struct aws_input group_template_input[] = {
	{ "LaunchTemplateId", ".LaunchTemplate.LaunchTemplateId", NULL },
	{ "LaunchTemplateVersion.1", ".LaunchTemplate.Version", NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call describe_group_templates = {
	TEMPLATE_CALL,
	.each = &describe_groups,
	.input = group_template_input,
	.absent = "InvalidLaunchTemplateId.NotFound "
		  "InvalidLaunchTemplateId.VersionNotFound",
};
static const struct aws_input mixed_template_input[] = {
	{ "LaunchTemplateId", MIXED ".LaunchTemplateId", NULL },
	{ "LaunchTemplateVersion.1", MIXED ".Version", NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call describe_mixed_templates = {
	TEMPLATE_CALL,
	.each = &describe_groups,
	.input = mixed_template_input,
	.absent = "InvalidLaunchTemplateId.NotFound "
		  "InvalidLaunchTemplateId.VersionNotFound",
};

/* ---- images, and the parameters that name them ---- */

static void
fill_image(const struct aws_item *i, struct attrs *a)
{
	const char *name = path_text(i->tree, ".name");
	char parameter[AMI_PARAMETER_MAX];

	for (size_t n = 0;
	     name != NULL && ami_parameter_pinned(name, n, parameter); n++)
		if (aws_gather_id(i, "ami_parameter", parameter) == -1)
			a->failed = true;
	attrs_json(a, "volumes",
	    volumes_of(
		json_object_get(i->tree, "blockDeviceMapping"), a, true));
}

/* By filter: a list of ids would be refused whole for one that is gone. */
static const struct aws_input image_input[] = {
	{ "Filter.1.Name", NULL, "image-id" },
	{ "Filter.1.Value.#", ".", NULL },
	{ "IncludeDeprecated", NULL, "true" },
	{ "IncludeDisabled", NULL, "true" },
	{ NULL, NULL, NULL },
};
static const struct aws_gather parameter_gathers[] = {
	{ "ami_parameter", ".gathered-by-fill" },
	{ NULL, NULL },
};
static const struct aws_call describe_images = {
	.kind = &aws_image_kind,
	.service = &aws_ec2,
	.operation = "DescribeImages",
	.input = image_input,
	.items = ".imagesSet[]",
	.lists = "blockDeviceMapping",
	.key = ".imageId",
	.set = "image",
	.batch = 100,
	.batch_key = ".imageId",
	.missing = true,
	.gathers = parameter_gathers,
	.fill = fill_image,
	.must = ".imageId=like:ami- .imageOwnerId=account .name=text",
};

static void
fill_parameter(const struct aws_item *i, struct attrs *a)
{
	const char *name = path_text(i->tree, ".Name");
	struct ami_parameter p;

	if (name == NULL || !ami_parameter_read(name, &p))
		return;
	attrs_str(a, "architecture", p.architecture);
	attrs_str(a, "family", p.family);
	attrs_bool(a, "fips", p.fips);
	attrs_str(a, "kubernetes", p.kubernetes);
	attrs_str(a, "release", p.release);
	attrs_str(a, "variant", p.variant);
}

static const struct aws_input parameter_input[] = {
	{ "Names[]", ".", NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call get_parameters = {
	.kind = &aws_ami_parameter_kind,
	.service = &aws_ssm,
	.operation = "GetParameters",
	.input = parameter_input,
	.items = ".Parameters[]",
	.key = ".Name",
	.set = "ami_parameter",
	.batch = 10,
	.batch_key = ".Name",
	.missing = true,
	.fill = fill_parameter,
	.must = ".Name=name .Value=like:ami-",
	.answer = ".InvalidParameters[]=text",
	.gone = ".InvalidParameters[]",
};

/* ---- instance types, disks ---- */

static const struct aws_input type_input[] = {
	{ "Filter.1.Name", NULL, "instance-type" },
	{ "Filter.1.Value.#", ".", NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call describe_types = {
	.kind = &aws_instance_type_kind,
	.service = &aws_ec2,
	.operation = "DescribeInstanceTypes",
	.input = type_input,
	.items = ".instanceTypeSet[]",
	.pager = { ".nextToken", "NextToken", NULL, 0, NULL, 0 },
	.key = ".instanceType",
	.set = "instance_type",
	.batch = 100,
	.batch_key = ".instanceType",
	.missing = true,
	.must = ".instanceType=name",
};

static void
fill_volume(const struct aws_item *i, struct attrs *a)
{
	attrs_json(a, "instances",
	    sorted_texts(i->tree, ".attachmentSet[].instanceId", a));
	attrs_str(a, "persistent_volume",
	    tag_value(json_object_get(i->tree, "tagSet"), "key", "value",
		"kubernetes.io/created-for/pv/name"));
}

static const struct aws_call describe_volumes = {
	.kind = &aws_volume_kind,
	.service = &aws_ec2,
	.operation = "DescribeVolumes",
	.items = ".volumeSet[]",
	.lists = "tagSet",
	.pager = { ".nextToken", "NextToken", "MaxResults", 500, NULL, 0 },
	.key = ".volumeId",
	.fill = fill_volume,
	.must = ".volumeId=like:vol- .encrypted=flag? .kmsKeyId=key?",
};

static const struct aws_call get_ebs_default = {
	.kind = &aws_ebs_default_kind,
	.service = &aws_ec2,
	.operation = "GetEbsEncryptionByDefault",
	.key = "ebs",
	.must = ".ebsEncryptionByDefault=flag",
};
static const struct aws_call get_ebs_key = {
	.service = &aws_ec2,
	.operation = "GetEbsDefaultKmsKeyId",
	.each = &get_ebs_default,
	.into = "key",
	.must = ".kmsKeyId=key",
};

const struct aws_call *const aws_fleet_calls[] = {
	&describe_instances,
	&describe_templates,
	&describe_nodegroup_templates,
	&describe_groups,
	&describe_group_templates,
	&describe_mixed_templates,
	&describe_images,
	&get_parameters,
	&describe_types,
	&describe_volumes,
	&get_ebs_default,
	&get_ebs_key,
	NULL,
};
