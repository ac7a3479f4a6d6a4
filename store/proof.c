/* Taking proofs out of a store. See proof.h. */
#include "store/proof.h"

#include <stdlib.h>
#include <string.h>

#include "store/internal.h"

/* A statement that is asked once a proof. NULL with a fault. */
static sqlite3_stmt *
ask(struct store *st, const char *text, struct fault *f)
{
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(st->db, text, -1, &q, NULL) == SQLITE_OK)
		return q;
	(void)store_fault(st, "proof", f);
	return NULL;
}

static void
put_path(struct buf *out, const char *name, const struct merkle_path *path)
{
	char hex[SHA256_HEX];

	for (size_t i = 0; i < path->n; i++) {
		hex_encode(path->hash[i], SHA256_LEN, hex);
		buf_printf(out, "%s %s\n", name, hex);
	}
}

static void
put_text(struct buf *out, const char *name, const void *p, size_t len)
{
	buf_printf(out, "%s ", name);
	buf_put(out, p, len);
	buf_putc(out, '\n');
}

/* What was written must hold for a reader too. */
static int
check_own(struct store *st, const struct buf *out, size_t from, struct fault *f)
{
	struct proof *p;
	struct fault why = { 0 };
	int rc;

	if (buf_done(out, "proof", f) == -1)
		return -1;
	if ((p = malloc(sizeof(*p))) == NULL)
		return fault_memory(f);
	rc = proof_check(st->crypto, out->p + from, out->len - from, p, &why);
	if (rc == 0)
		proof_free(p);
	free(p);
	if (rc == 0)
		return 0;
	if (why.kind == FAULT_IO)
		return fault(f, why.kind, "%s", why.text);
	return fault(f, FAULT_INTEGRITY,
	    "%s: the store does not hold what its log says, so it proves "
	    "nothing ('exhibit verify' names what is wrong): %.600s",
	    st->path, why.text);
}

/* -------------------------------------------------------------- checkpoints
 */

/* The size of the checkpoint to prove under: the reader's, or the newest that
 * covers `need` entries, a signed one before others. */
static int
choose_size(struct store *st, long long need, long long asked, long long *size,
    struct fault *f)
{
	sqlite3_stmt *q;
	struct log_head head;
	int rc;

	*size = asked;
	if (asked != 0 && asked < need)
		return fault(f, FAULT_USAGE,
		    "%s: the checkpoint covers %lld log entries; what is to be "
		    "proven is entry %lld, which came later",
		    st->path, asked, need - 1);
	if (asked != 0)
		return 0;
	q = ask(st,
	    "SELECT size FROM checkpoint WHERE size >= ?1 "
	    "ORDER BY cms IS NULL, size DESC, id DESC LIMIT 1",
	    f);
	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, need);
	if ((rc = stmt_row(st, q, f)) == 1)
		*size = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	if (rc != 0)
		return rc == 1 ? 0 : -1;
	if (log_head(st, &head, f) == -1)
		return -1;
	*size = head.size;
	return 0;
}

/* The checkpoint of this size as the store keeps it, or one made now. */
static int
put_checkpoint(
    struct store *st, long long size, struct buf *out, struct fault *f)
{
	struct log_head head = { .size = size };
	sqlite3_stmt *q = ask(st,
	    "SELECT note, cms FROM checkpoint WHERE size = ?1 "
	    "ORDER BY cms IS NULL, id DESC LIMIT 1",
	    f);
	int rc;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, size);
	buf_puts(out, "checkpoint\n");
	if ((rc = stmt_row(st, q, f)) == 1) {
		const void *note = sqlite3_column_text(q, 0);

		buf_put(out, note, (size_t)sqlite3_column_bytes(q, 0));
		if (sqlite3_column_bytes(q, 1) > 0)
			cms_pem(out, sqlite3_column_blob(q, 1),
			    (size_t)sqlite3_column_bytes(q, 1));
	}
	(void)sqlite3_finalize(q);
	if (rc != 0)
		return rc == 1 ? 0 : -1;
	if (log_root_at(st, size, head.root, f) == -1)
		return -1;
	return checkpoint_note(st, &head, out, f);
}

