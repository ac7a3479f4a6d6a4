/*
 * What exhibit keeps of a cluster. Only these columns ever enter a store: no
 * annotation, label, environment value or field beyond those named, and of a
 * Secret nothing but its name and type. A column whose source begins with a
 * dot is read from that place of the object (resources.c says of which); the
 * others are made by the functions of project*.c.
 * Facts: Kubernetes API reference 1.32; AWS Load Balancer Controller guide;
 * EKS user guide.
 */
#include "collector/kube/kube_kinds.h"

#include "collector/kit/columns.h"

#define NAME_COLUMNS                                                           \
	{ "name", T, ".metadata.name", "its name" },                           \
	{                                                                      \
		"namespace", T, ".metadata.namespace", "its namespace"         \
	}
#define LABEL(s) ".metadata.labels[\"" s "\"]"
#define NOTE(s) ".metadata.annotations[\"" s "\"]"
#define ALB(s) NOTE("alb.ingress.kubernetes.io/" s)
#define NLB(s) NOTE("service.beta.kubernetes.io/aws-load-balancer-" s)

static const struct column cluster_columns[] = {
	{ "git_version", T, ".gitVersion", "Kubernetes version" },
	{ "go_version", T, ".goVersion", "Go that built the API server" },
	{ "platform", T, ".platform", "system and machine" },
	END,
};
const struct kind kube_cluster_kind = { "kube.cluster",
	"the API server and its version", "cluster name",
	"get /version (system:public-info-viewer has it)", cluster_columns };

static const struct column api_group_columns[] = {
	{ "cluster", J, ".versions[].resources[]",
	    "names of its resources that have no namespace" },
	{ "namespaced", J, ".versions[].resources[]",
	    "names of those that have one" },
	END,
};
const struct kind kube_api_group_kind = { "kube.api_group",
	"an API group that the server serves, and which of its resources have "
	"namespaces",
	"API group; core: the one without a name",
	"get /api, /apis (system:discovery has them)", api_group_columns };

static const struct column list_columns[] = {
	{ "group", T, "resources.c", "API group, empty for the core group" },
	{ "kind", T, "resources.c", "kind of evidence made of it" },
	{ "requested_again", B, "the run",
	    "it was empty where the run before had things, and was asked a "
	    "second time; null: it was not" },
	{ "resource", T, "resources.c", "resource that was listed" },
	END,
};
const struct kind kube_list_kind = { "kube.list",
	"a list asked of the API server; observed: it came whole, absent: its "
	"API is not installed",
	"resource.group", "what the list needs", list_columns };

static const struct column node_columns[] = {
	{ "architecture", T, ".status.nodeInfo.architecture", "machine" },
	{ "boot_id", T, ".status.nodeInfo.bootID",
	    "one boot of its kernel; the same in node.boot_id" },
	{ "capacity_type", T, LABEL("eks.amazonaws.com/capacityType"),
	    "label; ON_DEMAND, SPOT" },
	{ "compute_type", T, LABEL("eks.amazonaws.com/compute-type"),
	    "label; auto, fargate, hybrid" },
	{ "container_runtime", T, ".status.nodeInfo.containerRuntimeVersion",
	    "container runtime and version" },
	{ "fips_labels", J, "labels whose name holds fips",
	    "their names and values; whoever may patch nodes may set them" },
	{ "instance_id", T, ".spec.providerID aws://",
	    "EC2 instance, null when the provider is not AWS" },
	{ "instance_type", T, LABEL("node.kubernetes.io/instance-type"),
	    "label" },
	{ "kernel_version", T, ".status.nodeInfo.kernelVersion", "uname -r" },
	{ "kubelet_version", T, ".status.nodeInfo.kubeletVersion", "kubelet" },
	{ "node_group", T, LABEL("eks.amazonaws.com/nodegroup"), "label" },
	{ "node_group_image", T, LABEL("eks.amazonaws.com/nodegroup-image"),
	    "label; AMI id" },
	{ "node_pool", T, LABEL("karpenter.sh/nodepool"), "label" },
	{ "operating_system", T, ".status.nodeInfo.operatingSystem",
	    "linux or windows" },
	{ "os_image", T, ".status.nodeInfo.osImage",
	    "PRETTY_NAME of os-release" },
	{ "provider_id", T, ".spec.providerID", "what the cloud calls it" },
	{ "region", T, LABEL("topology.kubernetes.io/region"), "label" },
	{ "zone", T, LABEL("topology.kubernetes.io/zone"), "label" },
	END,
};
const struct kind kube_node_kind = { "kube.node",
	"a node as the API server knows it", "node name", "list nodes",
	node_columns };

