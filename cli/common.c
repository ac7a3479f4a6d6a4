/* What several commands do alike. */
#include "cli.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "judge.h"
#include "profile.h"
#include "period.h"
#include "sign.h"
#include "tsa.h"

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
	return st;
}

static bool
is_number(const char *s)
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
		memcpy(at, cli->now, UTC_LEN);
		return find_run(st, "state <> 'failed'", NULL, run, ended, f);
	}
	if (is_number(asked))
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
	const struct run_begin begin = { .began = cli->now,
		.origin = origin,
		.asked_by = cli->operator_name,
		.exhibit = EXHIBIT_VERSION,
		.plan = plan };
	struct run *r = run_new(st, &begin, f);
	char ended[UTC_LEN];
	struct fault ignored;
	struct sink sink;
	int rc;

	if (r == NULL)
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
	if (!is_number(hours) || strlen(hours) > 6)
		return fault(f, FAULT_USAGE,
		    "--max-age %s: not a number of hours (0: any age)", hours);
	*seconds = atoll(hours) * 3600;
	return 0;
}

int
cli_judge(struct cli *cli, const struct options *o, struct store *st,
    const struct checks *checks, long long *judgement, struct fault *f)
{
	char at[UTC_LEN], profile[CATALOG_NAME_MAX];
	struct judge_request q = {
		.made = cli->now, .as_of = at, .profile = profile
	};

	profile_name(option_or(o, "profile", PROFILE_DEFAULT), profile);
	if (cli_as_of_period(cli, o, st, &q.run, at, f) == -1 ||
	    max_age(o, checks, &q.max_age, f) == -1)
		return -1;
	return judge(st, checks, &q, judgement, f);
}

/* The passphrase is the first line of --passphrase-file. */
static int
ask_passphrase(void *ctx, const char *what, char *out, size_t size)
{
	const char *path = ctx;
	struct buf b = { .max = size };
	struct fault ignored;
	size_t len;
	int n = -1;

	(void)what;
	if (path != NULL && file_read(path, &b, &ignored) == 0 && b.len > 0) {
		len = strcspn(b.p, "\r\n");
		memcpy(out, b.p, len);
		n = (int)len;
	}
	if (b.p != NULL)
		explicit_bzero(b.p, b.cap);
	buf_free(&b);
	return n;
}

/* Named before it is needed: asking cannot say that it is missing. */
static int
check_passphrase(const struct options *o, struct fault *f)
{
	const char *path = option(o, "passphrase-file");

	return path != NULL && access(path, R_OK) == -1
		   ? fault_errno(f, errno, path)
		   : 0;
}

static struct signer_passphrase
cli_passphrase(const struct options *o)
{
	union {
		const char *in;
		void *out;
	} path = { .in = option(o, "passphrase-file") };

	return (struct signer_passphrase){ ask_passphrase, path.out };
}

int
cli_key_new(struct cli *cli, const struct options *o, const char *key_path,
    const char *cert_path, struct fault *f)
{
	const char *days = option_or(o, "days", "825");
	const struct signer_passphrase pass = cli_passphrase(o);
	char cn[SIGNER_COMMON_NAME_MAX + 1];
	int64_t now = 0;
	BUF_AUTO(key, SIGNER_FILE_MAX);
	BUF_AUTO(cert, SIGNER_FILE_MAX);
	int rc;

	(void)snprintf(
	    cn, sizeof(cn), "%s", option_or(o, "name", cli->operator_name));
	if (check_passphrase(o, f) == -1)
		return -1;
	if (!is_number(days))
		return fault(
		    f, FAULT_USAGE, "--days %s: not a number of days", days);
	if (access(key_path, F_OK) == 0 || access(cert_path, F_OK) == 0)
		return fault(f, FAULT_USAGE,
		    "%s or %s exists already: a key is never overwritten; name "
		    "others with --key and --cert",
		    key_path, cert_path);
	(void)utc_parse(cli->now, &now);
	rc = signer_generate(cli->crypto, cn, now, atoi(days),
	    pass.ctx != NULL ? &pass : NULL, &key, &cert, f);
	if (rc == 0)
		rc = file_write(key_path, key.p, key.len, 0600, f);
	if (rc == 0 &&
	    (rc = file_write(cert_path, cert.p, cert.len, 0644, f)) == -1)
		(void)unlink(key_path); /* of no use alone, and in the way */
	if (key.p != NULL)
		explicit_bzero(key.p, key.cap);
	return rc;
}

int
cli_signer(struct cli *cli, const struct options *o, bool make,
    struct signer **out, struct fault *f)
{
	const char *key = option(o, "key"), *cert = option(o, "cert");
	const struct signer_passphrase pass = cli_passphrase(o);

