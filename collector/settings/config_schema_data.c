/*
 * The fields that programs accept, by their own declarations: eksctl 0.230
 * (pkg/apis/eksctl.io/v1alpha5), Kubernetes 1.35
 * (kubelet.config.k8s.io/v1beta1, apiserver.config.k8s.io/v1,
 * kubeadm.k8s.io/v1beta4).
 */
#include "collector/settings/config_schema.h"

const struct schema schema_eksctl = {
	.program = "eksctl rejects",
	.top = "ClusterConfig",
	.types = (const struct schema_type[]){ { "AZSubnetSpec",
						   "az:s cidr:s id:s" },
	    { "AccessConfig",
		"accessEntries:[AccessEntry] "
		"authenticationMode:=API|API_AND_CONFIG_MAP|CONFIG_MAP "
		"bootstrapClusterCreatorAdminPermissions:b" },
	    { "AccessEntry",
		"accessPolicies:[AccessPolicy] kubernetesGroups:[s] "
		"kubernetesUsername:s principalARN:s type:s" },
	    { "AccessPolicy", "accessScope:AccessScope policyARN:s" },
	    { "AccessScope", "namespaces:[s] type:s" },
	    { "Addon", "attachPolicy:* attachPolicyARNs:[s] "
		       "configurationValues:s name:s "
		       "namespaceConfig:AddonNamespaceConfig owners:[s] "
		       "permissionsBoundary:s "
		       "podIdentityAssociations:[PodIdentityAssociation] "
		       "publishers:[s] resolveConflicts:s "
		       "serviceAccountRoleARN:s tags:{s} types:[s] "
		       "useDefaultPodIdentityAssociations:b version:s "
		       "wellKnownPolicies:WellKnownPolicies" },
	    { "AddonNamespaceConfig", "namespace:s" },
	    { "AddonsConfig", "autoApplyPodIdentityAssociations:b "
			      "disableDefaultAddons:b" },
	    { "ArgoCDAWSIDC", "idcInstanceArn:s idcRegion:s" },
	    { "ArgoCDConfiguration", "awsIdc:ArgoCDAWSIDC namespace:s "
				     "networkAccess:ArgoCDNetworkAccess "
				     "rbacRoleMappings:[ArgoCDRoleMapping]" },
	    { "ArgoCDNetworkAccess", "vpceIds:[s]" },
	    { "ArgoCDRoleMapping", "identities:[SSOIdentity] role:s" },
	    { "AutoModeConfig", "enabled:b nodePools:[s] nodeRoleARN:s "
				"permissionsBoundaryARN:s" },
	    { "Capability", "accessPolicies:[AccessPolicy] attachPolicy:* "
			    "attachPolicyARNs:[s] "
			    "configuration:CapabilityConfiguration "
			    "deletePropagationPolicy:s name:s "
			    "permissionsBoundary:s roleArn:s tags:{s} type:s" },
	    { "CapabilityConfiguration", "argocd:ArgoCDConfiguration" },
	    { "CapacityReservation",
		"capacityReservationPreference:s "
		"capacityReservationTarget:CapacityReservationTarget" },
	    { "CapacityReservationTarget",
		"capacityReservationID:s "
		"capacityReservationResourceGroupARN:s" },
	    { "ClusterCloudWatch", "clusterLogging:ClusterCloudWatchLogging" },
	    { "ClusterCloudWatchLogging",
		"enableTypes:[s] logRetentionInDays:i" },
	    { "ClusterConfig",
		"accessConfig:AccessConfig addons:[Addon] "
		"addonsConfig:AddonsConfig "
		"apiVersion:=eksctl.io/v1alpha5 "
		"autoModeConfig:AutoModeConfig "
		"availabilityZones:[s] capabilities:[Capability] "
		"cloudWatch:ClusterCloudWatch "
		"controlPlaneScalingConfig:ControlPlaneScalingConfig "
		"fargateProfiles:[FargateProfile] gitops:GitOps "
		"iam:ClusterIAM "
		"iamIdentityMappings:[IAMIdentityMapping] "
		"identityProviders:[*] karpenter:Karpenter kind:s "
		"kubeAPIServerConfig:KubeAPIServerConfig "
		"kubeControllerManagerConfig:KubeControllerManagerConfig "
		"kubeSchedulerConfig:KubeSchedulerConfig "
		"kubernetesNetworkConfig:KubernetesNetworkConfig "
		"localZones:[s] "
		"managedNodeGroups:[ManagedNodeGroup] "
		"metadata:ClusterMeta nodeGroups:[NodeGroup] "
		"outpost:Outpost privateCluster:PrivateCluster "
		"remoteNetworkConfig:RemoteNetworkConfig "
		"secretsEncryption:SecretsEncryption "
		"upgradePolicy:UpgradePolicy vpc:ClusterVPC "
		"zonalShiftConfig:ZonalShiftConfig" },
	    { "ClusterEndpoints", "privateAccess:b publicAccess:b" },
	    { "ClusterIAM", "fargatePodExecutionRoleARN:s "
			    "fargatePodExecutionRolePermissionsBoundary:s "
			    "podIdentityAssociations:[PodIdentityAssociation] "
			    "serviceAccounts:[ClusterIAMServiceAccount] "
			    "serviceRoleARN:s serviceRolePermissionsBoundary:s "
			    "vpcResourceControllerPolicy:b withOIDC:b" },
	    { "ClusterIAMMeta",
		"annotations:{s} labels:{s} name:s namespace:s" },
	    { "ClusterIAMServiceAccount",
		"attachPolicy:* attachPolicyARNs:[s] "
		"attachRoleARN:s metadata:ClusterIAMMeta "
		"permissionsBoundary:s roleName:s roleOnly:b "
		"status:ClusterIAMServiceAccountStatus "
		"subjectPattern:s tags:{s} "
		"wellKnownPolicies:WellKnownPolicies" },
	    { "ClusterIAMServiceAccountStatus",
		"capabilities:[s] roleARN:s stackName:s tags:{s}" },
	    { "ClusterMeta", "annotations:{s} forceUpdateVersion:b name:s "
			     "region:s rollbackConfig:RollbackConfig tags:{s} "
			     "version:s" },
	    { "ClusterNAT", "gateway:s" },
	    { "ClusterSubnets",
		"private:{AZSubnetSpec} public:{AZSubnetSpec}" },
	    { "ClusterVPC", "autoAllocateIPv6:b cidr:s "
			    "clusterEndpoints:ClusterEndpoints "
			    "controlPlaneEgressMode:s "
			    "controlPlaneOnPrivateSubnets:b "
			    "controlPlaneSecurityGroupIDs:[s] "
			    "controlPlaneSubnetIDs:[s] extraCIDRs:[s] "
			    "extraIPv6CIDRs:[s] hostnameType:s id:s ipv6Cidr:s "
			    "ipv6Pool:s manageSharedNodeSecurityGroupRules:b "
			    "nat:ClusterNAT publicAccessCIDRs:[s] "
			    "securityGroup:s sharedNodeSecurityGroup:s "
			    "subnets:ClusterSubnets" },
	    { "ControlPlaneScalingConfig", "tier:s" },
	    { "FargateProfile", "name:s podExecutionRoleARN:s "
				"selectors:[FargateProfileSelector] status:s "
				"subnets:[s] tags:{s}" },
	    { "FargateProfileSelector", "labels:{s} namespace:s" },
	    { "Flux", "flags:{*} gitProvider:s" }, { "GitOps", "flux:Flux" },
	    { "HorizontalPodAutoscalerControllerConfig",
		"horizontalPodAutoscalerSyncPeriod:s" },
	    { "IAMIdentityMapping",
		"account:s arn:s groups:[s] namespace:s "
		"noDuplicateARNs:b serviceName:s username:s" },
	    { "InstanceMarketOptions", "marketType:s" },
	    { "InstanceSelector",
		"allow:s cpuArchitecture:s deny:s gpus:i memory:s "
		"neuron_devices:i vCPUs:i" },
	    { "Karpenter", "createServiceAccount:b defaultInstanceProfile:s "
			   "version:s withSpotInterruptionQueue:b" },
	    { "KubeAPIServerConfig",
		"eventTTL:s "
		"serviceNodePortRange:ServiceNodePortRange" },
	    { "KubeControllerManagerConfig",
		" "
		"horizontalPodAutoscalerControllerConfig:"
		"HorizontalPodAutoscalerControllerConfig" },
	    { "KubeSchedulerConfig",
		"nodeResourcesFit:NodeResourcesFitConfig" },
	    { "KubernetesNetworkConfig",
		"ipFamily:s serviceIPv4CIDR:s serviceIPv6CIDR:s" },
	    { "LaunchTemplate", "id:s version:s" },
	    { "ManagedNodeGroup",
		"additionalVolumes:[VolumeMapping] ami:s "
		"amiFamily:=AmazonLinux2023|AmazonLinux2|UbuntuPro2604|"
		"Ubuntu2604|UbuntuPro2404|Ubuntu2404|UbuntuPro2204|Ubuntu2204|"
		"UbuntuPro2004|Ubuntu2004|Bottlerocket|BottlerocketFips|"
		"WindowsServer2019CoreContainer|WindowsServer2019FullContainer|"
		"WindowsServer2022CoreContainer|WindowsServer2022FullContainer|"
		"WindowsServer2025CoreContainer|WindowsServer2025FullContainer "
		"asgSuspendProcesses:[s] availabilityZones:[s] "
		"bottlerocket:NodeGroupBottlerocket "
		"capacityReservation:CapacityReservation "
		"desiredCapacity:i disableIMDSv1:b disablePodIMDS:b "
		"ebsOptimized:b efaEnabled:b "
		"enableDetailedMonitoring:b iam:NodeGroupIAM "
		"instanceMarketOptions:InstanceMarketOptions "
		"instanceName:s instancePrefix:s "
		"instanceSelector:InstanceSelector instanceType:s "
		"instanceTypes:[s] labels:{s} "
		"launchTemplate:LaunchTemplate maxPodsPerNode:i "
		"maxSize:i minSize:i name:s "
		"nodeRepairConfig:NodeGroupNodeRepairConfig "
		"outpostARN:s overrideBootstrapCommand:s "
		"placement:Placement preBootstrapCommands:[s] "
		"privateNetworking:b propagateASGTags:b "
		"releaseVersion:s securityGroups:NodeGroupSGs "
		"spot:b ssh:NodeGroupSSH subnets:[s] tags:{s} "
		"taints:[NodeGroupTaint] "
		"updateConfig:NodeGroupUpdateConfig "
		"volumeEncrypted:b volumeIOPS:i volumeKmsKeyID:s "
		"volumeName:s volumeSize:i volumeThroughput:i "
		"volumeType:s" },
	    { "MetricsCollection", "granularity:s metrics:[s]" },
	    { "NodeGroup",
		"additionalVolumes:[VolumeMapping] ami:s "
		"amiFamily:=AmazonLinux2023|AmazonLinux2|UbuntuPro2604|"
		"Ubuntu2604|UbuntuPro2404|Ubuntu2404|UbuntuPro2204|Ubuntu2204|"
		"UbuntuPro2004|Ubuntu2004|Bottlerocket|BottlerocketFips|"
		"WindowsServer2019CoreContainer|WindowsServer2019FullContainer|"
		"WindowsServer2022CoreContainer|WindowsServer2022FullContainer|"
		"WindowsServer2025CoreContainer|WindowsServer2025FullContainer "
		"asgMetricsCollection:[MetricsCollection] "
		"asgSuspendProcesses:[s] availabilityZones:[s] "
		"bottlerocket:NodeGroupBottlerocket "
		"capacityReservation:CapacityReservation "
		"classicLoadBalancerNames:[s] clusterDNS:s "
		"containerRuntime:s cpuCredits:s desiredCapacity:i "
		"disableIMDSv1:b disablePodIMDS:b ebsOptimized:b "
		"efaEnabled:b enableDetailedMonitoring:b "
		"enclaveEnabled:b iam:NodeGroupIAM "
		"instanceMarketOptions:InstanceMarketOptions "
		"instanceName:s instancePrefix:s "
		"instanceSelector:InstanceSelector instanceType:s "
		"instancesDistribution:NodeGroupInstancesDistribution "
		"kubeletExtraConfig:* labels:{s} localZones:[s] "
		"maxInstanceLifetime:i maxPodsPerNode:i maxSize:i "
		"minSize:i name:s outpostARN:s "
		"overrideBootstrapCommand:s placement:Placement "
		"preBootstrapCommands:[s] privateNetworking:b "
		"propagateASGTags:b securityGroups:NodeGroupSGs "
		"ssh:NodeGroupSSH subnets:[s] tags:{s} taints:* "
		"targetGroupARNs:[s] "
		"updateConfig:NodeGroupUpdateConfig "
		"volumeEncrypted:b volumeIOPS:i volumeKmsKeyID:s "
		"volumeName:s volumeSize:i volumeThroughput:i "
		"volumeType:s" },
	    { "NodeGroupBottlerocket", "enableAdminContainer:b settings:*" },
	    { "NodeGroupIAM", "attachPolicy:* attachPolicyARNs:[s] "
			      "instanceProfileARN:s instanceRoleARN:s "
			      "instanceRoleName:s "
			      "instanceRolePermissionsBoundary:s "
			      "withAddonPolicies:NodeGroupIAMAddonPolicies" },
	    { "NodeGroupIAMAddonPolicies",
		"albIngress:b appMesh:b appMeshPreview:b "
		"autoScaler:b awsLoadBalancerController:b "
		"certManager:b cloudWatch:b ebs:b efs:b "
		"externalDNS:b fsx:b imageBuilder:b xRay:b" },
	    { "NodeGroupInstancesDistribution",
		"capacityRebalance:b instanceTypes:[s] maxPrice:n "
		"onDemandBaseCapacity:i "
		"onDemandPercentageAboveBaseCapacity:i "
		"spotAllocationStrategy:s spotInstancePools:i" },
	    { "NodeGroupNodeRepairConfig",
		"enabled:b maxParallelNodesRepairedCount:i "
		"maxParallelNodesRepairedPercentage:i "
		"maxUnhealthyNodeThresholdCount:i "
		"maxUnhealthyNodeThresholdPercentage:i "
		"nodeRepairConfigOverrides:[NodeRepairConfigOverride]" },
	    { "NodeGroupSGs", "attachIDs:[s] withLocal:b withShared:b" },
	    { "NodeGroupSSH", "allow:b enableSsm:b publicKey:s publicKeyName:s "
			      "publicKeyPath:s sourceSecurityGroupIds:[s]" },
	    { "NodeGroupTaint", "effect:s key:s value:s" },
	    { "NodeGroupUpdateConfig",
		"maxUnavailable:i maxUnavailablePercentage:i" },
	    { "NodeRepairConfigOverride",
		"minRepairWaitTimeMins:i nodeMonitoringCondition:s "
		"nodeUnhealthyReason:s repairAction:s" },
	    { "NodeResourcesFitConfig", "scoringStrategy:ScoringStrategy" },
	    { "OIDCIdentityProvider",
		"clientID:s groupsClaim:s groupsPrefix:s "
		"issuerURL:s name:s requiredClaims:{s} tags:{s} "
		"usernameClaim:s usernamePrefix:s" },
	    { "Outpost", "controlPlaneInstanceType:s "
			 "controlPlaneOutpostARN:s "
			 "controlPlanePlacement:Placement etcdInstanceType:s "
			 "etcdPlacement:Placement" },
	    { "Placement", "groupName:s spreadLevel:s" },
	    { "PodIdentityAssociation",
		"createServiceAccount:b disableSessionTags:b "
		"namespace:s permissionPolicy:* "
		"permissionPolicyARNs:[s] permissionPolicyName:s "
		"permissionsBoundaryARN:s policy:s roleARN:s "
		"roleName:s serviceAccountName:s tags:{s} "
		"targetRoleARN:s "
		"wellKnownPolicies:WellKnownPolicies" },
	    { "PrivateCluster", "additionalEndpointServices:[s] enabled:b "
				"skipEndpointCreation:b" },
	    { "RemoteNetwork", "cidrs:[s]" },
	    { "RemoteNetworkConfig",
		"iam:RemoteNodesIAM "
		"remoteNodeNetworks:[RemoteNetwork] "
		"remotePodNetworks:[RemoteNetwork] vpcGatewayID:s" },
	    { "RemoteNodesIAM", "caBundleCert:s provider:s roleARN:s" },
	    { "ResourceWeight", "name:s weight:i" },
	    { "RollbackConfig", "timeoutMinutes:i" },
	    { "SSOIdentity", "id:s type:s" },
	    { "ScoringStrategy", "resources:[ResourceWeight] type:s" },
	    { "SecretsEncryption", "keyARN:s" },
	    { "ServiceNodePortRange", "maxPort:i minPort:i" },
	    { "UpgradePolicy", "supportType:s" },
	    { "VolumeMapping", "snapshotID:s volumeEncrypted:b volumeIOPS:i "
			       "volumeKmsKeyID:s volumeName:s volumeSize:i "
			       "volumeThroughput:i volumeType:s" },
	    { "WellKnownPolicies",
		"autoScaler:b awsLoadBalancerController:b "
		"certManager:b ebsCSIController:b "
		"efsCSIController:b externalDNS:b imageBuilder:b" },
	    { "ZonalShiftConfig", "enabled:b" }, { 0 } },
};

