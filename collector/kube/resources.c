/* See resources.h. Paths: Kubernetes API reference 1.32, karpenter.sh 1.x,
 * AWS Load Balancer Controller 2.x and 3.x, EKS Auto Mode. */
#include "collector/kube/resources.h"

#include <stddef.h>

#include "collector/kube/agents.h"
#include "collector/kube/kube_kinds.h"

/* A metadata-only answer has no data, stringData or spec. */
#define METADATA_ONLY                                                          \
	"application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

/* Aggregated discovery: kubernetes.io/docs/concepts/overview/kubernetes-api.
 * Versions 1.26 to 1.29 know v2beta1 alone. */
#define DISCOVERY(v)                                                           \
	"application/json;g=apidiscovery.k8s.io;v=" v                          \
	";as=APIGroupDiscoveryList"
#define DISCOVERED(p)                                                          \
	{                                                                      \
		.kind = &kube_api_group_kind, .group = "", .name = p,          \
		.path = "/" p, .list = "APIGroupDiscoveryList",                \
		.keep = keep_api_group,                                        \
		.accept = DISCOVERY("v2") "," DISCOVERY("v2beta1"),            \
		.optional = true, .url = true, .fill = fill_api_group          \
	}

#define RBAC "rbac.authorization.k8s.io"
#define RBAC_PATH "/apis/" RBAC "/v1/"
#define ADMISSION "admissionregistration.k8s.io"

#define NAMES "metadata.name", "metadata.namespace"
#define OWNED NAMES, "metadata.ownerReferences"

static const char *const keep_api_group[] = { "metadata.name",
	"versions.resources.resource", "versions.resources.scope", NULL };
static const char *const keep_names[] = { NAMES, NULL };
static const char *const keep_labelled[] = { NAMES, "metadata.labels", NULL };
#define NODE_INFO(s) "status.nodeInfo." s
static const char *const keep_node[] = { NAMES, "metadata.labels",
	"spec.providerID", NODE_INFO("architecture"), NODE_INFO("bootID"),
	NODE_INFO("containerRuntimeVersion"), NODE_INFO("kernelVersion"),
	NODE_INFO("kubeletVersion"), NODE_INFO("operatingSystem"),
	NODE_INFO("osImage"), NULL };
static const char *const keep_role[] = { NAMES, "metadata.labels", "rules",
	"aggregationRule", NULL };
static const char *const keep_binding[] = { NAMES, "metadata.labels", "roleRef",
	"subjects", NULL };
static const char *const keep_noted[] = { NAMES, "metadata.annotations",
	"automountServiceAccountToken", NULL };

/* Of a pod only this: not what its containers are fed. */
#define CONTAINERS(p)                                                          \
	p ".name", p ".image", p ".env", p ".envFrom",                         \
	    p ".securityContext.privileged", p ".restartPolicy"
#define POD(p)                                                                 \
	CONTAINERS(p "containers"), CONTAINERS(p "initContainers"),            \
	    CONTAINERS(p "ephemeralContainers"), p "volumes.hostPath",         \
	    p "hostNetwork", p "hostPID", p "hostIPC", p "serviceAccountName", \
	    p "automountServiceAccountToken"
static const char *const keep_workload[] = { OWNED, POD("spec.template.spec."),
	NULL };
static const char *const keep_cron_job[] = { OWNED,
	POD("spec.jobTemplate.spec.template.spec."), NULL };
#define STATUSES(s) s ".image", s ".imageID"
#define APP(s) "metadata.labels[\"app.kubernetes.io/" s "\"]"
#define CONTROLLER(s) "metadata.ownerReferences." s
#define RUNS                                                                   \
	"metadata.namespace", CONTROLLER("apiVersion"), CONTROLLER("kind"),    \
	    CONTROLLER("controller"), APP("name"), APP("component"),           \
	    POD("spec."), STATUSES("status.containerStatuses"),                \
	    STATUSES("status.initContainerStatuses"),                          \
	    STATUSES("status.ephemeralContainerStatuses")
static const char *const alike_pod[] = { "?metadata.name", RUNS, NULL };
static const char *const keep_pod[] = { "metadata.name", "metadata.uid",
	"metadata.deletionTimestamp", CONTROLLER("uid"), "spec.nodeName",
	"status.phase", RUNS, NULL };
static const char *const keep_daemon_set[] = { OWNED, "metadata.uid",
	"metadata.labels", POD("spec.template.spec."), NULL };

static const char *const keep_storage_class[] = { NAMES, "metadata.annotations",
	"provisioner", "parameters", "mountOptions", NULL };
static const char *const keep_spec[] = { NAMES, "spec", NULL };
static const char *const keep_claim[] = { NAMES, "spec.storageClassName",
	"spec.volumeName", NULL };
