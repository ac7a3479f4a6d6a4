/*
 * What exhibit keeps of EKS clusters. A column whose source begins with a dot
 * is read from that place of the answer (EKS API reference); the others are
 * made by calls_eks.c. The configuration of an add-on is never kept.
 */
#include "collector/aws/aws_kinds.h"

#include "collector/kit/columns.h"

static const struct column cluster_columns[] = {
	{ "auth_mode", T, ".accessConfig.authenticationMode",
	    "API, API_AND_CONFIG_MAP, CONFIG_MAP" },
	{ "auto_mode", B, ".computeConfig.enabled", "EKS Auto Mode" },
	{ "creator_admin", B,
	    ".accessConfig.bootstrapClusterCreatorAdminPermissions",
	    "whoever made it became an administrator" },
	{ "deletion_protection", B, ".deletionProtection",
	    "it cannot be deleted by one call" },
	{ "endpoint", T, ".endpoint", "its API server" },
	{ "health", J, ".health.issues[].code", "what EKS says is wrong" },
	{ "logs", J, ".logging.clusterLogging[] enabled",
	    "types of control-plane logs that are on" },
	{ "oidc_issuer", T, ".identity.oidc.issuer",
	    "issuer of its service account tokens" },
	{ "platform_version", T, ".platformVersion", "eks.N" },
	{ "private_access", B, ".resourcesVpcConfig.endpointPrivateAccess",
	    "the API server is reachable within the VPC" },
	{ "public_access", B, ".resourcesVpcConfig.endpointPublicAccess",
	    "and from the internet" },
	{ "public_cidrs", J, ".resourcesVpcConfig.publicAccessCidrs",
	    "from these addresses; empty or null: from all" },
	{ "role", T, ".roleArn", "IAM role of the control plane" },
	{ "secrets_key", T, ".encryptionConfig[].provider.keyArn of secrets",
	    "own KMS key of the envelope; null: AWS's" },
	{ "security_groups", J,
	    ".resourcesVpcConfig.securityGroupIds, .clusterSecurityGroupId",
	    "of the control plane" },
	{ "status", T, ".status", "ACTIVE, ..." },
	{ "subnets", J, ".resourcesVpcConfig.subnetIds", "keys of aws.subnet" },
	{ "support", T, ".upgradePolicy.supportType", "STANDARD or EXTENDED" },
	{ "version", T, ".version", "Kubernetes version" },
	{ "vpc", T, ".resourcesVpcConfig.vpcId", "its VPC" },
	END,
};
const struct kind aws_eks_cluster_kind = { "aws.eks_cluster", "an EKS cluster",
	"its name", "eks:ListClusters, eks:DescribeCluster", cluster_columns };

static const struct column nodegroup_columns[] = {
	{ "ami_type", T, ".amiType", "what image EKS gives its nodes" },
	{ "autoscaling_groups", J, ".resources.autoScalingGroups[].name",
	    "keys of aws.autoscaling_group" },
	{ "capacity_type", T, ".capacityType", "ON_DEMAND, SPOT, ..." },
	{ "cluster", T, ".clusterName", "key of aws.eks_cluster" },
	{ "health", J, ".health.issues[].code", "what EKS says is wrong" },
	{ "instance_types", J, ".instanceTypes",
	    "empty: the launch template says" },
	{ "launch_template", T, ".launchTemplate.id",
	    "its own launch template; null: EKS made one" },
	{ "launch_template_version", T, ".launchTemplate.version",
	    "and which version of it" },
	{ "name", T, ".nodegroupName", "its name" },
	{ "release_version", T, ".releaseVersion",
	    "release of the image, or its id" },
	{ "role", T, ".nodeRole", "IAM role of its nodes" },
	{ "ssh_key", T, ".remoteAccess.ec2SshKey",
	    "key pair that may log in; null: none" },
	{ "ssh_sources", J, ".remoteAccess.sourceSecurityGroups",
	    "from where; empty: from everywhere" },
	{ "status", T, ".status", "ACTIVE, ..." },
	{ "subnets", J, ".subnets", "keys of aws.subnet" },
	{ "version", T, ".version", "Kubernetes version" },
	END,
};
const struct kind aws_eks_nodegroup_kind = { "aws.eks_nodegroup",
	"a managed node group", "CLUSTER/NAME",
	"eks:ListNodegroups, eks:DescribeNodegroup", nodegroup_columns };

static const struct column addon_columns[] = {
	{ "cluster", T, ".clusterName", "key of aws.eks_cluster" },
	{ "health", J, ".health.issues[].code", "what EKS says is wrong" },
	{ "name", T, ".addonName", "its name" },
	{ "pod_identity", B, ".podIdentityAssociations",
	    "it has its role by Pod Identity" },
	{ "role", T, ".serviceAccountRoleArn", "its role (IRSA)" },
	{ "status", T, ".status", "ACTIVE, DEGRADED, ..." },
	{ "version", T, ".addonVersion", "its version" },
	END,
};
const struct kind aws_eks_addon_kind = { "aws.eks_addon", "an EKS add-on",
	"CLUSTER/NAME", "eks:ListAddons, eks:DescribeAddon", addon_columns };

static const struct column access_entry_columns[] = {
	{ "cluster", T, ".clusterName", "key of aws.eks_cluster" },
	{ "groups", J, ".kubernetesGroups", "RBAC groups it is in" },
	{ "policies", J, ".policies.associatedAccessPolicies[]",
	    "policy (its name), scope (cluster or namespace) and namespaces "
	    "of each; they grant beside RBAC" },
	{ "principal", T, ".principalArn", "IAM role or user" },
	{ "type", T, ".type", "STANDARD, EC2_LINUX, ..." },
	{ "unread", J, "parts", "parts that could not be read, and why" },
	{ "username", T, ".username", "RBAC user it is" },
	END,
};
const struct kind aws_eks_access_entry_kind = { "aws.eks_access_entry",
	"an EKS access entry: who of IAM may do what in a cluster",
	"CLUSTER/PRINCIPAL",
	"eks:ListAccessEntries, eks:DescribeAccessEntry, "
	"eks:ListAssociatedAccessPolicies",
	access_entry_columns };

static const struct column pod_identity_columns[] = {
	{ "cluster", T, ".clusterName", "key of aws.eks_cluster" },
	{ "namespace", T, ".namespace", "of the service account" },
	{ "role", T, ".roleArn", "IAM role its pods get" },
	{ "service_account", T, ".serviceAccount", "its name" },
	{ "session_tags_off", B, ".disableSessionTags",
	    "sessions do not say which pod they are of" },
	{ "target_role", T, ".targetRoleArn", "role they go on to" },
	END,
};
const struct kind aws_eks_pod_identity_kind = { "aws.eks_pod_identity",
	"an EKS Pod Identity association", "CLUSTER/ID",
	"eks:ListPodIdentityAssociations, eks:DescribePodIdentityAssociation",
	pod_identity_columns };