/* --------------------------------------------------------------- log entries
 */

static int
put_record(struct store *st, long long seq, struct buf *out, struct fault *f)
{
	sqlite3_stmt *q = ask(st, "SELECT body FROM log WHERE seq = ?1", f);
	int rc;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, seq);
	if ((rc = stmt_row(st, q, f)) == 1)
		put_text(out, "record", sqlite3_column_text(q, 0),
		    (size_t)sqlite3_column_bytes(q, 0));
	(void)sqlite3_finalize(q);
	if (rc == -1)
		return -1;
	if (rc == 0)
		return fault(f, FAULT_USAGE, "%s: the log has no entry %lld",
		    st->path, seq);
	buf_printf(out, "index %lld\n", seq);
	return 0;
}

/* record, index, log-path, checkpoint: the end of most proofs. */
static int
put_log(struct store *st, long long seq, long long asked, struct buf *out,
    struct fault *f)
{
	struct merkle_path path;
	long long size;

	if (put_record(st, seq, out, f) == -1 ||
	    choose_size(st, seq + 1, asked, &size, f) == -1 ||
	    log_inclusion(st, seq, size, &path, f) == -1)
		return -1;
	put_path(out, "log-path", &path);
	return put_checkpoint(st, size, out, f);
}

int
proof_record(struct store *st, long long seq, long long size, struct buf *out,
    struct fault *f)
{
	size_t from = out->len;

	buf_puts(out, "exhibit proof v1\ntype record\n");
	if (put_log(st, seq, size, out, f) == -1)
		return -1;
	return check_own(st, out, from, f);
}

int
proof_consistency(struct store *st, long long first, long long second,
    struct buf *out, struct fault *f)
{
	struct merkle_path path;
	size_t from = out->len;

	buf_puts(out, "exhibit proof v1\ntype consistency\n");
	if (choose_size(st, first, second, &second, f) == -1 ||
	    log_consistency(st, first, second, &path, f) == -1)
		return -1;
	put_path(out, "log-path", &path);
	if (put_checkpoint(st, first, out, f) == -1 ||
	    put_checkpoint(st, second, out, f) == -1)
		return -1;
	return check_own(st, out, from, f);
}

/* ------------------------------------------------------------------ subject
 */

static int
check_name(const char *what, const char *s, size_t max, struct fault *f)
{
	json_t *v = json_stringn(s, strlen(s)); /* NULL: not UTF-8 */

	json_decref(v);
	if (v == NULL || strlen(s) > max)
		return fault(f, FAULT_USAGE,
		    "the %s is not UTF-8 text of at most %zu bytes", what, max);
	return 0;
}

/* The run (0: the newest that did not fail) and the log entry of its record. */
static int
find_run(struct store *st, long long *run, long long *record, struct fault *f)
{
	sqlite3_stmt *q = ask(st,
	    "SELECT run, record FROM ended WHERE run = ?1 "
	    "OR (?1 = 0 AND state <> 'failed') ORDER BY run DESC LIMIT 1",
	    f);
	int rc;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, *run);
	if ((rc = stmt_row(st, q, f)) == 1) {
		*run = sqlite3_column_int64(q, 0);
		*record = sqlite3_column_int64(q, 1);
	}
	(void)sqlite3_finalize(q);
	if (rc == -1)
		return -1;
	if (rc == 0 && *run == 0)
		return fault(f, FAULT_USAGE,
		    "%s: no run has ended yet, so there is nothing to prove",
		    st->path);
	return rc == 1 ? 0
		       : fault(f, FAULT_USAGE,
			     "%s: no run %lld; 'exhibit query runs' lists them",
			     st->path, *run);
}

/* Where the name stands among the entries; NULL: nowhere. */
static const char *
find_entry(const struct buf *entries, const uint8_t name[SHA256_LEN])
{
	for (size_t at = 0; at < entries->len; at += 2 * SHA256_LEN)
		if (memcmp(entries->p + at, name, SHA256_LEN) == 0)
			return entries->p + at;
	return NULL;
}

