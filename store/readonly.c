/* See readonly.h. */
#include "store/readonly.h"

#include <string.h>
#include <time.h>

#include "store/internal.h"
#include "base/clock.h"

#define STEPS_PER_CALL 100000 /* between two looks at the limit */

/* A query only reads. Functions that load code or hand out pointers are no
 * reading. */
static int
authorize(void *ctx, int action, const char *a, const char *b, const char *c,
    const char *d)
{
	(void)ctx;
	(void)a;
	(void)c;
	(void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return b == NULL || (strcmp(b, "load_extension") != 0 &&
					strcmp(b, "fts3_tokenizer") != 0)
			   ? SQLITE_OK
			   : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

static int
progress(void *ctx)
{
	struct read_limit *l = ctx;

	l->done += STEPS_PER_CALL;
	if ((l->steps > 0 && l->done > l->steps) ||
	    (l->seconds > 0 && clock_ms() >= l->deadline))
		l->stopped = true;
	return l->stopped;
}

void
read_limit_start(struct read_limit *limit)
{
	limit->done = 0;
	limit->stopped = false;
	limit->deadline = clock_ms() + limit->seconds * INT64_C(1000);
}

void
store_read_only(struct store *st, struct read_limit *limit)
{
	sqlite3 *db = store_db(st);

	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, READ_VALUE_MAX);
	(void)sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, READ_SQL_MAX);
	(void)sqlite3_limit(
	    db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, READ_PATTERN_MAX);
	(void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	(void)sqlite3_hard_heap_limit64(READ_HEAP_MAX);
	/* table-valued functions declare a table when first used */
	(void)sqlite3_exec(db, "SELECT 1 FROM json_each('[]'), json_tree('[]')",
	    NULL, NULL, NULL);
	(void)sqlite3_set_authorizer(db, authorize, NULL);
	sqlite3_progress_handler(db, STEPS_PER_CALL, progress, limit);
	read_limit_start(limit);
}

void
store_read_end(struct store *st)
{
	sqlite3_progress_handler(store_db(st), 0, NULL, NULL);
	(void)sqlite3_set_authorizer(store_db(st), NULL, NULL);
	(void)sqlite3_hard_heap_limit64(0);
}

static int
refuse(struct store *st, int rc, const char *what, struct fault *f)
{
	if (rc == SQLITE_AUTH)
		return fault(f, FAULT_USAGE,
		    "%s: only SELECT is allowed here; nothing is ever written",
		    what);
	if (rc == SQLITE_TOOBIG)
		return fault(f, FAULT_LIMIT,
		    "%s: longer than %d bytes, or makes a value over %d", what,
		    READ_SQL_MAX, READ_VALUE_MAX);
	return fault(
	    f, FAULT_USAGE, "%s: %s", what, sqlite3_errmsg(store_db(st)));
}

/* Is there anything but white space and comments after the statement? */
static int
nothing_after(
    struct store *st, const char *rest, const char *what, struct fault *f)
{
	sqlite3_stmt *q = NULL;

	while (*rest != '\0') {
		const char *from = rest;
		int rc = sqlite3_prepare_v2(store_db(st), from, -1, &q, &rest);

		(void)sqlite3_finalize(q);
		if (rc != SQLITE_OK || q != NULL)
			return fault(f, FAULT_USAGE,
			    "%s: holds more than one statement", what);
		if (rest == from)
			break;
	}
	return 0;
}

/* Making a view is the store's own doing, which the authorizer knows not of. */
static int
make_views(struct store *st, const char *text, struct fault *f)
{
	int rc;

	(void)sqlite3_set_authorizer(store_db(st), NULL, NULL);
	rc = views_named(st, text, f);
	(void)sqlite3_set_authorizer(store_db(st), authorize, NULL);
	return rc;
}

int
store_read_prepare(struct store *st, const char *text, size_t len,
    const char *what, sqlite3_stmt **out, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	const char *rest = NULL;
	int rc;

	if (memchr(text, '\0', len) != NULL)
		return fault(f, FAULT_USAGE, "%s: holds a NUL byte", what);
	if (len > READ_SQL_MAX)
		return refuse(st, SQLITE_TOOBIG, what, f);
	if (make_views(st, text, f) == -1)
		return -1;
	/* with its NUL, so that SQLite does not copy it */
	rc = sqlite3_prepare_v2(store_db(st), text, (int)len + 1, &q, &rest);
	if (rc != SQLITE_OK)
		return refuse(st, rc, what, f);
	if (q == NULL)
		return fault(
		    f, FAULT_USAGE, "%s: holds no statement; say SELECT", what);
	/* VACUUM asks no authorizer before it runs */
	rc = sqlite3_stmt_readonly(q) && sqlite3_column_count(q) > 0
		 ? nothing_after(st, rest, what, f)
		 : refuse(st, SQLITE_AUTH, what, f);
	if (rc == -1) {
		(void)sqlite3_finalize(q);
		return -1;
	}
	*out = q;
	return 0;
}

int
store_read_step(struct store *st, sqlite3_stmt *q,
    const struct read_limit *limit, const char *what, struct fault *f)
{
	switch (sqlite3_step(q)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	case SQLITE_INTERRUPT:
		if (limit->stopped && limit->seconds > 0)
			return fault(f, FAULT_LIMIT,
			    "%s: took longer than %d seconds and was stopped",
			    what, limit->seconds);
		return fault(
		    f, FAULT_LIMIT, "%s: took too long and was stopped", what);
	case SQLITE_NOMEM:
		return fault(f, FAULT_LIMIT,
		    "%s: needs more than %lld MiB of memory", what,
		    READ_HEAP_MAX / (1024 * 1024));
	case SQLITE_CORRUPT:
	case SQLITE_IOERR:
		return store_fault(st, what, f);
	default:
		return fault(f, FAULT_USAGE, "%s: %s", what,
		    sqlite3_errmsg(store_db(st)));
	}
}
