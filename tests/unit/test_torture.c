/*
 * Every allocation fails once, and memory ends for good at every point: the
 * store then holds a run whole or not at all, nothing is reported that is not
 * so, and nothing crashes or leaks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/torture.h"
#include "report/judge/check.h"
#include "collector/kit/collector.h"
#include "base/length.h"
#include "base/file.h"
#include "report/judge/judge.h"
#include "report/model/model_load.h"
#include "report/format/oscal.h"
#include "report/package/redact.h"
#include "report/page/render.h"
#include "report/sign/sign.h"
#include "store/store.h"

#define STORE_MAX (64UL * 1024 * 1024)
#define XML_MAX (64UL * 1024 * 1024)
#define BEFORE "fixtures/node/al2023-off"
#define AFTER "fixtures/node/al2023-fips"
#define NOW "2026-03-01T00:00:00Z"

struct fixture {
	struct crypto *crypto;
	char folder[64], path[128];
	struct buf prepared; /* a store: what each attempt starts from */
	struct store *st;
	long long ended, changes, judged, leaves;
	long long ended_whole, changes_whole;
	struct log_head whole; /* after the work, when nothing fails */
	json_t *reference;     /* what a run finds then */
	struct fault f;
};

static const char *const libxml_crashes[] = { "xml", "xslt", NULL };

#define OK(x, call)                                                            \
	do {                                                                   \
		if ((call) == -1)                                              \
			fail_msg("%s: %s", #call, (x)->f.text);                \
	} while (0)

static int
setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	strcpy(x->folder, "/tmp/exhibit-torture-XXXXXX");
	assert_non_null(mkdtemp(x->folder));
	(void)snprintf(x->path, sizeof(x->path), "%s/s.db", x->folder);
	x->prepared.max = STORE_MAX;
	x->crypto = crypto_new(false, &x->f);
	assert_non_null(x->crypto);
	*state = x;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *x = *state;
	char cmd[128];

	store_close(x->st);
	crypto_free(x->crypto);
	json_decref(x->reference);
	buf_free(&x->prepared);
	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s", x->folder);
	assert_int_equal(system(cmd), 0);
	free(x);
	return 0;
}

