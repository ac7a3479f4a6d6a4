/*
 * Types of files that are tables: see config_table.h. Which values of a
 * setting are right stands in catalogs/config-settings.tsv.
 */
#include "collector/settings/config_table.h"

#include <strings.h>

#include "collector/kit/tree_lines.h"
#include "collector/kit/tree_toml.h"

#define PARTS (const struct table_part[])
#define FIELDS (const struct table_field[])

/* ---- environment of programs ---- */

static const struct table_field kube_env[] = { VARIABLES("env") };

#define PODS(name)                                                             \
	{ &config_setting_kind, "container", name "containers.*", "name",      \
		"env", kube_env },                                             \
	{                                                                      \
		&config_setting_kind, "container", name "initContainers.*",    \
		    "name", "env", kube_env                                    \
	}

/* ---- TLS of Kubernetes' components, by the names of their flags ---- */

static const struct table_field api_server_tls[] = {
	{ "min_version",
	    "apiServer.extraArgs.[name=tls-min-version].value|"
	    "apiServer.extraArgs.tls-min-version",
	    TAKE_VERSION },
	{ "suites",
	    "apiServer.extraArgs.[name=tls-cipher-suites].value|"
	    "apiServer.extraArgs.tls-cipher-suites",
	    TAKE_SUITES },
	{ 0 },
};

static const struct table_field etcd_tls[] = {
	{ "min_version",
	    "etcd.local.extraArgs.[name=tls-min-version].value|"
	    "etcd.local.extraArgs.tls-min-version",
	    TAKE_VERSION },
	{ "suites",
	    "etcd.local.extraArgs.[name=cipher-suites].value|"
	    "etcd.local.extraArgs.cipher-suites",
	    TAKE_SUITES },
	{ 0 },
};

static const struct table_field api_server[] = {
	{ "authorization_mode",
	    "apiServer.extraArgs.[name=authorization-mode].value|"
	    "apiServer.extraArgs.authorization-mode",
	    TAKE_TEXT },
	{ "encryption_config",
	    "apiServer.extraArgs.[name=encryption-provider-config].value|"
	    "apiServer.extraArgs.encryption-provider-config",
	    TAKE_TEXT },
	{ 0 },
};

static const struct table_field kubelet_args_tls[] = {
	{ "min_version",
	    "nodeRegistration.kubeletExtraArgs.[name=tls-min-version].value|"
	    "nodeRegistration.kubeletExtraArgs.tls-min-version",
	    TAKE_VERSION },
	{ "suites",
	    "nodeRegistration.kubeletExtraArgs.[name=tls-cipher-suites].value|"
	    "nodeRegistration.kubeletExtraArgs.tls-cipher-suites",
	    TAKE_SUITES },
	{ 0 },
};

static const struct table_part kubeadm_cluster_parts[] = {
	{ &config_tls_kind, "kube-apiserver", NULL, NULL, NULL,
	    api_server_tls },
	{ &config_component_kind, "kube-apiserver", NULL, NULL, NULL,
	    api_server },
	{ &config_tls_kind, "etcd", NULL, NULL, "etcd.local", etcd_tls },
	{ 0 },
};

static const struct table_part kubeadm_node_parts[] = {
	{ &config_tls_kind, "kubelet", NULL, NULL,
	    "nodeRegistration.kubeletExtraArgs", kubelet_args_tls },
	{ 0 },
};

static const struct config_table kubeadm_cluster = {
	.api = "kubeadm.k8s.io/v1beta4",
	.kind = "ClusterConfiguration",
	.schema = &schema_kubeadm_cluster,
	.parts = kubeadm_cluster_parts,
};

static const struct config_table kubeadm_cluster_old = {
	.api = "kubeadm.k8s.io/v1beta",
	.kind = "ClusterConfiguration",
	.parts = kubeadm_cluster_parts,
};

static const struct config_table kubeadm_init = {
	.api = "kubeadm.k8s.io/v1beta4",
	.kind = "InitConfiguration",
	.schema = &schema_kubeadm_init,
	.parts = kubeadm_node_parts,
};

static const struct config_table kubeadm_join = {
	.api = "kubeadm.k8s.io/v1beta4",
	.kind = "JoinConfiguration",
	.schema = &schema_kubeadm_join,
	.parts = kubeadm_node_parts,
};

