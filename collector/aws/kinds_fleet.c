/*
 * What exhibit keeps of instances, their images, disks and networks. A column
 * whose source begins with a dot is read from that place of the item as EC2
 * answers it (API reference 2016-11-15); the others are made by calls_fleet.c.
 * Of user data only findings from a fixed list are kept, never its text.
 */
#include "collector/aws/aws_kinds.h"

#include "collector/kit/columns.h"

static const struct column instance_columns[] = {
	{ "architecture", T, ".architecture", "x86_64 or arm64" },
	{ "autoscaling_group", T, "tag aws:autoscaling:groupName",
	    "Auto Scaling group that started it" },
	{ "cluster", T, "tag eks:cluster-name, kubernetes.io/cluster/NAME",
	    "cluster its tags name" },
	{ "enclave", B, ".enclaveOptions.enabled", "may run Nitro enclaves" },
	{ "hop_limit", I, ".metadataOptions.httpPutResponseHopLimit",
	    "1: no container behind a bridge gets a metadata token" },
	{ "http_tokens", T, ".metadataOptions.httpTokens",
	    "required: instance metadata by session token only (IMDSv2)" },
	{ "image_id", T, ".imageId", "image it was started from" },
	{ "imds", T, ".metadataOptions.httpEndpoint",
	    "enabled or disabled: the instance metadata service" },
	{ "instance_profile", T, ".iamInstanceProfile.arn",
	    "its instance profile" },
	{ "instance_type", T, ".instanceType", "key of aws.instance_type" },
	{ "launch_template", T, "tag aws:ec2launchtemplate:id",
	    "launch template it was started by" },
	{ "launch_template_version", T, "tag aws:ec2launchtemplate:version",
	    "and which version of it" },
	{ "name", T, "tag Name", "what its people call it" },
	{ "node_group", T, "tag eks:nodegroup-name", "EKS node group" },
	{ "node_pool", T, "tag karpenter.sh/nodepool", "Karpenter node pool" },
	{ "platform", T, ".platformDetails", "as it is billed" },
	{ "private_dns", T, ".privateDnsName", "its private name" },
	{ "public_ip", T, ".ipAddress", "its public address, null: none" },
	{ "state", T, ".instanceState.name",
	    "pending, running, stopping, stopped; those that ended are not "
	    "asked for" },
	{ "subnet", T, ".subnetId", "key of aws.subnet" },
	{ "tpm", T, ".tpmSupport", "v2.0: it has a NitroTPM" },
	{ "volumes", J, ".blockDeviceMapping[].ebs.volumeId",
	    "keys of aws.volume" },
	{ "vpc", T, ".vpcId", "its VPC" },
	{ "zone", T, ".placement.availabilityZone", "availability zone" },
	END,
};
const struct kind aws_instance_kind = { "aws.instance",
	"an EC2 instance that has not ended", "instance id",
	"ec2:DescribeInstances", instance_columns };

static const struct column image_columns[] = {
	{ "architecture", T, ".architecture", "x86_64 or arm64" },
	{ "boot_mode", T, ".bootMode", "uefi, legacy-bios, uefi-preferred" },
	{ "created", T, ".creationDate", "when it was made" },
	{ "deprecated", T, ".deprecationTime",
	    "from when on it is deprecated" },
	{ "imds", T, ".imdsSupport",
	    "v2.0: instances of it require session tokens by default" },
	{ "name", T, ".name", "whoever owns it wrote this" },
	{ "owner", T, ".imageOwnerId", "account that owns it" },
	{ "owner_alias", T, ".imageOwnerAlias",
	    "amazon or aws-marketplace, set by AWS; null: another account" },
	{ "platform", T, ".platformDetails", "as it is billed" },
	{ "public", B, ".isPublic", "every account may use it" },
	{ "source_image", T, ".sourceImageId", "image it was copied from" },
	{ "source_instance", T, ".sourceInstanceId",
	    "instance it was made of; null: none" },
	{ "state", T, ".imageState", "available, ..." },
	{ "tpm", T, ".tpmSupport", "v2.0: instances of it have a NitroTPM" },
	{ "volumes", J, ".blockDeviceMapping[].ebs",
	    "device, encrypted, kms_key and snapshot of each" },
	END,
};
const struct kind aws_image_kind = { "aws.image",
	"an image that something uses; absent: it was deregistered, or is "
	"shared with this account no more",
	"image id", "ec2:DescribeImages", image_columns };