static int
put_content(struct store *st, const char *sha, struct buf *out, struct fault *f)
{
	sqlite3_stmt *q =
	    ask(st, "SELECT body FROM content WHERE sha256 = ?1", f);
	int rc;

	if (q == NULL)
		return -1;
	sqlite3_bind_blob(q, 1, sha, SHA256_LEN, SQLITE_STATIC);
	rc = stmt_row(st, q, f);
	if (rc == 1 && sqlite3_column_type(q, 0) != SQLITE_NULL)
		put_text(out, "content", sqlite3_column_text(q, 0),
		    (size_t)sqlite3_column_bytes(q, 0));
	else /* retention has dropped it; its digest still proves */
		put_text(out, "content", "-", 1);
	(void)sqlite3_finalize(q);
	return rc == -1 ? -1 : 0;
}

static void
put_entries(struct buf *out, unsigned bucket, const struct buf *entries)
{
	char name[SHA256_HEX], content[SHA256_HEX];
	const uint8_t *p = (const uint8_t *)entries->p;

	buf_printf(out, "bucket %u\n", bucket);
	for (size_t at = 0; at < entries->len; at += 2 * SHA256_LEN) {
		hex_encode(p + at, SHA256_LEN, name);
		hex_encode(p + at + SHA256_LEN, SHA256_LEN, content);
		buf_printf(out, "entry %s %s\n", name, content);
	}
}

/* The leaves of the state tree as of run: of the newest from the cache. */
static int
load_leaves(
    struct store *st, long long run, struct state_tree *t, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_LAST_RUN);
	long long last;

	if (stmt_row(st, q, f) != 1)
		return -1;
	last = sqlite3_column_int64(q, 0);
	(void)sqlite3_reset(q);
	return run == last ? state_tree_load(st, t, f)
			   : state_tree_at(st, run, t, f);
}

static int
put_state_path(struct store *st, unsigned bucket, long long run,
    struct buf *out, struct fault *f)
{
	struct state_tree *t = malloc(sizeof(*t));
	struct merkle_path path;
	int rc;

	if (t == NULL)
		return fault_memory(f);
	rc = load_leaves(st, run, t, f);
	if (rc == 0)
		rc = merkle_path_of(
		    st->crypto, t->leaf, bucket, BUCKETS, &path, f);
	free(t);
	if (rc == 0)
		put_path(out, "state-path", &path);
	return rc;
}

/* content, bucket, entry, state-path */
static int
put_state(struct store *st, const uint8_t name[SHA256_LEN], long long run,
    const struct buf *entries, const char *entry, struct buf *out,
    struct fault *f)
{
	if (entry != NULL && put_content(st, entry + SHA256_LEN, out, f) == -1)
		return -1;
	put_entries(out, bucket_of(name), entries);
	return put_state_path(st, bucket_of(name), run, out, f);
}

int
proof_subject(struct store *st, const char *kind, const char *scope,
    const char *key, long long run, long long size, struct buf *out,
    struct fault *f)
{
	const char *entry;
	uint8_t name[SHA256_LEN];
	long long record = 0;
	size_t from = out->len;
	BUF_AUTO(entries, (size_t)PROOF_ENTRIES_MAX * 2 * SHA256_LEN);

	if (check_name("kind", kind, KIND_VIEW_MAX, f) == -1 ||
	    check_name("scope", scope, NAME_MAX_LEN, f) == -1 ||
	    check_name("key", key, NAME_MAX_LEN, f) == -1 ||
	    find_run(st, &run, &record, f) == -1 ||
	    subject_name(st->crypto, kind, scope, key, name, f) == -1 ||
	    bucket_entries(st, bucket_of(name), run, &entries, f) == -1)
		return -1;
	entry = find_entry(&entries, name);
	buf_printf(out, "exhibit proof v1\ntype %s\nsubject ",
	    entry != NULL ? "present" : "absent");
	subject_text(out, kind, scope, key);
	buf_printf(out, "\nrun %lld\n", run);
	if (put_state(st, name, run, &entries, entry, out, f) == -1 ||
	    put_log(st, record, size, out, f) == -1)
		return -1;
	return check_own(st, out, from, f);
}