static const struct config_table kubeadm_node_old = {
	.api = "kubeadm.k8s.io/v1beta",
	.kind = "InitConfiguration JoinConfiguration",
	.parts = kubeadm_node_parts,
};

/* ---- nodes on AWS ---- */

static const struct table_field nodeadm_tls[] = {
	{ "groups", "spec.kubelet.config.tlsCurvePreferences", TAKE_LIST },
	{ "min_version", "spec.kubelet.config.tlsMinVersion", TAKE_VERSION },
	{ "suites", "spec.kubelet.config.tlsCipherSuites", TAKE_SUITES },
	{ 0 },
};

/* What is not stated is nodeadm's: it closes the kubelet. */
static const struct table_field nodeadm_kubelet[] = {
	{ "kubelet anonymous",
	    "spec.kubelet.config.authentication.anonymous.enabled", TAKE_TEXT },
	{ "kubelet authorization", "spec.kubelet.config.authorization.mode",
	    TAKE_TEXT },
	{ "kubelet readOnlyPort", "spec.kubelet.config.readOnlyPort",
	    TAKE_TEXT },
	{ 0 },
};

static const struct config_table nodeadm = {
	.api = "node.eks.aws/",
	.kind = "NodeConfig",
	.parts = PARTS{ { &config_tls_kind, "kubelet", NULL, NULL, NULL,
			    nodeadm_tls },
	    { &config_setting_kind, "NodeConfig", NULL, NULL, NULL,
		nodeadm_kubelet },
	    { 0 } },
};

static const struct config_table karpenter_class = {
	.api = "karpenter.k8s.aws/",
	.kind = "EC2NodeClass",
	.parts =
	    PARTS{ { &config_resource_kind, "nodeclass", NULL, "metadata.name",
		       NULL,
		       FIELDS{ { "encrypted",
				   "spec.blockDeviceMappings.ebs.encrypted",
				   TAKE_ALL },
			   { "http_tokens", "spec.metadataOptions.httpTokens",
			       TAKE_TEXT },
			   { "image_alias", "spec.amiSelectorTerms.alias",
			       TAKE_TEXT },
			   { "image_id",
			       "spec.amiSelectorTerms.ssmParameter|"
			       "spec.amiSelectorTerms.id|spec.amiSelectorTerms."
			       "name|"
			       "spec.amiSelectorTerms.tags",
			       TAKE_TEXT },
			   { 0 } } },
		{ 0 } },
};

/* Which class it takes; nothing of its own bears on FIPS mode. */
static const struct config_table karpenter_pool = {
	.api = "karpenter.sh/",
	.kind = "NodePool NodeClaim",
};

#define BOTTLEROCKET_FIELDS                                                    \
	{ "kernel fips", "settings.boot.kernel-parameters.fips", TAKE_LIST },  \
	    { "reboot-to-reconcile", "settings.boot.reboot-to-reconcile",      \
		    TAKE_TEXT },                                               \
	{                                                                      \
		"lockdown", "settings.kernel.lockdown", TAKE_TEXT              \
	}

static const struct config_table bottlerocket = {
	.has = "settings",
	.parts = PARTS{ { &config_setting_kind, "Bottlerocket", NULL, NULL,
			    NULL, FIELDS{ BOTTLEROCKET_FIELDS, { 0 } } },
	    { 0 } },
};

static const struct table_field capa_machine[] = {
	{ "ami_type", "spec.template.spec.amiType|spec.amiType", TAKE_TEXT },
	{ "encrypted",
	    "spec.template.spec.rootVolume.encrypted|"
	    "spec.awsLaunchTemplate.rootVolume.encrypted",
	    TAKE_BOOL },
	{ "http_tokens",
	    "spec.template.spec.instanceMetadataOptions.httpTokens|"
	    "spec.awsLaunchTemplate.instanceMetadataOptions.httpTokens",
	    TAKE_TEXT },
	{ "image_id",
	    "spec.template.spec.ami.id|spec.awsLaunchTemplate.ami.id|"
	    "spec.template.spec.imageLookupFormat|"
	    "spec.template.spec.ami.eksLookupType",
	    TAKE_TEXT },
	{ 0 },
};

static const struct config_table capa = {
	.api = "infrastructure.cluster.x-k8s.io/",
	.kind = "AWSMachineTemplate AWSMachinePool",
	.parts = PARTS{ { &config_resource_kind, "machine", NULL,
			    "metadata.name", NULL, capa_machine },
	    { 0 } },
};

