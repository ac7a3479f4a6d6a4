/* What the steps of verifying one package share: it is unpacked in a folder. */
#ifndef REPORT_PACKAGE_VERIFY_PACKAGE_H
#define REPORT_PACKAGE_VERIFY_PACKAGE_H

#include "base/folder.h"
#include "report/package/package.h"
#include "report/package/recheck.h"
#include "report/package/verifying.h"

#define OPENED_HTML_MAX (64UL * 1024 * 1024)
#define OPENED_XML_MAX (1024UL * 1024 * 1024)

struct opened {
	struct verifying *v;
	char folder[FOLDER_PATH_MAX];
	struct listing files; /* payload, with digests */
	struct listing rules; /* names of the checks and catalogues judged by */
	struct package_about about;
	uint8_t manifest[SHA384_LEN];
	char signer[SHA256_HEX]; /* fingerprint of the preparer */
	struct store *st;	 /* evidence.db */
	struct log_head head;	 /* of checkpoint.txt, if it is redacted */
	struct store *reader;	 /* for the report, and what it is made of */
	struct recheck_kept kept;
};

bool opened_redacted(const struct opened *p);
bool opened_has(const struct opened *p, const char *name);

/* The file's bytes; what keeps us from them is told. -1: not had. */
int opened_get(struct opened *p, const char *name, struct buf *b);

/* A fault that speaks of the package's bytes is what is wrong with it; any
 * other ends the verification: -1. */
MUST_USE int opened_blame(struct verifying *v, const char *where,
    const struct fault *why, struct fault *f);

/* Say that the step holds, if nothing was wrong since before. */
void opened_step(const struct opened *p, long long before, const char *what,
    const char *proves);

/* The detached signature of this name over these bytes. */
MUST_USE int opened_signature(struct opened *p, const struct buf *bytes,
    const char *name, struct signature_info *info, struct fault *f);

/* A token's manifest is of the file bytes_name, and the token over it. */
MUST_USE int opened_stamp(struct opened *p, const char *bytes_name,
    const char *token_name, struct fault *f);

/* Is the file what this program would write? Told if not: -1. */
int opened_text(
    struct opened *p, const char *name, const char *want, size_t len);

/* The steps. 0, whatever they find; -1 with a fault that ends it. */
MUST_USE int opened_signatures(struct opened *p, struct fault *f);
MUST_USE int opened_files(struct opened *p, struct fault *f);
MUST_USE int opened_evidence(struct opened *p, struct fault *f);
MUST_USE int opened_previous(struct opened *p, struct fault *f);
MUST_USE int opened_tables(struct opened *p, struct fault *f);
MUST_USE int opened_report(struct opened *p, struct fault *f);

#endif
