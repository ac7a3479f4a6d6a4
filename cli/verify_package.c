/* exhibit verify PACKAGE: one line a step, what it proves and what not. */
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "countersign.h"
#include "file.h"
#include "package.h"
#include "proof.h"
#include "recheck.h"
#include "render.h"
#include "tsa.h"

#define HTML_MAX (64UL * 1024 * 1024)
#define XML_MAX (1024UL * 1024 * 1024)

struct opened {
	struct verifying *v;
	const struct options *o;
	char folder[FOLDER_PATH_MAX];
	struct listing files; /* payload, with digests */
	struct package_about about;
	uint8_t manifest[SHA384_LEN];
	char signer[SHA256_HEX]; /* fingerprint of the preparer */
	struct store *st;	 /* evidence.db */
	struct log_head head;	 /* of checkpoint.txt, if it is redacted */
	struct store *reader;	 /* for the report, and what it is made of */
	struct recheck_kept kept;
};

static bool
is_redacted(const struct opened *p)
{
	return p->about.redacted[0] != '\0';
}

bool
is_package(const char *path)
{
	char magic[4];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool is = fd != -1 && read(fd, magic, 4) == 4 &&
		  memcmp(magic, "PK\3\4", 4) == 0;
	const char *dot = strrchr(path, '.');

	if (fd != -1)
		(void)close(fd);
	return is || (dot != NULL && strcmp(dot, ".asice") == 0);
}

/* A fault that speaks of the package's bytes is what is wrong with it; any
 * other ends the verification. */
static int
blame(struct verifying *v, const char *where, const struct fault *why,
    struct fault *f)
{
	if (why->kind == FAULT_IO || why->kind == FAULT_DENIED ||
	    (why->kind == FAULT_USAGE && where == NULL))
		return fault(f, why->kind, "%s", why->text);
	verify_problem(v, where != NULL ? where : "package", why->text);
	return 0;
}

static bool
has(const struct opened *p, const char *name)
{
	char path[FOLDER_PATH_MAX];
	struct fault ignored;

	return folder_path(p->folder, name, path, &ignored) == 0 &&
	       access(path, F_OK) == 0;
}

/* The file's bytes; what keeps us from them is told. -1: not had. */
static int
get(struct opened *p, const char *name, struct buf *b)
{
	struct fault why = { 0 };

	if (folder_get(p->folder, name, b, &why) == 0)
		return 0;
	verify_problem(p->v, name, has(p, name) ? why.text : "is missing");
	return -1;
}

static void
step(const struct opened *p, long long before, const char *what,
    const char *proves)
{
	if (p->v->problems == before)
		printf("  ok     %s: %s\n", what, proves);
}

/* -------------------------------------------------------------- signatures */

/* A name that META-INF may hold, all else being suspicious. */
static int
check_name(void *ctx, const char *name, struct fault *f)
{
	static const char *const known[] = { PACKAGE_MANIFEST, PACKAGE_STAMPED,
		PACKAGE_STAMP, PACKAGE_CHECKPOINT_SIGNATURE,
		PACKAGE_CHECKPOINT_STAMP };
	struct opened *p = ctx;
	char want[64];
	bool ok = strncmp(name, "META-INF/", 9) != 0;

	(void)f;
	for (size_t i = 0; !ok && i < sizeof(known) / sizeof(known[0]); i++)
		ok = strcmp(name, known[i]) == 0;
	for (int n = 1; !ok && n <= PACKAGE_SIGNERS_MAX; n++) {
		package_name(want, "signature", n, "p7s");
		ok = strcmp(name, want) == 0;
		package_name(want, "statement", n, "p7s");
		ok |= n > 1 && strcmp(name, want) == 0;
		package_name(want, "statement", n, "json");
		ok |= n > 1 && strcmp(name, want) == 0;
	}
	if (!ok)
		verify_problem(p->v, name, "is no file that META-INF may hold");
	return 0;
}

/* The detached signature of this name over these bytes. */
static int
check_signature(struct opened *p, const struct buf *bytes, const char *name,
    struct signature_info *info, struct fault *f)
{
	struct fault why = { 0 };
	BUF_AUTO(cms, SIGNATURE_MAX);