static const struct config_table capa_pool = {
	.api = "infrastructure.cluster.x-k8s.io/",
	.kind = "AWSManagedMachinePool",
	.parts = PARTS{ { &config_resource_kind, "eks_nodegroup", NULL,
			    "metadata.name", NULL,
			    FIELDS{ { "ami_type", "spec.amiType", TAKE_TEXT },
				{ 0 } } },
	    { 0 } },
};

static const struct config_table capa_control_plane = {
	.api = "controlplane.cluster.x-k8s.io/",
	.kind = "AWSManagedControlPlane",
	.parts =
	    PARTS{ { &config_resource_kind, "eks_cluster", NULL,
		       "metadata.name", NULL,
		       FIELDS{ { "endpoint_public_access",
				   "spec.endpointAccess.public", TAKE_BOOL },
			   { "kms_key_id", "spec.encryptionConfig.provider",
			       TAKE_TEXT },
			   { "public_access_cidrs",
			       "spec.endpointAccess.publicCIDRs", TAKE_LIST },
			   { "version", "spec.version", TAKE_TEXT }, { 0 } } },
		{ 0 } },
};

/* KubeadmControlPlane and KubeadmConfigTemplate carry kubeadm's documents. */
static const struct config_table capi_kubeadm = {
	.kind = "KubeadmControlPlane KubeadmConfigTemplate KubeadmConfig",
	.api = "",
	.parts = PARTS{ { &config_tls_kind, "kube-apiserver",
			    "spec.kubeadmConfigSpec.clusterConfiguration", NULL,
			    NULL, api_server_tls },
	    { &config_component_kind, "kube-apiserver",
		"spec.kubeadmConfigSpec.clusterConfiguration", NULL, NULL,
		api_server },
	    { &config_tls_kind, "kubelet",
		"spec.kubeadmConfigSpec.initConfiguration|"
		"spec.template.spec.joinConfiguration|"
		"spec.joinConfiguration",
		NULL, NULL, kubelet_args_tls },
	    { 0 } },
};

/* What refers to others, and holds nothing of its own that is judged. */
static const struct config_table capi_other = {
	.kind = "Cluster MachineDeployment MachinePool MachineHealthCheck "
		"AWSCluster AWSManagedCluster",
	.api = "",
	.has = "spec",
};

static const struct config_table kops_group = {
	.api = "kops.k8s.io/",
	.kind = "InstanceGroup",
	.parts =
	    PARTS{
		{ &config_resource_kind, "machine", NULL, "metadata.name", NULL,
		    FIELDS{ { "encrypted", "spec.rootVolume.encryption",
				TAKE_BOOL },
			{ "http_tokens", "spec.instanceMetadata.httpTokens",
			    TAKE_TEXT },
			{ "image_id", "spec.image", TAKE_TEXT }, { 0 } } },
		{ 0 } },
};

static const struct config_table kops_cluster = {
	.api = "kops.k8s.io/",
	.kind = "Cluster",
	.parts = PARTS{ { &config_tls_kind, "kube-apiserver", NULL,
			    "metadata.name", NULL,
			    FIELDS{ { "min_version",
					"spec.kubeAPIServer.tlsMinVersion",
					TAKE_VERSION },
				{ "suites",
				    "spec.kubeAPIServer.tlsCipherSuites",
				    TAKE_SUITES },
				{ 0 } } },
	    { &config_tls_kind, "kubelet", NULL, "metadata.name", NULL,
		FIELDS{ { "min_version", "spec.kubelet.tlsMinVersion",
			    TAKE_VERSION },
		    { "suites", "spec.kubelet.tlsCipherSuites", TAKE_SUITES },
		    { 0 } } },
	    { &config_setting_kind, "kops cluster", NULL, "metadata.name", NULL,
		FIELDS{
		    { "encryptionConfig", "spec.encryptionConfig", TAKE_TEXT },
		    { 0 } } },
	    { &config_resource_kind, "volume", "spec.etcdClusters.*", "name",
		NULL,
		FIELDS{
		    { "encrypted", "etcdMembers.encryptedVolume", TAKE_ALL },
		    { 0 } } },
	    { 0 } },
};

/* ---- OpenShift, Fedora CoreOS ---- */

