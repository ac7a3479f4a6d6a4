/* The RFC 6962 log and its C2SP checkpoints. See store.h. */
#include "store/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

static int
log_size(struct store *st, long long *size, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_LOG_SIZE);

	if (stmt_row(st, q, f) != 1)
		return -1;
	*size = sqlite3_column_int64(q, 0);
	(void)sqlite3_reset(q);
	return 0;
}

static int
blob32(struct store *st, sqlite3_stmt *q, uint8_t out[SHA256_LEN],
    const char *what, struct fault *f)
{
	int rc = stmt_row(st, q, f);

	if (rc == -1)
		return -1;
	if (rc == 0 || sqlite3_column_bytes(q, 0) != SHA256_LEN) {
		(void)sqlite3_reset(q);
		return fault(
		    f, FAULT_INTEGRITY, "%s: %s is missing", st->path, what);
	}
	memcpy(out, sqlite3_column_blob(q, 0), SHA256_LEN);
	(void)sqlite3_reset(q);
	return 0;
}

/* The hash of the complete subtree of 2^level leaves number idx. */
static int
subtree(struct store *st, int level, long long idx, uint8_t out[SHA256_LEN],
    struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, level == 0 ? S_LOG_LEAF : S_NODE_HASH);

	if (level == 0) {
		sqlite3_bind_int64(q, 1, idx);
		return blob32(st, q, out, "a log leaf", f);
	}
	sqlite3_bind_int(q, 1, level);
	sqlite3_bind_int64(q, 2, idx);
	return blob32(st, q, out, "a log node", f);
}

/* Leaf seq completes one subtree per trailing 1 bit of its number. */
static int
add_nodes(struct store *st, long long seq, const uint8_t leaf[SHA256_LEN],
    struct fault *f)
{
	uint8_t hash[SHA256_LEN], left[SHA256_LEN];
	long long idx = seq;

	memcpy(hash, leaf, SHA256_LEN);
	for (int level = 0; idx & 1; level++, idx >>= 1) {
		sqlite3_stmt *q;

		if (subtree(st, level, idx - 1, left, f) == -1 ||
		    merkle_node(st->crypto, left, hash, hash, f) == -1)
			return -1;
		q = stmt_of(st, S_NODE_ADD);
		sqlite3_bind_int(q, 1, level + 1);
		sqlite3_bind_int64(q, 2, idx >> 1);
		sqlite3_bind_blob(q, 3, hash, SHA256_LEN, SQLITE_STATIC);
		if (stmt_done(st, q, f) == -1)
			return -1;
	}
	return 0;
}