static const char *const keep_ingress[] = { NAMES, "metadata.annotations",
	"spec.ingressClassName", "spec.rules", "spec.tls", NULL };
static const char *const keep_ingress_class[] = { NAMES, "metadata.annotations",
	"spec.controller", "spec.parameters", NULL };
static const char *const keep_service[] = { NAMES, "metadata.annotations",
	"spec.type", "spec.loadBalancerClass", "spec.ports", NULL };
static const char *const keep_webhook[] = { NAMES, "webhooks", NULL };
static const char *const keep_aws_auth[] = { NAMES, "data.mapRoles",
	"data.mapUsers", "data.mapAccounts", NULL };
static const char *const keep_node_class[] = { NAMES, "spec.amiFamily",
	"spec.amiSelectorTerms", "spec.advancedSecurity.fips",
	"spec.metadataOptions", "spec.ephemeralStorage", "spec.role",
	"spec.blockDeviceMappings", NULL };

/*
 * Objects of which the fields named here are kept as they are: enumerations,
 * numbers and names, no free text. A further resource is a line in this table
 * and one in kube_resources.
 */
static const char *const keep_network_policy[] = { NAMES, "spec.podSelector",
	"spec.policyTypes", "spec.ingress.ports.port",
	"spec.ingress.from.ipBlock.cidr", "spec.egress.to.ipBlock.cidr",
	"spec.egress.ports.port", NULL };
static const char *const keep_peer_authentication[] = { NAMES, "spec.mtls.mode",
	"spec.portLevelMtls", "spec.selector.matchLabels", NULL };
static const char *const keep_openshift_api[] = { NAMES, "spec.encryption.type",
	"spec.tlsSecurityProfile.type",
	"spec.tlsSecurityProfile.custom.ciphers",
	"spec.tlsSecurityProfile.custom.minTLSVersion", NULL };
static const char *const keep_felix[] = { NAMES, "spec.wireguardEnabled",
	"spec.wireguardEnabledV6", NULL };
static const char *const keep_certificate[] = { NAMES,
	"spec.privateKey.algorithm", "spec.privateKey.size",
	"spec.issuerRef.group", "spec.issuerRef.kind", "spec.issuerRef.name",
	NULL };
static const char *const keep_gateway[] = { NAMES, "spec.gatewayClassName",
	"spec.listeners.name", "spec.listeners.port", "spec.listeners.protocol",
	"spec.listeners.tls.mode", NULL };
static const char *const keep_node_pool[] = { NAMES,
	"spec.template.spec.nodeClassRef", NULL };
#define CUSTOM(g, v, n, k, keeps)                                              \
	{                                                                      \
		.kind = &kube_custom_kind, .group = g, .name = n,              \
		.path = "/apis/" g "/" v "/" n, .list = k "List",              \
		.keep = keeps, .object = k, .optional = true,                  \
		.fill = fill_custom                                            \
	}

#define WORKLOAD(g, n, p, k, keeps)                                            \
	{                                                                      \
		.kind = &kube_workload_kind, .group = g, .name = n, .path = p, \
		.list = k "List", .keep = keeps, .object = k,                  \
		.wanted = no_controller, .fill = fill_workload,                \
		.also = template_note, .forget = template_forget               \
	}

/* One list a type, because a metadata-only answer does not tell it. */
#define SECRET(type, selector)                                                 \
	{                                                                      \
		.kind = &kube_secret_kind, .group = "", .name = "secrets",     \
		.path = "/api/v1/secrets?fieldSelector=" selector,             \
		.list = "PartialObjectMetadataList", .keep = keep_names,       \
		.option = "secrets", .accept = METADATA_ONLY,                  \
		.fill = fill_secret, .constant = type                          \
	}
#define TYPE_OPAQUE "Opaque"
#define TYPE_TLS "kubernetes.io/tls"
#define TYPE_TOKEN "kubernetes.io/service-account-token"
#define TYPE_DOCKER "kubernetes.io/dockerconfigjson"
#define TYPE_HELM "helm.sh/release.v1"

