/* What the store's own files share. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "store/store.h"
#include "base/text.h"

#define BUCKETS 4096

/* Every statement the store runs; store.c holds the text. A writer
 * prepares all when it opens, so a misspelt column fails in every test. */
enum stmt {
	S_BEGIN,
	S_COMMIT,
	S_ROLLBACK,
	S_CONTENT_BY_DIGEST,
	S_CONTENT_ADD,
	S_CONTENT_RESTORE,
	S_CONTENT_CHECK,
	S_NAME_FIND,
	S_NAME_ADD,
	S_ITEM_FIND,
	S_ITEM_ADD,
	S_LATEST,
	S_LATEST_OF,
	S_CHANGE_ADD,
	S_BUCKET_ENTRIES,
	S_STATE,
	S_BUCKETS,
	S_BUCKET_PUT,
	S_BUCKET_DROP,
	S_ATTEMPT_ADD,
	S_ENDED_ADD,
	S_LAST_RUN,
	S_LAST_ROOT,
	S_PLACE_FIND,
	S_PLACE_ADD,
	S_SERIES_FIND,
	S_SERIES_LAST,
	S_REPLIED_ADD,
	S_ANSWERS_ADD,
	S_ANSWERS_END,
	S_SIGHTINGS_ADD,
	S_SIGHTINGS_END,
	S_RUN_CHANGES,
	S_RUN_ANSWERS,
	S_RUN_SIGHTINGS,
	S_LOG_SIZE,
	S_LOG_ADD,
	S_LOG_LEAF,
	S_NODE_HASH,
	S_NODE_ADD,
	S_LOG_TIME,
	S_CHECKPOINT_ADD,
	S_CHECKPOINT_LIST,
	S_CHECKPOINTS_KNOWN,
	S_JUDGEMENT_LAST,
	S_JUDGEMENT_ADD,
	S_RULE_FIND,
	S_RULE_ADD,
	S_OPINION_PUT_ADD,
	S_OPINION_GONE_ADD,
	S_OPINIONS,
	S_SEEN_ADD,
	S_SEEN_DROP,
	S_SEEN_FIND,
	S_STAGE_ADD,
	S_STAGE_DROP,
	S_STAGE_DIFFERS,
	S_ASKED_ADD,
	S_COVER_ADD,
	S_COVERS,
	S_COVERED_ADD,
	S_STAGED,
	S_DRIFT_ADD,
	S_GONE_ADD,
	S_MERGED_ADD,
	S_SIGHTED_ADD,
	S_UNCOVERED,
	S_SEEN_COUNT,
	S_PUT_ADD,
	NSTMT
};

struct store {
	sqlite3 *db;
	struct crypto *crypto; /* borrowed */
	char *path, *id;
	char *file; /* what is open: path, or a copy of it */
	char *copy; /* the folder of that copy, removed at the end; or NULL */
	const struct kind *const *kinds;
	bool *own;	  /* of each kind: its views are in the temp schema */
	long long frozen; /* the run that store_freeze() was asked for, or 0 */
	size_t *names; /* of kinds' views, by a hash: kinds from 1, 0: free */
	size_t nnames; /* a power of two, four times as many at least */
	bool standing; /* frozen_state() was made */
	bool masked;   /* as store_mask_unseen() does */
	enum store_mode mode;
	bool wal;  /* readers and writers do not hold each other up */
	bool busy; /* a run or a judgement holds the side tables */
	struct store_clock clock;
	sqlite3_stmt *stmt[NSTMT];
};

/* For a writer: make the side tables and prepare every statement. A reader has
 * no side tables, and prepares what it needs when it needs it. */
MUST_USE int stmt_prepare(struct store *st, struct fault *f);

/* The statement, reset and without bindings. */
sqlite3_stmt *stmt_of(struct store *st, enum stmt s);

/* Step to a row: 1, none: 0 (reset), failed: -1. */
MUST_USE int stmt_row(struct store *st, sqlite3_stmt *q, struct fault *f);

/* Step a statement that gives no row; reset. */
MUST_USE int stmt_done(struct store *st, sqlite3_stmt *q, struct fault *f);

/* Bind column c of a row as parameter p of q. SQLite copies it, and without
 * memory for that would leave the parameter NULL. */
MUST_USE int stmt_copy(struct store *st, sqlite3_stmt *q, int p,
    sqlite3_stmt *row, int c, struct fault *f);

/* Run a text that needs no parameters. */
MUST_USE int store_exec(struct store *st, const char *sql, struct fault *f);

