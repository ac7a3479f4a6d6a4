/* See bundling.h. */
#include "cli/bundling.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/build.h"
#include "report/package/bundle.h"
#include "report/sign/sign.h"
#include "base/file.h"

#define CLOCK_SKEW 300 /* seconds an origin's clock may be ahead */
#define AGE_HOURS 24   /* accepted without --bundle-age */

/* ------------------------------------------------------------------ making */

static int
append(void *ctx, const char *p, size_t len, struct fault *f)
{
	buf_put(ctx, p, len);
	return buf_done(ctx, "bundle", f);
}

/* The part of user@host that names the host, if --origin does not. */
static int
origin_of(const struct cli *cli, const struct options *o,
    char out[BUNDLE_ORIGIN_MAX + 1], struct fault *f)
{
	const char *at = strrchr(cli->operator_name, '@');
	const char *name =
	    option_or(o, "origin", at != NULL ? at + 1 : cli->operator_name);

	if (!bundle_origin_ok(name))
		return fault(f, FAULT_USAGE,
		    "--origin %.80s: 1 to %d of A-Z, a-z, 0-9, '.', '_' and "
		    "'-', beginning with a letter or digit",
		    name, BUNDLE_ORIGIN_MAX);
	(void)snprintf(out, BUNDLE_ORIGIN_MAX + 1, "%s", name);
	return 0;
}

static int
write_bundle(struct cli *cli, const struct options *o, const struct asked *a,
    const struct signer *signer, struct bundle *b, const struct buf *body,
    struct fault *f)
{
	BUF_AUTO(plan, 65536);
	BUF_AUTO(out, BUNDLE_MAX + BUNDLE_RECORD_MAX + 2UL * SIGNATURE_MAX);
	int64_t when = 0;

	cli_clock(cli, b->ended);
	(void)utc_parse(b->ended, &when);
	memcpy(b->began, cli->now, UTC_LEN);
	(void)snprintf(
	    b->asked_by, sizeof(b->asked_by), "%s", cli->operator_name);
	(void)snprintf(b->exhibit, sizeof(b->exhibit), "%s", exhibit_build);
	b->body = (struct slice){ body->p, body->len };
	if (cli_random_id(b->id, f) == -1 || cli_plan(a, o, &plan, f) == -1)
		return -1;
	b->plan = (struct slice){ plan.p, plan.len };
	if (bundle_make(b, signer, cli->crypto, when, &out, f) == -1)
		return -1;
	if (out.len > BUNDLE_MAX)
		return fault(f, FAULT_LIMIT, "bundle: larger than %lu bytes",
		    BUNDLE_MAX);
	return file_write(option(o, "bundle"), out.p, out.len, 0644, f);
}

int
cli_bundle_make(struct cli *cli, const struct options *o, const struct asked *a,
    struct fault *f)
{
	struct bundle b = { 0 };
	struct signer *signer = NULL;
	BUF_AUTO(body, BUNDLE_MAX);
	struct ndjson out = { append, &body };
	const struct sink sink = ndjson_sink(&out);
	int rc = -1;

	if (origin_of(cli, o, b.origin, f) == -1 ||
	    cli_signer(cli, o, false, &signer, f) == -1)
		return -1;
	rc = cli_ask(cli, o, a, false, &sink, f);
	if (rc == 0)
		rc = write_bundle(cli, o, a, signer, &b, &body, f);
	signer_free(signer);
	if (rc == -1)
		return -1;
	printf(
	    "Bundle %s of %s is in %s.\n", b.id, b.origin, option(o, "bundle"));
	return STATUS_OK;
}

/* --------------------------------------------------------------- importing */

/* --allow FILE: certificates of any origin. --allow DIR: those in
 * DIR/ORIGIN.pem are for that origin alone. */
static int
read_allowed(
    const char *allow, const char *origin, struct buf *anchors, struct fault *f)
{
	struct stat st;
	char path[4096];

	if (stat(allow, &st) == -1)
		return fault_errno(f, errno, allow);
	if (!S_ISDIR(st.st_mode))
		return file_read(allow, anchors, f);
	(void)snprintf(path, sizeof(path), "%s/%s.pem", allow, origin);
	if (access(path, F_OK) == -1 && errno == ENOENT)
		return fault(f, FAULT_DENIED,
		    "bundle: nobody may sign for origin '%s': there is no %s",
		    origin, path);
	return file_read(path, anchors, f);
}

static int
check_age(const struct cli *cli, const struct options *o,
    const struct bundle *b, struct fault *f)
{
	const char *hours = option_or(o, "bundle-age", "");
	int64_t now = 0, ended = 0;
	long long max = AGE_HOURS;

	if (hours[0] != '\0') {
		if (strlen(hours) > 6 ||
		    hours[strspn(hours, "0123456789")] != '\0')
			return fault(f, FAULT_USAGE,
			    "--bundle-age %s: not a number of hours (0: any "
			    "age)",
			    hours);
		max = atoll(hours);
	}
	(void)utc_parse(cli->now, &now);
	(void)utc_parse(b->ended, &ended);
	if (ended > now + CLOCK_SKEW)
		return fault(f, FAULT_FORMAT,
		    "bundle: was collected at %s by its origin's clock, which "
		    "is after now, %s",
		    b->ended, cli->now);
	if (max > 0 && now - ended > max * 3600)
		return fault(f, FAULT_FORMAT,
		    "bundle: was collected at %s, over %lld hours ago: kept "
		    "now it would look fresh; --bundle-age takes older ones",
		    b->ended, max);
	return 0;
}

/* Read it all, and judge all of it that needs no store. */
static int
read_checked(struct cli *cli, const struct options *o, struct buf *text,
    struct bundle *b, struct signature_info *who, struct fault *f)
{
	const char *path = o->noperands == 2 ? o->operands[1] : "-";
	int64_t now = 0;
	BUF_AUTO(anchors, ANCHORS_MAX);
	int rc;

