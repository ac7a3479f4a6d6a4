/*
 * The scap collector: results that a SCAP scanner wrote, as evidence. A file is
 * read twice: one that fails half-way gives its fault, and nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/kit/collector.h"
#include "collector/scap/scap_kinds.h"
#include "collector/scap/scap_read.h"

#define FILE_MAX (512LL * 1024 * 1024)
#define PIECE (64 * 1024)

struct taking {
	const struct sink *sink;
	const char *source;
	char **scopes; /* owned: every scan of the request */
	size_t nscopes, cap;
	char scope[NAME_MAX_LEN];
	struct emitter e;
	bool open;    /* e is of the scan that is being read */
	json_t *seen; /* owned: how often each rule came in it */
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

/* A scan would say of the other's rules that they are gone. */
static int
pass_test(void *ctx, const struct scap_test *test, struct fault *f)
{
	struct taking *t = ctx;
	size_t cap = t->cap == 0 ? 16 : t->cap * 2;
	void *p;

	scope_of(test, t->scope);
	for (size_t i = 0; i < t->nscopes; i++)
		if (strcmp(t->scopes[i], t->scope) == 0)
			return fault(f, FAULT_USAGE,
			    "two scans of %.200s: collect the newer alone",
			    t->scope + 5);
	if (t->nscopes == t->cap) {
		if ((p = realloc(t->scopes, cap * sizeof(*t->scopes))) == NULL)
			return fault_memory(f);
		t->scopes = p;
		t->cap = cap;
	}
	if ((t->scopes[t->nscopes] = strdup(t->scope)) == NULL)
		return fault_memory(f);
	t->nscopes++;
	return 0;
}

/* ----------------------------------------------------- the second reading */

static int
open_scan(struct taking *t, const struct scap_test *test, struct fault *f)
{
	if (t->open)
		return 0;
	scope_of(test, t->scope);
	if ((t->seen = json_object()) == NULL)
		return fault_memory(f);
	if (emitter_init(&t->e, t->sink, scap_kinds, "scap", t->scope, f) ==
	    -1) {
		json_decref(t->seen);
		t->seen = NULL;
		return -1;
	}
	t->open = true;
	return 0;
}

static void
close_scan(struct taking *t)
{
	if (!t->open)
		return;
	emitter_free(&t->e);
	json_decref(t->seen);
	t->seen = NULL;
	t->open = false;
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

/* A rule that was checked in several instances stands there several times. */
static int
key_of(struct taking *t, const struct scap_rule *r, struct buf *key,
    struct fault *f)
{
	long long n;

	text_clean(key, r->rule, strlen(r->rule), NAME_MAX_LEN / 2);
	if (buf_done(key, "rule", f) == -1)
		return -1;
	n = json_integer_value(json_object_get(t->seen, key->p)) + 1;
	if (json_object_set_new(t->seen, key->p, json_integer(n)) == -1)
		return fault_memory(f);
	if (n > 1)
		buf_printf(key, "#%lld", n);
	return buf_done(key, "rule", f);
}

static int
take_rule(void *ctx, const struct scap_test *test, const struct scap_rule *r,
    struct fault *f)
{
	struct taking *t = ctx;
	ATTRS_AUTO(a);
	BUF_AUTO(key, NAME_MAX_LEN);

	if (open_scan(t, test, f) == -1 || key_of(t, r, &key, f) == -1)
		return -1;
	attrs_json(&a, "idents", idents_of(r));
	attrs_str(&a, "result", r->result);
	attrs_str(&a, "rule", r->rule);
	optional(&a, "severity", r->severity);
	return emit_observed(
	    &t->e, &scap_rule_result_kind, key.p, &a, t->source, f);
}

static int
take_test(void *ctx, const struct scap_test *test, struct fault *f)
{
	struct taking *t = ctx;
	BUF_AUTO(key, NAME_MAX_LEN);
	ATTRS_AUTO(a);
	int rc;

	if (open_scan(t, test, f) == -1)
		return -1;
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
	rc = buf_done(&key, "target", f);
	if (rc == 0)
		rc = emit_observed(
		    &t->e, &scap_result_kind, key.p, &a, t->source, f);
	if (rc == 0)
		rc = emit_coverage(&t->e, OUTCOME_OBSERVED, NULL, f);
	close_scan(t);
	return rc;
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

/* That a file could not be read is evidence as well. */
static int
note_failure(struct taking *t, const struct fault *why, struct fault *f)
{
	struct emitter e = { 0 };
	BUF_AUTO(scope, NAME_MAX_LEN);
	int rc;

	buf_puts(&scope, "scap/");
	text_clean(&scope, t->source, strlen(t->source), NAME_MAX_LEN / 2);
	if (buf_done(&scope, "scope", f) == -1 ||
	    emitter_init(&e, t->sink, scap_kinds, "scap", scope.p, f) == -1)
		return -1;
	rc = emit_coverage(&e, outcome_of_fault(why), why->text, f);
	emitter_free(&e);
	return rc;
}

static int
collect_file(struct taking *t, const char *path, struct fault *f)
{
	const struct scap_handler look = { pass_rule, pass_test, t },
				  keep = { take_rule, take_test, t };
	struct fault why = { 0 };
	int rc;

	t->source = path;
	if (read_file(path, &look, &why) == -1) {
		if (why.kind == FAULT_USAGE)
			return fault(
			    f, FAULT_USAGE, "%.200s: %.250s", path, why.text);
		return note_failure(t, &why, f);
	}
	rc = read_file(path, &keep, f);
	close_scan(t);
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
	for (size_t i = 0; rc == 0 && i < r->noperands; i++) {
		if (r->progress != NULL)
			r->progress(r->progress_ctx, r->operands[i]);
		rc = collect_file(&t, r->operands[i], f);
	}
	for (size_t i = 0; i < t.nscopes; i++)
		free(t.scopes[i]);
	free(t.scopes);
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
