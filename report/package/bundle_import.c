/* See bundle_import.h. */
#include "report/package/bundle_import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/emission.h"
#include "base/file.h"

#define CLOCK_SKEW 300 /* seconds an origin's clock may be ahead */

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
check_age(
    const struct bundle_rules *rules, const struct bundle *b, struct fault *f)
{
	int64_t now = 0, ended = 0;

	(void)utc_parse(rules->now, &now);
	(void)utc_parse(b->ended, &ended);
	if (ended > now + CLOCK_SKEW)
		return fault(f, FAULT_FORMAT,
		    "bundle: was collected at %s by its origin's clock, which "
		    "is after now, %s",
		    b->ended, rules->now);
	if (rules->max_hours > 0 && now - ended > rules->max_hours * 3600)
		return fault(f, FAULT_FORMAT,
		    "bundle: was collected at %s, over %lld hours ago: kept "
		    "now it would look fresh; --bundle-age takes older ones",
		    b->ended, rules->max_hours);
	return 0;
}

/* ------------------------------------------------------------- whose scopes */

/* A signer, and what he may speak of: by the policy; or, where a directory
 * names one certificate an origin, of that host and of no other. */
struct speaking {
	const struct policy_signer *who; /* or NULL */
	const char *origin;		 /* or NULL: of anything */
};

static int
check_scope(const struct speaking *s, const char *scope, struct fault *f)
{
	if (s->who != NULL && !policy_speaks_for(s->who, scope))
		return fault(f, FAULT_DENIED,
		    "bundle: speaks of %.300s, which '%.200s' may not collect "
		    "by the policy",
		    scope, s->who->name);
	if (s->who == NULL && s->origin != NULL &&
	    strncmp(scope, "host/", 5) == 0 &&
	    strcmp(scope + 5, s->origin) != 0)
		return fault(f, FAULT_DENIED,
		    "bundle: speaks of %.300s, but its signer is allowed for "
		    "origin '%.100s'. A policy (--signers) can allow more.",
		    scope, s->origin);
	return 0;
}

static int
put_scope(void *ctx, const struct observation *o, struct fault *f)
{
	return check_scope(ctx, o->scope, f);
}

static int
cover_scope(void *ctx, const struct coverage *c, struct fault *f)
{
	return check_scope(ctx, c->scope, f);
}

static int read_body(const struct bundle *b, const struct kind *const *kinds,
    struct crypto *crypto, const struct sink *sink, struct fault *f);

static bool
is_directory(const char *path)
{
	struct stat st;

	return path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int
check_signer(const struct bundle_rules *rules, const struct bundle *b,
    struct signature_info *who, struct fault *f)
{
	struct speaking s = { NULL,
		is_directory(rules->allow) ? b->origin : NULL };
	const struct sink sink = { put_scope, cover_scope, &s };
	struct signature_rules sr = { .at = 0 };
	const struct slice der = { b->cms.p, b->cms.len };
	struct fault why = { 0 };
	BUF_AUTO(anchors, ANCHORS_MAX);

	(void)utc_parse(rules->now, &sr.at);
	if (rules->policy == NULL) {
		if (read_allowed(rules->allow, b->origin, &anchors, f) == -1 ||
		    bundle_verify(b, rules->crypto,
			anchors.p != NULL ? anchors.p : "", anchors.len, sr.at,
			who, f) == -1)
			return -1;
	} else if (policy_judge(rules->policy, POLICY_COLLECT, rules->crypto,
		       &b->record, &der, &sr, who, &s.who, &why) == -1) {
		return fault(
		    f, why.kind, "bundle: its signature: %.900s", why.text);
	}
	if ((s.who != NULL || s.origin != NULL) &&
	    read_body(b, rules->kinds, rules->crypto, &sink, &why) == -1 &&
	    why.kind == FAULT_DENIED)
		return fault(f, why.kind, "%s", why.text);
	return 0; /* a line that cannot be read ends the run in which it is */
}

int
bundle_accept(const struct bundle_rules *rules, const struct buf *text,
    struct bundle *out, struct signature_info *who, struct fault *f)
{
	if (bundle_read(rules->crypto, text->p != NULL ? text->p : "",
		text->len, out, f) == -1)
		return -1;
	if (check_signer(rules, out, who, f) == 0 &&
	    check_age(rules, out, f) == 0)
		return 0;
	bundle_free(out);
	return -1;
}

/* Not one that was taken already, nor older than the newest of its origin. */
int
bundle_is_new(struct store *st, const struct bundle *b, struct fault *f)
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

/* ----------------------------------------------------------------- keeping */

struct filling {
	const struct bundle *bundle;
	const struct kind *const *kinds;
	struct crypto *crypto;
};

static int
read_body(const struct bundle *b, const struct kind *const *kinds,
    struct crypto *crypto, const struct sink *sink, struct fault *f)
{
	struct emission_odd odd;
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
	rc = lines_read(in, "bundle", kinds, crypto, sink, &odd, f);
	(void)fclose(in);
	return rc;
}

static int
fill(void *ctx, const struct sink *sink, struct fault *f)
{
	const struct filling *w = ctx;

	return read_body(w->bundle, w->kinds, w->crypto, sink, f);
}

int
bundle_keep(struct store *st, const struct bundle *b,
    const struct signature_info *who, const struct run_filling *how,
    struct crypto *c, struct run_result *result, struct fault *f)
{
	struct filling w = { b, store_kinds(st), c };
	struct run_filling own = *how;
	BUF_AUTO(plan, BUNDLE_RECORD_MAX + 8192);

	if (bundle_is_new(st, b, f) == -1 ||
	    plan_text(b, who, c, &plan, f) == -1)
		return -1;
	own.begin.origin = b->origin;
	own.begin.plan = plan.p;
	own.fill = fill;
	own.ctx = &w;
	return run_filled(st, &own, result, f);
}

/* ------------------------------------------------------------------- lines */

/* One line of a file, without its newline. */
static int
take_line(struct emission_reader *r, const char *name, long long n, char *line,
    size_t len, struct fault *f)
{
	struct fault why = { 0 };

	if (len == 0 || line[len - 1] != '\n')
		return fault(f, FAULT_FORMAT,
		    "%s:%lld: the last line is cut off", name, n);
	len--;
	if (n == 1 && bundle_begins(line, len))
		return fault(f, FAULT_USAGE,
		    "%s: is a signed bundle; say who may sign with --allow",
		    name);
	if (len > 2 * COVERAGE_MAX)
		return fault(f, FAULT_LIMIT, "%s:%lld: line too long", name, n);
	if (emission_line(r, line, len, &why) == -1)
		return fault(f, why.kind, "%s:%lld: %.900s", name, n, why.text);
	return 0;
}

int
lines_read(FILE *in, const char *name, const struct kind *const *kinds,
    struct crypto *crypto, const struct sink *sink, struct emission_odd *odd,
    struct fault *f)
{
	struct emission_reader r = {
		.to = sink, .kinds = kinds, .crypto = crypto
	};
	struct fault why = { 0 };
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	long long n = 0;
	int rc = 0;

	while (rc == 0 && (len = getline(&line, &cap, in)) != -1)
		rc = take_line(&r, name, ++n, line, (size_t)len, f);
	if (rc == 0 && ferror(in))
		rc = fault_errno(f, errno, name);
	if (rc == 0 && emission_whole(&r, &why) == -1)
		rc = fault(f, why.kind, "%s: %.900s", name, why.text);
	*odd = r.odd;
	emission_reader_free(&r);
	free(line);
	return rc;
}
