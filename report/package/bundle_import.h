/* What was collected elsewhere comes into a store: a signed bundle of a signer
 * that is allowed, or lines that nobody signed. */
#ifndef REPORT_PACKAGE_BUNDLE_IMPORT_H
#define REPORT_PACKAGE_BUNDLE_IMPORT_H

#include <stdio.h>

#include "base/emission.h"
#include "report/package/bundle.h"
#include "report/sign/policy.h"
#include "store/collected.h"

#define BUNDLE_AGE_HOURS 24 /* accepted unless something else is said */

struct bundle_rules { /* all borrowed */
	struct crypto *crypto;
	/* Certificates of any origin (a PEM file), or a directory: those in
	 * allow/ORIGIN.pem are for that origin alone. */
	const char *allow;
	/* Or who may collect, and about which scopes; NULL: see allow. */
	const struct policy *policy;
	const struct kind *const *kinds;
	const char *now;     /* UTC text */
	long long max_hours; /* since it was collected; 0: any age */
};

/*
 * Read a bundle and judge all of it that needs no store: its lines, who signed,
 * its age, and with a policy that every scope it speaks of is one that the
 * signer may speak for. text is borrowed by *out, which bundle_free() frees.
 * FAULT_DENIED: nobody may sign for its origin, or not about this scope;
 * FAULT_FORMAT: too old, or after now; else as bundle_read() and
 * bundle_verify().
 */
MUST_USE int bundle_accept(const struct bundle_rules *rules,
    const struct buf *text, struct bundle *out, struct signature_info *who,
    struct fault *f);

/* FAULT_USAGE: the store has this bundle, or one of its origin that is not
 * older. */
MUST_USE int bundle_is_new(
    struct store *st, const struct bundle *b, struct fault *f);

/* Keep it as a run of its origin. begin: who imports, with what, and when; its
 * origin and plan are the bundle's. */
MUST_USE int bundle_keep(struct store *st, const struct bundle *b,
    const struct signature_info *who, const struct run_filling *how,
    struct crypto *c, struct run_result *result, struct fault *f);

/*
 * Read NDJSON lines of these kinds into a sink, whole (base/emission.h); name
 * is of where they come from. FAULT_USAGE: a bundle, which is to be accepted
 * first; FAULT_FORMAT: something is missing, or not what was written. What was
 * put into the sink is then to be thrown away.
 */
MUST_USE int lines_read(FILE *in, const char *name,
    const struct kind *const *kinds, struct crypto *crypto,
    const struct sink *sink, struct emission_odd *odd, struct fault *f);

#endif
