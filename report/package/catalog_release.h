/*
 * Releases of catalogues, apart from the program: a folder or ZIP with the
 * tables, release.json (canonical JSON: when it was released, and of each table
 * its date and SHA-256) and release.json.p7s, a detached CMS over it.
 */
#ifndef REPORT_PACKAGE_CATALOG_RELEASE_H
#define REPORT_PACKAGE_CATALOG_RELEASE_H

#include "base/utc.h"
#include "report/judge/catalog.h"
#include "report/package/zip.h"
#include "report/sign/policy.h"
#include "report/sign/seal.h"

#define RELEASE_MANIFEST "release.json"
#define RELEASE_SIGNATURE RELEASE_MANIFEST ".p7s"
#define RELEASE_MANIFEST_MAX ((size_t)256 * 1024)
#define RELEASE_MAX ((size_t)64 * 1024 * 1024) /* bytes of a ZIP */
#define RELEASE_DISPUTES_MAX 1000	       /* told at most */

struct release_request { /* all borrowed */
	struct crypto *crypto;
	const char *name;   /* of the folder or file, for messages */
	struct zip *zip;    /* the release; NULL: a folder, name */
	const char *dir;    /* where its tables go; made if it is not there */
	const char *now;    /* UTC text */
	bool accept;	    /* take what contradicts what is known */
	struct slice trust; /* PEM anchors; p NULL: the policy */
	const struct policy *policy; /* who may sign (role catalog), or NULL */
};

struct release_taken {
	char released[UTC_LEN];
	char sha256[SHA256_HEX]; /* of the manifest */
	struct signature_info signer;
	size_t tables, changed; /* in it; other than what was known */
	size_t contradicted;	/* what was taken with accept */
	bool known;		/* the very one was taken before */
};

/*
 * Verify a release and take its tables into the directory, the manifest last.
 * Nothing is written unless all holds. FAULT_INTEGRITY and FAULT_DENIED: the
 * signature or a digest does not verify, or nobody signed who may;
 * FAULT_USAGE names the older release or table, the table or column that is
 * unknown or lacks, and what contradicts what is known.
 */
MUST_USE int release_take(const struct release_request *q,
    struct release_taken *out, struct fault *f);

/* Write the catalogues as a release of this moment (UTC text), signed.
 * FAULT_USAGE: one of them is of a later day. */
MUST_USE int release_write(const struct catalogs *cs, const char *released,
    struct sealing *seal, struct zip_writer *w, struct fault *f);

#endif