	rc = strcmp(path, "-") == 0
		 ? file_read_fd(STDIN_FILENO, "standard input", text, f)
		 : file_read(path, text, f);
	if (rc == -1 || bundle_read(cli->crypto, text->p != NULL ? text->p : "",
			    text->len, b, f) == -1)
		return -1;
	(void)utc_parse(cli->now, &now);
	if (read_allowed(option(o, "allow"), b->origin, &anchors, f) == -1 ||
	    bundle_verify(b, cli->crypto, anchors.p != NULL ? anchors.p : "",
		anchors.len, now, who, f) == -1 ||
	    check_age(cli, o, b, f) == -1) {
		bundle_free(b);
		return -1;
	}
	return 0;
}

/* Not one that was taken already, nor older than the newest of its origin. */
static int
check_new(struct store *st, const struct bundle *b, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(store_db(st),
		"SELECT e.run, a.plan ->> '$.bundle.id' = ?1, a.plan ->> "
		"'$.bundle.began' FROM attempt a JOIN ended e ON e.attempt = "
		"a.id WHERE e.state <> 'failed' AND (a.plan ->> '$.bundle.id' "
		"= ?1 OR (a.origin = ?2 AND a.plan ->> '$.bundle.began' >= "
		"?3)) ORDER BY 2 DESC LIMIT 1",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "bundles", f);
	sqlite3_bind_text(q, 1, b->id, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, b->origin, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, b->began, -1, SQLITE_STATIC);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW && sqlite3_column_int(q, 1) == 1)
		rc = fault(f, FAULT_USAGE,
		    "bundle: %s was imported already, as run %lld", b->id,
		    (long long)sqlite3_column_int64(q, 0));
	else if (rc == SQLITE_ROW)
		rc = fault(f, FAULT_USAGE,
		    "bundle: collected from %s on, but of %s run %lld has one "
		    "from %.20s, which is not older",
		    b->began, b->origin, (long long)sqlite3_column_int64(q, 0),
		    (const char *)sqlite3_column_text(q, 2));
	else
		rc = rc == SQLITE_DONE ? 0 : store_fault(st, "bundles", f);
	(void)sqlite3_finalize(q);
	return rc;
}

static int
plan_text(const struct bundle *b, const struct signature_info *who,
    struct crypto *c, struct buf *out, struct fault *f)
{
	json_t *plan = json_read(b->plan.p, b->plan.len, "plan", f), *v;
	uint8_t d[SHA256_LEN];
	char hex[SHA256_HEX];
	int rc;

	if (plan == NULL)
		return -1;
	if (digest_sha256(c, b->record.p, b->record.len, d, f) == -1) {
		json_decref(plan);
		return -1;
	}
	hex_encode(d, SHA256_LEN, hex);
	v = json_pack("{s:{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s}, s:s, s:{}, "
		      "s:b}",
	    "bundle", "began", b->began, "ended", b->ended, "exhibit",
	    b->exhibit, "id", b->id, "operator", b->asked_by, "plan", plan,
	    "record_sha256", hex, "signer", who->fingerprint, "collector",
	    "import", "options", "signed", 1);
	if (v == NULL)
		return fault_memory(f);
	rc = json_canonical(v, out, f);
	json_decref(v);
	return rc;
}

static int
fill(void *ctx, const struct sink *sink, struct fault *f)
{
	const struct bundle *b = ctx;
	union {
		const void *in;
		void *out;
	} p = { .in = b->body.p };
	FILE *in;
	int rc;

	if (b->body.len == 0)
		return fault(f, FAULT_FORMAT, "bundle: holds no observation");
	if ((in = fmemopen(p.out, b->body.len, "r")) == NULL)
		return fault_errno(f, errno, "bundle");
	rc = cli_lines(in, "bundle", sink, f);
	(void)fclose(in);
	return rc;
}

/* Asked of a reader: opening for writing would touch the file. */
static int
check_new_reading(struct cli *cli, const struct options *o,
    const struct bundle *b, struct fault *f)
{
	struct store *st;
	int rc;

	if (access(option_or(o, "store", DEFAULT_STORE), F_OK) == -1)
		return 0; /* it will be made */
	if ((st = cli_store(cli, o, STORE_READ, false, f)) == NULL)
		return -1;
	rc = check_new(st, b, f);
	store_close(st);
	return rc;
}

static int
keep(struct cli *cli, const struct options *o, struct bundle *b,
    const struct signature_info *who, struct fault *f)
{
	struct store *st;
	struct run_result r;
	BUF_AUTO(plan, BUNDLE_RECORD_MAX + 8192);
	int status = -1;

	if (check_new_reading(cli, o, b, f) == -1 ||
	    (st = cli_store(cli, o, STORE_WRITE, true, f)) == NULL)
		return -1;
	if (check_new(st, b, f) == 0 && /* another may have been first */
	    plan_text(b, who, cli->crypto, &plan, f) == 0 &&
	    cli_run_of(cli, st, b->origin, plan.p, fill, b, &r, f) == 0)
		status = cli_collected(cli, o, st, &r, f);
	store_close(st);
	return status;
}

int
cli_bundle_import(struct cli *cli, const struct options *o, struct fault *f)
{
	struct signature_info who;
	struct bundle b;
	BUF_AUTO(text, BUNDLE_MAX);
	int status;

	if (o->noperands > 2)
		return fault(
		    f, FAULT_USAGE, "collect import takes one file, or -");
	if (read_checked(cli, o, &text, &b, &who, f) == -1)
		return -1;
	status = keep(cli, o, &b, &who, f);
	bundle_free(&b);
	return status;
}
