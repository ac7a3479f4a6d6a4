/*
 * Packing, verifying, countersigning and bundling, called as a program would
 * call them: without a command line, a clock or an environment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "report/package/bundle_import.h"
#include "report/package/checkpoint.h"
#include "report/package/countersign.h"
#include "report/package/packing.h"
#include "report/package/verifying.h"

#include "tests/fixtures/verdicts_print.h"

#define NOW "2026-01-02T00:00:00Z"
#define TOLD_MAX 65536

struct fixture {
	struct crypto *crypto;
	char folder[64], path[128], key[128], cert[128], package[128];
	struct store *st;
	struct signer *signer;
	struct sealing seal;
	struct checks checks;
	long long judgement;
	struct buf anchors;
	struct buf told; /* "MARK where: what" a line */
	struct verify_request request;
	struct fault f;
};

#define OK(x, call)                                                            \
	do {                                                                   \
		if ((call) == -1)                                              \
			fail_msg("%s: %s", #call, (x)->f.text);                \
	} while (0)

/*
 * A preparer who changed his program: what judging gives is not what is kept.
 * Linked with --wrap=judgement_put, so that everything else, and the build's
 * name, is the genuine one; but for the one that says it is another's.
 */
enum evil { HONEST, FLIPS, DROPS, ADDS, REWORDS, FLIPS_AS_OTHER };
static enum evil evil;

int __real_judgement_put(struct judgement *j, const char *check_id,
    int64_t subject, const char *verdict, const char *reason, struct fault *f);
int __wrap_judgement_put(struct judgement *j, const char *check_id,
    int64_t subject, const char *verdict, const char *reason, struct fault *f);

int
__wrap_judgement_put(struct judgement *j, const char *check_id, int64_t subject,
    const char *verdict, const char *reason, struct fault *f)
{
	bool on = strcmp(check_id, "node-fips-on") == 0;

	if (on && evil == DROPS)
		return 0;
	if (on && evil == ADDS &&
	    __real_judgement_put(j, "node-never-run", subject, "satisfied",
		"all is well", f) == -1)
		return -1;
	return __real_judgement_put(j, check_id, subject,
	    on && (evil == FLIPS || evil == FLIPS_AS_OTHER) ? "not-applicable"
							    : verdict,
	    on && evil == REWORDS ? "all is well" : reason, f);
}

struct judgement *__real_judgement_new(
    struct store *st, const struct judgement_begin *b, struct fault *f);
struct judgement *__wrap_judgement_new(
    struct store *st, const struct judgement_begin *b, struct fault *f);

struct judgement *
__wrap_judgement_new(
    struct store *st, const struct judgement_begin *b, struct fault *f)
{
	struct judgement_begin own = *b;

	if (evil == FLIPS_AS_OTHER)
		own.exhibit = "0.0.9+0123456789ab";
	return __real_judgement_new(st, &own, f);
}

static void
at_now(void *ctx, char now[UTC_LEN])
{
	(void)ctx;
	memcpy(now, NOW, UTC_LEN);
}

static void
unstamped(void *ctx, const char *what, const char *why)
{
	(void)ctx;
	fail_msg("%s: %s", what, why);
}

static void
make_key(struct fixture *x)
{
	BUF_AUTO(key, SIGNER_FILE_MAX);
	BUF_AUTO(cert, SIGNER_FILE_MAX);
	int64_t from = 0;

	(void)utc_parse("2026-01-01T00:00:00Z", &from);
	OK(x, signer_generate(
		  x->crypto, "tester", from, 30, NULL, &key, &cert, &x->f));
	OK(x, file_write(x->key, key.p, key.len, 0600, &x->f));
	OK(x, file_write(x->cert, cert.p, cert.len, 0644, &x->f));
	x->anchors.max = ANCHORS_MAX;
	buf_put(&x->anchors, cert.p, cert.len);
	x->signer = signer_load(x->crypto, x->key, x->cert, NULL, &x->f);
	assert_non_null(x->signer);
}

static void
collect(struct fixture *x)
{
	struct snapshot snapshot = { 0 };
	BUF_AUTO(lines, FIXTURE_MAX);

	OK(x, fixture_snapshot(
		  &snapshot, "fixtures/node", "al2023-fips", x->crypto, &x->f));
	OK(x, fixture_interpret(&snapshot, &lines, &x->f));
	snapshot_free(&snapshot);
	OK(x, fixture_fill_run(x->st, &lines, &x->f));
}

/* A few checks are enough, and a tenth of the time. */
static void
judge_some(struct fixture *x)
{
	const struct judge_request q = { NOW, NOW, 1, "all", JUDGE_MAX_AGE,
		NULL };
	struct checks all;
	size_t n = 0;

	OK(x, checks_load(&all, NULL, NULL, x->crypto, &x->f));
	for (size_t i = 0; i < all.n; i++)
		if (strcmp(all.list[i].id, "node-fips-on") == 0 ||
		    strcmp(all.list[i].id, "node-fips-requested") == 0)
			all.list[n++] = all.list[i];
	assert_int_equal(n, 2);
	all.n = n;
	OK(x, judge(x->st, &all, &q, &x->judgement, &x->f));
	checks_free(&all);
	OK(x, checks_load_judged(
		  &x->checks, x->st, x->judgement, x->crypto, &x->f));
}

static int
set_up_with(void **state, enum evil how)
{
	struct fixture *x = calloc(1, sizeof(*x));

	evil = how;

	strcpy(x->folder, "/tmp/exhibit-package-XXXXXX");
	assert_non_null(mkdtemp(x->folder));
	(void)snprintf(x->path, sizeof(x->path), "%s/s.db", x->folder);
	(void)snprintf(x->key, sizeof(x->key), "%s/key.pem", x->folder);
	(void)snprintf(x->cert, sizeof(x->cert), "%s/cert.pem", x->folder);
	(void)snprintf(x->package, sizeof(x->package), "%s/p.asice", x->folder);
	x->crypto = crypto_new(false, &x->f);
	assert_non_null(x->crypto);
	make_key(x);
	x->seal = (struct sealing){ .crypto = x->crypto,
		.signer = x->signer,
		.clock = at_now,
		.unstamped = unstamped };
	OK(x, store_create(
		  x->path, "test", "2026-01-01T00:00:00Z", x->crypto, &x->f));
	x->st = store_open(x->path, STORE_WRITE, kinds, x->crypto, &x->f);
	if (x->st == NULL)
		fail_msg("%s", x->f.text);
	collect(x);
	judge_some(x);
	x->told.max = TOLD_MAX;
	x->request = (struct verify_request){ .crypto = x->crypto,
		.kinds = kinds,
		.anchors = { x->anchors.p, x->anchors.len },
		.tmp = x->folder };
	(void)utc_parse(NOW, &x->request.now);
	*state = x;
	return 0;
}

static int
set_up(void **state)
{
	return set_up_with(state, HONEST);
}

static int
set_up_flips(void **state)
{
	return set_up_with(state, FLIPS);
}

static int
set_up_drops(void **state)
{
	return set_up_with(state, DROPS);
}

static int
set_up_adds(void **state)
{
	return set_up_with(state, ADDS);
}

static int
set_up_rewords(void **state)
{
	return set_up_with(state, REWORDS);
}

static int
set_up_other(void **state)
{
	return set_up_with(state, FLIPS_AS_OTHER);
}

static int
tear_down(void **state)
{
	struct fixture *x = *state;
	char cmd[128];

	checks_free(&x->checks);
	store_close(x->st);
	signer_free(x->signer);
	crypto_free(x->crypto);
	buf_free(&x->anchors);
	buf_free(&x->told);
	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s", x->folder);
	assert_int_equal(system(cmd), 0);
	free(x);
	return 0;
}

/* ----------------------------------------------------------------- helpers */

static void
tell(void *ctx, enum verify_mark mark, const char *where, const char *what)
{
	static const char *const marks[] = { "FILE", "HOLDS", "WRONG", "OPEN",
		"NOTE" };
	struct fixture *x = ctx;

	buf_printf(&x->told, "%s %s: %s\n", marks[mark], where, what);
}

static void
tell_signature(void *ctx, const struct signature_info *i)
{
	struct fixture *x = ctx;

	buf_printf(&x->told, "SIGNED %s%s\n", i->subject,
	    i->trusted ? " trusted" : "");
}

static void
make_package(struct fixture *x)
{
	const struct packing_request q = { .path = x->package,
		.report = { .formats = REPORT_FORMATS,
		    .title = "test",
		    .made = NOW,
		    .tmp = x->folder },
		.judgement = x->judgement,
		.sample = 1,
		.seed = "seed" };
	struct packing_made made;

	OK(x, package_make(&q, x->st, &x->checks, &x->seal, &made, &x->f));
	assert_int_equal(made.about.judgement, x->judgement);
	assert_true(made.files > 20);
	assert_true(made.counts[VERDICT_SATISFIED] > 0);
}

/* How many things are wrong with it. */
static long long
verify(struct fixture *x)
{
	struct verifying v = { .q = &x->request,
		.to = { tell, tell_signature, NULL, x } };

	buf_reset(&x->told);
	OK(x, verify_package(&v, x->package, &x->f));
	OK(x, buf_done(&x->told, "told", &x->f));
	return v.problems;
}

static void
says(const struct fixture *x, const char *text)
{
	if (x->told.p == NULL || strstr(x->told.p, text) == NULL)
		fail_msg("lacks '%s':\n%s", text, x->told.p);
}

/* -------------------------------------------------------------- the tests */

static void
a_package_that_was_made_verifies(void **state)
{
	struct fixture *x = *state;

	make_package(x);
	if (verify(x) != 0)
		fail_msg("%s", x->told.p);
	says(x, "SIGNED CN=tester (self-signed by exhibit) trusted");
	says(x, "HOLDS evidence.db: judgement 1: evaluated again from the "
		"evidence, 2 results and reasons are the same");
	says(x, "HOLDS csv/: ");
	says(x, "HOLDS report.xml: ");
	says(x, "HOLDS csv/sample.csv: ");
	/* that it was made is in the log of the living store */
	says(x, "HOLDS checkpoint.txt: ");
}

/* The store and the package of a program that does not keep what it found. */
static void
is_found_out(struct fixture *x, const char *text)
{
	struct verifying v = { .q = &x->request,
		.to = { tell, tell_signature, NULL, x } };

	evil = HONEST;
	OK(x, verify_store(&v, x->st, &x->f));
	assert_int_equal(v.problems, 1);
	says(x, text);
	make_package(x);
	assert_true(verify(x) > 0);
	says(x, text);
}

#define ON "WRONG check node-fips-on, node al2023-fips in host/al2023-fips: "

static void
a_flipped_verdict_is_named(void **state)
{
	is_found_out(*state, ON "the recorded result is 'not-applicable' (");
}

static void
a_dropped_verdict_is_named(void **state)
{
	is_found_out(*state, ON "no result is recorded; evidence and check "
				"give 'satisfied' (");
}

static void
a_verdict_of_a_check_that_never_ran_is_named(void **state)
{
	is_found_out(*state,
	    "WRONG check node-never-run, node al2023-fips in "
	    "host/al2023-fips: the recorded result 'satisfied' (all is well) "
	    "was added");
}

static void
another_reason_is_named(void **state)
{
	is_found_out(
	    *state, ON "the recorded result is 'satisfied' (all is well); ");
}

static void
an_old_state_judged_for_now_is_named(void **state)
{
	struct fixture *x = *state;
	/* as of a time at which run 2 had ended, run 1 is judged */
	const struct judge_request q = { "2026-01-03T00:00:00Z",
		"2026-01-03T00:00:00Z", 1, "all", JUDGE_MAX_AGE, NULL };
	struct verifying v = { .q = &x->request,
		.to = { tell, tell_signature, NULL, x } };
	const struct run_begin b = { "2026-01-02T12:00:00Z", "test", "test",
		"test", "{}", false };
	struct run *r = run_new(x->st, &b, &x->f);
	struct run_result result;
	long long id;

	assert_non_null(r);
	OK(x, run_end(r, "2026-01-02T13:00:00Z", &result, &x->f));
	run_free(r);
	OK(x, judge(x->st, &x->checks, &q, &id, &x->f));
	OK(x, verify_store(&v, x->st, &x->f));
	assert_int_equal(v.problems, 1);
	says(x, "judgement 2 evaluates run 1 as of 2026-01-03T00:00:00Z, "
		"though run 2 had ended by then");
}

/* Unpack it, let change() have its folder, and pack it again as it was. */
static void
change_file(struct fixture *x, const char *name, const char *text)
{
	char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];

	OK(x, folder_new(x->folder, "changed", folder, &x->f));
	OK(x, package_open(x->package, folder, &x->f));
	OK(x, folder_path(folder, name, path, &x->f));
	OK(x, file_write(path, text, strlen(text), 0644, &x->f));
	OK(x, package_pack(folder, x->package, &x->f));
	folder_remove(folder);
}