static const struct column namespace_columns[] = {
	{ "audit", T, LABEL("pod-security.kubernetes.io/audit"),
	    "Pod Security level that is audited" },
	{ "enforce", T, LABEL("pod-security.kubernetes.io/enforce"),
	    "Pod Security level that is enforced" },
	{ "enforce_version", T,
	    LABEL("pod-security.kubernetes.io/enforce-version"),
	    "of which Kubernetes version" },
	{ "warn", T, LABEL("pod-security.kubernetes.io/warn"),
	    "Pod Security level that is warned of" },
	END,
};
const struct kind kube_namespace_kind = { "kube.namespace",
	"a namespace and its Pod Security levels", "namespace",
	"list namespaces", namespace_columns };

static const struct column role_columns[] = {
	{ "aggregated", B, ".aggregationRule",
	    "true: a controller fills its rules from other roles; they are "
	    "here as served" },
	{ "builtin", B, LABEL("kubernetes.io/bootstrapping"),
	    "true: labelled as one the API server makes itself" },
	{ "kind", T, "resources.c", "ClusterRole or Role" },
	NAME_COLUMNS,
	{ "rules", J, ".rules",
	    "apiGroups, nonResourceURLs, resourceNames, resources and verbs "
	    "of each, sorted" },
	END,
};
const struct kind kube_role_kind = { "kube.role",
	"an RBAC role or cluster role", "Role/NAMESPACE/NAME, ClusterRole/NAME",
	"list roles, clusterroles (rbac.authorization.k8s.io)", role_columns };

static const struct column binding_columns[] = {
	{ "builtin", B, LABEL("kubernetes.io/bootstrapping"),
	    "true: labelled as one the API server makes itself" },
	{ "kind", T, "resources.c", "ClusterRoleBinding or RoleBinding" },
	NAME_COLUMNS,
	{ "role", T, ".roleRef", "key of the role that is bound" },
	{ "subjects", J, ".subjects",
	    "kind and name of each; of a ServiceAccount "
	    "system:serviceaccount:NAMESPACE:NAME" },
	END,
};
const struct kind kube_binding_kind = { "kube.binding",
	"an RBAC role binding or cluster role binding",
	"RoleBinding/NAMESPACE/NAME, ClusterRoleBinding/NAME",
	"list rolebindings, clusterrolebindings (rbac.authorization.k8s.io)",
	binding_columns };

static const struct column service_account_columns[] = {
	{ "automount", B, ".automountServiceAccountToken",
	    "false: pods get no token unless they ask; null: they do" },
	NAME_COLUMNS,
	{ "role_arn", T, NOTE("eks.amazonaws.com/role-arn"),
	    "IAM role of its pods (IRSA)" },
	{ "sts_regional", T, NOTE("eks.amazonaws.com/sts-regional-endpoints"),
	    "annotation" },
	END,
};
const struct kind kube_service_account_kind = { "kube.service_account",
	"a service account", "NAMESPACE/NAME", "list serviceaccounts",
	service_account_columns };

