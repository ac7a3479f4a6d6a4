/*
 * What the checks say of every recorded host, held to tests/fixtures/node/
 * <host>.verdicts: lines "check verdict reason". With EXHIBIT_UPDATE_FIXTURES=1
 * in the environment they are written anew, to be read by eye.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>

#include "base/length.h"

#include "tests/fixtures/verdicts_print.h"

#define FOLDER "fixtures/node"

static struct crypto *
crypto(void)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);

	assert_non_null(c);
	return c;
}

static void
read_text(const char *host, const char *extension, struct buf *out)
{
	struct fault f = { 0 };
	char path[512];

	(void)snprintf(path, sizeof(path), FOLDER "/%s.%s", host, extension);
	if (file_read(path, out, &f) == -1)
		fail_msg("%s", f.text);
}

static void
write_text(const char *host, const char *extension, const struct buf *b)
{
	struct fault f = { 0 };
	char path[512];

	(void)snprintf(path, sizeof(path), FOLDER "/%s.%s", host, extension);
	if (file_write(path, b->p, b->len, 0644, &f) == -1)
		fail_msg("%s", f.text);
}

static void
database_path(char *path)
{
	(void)snprintf(
	    path, 64, "/tmp/exhibit-verdicts-%ld.db", (long)getpid());
}

static void
judge_runs(
    struct crypto *c, const struct buf *const *runs, size_t n, struct buf *out)
{
	struct fault f = { 0 };
	char path[64];

	database_path(path);
	if (fixture_verdicts(runs, n, path, c, out, &f) == -1)
		fail_msg("%s", f.text);
}

static void
judge_lines(struct crypto *c, const struct buf *lines, struct buf *out)
{
	judge_runs(c, &lines, 1, out);
}

/* The lines of one host, without its name, of "HOST|check verdict reason". */
static void
of_host(const char *all, const char *host, struct buf *out)
{
	size_t len = strlen(host);

	for (const char *p = all; *p != '\0'; p += strcspn(p, "\n") + 1)
		if (strncmp(p, host, len) == 0 && p[len] == '|')
			buf_put(
			    out, p + len + 1, strcspn(p, "\n") + 1 - (len + 1));
}

#define HOSTS_MAX 64

/* The recorded hosts that have a .verdicts file; how many. */
static size_t
recorded(char hosts[HOSTS_MAX][256])
{
	DIR *d = opendir(FOLDER);
	struct dirent *e;
	size_t n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		const char *dot = strrchr(e->d_name, '.');

		if (dot == NULL || strcmp(dot, ".verdicts") != 0)
			continue;
		assert_true(n < HOSTS_MAX);
		(void)snprintf(
		    hosts[n++], 256, "%.*s", (int)(dot - e->d_name), e->d_name);
	}
	(void)closedir(d);
	return n;
}

/* All in one store and one judgement: a host's verdicts are its own. */
static void
each_recorded_host_is_judged_as_expected(void **state)
{
	static char hosts[HOSTS_MAX][256];
	struct crypto *c = crypto();
	size_t n = recorded(hosts);
	struct fault f = { 0 };
	char path[64];
	BUF_AUTO(lines, 8 * FIXTURE_MAX);
	BUF_AUTO(all, 8 * FIXTURE_MAX);
	const struct buf *const runs[] = { &lines };

	(void)state;
	assert_true(n >= 10);
	database_path(path);
	for (size_t i = 0; i < n; i++) {
		struct snapshot snapshot = { 0 };
		BUF_AUTO(one, FIXTURE_MAX);

		if (fixture_snapshot(&snapshot, FOLDER, hosts[i], c, &f) ==
			-1 ||
		    fixture_interpret(&snapshot, &one, &f) == -1)
			fail_msg("%s: %s", hosts[i], f.text);
		snapshot_free(&snapshot);
		buf_put(&lines, one.p, one.len);
	}
	if (fixture_judge(runs, 1, path,
		"SELECT substr(scope, 6) || '|' || check_id || ' ' || verdict"
		" || ' ' || reason FROM verdict ORDER BY scope, check_id",
		c, &all, &f) == -1)
		fail_msg("%s", f.text);
	for (size_t i = 0; i < n; i++) {
		BUF_AUTO(expected, FIXTURE_MAX);
		BUF_AUTO(got, FIXTURE_MAX);

		of_host(all.p, hosts[i], &got);
		if (getenv("EXHIBIT_UPDATE_FIXTURES") != NULL)
			write_text(hosts[i], "verdicts", &got);
		read_text(hosts[i], "verdicts", &expected);
		if (strcmp(expected.p, got.p) != 0)
			fail_msg("%s: expected\n%sgot\n%s", hosts[i],
			    expected.p, got.p);
	}
	crypto_free(c);
}

