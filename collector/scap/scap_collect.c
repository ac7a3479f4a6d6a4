/*
 * The scap collector: results that a SCAP scanner wrote, as evidence. All files
 * are read twice: one that fails half-way gives its fault, and nothing is kept.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utc.h"
#include "collector/kit/collector.h"
#include "collector/scap/key_once.h"
#include "collector/scap/scan_time.h"
#include "collector/scap/scap_kinds.h"
#include "collector/scap/scap_read.h"

#define FILE_MAX (512LL * 1024 * 1024)
#define PIECE (64 * 1024)

/* A TestResult of the request, in the order of reading. */
struct scan {
	char *scope; /* owned */
	int64_t ended;
	bool dated;    /* ended is known */
	size_t first;  /* the first scan of this scope; itself */
	size_t newest; /* of the first: the scan that is the state */
	size_t left;   /* of the first: scans of the scope to be read yet */
	bool open;     /* of the first: e is */
	struct emitter e;
	json_t *seen; /* owned: how often each rule came in this scan */
};

struct taking {
	const struct sink *sink;
	const char *source;
	struct scan *scans; /* owned */
	size_t nscans, cap;
	size_t from; /* the first of the file that is read */
	size_t at;   /* the scan that is read, the second time */
	char scope[NAME_MAX_LEN];
};

/* The same host may be scanned under several profiles. */
static void
scope_of(const struct scap_test *t, char out[NAME_MAX_LEN])
{
	const char *under = t->profile[0] != '\0' ? t->profile : t->benchmark;
	BUF_AUTO(b, NAME_MAX_LEN);

	buf_printf(&b, "scap/%.400s%s%.400s", t->target,
	    under[0] != '\0' ? "/" : "", under);
	(void)snprintf(out, NAME_MAX_LEN, "%s", b.p != NULL ? b.p : "scap/");
}

/* ------------------------------------------------------ the first reading */

static int
pass_rule(void *ctx, const struct scap_test *t, const struct scap_rule *r,
    struct fault *f)
{
	(void)ctx;
	(void)t;
	(void)r;
	(void)f;
	return 0;
}

static struct scan *
scan_add(struct taking *t, struct fault *f)
{
	size_t cap = t->cap == 0 ? 16 : t->cap * 2;
	struct scan *p;

	if (t->nscans == t->cap) {
		if ((p = realloc(t->scans, cap * sizeof(*p))) == NULL) {
			(void)fault_memory(f);
			return NULL;
		}
		t->scans = p;
		t->cap = cap;
	}
	p = &t->scans[t->nscans];
	*p = (struct scan){ .first = t->nscans, .newest = t->nscans };
	if ((p->scope = strdup(t->scope)) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	t->nscans++;
	return p;
}

/* Two scans of a scope in a file (offline remediation writes such): the one
 * that ended last is the state. Which that is must be said; and of two files
 * each would say of the other's rules that they are gone. */
static int
scan_join(struct taking *t, struct scan *s, struct fault *f)
{
	for (size_t i = 0; i + 1 < t->nscans; i++) {
		struct scan *other = &t->scans[i], *newest;

		if (strcmp(other->scope, s->scope) != 0)
			continue;
		newest = &t->scans[other->newest];
		if (i < t->from || !s->dated || !newest->dated ||
		    s->ended == newest->ended)
			return fault(f, FAULT_USAGE,
			    "two scans of %.200s: collect the newer alone",
			    s->scope + 5);
		s->first = i;
		if (s->ended > newest->ended)
			other->newest = t->nscans - 1;
		break;
	}
	t->scans[s->first].left++;
	return 0;
}

static int
pass_test(void *ctx, const struct scap_test *test, struct fault *f)
{
	struct taking *t = ctx;
	struct scan *s;

	scope_of(test, t->scope);
	if ((s = scan_add(t, f)) == NULL)
		return -1;
	s->dated = scan_time(test->ended, &s->ended);
	return scan_join(t, s, f);
}

/* ----------------------------------------------------- the second reading */

/* The first scan of the scope that is read: it holds the emitter. */
static struct scan *
open_scan(struct taking *t, struct fault *f)
{
	struct scan *s = &t->scans[t->at], *first;

	assert(t->at < t->nscans);
	first = &t->scans[s->first];
	if (s->seen == NULL && (s->seen = json_object()) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	if (!first->open && emitter_init(&first->e, t->sink, scap_kinds, "scap",
				first->scope, f) == -1)
		return NULL;
	first->open = true;
	return first;
}

static bool
is_state(const struct taking *t)
{
	return t->scans[t->scans[t->at].first].newest == t->at;
}

/* What is read again of a file that fails leaves nothing open. */
static void
close_scans(struct taking *t)
{
	for (size_t i = 0; i < t->nscans; i++) {
		if (t->scans[i].open)
			emitter_free(&t->scans[i].e);
		t->scans[i].open = false;
		json_decref(t->scans[i].seen);
		t->scans[i].seen = NULL;
	}
}

static void
optional(struct attrs *a, const char *name, const char *s)
{
	attrs_str(a, name, s[0] != '\0' ? s : NULL);
}

static json_t *
idents_of(const struct scap_rule *r)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < r->nidents; i++)
		if (json_array_append_new(list,
			json_text(r->idents[i], strlen(r->idents[i]))) == -1) {
			json_decref(list);
			return NULL;
		}
	return list;
}

/* A rule that was checked in several instances stands there several times;
 * what an earlier scan said stands under its end. */
static int
key_of(struct taking *t, const struct scap_test *test,
    const struct scap_rule *r, struct buf *key, struct fault *f)
{
	if (!is_state(t))
		buf_printf(key, "%s ", test->ended);
	text_clean(key, r->rule, strlen(r->rule), NAME_MAX_LEN / 2);
	return key_once(t->scans[t->at].seen, key, f);
}