static const struct column workload_columns[] = {
	{ "automount", B, "pod spec .automountServiceAccountToken",
	    "null: as its service account says" },
	{ "containers", J,
	    "pod spec .containers, .initContainers, .ephemeralContainers",
	    "name, image (without user and password), init (it ends before "
	    "the others begin), privileged; env: whitelisted variables and "
	    "their values; env_ref: those taken from elsewhere; env_from: "
	    "names of config maps and secrets" },
	{ "host_ipc", B, "pod spec .hostIPC", "shares the node's IPC" },
	{ "host_network", B, "pod spec .hostNetwork",
	    "shares the node's network" },
	{ "host_paths", J, "pod spec .volumes[].hostPath.path",
	    "folders of the node it mounts" },
	{ "host_pid", B, "pod spec .hostPID", "shares the node's processes" },
	{ "kind", T, "resources.c",
	    "Deployment, DaemonSet, ..., Pod; Pods: pods of controllers that "
	    "run otherwise than any of their namespace asks for, those that "
	    "are equal together" },
	NAME_COLUMNS,
	{ "privileged", B, "pod spec securityContext.privileged",
	    "some container is privileged" },
	{ "service_account", T, "pod spec .serviceAccountName",
	    "service account of its pods" },
	END,
};
const struct kind kube_workload_kind = { "kube.workload",
	"a controller, or a pod without one, and what its pods run",
	"KIND/NAMESPACE/NAME, Pods/NAMESPACE/CONTAINER/NUMBER",
	"list deployments, daemonsets, statefulsets, replicasets (apps), jobs, "
	"cronjobs (batch), replicationcontrollers, pods",
	workload_columns };

static const struct column image_columns[] = {
	{ "digest", T, "pod status imageID", "null: no pod reported one yet" },
	{ "namespaces", J, "pods", "where it runs, at most 64" },
	{ "references", J, "pod status image",
	    "names under which it runs, at most 64" },
	END,
};
const struct kind kube_image_kind = { "kube.image",
	"a container image that pods run", "REPOSITORY@DIGEST", "list pods",
	image_columns };

static const struct column storage_class_columns[] = {
	{ "default_class", T,
	    NOTE("storageclass.kubernetes.io/is-default-class"),
	    "true: used where a claim names none" },
	{ "encrypted", T, ".parameters encrypted",
	    "as written; the EBS driver's default is false" },
	{ "kms_key", T, ".parameters kmsKeyId",
	    "null: the account's key of EBS" },
	{ "mount_options", J, ".mountOptions",
	    "those that bear on encryption in transit; \"other\" for another" },
	{ "provisioner", T, ".provisioner", "driver" },
	{ "type", T, ".parameters type", "volume type" },
	END,
};
const struct kind kube_storage_class_kind = { "kube.storage_class",
	"a storage class", "name", "list storageclasses (storage.k8s.io)",
	storage_class_columns };

static const struct column volume_columns[] = {
	{ "claim", T, ".spec.claimRef", "NAMESPACE/NAME of the claim" },
	{ "driver", T, ".spec.csi.driver or the volume's type", "driver" },
	{ "storage_class", T, ".spec.storageClassName", "its class" },
	{ "volume_id", T, ".spec.csi.volumeHandle, .awsElasticBlockStore",
	    "what the driver calls it; of EBS the volume's id" },
	END,
};
const struct kind kube_volume_kind = { "kube.volume", "a persistent volume",
	"name", "list persistentvolumes", volume_columns };

static const struct column claim_columns[] = {
	NAME_COLUMNS,
	{ "storage_class", T, ".spec.storageClassName", "its class" },
	{ "volume", T, ".spec.volumeName", "volume it is bound to" },
	END,
};
const struct kind kube_claim_kind = { "kube.claim", "a persistent volume claim",
	"NAMESPACE/NAME", "list persistentvolumeclaims", claim_columns };

static const struct column ingress_columns[] = {
	{ "certificate_arn", T, ALB("certificate-arn"), "annotation" },
	{ "class", T,
	    ".spec.ingressClassName or annotation kubernetes.io/ingress.class",
	    "ingress class" },
	{ "hosts", J, ".spec.rules[].host", "names it serves" },
	{ "listen_ports", T, ALB("listen-ports"), "annotation" },
	{ "mutual_authentication", T, ALB("mutual-authentication"),
	    "annotation" },
	NAME_COLUMNS,
	{ "scheme", T, ALB("scheme"), "annotation" },
	{ "ssl_policy", T, ALB("ssl-policy"), "annotation" },
	{ "ssl_redirect", T, ALB("ssl-redirect"), "annotation" },
	{ "tls_hosts", J, ".spec.tls[].hosts", "names with a certificate" },
	END,
};
const struct kind kube_ingress_kind = { "kube.ingress", "an ingress",
	"NAMESPACE/NAME", "list ingresses (networking.k8s.io)",
	ingress_columns };