static void
a_changed_file_is_named(void **state)
{
	struct fixture *x = *state;

	make_package(x);
	change_file(x, "csv/verdicts.csv", "check,verdict\n");
	assert_true(verify(x) > 0);
	says(x, "WRONG csv/verdicts.csv: ");
}

static void
without_anchors_nobody_is_trusted(void **state)
{
	struct fixture *x = *state;
	struct verifying v = { .q = &x->request,
		.to = { tell, tell_signature, NULL, x } };

	make_package(x);
	x->request.anchors = (struct slice){ NULL, 0 };
	OK(x, verify_package(&v, x->package, &x->f));
	assert_int_equal(v.problems, 0);
	assert_true(v.untrusted);
}

static void
a_countersignature_is_added_in_a_role(void **state)
{
	struct fixture *x = *state;
	struct countersign_request q = { .path = x->package,
		.output = x->package,
		.role = "reviewer",
		.tmp = x->folder };

	make_package(x);
	assert_int_equal(package_countersign(&q, &x->seal, &x->f), 2);
	if (verify(x) != 0)
		fail_msg("%s", x->told.p);
	says(x, "signature002.p7s, reviewer: ");
	q.role = "friend";
	assert_int_equal(package_countersign(&q, &x->seal, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_USAGE);
}

static void
nobody_countersigns_a_package_that_is_not_whole(void **state)
{
	struct fixture *x = *state;
	const struct countersign_request q = { .path = x->package,
		.output = x->package,
		.role = "approver",
		.tmp = x->folder };

	make_package(x);
	change_file(x, "signer.pem", "another");
	assert_int_equal(package_countersign(&q, &x->seal, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_INTEGRITY);
}

static void
a_sample_is_not_drawn_by_names_that_are_replaced(void **state)
{
	struct fixture *x = *state;
	const uint8_t key[REDACT_KEY_LEN] = { 1 };
	struct packing_request q = { .path = x->package,
		.report = { .formats = REPORT_FORMATS,
		    .title = "test",
		    .tmp = x->folder },
		.judgement = x->judgement,
		.sample = 1,
		.seed = "seed",
		.redact_profile = "all" };
	struct packing_made made;

	q.redactor = redactor_new(x->crypto, key, "all", &x->f);
	assert_non_null(q.redactor);
	assert_int_equal(
	    package_make(&q, x->st, &x->checks, &x->seal, &made, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_USAGE);
	redactor_free(q.redactor);
	q.redactor = NULL;
	q.seed = "no seed";
	assert_int_equal(
	    package_make(&q, x->st, &x->checks, &x->seal, &made, &x->f), -1);
}

/* ----------------------------------------------------------------- bundles */

static void
make_bundle(struct fixture *x, const char *ended, struct buf *out)
{
	struct snapshot snapshot = { 0 };
	struct bundle b = { .id = "0123456789abcdef0123456789abcdef",
		.origin = "web-1",
		.began = "2026-01-01T12:00:00Z",
		.asked_by = "tester",
		.exhibit = "test",
		.plan = { "{}", 2 } };
	int64_t when = 0;
	BUF_AUTO(lines, FIXTURE_MAX);

	OK(x, fixture_snapshot(
		  &snapshot, "fixtures/node", "al2023-fips", x->crypto, &x->f));
	OK(x, fixture_interpret(&snapshot, &lines, &x->f));
	snapshot_free(&snapshot);
	memcpy(b.ended, ended, UTC_LEN);
	b.body = (struct slice){ lines.p, lines.len };
	(void)utc_parse(NOW, &when);
	OK(x, bundle_make(&b, x->signer, x->crypto, when, out, &x->f));
}

static void
a_bundle_is_kept_once(void **state)
{
	struct fixture *x = *state;
	struct bundle_rules rules = { .crypto = x->crypto,
		.allow = x->cert,
		.now = NOW,
		.max_hours = 24 };
	const struct run_filling how = { .begin = { .began = NOW,
					     .asked_by = "importer",
					     .exhibit = "test" },
		.clock = at_now };
	struct signature_info who;
	struct run_result r;
	struct bundle b;
	BUF_AUTO(text, BUNDLE_MAX);

	make_bundle(x, "2026-01-01T12:01:00Z", &text);
	OK(x, bundle_accept(&rules, &text, &b, &who, &x->f));
	assert_true(who.trusted);
	OK(x, bundle_keep(x->st, &b, &who, &how, x->crypto, &r, &x->f));
	assert_int_equal(r.run, 2);
	assert_int_equal(
	    bundle_keep(x->st, &b, &who, &how, x->crypto, &r, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_USAGE);
	bundle_free(&b);
}

static void
a_bundle_has_an_age_and_a_signer_who_may(void **state)
{
	struct fixture *x = *state;
	struct bundle_rules rules = { .crypto = x->crypto,
		.allow = x->cert,
		.now = "2026-01-03T12:02:00Z",
		.max_hours = 24 };
	struct signature_info who;
	struct bundle b;
	BUF_AUTO(text, BUNDLE_MAX);

	make_bundle(x, "2026-01-01T12:01:00Z", &text);
	assert_int_equal(bundle_accept(&rules, &text, &b, &who, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_FORMAT);
	rules.max_hours = 0;
	OK(x, bundle_accept(&rules, &text, &b, &who, &x->f));
	bundle_free(&b);
	rules.allow = x->folder; /* has no web-1.pem */
	assert_int_equal(bundle_accept(&rules, &text, &b, &who, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_DENIED);
}

static void
a_bundle_speaks_of_its_signers_scopes_alone(void **state)
{
	struct fixture *x = *state;
	const char *scopes[] = { "host/web-*" };
	struct policy_signer who = { .name = "tester",
		.pem = { x->anchors.p, x->anchors.len },
		.roles = POLICY_COLLECT,
		.scopes = scopes,
		.nscopes = 1 };
	const struct policy policy = { &who, 1, NULL };
	struct bundle_rules rules = { .crypto = x->crypto,
		.policy = &policy,
		.kinds = kinds,
		.now = NOW,
		.max_hours = 24 };
	struct signature_info info;
	struct signer_info own;
	struct bundle b;
	char path[160];
	BUF_AUTO(text, BUNDLE_MAX);

	OK(x, signer_describe(x->signer, &own, &x->f));
	memcpy(who.fingerprint, own.fingerprint, sizeof(who.fingerprint));
	make_bundle(x, "2026-01-01T12:01:00Z", &text); /* of al2023-fips */
	assert_int_equal(bundle_accept(&rules, &text, &b, &info, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_DENIED);
	scopes[0] = "host/al2023-*";
	OK(x, bundle_accept(&rules, &text, &b, &info, &x->f));
	bundle_free(&b);
	who.roles = POLICY_PREPARE;
	assert_int_equal(bundle_accept(&rules, &text, &b, &info, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_DENIED);

	/* a directory has one certificate an origin: of that host alone */
	rules.policy = NULL;
	rules.allow = x->folder;
	(void)snprintf(path, sizeof(path), "%s/web-1.pem", x->folder);
	OK(x, file_write(path, x->anchors.p, x->anchors.len, 0644, &x->f));
	assert_int_equal(bundle_accept(&rules, &text, &b, &info, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_DENIED);
}

static void
a_package_is_by_whom_the_policy_lists(void **state)
{
	struct fixture *x = *state;
	struct policy_signer who = { .name = "tester",
		.pem = { x->anchors.p, x->anchors.len },
		.subject = "CN=tester (self-signed by exhibit)",
		.roles = POLICY_PREPARE };
	const struct policy policy = { &who, 1, NULL };

	make_package(x);
	x->request.policy = &policy;
	if (verify(x) != 0)
		fail_msg("%s", x->told.p);
	who.roles = POLICY_COUNTERSIGN;
	assert_true(verify(x) > 0);
	says(x, "whom the policy does not list with the role 'prepare'");
	who.roles = POLICY_PREPARE;
	who.subject = "CN=tester";
	assert_true(verify(x) > 0);
	x->request.policy = NULL;
	x->request.subject = "CN=somebody";
	assert_true(verify(x) > 0);
	says(x, "who is not the subject named by --subject");
}

int
main(void)
{
#define EVIL(t, how) cmocka_unit_test_setup_teardown(t, how, tear_down)
#define TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_package_that_was_made_verifies),
		TEST(a_changed_file_is_named),
		TEST(an_old_state_judged_for_now_is_named),
		EVIL(a_flipped_verdict_is_named, set_up_flips),
		EVIL(a_flipped_verdict_is_named, set_up_other),
		EVIL(a_dropped_verdict_is_named, set_up_drops),
		EVIL(a_verdict_of_a_check_that_never_ran_is_named, set_up_adds),
		EVIL(another_reason_is_named, set_up_rewords),
		TEST(without_anchors_nobody_is_trusted),
		TEST(a_countersignature_is_added_in_a_role),
		TEST(nobody_countersigns_a_package_that_is_not_whole),
		TEST(a_sample_is_not_drawn_by_names_that_are_replaced),
		TEST(a_bundle_is_kept_once),
		TEST(a_bundle_has_an_age_and_a_signer_who_may),
		TEST(a_bundle_speaks_of_its_signers_scopes_alone),
		TEST(a_package_is_by_whom_the_policy_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
