/*
 * The auditor's package: a folder of files that is sealed, packed as a ZIP in
 * the layout of ASiC-E with CAdES, and taken apart again. docs/package.md has
 * what each file is.
 */
#ifndef REPORT_PACKAGE_PACKAGE_H
#define REPORT_PACKAGE_PACKAGE_H

#include "report/judge/check.h"
#include "report/package/manifest.h"
#include "report/judge/query.h"
#include "report/sign/sign.h"
#include "base/utc.h"
#include "report/package/zip.h"

#define PACKAGE_MIMETYPE "application/vnd.etsi.asic-e+zip"
#define PACKAGE_SIGNATURE_TYPE "application/pkcs7-signature"
#define PACKAGE_STAMP_TYPE "application/vnd.etsi.timestamp-token"

#define PACKAGE_MANIFEST "META-INF/ASiCManifest001.xml"
#define PACKAGE_SIGNATURE "META-INF/signature001.p7s"
#define PACKAGE_STAMPED "META-INF/ASiCManifest002.xml"
#define PACKAGE_STAMP "META-INF/timestamp001.tst"
#define PACKAGE_CHECKPOINT_SIGNATURE "META-INF/checkpoint.p7s"
#define PACKAGE_CHECKPOINT_STAMP "META-INF/checkpoint.tst"
#define PACKAGE_SIGNERS_MAX 99 /* signature001 and those that countersign */

#define PACKAGE_SAMPLE_MAX 100000
#define PACKAGE_SEED_MAX 64 /* characters */
#define PACKAGE_TEXT_MAX (1024 * 1024)

struct package_about { /* package.json: what the files were made with */
	char at[UTC_LEN], made[UTC_LEN], from[UTC_LEN], to[UTC_LEN];
	char exhibit[64];
	char store[65];
	char seed[PACKAGE_SEED_MAX + 1];
	long long run, judgement;
	long long sample;  /* subjects drawn; 0: none */
	bool templates;	   /* the page was made with others than built in */
	char redacted[16]; /* profile; "": nothing was replaced */
};

/* A seed is of A-Z a-z 0-9 . _ -, so that it can stand in a shell's line. */
bool package_seed_ok(const char *seed);

MUST_USE int package_about_write(
    const struct package_about *a, struct buf *out, struct fault *f);
MUST_USE int package_about_read(
    const void *p, size_t len, struct package_about *out, struct fault *f);

/* The tables: file i of the package and the query it comes from. Those of
 * the period are not in packages that were made before there were any. */
struct package_table {
	const char *file, *query;
	bool period;
};
extern const struct package_table package_tables[]; /* ends with NULL */

#define PACKAGE_JUDGE_SQL "judge.sql"

/*
 * What the stock sqlite3 shell runs on evidence.db, in the folder of the
 * package, to evaluate again what csv/verdicts.csv has: the newest judgement of
 * each profile as of run.
 */
MUST_USE int package_judge_sql(struct store *reader, struct crypto *crypto,
    long long run, struct buf *out, struct fault *f);

/* Table i of the evidence; reader is prepared by query_look(). */
MUST_USE int package_table(struct store *reader,
    const struct catalogs *catalogs, const struct package_about *a, size_t i,
    int (*put)(void *ctx, const void *p, size_t len, struct fault *), void *ctx,
    struct fault *f);

struct query_when package_when(const struct package_about *a);

/*
 * The sample: of everything judged, the a->sample subjects with the lowest
 * SHA-256(seed || name in hex), lowest first. CSV.
 */
MUST_USE int package_sample(struct crypto *c, struct store *reader,
    const struct package_about *a, struct buf *out, struct fault *f);

/* VERIFY.txt: templates/VERIFY.txt for a package with these properties. */
struct package_has {
	bool stamp, checkpoint_stamp, previous, plan;
};
MUST_USE int package_verify_text(const struct package_about *a,
    const struct package_has *has, struct buf *out, struct fault *f);

/*
 * Write mimetype, SHA256SUMS, and the manifest over every file of the folder.
 * manifest gets the manifest's bytes.
 */
MUST_USE int package_seal(const char *folder, struct crypto *c,
    struct buf *manifest, struct fault *f);

/* The manifest of a time stamp: of every file, the manifest and the first
 * signature. */
MUST_USE int package_stamped(
    const char *folder, struct crypto *c, struct buf *out, struct fault *f);

/* Pack the folder as path: whole or not at all. */
MUST_USE int package_pack(
    const char *folder, const char *path, struct fault *f);

/* Unpack everything into the folder, within the limits of zip.h. */
MUST_USE int package_unpack(struct zip *z, const char *folder, struct fault *f);

/* Unpack the package at path into folder. FAULT_INTEGRITY, FAULT_FORMAT and
 * FAULT_LIMIT say why not; FAULT_ABSENT: there is none. */
MUST_USE int package_open(
    const char *path, const char *folder, struct fault *f);

/* Does the file begin as a ZIP does, or is it named as a package? */
bool package_is(const char *path);

/* The checkpoint in a package: its text, origin and head. */
MUST_USE int package_checkpoint(const char *path, struct buf *note,
    char origin[CHECKPOINT_ORIGIN_MAX], struct log_head *head, struct fault *f);

/* What is wrong with its files goes to problem(where, what); the digests that
 * were computed go to files, which the caller frees. -1: it cannot be read. */
MUST_USE int package_check_files(const char *folder, struct crypto *c,
    void (*problem)(void *ctx, const char *where, const char *what), void *ctx,
    struct listing *files, struct fault *f);

/* "reviewer" or "approver" of signature n: what META-INF/statementNNN.json
 * says, signed by the same key in META-INF/statementNNN.p7s. */
MUST_USE int package_statement(const char *role, int n, const char *made,
    const uint8_t manifest_sha384[SHA384_LEN], struct buf *out,
    struct fault *f);
/* role gets it, if the statement is of signature n over this manifest. */
MUST_USE int package_statement_read(const void *p, size_t len, int n,
    const uint8_t manifest_sha384[SHA384_LEN], char role[16], struct fault *f);

/* "META-INF/NAMENNN.EXT" */
void package_name(char out[64], const char *name, int n, const char *extension);

#endif