/* Say which attempt it was before the reason. */
#define HOLDS(a, condition)                                                    \
	do {                                                                   \
		if (!(condition))                                              \
			fail_msg("allocation %ld failed%s: not so: %s (%s)",   \
			    (a)->n, (a)->for_good ? " and all after it" : "",  \
			    #condition, (a)->f.text);                          \
	} while (0)

static void
says_why(const struct torture_attempt *a)
{
	HOLDS(a, a->rc == 0 || a->f.text[0] != '\0');
	HOLDS(a, a->rc == 0 || a->f.kind != FAULT_NONE);
	HOLDS(a, a->fired || a->rc == 0);
}

static void
remove_store(struct fixture *x)
{
	static const char *const parts[] = { "", "-wal", "-shm", "-journal" };
	char path[160];

	for (size_t i = 0; i < LENGTH(parts); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", x->path, parts[i]);
		(void)unlink(path);
	}
}

static void
open_store(struct fixture *x)
{
	x->st = store_open(x->path, STORE_WRITE, kinds, x->crypto, &x->f);
	if (x->st == NULL)
		fail_msg("%s", x->f.text);
}

static void
close_store(struct fixture *x)
{
	store_close(x->st);
	x->st = NULL;
}

static long long
number(struct fixture *x, const char *sql)
{
	sqlite3_stmt *q;
	long long n;

	if (store_prepare(x->st, sql, &q, &x->f) == -1)
		fail_msg("%s: %s", sql, x->f.text);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	return n;
}

static void
note_problem(void *ctx, const char *where, const char *what)
{
	char *all = ctx;
	size_t len = strlen(all);

	(void)snprintf(all + len, 4096 - len, "%s: %s\n", where, what);
}

static void
store_is_sound(struct fixture *x, const struct torture_attempt *a)
{
	char all[4096] = "";
	struct verify_counts n;
	const struct verifier v = { note_problem, NULL, all, NULL };

	OK(x, store_verify(x->st, &v, &n, &x->f));
	if (all[0] != '\0')
		fail_msg("allocation %ld failed%s (%s): %s", a->n,
		    a->for_good ? " and all after it" : "", a->f.text, all);
}

/* Keep the store as it is: what every attempt starts from. */
static void
keep_prepared(struct fixture *x)
{
	close_store(x);
	buf_reset(&x->prepared);
	OK(x, file_read(x->path, &x->prepared, &x->f));
}

static void
from_prepared(void *ctx)
{
	struct fixture *x = ctx;
	FILE *to;

	close_store(x);
	remove_store(x);
	to = fopen(x->path, "we");
	assert_non_null(to);
	assert_int_equal(
	    fwrite(x->prepared.p, 1, x->prepared.len, to), x->prepared.len);
	assert_int_equal(fclose(to), 0);
}

/* ------------------------------------------------------------- a new store */

static int
make_store(void *ctx, struct fault *f)
{
	struct fixture *x = ctx;

	return store_create(x->path, "torture", NOW, x->crypto, f);
}

static void
no_store(void *ctx)
{
	remove_store(ctx);
}

static void
store_is_whole_or_absent(void *ctx, const struct torture_attempt *a)
{
	struct fixture *x = ctx;

	says_why(a);
	if (a->rc == -1) {
		HOLDS(a, access(x->path, F_OK) == -1);
		return;
	}
	open_store(x);
	store_is_sound(x, a);
	close_store(x);
}

static void
a_store_is_made_whole_or_not_at_all(void **state)
{
	const struct torture t = { .name = "create",
		.dense = 100,
		.ctx = *state,
		.before = no_store,
		.work = make_store,
		.after = store_is_whole_or_absent };

	torture(&t);
}

/* ------------------------------------------------------------------- a run */

/* As cli_run() does it. */
static int
collect(struct fixture *x, const char *root, struct fault *f)
{
	const struct request_option given[] = { { "root", root },
		{ "name", "node-1" }, { "no-imds", "1" },
		{ "no-commands", "1" } };
	const struct request q = { .crypto = x->crypto,
		.now = NOW,
		.options = given,
		.noptions = LENGTH(given) };
	const struct run_begin b = { NOW, "torture", "tester", "0", "{}",
		false };
	struct run *r = run_new(x->st, &b, f);
	struct run_result result;
	struct fault ignored;
	struct sink sink;
	int rc;

	if (r == NULL)
		return -1;
	sink = run_sink(r);
	rc = collector_find("node")->collect(&q, &sink, f);
	if (rc == 0)
		rc = run_end(r, NOW, &result, f);
	else
		may_fail(run_fail(r, NOW, f->text, &ignored));
	run_free(r);
	return rc;
}

static int
open_and_collect(void *ctx, struct fault *f)
{
	struct fixture *x = ctx;

	x->st = store_open(x->path, STORE_WRITE, kinds, x->crypto, f);
	return x->st == NULL ? -1 : collect(x, AFTER, f);
}

/* {"kind key": observation}: what the newest run left. */
static json_t *
state_of(struct fixture *x)
{
	json_t *all = json_object();
	sqlite3_stmt *q;

	assert_int_equal(
	    sqlite3_prepare_v2(store_db(x->st),
		"SELECT s.kind || ' ' || s.key, c.body FROM state s JOIN "
		"content c ON c.id = s.content WHERE s.run = (SELECT max(run) "
		"FROM ended)",
		-1, &q, NULL),
	    SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW) {
		const char *body = (const char *)sqlite3_column_text(q, 1);
		json_t *v = json_read(body, strlen(body), "body", &x->f);

		assert_non_null(v);
		assert_int_equal(
		    json_object_set_new(
			all, (const char *)sqlite3_column_text(q, 0), v),
		    0);
	}
	(void)sqlite3_finalize(q);
	return all;
}

/* The same, or it says less: an outcome that is no observation, or null where
 * something was known. */
static bool
says_no_more(json_t *known, json_t *said)
{
	json_t *was = json_object_get(known, "attributes"), *value;
	const char *name;

	if (json_equal(known, said) ||
	    json_string_length(json_object_get(said, "reason")) > 0)
		return true;
	json_object_foreach (json_object_get(said, "attributes"), name, value) {
		/* columns like config_outcome say so themselves */
		bool refused = strstr(name, "_outcome") != NULL &&
			       json_is_string(value) &&
			       strcmp(json_string_value(value), "error") == 0;

		if (!refused && !json_is_null(value) &&
		    !json_equal(value, json_object_get(was, name))) {
			print_message("# '%s' differs\n", name);
			return false;
		}
	}
	return true;
}

/*
 * What could not be read for want of memory is evidence too: refused, or not
 * known. Nothing else may differ from the run where nothing failed, and what
 * is missing has a gap that says why.
 */
static bool
only_knows_less(struct fixture *x)
{
	json_t *state = state_of(x), *said, *known;
	bool gap =
	    number(x, "SELECT count(*) FROM coverage WHERE run = 2 AND gaps "
		      "LIKE '%out of memory%'") > 0;
	bool good = true;
	const char *name;

	json_object_foreach (state, name, said) {
		known = json_object_get(x->reference, name);
		if (known == NULL ? !gap : !says_no_more(known, said))
			good = false;
	}
	json_object_foreach (x->reference, name, known)
		if (json_object_get(state, name) == NULL && !gap)
			good = false;
	json_decref(state);
	return good;
}

static void
run_is_whole_or_absent(void *ctx, const struct torture_attempt *a)
{
	struct fixture *x = ctx;
	struct log_head head;
	long long ended;

	says_why(a);
	close_store(x);
	open_store(x);
	ended = number(x, "SELECT count(*) FROM ended WHERE state <> 'failed'");
	store_is_sound(x, a);
	OK(x, log_head(x->st, &head, &x->f));
	if (ended == x->ended)
		HOLDS(a,
		    a->rc == -1 &&
			number(x, "SELECT count(*) FROM change") == x->changes);
	else
		HOLDS(a, ended == x->ended + 1);
	if (!a->fired) {
		x->whole = head;
		json_decref(x->reference);
		x->reference = state_of(x);
		x->changes_whole = number(x, "SELECT count(*) FROM change");
	} else if (ended > x->ended) {
		HOLDS(a, a->rc == 0);
		HOLDS(a, memcmp(head.root, x->whole.root, SHA256_LEN) == 0 ||
			     only_knows_less(x));
	}
	/* a later run makes good what failed */
	if (a->rc == -1 && a->n % 8 == 0) {
		OK(x, collect(x, AFTER, &x->f));
		HOLDS(a, number(x, "SELECT count(*) FROM change") ==
			     x->changes_whole);
		store_is_sound(x, a);
	}
	close_store(x);
}

static void
prepare_one_run(struct fixture *x)
{
	OK(x, make_store(x, &x->f));
	open_store(x);
	OK(x, collect(x, BEFORE, &x->f));
	x->ended = 1;
	x->changes = number(x, "SELECT count(*) FROM change");
	keep_prepared(x);
}

static void
a_run_is_kept_whole_or_not_at_all(void **state)
{
	const struct torture t = { .name = "run",
		.dense = 25,
		.ctx = *state,
		.before = from_prepared,
		.work = open_and_collect,
		.after = run_is_whole_or_absent };

	prepare_one_run(*state);
	torture(&t);
}

/* What other collectors say, without a store. */
struct telling {
	struct fixture *x;
	const char *collector;
	char operand[64];
	/* {"kind scope key": observation, "scope": coverage} */
	json_t *said, *whole;
};

/* Kept as text: jansson loses a byte where its lexer cannot grow, and what is
 * asked is what the collector said, not what is read of it. */
static int
keep_text(struct telling *t, const char *name, const char *p, size_t len,
    struct fault *f)
{
	json_t *v = json_stringn(p, len);

	return v == NULL || json_object_set_new(t->said, name, v) == -1
		   ? fault_memory(f)
		   : 0;
}

static int
hear(void *ctx, const struct observation *o, struct fault *f)
{
	char name[1024];

	(void)snprintf(
	    name, sizeof(name), "%s %s %s", o->kind, o->scope, o->key);
	return keep_text(ctx, name, o->body, o->body_len, f);
}

static int
hear_coverage(void *ctx, const struct coverage *c, struct fault *f)
{
	return keep_text(ctx, c->scope, c->body, c->body_len, f);
}

static void
silence(void *ctx)
{
	struct telling *t = ctx;

	json_decref(t->said);
	t->said = json_object();
}

static int
tell(void *ctx, struct fault *f)
{
	struct telling *t = ctx;
	char *const operands[] = { t->operand };
	const struct request q = { .crypto = t->x->crypto,
		.now = NOW,
		.operands = operands,
		.noperands = 1 };
	const struct sink sink = { hear, hear_coverage, t };

	return collector_find(t->collector)->collect(&q, &sink, f);
}

/* Does it say of itself that something could not be had? */
static bool
admits(json_t *known, json_t *said)
{
	json_t *unread =
	    json_object_get(json_object_get(said, "attributes"), "unread");

	if (json_object_get(said, "gaps") != NULL) /* coverage */
		return !json_equal(known, said);
	return unread != NULL &&
	       !json_equal(
		   unread, json_object_get(
			       json_object_get(known, "attributes"), "unread"));
}

static void
told_no_more(void *ctx, const struct torture_attempt *a)
{
	struct telling *t = ctx;
	bool admitted = a->rc == -1;
	json_t *read = json_object();
	const char *name;
	json_t *said, *known;

	says_why(a);
	json_object_foreach (t->said, name, said) {
		known = json_read(json_string_value(said),
		    json_string_length(said), name, &t->x->f);
		assert_non_null(known);
		assert_int_equal(json_object_set_new(read, name, known), 0);
	}
	json_decref(t->said);
	t->said = read;
	if (!a->fired) {
		json_decref(t->whole);
		t->whole = json_incref(t->said);
	}
	json_object_foreach (t->said, name, said)
		if (admits(json_object_get(t->whole, name), said))
			admitted = true;
	json_object_foreach (t->said, name, said) {
		known = json_object_get(t->whole, name);
		HOLDS(a,
		    admitted || (known != NULL && says_no_more(known, said)));
	}
	json_object_foreach (t->whole, name, known)
		HOLDS(a, admitted || json_object_get(t->said, name) != NULL);
}

static void
telling(void **state, const char *collector, const char *operand,
    const char *const *may_crash)
{
	struct telling x = { .x = *state, .collector = collector };
	const struct torture t = { .name = collector,
		.dense = 150,
		.may_crash = may_crash,
		.ctx = &x,
		.before = silence,
		.work = tell,
		.after = told_no_more };

	(void)snprintf(x.operand, sizeof(x.operand), "%s", operand);
	torture(&t);
	json_decref(x.said);
	json_decref(x.whole);
}

static void
a_scan_is_told_as_it_is_or_refused(void **state)
{
	telling(state, "scap", "fixtures/scap/arf.xml", libxml_crashes);
}

static void
an_image_is_told_as_it_is_or_refused(void **state)
{
	telling(state, "image", "root:" AFTER, NULL);
}

/* ----------------------------------------------------------------- judging */

static int
judge_as_of(
    struct fixture *x, const char *as_of, long long *judgement, struct fault *f)
{
	const struct judge_request q = { .made = NOW,
		.as_of = as_of,
		.run = 1,
		.profile = "all",
		.max_age = JUDGE_MAX_AGE };
	struct checks checks;
	int rc;

	if (checks_load(&checks, NULL, NULL, x->crypto, f) == -1)
		return -1;
	rc = judge(x->st, &checks, &q, judgement, f);
	checks_free(&checks);
	return rc;
}

/* By then the evidence is too old to rest on: no verdict may pass. */
static int
judge_late(struct fixture *x, long long *judgement, struct fault *f)
{
	return judge_as_of(x, "2026-04-01T00:00:00Z", judgement, f);
}

static int
judge_work(void *ctx, struct fault *f)
{
	long long judgement;

	return judge_late(ctx, &judgement, f);
}

static void
open_prepared(void *ctx)
{
	from_prepared(ctx);
	open_store(ctx);
}

static void
judgement_is_whole_or_absent(void *ctx, const struct torture_attempt *a)
{
	struct fixture *x = ctx, other = *x;
	struct log_head head;
	long long n;

	says_why(a);
	/* as anyone else sees it: with no memory left not even a ROLLBACK
	 * works, until the next transaction or the end */
	other.st = store_reader(x->st, &x->f);
	assert_non_null(other.st);
	n = number(&other, "SELECT count(*) FROM judgement");
	HOLDS(a, n == (a->rc == 0 ? 1 : 0));
	if (n == 0)
		HOLDS(a, number(&other, "SELECT count(*) FROM opinion") == 0);
	store_is_sound(&other, a);
	store_close(other.st);
	/* on the same connection, with memory back */
	if (a->rc == -1 && judge_late(x, &n, &x->f) == -1)
		fail_msg("after allocation %ld failed%s: %s", a->n,
		    a->for_good ? " and all after it" : "", x->f.text);
	OK(x, log_head(x->st, &head, &x->f));
	if (!a->fired)
		x->whole = head;
	HOLDS(a, memcmp(head.root, x->whole.root, SHA256_LEN) == 0);
	close_store(x);
}

static void
verdicts_are_kept_whole_or_not_at_all(void **state)
{
	const struct torture t = { .name = "judge",
		.dense = 25,
		.ctx = *state,
		.before = open_prepared,
		.work = judge_work,
		.after = judgement_is_whole_or_absent };

	prepare_one_run(*state);
	torture(&t);
}

/* --------------------------------------------------------------- reporting */

struct reporting {
	struct fixture x;
	struct model *m; /* that is redacted */
	struct checks checks;
	struct buf xml, html;		  /* of this attempt */
	struct buf xml_whole, html_whole; /* of the one where nothing fails */
};

static struct model *
load(struct reporting *r, struct fault *f)
{
	const struct model_request q = { .checks = &r->checks,
		.judgement = 1,
		.title = "Torture",
		.organization = "Example",
		.basename = "report",
		.exhibit = "exhibit 0" };

	return model_load(r->x.st, r->x.crypto, &q, f);
}

static int
report_work(void *ctx, struct fault *f)
{
	struct reporting *r = ctx;
	struct model *m = load(r, f);
	int rc;

	if (m == NULL)
		return -1;
	rc = oscal_write(m, r->x.crypto, &r->xml, f);
	model_free(m);
	return rc;
}

static int
redact_work(void *ctx, struct fault *f)
{
	static const uint8_t key[REDACT_KEY_LEN] = "torture";
	struct reporting *r = ctx;
	struct redactor *redactor = redactor_new(r->x.crypto, key, "all", f);
	int rc;

	if (redactor == NULL)
		return -1;
	rc = redact_model(redactor, r->x.crypto, r->m, "all", f);
	redactor_free(redactor);
	return rc;
}

static int
render_work(void *ctx, struct fault *f)
{
	struct reporting *r = ctx;

	return render_html(
	    r->xml_whole.p, r->xml_whole.len, NULL, r->x.crypto, &r->html, f);
}

static void
no_output(void *ctx)
{
	struct reporting *r = ctx;

	buf_free(&r->xml);
	buf_free(&r->html);
	r->xml.failed = r->html.failed = FAULT_NONE;
}

static void
is_same_or_refused(
    struct buf *whole, const struct buf *b, const struct torture_attempt *a)
{
	says_why(a);
	HOLDS(a, a->rc == 0 || b->len == 0);
	if (whole->len == 0) {
		buf_put(whole, b->p, b->len);
		assert_int_equal(whole->failed, FAULT_NONE);
	}
	HOLDS(a, a->rc == -1 || b->len == whole->len);
	HOLDS(a, a->rc == -1 || memcmp(b->p, whole->p, b->len) == 0);
}

static void
xml_is_same_or_refused(void *ctx, const struct torture_attempt *a)
{
	struct reporting *r = ctx;

	is_same_or_refused(&r->xml_whole, &r->xml, a);
}

static void
to_redact(void *ctx)
{
	struct reporting *r = ctx;

	no_output(r);
	r->m = load(r, &r->x.f);
	assert_non_null(r->m);
}

/* A name is never left in for want of memory. */
static void
is_redacted_or_refused(void *ctx, const struct torture_attempt *a)
{
	struct reporting *r = ctx;

	if (a->rc == 0)
		OK(&r->x, oscal_write(r->m, r->x.crypto, &r->xml, &r->x.f));
	is_same_or_refused(&r->xml_whole, &r->xml, a);
	if (a->rc == 0)
		HOLDS(a, memmem(r->xml.p, r->xml.len, "node-1", 6) == NULL);
	model_free(r->m);
}

static void
html_is_same_or_refused(void *ctx, const struct torture_attempt *a)
{
	struct reporting *r = ctx;

	is_same_or_refused(&r->html_whole, &r->html, a);
}

static void
a_report_is_complete_or_refused(void **state)
{
	struct fixture *x = *state;
	struct reporting r = { 0 };
	struct torture t = { .name = "report",
		.dense = 60,
		.ctx = &r,
		.before = no_output,
		.work = report_work,
		.after = xml_is_same_or_refused };
	long long n;

	r.xml.max = r.html.max = XML_MAX;
	r.xml_whole.max = r.html_whole.max = XML_MAX;
	prepare_one_run(x);
	open_store(x);
	OK(x, judge_as_of(x, NOW, &n, &x->f));
	OK(x, checks_load(&r.checks, NULL, NULL, x->crypto, &x->f));
	r.x = *x;
	torture(&t);
	buf_free(&r.xml_whole);
	t.name = "redact";
	t.dense = 12;
	t.before = to_redact;
	t.work = redact_work;
	t.after = is_redacted_or_refused;
	torture(&t);
	buf_free(&r.xml_whole);
	no_output(&r);
	t.before = no_output;
	OK(x, report_work(&r, &x->f));
	buf_put(&r.xml_whole, r.xml.p, r.xml.len);
	t.name = "render";
	t.dense = 20;
	t.may_crash = libxml_crashes;
	t.work = render_work;
	t.after = html_is_same_or_refused;
	torture(&t);
	checks_free(&r.checks);
	no_output(&r);
	buf_free(&r.xml_whole);
	buf_free(&r.html_whole);
}

/* ----------------------------------------------------------------- signing */

/* OpenSSL 3.0 frees a loader twice when it cannot open the next one. */
static const char *const openssl_crashes[] = { "OSSL_STORE_", NULL };

static const char signed_text[] = "report\n";

struct signing {
	struct crypto *crypto;
	struct buf key, cert, cms; /* of this attempt */
	struct buf good_cms, good_cert;
	char key_path[128], cert_path[128];
};

static int
generate_work(void *ctx, struct fault *f)
{
	struct signing *s = ctx;

	return signer_generate(
	    s->crypto, "torture", 1767225600, 30, NULL, &s->key, &s->cert, f);
}

static int
sign_work(void *ctx, struct fault *f)
{
	struct signing *s = ctx;
	struct signer *who =
	    signer_load(s->crypto, s->key_path, s->cert_path, NULL, f);
	int rc;

	if (who == NULL)
		return -1;
	rc = sign_detached(
	    who, signed_text, sizeof(signed_text) - 1, 1767225700, &s->cms, f);
	signer_free(who);
	return rc;
}

static int
verify_work(void *ctx, struct fault *f)
{
	struct signing *s = ctx;
	struct signature_info info;

	return signature_verify(s->crypto, signed_text, sizeof(signed_text) - 1,
	    s->good_cms.p, s->good_cms.len, s->good_cert.p, s->good_cert.len, 0,
	    &info, f);
}

/* The same signature over other bytes. */
static int
forgery_work(void *ctx, struct fault *f)
{
	struct signing *s = ctx;
	struct signature_info info;

	return signature_verify(s->crypto, "Report\n", sizeof(signed_text) - 1,
	    s->good_cms.p, s->good_cms.len, s->good_cert.p, s->good_cert.len, 0,
	    &info, f);
}

static void
nothing_signed(void *ctx)
{
	struct signing *s = ctx;
	struct fault f;

	/* a library context whose memory has ended once is not to be trusted:
	 * OpenSSL 3.0 counts the references of its loaders wrong then */
	crypto_free(s->crypto);
	s->crypto = crypto_new(false, &f);
	assert_non_null(s->crypto);
	buf_free(&s->key);
	buf_free(&s->cert);
	buf_free(&s->cms);
	s->key.failed = s->cert.failed = s->cms.failed = FAULT_NONE;
}

static void
key_is_whole_or_absent(void *ctx, const struct torture_attempt *a)
{
	struct signing *s = ctx;

	says_why(a);
	HOLDS(a, (s->key.len > 0) == (a->rc == 0));
	HOLDS(a, (s->cert.len > 0) == (a->rc == 0));
}

static void
signature_is_good_or_absent(void *ctx, const struct torture_attempt *a)
{
	struct signing *s = ctx;
	struct signature_info info;
	struct fault f = { 0 };

	says_why(a);
	HOLDS(a, (s->cms.len > 0) == (a->rc == 0));
	if (a->rc == 0 &&
	    signature_verify(s->crypto, signed_text, sizeof(signed_text) - 1,
		s->cms.p, s->cms.len, s->good_cert.p, s->good_cert.len, 0,
		&info, &f) == -1)
		fail_msg(
		    "allocation %ld failed: signature made: %s", a->n, f.text);
}

static void
only_why(void *ctx, const struct torture_attempt *a)
{
	(void)ctx;
	says_why(a);
}

static void
forgery_is_refused(void *ctx, const struct torture_attempt *a)
{
	(void)ctx;
	HOLDS(a, a->rc == -1);
	HOLDS(a, a->f.text[0] != '\0');
}

static void
keep_key(struct fixture *x, struct signing *s)
{
	(void)snprintf(
	    s->key_path, sizeof(s->key_path), "%s/key.pem", x->folder);
	(void)snprintf(
	    s->cert_path, sizeof(s->cert_path), "%s/cert.pem", x->folder);
	OK(x, generate_work(s, &x->f));
	OK(x, file_write(s->key_path, s->key.p, s->key.len, 0600, &x->f));
	OK(x, file_write(s->cert_path, s->cert.p, s->cert.len, 0644, &x->f));
	buf_put(&s->good_cert, s->cert.p, s->cert.len);
	OK(x, sign_work(s, &x->f));
	buf_put(&s->good_cms, s->cms.p, s->cms.len);
}

static void
a_signature_is_never_good_for_want_of_memory(void **state)
{
	struct fixture *x = *state;
	struct signing s = { .crypto = NULL };
	struct torture t = {
		.dense = 100, .ctx = &s, .before = nothing_signed
	};

	s.key.max = s.cert.max = SIGNER_FILE_MAX;
	s.cms.max = SIGNATURE_MAX;
	s.good_cms.max = s.good_cert.max = SIGNATURE_MAX;
	nothing_signed(&s);
	keep_key(x, &s);
	t.name = "generate";
	t.work = generate_work;
	t.after = key_is_whole_or_absent;
	torture(&t);
	t.name = "sign";
	t.dense = 20;
	t.may_crash = openssl_crashes;
	t.work = sign_work;
	t.after = signature_is_good_or_absent;
	torture(&t);
	t.name = "verify";
	t.dense = 60;
	t.may_crash = NULL;
	t.work = verify_work;
	t.after = only_why;
	torture(&t);
	t.name = "forgery";
	t.work = forgery_work;
	t.after = forgery_is_refused;
	torture(&t);
	nothing_signed(&s);
	crypto_free(s.crypto);
	buf_free(&s.good_cms);
	buf_free(&s.good_cert);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_store_is_made_whole_or_not_at_all, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_run_is_kept_whole_or_not_at_all, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_scan_is_told_as_it_is_or_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    an_image_is_told_as_it_is_or_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    verdicts_are_kept_whole_or_not_at_all, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_report_is_complete_or_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_signature_is_never_good_for_want_of_memory, setup,
		    teardown),
	};

	torture_libraries();
	if (getenv("EXHIBIT_TORTURE_TEST") != NULL)
		cmocka_set_test_filter(getenv("EXHIBIT_TORTURE_TEST"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