static const struct config_table install_config = {
	.has = "baseDomain platform",
	.parts = PARTS{ { &config_setting_kind, "install-config", NULL,
			    "metadata.name", NULL,
			    FIELDS{ { "fips", "fips", TAKE_TEXT }, { 0 } } },
	    { &config_setting_kind, "install-config machine pool",
		"compute.*|controlPlane", "name", "platform.aws",
		FIELDS{ { "metadataService authentication",
			    "platform.aws.metadataService.authentication",
			    TAKE_TEXT },
		    { 0 } } },
	    { &config_setting_kind, "install-config control plane",
		"controlPlane", "name", "platform.aws",
		FIELDS{ { "metadataService authentication",
			    "platform.aws.metadataService.authentication",
			    TAKE_TEXT },
		    { 0 } } },
	    { 0 } },
};

static const struct config_table machine_config = {
	.api = "machineconfiguration.openshift.io/",
	.kind = "MachineConfig",
	.parts = PARTS{ { &config_setting_kind, "MachineConfig", NULL,
			    "metadata.name", NULL,
			    FIELDS{ { "fips", "spec.fips", TAKE_TEXT },
				{ "kernel arguments", "spec.kernelArguments",
				    TAKE_LIST },
				{ 0 } } },
	    { 0 } },
};

static const struct config_table butane = {
	.has = "variant version",
	.parts =
	    PARTS{
		{ &config_setting_kind, "Butane", NULL, "metadata.name", NULL,
		    FIELDS{ { "kernel arguments",
				"kernel_arguments.should_exist|"
				"openshift.kernel_arguments",
				TAKE_LIST },
			{ "openshift fips", "openshift.fips", TAKE_TEXT },
			{ 0 } } },
		{ 0 } },
};

static const struct config_table ignition = {
	.has = "ignition.version",
	.parts =
	    PARTS{ { &config_setting_kind, "Ignition", NULL, NULL, NULL,
		       FIELDS{ { "kernel arguments",
				   "kernelArguments.shouldExist", TAKE_LIST },
			   { 0 } } },
		{ 0 } },
};

/* ---- RKE2 and k3s: config.yaml ---- */

static const struct config_table rke2 = {
	.has = "kube-apiserver-arg|kubelet-arg|secrets-encryption|"
	       "protect-kernel-defaults|tls-san|write-kubeconfig-mode|"
	       "node-label|cluster-init|etcd-snapshot-schedule-cron|cni",
	.parts = PARTS{ { &config_setting_kind, "RKE2 or k3s", NULL, NULL, NULL,
			    FIELDS{ { "profile", "profile", TAKE_TEXT },
				{ "secrets-encryption", "secrets-encryption",
				    TAKE_TEXT },
				{ "secrets-encryption-provider",
				    "secrets-encryption-provider", TAKE_TEXT },
				{ "kube-apiserver-arg", "kube-apiserver-arg",
				    TAKE_LIST },
				{ "kubelet-arg", "kubelet-arg", TAKE_LIST },
				{ 0 } } },
	    { 0 } },
};

/* ---- Kubernetes manifests ---- */

#define ALB "metadata.annotations.\"alb.ingress.kubernetes.io/"
#define NGINX "metadata.annotations.\"nginx.ingress.kubernetes.io/"
#define NLB                                                                    \
	"metadata.annotations.\"service.beta.kubernetes.io/"                   \
	"aws-load-balancer-"

static const struct config_table ingress = {
	.api = "networking.k8s.io/",
	.kind = "Ingress",
	.parts =
	    PARTS{ { &config_resource_kind, "listener", NULL, "metadata.name",
		       ALB "ssl-policy\"|" ALB "certificate-arn\"|" ALB
			   "listen-ports\"|" ALB "scheme\"",
		       FIELDS{ { "protocol", "=HTTPS", TAKE_TEXT },
			   { "ssl_policy", ALB "ssl-policy\"", TAKE_TEXT },
			   { 0 } } },
		{ &config_tls_kind, "ingress-nginx", NULL, "metadata.name",
		    NGINX "ssl-ciphers\"",
		    FIELDS{ { "suites", NGINX "ssl-ciphers\"", TAKE_SUITES },
			{ 0 } } },
		{ 0 } },
};

