/* TLS settings as servers write them. */
#ifndef COLLECTOR_SETTINGS_CONFIG_TLS_H
#define COLLECTOR_SETTINGS_CONFIG_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* "VersionTLS12", "TLS1.2", "TLSv1.2", "TLSv1" as "1.2", "1.0"; SSLv3 as
 * "0.3". NULL: none of these. */
const char *tls_version(const char *s);

/*
 * Append the IANA name of a TLS 1.2 suite in OpenSSL's words:
 * ECDHE-RSA-AES128-GCM-SHA256 is TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256. A name
 * that begins with TLS_ is appended as it is. False: a class of suites (HIGH),
 * a modifier (!aNULL), or a name that is not known.
 */
bool tls_suite(const char *name, struct buf *out);

#endif
