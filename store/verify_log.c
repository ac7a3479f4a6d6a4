/* The log again: leaves, cached nodes, checkpoints, and the times it claims. */
#include "store/verify.h"

#include <stdlib.h>
#include <string.h>

/* The row says what its note says, and the note is of this log. root NULL: the
 * log has no such size. */
static void
compare_checkpoint(struct verifying *y, sqlite3_stmt *c, const uint8_t *root)
{
	long long id = sqlite3_column_int64(c, 0);
	const char *note = column_text(c, 3);
	const uint8_t *column = column_digest(c, 2);
	char origin[CHECKPOINT_ORIGIN_MAX], want[CHECKPOINT_ORIGIN_MAX];
	struct log_head said = { 0 };
	struct fault why;

	(void)snprintf(want, sizeof(want), "exhibit/%s", y->st->id);
	if (checkpoint_parse(note, strlen(note), origin, &said, &why) == -1 ||
	    said.size != sqlite3_column_int64(c, 1) || column == NULL ||
	    memcmp(said.root, column, SHA256_LEN) != 0 ||
	    strcmp(origin, want) != 0)
		problem(y, "its columns are not what its note says",
		    "checkpoint %lld", id);
	else if (root == NULL)
		problem(y,
		    "the log is shorter than it says: entries were removed",
		    "checkpoint %lld", id);
	else if (memcmp(said.root, root, SHA256_LEN) != 0)
		problem(y,
		    "its root is not the log's: entries before it were "
		    "changed, removed or reordered",
		    "checkpoint %lld", id);
}

static void
verify_checkpoint(struct verifying *y, sqlite3_stmt *c, const uint8_t *root)
{
	long long id = sqlite3_column_int64(c, 0);
	const char *note = column_text(c, 3);
	const void *cms = sqlite3_column_blob(c, 4);
	struct fault why = { 0 };

	y->n->checkpoints++;
	compare_checkpoint(y, c, root);
	if (sqlite3_column_type(c, 4) == SQLITE_NULL)
		return;
	if (y->v->signature == NULL)
		return;
	y->n->signatures++;
	if (y->v->signature(y->v->ctx, note, strlen(note),
		cms != NULL ? cms : "", (size_t)sqlite3_column_bytes(c, 4),
		&why) == -1)
		problem(y, why.text, "checkpoint %lld", id);
	else if (root != NULL && y->n->covered < sqlite3_column_int64(c, 1))
		y->n->covered = sqlite3_column_int64(c, 1);
}

static int
verify_leaf(
    struct verifying *y, struct merkle *m, sqlite3_stmt *log, struct fault *f)
{
	long long seq = sqlite3_column_int64(log, 0);
	const uint8_t *said = column_digest(log, 2);
	uint8_t leaf[SHA256_LEN];

	if (seq != (long long)m->size)
		problem(
		    y, "entries before it are missing", "log entry %lld", seq);
	if (merkle_leaf(y->st->crypto, column_text(log, 1),
		(size_t)sqlite3_column_bytes(log, 1), leaf, f) == -1)
		return -1;
	if (said == NULL || memcmp(leaf, said, SHA256_LEN) != 0)
		problem(y, "its body does not match its leaf hash",
		    "log entry %lld", seq);
	y->n->leaves++;
	return merkle_add(m, y->st->crypto, leaf, f);
}

/* One pass over the leaves, checkpoints taken as their size is reached. */
static int
verify_leaves(struct verifying *y, sqlite3_stmt *log, sqlite3_stmt *points,
    struct fault *f)
{
	struct merkle m = { 0 };
	uint8_t root[SHA256_LEN];
	int point = stmt_row(y->st, points, f), rc = 1;

	for (;;) {
		while (point == 1 && rc == 1 &&
		       sqlite3_column_int64(points, 1) <= (long long)m.size) {
			bool here = sqlite3_column_int64(points, 1) ==
				    (long long)m.size;

			if (merkle_root(&m, y->st->crypto, root, f) == -1)
				return -1;
			verify_checkpoint(y, points, here ? root : NULL);
			point = stmt_row(y->st, points, f);
		}
		if ((rc = stmt_row(y->st, log, f)) != 1)
			break;
		if (verify_leaf(y, &m, log, f) == -1)
			return -1;
	}
	while (point == 1) {
		verify_checkpoint(y, points, NULL);
		point = stmt_row(y->st, points, f);
	}
	return rc == -1 || point == -1 ? -1 : 0;
}

/* A cached subtree: level, idx, hash, and those of its two children. */
static int
verify_node(struct verifying *y, sqlite3_stmt *q, struct fault *f)
{
	const uint8_t *said = column_digest(q, 2), *left = column_digest(q, 3),
		      *right = column_digest(q, 4);
	uint8_t hash[SHA256_LEN];

	if (left != NULL && right != NULL &&
	    merkle_node(y->st->crypto, left, right, hash, f) == -1)
		return -1;
	if (said == NULL || left == NULL || right == NULL ||
	    memcmp(hash, said, SHA256_LEN) != 0)
		problem(y, "is not the hash of its children",
		    "log node %d/%lld", sqlite3_column_int(q, 0),
		    (long long)sqlite3_column_int64(q, 1));
	return 0;
}

#define HASHES                                                                 \
	"(SELECT 0 AS level, seq AS idx, leaf AS hash FROM log UNION ALL "     \
	"SELECT level, idx, hash FROM log_node)"

