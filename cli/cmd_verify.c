/* exhibit verify: every digest, root and signature again. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/prove.h"
#include "report/package/recheck.h"
#include "report/sign/sign.h"
#include "report/sign/tsa.h"
#include "cli/published.h"
#include "cli/verify.h"
#include "report/sign/xmldsig.h"

#define FILE_MAX (1024UL * 1024 * 1024)
#define PROBLEMS_SHOWN 100

void
verify_problem(void *ctx, const char *where, const char *what)
{
	struct verifying *v = ctx;

	if (++v->problems > PROBLEMS_SHOWN)
		return;
	printf("  WRONG  ");
	print_clean(stdout, where, 300);
	printf(": ");
	print_clean(stdout, what, 600);
	printf("\n");
}

void
verify_doubt(void *ctx, const char *where, const char *what)
{
	struct verifying *v = ctx;

	if (++v->doubts > PROBLEMS_SHOWN)
		return;
	printf("  NOT CERTAIN  ");
	print_clean(stdout, where, 300);
	printf(": ");
	print_clean(stdout, what, 600);
	printf("\n");
}

static struct slice
given(const struct buf *b)
{
	return (struct slice){ b->len > 0 ? b->p : NULL, b->len };
}

static struct signature_rules
rules_of(const struct verifying *v)
{
	struct signature_rules rules = { .anchors = given(&v->anchors),
		.crls = given(&v->crls),
		.tsa = given(&v->tsa) };

	(void)utc_parse(v->cli->now, &rules.now);
	return rules;
}

int
verify_bytes(struct verifying *v, const void *p, size_t len, const void *der,
    size_t der_len, struct signature_info *info, struct fault *f)
{
	const struct signature_rules rules = rules_of(v);

	if (signature_judge(
		v->cli->crypto, p, len, der, der_len, &rules, info, f) == -1)
		return -1;
	v->untrusted |= !info->trusted;
	v->expired += info->expired;
	return 0;
}

/* For store_verify(): the signature over a checkpoint's note. */
int
verify_note(void *ctx, const char *note, size_t note_len, const void *cms,
    size_t cms_len, struct fault *f)
{
	struct signature_info info;

	return verify_bytes(ctx, note, note_len, cms, cms_len, &info, f);
}

static void
print_trust(const struct verifying *v, const struct signature_info *i)
{
	char until[UTC_LEN];

	if (!i->trusted) {
		printf("         NOT TRUSTED: no --trust given to check it "
		       "against\n");
		return;
	}
	printf("         leads to %s, which you trust\n", i->anchor);
	if (i->unrevoked)
		printf("         not revoked by then, by the lists given\n");
	else
		printf("         whether it was revoked was not looked up%s\n",
		    v->crls.len > 0 ? "" : ": no --crl given");
	if (!i->expired)
		return;
	utc_format(i->until, until);
	printf("         EXPIRED on %.10s: that it was signed before, only the "
	       "signature says\n",
	    until);
}

static void
print_stamp(const struct signature_info *i)
{
	char when[UTC_LEN];

	utc_format(i->stamp.time, when);
	if (i->stamp.state == STAMP_TRUSTED)
		printf(
		    "         time-stamped: signed by %s at the latest, says "
		    "%s\n",
		    when, i->stamp.subject);
	else if (i->stamp.state == STAMP_UNTRUSTED)
		printf(
		    "         a time stamp of %s by %s, NOT TRUSTED: name the "
		    "authority's\n         certificate with --tsa-cert\n",
		    when, i->stamp.subject);
	else
		printf("         no time stamp: when it was signed, it only "
		       "claims\n");
}

void
print_signature(struct verifying *v, const struct signature_info *i)
{
	char when[UTC_LEN];

	utc_format(i->signing_time, when);
	printf("  signed by %s\n         %s, %s, claims %s\n         "
	       "certificate %s\n",
	    i->subject, i->algorithm, i->digest, when, i->fingerprint);
	print_trust(v, i);
	print_stamp(i);
}

