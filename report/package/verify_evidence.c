/* A package's evidence: its digests, roots and log, and what came before. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "store/proof.h"
#include "report/sign/tsa.h"
#include "report/package/verify_judgement.h"
#include "report/package/verify_package.h"

static int
check_checkpoint(struct opened *p, struct fault *f)
{
	struct signature_info info;
	struct log_head head;
	long long before = p->v->problems;
	int rc;
	BUF_AUTO(have, 4096);
	BUF_AUTO(want, 4096);

	if (opened_get(p, "checkpoint.txt", &have) == -1)
		return 0;
	if (log_head(p->st, &head, f) == -1 ||
	    checkpoint_note(p->st, &head, &want, f) == -1)
		return -1;
	if (have.len != want.len || memcmp(have.p, want.p, want.len) != 0)
		verify_problem(
		    p->v, "checkpoint.txt", "is not of the log of evidence.db");
	rc = opened_signature(p, &have, PACKAGE_CHECKPOINT_SIGNATURE, &info, f);
	if (rc == 1 && strcmp(info.fingerprint, p->signer) != 0)
		verify_problem(p->v, PACKAGE_CHECKPOINT_SIGNATURE,
		    "is of another certificate than signature001");
	if (rc == -1 || (opened_has(p, PACKAGE_CHECKPOINT_STAMP) &&
			    opened_stamp(p, "checkpoint.txt",
				PACKAGE_CHECKPOINT_STAMP, f) == -1))
		return -1;
	opened_step(p, before, "checkpoint.txt",
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

	if (opened_has(p, "evidence.db"))
		verify_problem(p->v, "evidence.db",
		    "is there, though package.json says that names were "
		    "replaced");
	if (opened_get(p, "checkpoint.txt", &note) == -1)
		return 0;
	if (checkpoint_parse(note.p != NULL ? note.p : "", note.len, origin,
		&p->head, &why) == -1)
		return opened_blame(p->v, "checkpoint.txt", &why, f);
	rc = opened_signature(p, &note, PACKAGE_CHECKPOINT_SIGNATURE, &info, f);
	if (rc == 1 && strcmp(info.fingerprint, p->signer) != 0)
		verify_problem(p->v, PACKAGE_CHECKPOINT_SIGNATURE,
		    "is of another certificate than signature001");
	if (rc == -1 || (opened_has(p, PACKAGE_CHECKPOINT_STAMP) &&
			    opened_stamp(p, "checkpoint.txt",
				PACKAGE_CHECKPOINT_STAMP, f) == -1))
		return -1;
	opened_step(p, before, "checkpoint.txt",
	    "the preparer signed the log that the evidence is in");
	verify_say(p->v, VERIFY_OPEN, "evidence.db, checks, tables, report",
	    "names were replaced (%s), so that nothing can be made anew; a "
	    "disclosed value is checked against csv/redacted.csv",
	    p->about.redacted);
	return 0;
}

int
opened_evidence(struct opened *p, struct fault *f)
{
	const struct verifier how = { verify_problem, verify_note, p->v,
		verify_doubt };
	struct verify_counts n;
	struct fault why = { 0 };
	long long before = p->v->problems;
	char path[FOLDER_PATH_MAX];

	if (opened_redacted(p))
		return check_redacted(p, f);
	if (folder_path(p->folder, "evidence.db", path, f) == -1)
		return -1;
	p->st =
	    store_open(path, STORE_READ, p->v->q->kinds, p->v->q->crypto, &why);
	if (p->st == NULL || store_verify(p->st, &how, &n, &why) == -1)
		return opened_blame(p->v, "evidence.db", &why, f);
	if (p->v->problems == before)
		verify_say(p->v, VERIFY_HOLDS, "evidence.db",
		    "%lld contents in %lld runs have their digests and roots; "
		    "that the hosts told the truth, or that all were asked, it "
		    "does not prove",
		    n.contents, n.runs);
	if (n.foreign)
		verify_say(p->v, VERIFY_OPEN, "views of evidence.db",
		    "not compared, another version or build of exhibit wrote "
		    "them; nothing above was read through them");
	if (strcmp(p->about.store, store_id(p->st)) != 0)
		verify_problem(p->v, "evidence.db",
		    "is of another store than the package");
	if (p->v->problems == before && check_judgement(p, f) == -1)
		return -1;
	if (check_checkpoint(p, f) == -1)
		return -1;
	return p->v->problems == before
		   ? verify_judgements(p->v, p->st, "evidence.db", f)
		   : 0;
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

	if (proof == NULL || opened_get(p, "consistency.txt", &text) == -1) {
		free(proof);
		return;
	}
	if (proof_check(p->v->q->crypto, text.p != NULL ? text.p : "", text.len,
		proof, &why) == -1) {
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

	if (!opened_has(p, "consistency.txt")) {
		if (head->size != p->head.size ||
		    memcmp(head->root, p->head.root, SHA256_LEN) != 0)
			verify_problem(p->v, where,
			    "no proof is there that its log was only added to");
		return 0;
	}
	if (opened_get(p, "consistency.txt", &text) == -1)
		return 0;
	if ((proof = malloc(sizeof(*proof))) == NULL)
		return fault_memory(f);
	if (proof_check(p->v->q->crypto, text.p != NULL ? text.p : "", text.len,
		proof, &why) == -1) {
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
	const char *path = p->v->q->previous;
	char origin[CHECKPOINT_ORIGIN_MAX], kept[CHECKPOINT_ORIGIN_MAX];
	struct log_head head, other;
	struct fault why = { 0 };
	long long before = p->v->problems;
	BUF_AUTO(own, 4096);
	BUF_AUTO(note, 4096);

	if (!opened_has(p, "previous-checkpoint.txt"))
		return path == NULL
			   ? 0
			   : blame_text(p, path,
				 "this package says nothing of one before it");
	if (opened_get(p, "previous-checkpoint.txt", &own) == -1)
		return 0;
	if (checkpoint_parse(
		own.p != NULL ? own.p : "", own.len, origin, &head, &why) == -1)
		return opened_blame(p->v, "previous-checkpoint.txt", &why, f);
	if (check_grown(p, "previous-checkpoint.txt", origin, &head, f) == -1)
		return -1;
	if (path == NULL)
		return 0;
	if (package_checkpoint(path, &note, kept, &other, &why) == -1)
		return opened_blame(p->v, path, &why, f);
	if (strcmp(kept, origin) != 0 || other.size != head.size ||
	    memcmp(other.root, head.root, SHA256_LEN) != 0)
		verify_problem(
		    p->v, path, "is not the package before this one");
	if (p->v->problems == before)
		verify_say(p->v, VERIFY_HOLDS, path,
		    "its %lld log entries stand unchanged in the log of this "
		    "one",
		    head.size);
	return 0;
}

int
opened_previous(struct opened *p, struct fault *f)
{
	const char *path = p->v->q->previous;
	char origin[CHECKPOINT_ORIGIN_MAX];
	struct log_head head;
	struct fault why = { 0 };
	long long before = p->v->problems;
	BUF_AUTO(note, 4096);
	BUF_AUTO(own, 4096);

	if (opened_redacted(p))
		return check_previous_redacted(p, f);
	if (opened_has(p, "previous-checkpoint.txt")) {
		if (opened_get(p, "previous-checkpoint.txt", &own) == -1)
			return 0;
		if (checkpoint_parse(own.p != NULL ? own.p : "", own.len,
			origin, &head, &why) == -1)
			return opened_blame(
			    p->v, "previous-checkpoint.txt", &why, f);
		compare_head(p, "previous-checkpoint.txt", origin, &head);
		if (opened_has(p, "consistency.txt"))
			check_proof(p, &head);
	}
	if (path == NULL)
		return 0;
	if (package_checkpoint(path, &note, origin, &head, &why) == -1)
		return opened_blame(p->v, path, &why, f);
	compare_head(p, path, origin, &head);
	if (p->v->problems == before)
		verify_say(p->v, VERIFY_HOLDS, path,
		    "its %lld log entries stand unchanged in this package",
		    head.size);
	return 0;
}
