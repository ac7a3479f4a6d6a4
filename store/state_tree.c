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
	const uint8_t from[2] = { (uint8_t)(bucket >> 4),
		(uint8_t)(bucket << 4) };
	const uint8_t to[2] = { (uint8_t)((bucket + 1) >> 4),
		(uint8_t)((bucket + 1) << 4) };
	/* after the last bucket: longer than any name, and above all */
	uint8_t beyond[SHA256_LEN + 1];
	sqlite3_stmt *q = stmt_of(st, S_BUCKET_ENTRIES);
	int rc;

	memset(beyond, 0xff, sizeof(beyond));
	sqlite3_bind_blob(q, 1, from, 2, SQLITE_STATIC);
	if (bucket + 1 < BUCKETS)
		sqlite3_bind_blob(q, 2, to, 2, SQLITE_STATIC);
	else
		sqlite3_bind_blob(q, 2, beyond, sizeof(beyond), SQLITE_STATIC);
	sqlite3_bind_int64(q, 3, run);
	while ((rc = stmt_row(st, q, f)) == 1) {
		buf_put(entries, sqlite3_column_blob(q, 0),
		    (size_t)sqlite3_column_bytes(q, 0));
		buf_put(entries, sqlite3_column_blob(q, 1),
		    (size_t)sqlite3_column_bytes(q, 1));
	}
	return rc == -1 ? -1 : buf_done(entries, "state bucket", f);
}

int
bucket_hash(struct store *st, unsigned bucket, long long run,
    uint8_t out[SHA256_LEN], struct fault *f)
{
	BUF_AUTO(entries, ENTRIES_MAX);

	if (bucket_entries(st, bucket, run, &entries, f) == -1)
		return -1;
	return merkle_leaf(
	    st->crypto, entries.len > 0 ? entries.p : "", entries.len, out, f);
}

int
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
	if (state_tree_empty(st, t, f) == -1)
		return -1;
	for (unsigned i = 0; i < BUCKETS; i++) {
		sqlite3_stmt *q = stmt_of(st, S_BUCKET_HASH);
		int rc;

		sqlite3_bind_int64(q, 1, i);
		if ((rc = stmt_row(st, q, f)) == -1)
			return -1;
		if (rc == 1)
			memcpy(
			    t->leaf[i], sqlite3_column_blob(q, 0), SHA256_LEN);
		(void)sqlite3_reset(q);
	}
	return 0;
}

int
state_tree_root(struct store *st, const struct state_tree *t,
    uint8_t root[SHA256_LEN], struct fault *f)
{
	struct merkle m = { 0 };

	for (unsigned i = 0; i < BUCKETS; i++)
		if (merkle_add(&m, st->crypto, t->leaf[i], f) == -1)
			return -1;
	return merkle_root(&m, st->crypto, root, f);
}