static const struct column ingress_class_columns[] = {
	{ "controller", T, ".spec.controller", "who serves its ingresses" },
	{ "default_class", T,
	    NOTE("ingressclass.kubernetes.io/is-default-class"),
	    "true: used where an ingress names none" },
	{ "parameters", T, ".spec.parameters.name",
	    "name of the settings it has, as of IngressClassParams" },
	{ "parameters_kind", T, ".spec.parameters.kind", "their kind" },
	END,
};
const struct kind kube_ingress_class_kind = { "kube.ingress_class",
	"an ingress class", "name", "list ingressclasses (networking.k8s.io)",
	ingress_class_columns };

static const struct column kubelet_columns[] = {
	{ "anonymous", B, ".kubeletconfig.authentication.anonymous.enabled",
	    "true: answers whoever has no credential" },
	{ "authorization_mode", T, ".kubeletconfig.authorization.mode",
	    "Webhook, or AlwaysAllow" },
	{ "protect_kernel_defaults", B, ".kubeletconfig.protectKernelDefaults",
	    "refuses to change kernel settings" },
	{ "read_only_port", I, ".kubeletconfig.readOnlyPort",
	    "port without TLS; 0 or null: none" },
	{ "rotate_certificates", B, ".kubeletconfig.rotateCertificates",
	    "asks for new client certificates by itself" },
	{ "server_tls_bootstrap", B, ".kubeletconfig.serverTLSBootstrap",
	    "has its serving certificate signed by the cluster" },
	{ "tls_cipher_suites", J, ".kubeletconfig.tlsCipherSuites",
	    "suites of TLS 1.2 it serves; null: Go's own choice" },
	{ "tls_min_version", T, ".kubeletconfig.tlsMinVersion",
	    "null: Go's default, TLS 1.2" },
	END,
};
const struct kind kube_kubelet_kind = { "kube.kubelet",
	"the configuration a kubelet runs with; with --configz only",
	"node name",
	"get nodes/proxy, with which its holder can run commands in every pod: "
	"give it knowingly",
	kubelet_columns };

static const struct column service_columns[] = {
	{ "backend_protocol", T, NLB("backend-protocol"), "annotation" },
	{ "balancer_class", T, ".spec.loadBalancerClass", "who serves it" },
	{ "balancer_type", T, NLB("type"), "annotation" },
	NAME_COLUMNS,
	{ "ports", J, ".spec.ports[].port", "ports it serves" },
	{ "scheme", T, NLB("scheme"), "annotation" },
	{ "ssl_cert", T, NLB("ssl-cert"), "annotation; certificate ARN" },
	{ "ssl_policy", T, NLB("ssl-negotiation-policy"), "annotation" },
	{ "ssl_ports", T, NLB("ssl-ports"), "annotation" },
	END,
};
const struct kind kube_service_kind = { "kube.service",
	"a service of type LoadBalancer", "NAMESPACE/NAME", "list services",
	service_columns };

static const struct column load_balancer_columns[] = {
	{ "certificate_arns", J, ".spec.certificateArn",
	    "certificates it sets" },
	{ "kind", T, "resources.c",
	    "IngressClassParams or LoadBalancerConfiguration" },
	{ "listeners", J, ".spec.listenerConfigurations",
	    "protocol and port, and the TLS policy of each" },
	NAME_COLUMNS,
	{ "scheme", T, ".spec.scheme", "internal or internet-facing" },
	{ "ssl_policy", T, ".spec.sslPolicy",
	    "overrides the annotation of an ingress" },
	END,
};
const struct kind kube_load_balancer_kind = { "kube.load_balancer",
	"settings of the AWS Load Balancer Controller",
	"IngressClassParams/NAME, LoadBalancerConfiguration/NAMESPACE/NAME",
	"list ingressclassparams (elbv2.k8s.aws), loadbalancerconfigurations "
	"(gateway.k8s.aws)",
	load_balancer_columns };

