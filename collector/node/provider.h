/*
 * OpenSSL as it runs on this host: which providers the host's configuration
 * loads, and what they answer. Provider modules are foreign code, so they are
 * loaded in a forked child; if one crashes or hangs that is evidence too.
 *
 * Adds the entry "!providers", canonical JSON:
 * {"fips_served_by":"fips","library_version":"3.0.19","md5":"refused",
 *  "providers":[{"active":true,"buildinfo":…,"key":"fips","name":…,
 *  "version":…}]}, providers sorted by key, unknown values null.
 */
#ifndef COLLECTOR_NODE_PROVIDER_H
#define COLLECTOR_NODE_PROVIDER_H

#include "base/child.h"
#include "collector/node/snapshot.h"

#define PROVIDER_TIME_MS 10000	 /* loading, self-tests and answering */
#define PROVIDER_BYTES_MAX 65536 /* of the child's answer */
#define PROVIDERS_MAX 64
#define PROVIDER_TEXT_MAX 256 /* bytes of one name or version */

struct provider_probe {
	struct child child;
	struct buf out;
	const char *config;
	struct fault why; /* the child could not be started */
};

/*
 * Start the child. config: the configuration file to load, NULL for the one
 * libcrypto was built to read (CONF_get1_default_config_file with every
 * OPENSSL_* variable cleared). p and config must stay until the finish; a
 * failure to start is told there, as evidence.
 */
void provider_start(struct provider_probe *p, const char *config);

/*
 * Wait, at most PROVIDER_TIME_MS from the start, and add the entry. Outcome
 * error, with the reason, when the configuration did not load, a provider
 * crashed or hung, or the answer was not understood; denied when the
 * configuration is unreadable. -1: FAULT_IO or FAULT_LIMIT. Frees p.
 */
MUST_USE int provider_finish(
    struct provider_probe *p, struct snapshot *s, struct fault *f);

/* Give up: kill the child and free p. Fine when zeroed or finished. */
void provider_stop(struct provider_probe *p);

#endif