	*info = (struct signature_info){ 0 };
	if (get(p, name, &cms) == -1)
		return 0;
	if (verify_bytes(p->v, bytes->p != NULL ? bytes->p : "", bytes->len,
		cms.p != NULL ? cms.p : "", cms.len, info, &why) == -1)
		return why.kind == FAULT_USAGE
			   ? fault(f, why.kind, "%s", why.text)
			   : blame(p->v, name, &why, f);
	return 1;
}

/* What the one who countersigned said he was. */
static int
check_statement(struct opened *p, int n, const struct signature_info *who,
    char role[16], struct fault *f)
{
	struct signature_info info;
	struct fault why = { 0 };
	char name[64], cms[64];
	int rc;
	BUF_AUTO(text, 4096);

	package_name(name, "statement", n, "json");
	package_name(cms, "statement", n, "p7s");
	if (get(p, name, &text) == -1)
		return 0;
	if (package_statement_read(
		text.p, text.len, n, p->manifest, role, &why) == -1)
		return blame(p->v, name, &why, f);
	if ((rc = check_signature(p, &text, cms, &info, f)) != 1)
		return rc;
	if (strcmp(info.fingerprint, who->fingerprint) != 0)
		verify_problem(p->v, cms,
		    "is of another certificate than the signature it speaks "
		    "of");
	return 0;
}

static int
check_signer(
    struct opened *p, int n, const struct buf *manifest, struct fault *f)
{
	struct signature_info info;
	char name[64], role[16] = "preparer";
	long long before = p->v->problems;
	int rc;

	package_name(name, "signature", n, "p7s");
	if (n > 1 && !has(p, name)) {
		package_name(name, "statement", n, "json");
		if (has(p, name))
			verify_problem(p->v, name, "without its signature");
		return 0;
	}
	if ((rc = check_signature(p, manifest, name, &info, f)) != 1)
		return rc;
	if (n == 1)
		memcpy(p->signer, info.fingerprint, sizeof(p->signer));
	else if (check_statement(p, n, &info, role, f) == -1)
		return -1;
	if (p->v->problems == before) {
		printf("  ok     %s, %s: this key signed the list of files\n",
		    name, role);
		print_signature(p->v, &info);
	}
	return 0;
}

/* Its manifest is of these files, and the token over it. */
static int
check_stamp(struct opened *p, const char *bytes_name, const char *token_name,
    struct fault *f)
{
	const struct buf *anchors = &p->v->tsa;
	struct tsa_info info;
	struct fault why = { 0 };
	char when[UTC_LEN];
	BUF_AUTO(bytes, MANIFEST_MAX);
	BUF_AUTO(token, 1024 * 1024);

	if (get(p, bytes_name, &bytes) == -1 ||
	    get(p, token_name, &token) == -1)
		return 0;
	if (anchors->len == 0) {
		printf("  -      %s: NOT VERIFIED: name the authority's "
		       "certificate with --tsa-cert\n",
		    token_name);
		return 0;
	}
	if (tsa_verify(p->v->cli->crypto, bytes.p != NULL ? bytes.p : "",
		bytes.len, token.p != NULL ? token.p : "", token.len,
		anchors->p, anchors->len, &info, &why) == -1)
		return why.kind == FAULT_USAGE
			   ? fault(f, why.kind, "%s", why.text)
			   : blame(p->v, token_name, &why, f);
	utc_format(info.time, when);
	printf("  ok     %s: %s had seen it at %s\n", token_name, info.subject,
	    when);
	return 0;
}

static int
check_stamped(struct opened *p, struct fault *f)
{
	BUF_AUTO(have, MANIFEST_MAX);
	BUF_AUTO(want, MANIFEST_MAX);

	if (!has(p, PACKAGE_STAMP) && !has(p, PACKAGE_STAMPED))
		return 0;
	if (get(p, PACKAGE_STAMPED, &have) == -1)
		return 0;
	if (package_stamped(p->folder, p->v->cli->crypto, &want, f) == -1)
		return -1;
	if (have.len != want.len || memcmp(have.p, want.p, want.len) != 0)
		verify_problem(p->v, PACKAGE_STAMPED,
		    "is not the manifest of these files, their manifest and "
		    "the first signature");
	return check_stamp(p, PACKAGE_STAMPED, PACKAGE_STAMP, f);
}

