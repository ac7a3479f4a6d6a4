/* signers.yaml: who may say what, as a file. */
#ifndef REPORT_POLICY_POLICY_FILE_H
#define REPORT_POLICY_POLICY_FILE_H

#include "report/sign/policy.h"
#include "store/store.h"

/*
 *   signers:
 *     - name: web servers
 *       ca: fleet-ca.pem            a CA and the subject under it,
 *       subject: CN=web-1
 *       roles: [collect]
 *       scopes: [host/web-1]
 *     - certificate: preparer.pem   or one certificate
 *       roles: [prepare]
 *
 * Paths are relative to the file. roles are prepare, collect, countersign,
 * stamp and catalog; scopes are for collect, which needs them. FAULT_USAGE
 * names the line of whatever else it holds. The caller frees.
 */
MUST_USE int policy_file_read(
    const char *path, struct crypto *c, struct policy *out, struct fault *f);

/* Note in the log that this policy is in force from made on (UTC), unless the
 * newest that stands there is the same. */
MUST_USE int policy_note(struct store *st, const struct policy *p,
    const char *made, struct fault *f);

#endif
