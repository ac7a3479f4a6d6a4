# Instances, images, node groups and IAM, good and bad. What moto does not have
# (add-ons, access entries, Pod Identity, public parameters) the project's own
# server has.

ec2() { query ec2 2016-11-15 "$@"; }
iam() { query iam 2010-05-08 "$@"; }

# ---- a network: private and public subnets ----

vpc=$(ec2 Action=CreateVpc CidrBlock=10.9.0.0/16 | element vpcId)
called "$vpc" vpc
subnet() { # NAME CIDR
	id=$(ec2 Action=CreateSubnet "VpcId=$vpc" "CidrBlock=$2" | element subnetId)
	called "$id" "$1"
	echo "$id"
}
private=$(subnet private 10.9.1.0/24)
public=$(subnet public 10.9.2.0/24)
ec2 Action=ModifySubnetAttribute "SubnetId=$public" \
	MapPublicIpOnLaunch.Value=true >/dev/null
gateway=$(ec2 Action=CreateInternetGateway | element internetGatewayId)
ec2 Action=AttachInternetGateway "VpcId=$vpc" "InternetGatewayId=$gateway" >/dev/null
table=$(ec2 Action=CreateRouteTable "VpcId=$vpc" | element routeTableId)
ec2 Action=CreateRoute "RouteTableId=$table" DestinationCidrBlock=0.0.0.0/0 \
	"GatewayId=$gateway" >/dev/null
ec2 Action=AssociateRouteTable "RouteTableId=$table" "SubnetId=$public" >/dev/null
ec2 Action=CreateVpcEndpoint "VpcId=$vpc" VpcEndpointType=Interface \
	ServiceName=com.amazonaws.us-east-1.ecr.dkr "SubnetId.1=$private" >/dev/null

# ---- images: RegisterImage makes them the account's own ----

image() { # NAME
	ec2 Action=RegisterImage "Name=$1" Architecture=x86_64 | element imageId
}
fake=$(image bottlerocket-aws-k8s-1.36-fips-x86_64-v1.62.0-abcdef01)
recipe=$(image amazon-eks-al2023-fips-node-1.36-v20261101)
gone=$(image soon-gone)
called "$fake" ami-fake
called "$recipe" ami-recipe
called "$gone" ami-gone

# ---- launch templates ----

# #!/bin/bash, fips-mode-setup --enable, reboot
script=IyEvYmluL2Jhc2gKZmlwcy1tb2RlLXNldHVwIC0tZW5hYmxlCnJlYm9vdAo=
template=$(ec2 Action=CreateLaunchTemplate LaunchTemplateName=recipe \
	"LaunchTemplateData.ImageId=$recipe" \
	LaunchTemplateData.InstanceType=m5.large \
	LaunchTemplateData.MetadataOptions.HttpTokens=required \
	LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit=1 \
	LaunchTemplateData.BlockDeviceMapping.1.DeviceName=/dev/xvda \
	LaunchTemplateData.BlockDeviceMapping.1.Ebs.Encrypted=true |
	element launchTemplateId)
called "$template" lt-recipe
ec2 Action=CreateLaunchTemplateVersion "LaunchTemplateId=$template" \
	"LaunchTemplateData.ImageId=$recipe" \
	"LaunchTemplateData.UserData=$script" \
	LaunchTemplateData.MetadataOptions.HttpTokens=optional \
	LaunchTemplateData.BlockDeviceMapping.1.DeviceName=/dev/xvda \
	LaunchTemplateData.BlockDeviceMapping.1.Ebs.Encrypted=false >/dev/null

# ---- instances ----

instance() { # NAME IMAGE TYPE TOKENS SUBNET TAG=VALUE...
	name=$1 image_id=$2 type=$3 tokens=$4 in=$5
	shift 5
	n=0
	for tag; do
		n=$((n + 1))
		set -- "$@" "TagSpecification.1.Tag.$n.Key=${tag%%=*}" \
			"TagSpecification.1.Tag.$n.Value=${tag#*=}"
		shift
	done
	[ $n = 0 ] || set -- "$@" TagSpecification.1.ResourceType=instance
	id=$(ec2 Action=RunInstances "ImageId=$image_id" MinCount=1 MaxCount=1 \
		"InstanceType=$type" "SubnetId=$in" \
		"MetadataOptions.HttpTokens=$tokens" \
		MetadataOptions.HttpPutResponseHopLimit=1 "$@" |
		element instanceId)
	called "$id" "$name"
	called "$(ec2 Action=DescribeInstances "InstanceId.1=$id" |
		element volumeId)" "vol-of-$name"
	echo "$id"
}
instance i-fake "$fake" m5.large required "$private" >/dev/null
instance i-recipe "$recipe" m5.metal required "$private" \
	eks:cluster-name=prod eks:nodegroup-name=own >/dev/null
instance i-gone "$gone" m4.large optional "$public" \
	kubernetes.io/cluster/prod=owned >/dev/null
