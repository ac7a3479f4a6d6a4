/* Certificates that stand in a configuration file, base64 over PEM. */
#ifndef COLLECTOR_SETTINGS_CONFIG_CERTIFICATE_H
#define COLLECTOR_SETTINGS_CONFIG_CERTIFICATE_H

#include "collector/settings/config_parts.h"

#define CERTIFICATE_BYTES_MAX ((size_t)1024 * 1024)
#define CERTIFICATES_MAX 500 /* of one value */

enum certificate_role {
	CERTIFICATE_AUTHORITY, /* of several, the one that holds longest */
	CERTIFICATE_CLIENT     /* the first is the client's own */
};

/*
 * Emit until when the certificate at n holds, as PATH#fragment; what: for
 * people. Not base64 of PEM: its end is unread. n NULL: nothing. Of the
 * certificate nothing else is kept.
 */
MUST_USE int config_certificate(struct config_file *file, const struct node *n,
    enum certificate_role role, const char *what, const char *fragment,
    struct fault *f);

#endif