/* Empty the side tables of this connection. */
MUST_USE int side_clear(struct store *st, struct fault *f);

/* Intern bytes: the id of the content with this text, added if new. sha gets
 * its digest unless NULL. */
MUST_USE int content_intern(struct store *st, const char *p, size_t len,
    int64_t *id, uint8_t sha[SHA256_LEN], struct fault *f);

/* The canonical ["kind","scope","key"], and its SHA-256. */
/* The id of a name's text, added if new. */
MUST_USE int name_intern(struct store *st, const char *text, size_t len,
    int64_t *id, struct fault *f);

#define SUBJECT_NAME_MAX (8 * NAME_MAX_LEN)
void subject_text(
    struct buf *b, const char *kind, const char *scope, const char *key);
MUST_USE int subject_name(struct crypto *c, const char *kind, const char *scope,
    const char *key, uint8_t name[SHA256_LEN], struct fault *f);

/* A tree over (name, digest, provenance) entries of a list in the store. The
 * statement's rows are blobs that are joined into one leaf each. */
MUST_USE int list_root(struct store *st, sqlite3_stmt *q,
    uint8_t root[SHA256_LEN], long long *count, struct fault *f);

/* Append canonical JSON as a log leaf; takes v (NULL: out of memory). */
MUST_USE int log_json(struct store *st, const char *type, json_t *v,
    long long *seq, struct fault *f);

/* Add to a record what every one says; see record.c. at: its time in the order
 * of the log. FAULT_USAGE if the time it claims is earlier than the newest. */
MUST_USE int record_complete(struct store *st, const char *type, json_t *v,
    char at[UTC_LEN], struct fault *f);

/* FAULT_USAGE, with both times, if this one is earlier than the newest. */
MUST_USE int record_time(struct store *st, const char *claim, struct fault *f);

/* RFC 6962 root over the checkpoints with ids after+1 to last, n of them. */
MUST_USE int checkpoints_root(struct store *st, long long after, long long last,
    uint8_t root[SHA256_LEN], long long *n, struct fault *f);

/* list_root() of one of the S_RUN_ lists, as hex. series: of a list that is
 * kept by series. */
MUST_USE int run_list_root(struct store *st, enum stmt s, long long run,
    long long series, char hex[SHA256_HEX], long long *count, struct fault *f);

/* run_merge.c: what was staged becomes changes, answers and sightings of this
 * run, and what was not seen again is gone. late: another run has ended since
 * this one began. *partial: something asked for was not answered. */
MUST_USE int run_merge(struct store *st, long long run, bool late,
    bool *partial, struct run_result *out, struct fault *f);

/* Read back every content this run refers to and hash it again: what is
 * committed is what was meant, or nothing is. FAULT_INTEGRITY. */
MUST_USE int run_check_written(
    struct store *st, long long run, struct fault *f);

/* Answers and sightings by series: see series.c. */
struct series_root {
	char hex[SHA256_HEX];
	long long count;
};

/* The series of a run that was asked this: its first run, or run itself. */
MUST_USE int series_find(struct store *st, const char *origin, const char *plan,
    long long run, long long *series, struct fault *f);

/* Write what temp.replied and temp.sighted have of the run; tell both roots. */
MUST_USE int series_write(struct store *st, long long series, long long run,
    struct series_root *answers, struct series_root *sightings,
    struct fault *f);

/* The state tree: leaf hashes of all buckets, root over them. */
struct state_tree {
	uint8_t leaf[BUCKETS][SHA256_LEN];
};

unsigned bucket_of(const uint8_t name[SHA256_LEN]);

/* 32 bytes of a column, or a fault that names what it is of. */
MUST_USE int stmt_digest(struct store *st, sqlite3_stmt *q, int column,
    const char *what, uint8_t out[SHA256_LEN], struct fault *f);

/* Append the entries of one bucket as of run: sorted by name, 64 bytes each
 * (name, content digest). */
MUST_USE int bucket_entries(struct store *st, unsigned bucket, long long run,
    struct buf *entries, struct fault *f);

/* The leaves as of the newest run, from the cache. */
MUST_USE int state_tree_load(
    struct store *st, struct state_tree *t, struct fault *f);
/* The same as of any run, from its whole state. */
MUST_USE int state_tree_at(
    struct store *st, long long run, struct state_tree *t, struct fault *f);