static int
check_signatures(struct opened *p, struct fault *f)
{
	BUF_AUTO(manifest, MANIFEST_MAX);

	if (folder_each(p->folder, check_name, p, f) == -1)
		return -1;
	if (get(p, PACKAGE_MANIFEST, &manifest) == -1)
		return 0;
	if (digest_sha384(p->v->cli->crypto,
		manifest.p != NULL ? manifest.p : "", manifest.len, p->manifest,
		f) == -1)
		return -1;
	for (int n = 1; n <= PACKAGE_SIGNERS_MAX; n++)
		if (check_signer(p, n, &manifest, f) == -1)
			return -1;
	return 0;
}

static int
check_files(struct opened *p, struct fault *f)
{
	long long before = p->v->problems;
	struct fault why = { 0 };

	if (!has(p, PACKAGE_MANIFEST))
		return 0;
	if (package_check_files(p->folder, p->v->cli->crypto, verify_problem,
		p->v, &p->files, &why) == -1)
		return blame(p->v, NULL, &why, f);
	if (has(p, PACKAGE_SIGNATURE) && check_stamped(p, f) == -1)
		return -1;
	step(p, before, "manifest, SHA256SUMS",
	    "every file is listed, there, and unchanged since it was signed");
	return 0;
}

/* ---------------------------------------------------------------- evidence */

static int
check_checkpoint(struct opened *p, struct fault *f)
{
	struct signature_info info;
	struct log_head head;
	long long before = p->v->problems;
	int rc;
	BUF_AUTO(have, 4096);
	BUF_AUTO(want, 4096);

	if (get(p, "checkpoint.txt", &have) == -1)
		return 0;
	if (log_head(p->st, &head, f) == -1 ||
	    checkpoint_note(p->st, &head, &want, f) == -1)
		return -1;
	if (have.len != want.len || memcmp(have.p, want.p, want.len) != 0)
		verify_problem(
		    p->v, "checkpoint.txt", "is not of the log of evidence.db");
	rc = check_signature(p, &have, PACKAGE_CHECKPOINT_SIGNATURE, &info, f);
	if (rc == 1 && strcmp(info.fingerprint, p->signer) != 0)
		verify_problem(p->v, PACKAGE_CHECKPOINT_SIGNATURE,
		    "is of another certificate than signature001");
	if (rc == -1 || (has(p, PACKAGE_CHECKPOINT_STAMP) &&
			    check_stamp(p, "checkpoint.txt",
				PACKAGE_CHECKPOINT_STAMP, f) == -1))
		return -1;
	step(p, before, "checkpoint.txt",
	    "evidence.db holds exactly the log that was signed");
	return 0;
}

