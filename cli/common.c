/* What several commands do alike. */
#include "cli/cli.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/build.h"
#include "base/file.h"
#include "cli/requests.h"
#include "report/judge/judge.h"
#include "report/judge/profile.h"
#include "store/collected.h"

void
cli_clock(const struct cli *cli, char out[UTC_LEN])
{
	if (cli->clock_given)
		memcpy(out, cli->now, UTC_LEN);
	else
		utc_format((int64_t)time(NULL), out);
}

/* A name no other store has: 128 random bits. */
int
cli_random_id(char out[33], struct fault *f)
{
	uint8_t bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return fault_errno(f, errno, "random numbers");
	hex_encode(bytes, sizeof(bytes), out);
	return 0;
}

/* For the store, which reads no clock of its own. */
static void
read_clock(void *ctx, char now[UTC_LEN])
{
	cli_clock(ctx, now);
}

static void
set_clock(struct cli *cli, struct store *st)
{
	const struct store_clock clock = { .now = read_clock,
		.ctx = cli,
		.given = cli->clock_given ? "given" : NULL };

	store_set_clock(st, &clock);
}

int
cli_create(struct cli *cli, const char *path, const char *id, struct fault *f)
{
	char drawn[33];

	if (id == NULL) {
		if (cli_random_id(drawn, f) == -1)
			return -1;
		id = drawn;
	}
	return store_create(path, id, cli->now, cli->crypto, f);
}

struct store *
cli_store(struct cli *cli, enum store_mode mode, bool create, struct fault *f)
{
	const char *path = cli->store;
	struct store *st;

	if (create && access(path, F_OK) == -1 && errno == ENOENT &&
	    cli_create(cli, path, NULL, f) == -1)
		return NULL;
	st = store_open(path, mode, kinds, cli->crypto, f);
	if (st == NULL && f->kind == FAULT_ABSENT)
		(void)fault(f, FAULT_ABSENT,
		    "%s: there is no store; 'exhibit init' makes one, or name "
		    "it with --store",
		    path);
	if (st != NULL)
		set_clock(cli, st);
	return st;
}

bool
cli_is_number(const char *s)
{
	return s[0] != '\0' && strlen(s) < 16 &&
	       strspn(s, "0123456789") == strlen(s);
}

static int
find_run(struct store *st, const char *where, const char *value, long long *run,
    char at[UTC_LEN], struct fault *f)
{
	sqlite3_stmt *q = NULL;
	char sql[256];
	int rc;

	(void)snprintf(sql, sizeof(sql),
	    "SELECT run, ended FROM ended WHERE %s ORDER BY run DESC LIMIT 1",
	    where);
	if (sqlite3_prepare_v2(store_db(st), sql, -1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "runs", f);
	if (sqlite3_bind_parameter_count(q) > 0)
		sqlite3_bind_text(q, 1, value, -1, SQLITE_STATIC);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		*run = sqlite3_column_int64(q, 0);
		(void)snprintf(
		    at, UTC_LEN, "%s", (const char *)sqlite3_column_text(q, 1));
	}
	(void)sqlite3_finalize(q);
	if (rc == SQLITE_ROW)
		return 0;
	if (rc != SQLITE_DONE)
		return store_fault(st, "runs", f);
	return fault(f, FAULT_USAGE,
	    "%s: no run %s; 'exhibit query runs' "
	    "lists them",
	    store_path(st), value != NULL ? value : "has ended yet");
}

int
cli_as_of(struct cli *cli, const char *asked, struct store *st, long long *run,
    char at[UTC_LEN], struct fault *f)
{
	char ended[UTC_LEN], text[UTC_LEN];
	int64_t t;

	if (asked == NULL) {
		cli_clock(cli, at);
		return find_run(st, "state <> 'failed'", NULL, run, ended, f);
	}
	if (cli_is_number(asked))
		return find_run(
		    st, "run = CAST(?1 AS INTEGER)", asked, run, at, f);
	if (utc_parse(asked, &t) == -1)
		return fault(f, FAULT_USAGE,
		    "--as-of %s: neither a run's number nor a UTC date", asked);
	utc_format(strlen(asked) == 10 ? t + 86399 : t, text);
	memcpy(at, text, UTC_LEN);
	return find_run(
	    st, "state <> 'failed' AND ended <= ?1", text, run, ended, f);
}

struct run_filling
cli_filling(struct cli *cli)
{
	return (struct run_filling){ .begin = { .began = cli->now,
					 .asked_by = cli->operator_name,
					 .exhibit = exhibit_build },
		.clock = read_clock,
		.clock_ctx = cli };
}

int
cli_run(struct cli *cli, struct store *st, const char *plan,
    int (*fill)(void *ctx, const struct sink *, struct fault *), void *ctx,
    struct run_result *result, struct fault *f)
{
	struct run_filling w = cli_filling(cli);

	w.begin.origin = store_id(st);
	w.begin.plan = plan;
	w.fill = fill;
	w.ctx = ctx;
	return run_filled(st, &w, result, f);
}
