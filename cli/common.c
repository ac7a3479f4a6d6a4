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
#include "report/judge/judge.h"
#include "report/judge/profile.h"
#include "cli/period.h"

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
clock_now(void *ctx, char out[UTC_LEN])
{
	cli_clock(ctx, out);
}

static void
set_clock(struct cli *cli, struct store *st)
{
	const struct store_clock clock = { .now = clock_now,
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
cli_store(struct cli *cli, const struct options *o, enum store_mode mode,
    bool create, struct fault *f)
{
	const char *path = option_or(o, "store", DEFAULT_STORE);
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
cli_as_of(struct cli *cli, const struct options *o, struct store *st,
    long long *run, char at[UTC_LEN], struct fault *f)
{
	const char *asked = option(o, "as-of");
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

int
cli_run(struct cli *cli, struct store *st, const char *plan,
    int (*fill)(void *ctx, const struct sink *, struct fault *), void *ctx,
    struct run_result *result, struct fault *f)
{
	return cli_run_of(cli, st, store_id(st), plan, fill, ctx, result, f);
}

int
cli_run_of(struct cli *cli, struct store *st, const char *origin,
    const char *plan,
    int (*fill)(void *ctx, const struct sink *, struct fault *), void *ctx,
    struct run_result *result, struct fault *f)
{
	char began[UTC_LEN];
	const struct run_begin begin = { .began = began,
		.origin = origin,
		.asked_by = cli->operator_name,
		.exhibit = exhibit_build,
		.plan = plan,
		.once = strcmp(origin, store_id(st)) != 0 ||
			strstr(plan, "\"collector\":\"import\"") != NULL };
	struct run *r;
	char ended[UTC_LEN];
	struct fault ignored;
	struct sink sink;
	int rc;

	cli_clock(cli, began);
	if ((r = run_new(st, &begin, f)) == NULL)
		return -1;
	sink = run_sink(r);
	rc = fill(ctx, &sink, f);
	cli_clock(cli, ended);
	if (rc == 0)
		rc = run_end(r, ended, result, f);
	else /* keep that we tried, and why it failed; f stays the cause */
		(void)run_fail(r, ended, f->text, &ignored);
	run_free(r);
	return rc;
}

int
cli_period(
    const struct options *o, struct period *out, bool *given, struct fault *f)
{
	const char *asked = option(o, "period");

	*given = asked != NULL;
	if (!*given)
		return 0;
	if (option(o, "as-of") != NULL)
		return fault(f, FAULT_USAGE,
		    "--period is judged as of its end: give it without "
		    "--as-of");
	return period_parse(asked, out, f);
}

/* As of --as-of, or of the end of --period as far as it has come. */
static int
cli_as_of_period(struct cli *cli, const struct options *o, struct store *st,
    long long *run, char at[UTC_LEN], struct fault *f)
{
	struct options end = { .n = 1 };
	struct period p;
	char last[UTC_LEN];
	int64_t t = 0;
	bool given;

	if (cli_period(o, &p, &given, f) == -1)
		return -1;
	if (!given)
		return cli_as_of(cli, o, st, run, at, f);
	(void)utc_parse(p.to, &t);
	utc_format(t - 1, last);
	if (strcmp(cli->now, p.from) < 0)
		return fault(f, FAULT_USAGE, "--period %s has not begun at %s",
		    option(o, "period"), cli->now);
	end.given[0] = (struct request_option){ "as-of",
		strcmp(cli->now, last) < 0 ? cli->now : last };
	return cli_as_of(cli, &end, st, run, at, f);
}

int
cli_checks(struct cli *cli, const struct options *o, struct checks *out,
    struct fault *f)
{
	const char *profile = option(o, "profile");

	if (checks_load(out, option(o, "checks"), option(o, "catalogs"),
		cli->crypto, f) == -1)
		return -1;
	if (profile == NULL || profile_apply(out, profile, cli->crypto, f) == 0)
		return 0;
	checks_free(out);
	return -1;
}

/* --max-age, else what the profile accepts. */
static int
max_age(const struct options *o, const struct checks *checks,
    long long *seconds, struct fault *f)
{
	const char *hours = option(o, "max-age");

	if (hours == NULL)
		hours = profile_parameter(checks, "max_age_hours");
	*seconds = JUDGE_MAX_AGE;
	if (hours == NULL)
		return 0;
	if (!cli_is_number(hours) || strlen(hours) > 6)
		return fault(f, FAULT_USAGE,
		    "--max-age %s: not a number of hours (0: any age)", hours);
	*seconds = atoll(hours) * 3600;
	return 0;
}

int
cli_judge(
    struct cli *cli, const struct options *o, struct judged *j, struct fault *f)
{
	char at[UTC_LEN], profile[CATALOG_NAME_MAX];
	char made[UTC_LEN];
	struct judge_request q = { .made = made,
		.as_of = at,
		.profile = profile,
		.reader = j->reader };

	profile_name(option_or(o, "profile", PROFILE_DEFAULT), profile);
	cli_clock(cli, made); /* collecting may have taken a while */
	if (cli_as_of_period(cli, o, j->st, &q.run, at, f) == -1 ||
	    max_age(o, j->checks, &q.max_age, f) == -1)
		return -1;
	return judge(j->st, j->checks, &q, &j->id, f);
}

int
cli_kept(const char *path, char origin[CHECKPOINT_ORIGIN_MAX],
    struct log_head *head, struct fault *f)
{
	struct fault why = { 0 };
	BUF_AUTO(note, 4096);

	if (file_read(path, &note, f) == -1)
		return -1;
	if (checkpoint_parse(note.p != NULL ? note.p : "", note.len, origin,
		head, &why) == -1)
		return fault(f, FAULT_USAGE, "%s: %.900s", path, why.text);
	return 0;
}
