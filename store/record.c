/*
 * What every record of the log says beside its own matter: that its time comes
 * after that of the record before, whose clock said so, and which checkpoints
 * were made since. See store.h.
 */
#include "store/internal.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"

/* Where a record of any type says its time; the order of the log decides. */
static const char *const times[] = { "ended", "made", "began", "created" };

static const char *
time_of(const json_t *v)
{
	for (size_t i = 0; i < LENGTH(times); i++) {
		const char *s = json_string_value(json_object_get(v, times[i]));

		if (s != NULL)
			return s;
	}
	return NULL;
}

/* The time of the newest record: 1, or 0 if none has one. */
static int
newest_time(struct store *st, char out[UTC_LEN], struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_LOG_TIME);
	int rc = stmt_row(st, q, f);

	if (rc == 1) {
		const char *s = (const char *)sqlite3_column_text(q, 0);

		(void)snprintf(out, UTC_LEN, "%s", s != NULL ? s : "");
	}
	(void)sqlite3_reset(q);
	return rc;
}

/* Work that began before another's record entered the log is late, and its
 * clock is right: it says a time by now that is not before the newest. */
static bool
is_late_only(const struct store *st, const char *newest)
{
	char now[UTC_LEN];

	if (st->clock.now == NULL || st->clock.given != NULL)
		return false;
	st->clock.now(st->clock.ctx, now);
	return strcmp(now, newest) >= 0;
}

int
record_time(struct store *st, const char *claim, struct fault *f)
{
	char newest[UTC_LEN] = "";
	int64_t t;
	int rc = newest_time(st, newest, f);

	if (rc == -1)
		return -1;
	if (rc == 0 || utc_parse(newest, &t) == -1 ||
	    strcmp(claim, newest) >= 0 || is_late_only(st, newest))
		return 0;
	return fault(f, FAULT_USAGE,
	    "%s: %s is earlier than the newest record of the store, %s: a "
	    "clock is wrong. Set it right, or give a time that is not earlier "
	    "with --now",
	    st->path, claim, newest);
}

void
store_set_clock(struct store *st, const struct store_clock *clock)
{
	st->clock = *clock;
}

/* {"last": id, "root": over the rows since the record before that had one}: no
 * checkpoint can be taken away or dated anew once another record was made. */
static int
add_checkpoints(struct store *st, json_t *v, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_CHECKPOINTS_KNOWN);
	long long known = 0, last = 0, n;
	char hex[SHA256_HEX];
	uint8_t root[SHA256_LEN];

	if (stmt_row(st, q, f) != 1)
		return -1;
	last = sqlite3_column_int64(q, 0);
	known = sqlite3_column_int64(q, 1);
	(void)sqlite3_reset(q);
	if (last <= known)
		return 0;
	if (checkpoints_root(st, known, last, root, &n, f) == -1)
		return -1;
	hex_encode(root, SHA256_LEN, hex);
	return json_object_set_new(v, "checkpoints",
		   json_pack("{s:I, s:s}", "last", (json_int_t)last, "root",
		       hex)) == -1
		   ? fault_memory(f)
		   : 0;
}

int
checkpoints_root(struct store *st, long long after, long long last,
    uint8_t root[SHA256_LEN], long long *n, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_CHECKPOINT_LIST);

	sqlite3_bind_int64(q, 1, after);
	sqlite3_bind_int64(q, 2, last);
	return list_root(st, q, root, n, f);
}

/* The later of the newest record's time and this one's. */
static int
order_time(
    struct store *st, const char *claim, char at[UTC_LEN], struct fault *f)
{
	at[0] = '\0';
	if (newest_time(st, at, f) == -1)
		return -1;
	if (claim != NULL && strcmp(claim, at) > 0)
		(void)snprintf(at, UTC_LEN, "%s", claim);
	return 0;
}

int
record_complete(struct store *st, const char *type, json_t *v, char at[UTC_LEN],
    struct fault *f)
{
	const char *claim = time_of(v);

	/* a run has ended when it has: what it collected is not lost to a
	 * clock that was set meanwhile, and is ordered by the log */
	if (claim != NULL && strcmp(type, "run") != 0 &&
	    record_time(st, claim, f) == -1)
		return -1;
	if (order_time(st, claim, at, f) == -1)
		return -1;
	if (st->clock.given != NULL &&
	    json_object_set_new(v, "clock", json_string(st->clock.given)) == -1)
		return fault_memory(f);
	return add_checkpoints(st, v, f);
}