const struct resource kube_resources[] = {
	DISCOVERED("api"),
	DISCOVERED("apis"),
	{ .kind = &kube_node_kind,
	    .group = "",
	    .name = "nodes",
	    .path = "/api/v1/nodes",
	    .list = "NodeList",
	    .keep = keep_node,
	    .fill = fill_node,
	    .also = agents_note_node,
	    .forget = agents_forget_nodes },
	{ .kind = &kube_namespace_kind,
	    .group = "",
	    .name = "namespaces",
	    .path = "/api/v1/namespaces",
	    .list = "NamespaceList",
	    .keep = keep_labelled },
	{ .kind = &kube_role_kind,
	    .group = RBAC,
	    .name = "clusterroles",
	    .path = RBAC_PATH "clusterroles",
	    .list = "ClusterRoleList",
	    .keep = keep_role,
	    .object = "ClusterRole",
	    .fill = fill_role },
	{ .kind = &kube_role_kind,
	    .group = RBAC,
	    .name = "roles",
	    .path = RBAC_PATH "roles",
	    .list = "RoleList",
	    .keep = keep_role,
	    .object = "Role",
	    .fill = fill_role },
	{ .kind = &kube_binding_kind,
	    .group = RBAC,
	    .name = "clusterrolebindings",
	    .path = RBAC_PATH "clusterrolebindings",
	    .list = "ClusterRoleBindingList",
	    .keep = keep_binding,
	    .object = "ClusterRoleBinding",
	    .fill = fill_binding },
	{ .kind = &kube_binding_kind,
	    .group = RBAC,
	    .name = "rolebindings",
	    .path = RBAC_PATH "rolebindings",
	    .list = "RoleBindingList",
	    .keep = keep_binding,
	    .object = "RoleBinding",
	    .fill = fill_binding },
	{ .kind = &kube_service_account_kind,
	    .group = "",
	    .name = "serviceaccounts",
	    .path = "/api/v1/serviceaccounts",
	    .list = "ServiceAccountList",
	    .keep = keep_noted },
	WORKLOAD("apps", "deployments", "/apis/apps/v1/deployments",
	    "Deployment", keep_workload),
	{ .kind = &kube_workload_kind,
	    .group = "apps",
	    .name = "daemonsets",
	    .path = "/apis/apps/v1/daemonsets",
	    .list = "DaemonSetList",
	    .keep = keep_daemon_set,
	    .object = "DaemonSet",
	    .wanted = no_controller,
	    .fill = fill_workload,
	    .also = daemon_set_also,
	    .forget = daemon_set_forget },
	WORKLOAD("apps", "statefulsets", "/apis/apps/v1/statefulsets",
	    "StatefulSet", keep_workload),
	WORKLOAD("apps", "replicasets", "/apis/apps/v1/replicasets",
	    "ReplicaSet", keep_workload),
	WORKLOAD("", "replicationcontrollers", "/api/v1/replicationcontrollers",
	    "ReplicationController", keep_workload),
	WORKLOAD("batch", "jobs", "/apis/batch/v1/jobs", "Job", keep_workload),
	WORKLOAD("batch", "cronjobs", "/apis/batch/v1/cronjobs", "CronJob",
	    keep_cron_job),
	{ .kind = &kube_workload_kind,
	    .group = "",
	    .name = "pods",
	    .path = "/api/v1/pods",
	    .list = "PodList",
	    .keep = keep_pod,
	    .glance = keep_pod,
	    .alike = alike_pod,
	    .object = "Pod",
	    .wanted = pod_stands_alone,
	    .fill = fill_workload,
	    .also = pod_also,
	    .forget = pod_forget,
	    .makes_images = true },
	{ .kind = &kube_storage_class_kind,
	    .group = "storage.k8s.io",
	    .name = "storageclasses",
	    .path = "/apis/storage.k8s.io/v1/storageclasses",
	    .list = "StorageClassList",
	    .keep = keep_storage_class,
	    .fill = fill_storage_class },
	{ .kind = &kube_volume_kind,
	    .group = "",
	    .name = "persistentvolumes",
	    .path = "/api/v1/persistentvolumes",
	    .list = "PersistentVolumeList",
	    .keep = keep_spec,
	    .fill = fill_volume },
	{ .kind = &kube_claim_kind,
	    .group = "",
	    .name = "persistentvolumeclaims",
	    .path = "/api/v1/persistentvolumeclaims",
	    .list = "PersistentVolumeClaimList",
	    .keep = keep_claim },
	{ .kind = &kube_ingress_kind,
	    .group = "networking.k8s.io",
	    .name = "ingresses",
	    .path = "/apis/networking.k8s.io/v1/ingresses",
	    .list = "IngressList",
	    .keep = keep_ingress,
	    .fill = fill_ingress },
	{ .kind = &kube_ingress_class_kind,
	    .group = "networking.k8s.io",
	    .name = "ingressclasses",
	    .path = "/apis/networking.k8s.io/v1/ingressclasses",
	    .list = "IngressClassList",
	    .keep = keep_ingress_class },
	{ .kind = &kube_service_kind,
	    .group = "",
	    .name = "services",
	    .path = "/api/v1/services",
	    .list = "ServiceList",
	    .keep = keep_service,
	    .wanted = is_load_balancer,
	    .fill = fill_service },
	{ .kind = &kube_load_balancer_kind,
	    .group = "elbv2.k8s.aws",
	    .name = "ingressclassparams",
	    .path = "/apis/elbv2.k8s.aws/v1beta1/ingressclassparams",
	    .list = "IngressClassParamsList",
	    .keep = keep_spec,
	    .object = "IngressClassParams",
	    .optional = true,
	    .fill = fill_load_balancer },
	{ .kind = &kube_load_balancer_kind,
	    .group = "gateway.k8s.aws",
	    .name = "loadbalancerconfigurations",
	    .path = "/apis/gateway.k8s.aws/v1beta1/loadbalancerconfigurations",
	    .list = "LoadBalancerConfigurationList",
	    .keep = keep_spec,
	    .object = "LoadBalancerConfiguration",
	    .optional = true,
	    .fill = fill_load_balancer },
	{ .kind = &kube_config_map_kind,
	    .group = "",
	    .name = "configmaps",
	    .path = "/api/v1/namespaces/kube-system/configmaps/aws-auth",
	    .list = "ConfigMap",
	    .keep = keep_aws_auth,
	    .verb = API_GET,
	    .only = "aws-auth",
	    .optional = true,
	    .fill = fill_aws_auth },
	{ .kind = &kube_webhook_kind,
	    .group = ADMISSION,
	    .name = "mutatingwebhookconfigurations",
	    .path = "/apis/" ADMISSION "/v1/mutatingwebhookconfigurations",
	    .list = "MutatingWebhookConfigurationList",
	    .keep = keep_webhook,
	    .object = "MutatingWebhookConfiguration",
	    .fill = fill_webhook },
	{ .kind = &kube_webhook_kind,
	    .group = ADMISSION,
	    .name = "validatingwebhookconfigurations",
	    .path = "/apis/" ADMISSION "/v1/validatingwebhookconfigurations",
	    .list = "ValidatingWebhookConfigurationList",
	    .keep = keep_webhook,
	    .object = "ValidatingWebhookConfiguration",
	    .fill = fill_webhook },
	{ .kind = &kube_node_class_kind,
	    .group = "karpenter.k8s.aws",
	    .name = "ec2nodeclasses",
	    .path = "/apis/karpenter.k8s.aws/v1/ec2nodeclasses",
	    .list = "EC2NodeClassList",
	    .keep = keep_node_class,
	    .object = "EC2NodeClass",
	    .optional = true,
	    .fill = fill_node_class },
	{ .kind = &kube_node_class_kind,
	    .group = "eks.amazonaws.com",
	    .name = "nodeclasses",
	    .path = "/apis/eks.amazonaws.com/v1/nodeclasses",
	    .list = "NodeClassList",
	    .keep = keep_node_class,
	    .object = "NodeClass",
	    .optional = true,
	    .fill = fill_node_class },
	CUSTOM("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy",
	    keep_network_policy),
	CUSTOM("security.istio.io", "v1", "peerauthentications",
	    "PeerAuthentication", keep_peer_authentication),
	CUSTOM("config.openshift.io", "v1", "apiservers", "APIServer",
	    keep_openshift_api),
	CUSTOM("crd.projectcalico.org", "v1", "felixconfigurations",
	    "FelixConfiguration", keep_felix),
	CUSTOM("cert-manager.io", "v1", "certificates", "Certificate",
	    keep_certificate),
	CUSTOM("gateway.networking.k8s.io", "v1", "gateways", "Gateway",
	    keep_gateway),
	CUSTOM("karpenter.sh", "v1", "nodepools", "NodePool", keep_node_pool),
	SECRET(TYPE_OPAQUE, "type%3D" TYPE_OPAQUE),
	SECRET(TYPE_TLS, "type%3D" TYPE_TLS),
	SECRET(TYPE_TOKEN, "type%3D" TYPE_TOKEN),
	SECRET(TYPE_DOCKER, "type%3D" TYPE_DOCKER),
	SECRET(TYPE_HELM, "type%3D" TYPE_HELM),
	SECRET(NULL, "type%21%3D" TYPE_OPAQUE "%2Ctype%21%3D" TYPE_TLS
		     "%2Ctype%21%3D" TYPE_TOKEN "%2Ctype%21%3D" TYPE_DOCKER
		     "%2Ctype%21%3D" TYPE_HELM),
	{ .kind = NULL },
};

const char *const kube_paths[] = { "/version", "/api", "/apis", NULL };

const struct namespaced kube_namespaced[] = {
	{ "", "pods/log", "get" }, /* of the nodes' agents */
	{ NULL, NULL, NULL },
};