/* ------------------------------------------------------------------- files */

static int
recheck(struct verifying *v, const struct buf *xml, struct store *st,
    struct fault *f)
{
	struct recheck done;
	struct store *reader = store_reader(st, f);
	long long before = v->problems;
	int rc;

	if (reader == NULL)
		return -1;
	rc = report_recheck(xml->p, xml->len, reader, v->cli->crypto,
	    verify_problem, v, NULL, &done, f);
	store_close(reader);
	if (rc == -1)
		return -1;
	if (done.evidence > 0)
		printf("  %lld pieces of evidence are in the store\n",
		    done.evidence);
	if (done.remade && v->problems == before)
		printf("  made anew from the store: the same bytes\n");
	else if (done.dropped[0] != '\0')
		printf("  not made anew: evidence it tells of was dropped by "
		       "retention (%.10s);\n  its signature and its place in "
		       "the log hold without\n",
		    done.dropped);
	else if (!done.remade)
		printf(
		    "  not made anew: another version of exhibit wrote it\n");
	return 0;
}

static bool
ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcmp(s + n - k, end) == 0;
}

/* FILE.xmldsig, if it is there: it has no time of its own. */
static int
verify_xmldsig(struct verifying *v, const char *path, const struct buf *bytes,
    struct fault *f)
{
	struct signature_rules rules = rules_of(v);
	const char *slash = strrchr(path, '/');
	struct signature_info info;
	struct fault why = { 0 };
	char name[4096];
	BUF_AUTO(sig, XMLDSIG_MAX);

	(void)snprintf(name, sizeof(name), "%s.xmldsig", path);
	if (access(name, F_OK) == -1)
		return 0;
	if (file_read(name, &sig, &why) == -1) {
		if (why.kind != FAULT_LIMIT)
			return fault(f, why.kind, "%s", why.text);
		verify_problem(v, name, "too large for an XML signature");
		return 0;
	}
	if (xmldsig_verify(v->cli->crypto, slash != NULL ? slash + 1 : path,
		bytes->p != NULL ? bytes->p : "", bytes->len,
		sig.p != NULL ? sig.p : "", sig.len, &rules, &info,
		&why) == 0) {
		v->untrusted |= !info.trusted;
		printf("  %s: the XML signature of %s holds%s\n", name,
		    info.subject, info.trusted ? "" : " (NOT TRUSTED)");
	} else if (why.kind == FAULT_INTEGRITY || why.kind == FAULT_FORMAT) {
		verify_problem(v, name, why.text);
	} else {
		return fault(f, why.kind, "%s: %.900s", name, why.text);
	}
	return 0;
}

static int
verify_file(
    struct verifying *v, const char *path, struct store *st, struct fault *f)
{
	struct signature_info info;
	struct fault why = { 0 };
	char p7s[4096];
	BUF_AUTO(bytes, FILE_MAX);
	BUF_AUTO(der, SIGNATURE_MAX);

	(void)snprintf(p7s, sizeof(p7s), "%s.p7s", path);
	printf("%s\n", path);
	if (file_read(path, &bytes, f) == -1 || file_read(p7s, &der, f) == -1)
		return -1;
	if (verify_bytes(v, bytes.p != NULL ? bytes.p : "", bytes.len, der.p,
		der.len, &info, &why) == 0)
		print_signature(v, &info);
	else if (why.kind == FAULT_INTEGRITY || why.kind == FAULT_FORMAT)
		verify_problem(v, p7s, why.text);
	else
		return fault(f, why.kind, "%s: %.900s", p7s, why.text);
	if (verify_xmldsig(v, path, &bytes, f) == -1)
		return -1;
	return st != NULL && ends_in(path, ".xml") ? recheck(v, &bytes, st, f)
						   : 0;
}

/* ------------------------------------------------------------------- store */