	*out = NULL;
	if (option(o, "unsigned") != NULL)
		return 0;
	if (check_passphrase(o, f) == -1)
		return -1;
	if (key == NULL) {
		key = DEFAULT_KEY;
		cert = cert != NULL ? cert : DEFAULT_CERT;
		if (access(key, F_OK) == -1 && make) {
			if (cli_key_new(cli, o, key, cert, f) == -1)
				return -1;
			printf(
			    "Made a self-signed key, %s and %s.\n", key, cert);
		}
		if (access(key, F_OK) == -1)
			return fault(f, FAULT_USAGE,
			    "%s: no signing key; 'exhibit key new' makes a "
			    "self-signed one, --key names another, --unsigned "
			    "does without",
			    key);
	}
	*out = signer_load(cli->crypto, key, cert, &pass, f);
	return *out == NULL ? -1 : 0;
}

/* --tsa-timeout in milliseconds. */
static int
tsa_time(const struct options *o, long *ms, struct fault *f)
{
	const char *s = option(o, "tsa-timeout");

	*ms = TSA_TIME_MS;
	if (s == NULL)
		return 0;
	if (!is_number(s) || strlen(s) > 4 || atol(s) < 1)
		return fault(f, FAULT_USAGE,
		    "--tsa-timeout %s: not a number of seconds, 1 to 9999", s);
	*ms = atol(s) * 1000;
	return 0;
}

int
cli_tsa_check(const struct options *o, struct fault *f)
{
	const char *url = option(o, "tsa"), *cert = option(o, "tsa-cert");
	long ms;

	if (cert != NULL && option(o, "fips") != NULL)
		return fault(f, FAULT_USAGE,
		    "--tsa-cert with --fips: time stamps cannot be verified "
		    "through a FIPS provider; do so later without --fips, or "
		    "with openssl ts -verify");
	if (cert != NULL && access(cert, R_OK) == -1)
		return fault_errno(f, errno, cert);
	if (tsa_time(o, &ms, f) == -1)
		return -1;
	return url != NULL ? tsa_url_check(url, f) : 0;
}

/* A token over the note, verified if there is anything to verify it by. */
static int
stamp(struct cli *cli, const struct buf *note, struct buf *tst, struct fault *f)
{
	const struct options *o = cli->options;
	const char *cert = option(o, "tsa-cert");
	struct tsa_info info;
	long ms;
	BUF_AUTO(anchors, ANCHORS_MAX);

	if (tsa_time(o, &ms, f) == -1 ||
	    (cert != NULL && file_read(cert, &anchors, f) == -1) ||
	    tsa_stamp(cli->crypto, option(o, "tsa"), ms, note->p, note->len,
		tst, f) == -1)
		return -1;
	return cert == NULL
		   ? 0
		   : tsa_verify(cli->crypto, note->p, note->len, tst->p,
			 tst->len, anchors.p, anchors.len, &info, f);
}

/* Evidence is not lost because an authority is away: the checkpoint is kept
 * without a stamp, the reason told, and the status is no longer 0. */
void
cli_stamp(
    struct cli *cli, const struct buf *bytes, const char *what, struct buf *tst)
{
	struct fault why = { 0 };

	if (option(cli->options, "tsa") == NULL || cli->unstamped)
		return; /* one refusal is enough for a command */
	if (stamp(cli, bytes, tst, &why) == 0)
		return;
	buf_reset(tst);
	cli->unstamped = true;
	(void)fflush(stdout);
	(void)fprintf(
	    stderr, "exhibit: %s, but not time-stamped: %s\n", what, why.text);
}

int
cli_checkpoint(struct cli *cli, struct store *st, const struct signer *signer,
    struct fault *f)
{
	char made[UTC_LEN];
	struct log_head head;
	int64_t when = 0;
	BUF_AUTO(note, 1024);
	BUF_AUTO(cms, SIGNATURE_MAX);
	BUF_AUTO(tst, TSA_RESPONSE_MAX);

	cli_clock(cli, made);
	(void)utc_parse(made, &when);
	if (log_head(st, &head, f) == -1 ||
	    checkpoint_note(st, &head, &note, f) == -1)
		return -1;
	if (signer != NULL &&
	    sign_detached(signer, note.p, note.len, when, &cms, f) == -1)
		return -1;
	cli_stamp(cli, &note, "the checkpoint is kept", &tst);
	return checkpoint_put_stamped(st, made, &head, note.p,
	    signer != NULL ? cms.p : NULL, cms.len, tst.len > 0 ? tst.p : NULL,
	    tst.len, f);
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