static const struct config_table service = {
	.api = "v1",
	.kind = "Service",
	.parts =
	    PARTS{ { &config_resource_kind, "listener", NULL, "metadata.name",
		       NLB "ssl-cert\"|" NLB "ssl-negotiation-policy\"",
		       FIELDS{ { "protocol", "=TLS", TAKE_TEXT },
			   { "ssl_policy", NLB "ssl-negotiation-policy\"",
			       TAKE_TEXT },
			   { 0 } } },
		{ 0 } },
};

/* TLS that a Gateway terminates: which versions and suites are its class's. */
static const struct config_table gateway = {
	.api = "gateway.networking.k8s.io/",
	.kind = "Gateway",
	.parts =
	    PARTS{
		{ &config_tls_kind, "gateway", "spec.listeners.*", "name",
		    "tls",
		    FIELDS{
			{ "min_version",
			    "tls.options.\"gateway.envoyproxy.io/"
			    "min-tls-version\"|"
			    "tls.options.\"networking.istio.io/min-version\"",
			    TAKE_VERSION },
			{ 0 } } },
		{ 0 } },
};

static const struct config_table istio_gateway = {
	.api = "networking.istio.io/",
	.kind = "Gateway",
	.parts = PARTS{ { &config_tls_kind, "istio gateway", "spec.servers.*",
			    "port.name", "tls",
			    FIELDS{ { "min_version", "tls.minProtocolVersion",
					TAKE_TEXT },
				{ "suites", "tls.cipherSuites", TAKE_SUITES },
				{ 0 } } },
	    { 0 } },
};

static const struct config_table storage_class = {
	.api = "storage.k8s.io/",
	.kind = "StorageClass",
	.parts =
	    PARTS{
		{ &config_resource_kind, "volume", NULL, "metadata.name",
		    "parameters|provisioner",
		    FIELDS{ { "encrypted", "parameters.encrypted", TAKE_BOOL },
			{ "kms_key_id", "parameters.kmsKeyId", TAKE_TEXT },
			{ 0 } } },
		{ 0 } },
};

static const struct config_table workload = {
	.kind = "Deployment DaemonSet StatefulSet ReplicaSet Job",
	.has = "spec.template.spec.containers",
	.parts = PARTS{ PODS("spec.template.spec."), { 0 } },
};

static const struct config_table cron_job = {
	.kind = "CronJob",
	.has = "spec.jobTemplate.spec.template.spec.containers",
	.parts = PARTS{ PODS("spec.jobTemplate.spec.template.spec."), { 0 } },
};

static const struct config_table pod = {
	.api = "v1",
	.kind = "Pod",
	.has = "spec.containers",
	.parts = PARTS{ PODS("spec."), { 0 } },
};

/* Objects of Kubernetes' own groups that set nothing of cryptography. */
static const struct config_table kube_core = {
	.api = "v1",
	.kind = "Namespace ServiceAccount ResourceQuota LimitRange Endpoints "
		"PersistentVolumeClaim Event Node ReplicationController",
};

static const struct config_table kube_groups = {
	.api = "",
	.kind = "Role RoleBinding ClusterRole ClusterRoleBinding "
		"NetworkPolicy PodDisruptionBudget HorizontalPodAutoscaler "
		"PriorityClass IngressClass GatewayClass RuntimeClass "
		"CSIDriver EndpointSlice Lease HTTPRoute GRPCRoute TLSRoute "
		"ReferenceGrant ValidatingAdmissionPolicy "
		"ValidatingAdmissionPolicyBinding CustomResourceDefinition "
		"Kustomization",
};

/* What its values of one line set: of programs, or of ingress-nginx. The files
 * that it holds are read by their own readers. */
static const struct table_field map_env[] = { VARIABLES("data") };

static const struct config_table config_map = {
	.api = "v1",
	.kind = "ConfigMap",
	.parts = PARTS{ { &config_setting_kind, "container", NULL,
			    "metadata.name", "data", map_env },
	    { &config_tls_kind, "ingress-nginx", NULL, "metadata.name",
		"data.ssl-protocols|data.ssl-ciphers|data.ssl-ecdh-curve",
		FIELDS{ { "groups", "data.ssl-ecdh-curve", TAKE_GROUPS },
		    { "suites", "data.ssl-ciphers", TAKE_SUITES },
		    { "versions", "data.ssl-protocols", TAKE_VERSIONS },
		    { 0 } } },
	    { 0 } },
};

/* ---- values of well-known charts ---- */