static int
verify_kept(
    struct verifying *v, const char *path, struct store *st, struct fault *f)
{
	char origin[CHECKPOINT_ORIGIN_MAX], want[CHECKPOINT_ORIGIN_MAX];
	struct log_head head;
	struct fault why = { 0 };
	uint8_t root[SHA256_LEN];

	if (cli_kept(path, origin, &head, f) == -1)
		return -1;
	(void)snprintf(want, sizeof(want), "exhibit/%s", store_id(st));
	if (strcmp(origin, want) != 0)
		verify_problem(v, path, "is a checkpoint of another store");
	else if (log_root_at(st, head.size, root, &why) == -1)
		verify_problem(v, path, why.text);
	else if (memcmp(root, head.root, SHA256_LEN) != 0)
		verify_problem(v, path,
		    "the store's log has another root at that size: its past "
		    "was changed");
	else
		printf("  %s: the log still holds these %lld entries "
		       "unchanged\n",
		    path, head.size);
	return 0;
}

/* Times that a trusted stamp contradicts: an entry under the stamped checkpoint
 * that claims to be later than it, or one after it that claims to be earlier.
 */
static int
doubt_claims(struct verifying *v, sqlite3_stmt *checkpoint, const char *where,
    int64_t stamped, struct fault *f)
{
	struct store *st = v->store;
	sqlite3_stmt *q = NULL;
	char what[256];
	int rc;

	if (store_prepare(st,
		"SELECT seq, claim FROM (SELECT seq, coalesce(body ->> "
		"'$.ended', body ->> '$.made', body ->> '$.began', body ->> "
		"'$.created') AS claim FROM log) WHERE (seq < ?1 AND "
		"unixepoch(claim) > ?2 + 600) OR (seq >= ?1 AND "
		"unixepoch(claim) < ?2 - 600) ORDER BY seq LIMIT 20",
		&q, f) == -1)
		return -1;
	sqlite3_bind_int64(q, 1, sqlite3_column_int64(checkpoint, 3));
	sqlite3_bind_int64(q, 2, stamped);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		(void)snprintf(what, sizeof(what),
		    "contradicts log entry %lld, which claims %.40s",
		    (long long)sqlite3_column_int64(q, 0),
		    (const char *)sqlite3_column_text(q, 1));
		verify_doubt(v, where, what);
	}
	(void)sqlite3_finalize(q);
	return rc == SQLITE_DONE ? 0 : store_fault(st, "time stamps", f);
}

/* One time stamp over a checkpoint's note, by --tsa-cert: 1 if it holds. */
static int
verify_stamp(struct verifying *v, sqlite3_stmt *q, struct fault *f)
{
	struct tsa_info info;
	struct fault why = { 0 };
	char where[64], when[UTC_LEN];

	(void)snprintf(where, sizeof(where), "time stamp of checkpoint %lld",
	    (long long)sqlite3_column_int64(q, 0));
	if (sqlite3_column_text(q, 1) == NULL)
		return fault_memory(f);
	if (tsa_verify(v->cli->crypto, sqlite3_column_text(q, 1),
		(size_t)sqlite3_column_bytes(q, 1), sqlite3_column_blob(q, 2),
		(size_t)sqlite3_column_bytes(q, 2), v->tsa.p, v->tsa.len, &info,
		&why) == 0) {
		utc_format(info.time, when);
		if (v->cli->verbose)
			printf("  %s: %s, %s\n", where, when, info.subject);
		return doubt_claims(v, q, where, info.time, f) == -1 ? -1 : 1;
	}
	if (why.kind != FAULT_INTEGRITY && why.kind != FAULT_FORMAT)
		return fault(f, why.kind, "%s: %.900s", where, why.text);
	verify_problem(v, where, why.text);
	return 0;
}

