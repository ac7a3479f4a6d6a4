/* A store: every digest, root and signature again, and what was kept. */
#include <string.h>

#include "report/package/checkpoint.h"
#include "report/package/published.h"
#include "report/package/verify_judgement.h"

static int
verify_kept(
    struct verifying *v, const char *path, struct store *st, struct fault *f)
{
	char origin[CHECKPOINT_ORIGIN_MAX], want[CHECKPOINT_ORIGIN_MAX];
	struct log_head head;
	struct fault why = { 0 };
	uint8_t root[SHA256_LEN];

	if (checkpoint_kept(path, origin, &head, f) == -1)
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
		verify_say(v, VERIFY_NOTE, "",
		    "%s: the log still holds these %lld entries unchanged",
		    path, head.size);
	return 0;
}

/* Times that a trusted stamp contradicts: an entry under the stamped checkpoint
 * that claims to be later than it, or one after it that claims to be earlier.
 */
static int
doubt_claims(struct verifying *v, struct store *st, sqlite3_stmt *checkpoint,
    const char *where, int64_t stamped, struct fault *f)
{
	sqlite3_stmt *q = NULL;
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
	while ((rc = sqlite3_step(q)) == SQLITE_ROW)
		verify_say(v, VERIFY_OPEN, where,
		    "contradicts log entry %lld, which claims %.40s",
		    (long long)sqlite3_column_int64(q, 0),
		    (const char *)sqlite3_column_text(q, 1));
	(void)sqlite3_finalize(q);
	return rc == SQLITE_DONE ? 0 : store_fault(st, "time stamps", f);
}

/* One time stamp over a checkpoint's note, by --tsa-cert: 1 if it holds. */
static int
verify_stamp(
    struct verifying *v, struct store *st, sqlite3_stmt *q, struct fault *f)
{
	struct tsa_info info;
	struct fault why = { 0 };
	char where[64], when[UTC_LEN];

	(void)snprintf(where, sizeof(where), "time stamp of checkpoint %lld",
	    (long long)sqlite3_column_int64(q, 0));
	if (sqlite3_column_text(q, 1) == NULL)
		return fault_memory(f);
	if (tsa_verify(v->q->crypto, sqlite3_column_text(q, 1),
		(size_t)sqlite3_column_bytes(q, 1), sqlite3_column_blob(q, 2),
		(size_t)sqlite3_column_bytes(q, 2), v->q->tsa.p, v->q->tsa.len,
		&info, &why) == 0) {
		utc_format(info.time, when);
		if (v->q->verbose)
			verify_say(v, VERIFY_NOTE, "", "%s: %s, %s", where,
			    when, info.subject);
		return doubt_claims(v, st, q, where, info.time, f) == -1 ? -1
									 : 1;
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
	bool known = v->q->tsa.len > 0;

	if (sqlite3_prepare_v2(store_db(st),
		"SELECT id, note, tst, size FROM checkpoint WHERE tst IS NOT "
		"NULL ORDER BY id",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "time stamps", f);
	while (rc != -1 && (row = sqlite3_step(q)) == SQLITE_ROW) {
		n++;
		if (known)
			rc = verify_stamp(v, st, q, f);
		good += rc == 1;
	}
	rc = rc == -1 ? -1 : 0;
	if (rc == 0 && row != SQLITE_DONE)
		rc = store_fault(st, "time stamps", f);
	(void)sqlite3_finalize(q);
	if (rc == 0 && n > 0 && known)
		verify_say(v, VERIFY_NOTE, "",
		    "%lld of %lld time stamps verified", good, n);
	else if (rc == 0 && n > 0)
		verify_say(v, VERIFY_OPEN, store_path(st),
		    "%lld time stamps NOT VERIFIED: name the authority's "
		    "certificate with --tsa-cert",
		    n);
	return rc;
}

/*
 * How far the log is under somebody's word: a signed checkpoint, or the one
 * that the reader kept. What is after it, anybody with the file could have
 * added.
 */
static int
verify_head(struct verifying *v, struct store *st, struct fault *f)
{
	char origin[CHECKPOINT_ORIGIN_MAX];
	struct log_head head, kept = { 0 };
	sqlite3_stmt *q = NULL;
	long long covered = 0;
	int rc;

	if (log_head(st, &head, f) == -1 ||
	    (v->q->checkpoint != NULL &&
		checkpoint_kept(v->q->checkpoint, origin, &kept, f) == -1))
		return -1;
	if (sqlite3_prepare_v2(store_db(st),
		"SELECT coalesce(max(size), 0) FROM checkpoint WHERE "
		"length(cms) > 0",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "checkpoints", f);
	if ((rc = sqlite3_step(q)) == SQLITE_ROW)
		covered = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	if (rc != SQLITE_ROW)
		return store_fault(st, "checkpoints", f);
	if (kept.size > covered)
		covered = kept.size;
	if (covered == 0)
		verify_say(v, VERIFY_OPEN, store_path(st),
		    "no signed checkpoint: anybody could have made this store");
	else if (covered < head.size)
		verify_say(v, VERIFY_OPEN, store_path(st),
		    "log entries %lld to %lld are under no signed checkpoint: "
		    "anybody with the file could have added them",
		    covered, head.size - 1);
	return 0;
}

int
verify_store(struct verifying *v, struct store *st, struct fault *f)
{
	struct verify_counts n;
	const struct verifier how = { verify_problem, verify_note, v,
		verify_doubt };

	verify_say(v, VERIFY_FILE, store_path(st), "%s", "");
	if (store_verify(st, &how, &n, f) == -1)
		return -1;
	verify_say(v, VERIFY_NOTE, "",
	    "%lld contents, %lld subjects, %lld changes in %lld runs, %lld "
	    "judgements",
	    n.contents, n.subjects, n.changes, n.runs, n.judgements);
	verify_say(v, VERIFY_NOTE, "",
	    "%lld log entries, %lld checkpoints, %lld of them signed", n.leaves,
	    n.checkpoints, n.signatures);
	if (n.dropped > 0)
		verify_say(v, VERIFY_NOTE, "",
		    "%lld contents were dropped by retention; their digests "
		    "are proven all the same",
		    n.dropped);
	if (n.foreign)
		verify_say(v, VERIFY_OPEN, store_path(st),
		    "its views were not compared: another version or build of "
		    "exhibit wrote it, and nothing is read through them");
	if (verify_head(v, st, f) == -1 || verify_stamps(v, st, f) == -1 ||
	    (v->problems == 0 &&
		verify_judgements(v, st, store_path(st), f) == -1))
		return -1;
	if (v->q->checkpoint != NULL &&
	    verify_kept(v, v->q->checkpoint, st, f) == -1)
		return -1;
	return v->q->published != NULL
		   ? verify_published(v, v->q->published, st, f)
		   : 0;
}