static const struct column config_map_columns[] = {
	{ "accounts", J, ".data.mapAccounts", "AWS accounts trusted whole" },
	{ "readable", B, "the YAML in it",
	    "false: some of it is no list in YAML and is not here" },
	{ "roles", J, ".data.mapRoles",
	    "arn, username and groups of each IAM role" },
	{ "users", J, ".data.mapUsers",
	    "arn, username and groups of each IAM user" },
	END,
};
const struct kind kube_config_map_kind = { "kube.config_map",
	"aws-auth, the config map that maps IAM to users and groups; no other "
	"is read",
	"NAMESPACE/NAME", "get configmaps kube-system/aws-auth",
	config_map_columns };

static const struct column custom_columns[] = {
	{ "fields", J, "resources.c",
	    "the fields that are named there, as they are in the object" },
	{ "group", T, "resources.c", "API group" },
	{ "kind", T, "resources.c", "NetworkPolicy, PeerAuthentication, ..." },
	NAME_COLUMNS,
	END,
};
const struct kind kube_custom_kind = { "kube.custom",
	"an object of a further resource, custom ones among them, with the "
	"fields that bear on encryption",
	"KIND/NAMESPACE/NAME, KIND/NAME",
	"list networkpolicies (networking.k8s.io), peerauthentications "
	"(security.istio.io), apiservers (config.openshift.io), "
	"felixconfigurations (crd.projectcalico.org), certificates "
	"(cert-manager.io), gateways (gateway.networking.k8s.io), nodepools "
	"(karpenter.sh)",
	custom_columns };

static const struct column webhook_columns[] = {
	{ "kind", T, "resources.c",
	    "MutatingWebhookConfiguration or ValidatingWebhookConfiguration" },
	{ "name", T, ".metadata.name", "its name" },
	{ "webhooks", J, ".webhooks",
	    "name, failure_policy, to (service or host), operations and "
	    "resources of each" },
	END,
};
const struct kind kube_webhook_kind = { "kube.webhook",
	"an admission webhook configuration", "KIND/NAME",
	"list mutatingwebhookconfigurations, validatingwebhookconfigurations "
	"(admissionregistration.k8s.io)",
	webhook_columns };

static const struct column node_class_columns[] = {
	{ "ami_family", T, ".spec.amiFamily", "Karpenter: operating system" },
	{ "ami_terms", J, ".spec.amiSelectorTerms",
	    "alias, id, name, owner and SSM parameter of each" },
	{ "fips", B, ".spec.advancedSecurity.fips",
	    "EKS Auto Mode: FIPS images are asked for" },
	{ "http_tokens", T, ".spec.metadataOptions.httpTokens",
	    "required: IMDSv2 only" },
	{ "kind", T, "resources.c", "EC2NodeClass or NodeClass" },
	{ "kms_key", T, ".spec.ephemeralStorage.kmsKeyID",
	    "EKS Auto Mode: key of the nodes' disks" },
	{ "name", T, ".metadata.name", "its name" },
	{ "role", T, ".spec.role", "IAM role of its nodes" },
	{ "volumes", J, ".spec.blockDeviceMappings",
	    "device, encrypted and kms_key of each" },
	END,
};
const struct kind kube_node_class_kind = { "kube.node_class",
	"what Karpenter or EKS Auto Mode makes nodes of", "KIND/NAME",
	"list ec2nodeclasses (karpenter.k8s.aws), nodeclasses "
	"(eks.amazonaws.com)",
	node_class_columns };

static const struct column secret_columns[] = {
	NAME_COLUMNS,
	{ "type", T, "field selector type=",
	    "null: none of those that are asked for by name" },
	END,
};
const struct kind kube_secret_kind = { "kube.secret",
	"that a secret is there; its data is never requested; with --secrets "
	"only",
	"NAMESPACE/NAME",
	"list secrets, which RBAC cannot part from reading them: give it "
	"knowingly",
	secret_columns };

const struct kind *const kube_kinds[] = { KUBE_KINDS, NULL };