static void
what_was_not_reached_is_never_a_pass(void **state)
{
	static const char *const outcomes[] = { "unreachable", "denied",
		"error" };
	struct crypto *c = crypto();

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		BUF_AUTO(lines, 4096);
		BUF_AUTO(got, FIXTURE_MAX);

		buf_printf(&lines,
		    "{\"key\":\"a\",\"kind\":\"node\",\"observation\":{"
		    "\"outcome\":\"%s\",\"reason\":\"because\"},"
		    "\"provenance\":{},\"scope\":\"host/a\"}\n"
		    "{\"coverage\":{\"calls\":1,\"collector\":\"node\","
		    "\"denied\":0,\"gaps\":[],\"kinds\":[\"node\"],\"outcome\":"
		    "\"%s\",\"reason\":\"because\",\"scope\":\"host/a\","
		    "\"subjects\":1}}\n",
		    outcomes[i], outcomes[i]);
		judge_lines(c, &lines, &got);
		assert_null(strstr(got.p, " satisfied "));
		assert_null(strstr(got.p, "not-applicable"));
		assert_null(strstr(got.p, "not-satisfied"));
		assert_non_null(strstr(got.p, "node-fips-on unknown node "));
	}
	crypto_free(c);
}

/* Take columns away one by one: no verdict may become better for it. */
static void
less_evidence_never_improves_a_verdict(void **state)
{
	static const char *const gone[] = { "fips_enabled", "cmdline_fips",
		"cmdline_outcome", "selftest_outcome", "os_version",
		"fips_enabled_outcome", "kernel_release" };
	struct crypto *c = crypto();
	BUF_AUTO(lines, FIXTURE_MAX);

	(void)state;
	read_text("rhel9-fips", "ndjson", &lines);
	for (size_t i = 0; i < LENGTH(gone); i++) {
		BUF_AUTO(less, FIXTURE_MAX);
		BUF_AUTO(got, FIXTURE_MAX);
		char name[64];
		char *at, *end;

		/* "name":value, -> nothing, in the node's own line */
		(void)snprintf(name, sizeof(name), "\"%s\":", gone[i]);
		at = strstr(lines.p, name);
		assert_non_null(at);
		end = strchr(at, ',');
		assert_non_null(end);
		buf_put(&less, lines.p, (size_t)(at - lines.p));
		buf_puts(&less, end + 1);
		judge_lines(c, &less, &got);
		if (strcmp(gone[i], "fips_enabled") == 0)
			assert_non_null(strstr(got.p, "node-fips-on unknown"));
		if (strcmp(gone[i], "cmdline_outcome") == 0)
			assert_non_null(
			    strstr(got.p, "node-fips-requested unknown"));
		if (strcmp(gone[i], "selftest_outcome") == 0)
			assert_non_null(
			    strstr(got.p, "node-fips-selftested unknown"));
		if (strcmp(gone[i], "os_version") == 0)
			assert_non_null(strstr(got.p, "node-os-image unknown"));
	}
	crypto_free(c);
}

/* What was read once and is refused now stays in the store, as it was: what
 * rests on it is unknown all the same. */