static int
append(struct store *st, const char *type, const char *record_at,
    const char *body, size_t len, long long *seq, struct fault *f)
{
	uint8_t leaf[SHA256_LEN];
	long long at;
	sqlite3_stmt *q;

	if (log_size(st, &at, f) == -1 ||
	    merkle_leaf(st->crypto, body, len, leaf, f) == -1)
		return -1;
	q = stmt_of(st, S_LOG_ADD);
	sqlite3_bind_int64(q, 1, at);
	sqlite3_bind_text(q, 2, type, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, record_at, -1, SQLITE_STATIC);
	sqlite3_bind_text64(q, 4, body, len, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_blob(q, 5, leaf, SHA256_LEN, SQLITE_STATIC);
	if (stmt_done(st, q, f) == -1 || add_nodes(st, at, leaf, f) == -1)
		return -1;
	if (seq != NULL)
		*seq = at;
	return 0;
}

/* Complete the record and append it, in a transaction that is open. */
static int
append_record(struct store *st, const char *type, json_t *v, long long *seq,
    struct fault *f)
{
	char at[UTC_LEN];
	BUF_AUTO(body, COVERAGE_MAX);

	if (record_complete(st, type, v, at, f) == -1 ||
	    json_canonical(v, &body, f) == -1)
		return -1;
	return append(st, type, at, body.p, body.len, seq, f);
}

static int
append_alone(struct store *st, const char *type, json_t *v, long long *seq,
    struct fault *f)
{
	if (!sqlite3_get_autocommit(st->db))
		return append_record(st, type, v, seq, f);
	if (store_begin(st, f) == -1)
		return -1;
	if (append_record(st, type, v, seq, f) == -1 ||
	    store_commit(st, f) == -1) {
		store_rollback(st);
		return -1;
	}
	return 0;
}

int
log_json(struct store *st, const char *type, json_t *v, long long *seq,
    struct fault *f)
{
	int rc;

	if (v == NULL)
		return fault_memory(f);
	rc = append_alone(st, type, v, seq, f);
	json_decref(v);
	return rc;
}

int
log_append(struct store *st, const char *type, const char *body, size_t len,
    long long *seq, struct fault *f)
{
	json_t *v = json_read(body, len, "log record", f);

	return v == NULL ? -1 : log_json(st, type, v, seq, f);
}

/*
 * The root over n leaves from number `from` on, which a complete subtree no
 * smaller than n may begin with: RFC 6962 splits trees nowhere else.
 */
static int
range_root(struct store *st, long long from, long long n,
    uint8_t root[SHA256_LEN], struct fault *f)
{
	uint8_t hash[SHA256_LEN];
	bool found = false;

	/* from the right edge: the smallest complete subtree first */
	for (int level = 0; n >> level != 0; level++) {
		long long idx = (from + n) >> level;

		if (!(n >> level & 1))
			continue;
		if (subtree(st, level, idx - 1, found ? hash : root, f) == -1)
			return -1;
		if (found && merkle_node(st->crypto, hash, root, root, f) == -1)
			return -1;
		found = true;
	}
	return 0;
}

static int
check_size(struct store *st, long long size, struct fault *f)
{
	long long have;

	if (log_size(st, &have, f) == -1)
		return -1;
	if (size < 0 || size > have)
		return fault(f, FAULT_INTEGRITY,
		    "%s: the log has %lld entries, fewer than the %lld of the "
		    "checkpoint: entries were removed, or this is an older "
		    "copy",
		    st->path, have, size);
	return 0;
}

int
log_root_at(
    struct store *st, long long size, uint8_t root[SHA256_LEN], struct fault *f)
{
	if (check_size(st, size, f) == -1)
		return -1;
	if (size == 0)
		return digest_sha256(st->crypto, "", 0, root, f);
	return range_root(st, 0, size, root, f);
}

/* A way down the tree of the log: the part that is looked at, and the hashes
 * of the parts that are not, the highest first. */
struct descent {
	long long from, n;
	struct merkle_path seen;
};

/* The largest power of two below n: where RFC 6962 section 2.1 splits. */
static long long
split(long long n)
{
	long long k = 1;

	while (k < n - k)
		k *= 2;
	return k;
}

/* Go into one half, and keep the root of the other. */
static int
descend(struct store *st, struct descent *d, bool right, struct fault *f)
{
	long long k = split(d->n);
	uint8_t *other = d->seen.hash[d->seen.n++];

	if (right) {
		if (range_root(st, d->from, k, other, f) == -1)
			return -1;
		d->from += k;
		d->n -= k;
		return 0;
	}
	if (range_root(st, d->from + k, d->n - k, other, f) == -1)
		return -1;
	d->n = k;
	return 0;
}

static void
turn_over(const struct merkle_path *down, struct merkle_path *up)
{
	up->n = down->n;
	for (size_t i = 0; i < down->n; i++)
		memcpy(up->hash[i], down->hash[down->n - 1 - i], SHA256_LEN);
}

int
log_inclusion(struct store *st, long long seq, long long size,
    struct merkle_path *path, struct fault *f)
{
	struct descent d = { .n = size };

	if (check_size(st, size, f) == -1)
		return -1;
	if (seq < 0 || seq >= size)
		return fault(f, FAULT_USAGE,
		    "%s: a log of %lld entries has no number %lld", st->path,
		    size, seq);
	while (d.n > 1)
		if (descend(st, &d, seq - d.from >= split(d.n), f) == -1)
			return -1;
	turn_over(&d.seen, path);
	return 0;
}

int
log_consistency(struct store *st, long long first, long long second,
    struct merkle_path *path, struct fault *f)
{
	struct descent d = { .n = second };

	if (check_size(st, second, f) == -1)
		return -1;
	if (first < 1 || first > second)
		return fault(f, FAULT_USAGE,
		    "%s: the first %lld entries are not the beginning of %lld",
		    st->path, first, second);
	/* down to the part that ends where the first log ended */
	while (d.from + d.n != first)
		if (descend(st, &d, first - d.from > split(d.n), f) == -1)
			return -1;
	/* RFC 6962 section 2.1.2: left out where it is the first root itself */
	if (d.from != 0) {
		if (range_root(st, d.from, d.n, d.seen.hash[d.seen.n], f) == -1)
			return -1;
		d.seen.n++;
	}
	turn_over(&d.seen, path);
	return 0;
}

int
log_head(struct store *st, struct log_head *out, struct fault *f)
{
	if (log_size(st, &out->size, f) == -1)
		return -1;
	return log_root_at(st, out->size, out->root, f);
}

int
checkpoint_note(const struct store *st, const struct log_head *head,
    struct buf *note, struct fault *f)
{
	unsigned char text[4 * ((SHA256_LEN + 2) / 3) + 1];

	(void)EVP_EncodeBlock(text, head->root, SHA256_LEN);
	buf_printf(note, "exhibit/%s\n%lld\n%s\n", st->id, head->size,
	    (const char *)text);
	return buf_done(note, "checkpoint", f);
}

int
checkpoint_parse(const char *note, size_t len,
    char origin[CHECKPOINT_ORIGIN_MAX], struct log_head *head, struct fault *f)
{
	char text[512], again[512], b64[64], name[CHECKPOINT_ORIGIN_MAX];
	unsigned char root[48], spelt[48];
	long long size;
	int end = -1;

	if (len >= sizeof(text))
		return fault(f, FAULT_FORMAT, "checkpoint: too long");
	memcpy(text, note, len);
	text[len] = '\0';
	if (strlen(text) != len ||
	    sscanf(text, "%127[^\n]\n%18lld\n%44[A-Za-z0-9+/=]\n%n", name,
		&size, b64, &end) != 3 ||
	    end < 0 || (size_t)end != len || size < 0 || strlen(b64) != 44 ||
	    EVP_DecodeBlock(root, (unsigned char *)b64, 44) != 33)
		return fault(f, FAULT_FORMAT,
		    "checkpoint: not origin, size and base64 root in three "
		    "lines");
	/* one head has one text: no blanks, signs, zeros or spare bits */
	(void)EVP_EncodeBlock(spelt, root, SHA256_LEN);
	(void)snprintf(again, sizeof(again), "%s\n%lld\n%s\n", name, size,
	    (const char *)spelt);
	if (strcmp(text, again) != 0)
		return fault(f, FAULT_FORMAT,
		    "checkpoint: its size or root is not spelt as it should "
		    "be");
	memcpy(origin, name, sizeof(name));
	head->size = size;
	memcpy(head->root, root, SHA256_LEN);
	return 0;
}

static int
put_row(struct store *st, const char *made, const struct log_head *head,
    const char *note, const void *cms, size_t cms_len, const void *tst,
    size_t tst_len, struct fault *f)
{
	sqlite3_stmt *q;

	if (record_time(st, made, f) == -1)
		return -1;
	q = stmt_of(st, S_CHECKPOINT_ADD);
	sqlite3_bind_text(q, 1, made, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 2, head->size);
	sqlite3_bind_blob(q, 3, head->root, SHA256_LEN, SQLITE_STATIC);
	sqlite3_bind_text(q, 4, note, -1, SQLITE_STATIC);
	/* a NULL pointer binds NULL */
	sqlite3_bind_blob64(q, 5, cms, cms_len, SQLITE_STATIC);
	sqlite3_bind_blob64(q, 6, tst, tst_len, SQLITE_STATIC);
	return stmt_done(st, q, f);
}

/* Another writer recorded something while this head was being signed: a record
 * of its own names the checkpoint, as the next one would have. */
static int
name_late(struct store *st, const char *made, const struct log_head *head,
    struct fault *f)
{
	long long size;

	if (log_size(st, &size, f) == -1)
		return -1;
	return size == head->size
		   ? 0
		   : log_json(st, "checkpoint",
			 json_pack("{s:s, s:I, s:s}", "made", made, "size",
			     (json_int_t)head->size, "type", "checkpoint"),
			 NULL, f);
}

int
checkpoint_put(struct store *st, const char *made, const struct log_head *head,
    const char *note, const void *cms, size_t cms_len, const void *tst,
    size_t tst_len, struct fault *f)
{
	bool alone = sqlite3_get_autocommit(st->db) != 0;

	if (alone && store_begin(st, f) == -1)
		return -1;
	if (put_row(st, made, head, note, cms, cms_len, tst, tst_len, f) == 0 &&
	    name_late(st, made, head, f) == 0 &&
	    (!alone || store_commit(st, f) == 0))
		return 0;
	if (alone)
		store_rollback(st);
	return -1;
}