static const struct config_table values_ingress_nginx = {
	.has = "controller.config.ssl-protocols|controller.config.ssl-ciphers|"
	       "controller.config.ssl-ecdh-curve",
	.parts =
	    PARTS{ { &config_tls_kind, "ingress-nginx", NULL, NULL, NULL,
		       FIELDS{ { "groups", "controller.config.ssl-ecdh-curve",
				   TAKE_GROUPS },
			   { "suites", "controller.config.ssl-ciphers",
			       TAKE_SUITES },
			   { "versions", "controller.config.ssl-protocols",
			       TAKE_VERSIONS },
			   { 0 } } },
		{ 0 } },
};

/* aws-load-balancer-controller: what listeners get that name none. */
static const struct config_table values_load_balancer = {
	.has = "defaultSSLPolicy",
	.parts =
	    PARTS{ { &config_resource_kind, "listener", NULL, NULL, NULL,
		       FIELDS{ { "address", "=aws-load-balancer-controller",
				   TAKE_TEXT },
			   { "protocol", "=HTTPS", TAKE_TEXT },
			   { "ssl_policy", "defaultSSLPolicy", TAKE_TEXT },
			   { 0 } } },
		{ 0 } },
};

static const struct config_table values_traefik = {
	.has = "tlsOptions.*",
	.parts =
	    PARTS{ { &config_tls_kind, "traefik", "tlsOptions.*", NULL, NULL,
		       FIELDS{ { "groups", "curvePreferences", TAKE_LIST },
			   { "max_version", "maxVersion", TAKE_VERSION },
			   { "min_version", "minVersion", TAKE_VERSION },
			   { "suites", "cipherSuites", TAKE_SUITES }, { 0 } } },
		{ 0 } },
};

static const struct config_table values_istio = {
	.has = "meshConfig.meshMTLS|meshConfig.tlsDefaults",
	.parts =
	    PARTS{ { &config_tls_kind, "istio", NULL, NULL, NULL,
		       FIELDS{ { "groups", "meshConfig.tlsDefaults.ecdhCurves",
				   TAKE_LIST },
			   { "min_version",
			       "meshConfig.meshMTLS.minProtocolVersion|"
			       "meshConfig.tlsDefaults.minProtocolVersion",
			       TAKE_VERSION },
			   { "suites",
			       "meshConfig.meshMTLS.cipherSuites|"
			       "meshConfig.tlsDefaults.cipherSuites",
			       TAKE_SUITES },
			   { 0 } } },
		{ 0 } },
};

/* ---- docker compose ---- */

static const struct table_field compose_env[] = { VARIABLES("environment") };

static const struct config_table compose = {
	.has = "services.*.image|services.*.build",
	.parts = PARTS{ { &config_setting_kind, "container", "services.*", NULL,
			    "environment", compose_env },
	    { 0 } },
};

/* ---- texts of lines ---- */

static int
parse_postgresql(
    struct documents *out, const char *p, size_t len, struct fault *f)
{
	static const struct line_syntax syntax = { .comments = "#",
		.trailing = true,
		.between = "= \t",
		.fold = true,
		.unquote = true };

	return tree_lines(out, p, len, &syntax, f);
}

static const struct config_table postgresql = {
	.parts = PARTS{ { &config_tls_kind, "postgresql", NULL, NULL, NULL,
			    FIELDS{ { "groups", "ssl_groups|ssl_ecdh_curve",
					TAKE_GROUPS },
				{ "max_version", "ssl_max_protocol_version",
				    TAKE_VERSION },
				{ "min_version", "ssl_min_protocol_version",
				    TAKE_VERSION },
				{ "suites", "ssl_ciphers", TAKE_SUITES },
				{ "suites13", "ssl_tls13_ciphers",
				    TAKE_SUITES },
				{ 0 } } },
	    { &config_setting_kind, "PostgreSQL", NULL, NULL, NULL,
		FIELDS{ { "ssl", "ssl", TAKE_TEXT },
		    { "password_encryption", "password_encryption", TAKE_TEXT },
		    { 0 } } },
	    { 0 } },
	.includes = "include|include_dir|include_if_exists",
};

static int
parse_ssh_client(
    struct documents *out, const char *p, size_t len, struct fault *f)
{
	static const struct line_syntax syntax = { .comments = "#",
		.between = "= \t",
		.fold = true,
		.unquote = true };