/* Its judgement is of that run and those times. */
static int
check_judgement(struct opened *p, struct fault *f)
{
	const struct package_about *a = &p->about;
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(store_db(p->st),
		"SELECT 1 FROM judgement WHERE id = ?1 AND run = ?2 AND as_of "
		"= ?3 AND made = ?4",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(p->st, "judgement", f);
	sqlite3_bind_int64(q, 1, a->judgement);
	sqlite3_bind_int64(q, 2, a->run);
	sqlite3_bind_text(q, 3, a->at, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 4, a->made, -1, SQLITE_STATIC);
	rc = sqlite3_step(q);
	if (rc == SQLITE_DONE)
		verify_problem(p->v, "package.json", "is not of its judgement");
	(void)sqlite3_finalize(q);
	return rc == SQLITE_DONE || rc == SQLITE_ROW
		   ? 0
		   : store_fault(p->st, "judgement", f);
}

/* Of a redacted package nothing but the checkpoint's signature can be seen:
 * its evidence is where the names are. */
static int
check_redacted(struct opened *p, struct fault *f)
{
	struct signature_info info;
	struct fault why = { 0 };
	char origin[CHECKPOINT_ORIGIN_MAX];
	long long before = p->v->problems;
	int rc;
	BUF_AUTO(note, 4096);

	if (has(p, "evidence.db"))
		verify_problem(p->v, "evidence.db",
		    "is there, though package.json says that names were "
		    "replaced");
	if (get(p, "checkpoint.txt", &note) == -1)
		return 0;
	if (checkpoint_parse(note.p != NULL ? note.p : "", note.len, origin,
		&p->head, &why) == -1)
		return blame(p->v, "checkpoint.txt", &why, f);
	rc = check_signature(p, &note, PACKAGE_CHECKPOINT_SIGNATURE, &info, f);
	if (rc == 1 && strcmp(info.fingerprint, p->signer) != 0)
		verify_problem(p->v, PACKAGE_CHECKPOINT_SIGNATURE,
		    "is of another certificate than signature001");
	if (rc == -1 || (has(p, PACKAGE_CHECKPOINT_STAMP) &&
			    check_stamp(p, "checkpoint.txt",
				PACKAGE_CHECKPOINT_STAMP, f) == -1))
		return -1;
	step(p, before, "checkpoint.txt",
	    "the preparer signed the log that the evidence is in");
	printf("  -      evidence.db, checks, tables, report: names were "
	       "replaced (%s), so that\n         nothing can be made anew; a "
	       "disclosed value is checked against csv/redacted.csv\n",
	    p->about.redacted);
	return 0;
}

static int
check_evidence(struct opened *p, struct fault *f)
{
	const struct verifier how = { verify_problem, verify_note, p->v };
	struct verify_counts n;
	struct fault why = { 0 };
	long long before = p->v->problems;
	char path[FOLDER_PATH_MAX];

	if (is_redacted(p))
		return check_redacted(p, f);
	if (folder_path(p->folder, "evidence.db", path, f) == -1)
		return -1;
	p->st = store_open(path, STORE_READ, kinds, p->v->cli->crypto, &why);
	if (p->st == NULL || store_verify(p->st, &how, &n, &why) == -1)
		return blame(p->v, "evidence.db", &why, f);
	if (p->v->problems == before)
		printf("  ok     evidence.db: %lld contents in %lld runs have "
		       "their digests and roots; that the\n         hosts told "
		       "the truth, or that all were asked, it does not prove\n",
		    n.contents, n.runs);
	if (strcmp(p->about.store, store_id(p->st)) != 0)
		verify_problem(p->v, "evidence.db",
		    "is of another store than the package");
	if (p->v->problems == before && check_judgement(p, f) == -1)
		return -1;
	return check_checkpoint(p, f);
}

/* The checkpoint of an earlier package, against the log that is here. */
static void
compare_head(struct opened *p, const char *where, const char *origin,
    const struct log_head *head)
{
	char want[CHECKPOINT_ORIGIN_MAX];
	uint8_t root[SHA256_LEN];
	struct fault why = { 0 };

	(void)snprintf(want, sizeof(want), "exhibit/%s", store_id(p->st));
	if (strcmp(origin, want) != 0)
		verify_problem(p->v, where, "is of another store");
	else if (log_root_at(p->st, head->size, root, &why) == -1)
		verify_problem(p->v, where, why.text);
	else if (memcmp(root, head->root, SHA256_LEN) != 0)
		verify_problem(p->v, where,
		    "the log had another root at that size: its past was "
		    "changed");
}

/* consistency.txt proves the same to whoever has no evidence.db. */
static void
check_proof(struct opened *p, const struct log_head *first)
{
	struct proof *proof = malloc(sizeof(*proof));
	struct fault why = { 0 };
	BUF_AUTO(text, PROOF_MAX);

	if (proof == NULL || get(p, "consistency.txt", &text) == -1) {
		free(proof);
		return;
	}
	if (proof_check(p->v->cli->crypto, text.p != NULL ? text.p : "",
		text.len, proof, &why) == -1) {
		verify_problem(p->v, "consistency.txt", why.text);
	} else {
		if (proof->type != PROOF_CONSISTENCY ||
		    proof->first.head.size != first->size ||
		    memcmp(proof->first.head.root, first->root, SHA256_LEN) !=
			0)
			verify_problem(p->v, "consistency.txt",
			    "does not start at previous-checkpoint.txt");
		else
			compare_head(p, "consistency.txt", proof->at.origin,
			    &proof->at.head);
		proof_free(proof);
	}
	free(proof);
}

static int
blame_text(struct opened *p, const char *where, const char *what)
{
	verify_problem(p->v, where, what);
	return 0;
}

/* Without the log, consistency.txt is what shows that it only grew. */
static int
check_grown(struct opened *p, const char *where, const char *origin,
    const struct log_head *head, struct fault *f)
{
	struct proof *proof;
	struct fault why = { 0 };
	BUF_AUTO(text, PROOF_MAX);

	if (!has(p, "consistency.txt")) {
		if (head->size != p->head.size ||
		    memcmp(head->root, p->head.root, SHA256_LEN) != 0)
			verify_problem(p->v, where,
			    "no proof is there that its log was only added to");
		return 0;
	}
	if (get(p, "consistency.txt", &text) == -1)
		return 0;
	if ((proof = malloc(sizeof(*proof))) == NULL)
		return fault_memory(f);
	if (proof_check(p->v->cli->crypto, text.p != NULL ? text.p : "",
		text.len, proof, &why) == -1) {
		verify_problem(p->v, "consistency.txt", why.text);
	} else {
		if (proof->type != PROOF_CONSISTENCY ||
		    strcmp(proof->at.origin, origin) != 0 ||
		    proof->first.head.size != head->size ||
		    memcmp(proof->first.head.root, head->root, SHA256_LEN) != 0)
			verify_problem(p->v, "consistency.txt",
			    "does not start at the previous checkpoint");
		if (proof->at.head.size != p->head.size ||
		    memcmp(proof->at.head.root, p->head.root, SHA256_LEN) != 0)
			verify_problem(p->v, "consistency.txt",
			    "does not end at checkpoint.txt");
		proof_free(proof);
	}
	free(proof);
	return 0;
}

/* The previous checkpoint of a package that has no log to look it up in. */
static int
check_previous_redacted(struct opened *p, struct fault *f)
{
	const char *path = option(p->o, "previous");
	char origin[CHECKPOINT_ORIGIN_MAX], kept[CHECKPOINT_ORIGIN_MAX];
	struct log_head head, other;
	struct fault why = { 0 };
	long long before = p->v->problems;
	BUF_AUTO(own, 4096);
	BUF_AUTO(note, 4096);

	if (!has(p, "previous-checkpoint.txt"))
		return path == NULL
			   ? 0
			   : blame_text(p, path,
				 "this package says nothing of one before it");
	if (get(p, "previous-checkpoint.txt", &own) == -1)
		return 0;
	if (checkpoint_parse(
		own.p != NULL ? own.p : "", own.len, origin, &head, &why) == -1)
		return blame(p->v, "previous-checkpoint.txt", &why, f);
	if (check_grown(p, "previous-checkpoint.txt", origin, &head, f) == -1)
		return -1;
	if (path == NULL)
		return 0;
	if (cli_package_checkpoint(path, &note, kept, &other, &why) == -1)
		return blame(p->v, path, &why, f);
	if (strcmp(kept, origin) != 0 || other.size != head.size ||
	    memcmp(other.root, head.root, SHA256_LEN) != 0)
		verify_problem(
		    p->v, path, "is not the package before this one");
	if (p->v->problems == before)
		printf("  ok     %s: its %lld log entries stand unchanged in "
		       "the log of this one\n",
		    path, head.size);
	return 0;
}

static int
check_previous(struct opened *p, struct fault *f)
{
	const char *path = option(p->o, "previous");
	char origin[CHECKPOINT_ORIGIN_MAX];
	struct log_head head;
	struct fault why = { 0 };
	long long before = p->v->problems;
	BUF_AUTO(note, 4096);
	BUF_AUTO(own, 4096);

	if (is_redacted(p))
		return check_previous_redacted(p, f);
	if (has(p, "previous-checkpoint.txt")) {
		if (get(p, "previous-checkpoint.txt", &own) == -1)
			return 0;
		if (checkpoint_parse(own.p != NULL ? own.p : "", own.len,
			origin, &head, &why) == -1)
			return blame(p->v, "previous-checkpoint.txt", &why, f);
		compare_head(p, "previous-checkpoint.txt", origin, &head);
		if (has(p, "consistency.txt"))
			check_proof(p, &head);
	}
	if (path == NULL)
		return 0;
	if (cli_package_checkpoint(path, &note, origin, &head, &why) == -1)
		return blame(p->v, path, &why, f);
	compare_head(p, path, origin, &head);
	if (p->v->problems == before)
		printf("  ok     %s: its %lld log entries stand unchanged in "
		       "this package\n",
		    path, head.size);
	return 0;
}

/* ------------------------------------------------------------------ report */

static int
check_html(struct opened *p, const struct buf *xml, struct fault *f)
{
	struct fault why = { 0 };
	long long before = p->v->problems;
	BUF_AUTO(have, HTML_MAX);
	BUF_AUTO(want, HTML_MAX);

	if (get(p, "report.html", &have) == -1)
		return 0;
	if (p->about.templates) {
		printf(
		    "  -      report.html: not compared: made with templates "
		    "other than exhibit's\n");
		return 0;
	}
	if (render_html(
		xml->p, xml->len, NULL, p->v->cli->crypto, &want, &why) == -1)
		return blame(p->v, "report.html", &why, f);
	if (have.len != want.len || memcmp(have.p, want.p, want.len) != 0)
		verify_problem(p->v, "report.html",
		    "is not the page that report.xml gives");
	step(p, before, "report.html", "is report.xml for people");
	return 0;
}

/* What everything that is made anew is read through: one state, frozen once. */
static struct store *
reader_of(struct opened *p, struct fault *f)
{
	if (p->reader == NULL)
		p->reader = store_reader(p->st, f);
	return p->reader;
}

/* A document of the report, from the evidence again. */
static int
check_xml(struct opened *p, const char *name, struct buf *xml,
    struct recheck *done, struct fault *f)
{
	struct fault why = { 0 };
	int rc;

	*done = (struct recheck){ 0 };
	if (get(p, name, xml) == -1)
		return 0;
	if (reader_of(p, f) == NULL)
		return -1;
	rc = report_recheck(xml->p != NULL ? xml->p : "", xml->len, p->reader,
	    p->v->cli->crypto, verify_problem, p->v, &p->kept, done, &why);
	if (rc == -1)
		return blame(p->v, name, &why, f);
	if (done->judgement != p->about.judgement)
		verify_problem(
		    p->v, name, "is of another judgement than the package");
	return 0;
}

static int
check_report(struct opened *p, struct fault *f)
{
	long long before = p->v->problems;
	struct recheck done, plan_done;
	BUF_AUTO(xml, XML_MAX);
	BUF_AUTO(plan, XML_MAX);
	BUF_AUTO(poam, XML_MAX);

	if (is_redacted(p)) /* the page is made of the XML alone */
		return get(p, "report.xml", &xml) == 0 &&
			       p->v->problems == before &&
			       strcmp(p->about.exhibit, EXHIBIT_VERSION) == 0
			   ? check_html(p, &xml, f)
			   : 0;
	if (check_xml(p, "report.xml", &xml, &done, f) == -1)
		return -1;
	if (has(p, "report.poam.xml") &&
	    check_xml(p, "report.poam.xml", &poam, &plan_done, f) == -1)
		return -1;
	if (has(p, "report.plan.xml") &&
	    check_xml(p, "report.plan.xml", &plan, &plan_done, f) == -1)
		return -1;
	if (!done.remade && done.dropped[0] != '\0') {
		printf(
		    "  -      report: not made anew: evidence it tells of was "
		    "dropped by retention on %.10s\n",
		    done.dropped);
		return 0;
	}
	if (!done.remade) {
		printf("  -      report: not made anew: version %s of exhibit "
		       "wrote it, this is " EXHIBIT_VERSION "\n",
		    p->about.exhibit);
		return 0;
	}
	step(p, before, "report.xml",
	    "made anew from evidence.db under its own checks: the same bytes");
	if (p->v->problems > before)
		return 0;
	recheck_kept_free(&p->kept); /* the page is made of the XML alone */
	return check_html(p, &xml, f);
}

/* ------------------------------------------------------------------ tables */

struct comparing {
	int fd;
	bool differs;
};

static int
compare_piece(void *ctx, const void *p, size_t len, struct fault *f)
{
	struct comparing *k = ctx;
	const char *s = p;
	char have[4096];

	(void)f;
	while (len > 0 && !k->differs) {
		size_t want = len < sizeof(have) ? len : sizeof(have);
		ssize_t n = read(k->fd, have, want);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0 || memcmp(have, s, (size_t)n) != 0) {
			k->differs = true;
			break;
		}
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
check_table(struct opened *p, struct store *reader,
    const struct catalogs *catalogs, size_t i, struct fault *f)
{
	const char *name = package_tables[i].file;
	struct comparing k = { .fd = -1 };
	char more;
	int rc;

	if (!has(p, name)) {
		verify_problem(p->v, name, "is missing");
		return 0;
	}
	if ((k.fd = folder_open(p->folder, name, f)) == -1)
		return -1;
	rc =
	    package_table(reader, catalogs, &p->about, i, compare_piece, &k, f);
	if (rc == 0 && !k.differs && read(k.fd, &more, 1) != 0)
		k.differs = true;
	(void)close(k.fd);
	if (rc == 0 && k.differs)
		verify_problem(p->v, name, "is not what evidence.db gives");
	return rc;
}

static int
check_text(struct opened *p, const char *name, const char *want, size_t len)
{
	BUF_AUTO(have, RENDER_XML_MAX);

	if (get(p, name, &have) == -1)
		return -1;
	if (have.len == len && (len == 0 || memcmp(have.p, want, len) == 0))
		return 0;
	verify_problem(p->v, name, "is not what evidence.db gives");
	return -1;
}

static int
check_sample(struct opened *p, struct store *reader, struct fault *f)
{
	long long before = p->v->problems;
	BUF_AUTO(want, 0);

	if (p->about.sample == 0)
		return 0;
	if (package_sample(p->v->cli->crypto, reader, &p->about, &want, f) ==
	    -1)
		return -1;
	(void)check_text(p, "csv/sample.csv", want.p, want.len);
	if (p->v->problems == before)
		printf("  ok     csv/sample.csv: drawn again by the seed %s: "
		       "the same %lld\n",
		    p->about.seed, p->about.sample);
	return 0;
}

/* The checks and catalogues are those the judgement names. */
static void
check_rules(struct opened *p, const struct checks *checks)
{
	char name[256];

	for (size_t i = 0; i < checks->n; i++) {
		const struct check *k = &checks->list[i];

		(void)snprintf(name, sizeof(name), "checks/%s.sql", k->id);
		(void)check_text(p, name, k->text, k->len);
	}
	for (size_t i = 0; i < checks->catalogs.n; i++) {
		const struct catalog *k = &checks->catalogs.list[i];

		(void)snprintf(name, sizeof(name), "catalogs/%s.tsv", k->name);
		(void)check_text(p, name, k->text, k->len);
	}
}

static int
check_queries(struct opened *p, const struct checks *checks, struct fault *f)
{
	const struct query_when when = package_when(&p->about);
	struct store *reader = reader_of(p, f);
	long long before = p->v->problems;
	int rc = reader == NULL ? -1 : query_look(reader, &when, f);

	for (size_t i = 0; rc == 0 && package_tables[i].file != NULL; i++)
		rc = check_table(p, reader, &checks->catalogs, i, f);
	if (rc == 0)
		step(p, before, "csv/",
		    "every table, asked of evidence.db again: the same bytes");
	if (rc == 0)
		rc = check_sample(p, reader, f);
	return rc;
}

static int
check_tables(struct opened *p, struct fault *f)
{
	struct checks checks;
	struct fault why = { 0 };
	long long before = p->v->problems;
	int rc = 0;

	if (is_redacted(p))
		return 0;
	if (checks_load_judged(&checks, p->st, p->about.judgement,
		p->v->cli->crypto, &why) == -1)
		return blame(p->v, "evidence.db", &why, f);
	check_rules(p, &checks);
	step(p, before, "checks/, catalogs/",
	    "the texts that the judgement names by their digests");
	if (strcmp(p->about.exhibit, EXHIBIT_VERSION) == 0)
		rc = check_queries(p, &checks, f);
	else
		printf("  -      csv/: not made anew: another version of "
		       "exhibit wrote them\n");
	checks_free(&checks);
	return rc;
}

/* ------------------------------------------------------------------- whole */

static int
check_own(struct opened *p, struct fault *f)
{
	const struct package_has there = { .stamp = has(p, PACKAGE_STAMP),
		.checkpoint_stamp = has(p, PACKAGE_CHECKPOINT_STAMP),
		.previous = has(p, "previous-checkpoint.txt"),
		.plan = has(p, "report.poam.xml") };
	struct signer_info info;
	struct fault why = { 0 };
	BUF_AUTO(pem, SIGNER_FILE_MAX);
	BUF_AUTO(want, PACKAGE_TEXT_MAX);

	if (get(p, "signer.pem", &pem) == -1)
		return 0;
	if (certificate_info(p->v->cli->crypto, pem.p != NULL ? pem.p : "",
		pem.len, &info, &why) == -1)
		return blame(p->v, "signer.pem", &why, f);
	if (strcmp(info.fingerprint, p->signer) != 0)
		verify_problem(p->v, "signer.pem",
		    "is another certificate than signature001's");
	if (strcmp(p->about.exhibit, EXHIBIT_VERSION) != 0)
		return 0;
	if (package_verify_text(&p->about, &there, &want, f) == -1)
		return -1;
	(void)check_text(p, "VERIFY.txt", want.p, want.len);
	return 0;
}

static int
check_about(struct opened *p, struct fault *f)
{
	struct fault why = { 0 };
	BUF_AUTO(about, PACKAGE_TEXT_MAX);

	if (get(p, "package.json", &about) == -1)
		return 0;
	if (package_about_read(about.p != NULL ? about.p : "", about.len,
		&p->about, &why) == -1)
		return blame(p->v, "package.json", &why, f);
	return 0;
}

/* Each part stands on the ones before it: after one that does not hold the
 * next would only say the same again. */
static int
check_all(struct opened *p, struct fault *f)
{
	static int (*const parts[])(struct opened *, struct fault *) = {
		check_signatures, check_files, check_about, check_evidence,
		check_previous, check_tables, check_report, check_own
	};
	size_t n = sizeof(parts) / sizeof(parts[0]);

	for (size_t i = 0; i < n; i++) {
		if (parts[i](p, f) == -1)
			return -1;
		if (p->v->problems > 0 && i > 0 && i + 1 < n) {
			printf("  -      what builds on this was not looked "
			       "at\n");
			return 0;
		}
	}
	return 0;
}

int
verify_package(struct verifying *v, const struct options *o, const char *path,
    struct fault *f)
{
	struct opened *p = calloc(1, sizeof(*p));
	struct fault why = { 0 };
	int rc;

	if (p == NULL)
		return fault_memory(f);
	p->v = v;
	p->o = o;
	printf("%s\n", path);
	rc = cli_folder(p->folder, f);
	if (rc == 0 && cli_package_open(path, p->folder, &why) == -1) {
		if (why.kind == FAULT_ABSENT)
			rc = fault(f, why.kind, "%s", why.text);
		else
			rc = blame(v, "container", &why, f);
	} else if (rc == 0) {
		printf("  ok     container: can be read in one way only\n");
		rc = check_all(p, f);
	}
	recheck_kept_free(&p->kept);
	store_close(p->reader);
	store_close(p->st);
	listing_free(&p->files);
	folder_remove(p->folder);
	free(p);
	return rc;
}
