/*
 * Checks as coded findings (coded.h): what a header may say, what is a fault,
 * and that the fixtures bring about every code there is, but for those named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/length.h"
#include "collector/kit/collector.h"
#include "report/judge/check.h"
#include "report/judge/check_pure.h"
#include "report/judge/judge.h"
#include "store/store.h"
#include "report/judge/catalog_table.h"

#define PATH "/tmp/exhibit-codes.db"
#define ROWS "fixtures/aws/data.rows"
#define NOW "2026-10-01T00:00:00Z"
#define LINE "{\"collector\":\"aws/1\",\"source\":\"fixture\"}"

static struct crypto *
crypto(void)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);

	assert_non_null(c);
	return c;
}

/* "KIND|KEY|ATTRIBUTES" or "KIND|KEY|!OUTCOME REASON" */
static void
put_row(const struct sink *sink, const char *scope, char *line)
{
	char *key = strchr(line, '|'), *what;
	struct fault f = { 0 };
	struct observation o;
	BUF_AUTO(body, 65536);

	assert_non_null(key);
	*key++ = '\0';
	what = strchr(key, '|');
	assert_non_null(what);
	*what++ = '\0';
	if (what[0] == '!') {
		char *reason = strchr(what, ' ');

		assert_non_null(reason);
		*reason++ = '\0';
		buf_printf(&body, "{\"outcome\":\"%s\",\"reason\":\"%s\"}",
		    what + 1, reason);
	} else {
		buf_printf(&body,
		    "{\"attributes\":%s,\"outcome\":\"observed\"}", what);
	}
	o = (struct observation){ line, scope, key,
		what[0] == '!' ? OUTCOME_DENIED : OUTCOME_OBSERVED, body.p,
		body.len, LINE, sizeof(LINE) - 1 };
	assert_int_equal(sink->put(sink->ctx, &o, &f), 0);
}