static void
what_can_no_longer_be_read_is_no_pass(void **state)
{
	static const struct {
		const char *host, *kind, *unknown;
	} cases[] = {
		{ "ubuntu2204-pro-fips", "node.pro_service",
		    "node-os-image unknown" },
		{ "sles15-fips", "node.package",
		    "node-integrity-tool unknown" },
		{ "al2-fips", "node.package", "node-fips-initramfs unknown" },
	};
	struct crypto *c = crypto();

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		BUF_AUTO(lines, FIXTURE_MAX);
		BUF_AUTO(got, FIXTURE_MAX);

		read_text(cases[i].host, "ndjson", &lines);
		buf_printf(&lines,
		    "{\"key\":\"*\",\"kind\":\"%s\",\"observation\":{"
		    "\"outcome\":\"denied\",\"reason\":\"because\"},"
		    "\"provenance\":{},\"scope\":\"host/%s\"}\n",
		    cases[i].kind, cases[i].host);
		judge_lines(c, &lines, &got);
		if (strstr(got.p, cases[i].unknown) == NULL)
			fail_msg("%s: no '%s' in\n%s", cases[i].host,
			    cases[i].unknown, got.p);
	}
	crypto_free(c);
}

/* The lines without those of a kind, which the coverage says was refused. */
static size_t
refuse_kind(const struct buf *lines, const char *kind, struct buf *out)
{
	static const char gaps[] = "\"gaps\":[";
	char want[64];
	size_t taken = 0;

	(void)snprintf(want, sizeof(want), "\"kind\":\"%s\",\"obs", kind);
	for (char *p = lines->p, *end; *p != '\0'; p = end + 1) {
		char *at;

		end = strchr(p, '\n');
		*end = '\0';
		if (strncmp(p, "{\"coverage\"", 11) == 0) {
			at = strstr(p, gaps);
			assert_non_null(at);
			at += sizeof(gaps) - 1;
			buf_put(out, p, (size_t)(at - p));
			buf_printf(out,
			    "{\"kind\":\"%s\",\"outcome\":\"denied\","
			    "\"reason\":\"because\"}%s%s\n",
			    kind, *at == ']' ? "" : ",", at);
		} else if (strstr(p, want) != NULL) {
			taken++;
		} else {
			buf_printf(out, "%s\n", p);
		}
		*end = '\n';
	}
	return taken;
}

/* Every "check satisfied" of a is one of b, or the kind is not its concern. */
static void
is_no_better(const char *host, const char *kind, const char *a, const char *b)
{
	for (const char *p = a; *p != '\0'; p = strchr(p, '\n') + 1) {
		size_t len = strcspn(p, " ");
		char want[128];

		(void)snprintf(
		    want, sizeof(want), "%.*s satisfied ", (int)len, p);
		if (strncmp(p, want, strlen(want)) == 0 &&
		    strstr(b, want) == NULL)
			fail_msg("%s: with %s refused, what was read before "
				 "still gives '%s'",
			    host, kind, want);
	}
}

/* A kind that was read once and is refused now counts for no more than if it
 * had never been read. */
static void
a_gap_makes_old_rows_count_for_nothing(void **state)
{
	static const char *const hosts[] = { "rhel9-fips", "al2-fips",
		"ubuntu2204-pro-fips", "bottlerocket-fips-on" };
	struct crypto *c = crypto();
	int cases = 0;

	(void)state;
	for (size_t h = 0; h < LENGTH(hosts); h++)
		for (size_t k = 0; kinds[k] != NULL; k++) {
			BUF_AUTO(before, FIXTURE_MAX);
			BUF_AUTO(then, FIXTURE_MAX);
			BUF_AUTO(both, FIXTURE_MAX);
			BUF_AUTO(alone, FIXTURE_MAX);
			const struct buf *runs[] = { &before, &then };

			read_text(hosts[h], "ndjson", &before);
			if (strcmp(kinds[k]->name, "node") == 0 ||
			    strcmp(kinds[k]->name, "node.file") == 0 ||
			    refuse_kind(&before, kinds[k]->name, &then) == 0)
				continue;
			judge_runs(c, runs, 2, &both);
			judge_lines(c, &then, &alone);
			is_no_better(hosts[h], kinds[k]->name, both.p, alone.p);
			cases++;
		}
	assert_true(cases >= 12);
	crypto_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_recorded_host_is_judged_as_expected),
		cmocka_unit_test(what_was_not_reached_is_never_a_pass),
		cmocka_unit_test(less_evidence_never_improves_a_verdict),
		cmocka_unit_test(what_can_no_longer_be_read_is_no_pass),
		cmocka_unit_test(a_gap_makes_old_rows_count_for_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