const struct schema schema_kubelet = {
	.program = "the kubelet does not know",
	.top = "KubeletConfiguration",
	.types =
	    (const struct schema_type[]){
		{ "KubeletConfiguration",
		    "apiVersion:=kubelet.config.k8s.io/v1beta1 kind:s "
		    "enableServer:b staticPodPath:s podLogsDir:s "
		    "syncFrequency:d fileCheckFrequency:d "
		    "httpCheckFrequency:d staticPodURL:s "
		    "staticPodURLHeader:{[s]} address:s port:i "
		    "readOnlyPort:i tlsCertFile:s tlsPrivateKeyFile:s "
		    "tlsCipherSuites:[s] tlsCurvePreferences:[i] "
		    "tlsMinVersion:s rotateCertificates:b "
		    "serverTLSBootstrap:b "
		    "authentication:KubeletAuthentication "
		    "authorization:KubeletAuthorization "
		    "registryPullQPS:i registryBurst:i "
		    "imagePullCredentialsVerificationPolicy:s "
		    "preloadedImagesVerificationAllowlist:[s] "
		    "eventRecordQPS:i eventBurst:i "
		    "enableDebuggingHandlers:b "
		    "enableContentionProfiling:b healthzPort:i "
		    "healthzBindAddress:s oomScoreAdj:i clusterDomain:s "
		    "clusterDNS:[s] streamingConnectionIdleTimeout:d "
		    "nodeStatusUpdateFrequency:d "
		    "nodeStatusReportFrequency:d "
		    "nodeLeaseDurationSeconds:i imageMinimumGCAge:d "
		    "imageMaximumGCAge:d imageGCHighThresholdPercent:i "
		    "imageGCLowThresholdPercent:i "
		    "volumeStatsAggPeriod:d kubeletCgroups:s "
		    "systemCgroups:s cgroupRoot:s cgroupsPerQOS:b "
		    "cgroupDriver:s cpuManagerPolicy:s "
		    "singleProcessOOMKill:b cpuManagerPolicyOptions:{s} "
		    "cpuManagerReconcilePeriod:d memoryManagerPolicy:s "
		    "topologyManagerPolicy:s topologyManagerScope:s "
		    "topologyManagerPolicyOptions:{s} qosReserved:{s} "
		    "runtimeRequestTimeout:d hairpinMode:s maxPods:i "
		    "podCIDR:s podPidsLimit:i resolvConf:s runOnce:b "
		    "cpuCFSQuota:b cpuCFSQuotaPeriod:d "
		    "nodeStatusMaxImages:i maxOpenFiles:i contentType:s "
		    "kubeAPIQPS:i kubeAPIBurst:i serializeImagePulls:b "
		    "maxParallelImagePulls:i evictionHard:{*} "
		    "evictionSoft:{*} evictionSoftGracePeriod:{s} "
		    "evictionPressureTransitionPeriod:d "
		    "evictionMaxPodGracePeriod:i "
		    "evictionMinimumReclaim:{*} "
		    "mergeDefaultEvictionSettings:b podsPerCore:i "
		    "enableControllerAttachDetach:b "
		    "protectKernelDefaults:b makeIPTablesUtilChains:b "
		    "iptablesMasqueradeBit:i iptablesDropBit:i "
		    "featureGates:{b} failSwapOn:b "
		    "memorySwap:MemorySwapConfiguration "
		    "containerLogMaxSize:s containerLogMaxFiles:i "
		    "containerLogMaxWorkers:i "
		    "containerLogMonitorInterval:d "
		    "configMapAndSecretChangeDetectionStrategy:s "
		    "systemReserved:{*} kubeReserved:{*} "
		    "reservedSystemCPUs:s showHiddenMetricsForVersion:s "
		    "systemReservedCgroup:s kubeReservedCgroup:s "
		    "enforceNodeAllocatable:[s] "
		    "allowedUnsafeSysctls:[s] defaultPodSysctls:{*} "
		    "volumePluginDir:s providerID:s "
		    "kernelMemcgNotification:b logging:* "
		    "enableSystemLogHandler:b enableSystemLogQuery:b "
		    "shutdownGracePeriod:d "
		    "shutdownGracePeriodCriticalPods:d "
		    "shutdownGracePeriodByPodPriority:["
		    "ShutdownGracePeriodByPodPriority] "
		    "crashLoopBackOff:CrashLoopBackOffConfig "
		    "reservedMemory:[MemoryReservation] "
		    "enableProfilingHandler:b enableDebugFlagsHandler:b "
		    "seccompDefault:b memoryThrottlingFactor:n "
		    "memoryReservationPolicy:s registerWithTaints:[*] "
		    "registerNode:b tracing:* "
		    "localStorageCapacityIsolation:b "
		    "containerRuntimeEndpoint:s imageServiceEndpoint:s "
		    "failCgroupV1:b userNamespaces:UserNamespaces" },
		{ "KubeletAuthorization",
		    "mode:s webhook:KubeletWebhookAuthorization" },
		{ "KubeletWebhookAuthorization",
		    "cacheAuthorizedTTL:d cacheUnauthorizedTTL:d" },
		{ "KubeletAuthentication",
		    "x509:KubeletX509Authentication "
		    "webhook:KubeletWebhookAuthentication "
		    "anonymous:KubeletAnonymousAuthentication" },
		{ "KubeletX509Authentication", "clientCAFile:s" },
		{ "KubeletWebhookAuthentication", "enabled:b cacheTTL:d" },
		{ "KubeletAnonymousAuthentication", "enabled:b" },
		{ "MemoryReservation", "numaNode:i limits:*" },
		{ "ShutdownGracePeriodByPodPriority",
		    "priority:i shutdownGracePeriodSeconds:i" },
		{ "MemorySwapConfiguration", "swapBehavior:s" },
		{ "CrashLoopBackOffConfig", "maxContainerRestartPeriod:d" },
		{ "UserNamespaces", "idsPerPod:i" }, { 0 } },
};