static int
take_rule(void *ctx, const struct scap_test *test, const struct scap_rule *r,
    struct fault *f)
{
	struct taking *t = ctx;
	struct scan *first = open_scan(t, f);
	ATTRS_AUTO(a);
	BUF_AUTO(key, NAME_MAX_LEN);

	if (first == NULL || key_of(t, test, r, &key, f) == -1)
		return -1;
	attrs_json(&a, "idents", idents_of(r));
	attrs_str(&a, "result", r->result);
	attrs_str(&a, "rule", r->rule);
	optional(&a, "severity", r->severity);
	return emit_observed(&first->e,
	    is_state(t) ? &scap_rule_result_kind
			: &scap_earlier_rule_result_kind,
	    key.p, &a, t->source, f);
}

static int
put_result(struct taking *t, struct emitter *e, const struct scap_test *test,
    struct fault *f)
{
	BUF_AUTO(key, NAME_MAX_LEN);
	ATTRS_AUTO(a);

	if (!is_state(t))
		buf_printf(&key, "%s ", test->ended);
	text_clean(&key, test->target, strlen(test->target), NAME_MAX_LEN / 2);
	optional(&a, "benchmark", test->benchmark);
	optional(&a, "ended", test->ended);
	attrs_int(&a, "fail", test->fail);
	attrs_int(&a, "other", test->other);
	attrs_int(&a, "pass", test->pass);
	optional(&a, "profile", test->profile);
	optional(&a, "started", test->started);
	attrs_str(&a, "target", test->target);
	optional(&a, "test_system", test->test_system);
	if (buf_done(&key, "target", f) == -1)
		return -1;
	return emit_observed(e,
	    is_state(t) ? &scap_result_kind : &scap_earlier_result_kind, key.p,
	    &a, t->source, f);
}

static int
take_test(void *ctx, const struct scap_test *test, struct fault *f)
{
	struct taking *t = ctx;
	struct scan *first = open_scan(t, f);

	if (first == NULL || put_result(t, &first->e, test, f) == -1)
		return -1;
	if (--first->left == 0 &&
	    emit_coverage(&first->e, OUTCOME_OBSERVED, NULL, f) == -1)
		return -1;
	t->at++;
	return 0;
}

/* ------------------------------------------------------------------- files */

static int
read_fd(int fd, struct scap *s, struct fault *f)
{
	char piece[PIECE];
	long long all = 0;

	for (;;) {
		ssize_t n = read(fd, piece, sizeof(piece));

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fault_errno(f, errno, "the file");
		if (n == 0)
			return scap_end(s, f);
		if ((all += n) > FILE_MAX)
			return fault(
			    f, FAULT_LIMIT, "over %lld bytes", FILE_MAX);
		if (scap_feed(s, piece, (size_t)n, f) == -1)
			return -1;
	}
}

static int
read_file(const char *path, const struct scap_handler *h, struct fault *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct scap *s = NULL;
	struct stat st;
	int rc = -1;

	if (fd == -1)
		return fault_errno(f, errno, path);
	if (fstat(fd, &st) == -1)
		(void)fault_errno(f, errno, path);
	else if (!S_ISREG(st.st_mode))
		(void)fault(f, FAULT_FORMAT, "%.300s: not a file", path);
	else if ((s = scap_new(h, f)) != NULL)
		rc = read_fd(fd, s, f);
	scap_free(s);
	(void)close(fd);
	return rc;
}

/* A file that is refused leaves nothing behind: it is told at once. */
static int
look_at_file(struct taking *t, const char *path, struct fault *f)
{
	const struct scap_handler look = { pass_rule, pass_test, t };
	struct fault why = { 0 };

	t->from = t->nscans;
	if (read_file(path, &look, &why) == 0)
		return 0;
	return fault(f, why.kind, "%.200s: %.250s", path, why.text);
}

static int
keep_file(struct taking *t, const char *path, struct fault *f)
{
	const struct scap_handler keep = { take_rule, take_test, t };
	int rc;

	t->source = path;
	rc = read_file(path, &keep, f);
	close_scans(t);
	return rc;
}

static int
collect(const struct request *r, const struct sink *sink, struct fault *f)
{
	struct taking t = { .sink = sink };
	int rc = 0;

	if (r->noperands == 0)
		return fault(f, FAULT_USAGE,
		    "scap: which files? name the results of a scanner, ARF or "
		    "XCCDF");
	for (size_t i = 0; rc == 0 && i < r->noperands; i++)
		rc = look_at_file(&t, r->operands[i], f);
	for (size_t i = 0; rc == 0 && i < t.nscans; i++) {
		const struct scan *newest = &t.scans[t.scans[i].newest];

		if (t.scans[i].first == i && newest->dated)
			rc = scan_is_newest(
			    r, t.scans[i].scope, newest->ended, f);
	}
	for (size_t i = 0; rc == 0 && i < r->noperands; i++) {
		if (r->progress != NULL)
			r->progress(r->progress_ctx, r->operands[i]);
		rc = keep_file(&t, r->operands[i], f);
	}
	for (size_t i = 0; i < t.nscans; i++)
		free(t.scans[i].scope);
	free(t.scans);
	return rc;
}

extern const struct collector scap_collector; /* in collector/table.c */

static const struct collector_option no_options[] = { { 0 } };

const struct collector scap_collector = {
	.name = "scap",
	.about = "results of a SCAP scanner (ARF, XCCDF), from files",
	.operands = "FILE ...",
	.kinds = scap_kinds,
	.options = no_options,
	.collect = collect,
};
