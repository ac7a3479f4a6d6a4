/*
 * The state tree: what a run's state root commits to.
 *
 * 4096 buckets by the first 12 bits of a subject's name. A bucket is one RFC
 * 6962 leaf over its live subjects sorted by name, 64 bytes each: name, then
 * the SHA-256 of the content. The root is the RFC 6962 root over the buckets.
 * One bucket and twelve hashes prove that a subject had a content in a run,
 * or that it was not there; a run hashes again only the buckets it changed.
 */
#include "store/internal.h"

#include <string.h>

#define ENTRIES_MAX (64 * 1024 * 1024) /* bytes of one bucket */

unsigned
bucket_of(const uint8_t name[SHA256_LEN])
{
	return (unsigned)name[0] << 4 | (unsigned)name[1] >> 4;
}

int
bucket_entries(struct store *st, unsigned bucket, long long run,
    struct buf *entries, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_BUCKET_ENTRIES);
	uint8_t d[SHA256_LEN];
	int rc;

	sqlite3_bind_int64(q, 1, bucket);
	sqlite3_bind_int64(q, 2, run);
	while ((rc = stmt_row(st, q, f)) == 1)
		for (int i = 0; i < 2; i++) {
			if (stmt_digest(st, q, i, "a content's digest", d, f) ==
			    -1) {
				(void)sqlite3_reset(q);
				return -1;
			}
			buf_put(entries, d, SHA256_LEN);
		}
	return rc == -1 ? -1 : buf_done(entries, "state bucket", f);
}

/* The leaf hash of a bucket: its entries as one RFC 6962 leaf. */
static int
bucket_hash(struct store *st, unsigned bucket, long long run,
    uint8_t out[SHA256_LEN], struct fault *f)
{
	BUF_AUTO(entries, ENTRIES_MAX);

	if (bucket_entries(st, bucket, run, &entries, f) == -1)
		return -1;
	return merkle_leaf(
	    st->crypto, entries.len > 0 ? entries.p : "", entries.len, out, f);
}

static int
state_tree_empty(struct store *st, struct state_tree *t, struct fault *f)
{
	uint8_t empty[SHA256_LEN];

	if (merkle_leaf(st->crypto, "", 0, empty, f) == -1)
		return -1;
	for (unsigned i = 0; i < BUCKETS; i++)
		memcpy(t->leaf[i], empty, SHA256_LEN);
	return 0;
}

int
state_tree_load(struct store *st, struct state_tree *t, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (state_tree_empty(st, t, f) == -1)
		return -1;
	q = stmt_of(st, S_BUCKETS);
	while ((rc = stmt_row(st, q, f)) == 1) {
		long long i = sqlite3_column_int64(q, 0);

		if (i < 0 || i >= BUCKETS)
			rc = fault(f, FAULT_INTEGRITY,
			    "%s: state bucket %lld: there is no such", st->path,
			    i);
		else
			rc = stmt_digest(
			    st, q, 1, "a state bucket's hash", t->leaf[i], f);
		if (rc == -1) {
			(void)sqlite3_reset(q);
			return -1;
		}
	}
	return rc;
}

static int
note_leaf(
    void *ctx, unsigned bucket, const uint8_t hash[SHA256_LEN], struct fault *f)
{
	struct state_tree *t = ctx;

	(void)f;
	memcpy(t->leaf[bucket], hash, SHA256_LEN);
	return 0;
}

static int
live_load(struct store *st, struct live *l, long long run, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_STATE);
	uint8_t name[SHA256_LEN], sha[SHA256_LEN];
	int rc;

	sqlite3_bind_int64(q, 1, run);
	while ((rc = stmt_row(st, q, f)) == 1)
		if (stmt_digest(st, q, 0, "a name", name, f) == -1 ||
		    stmt_digest(st, q, 1, "a content's digest", sha, f) == -1 ||
		    live_set(l, name, sha, f) == -1) {
			(void)sqlite3_reset(q);
			return -1;
		}
	return rc;
}

int
state_tree_at(
    struct store *st, long long run, struct state_tree *t, struct fault *f)
{
	struct live *l = live_new(st->crypto, f);
	int rc = -1;

	if (l != NULL && live_load(st, l, run, f) == 0)
		rc = live_settle(l, note_leaf, t, f);
	live_free(l);
	return rc;
}

int
state_tree_put(struct store *st, const struct state_tree *t, unsigned bucket,
    struct fault *f)
{
	uint8_t empty[SHA256_LEN];
	sqlite3_stmt *q;
	bool gone;

	if (merkle_leaf(st->crypto, "", 0, empty, f) == -1)
		return -1;
	gone = memcmp(t->leaf[bucket], empty, SHA256_LEN) == 0;
	q = stmt_of(st, gone ? S_BUCKET_DROP : S_BUCKET_PUT);
	sqlite3_bind_int64(q, 1, bucket);
	if (!gone)
		sqlite3_bind_blob(
		    q, 2, t->leaf[bucket], SHA256_LEN, SQLITE_STATIC);
	return stmt_done(st, q, f);
}

static int
state_tree_root(struct store *st, const struct state_tree *t,
    uint8_t root[SHA256_LEN], struct fault *f)
{
	struct merkle m = { 0 };

	for (unsigned i = 0; i < BUCKETS; i++)
		if (merkle_add(&m, st->crypto, t->leaf[i], f) == -1)
			return -1;
	return merkle_root(&m, st->crypto, root, f);
}

/* ------------------------------------------------------------ of one run */

static int
last_root(struct store *st, uint8_t root[SHA256_LEN], struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_LAST_ROOT);
	int rc = stmt_row(st, q, f);

	if (rc == 1 &&
	    stmt_digest(st, q, 0, "a run's state root", root, f) == -1)
		rc = -1;
	(void)sqlite3_reset(q);
	return rc;
}

static int
bucket_update(struct store *st, struct state_tree *t, unsigned bucket,
    long long run, struct fault *f)
{
	if (bucket_hash(st, bucket, run, t->leaf[bucket], f) == -1)
		return -1;
	return state_tree_put(st, t, bucket, f);
}

int
state_root(
    struct store *st, long long run, uint8_t root[SHA256_LEN], struct fault *f)
{
	struct state_tree *t;
	bool touched[BUCKETS] = { false }, any = false;
	sqlite3_stmt *q = stmt_of(st, S_RUN_CHANGES);
	int rc;

	sqlite3_bind_int64(q, 1, run);
	while ((rc = stmt_row(st, q, f)) == 1) {
		uint8_t name[SHA256_LEN];

		if (stmt_digest(st, q, 0, "a name", name, f) == -1) {
			(void)sqlite3_reset(q);
			return -1;
		}
		any = touched[bucket_of(name)] = true;
	}
	if (rc == -1)
		return -1;
	if (!any && (rc = last_root(st, root, f)) != 0)
		return rc == 1 ? 0 : -1;
	if ((t = malloc(sizeof(*t))) == NULL)
		return fault_memory(f);
	rc = state_tree_load(st, t, f);
	for (unsigned i = 0; rc == 0 && i < BUCKETS; i++)
		if (touched[i])
			rc = bucket_update(st, t, i, run, f);
	if (rc == 0)
		rc = state_tree_root(st, t, root, f);
	free(t);
	return rc;
}