/* The cache of complete subtrees says what its children say, and has all. */
static int
verify_nodes(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q = verify_ask(y,
	    "SELECT n.level, n.idx, n.hash, a.hash, b.hash FROM log_node n "
	    "LEFT JOIN " HASHES " a ON a.level = n.level - 1 AND a.idx = 2 * "
	    "n.idx LEFT JOIN " HASHES " b ON b.level = n.level - 1 AND b.idx = "
	    "2 * n.idx + 1",
	    f);
	long long have = 0, need = 0;
	int rc;

	if (q == NULL)
		return -1;
	for (; (rc = stmt_row(y->st, q, f)) == 1; have++)
		if (verify_node(y, q, f) == -1) {
			rc = -1;
			break;
		}
	(void)sqlite3_finalize(q);
	for (long long n = y->n->leaves / 2; n > 0; n /= 2)
		need += n;
	if (rc == 0 && have != need)
		problem(y, "a hash is missing, or one too many",
		    "log nodes, %lld of %lld", have, need);
	return rc;
}

/* ----------------------------------------------- checkpoints, by the records
 */

/* One record names the checkpoints made since the record before that did. */
static int
verify_named(
    struct verifying *y, sqlite3_stmt *q, long long *known, struct fault *f)
{
	long long seq = sqlite3_column_int64(q, 0), n,
		  last = sqlite3_column_int64(q, 1);
	uint8_t root[SHA256_LEN];
	char hex[SHA256_HEX];

	if (checkpoints_root(y->st, *known, last, root, &n, f) == -1)
		return -1;
	hex_encode(root, SHA256_LEN, hex);
	if (n != last - *known)
		problem(y, "one of them is missing",
		    "checkpoints %lld to %lld, which log entry %lld names",
		    *known + 1, last, seq);
	else if (strcmp(hex, column_text(q, 2)) != 0)
		problem(y, "one of them was edited",
		    "checkpoints %lld to %lld, which log entry %lld names",
		    *known + 1, last, seq);
	*known = last;
	return 0;
}

/* Checkpoints that no record names are newer than every record. Stores that
 * began with schema 1 have older ones, which their next record names. */
static int
verify_unnamed(struct verifying *y, long long known, struct fault *f)
{
	sqlite3_stmt *q = verify_ask(y,
	    "SELECT id FROM checkpoint WHERE id > ?1 AND (id > (SELECT "
	    "count(*) FROM checkpoint) OR size < (SELECT count(*) FROM log) "
	    "AND (?1 > 0 OR (SELECT iif(json_valid(body), body ->> "
	    "'$.schema', 0) FROM log WHERE seq = 0) IS NOT 1))",
	    f);
	int rc;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, known);
	while ((rc = stmt_row(y->st, q, f)) == 1)
		problem(y,
		    "no record made after it names it, or one before it is "
		    "missing: it was added or edited",
		    "checkpoint %lld", (long long)sqlite3_column_int64(q, 0));
	(void)sqlite3_finalize(q);
	return rc;
}

static int
verify_checkpoints(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q = verify_ask(y,
	    "SELECT seq, body ->> '$.checkpoints.last', body ->> "
	    "'$.checkpoints.root' FROM log WHERE json_valid(body) AND body ->> "
	    "'$.checkpoints.last' IS NOT NULL ORDER BY seq",
	    f);
	long long known = 0;
	int rc;

	if (q == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1)
		if (verify_named(y, q, &known, f) == -1) {
			rc = -1;
			break;
		}
	(void)sqlite3_finalize(q);
	return rc == -1 ? -1 : verify_unnamed(y, known, f);
}

/* -------------------------------------------------------------------- times */

/* Times that go back by more than work takes that began before. */
static int
doubt_times(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *q = verify_ask(y,
	    "SELECT seq, type, claim, before FROM (SELECT seq, type, claim, "
	    "max(claim) OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING "
	    "AND 1 PRECEDING) AS before FROM (SELECT seq, type, "
	    "iif(json_valid(body), coalesce(body ->> '$.ended', body ->> "
	    "'$.made', body ->> '$.began', body ->> '$.created'), NULL) AS "
	    "claim FROM log)) WHERE unixepoch(claim) < unixepoch(before) - 600",
	    f);
	char what[256];
	int rc;

	if (q == NULL)
		return -1;
	while ((rc = stmt_row(y->st, q, f)) == 1) {
		(void)snprintf(what, sizeof(what),
		    "claims %.40s, but an entry before it claims %.40s: a "
		    "clock was wrong, or it is backdated",
		    column_text(q, 2), column_text(q, 3));
		doubt(y, what, "log entry %lld (%.40s)",
		    (long long)sqlite3_column_int64(q, 0), column_text(q, 1));
	}
	(void)sqlite3_finalize(q);
	return rc;
}

int
verify_log(struct verifying *y, struct fault *f)
{
	sqlite3_stmt *log =
	    verify_ask(y, "SELECT seq, body, leaf FROM log ORDER BY seq", f);
	sqlite3_stmt *points =
	    log == NULL ? NULL
			: verify_ask(y,
			      "SELECT id, size, root, note, cms FROM "
			      "checkpoint ORDER BY size, id",
			      f);
	int rc = -1;

	if (points != NULL)
		rc = verify_leaves(y, log, points, f);
	(void)sqlite3_finalize(log);
	(void)sqlite3_finalize(points);
	if (rc == -1 || verify_nodes(y, f) == -1 ||
	    verify_checkpoints(y, f) == -1)
		return -1;
	return doubt_times(y, f);
}
