/* The kinds of the endpoint collector; kinds.c declares their columns. */
#ifndef COLLECTOR_ENDPOINT_ENDPOINT_KINDS_H
#define COLLECTOR_ENDPOINT_ENDPOINT_KINDS_H

#include "base/observation.h"

extern const struct kind tls_certificate_kind, tls_endpoint_kind,
    tls_group_kind, tls_signature_kind, tls_suite_kind, ssh_algorithm_kind,
    ssh_endpoint_kind, ssh_host_key_kind;

/* by name; for the collector's own table and the table of all kinds */
#define SSH_KINDS &ssh_algorithm_kind, &ssh_endpoint_kind, &ssh_host_key_kind
#define TLS_KINDS                                                              \
	&tls_certificate_kind, &tls_endpoint_kind, &tls_group_kind,            \
	    &tls_signature_kind, &tls_suite_kind

#define ENDPOINT_KINDS SSH_KINDS, TLS_KINDS

extern const struct kind *const endpoint_kinds[]; /* all, then NULL */
extern const struct kind *const ssh_kinds[];	  /* those of ssh, then NULL */
extern const struct kind *const tls_kinds[];	  /* those of TLS, then NULL */

#endif
