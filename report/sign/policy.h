/*
 * Who may say what: signers by certificate, or by CA and subject; what each may
 * sign, and for collecting about which scopes.
 */
#ifndef REPORT_SIGN_POLICY_H
#define REPORT_SIGN_POLICY_H

#include "base/arena.h"
#include "report/sign/sign.h"

#define POLICY_SIGNERS_MAX 1000
#define POLICY_SCOPES_MAX 1000 /* of one signer */

enum policy_role {
	POLICY_PREPARE = 1,	/* reports, packages, checkpoints */
	POLICY_COLLECT = 2,	/* bundles about its scopes */
	POLICY_COUNTERSIGN = 4, /* packages, as reviewer or approver */
	POLICY_STAMP = 8,	/* time stamps: an authority */
	POLICY_CATALOG = 16	/* releases of catalogues */
};

struct policy_signer {
	const char *name;	      /* as the file calls it */
	struct slice pem;	      /* the certificate, or its CA's */
	const char *subject;	      /* under a CA: RFC 4514, whole; NULL: the
				       * certificate itself */
	char fingerprint[SHA256_HEX]; /* of the certificate */
	unsigned roles;
	const char *const *scopes; /* globs: "host/web-*" */
	size_t nscopes;
};

struct policy {
	struct policy_signer *list;
	size_t n;
	struct arena *arena; /* owns everything */
};

void policy_free(struct policy *p);

/* "prepare" and so on; 0: no such role. */
unsigned policy_role_of(const char *name);

/*
 * signature_judge() by each signer who has the role, whose certificate or CA
 * becomes the only anchor of rules. *who gets the first whose it is.
 * FAULT_DENIED names who signed, if nobody with the role did; else as
 * signature_judge().
 */
MUST_USE int policy_judge(const struct policy *p, enum policy_role role,
    struct crypto *c, const struct slice *bytes, const struct slice *der,
    const struct signature_rules *rules, struct signature_info *out,
    const struct policy_signer **who, struct fault *f);

/*
 * Append the policy as a record of the log: canonical JSON of type "policy"
 * with its signers, without their certificates' bytes. made: UTC.
 */
#define POLICY_RECORD_MAX (2 * 1024 * 1024)
MUST_USE int policy_record(
    const struct policy *p, const char *made, struct buf *out, struct fault *f);

/* Sign something and judge it so: a key whose signature the policy's readers
 * would refuse signs nothing. when: seconds since 1970. */
MUST_USE int policy_may_sign(const struct policy *p, enum policy_role role,
    struct crypto *c, const struct signer *signer, int64_t when,
    struct fault *f);

/* May the signer speak of this scope? '*' in a glob stands for anything but a
 * slash, '**' at its end for anything. */
bool policy_speaks_for(const struct policy_signer *who, const char *scope);

#endif