	return tree_lines(out, p, len, &syntax, f);
}

/* The client's lists hold host by host, the first first: each is told. */
static const struct config_table ssh_client = {
	.parts =
	    PARTS{
		{ &config_setting_kind, "ssh client", NULL, NULL, NULL,
		    FIELDS{ { "Ciphers", "ciphers", TAKE_LIST },
			{ "HostKeyAlgorithms", "hostkeyalgorithms", TAKE_LIST },
			{ "Include", "include", TAKE_STATED },
			{ "KexAlgorithms", "kexalgorithms", TAKE_LIST },
			{ "MACs", "macs", TAKE_LIST },
			{ "StrictHostKeyChecking", "stricthostkeychecking",
			    TAKE_LIST },
			{ 0 } } },
		{ 0 } },
};

static int
parse_properties(
    struct documents *out, const char *p, size_t len, struct fault *f)
{
	static const struct line_syntax syntax = {
		.comments = "#!", .between = "=:", .continues = true
	};

	return tree_lines(out, p, len, &syntax, f);
}

static const struct config_table java_security = {
	.parts =
	    PARTS{
		{ &config_setting_kind, "java.security", NULL, NULL, NULL,
		    FIELDS{ { "security.provider.1", "\"security.provider.1\"",
				TAKE_TEXT },
			{ "fips.provider.1", "\"fips.provider.1\"", TAKE_TEXT },
			{ "security.useSystemPropertiesFile",
			    "\"security.useSystemPropertiesFile\"", TAKE_TEXT },
			{ "keystore.type", "\"keystore.type\"", TAKE_TEXT },
			{ 0 } } },
		{ 0 } },
};

static int
parse_policy(struct documents *out, const char *p, size_t len, struct fault *f)
{
	static const struct line_syntax syntax = { .comments = "#",
		.trailing = true,
		.between = "=",
		.continues = true };

	return tree_lines(out, p, len, &syntax, f);
}

static const struct config_table crypto_policy = {
	.parts =
	    PARTS{ { &config_setting_kind, "crypto policy", NULL, NULL, NULL,
		       FIELDS{ { "cipher", "cipher", TAKE_TEXT },
			   { "group", "group", TAKE_TEXT },
			   { "hash", "hash", TAKE_TEXT },
			   { "mac", "mac", TAKE_TEXT },
			   { "min_rsa_size", "min_rsa_size", TAKE_TEXT },
			   { "protocol", "protocol", TAKE_TEXT },
			   { "sign", "sign", TAKE_TEXT }, { 0 } } },
		{ 0 } },
};

static int
parse_unit(struct documents *out, const char *p, size_t len, struct fault *f)
{
	static const struct line_syntax syntax = { .comments = "#;",
		.between = "=",
		.sections = true,
		.continues = true };

	return tree_lines(out, p, len, &syntax, f);
}

static const struct table_field unit_env[] = { VARIABLES(
    "Service.Environment|Manager.DefaultEnvironment") };

/* What a command sets for itself: "env NAME=value program". */
static const struct table_field unit_start[] = { VARIABLES(
    "Service.ExecStart") };

static const struct config_table systemd = {
	.has = "Unit|Service|Socket|Timer|Mount|Install|Path|Manager",
	.parts = PARTS{ { &config_setting_kind, "systemd unit", NULL, NULL,
			    "Service.Environment|Manager.DefaultEnvironment",
			    unit_env },
	    { &config_setting_kind, "systemd unit", NULL, NULL,
		"Service.ExecStart", unit_start },
	    { &config_setting_kind, "systemd unit", NULL, NULL,
		"Service.EnvironmentFile",
		FIELDS{ { "EnvironmentFile", "Service.EnvironmentFile",
			    TAKE_STATED },
		    { 0 } } },
	    { 0 } },
};

/* ---- what a text looks like: the first word of one of its lines ---- */

static bool
has_line(struct span text, const char *words)
{
	struct span line, rest, word;

	while (span_line(&text, &line)) {
		size_t n = 0;

		line = span_trim(line);
		while (n < line.len && line.p[n] != ' ' && line.p[n] != '\t' &&
		       line.p[n] != '=' && line.p[n] != ':')
			n++;
		rest = span_of(words);
		while (n > 0 && span_word(&rest, &word))
			if (word.len == n &&
			    strncasecmp(word.p, line.p, n) == 0)
				return true;
	}
	return false;
}