/* Keep one leaf in the cache. */
MUST_USE int state_tree_put(struct store *st, const struct state_tree *t,
    unsigned bucket, struct fault *f);

/* The root after a run: the buckets that it touched are hashed, and the tree
 * over all of them. */
MUST_USE int state_root(
    struct store *st, long long run, uint8_t root[SHA256_LEN], struct fault *f);

/* The same tree in memory, advanced from change to change. All functions but
 * live_new() want it settled or not alike; NULL is freed safely. */
struct live;
MUST_USE struct live *live_new(struct crypto *c, struct fault *f);
void live_free(struct live *l);

/* The subject has this content from now on; sha256 NULL: it is gone. */
MUST_USE int live_set(struct live *l, const uint8_t name[SHA256_LEN],
    const uint8_t *sha256, struct fault *f);

/* Hash what was set since the last time; changed() is told of each bucket.
 * The first time all of them are told. */
MUST_USE int live_settle(struct live *l,
    int (*changed)(void *ctx, unsigned bucket, const uint8_t hash[SHA256_LEN],
	struct fault *f),
    void *ctx, struct fault *f);
const uint8_t *live_root(const struct live *l); /* as settled */

/* Tell the leaf of every bucket, as settled. */
MUST_USE int live_each(const struct live *l,
    int (*leaf)(void *ctx, unsigned bucket, const uint8_t hash[SHA256_LEN],
	struct fault *f),
    void *ctx, struct fault *f);

/* Fill temp.needed with the contents that the state as of run, which is the
 * newest that had ended by the time cut, and everything later need. */
MUST_USE int retain_needed(
    struct store *st, long long run, const char *cut, struct fault *f);

/* Append DER as the PEM block CMS that openssl cms -inform PEM reads. */
#define CMS_PEM_BEGIN "-----BEGIN CMS-----\n"
#define CMS_PEM_END "-----END CMS-----\n"
void cms_pem(struct buf *out, const void *der, size_t len);

/* store_open() of a file that faults call path. */
MUST_USE struct store *store_open_file(const char *path, const char *file,
    enum store_mode mode, const struct kind *const *kinds, struct crypto *c,
    struct fault *f);

/* user_version */
MUST_USE int store_schema(
    struct store *st, long long *version, struct fault *f);

MUST_USE int store_vacuum_into(
    struct store *st, const char *path, struct fault *f);

/* Bring a store of schema 1 up: the file, or for a reader a private copy, which
 * becomes the file that is to be opened. */
MUST_USE int store_migrate(struct store *st, struct fault *f);
MUST_USE int store_migrate_copy(struct store *st, struct fault *f);

/* The file has the views of views.sql as the program makes them, and no
 * others: those of kinds cost every opening. */
MUST_USE int views_make(struct store *st, struct fault *f);

/* With the views of every kind. */
MUST_USE int views_make_all(struct store *st, struct fault *f);

/* The views that are no kind's in this connection's temp schema, where names
 * are looked up first: what a hostile file defines is never read through. */
MUST_USE int views_own(struct store *st, struct fault *f);

/* The same for the views of each kind that the text names, if not done yet: to
 * open a store costs the same however many kinds there are. */
MUST_USE int views_named(struct store *st, const char *text, struct fault *f);

struct frozen_as {
	long long run;
	bool standing; /* frozen_state() made its table */
	bool masked;   /* and unseen_sql() its own */
};

/* Append what makes a kind's table of the frozen state, and its view over that:
 * see frozen.c. */
void frozen_sql(
    const struct frozen_as *z, const struct kind *k, struct buf *out);

/* Append what makes the tables that every kind's are made of; and the state. */
void frozen_answered_sql(long long run, struct buf *out);
void frozen_state_sql(long long run, struct buf *out);

/* Append what notes which rows stand only because nobody could look. */
void unseen_sql(long long run, struct buf *out);

/* Append the declared columns as the kind's table has them, each after before.
 */
void frozen_columns(const struct kind *k, const char *before, struct buf *out);

/* The content of every subject of the frozen state, as a table; once. */
MUST_USE int frozen_state(struct store *st, struct fault *f);

/* Append what masks the kind's table: see unseen.c. */
void mask_sql(const struct kind *k, struct buf *out);

/* A database in memory that holds every view as the program makes it. The
 * caller closes it. */
MUST_USE int views_reference(
    const struct kind *const *kinds, sqlite3 **db, struct fault *f);

/* store/schema.sql, views.sql, migrate.sql, verify.sql */
extern const struct text store_text[];

#endif
