/* The kinds of the config collector; config_kinds.c declares their columns. */
#ifndef COLLECTOR_SETTINGS_CONFIG_KINDS_H
#define COLLECTOR_SETTINGS_CONFIG_KINDS_H

#include "base/observation.h"

extern const struct kind config_aws_endpoint_kind, config_certificate_kind,
    config_component_kind, config_eksctl_cluster_kind,
    config_eksctl_nodegroup_kind, config_encryption_kind, config_file_kind,
    config_kubeconfig_kind, config_openssl_kind, config_resource_kind,
    config_setting_kind, config_sshd_kind, config_tls_kind;

/* by name; for the collector's own table and the table of all kinds */
#define CONFIG_KINDS                                                           \
	&config_aws_endpoint_kind, &config_certificate_kind,                   \
	    &config_component_kind, &config_eksctl_cluster_kind,               \
	    &config_eksctl_nodegroup_kind, &config_encryption_kind,            \
	    &config_file_kind, &config_kubeconfig_kind, &config_openssl_kind,  \
	    &config_resource_kind, &config_setting_kind, &config_sshd_kind,    \
	    &config_tls_kind

extern const struct kind *const config_kinds[]; /* CONFIG_KINDS, then NULL */

#endif