static const struct column instance_type_columns[] = {
	{ "architectures", J, ".processorInfo.supportedArchitectures[]",
	    "machines" },
	{ "bare_metal", B, ".bareMetal", "it runs without a hypervisor" },
	{ "current", B, ".currentGeneration", "AWS still recommends it" },
	{ "ebs_encryption", T, ".ebsInfo.encryptionSupport",
	    "supported or unsupported" },
	{ "encryption_in_transit", B,
	    ".networkInfo.encryptionInTransitSupported",
	    "traffic between such instances is encrypted by the hardware" },
	{ "hypervisor", T, ".hypervisor", "nitro or xen; null for bare metal" },
	{ "nitro_enclaves", T, ".nitroEnclavesSupport",
	    "supported or unsupported" },
	{ "nitro_tpm", T, ".nitroTpmSupport", "supported or unsupported" },
	END,
};
const struct kind aws_instance_type_kind = { "aws.instance_type",
	"an instance type that something uses", "instance type",
	"ec2:DescribeInstanceTypes", instance_type_columns };

static const struct column volume_columns[] = {
	{ "encrypted", B, ".encrypted", "its blocks are encrypted" },
	{ "instances", J, ".attachmentSet[].instanceId",
	    "what it is attached to" },
	{ "kms_key", T, ".kmsKeyId", "KMS key" },
	{ "persistent_volume", T, "tag kubernetes.io/created-for/pv/name",
	    "Kubernetes volume it was made for" },
	{ "snapshot", T, ".snapshotId", "what it was made of" },
	{ "state", T, ".status", "in-use, available, ..." },
	{ "type", T, ".volumeType", "gp3, io2, ..." },
	END,
};
const struct kind aws_volume_kind = { "aws.volume", "an EBS volume",
	"volume id", "ec2:DescribeVolumes", volume_columns };

static const struct column ebs_default_columns[] = {
	{ "encrypted", B, ".ebsEncryptionByDefault",
	    "new volumes of the region are encrypted" },
	{ "kms_key", T, ".key.kmsKeyId", "with this key by default" },
	{ "unread", J, "parts", "parts that could not be read, and why" },
	END,
};
const struct kind aws_ebs_default_kind = { "aws.ebs_default",
	"encryption of new EBS volumes in the region", "\"ebs\"",
	"ec2:GetEbsEncryptionByDefault, ec2:GetEbsDefaultKmsKeyId",
	ebs_default_columns };

static const struct column launch_template_columns[] = {
	{ "default_version", B, ".defaultVersion",
	    "used where no version is named" },
	{ "hop_limit", I,
	    ".launchTemplateData.metadataOptions.httpPutResponseHopLimit",
	    "null: the image or the account decides" },
	{ "http_tokens", T, ".launchTemplateData.metadataOptions.httpTokens",
	    "required, optional; null: the image or the account decides" },
	{ "image", T, ".launchTemplateData.imageId",
	    "image id, or resolve:ssm:PARAMETER; null: given elsewhere" },
	{ "imds", T, ".launchTemplateData.metadataOptions.httpEndpoint",
	    "enabled or disabled" },
	{ "instance_profile", T, "launchTemplateData.iamInstanceProfile",
	    "ARN or name" },
	{ "instance_type", T, ".launchTemplateData.instanceType",
	    "null: given elsewhere" },
	{ "name", T, ".launchTemplateName", "its name" },
	{ "public_ip", B,
	    "launchTemplateData.networkInterfaceSet[]"
	    ".associatePublicIpAddress",
	    "some interface gets a public address" },
	{ "template", T, ".launchTemplateId", "its id" },
	{ "user_data", T, "launchTemplateData.userData",
	    "what it is: bottlerocket, nodeconfig, cloud-config, script, mime, "
	    "other; null: none; unreadable" },
	{ "user_data_findings", J, "launchTemplateData.userData",
	    "words from a fixed list: admin-container, bootstrap, "
	    "endpoint-url, fips-endpoint-off, fips-endpoint-on, fips-off, "
	    "fips-on, reboot" },
	{ "version", I, ".versionNumber", "version" },
	{ "volumes", J, ".launchTemplateData.blockDeviceMappingSet[].ebs",
	    "device, encrypted and kms_key of each; encrypted is left out "
	    "where it is not stated" },
	END,
};
const struct kind aws_launch_template_kind = { "aws.launch_template",
	"a version of a launch template that is in use, the default or the "
	"latest; its user data is never kept",
	"launch template id/version", "ec2:DescribeLaunchTemplateVersions",
	launch_template_columns };