ended=$(instance i-ended "$fake" m5.large optional "$private")
ec2 Action=TerminateInstances "InstanceId.1=$ended" >/dev/null
ec2 Action=DeregisterImage "ImageId=$gone" >/dev/null

sealed=$(ec2 Action=CreateVolume Size=8 AvailabilityZone=us-east-1a Encrypted=true |
	element volumeId)
called "$sealed" vol-sealed
plain=$(ec2 Action=CreateVolume Size=8 AvailabilityZone=us-east-1a | element volumeId)
called "$plain" vol-plain

# ---- IAM ----

trust() { # SERVICE
	printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s"},"Action":"sts:AssumeRole"}]}' "$1"
}
role() { # NAME TRUST AWS-POLICY...
	name=$1
	iam Action=CreateRole "RoleName=$1" "AssumeRolePolicyDocument=$2" >/dev/null
	shift 2
	for policy; do
		iam Action=AttachRolePolicy "RoleName=$name" \
			"PolicyArn=arn:aws:iam::aws:policy/$policy" >/dev/null
	done
}
allow() { # ROLE ACTION RESOURCE
	iam Action=PutRolePolicy "RoleName=$1" PolicyName=own \
		"PolicyDocument={\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"$2\",\"Resource\":\"$3\"}}" >/dev/null
}
# every policy AWS has for nodes and clusters: none is a naive wildcard
role node "$(trust ec2.amazonaws.com)" AmazonEKSWorkerNodePolicy \
	AmazonEC2ContainerRegistryReadOnly AmazonSSMManagedInstanceCore
role node-cni "$(trust ec2.amazonaws.com)" AmazonEKSWorkerNodePolicy \
	AmazonEKS_CNI_Policy AmazonEC2ContainerRegistryReadOnly
role cluster "$(trust eks.amazonaws.com)" AmazonEKSClusterPolicy \
	AmazonEKSVPCResourceController
role ebs-csi "$(trust pods.eks.amazonaws.com)" service-role/AmazonEBSCSIDriverPolicy
role agent "$(trust ec2.amazonaws.com)" CloudWatchAgentServerPolicy
role admin "$(trust ec2.amazonaws.com)" AdministratorAccess
role power "$(trust ec2.amazonaws.com)" PowerUserAccess
role passer "$(trust ec2.amazonaws.com)"
allow passer iam:PassRole '*'
role passer-one "$(trust ec2.amazonaws.com)"
allow passer-one iam:PassRole arn:aws:iam::123456789012:role/node
oidc=oidc.eks.us-east-1.amazonaws.com/id/AAAA
irsa() { # CONDITION
	printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/%s"},"Action":"sts:AssumeRoleWithWebIdentity"%s}]}' "$oidc" "$1"
}
role irsa-good "$(irsa ",\"Condition\":{\"StringEquals\":{\"$oidc:sub\":\"system:serviceaccount:apps:web\",\"$oidc:aud\":\"sts.amazonaws.com\"}}")"
role irsa-like "$(irsa ",\"Condition\":{\"StringLike\":{\"$oidc:sub\":\"system:serviceaccount:*\"},\"StringEquals\":{\"$oidc:aud\":\"sts.amazonaws.com\"}}")"
role irsa-open "$(irsa '')"
role world '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}'

# ---- clusters and node groups ----

rest eks POST /clusters "{\"name\":\"prod\",\"version\":\"1.36\",\"roleArn\":\"arn:aws:iam::123456789012:role/cluster\",\"resourcesVpcConfig\":{\"subnetIds\":[\"$private\"],\"endpointPrivateAccess\":true,\"endpointPublicAccess\":false},\"logging\":{\"clusterLogging\":[{\"types\":[\"api\",\"audit\",\"authenticator\",\"controllerManager\",\"scheduler\"],\"enabled\":true}]},\"encryptionConfig\":[{\"resources\":[\"secrets\"],\"provider\":{\"keyArn\":\"arn:aws:kms:us-east-1:123456789012:key/k\"}}]}" >/dev/null
rest eks POST /clusters "{\"name\":\"old\",\"version\":\"1.27\",\"roleArn\":\"arn:aws:iam::123456789012:role/cluster\",\"resourcesVpcConfig\":{\"subnetIds\":[\"$public\"],\"endpointPrivateAccess\":false,\"endpointPublicAccess\":true}}" >/dev/null
group() { # NAME TYPE ROLE SUBNET [MORE]
	rest eks POST /clusters/prod/node-groups "{\"nodegroupName\":\"$1\",\"amiType\":\"$2\",\"nodeRole\":\"arn:aws:iam::123456789012:role/$3\",\"subnets\":[\"$4\"]${5:-}}" >/dev/null
}
group fips BOTTLEROCKET_x86_64_FIPS node "$private"
group plain BOTTLEROCKET_x86_64 node-cni "$private"
group al2023 AL2023_x86_64_STANDARD admin "$public" ',"remoteAccess":{"ec2SshKey":"ops"}'
group own CUSTOM node "$private" ",\"launchTemplate\":{\"id\":\"$template\",\"version\":\"1\"}"
