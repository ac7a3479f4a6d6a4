/* The kinds of the Kubernetes collector; kube_kinds.c declares their columns.
 */
#ifndef COLLECTOR_KUBE_KUBE_KINDS_H
#define COLLECTOR_KUBE_KUBE_KINDS_H

#include "base/observation.h"

extern const struct kind kube_api_group_kind, kube_binding_kind,
    kube_claim_kind, kube_cluster_kind, kube_config_map_kind, kube_custom_kind,
    kube_image_kind, kube_ingress_kind, kube_ingress_class_kind,
    kube_kubelet_kind, kube_list_kind, kube_load_balancer_kind,
    kube_namespace_kind, kube_node_kind, kube_node_class_kind, kube_role_kind,
    kube_secret_kind, kube_service_kind, kube_service_account_kind,
    kube_storage_class_kind, kube_volume_kind, kube_webhook_kind,
    kube_workload_kind;

/* by name; for the collector's own table and the table of all kinds */
#define KUBE_KINDS                                                             \
	&kube_api_group_kind, &kube_binding_kind, &kube_claim_kind,            \
	    &kube_cluster_kind, &kube_config_map_kind, &kube_custom_kind,      \
	    &kube_image_kind, &kube_ingress_kind, &kube_ingress_class_kind,    \
	    &kube_kubelet_kind, &kube_list_kind, &kube_load_balancer_kind,     \
	    &kube_namespace_kind, &kube_node_kind, &kube_node_class_kind,      \
	    &kube_role_kind, &kube_secret_kind, &kube_service_kind,            \
	    &kube_service_account_kind, &kube_storage_class_kind,              \
	    &kube_volume_kind, &kube_webhook_kind, &kube_workload_kind

extern const struct kind *const kube_kinds[]; /* KUBE_KINDS, then NULL */

#endif
