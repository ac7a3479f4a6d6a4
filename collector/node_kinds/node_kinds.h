/* The kinds of the node collector; kinds.c declares their columns. */
#ifndef COLLECTOR_NODE_KINDS_NODE_KINDS_H
#define COLLECTOR_NODE_KINDS_NODE_KINDS_H

#include "base/observation.h"

extern const struct kind node_kind, node_boot_kind, node_bottlerocket_kind,
    node_crypto_policy_kind, node_environment_kind, node_file_kind,
    node_identity_kind, node_instance_kind, node_library_kind,
    node_next_boot_kind, node_openssl_kind, node_package_kind,
    node_pro_service_kind, node_process_library_kind, node_provider_kind;

/* by name; for the collector's own table and the table of all kinds */
#define NODE_KINDS                                                             \
	&node_kind, &node_boot_kind, &node_bottlerocket_kind,                  \
	    &node_crypto_policy_kind, &node_environment_kind, &node_file_kind, \
	    &node_identity_kind, &node_instance_kind, &node_library_kind,      \
	    &node_next_boot_kind, &node_openssl_kind, &node_package_kind,      \
	    &node_pro_service_kind, &node_process_library_kind,                \
	    &node_provider_kind

extern const struct kind *const node_kinds[]; /* NODE_KINDS, then NULL */

#endif