static void
put_rows(const struct sink *sink)
{
	char *scope = NULL, *save = NULL;
	struct fault f = { 0 };
	BUF_AUTO(text, 1024 * 1024);

	assert_int_equal(file_read(ROWS, &text, &f), 0);
	for (char *line = strtok_r(text.p, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		if (strncmp(line, "@ ", 2) == 0)
			scope = line + 2;
		else if (line[0] >= 'a' && line[0] <= 'z')
			put_row(sink, scope, line);
}

static void
put_more(const struct sink *sink)
{
	char rows[][200] = {
		"aws.volume|v-on|{\"encrypted\":true,\"kms_key\":\"k\"}",
		"aws.volume|v-off|{\"encrypted\":false}",
		"aws.volume|v-untold|{\"kms_key\":\"k\"}",
		"aws.volume|v-gone|!denied AccessDenied",
		"aws.volume|v-dead|{\"encrypted\":true,\"kms_key\":\"k-dead\"}",
		"aws.kms_key|k-dead|{\"spec\":\"SYMMETRIC_DEFAULT\","
		"\"state\":\"Disabled\"}",
		"aws.volume|v-dark|{\"encrypted\":true,\"kms_key\":\"k-dark\"}",
		"aws.kms_key|k-dark|{\"spec\":\"SYMMETRIC_DEFAULT\"}",
		"aws.ebs_default|d-on|{\"encrypted\":true,\"kms_key\":\"k\"}",
		"aws.ebs_default|d-off|{\"encrypted\":false}",
		"aws.ebs_default|d-untold|{\"kms_key\":\"k\"}",
		"aws.ebs_default|d-dead|{\"encrypted\":true,\"kms_key\":"
		"\"k-dead\"}",
		"aws.ebs_default|d-dark|{\"encrypted\":true}",
		"aws.instance|i-off|{\"imds\":\"disabled\"}",
		"aws.instance|i-host|{\"hop_limit\":1,"
		"\"http_tokens\":\"required\"}",
		"aws.instance|i-tokens|{\"hop_limit\":1}",
		"aws.instance|i-hops|{\"http_tokens\":\"required\"}",
		"aws.instance|i-far|{\"hop_limit\":2,"
		"\"http_tokens\":\"required\"}",
		"aws.instance|i-v1|{\"hop_limit\":2,"
		"\"http_tokens\":\"optional\"}",
		"aws.efs_file_system|f-some|{\"tls_only\":\"partly\"}",
		"aws.sns_topic|t-some|{\"tls_only\":\"partly\"}",
		"aws.acm_certificate|c-pending|{\"in_use\":true,"
		"\"status\":\"PENDING_VALIDATION\",\"type\":\"IMPORTED\"}",
		"aws.acm_certificate|c-late|{\"in_use\":true,"
		"\"not_after\":\"2026-09-01\",\"status\":\"ISSUED\","
		"\"type\":\"IMPORTED\"}",
		"aws.acm_certificate|c-soon|{\"in_use\":true,"
		"\"not_after\":\"2026-10-10\",\"status\":\"ISSUED\","
		"\"type\":\"IMPORTED\"}",
		"aws.call|ec2:DescribeVolumes|{\"result\":\"denied\"}",
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		put_row(sink, "aws/999999999999/us-east-1", rows[i]);
}

static struct store *
make_store(struct crypto *c)
{
	const struct run_begin b = { "2026-09-30T00:00:00Z", "test", "test",
		"test", "{}", false };
	struct fault f = { 0 };
	struct run_result result;
	struct store *st;
	struct run *run;
	struct sink sink;

	(void)unlink(PATH);
	assert_int_equal(
	    store_create(PATH, "test", "2026-09-29T00:00:00Z", c, &f), 0);
	st = store_open(PATH, STORE_WRITE, kinds, c, &f);
	assert_non_null(st);
	run = run_new(st, &b, &f);
	assert_non_null(run);
	sink = run_sink(run);
	put_rows(&sink);
	put_more(&sink);
	assert_int_equal(run_end(run, "2026-09-30T00:00:10Z", &result, &f), 0);
	run_free(run);
	return st;
}

static void
keep_coded(struct checks *checks)
{
	size_t n = 0;

	for (size_t i = 0; i < checks->n; i++)
		if (checks->list[i].coded.ncodes > 0)
			checks->list[n++] = checks->list[i];
	checks->n = n;
}

/* How many subjects have the code. */
static int
count(struct store *reader, const struct check *k, const char *code)
{
	struct fault f = { 0 };
	sqlite3_stmt *q = NULL;
	size_t len = k->len;
	int n;
	BUF_AUTO(sql, 1024 * 1024);

	while (len > 0 && strchr("; \n", k->text[len - 1]) != NULL)
		len--;
	buf_puts(&sql, "SELECT count(*) FROM (\n");
	buf_put(&sql, k->text, len);
	buf_printf(&sql, "\n) WHERE code = '%s'", code);
	assert_int_equal(buf_done(&sql, "count", &f), 0);
	assert_int_equal(catalogs_attach_for(NULL, sql.p, reader, &f), 0);
	if (store_prepare(reader, sql.p, &q, &f) == -1)
		fail_msg("%s: %s", k->id, f.text);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int(q, 0);
	(void)sqlite3_finalize(q);
	return n;
}

static void
fixtures_bring_about_every_code(void **state)
{
	struct judge_request request = { .made = NOW,
		.as_of = NOW,
		.run = 1,
		.profile = "all",
		.max_age = JUDGE_MAX_AGE };
	struct crypto *c = crypto();
	struct store *st = make_store(c);
	struct fault f = { 0 };
	struct checks checks;
	struct store *reader;
	long long id;
	size_t codes = 0;
	BUF_AUTO(never, 65536);

	(void)state;
	assert_int_equal(checks_load(&checks, NULL, NULL, c, &f), 0);
	keep_coded(&checks);
	assert_true(checks.n >= 10);
	reader = store_reader(st, &f);
	assert_non_null(reader);
	request.reader = reader;
	if (judge(st, &checks, &request, &id, &f) == -1)
		fail_msg("%s", f.text);
	for (size_t i = 0; i < checks.n; i++)
		for (size_t n = 0; n < checks.list[i].coded.ncodes; n++) {
			const char *code = checks.list[i].coded.codes[n].name;

			if (count(reader, &checks.list[i], code) == 0)
				buf_printf(&never, "%s: %s\n",
				    checks.list[i].id, code);
			codes++;
		}
	assert_true(codes > checks.n);
	if (never.len > 0)
		fail_msg("no fixture brings about\n%s", never.p);
	store_close(reader);
	checks_free(&checks);
	store_close(st);
	(void)unlink(PATH);
	crypto_free(c);
}

#define HEAD                                                                   \
	"-- id: coded\n-- title: t\n-- severity: low\n-- controls: a b\n"      \
	"-- kinds: aws.volume aws.call\n-- rationale: r\n"                     \
	"-- remediation: r\n-- since: 0.1.0\n"
#define FROM "FROM aws_volume"

/* Judge with this one check: 0, or -1 with a fault. */
static int
judge_text(
    struct crypto *c, const char *text, struct buf *verdicts, struct fault *f)
{
	const struct judge_request request = { NOW, NOW, 1, "all",
		JUDGE_MAX_AGE, NULL };
	struct store *st = make_store(c);
	struct checks checks;
	sqlite3_stmt *q = NULL;
	long long id;
	int rc;

	(void)mkdir("/tmp/exhibit-codes", 0700);
	assert_int_equal(file_write("/tmp/exhibit-codes/coded.sql", text,
			     strlen(text), 0600, f),
	    0);
	rc = checks_load(&checks, "/tmp/exhibit-codes", NULL, c, f);
	if (rc == 0) {
		size_t n = 0;

		for (size_t i = 0; i < checks.n; i++)
			if (strcmp(checks.list[i].id, "coded") == 0)
				checks.list[n++] = checks.list[i];
		checks.n = n;
		rc = judge(st, &checks, &request, &id, f);
		checks_free(&checks);
	}
	if (rc == 0 && sqlite3_prepare_v2(store_db(st),
			   "SELECT key || ' ' || verdict || ' ' || reason FROM "
			   "verdict ORDER BY key",
			   -1, &q, NULL) == SQLITE_OK)
		while (sqlite3_step(q) == SQLITE_ROW)
			buf_printf(verdicts, "%s\n", sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	store_close(st);
	(void)unlink("/tmp/exhibit-codes/coded.sql");
	(void)rmdir("/tmp/exhibit-codes");
	(void)unlink(PATH);
	return rc;
}

static void
what_was_not_observed_or_told_is_unknown_whatever_the_check_says(void **state)
{
	struct crypto *c = crypto();
	struct fault f = { 0 };
	BUF_AUTO(got, 65536);

	(void)state;
	if (judge_text(c,
		HEAD
		"-- gone: volume\n-- untold: encrypted\n-- lists: volumes by "
		"ec2:DescribeVolumes\n-- code: good satisfied it's {a} good\n"
		"SELECT subject, 'good' AS code, 'very' AS a " FROM ";\n",
		&got, &f) == -1)
		fail_msg("%s", f.text);
	assert_string_equal(got.p,
	    "ec2:DescribeVolumes unknown ec2:DescribeVolumes was not answered: "
	    "denied; there may be volumes that are not judged\n"
	    "v-dark satisfied it's very good\n"
	    "v-dead satisfied it's very good\n"
	    "v-gone unknown volume denied: AccessDenied\n"
	    "v-off satisfied it's very good\n"
	    "v-on satisfied it's very good\n"
	    "v-untold unknown the evidence lacks encrypted\n");
	crypto_free(c);
}

static void
a_reason_that_lacks_an_argument_is_unknown(void **state)
{
	struct crypto *c = crypto();
	struct fault f = { 0 };
	BUF_AUTO(got, 65536);

	(void)state;
	assert_int_equal(
	    judge_text(c,
		HEAD "-- gone: volume\n-- code: good satisfied {a}\n"
		     "SELECT subject, 'good' AS code, kms_key AS a " FROM "\n",
		&got, &f),
	    0);
	assert_non_null(strstr(got.p, "v-off unknown the evidence lacks"));
	assert_non_null(strstr(got.p, "v-on satisfied k\n"));
	crypto_free(c);
}

static void
what_no_code_speaks_of_is_a_fault(void **state)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{ HEAD "-- gone: volume\n-- code: good satisfied g\n"
		       "SELECT subject, 'good' AS code " FROM
		       " WHERE key <> 'v-off';",
		    "code NULL" },
		{ HEAD "-- gone: volume\n-- code: good satisfied g\n"
		       "SELECT subject, 'goof' AS code " FROM ";",
		    "code goof" },
		{ HEAD "-- gone: volume\n-- code: good satisfied g\n"
		       "SELECT subject, 'good' AS code " FROM
		       " UNION ALL SELECT subject, 'good' FROM aws_instance;",
		    "it is none of aws.volume" },
		{ HEAD "-- gone: volume\n-- code: good satisfied g\n"
		       "SELECT subject, 'good' AS code " FROM
		       " UNION ALL SELECT subject, 'good' " FROM ";",
		    "two verdicts" },
		{ HEAD "-- code: good satisfied g\nSELECT 1;",
		    "needs 'code' and 'gone'" },
		{ HEAD "-- gone: volume\nSELECT 1;",
		    "needs 'code' and 'gone'" },
		{ HEAD "-- gone: volume\n-- code: good fine g\nSELECT 1;",
		    "not a verdict" },
		{ HEAD "-- gone: volume\n-- code: good satisfied\nSELECT 1;",
		    "code" },
		{ HEAD "-- gone: volume\n-- code: a satisfied g\n"
		       "-- code: a unknown g\nSELECT 1;",
		    "twice" },
		{ HEAD "-- gone: volume\n-- code: a satisfied g{\nSELECT 1;",
		    "code" },
		{ HEAD "-- gone: volume\n-- code: a satisfied {x\"}\nSELECT 1;",
		    "code" },
		{ HEAD "-- gone: volume\n-- lists: ec2:X\n"
		       "-- code: a satisfied g\nSELECT 1;",
		    "lists" },
	};
	struct crypto *c = crypto();

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		struct fault f = { 0 };
		BUF_AUTO(got, 65536);

		if (judge_text(c, wrong[i].text, &got, &f) == 0)
			fail_msg("%zu: %s", i, wrong[i].why);
		if (strstr(f.text, wrong[i].why) == NULL)
			fail_msg("%zu: %s", i, f.text);
	}
	crypto_free(c);
}

static void
what_does_not_follow_from_the_evidence_is_refused(void **state)
{
	static const char *const bad[] = { "SELECT random()",
		"SELECT RandomBlob (8)", "SELECT \"random\"()",
		"SELECT [random]/* */()", "SELECT datetime('now')",
		"SELECT datetime('NOW', '-1 day')", "SELECT CURRENT_TIMESTAMP",
		"SELECT current_date", "SELECT date()", "SELECT unixepoch( )",
		"SELECT strftime('%s')", "SELECT strftime(('%s, %Y'))",
		"SELECT datetime(a, 'localtime')", "SELECT sqlite_version()",
		"SELECT last_insert_rowid()", "SELECT total_changes() FROM t",
		"SELECT 'it''s', random()" };
	static const char *const good[] = { "SELECT random FROM t",
		"SELECT 'random()' -- random()", "SELECT 1 /* random() */",
		"SELECT date(a), datetime(a, '-1 day') FROM t",
		"SELECT strftime('%Y', a) FROM t", "SELECT date AS time FROM t",
		"SELECT 'known now', 'nowhere' FROM t",
		"SELECT julianday(max(a, (b))) FROM t", "SELECT 'unterminated",
		"SELECT \"", "SELECT [", "/*", "--", "" };
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		if (check_is_pure(bad[i], "mine.sql", &f) == 0)
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(f.kind, FAULT_FORMAT);
		assert_non_null(strstr(f.text, "mine.sql"));
	}
	for (size_t i = 0; i < LENGTH(good); i++)
		if (check_is_pure(good[i], "mine.sql", &f) == -1)
			fail_msg("refused: %s: %s", good[i], f.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fixtures_bring_about_every_code),
		cmocka_unit_test(
		    what_was_not_observed_or_told_is_unknown_whatever_the_check_says),
		cmocka_unit_test(a_reason_that_lacks_an_argument_is_unknown),
		cmocka_unit_test(what_no_code_speaks_of_is_a_fault),
		cmocka_unit_test(
		    what_does_not_follow_from_the_evidence_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