static const struct column subnet_columns[] = {
	{ "cidr", T, ".cidrBlock", "addresses" },
	{ "public_ips", B, ".mapPublicIpOnLaunch",
	    "instances in it get public addresses" },
	{ "vpc", T, ".vpcId", "its VPC" },
	{ "zone", T, ".availabilityZone", "availability zone" },
	END,
};
const struct kind aws_subnet_kind = { "aws.subnet", "a subnet", "subnet id",
	"ec2:DescribeSubnets", subnet_columns };

static const struct column route_table_columns[] = {
	{ "main", B, ".associationSet[].main",
	    "it is that of subnets that name none" },
	{ "routes", J, ".routeSet[]", "to and via of each that is active" },
	{ "subnets", J, ".associationSet[].subnetId", "subnets that name it" },
	{ "vpc", T, ".vpcId", "its VPC" },
	END,
};
const struct kind aws_route_table_kind = { "aws.route_table", "a route table",
	"route table id", "ec2:DescribeRouteTables", route_table_columns };

static const struct column vpc_endpoint_columns[] = {
	{ "private_dns", B, ".privateDnsEnabled",
	    "the service's own name leads to it within the VPC" },
	{ "service", T, ".serviceName", "com.amazonaws.REGION.SERVICE" },
	{ "state", T, ".state", "available, ..." },
	{ "subnets", J, ".subnetIdSet", "subnets it is in" },
	{ "type", T, ".vpcEndpointType", "Interface, Gateway, ..." },
	{ "vpc", T, ".vpcId", "its VPC" },
	END,
};
const struct kind aws_vpc_endpoint_kind = { "aws.vpc_endpoint",
	"a VPC endpoint", "VPC endpoint id", "ec2:DescribeVpcEndpoints",
	vpc_endpoint_columns };

static const struct column flow_log_columns[] = {
	{ "delivery", T, ".deliverLogsStatus", "SUCCESS or FAILED" },
	{ "destination", T, ".logDestination", "ARN of where it goes" },
	{ "destination_type", T, ".logDestinationType",
	    "cloud-watch-logs, s3, kinesis-data-firehose" },
	{ "log_group", T, ".logGroupName", "log group" },
	{ "resource", T, ".resourceId", "VPC, subnet or interface" },
	{ "status", T, ".flowLogStatus", "ACTIVE" },
	{ "traffic", T, ".trafficType", "ACCEPT, REJECT or ALL" },
	END,
};
const struct kind aws_flow_log_kind = { "aws.flow_log", "a VPC flow log",
	"flow log id", "ec2:DescribeFlowLogs", flow_log_columns };

static const struct column ami_parameter_columns[] = {
	{ "architecture", T, "its name", "x86_64 or arm64" },
	{ "family", T, "its name",
	    "bottlerocket, al2023, al2, ubuntu, ubuntu-pro" },
	{ "fips", B, "its name", "its variant is a FIPS flavour" },
	{ "image_id", T, ".Value", "image it names now" },
	{ "kubernetes", T, "its name", "Kubernetes version" },
	{ "release", T, "its name",
	    "latest, or the release of the operating system" },
	{ "variant", T, "its name",
	    "aws-k8s-1.36-fips, amazon-linux-2023/standard, ..." },
	END,
};
const struct kind aws_ami_parameter_kind = { "aws.ami_parameter",
	"a public SSM parameter in which AWS or Canonical names an image; "
	"absent: there is no such image",
	"parameter name", "ssm:GetParameters", ami_parameter_columns };

static const struct column autoscaling_group_columns[] = {
	{ "cluster", T, "tag eks:cluster-name, kubernetes.io/cluster/NAME",
	    "cluster its tags name" },
	{ "instances", J, ".Instances[].InstanceId", "its instances" },
	{ "launch_configuration", T, ".LaunchConfigurationName",
	    "the older kind of template" },
	{ "launch_template", T, ".LaunchTemplate or .MixedInstancesPolicy",
	    "launch template id" },
	{ "launch_template_version", T,
	    ".LaunchTemplate or .MixedInstancesPolicy",
	    "a number, $Default or $Latest; null: $Default" },
	{ "node_group", T, "tag eks:nodegroup-name", "EKS node group" },
	{ "subnets", J, ".VPCZoneIdentifier", "where it starts instances" },
	END,
};
const struct kind aws_autoscaling_group_kind = { "aws.autoscaling_group",
	"an Auto Scaling group", "its name",
	"autoscaling:DescribeAutoScalingGroups", autoscaling_group_columns };