static bool
looks_postgresql(struct span text)
{
	return has_line(text,
	    "ssl_min_protocol_version ssl_cert_file shared_buffers "
	    "listen_addresses hba_file max_wal_size");
}

static bool
looks_ssh_client(struct span text)
{
	return has_line(text, "host") && !has_line(text, "<virtualhost");
}

static bool
looks_java(struct span text)
{
	return has_line(text,
	    "security.provider.1 fips.provider.1 jdk.tls.disabledAlgorithms "
	    "security.useSystemPropertiesFile");
}

static bool
looks_unit(struct span text)
{
	return has_line(text, "[unit] [service] [socket] [timer] [manager]");
}

/* "[settings" begins a table of Bottlerocket's; "[plugins" and "version = 2"
 * are containerd's. */
static bool
looks_toml(struct span text)
{
	struct span line;

	while (span_line(&text, &line)) {
		line = span_trim(line);
		if (span_starts(line, "[settings.") ||
		    span_starts(line, "[settings]"))
			return true;
	}
	return false;
}

extern const struct config_type config_table_types[]; /* in config_type.c */

const struct config_type config_table_types[] = {
	{ .name = "kubeadm", .table = &kubeadm_cluster },
	{ .name = "kubeadm", .table = &kubeadm_cluster_old },
	{ .name = "kubeadm", .table = &kubeadm_init },
	{ .name = "kubeadm", .table = &kubeadm_join },
	{ .name = "kubeadm", .table = &kubeadm_node_old },
	{ .name = "nodeadm", .table = &nodeadm },
	{ .name = "karpenter", .table = &karpenter_class },
	{ .name = "karpenter", .table = &karpenter_pool },
	{ .name = "kops", .table = &kops_group },
	{ .name = "kops", .table = &kops_cluster },
	{ .name = "cluster-api", .table = &capa },
	{ .name = "cluster-api", .table = &capa_pool },
	{ .name = "cluster-api", .table = &capa_control_plane },
	{ .name = "cluster-api", .table = &capi_kubeadm },
	{ .name = "cluster-api", .table = &capi_other },
	{ .name = "install-config", .table = &install_config },
	{ .name = "machine-config", .table = &machine_config },
	{ .name = "butane", .table = &butane },
	{ .name = "ignition", .table = &ignition },
	{ .name = "kubernetes", .table = &ingress },
	{ .name = "kubernetes", .table = &service },
	{ .name = "kubernetes", .table = &gateway },
	{ .name = "kubernetes", .table = &istio_gateway },
	{ .name = "kubernetes", .table = &storage_class },
	{ .name = "kubernetes", .table = &workload },
	{ .name = "kubernetes", .table = &cron_job },
	{ .name = "kubernetes", .table = &pod },
	{ .name = "kubernetes", .table = &config_map },
	{ .name = "kubernetes", .table = &kube_core },
	{ .name = "kubernetes", .table = &kube_groups },
	{ .name = "helm-values", .table = &values_ingress_nginx },
	{ .name = "helm-values", .table = &values_load_balancer },
	{ .name = "helm-values", .table = &values_traefik },
	{ .name = "helm-values", .table = &values_istio },
	{ .name = "compose", .table = &compose },
	{ .name = "rke2", .table = &rke2 },
	{ .name = "bottlerocket",
	    .looks = looks_toml,
	    .parse = tree_toml,
	    .table = &bottlerocket },
	{ .name = "crypto-policy",
	    .names = "*.pol *.pmod",
	    .parse = parse_policy,
	    .table = &crypto_policy },
	{ .name = "java-security",
	    .names = "java.security",
	    .looks = looks_java,
	    .parse = parse_properties,
	    .table = &java_security },
	{ .name = "postgresql",
	    .names = "postgresql.conf postgresql.auto.conf",
	    .looks = looks_postgresql,
	    .parse = parse_postgresql,
	    .table = &postgresql },
	{ .name = "ssh-client",
	    .names = "ssh_config",
	    .looks = looks_ssh_client,
	    .parse = parse_ssh_client,
	    .table = &ssh_client },
	{ .name = "systemd",
	    .names = "*.service *.socket *.timer *.mount",
	    .looks = looks_unit,
	    .parse = parse_unit,
	    .table = &systemd },
	{ 0 },
};