const struct schema schema_encryption = {
	.program = "the API server rejects",
	.top = "EncryptionConfiguration",
	.types =
	    (const struct schema_type[]){
		{ "EncryptionConfiguration",
		    "apiVersion:=apiserver.config.k8s.io/v1|v1 kind:s "
		    "resources:[ResourceConfiguration]" },
		{ "ResourceConfiguration",
		    "resources:[s] providers:[ProviderConfiguration]" },
		{ "ProviderConfiguration",
		    "aesgcm:Keys aescbc:Keys secretbox:Keys "
		    "identity:Identity kms:KMS" },
		{ "Keys", "keys:[Key]" }, { "Key", "name:s secret:s" },
		{ "Identity", "-:s" },
		{ "KMS", "apiVersion:=v1|v2 name:s cachesize:i endpoint:s "
			 "timeout:d" },
		{ 0 } },
};

static const struct schema_type kubeadm[] = {
	{ "ClusterConfiguration",
	    "apiVersion:s kind:s etcd:Etcd networking:Networking "
	    "kubernetesVersion:s controlPlaneEndpoint:s apiServer:APIServer "
	    "controllerManager:Component scheduler:Component dns:Image "
	    "proxy:Proxy certificatesDir:s imageRepository:s "
	    "featureGates:{b} clusterName:s encryptionAlgorithm:s "
	    "certificateValidityPeriod:d caCertificateValidityPeriod:d" },
	{ "Component", "extraArgs:[Arg] extraVolumes:[*] extraEnvs:[*]" },
	{ "APIServer",
	    "extraArgs:[Arg] extraVolumes:[*] extraEnvs:[*] certSANs:[s]" },
	{ "Arg", "name:s value:s" },
	{ "Image", "imageRepository:s imageTag:s disabled:b" },
	{ "Proxy", "disabled:b" },
	{ "Networking", "serviceSubnet:s podSubnet:s dnsDomain:s" },
	{ "Etcd", "local:LocalEtcd external:ExternalEtcd" },
	{ "LocalEtcd", "imageRepository:s imageTag:s dataDir:s extraArgs:[Arg] "
		       "extraEnvs:[*] serverCertSANs:[s] peerCertSANs:[s]" },
	{ "ExternalEtcd",
	    "endpoints:[s] httpEndpoints:[s] caFile:s certFile:s keyFile:s" },
	{ "InitConfiguration",
	    "apiVersion:s kind:s bootstrapTokens:[*] dryRun:b "
	    "nodeRegistration:Node localAPIEndpoint:* certificateKey:s "
	    "skipPhases:[s] patches:* timeouts:{d}" },
	{ "JoinConfiguration",
	    "apiVersion:s kind:s dryRun:b nodeRegistration:Node caCertPath:s "
	    "discovery:* controlPlane:* skipPhases:[s] patches:* "
	    "timeouts:{d}" },
	{ "Node",
	    "name:s criSocket:s taints:[*] kubeletExtraArgs:[Arg] "
	    "ignorePreflightErrors:[s] imagePullPolicy:s imagePullSerial:b" },
	{ 0 },
};

const struct schema schema_kubeadm_cluster = {
	.program = "kubeadm rejects",
	.top = "ClusterConfiguration",
	.types = kubeadm,
};

const struct schema schema_kubeadm_init = {
	.program = "kubeadm rejects",
	.top = "InitConfiguration",
	.types = kubeadm,
};

const struct schema schema_kubeadm_join = {
	.program = "kubeadm rejects",
	.top = "JoinConfiguration",
	.types = kubeadm,
};