/* The time stamps over the checkpoints (RFC 3161), or that there are some. */
static int
verify_stamps(struct verifying *v, struct store *st, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	long long n = 0, good = 0;
	int rc = 0, row = SQLITE_DONE;
	bool known = v->tsa.len > 0;

	if (sqlite3_prepare_v2(store_db(st),
		"SELECT id, note, tst, size FROM checkpoint WHERE tst IS NOT "
		"NULL ORDER BY id",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "time stamps", f);
	while (rc != -1 && (row = sqlite3_step(q)) == SQLITE_ROW) {
		n++;
		v->store = st;
		if (known)
			rc = verify_stamp(v, q, f);
		good += rc == 1;
	}
	rc = rc == -1 ? -1 : 0;
	if (rc == 0 && row != SQLITE_DONE)
		rc = store_fault(st, "time stamps", f);
	(void)sqlite3_finalize(q);
	if (rc == 0 && n > 0 && known)
		printf("  %lld of %lld time stamps verified\n", good, n);
	else if (rc == 0 && n > 0)
		printf("  %lld time stamps NOT VERIFIED: name the authority's "
		       "certificate with --tsa-cert\n",
		    n);
	return rc;
}

static int
verify_store(struct verifying *v, struct store *st, const struct options *o,
    struct fault *f)
{
	const char *kept = option(o, "checkpoint");
	struct verify_counts n;
	const struct verifier how = { verify_problem, verify_note, v,
		verify_doubt };

	printf("%s\n", store_path(st));
	if (store_verify(st, &how, &n, f) == -1)
		return -1;
	printf("  %lld contents, %lld subjects, %lld changes in %lld runs, "
	       "%lld judgements\n  %lld log entries, %lld checkpoints, %lld "
	       "of them signed\n",
	    n.contents, n.subjects, n.changes, n.runs, n.judgements, n.leaves,
	    n.checkpoints, n.signatures);
	if (n.dropped > 0)
		printf("  %lld contents were dropped by retention; their "
		       "digests are proven all the same\n",
		    n.dropped);
	if (n.foreign)
		printf("  its views were not compared: another version or "
		       "build of exhibit wrote it,\n  and nothing is read "
		       "through them\n");
	if ((option(o, "cert") != NULL || option(o, "trust") != NULL) &&
	    n.leaves > 1 && n.covered < n.leaves) {
		printf("  NOT SIGNED  %lld of %lld log entries: no checkpoint "
		       "with a signature covers them\n",
		    n.leaves - n.covered, n.leaves);
		v->doubts++;
	}
	if (verify_stamps(v, st, f) == -1)
		return -1;
	if (kept != NULL && verify_kept(v, kept, st, f) == -1)
		return -1;
	return option(o, "published") != NULL
		   ? verify_published(v, option(o, "published"), st, f)
		   : 0;
}

/* ------------------------------------------------------------------- proof */

/* 1: it is the checkpoint that was kept, and needs no signature; 0: it is of
 * another size, or none was kept; -1. */
static int
compare_kept(struct verifying *v, const char *path, const char *where,
    const struct proof_checkpoint *c, struct fault *f)
{
	char origin[CHECKPOINT_ORIGIN_MAX];
	struct log_head head;

	if (path == NULL)
		return 0;
	if (cli_kept(path, origin, &head, f) == -1)
		return -1;
	if (strcmp(origin, c->origin) != 0)
		verify_problem(v, where, "is a proof of another store's");
	else if (head.size == c->head.size &&
		 memcmp(head.root, c->head.root, SHA256_LEN) != 0)
		verify_problem(v, where,
		    "the checkpoint that was kept has another root at that "
		    "size: there are two pasts");
	else if (head.size == c->head.size)
		return 1;
	return 0;
}

static int
verify_proof_checkpoint(struct verifying *v, const char *path, const char *kept,
    const struct proof_checkpoint *c, struct fault *f)
{
	struct signature_info info;
	struct fault why = { 0 };
	int same = compare_kept(v, kept, path, c, f);

	if (same == -1)
		return -1;
	if (same == 1)
		printf("  %s: the checkpoint of %lld entries is the one that "
		       "was kept\n",
		    kept, c->head.size);
	if (c->cms.len == 0)
		v->untrusted |= same == 0;
	else if (verify_bytes(v, c->note.p, c->note.len, c->cms.p, c->cms.len,
		     &info, &why) == 0)
		print_signature(v, &info);
	else if (why.kind == FAULT_INTEGRITY || why.kind == FAULT_FORMAT)
		verify_problem(v, path, why.text);
	else
		return fault(f, why.kind, "%s: %.900s", path, why.text);
	return same;
}

static int
verify_proof_kept(struct verifying *v, const char *path, const char *kept,
    const struct proof *p, struct fault *f)
{
	int first = 0, at;

	if (p->type == PROOF_CONSISTENCY)
		first = verify_proof_checkpoint(v, path, kept, &p->first, f);
	if (first == -1 ||
	    (at = verify_proof_checkpoint(v, path, kept, &p->at, f)) == -1)
		return -1;
	if (kept != NULL && first == 0 && at == 0 && v->problems == 0)
		return fault(f, FAULT_USAGE,
		    "%s: is under a checkpoint of another size than %s; "
		    "'exhibit "
		    "prove --checkpoint' makes one under that",
		    path, kept);
	return 0;
}

static int
verify_proof(
    struct verifying *v, const char *path, const char *kept, struct fault *f)
{
	struct proof *p = malloc(sizeof(*p));
	struct fault why = { 0 };
	int rc;
	BUF_AUTO(text, PROOF_MAX);

	if (p == NULL)
		return fault_memory(f);
	printf("%s\n", path);
	if ((rc = file_read(path, &text, f)) == 0) {
		if (proof_check(v->cli->crypto, text.p != NULL ? text.p : "",
			text.len, p, &why) == 0) {
			print_proof(p);
			rc = verify_proof_kept(v, path, kept, p, f);
			proof_free(p);
		} else if (why.kind == FAULT_IO) {
			rc = fault(f, FAULT_IO, "%s", why.text);
		} else {
			verify_problem(v, path, why.text);
		}
	}
	free(p);
	return rc;
}

/* ------------------------------------------------------------------- whole */

static int
verify_all(struct verifying *v, const struct options *o, struct fault *f)
{
	struct store *st = NULL;
	bool package = o->noperands > 0 && is_package(o->operands[0]);
	bool wanted = option(o, "store") != NULL || o->noperands == 0 ||
		      option(o, "checkpoint") != NULL ||
		      option(o, "published") != NULL ||
		      access(DEFAULT_STORE, F_OK) == 0;
	int rc = 0;

	if (option(o, "proof") != NULL) { /* needs no store */
		if (o->noperands > 0)
			return fault(f, FAULT_USAGE,
			    "verify --proof takes no other file, as '%.200s'",
			    o->operands[0]);
		return verify_proof(
		    v, option(o, "proof"), option(o, "checkpoint"), f);
	}
	if (package) { /* brings its store along */
		if (o->noperands > 1)
			return fault(f, FAULT_USAGE,
			    "verify takes one package, and no other file");
		return verify_package(v, o, o->operands[0], f);
	}
	if (option(o, "previous") != NULL)
		return fault(
		    f, FAULT_USAGE, "--previous is for a package: name one");
	if (wanted && (st = cli_store(v->cli, o, STORE_READ, false, f)) == NULL)
		return -1;
	if (st != NULL)
		rc = verify_store(v, st, o, f);
	for (int i = 0; rc == 0 && i < o->noperands; i++)
		rc = verify_file(v, o->operands[i], st, f);
	store_close(st);
	return rc;
}

static int
load_anchors(struct verifying *v, const struct options *o, struct fault *f)
{
	const char *path = option(o, "cert");

	if (path != NULL && option(o, "trust") != NULL)
		return fault(f, FAULT_USAGE,
		    "--cert and --trust say the same: give one");
	if (path == NULL)
		path = option(o, "trust");
	if (path == NULL && access(DEFAULT_CERT, F_OK) == 0)
		path = DEFAULT_CERT;
	return path == NULL ? 0 : file_read(path, &v->anchors, f);
}

/* What --tsa-cert and --crl name, if they are given. */
static int
load_more(struct verifying *v, const struct options *o, struct fault *f)
{
	const char *tsa = option(o, "tsa-cert"), *crl = option(o, "crl");

	if ((tsa != NULL && file_read(tsa, &v->tsa, f) == -1) ||
	    (crl != NULL && file_read(crl, &v->crls, f) == -1))
		return -1;
	if ((tsa != NULL && v->tsa.len == 0) ||
	    (crl != NULL && v->crls.len == 0))
		return fault(f, FAULT_USAGE, "%s: is empty",
		    tsa != NULL && v->tsa.len == 0 ? tsa : crl);
	return 0;
}

/* Everything holds: and what that rests on. */
static int
conclude(const struct verifying *v)
{
	if (v->doubts > 0) {
		printf("Nothing was altered, but not all of it is certain: see "
		       "above.\n");
		return STATUS_FINDINGS;
	}
	printf("Everything holds%s.\n",
	    v->untrusted ? ", but who signed was not checked: name the "
			   "certificate you trust with --trust"
			 : "");
	if (v->expired > 0)
		printf("%lld signature%s by a certificate that has expired "
		       "since: without a time stamp that is\ntrusted nobody "
		       "but the signer says when.\n",
		    v->expired, v->expired == 1 ? " is" : "s are");
	return v->untrusted || v->expired > 0 ? STATUS_FINDINGS : STATUS_OK;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	struct verifying v = { .cli = cli,
		.anchors = { .max = ANCHORS_MAX },
		.tsa = { .max = ANCHORS_MAX },
		.crls = { .max = CRLS_BYTES_MAX } };
	int rc = load_anchors(&v, o, f);

	if (rc == 0)
		rc = load_more(&v, o, f);
	if (rc == 0)
		rc = verify_all(&v, o, f);
	buf_free(&v.anchors);
	buf_free(&v.tsa);
	buf_free(&v.crls);
	if (rc == -1)
		return -1;
	if (v.problems > PROBLEMS_SHOWN)
		printf("  ... and %lld more\n", v.problems - PROBLEMS_SHOWN);
	if (v.problems > 0)
		return fault(f, FAULT_INTEGRITY,
		    "%lld thing%s wrong, named above", v.problems,
		    v.problems == 1 ? " is" : "s are");
	return conclude(&v);
}

const struct command cmd_verify = {
	.name = "verify",
	.operands = "[FILE ...]",
	.about = "check every digest, root and signature again",
	.help =
	    "Verifies the store (--store, or " DEFAULT_STORE
	    " if it is here): every content against its\ndigest, every run "
	    "against its roots, the log against its checkpoints and their\n"
	    "signatures. Verifies each FILE against FILE.p7s; a report's .xml "
	    "is also held\nagainst the store and made anew from it.\nWith "
	    "--proof, verifies "
	    "only that proof and needs no store.\n\n"
	    "Whatever differs is named and the status is 3. Without a "
	    "certificate to trust the\nsignatures are only checked as "
	    "mathematics, and the status is 1.",
	.options =
	    (const struct option_def[]){
		{ "cert", "FILE",
		    "certificates you trust, PEM (" DEFAULT_CERT ")" },
		{ "trust", "FILE", "the same, as one says of a CA" },
		{ "previous", "FILE", "of a package: the one before it" },
		{ "checkpoint", "FILE",
		    "a checkpoint kept elsewhere: its text" },
		{ "published", "DIR",
		    "what 'exhibit checkpoint publish' wrote there" },
		{ "proof", "FILE", "what 'exhibit prove' wrote; no store" },
		{ "tsa-cert", "FILE",
		    "certificates of a time-stamp authority, PEM" },
		{ "crl", "FILE", "revocation lists of the CAs, PEM or DER" },
		{ 0 },
	    },
	.run = run,
};
