/* Recorded hosts against what is said of them, byte for byte; and what an
 * unreadable file does to everything that depends on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/node_fixture.h"
#include "base/length.h"
#include "collector/node/source.h"

#define FOLDER "fixtures/node"

static const char *const hosts[] = { "al2-fips", "al2023-fips", "al2023-half",
	"al2023-off", "bottlerocket-fips-on", "bottlerocket-standard",
	"debian12-off", "hostile", "rhel10-fips", "rhel8-fips", "rhel9-fips",
	"rhel9-inconsistent", "sles15-fips", "ubuntu2204-pro-fips",
	"upstream-openssl" };

struct bench {
	struct crypto *crypto;
	struct snapshot s;
	struct buf out;
	struct fault f;
};

static int
set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	if (b == NULL || (b->crypto = crypto_new(false, &b->f)) == NULL)
		return -1;
	b->out.max = FIXTURE_MAX;
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	snapshot_free(&b->s);
	buf_free(&b->out);
	crypto_free(b->crypto);
	free(b);
	return 0;
}

static void
load(struct bench *b, const char *host)
{
	snapshot_free(&b->s);
	if (fixture_snapshot(&b->s, FOLDER, host, b->crypto, &b->f) == -1)
		fail_msg("%s: %s", host, b->f.text);
}

static void
interpret(struct bench *b)
{
	buf_reset(&b->out);
	if (fixture_interpret(&b->s, &b->out, &b->f) == -1)
		fail_msg("%s: %s", b->s.name, b->f.text);
}

/* Refuse path, and everything below it, as a source would. */
static void
refuse(struct bench *b, const char *path, enum outcome outcome)
{
	bool any = false;

	for (size_t i = 0; i < b->s.n; i++) {
		struct entry *e = &b->s.entries[i];

		if (strncmp(e->path, path, strlen(path)) != 0)
			continue;
		any = true;
		assert_int_equal(
		    entry_refuse(e, outcome, &b->f, REASON_DENIED), 0);
	}
	assert_true(any);
}

static void
says(struct bench *b, const char *text)
{
	if (b->out.p == NULL || strstr(b->out.p, text) == NULL)
		fail_msg("%s does not say %s\n%s", b->s.name, text, b->out.p);
}

static void
never_says(struct bench *b, const char *text)
{
	if (strstr(b->out.p, text) != NULL)
		fail_msg("%s says %s\n%s", b->s.name, text, b->out.p);
}

/* Tell of the first line that differs, not of a megabyte. */
static void
same_lines(const char *host, const char *want, const char *got)
{
	for (int line = 1; *want != '\0' || *got != '\0'; line++) {
		size_t w = strcspn(want, "\n"), g = strcspn(got, "\n");

		if (w != g || memcmp(want, got, w) != 0)
			fail_msg("%s.ndjson:%d\nwant %.*s\ngot  %.*s", host,
			    line, (int)w, want, (int)g, got);
		want += w + (want[w] == '\n');
		got += g + (got[g] == '\n');
	}
}

static void
recorded_hosts_are_understood_byte_for_byte(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < LENGTH(hosts); i++) {
		BUF_AUTO(want, FIXTURE_MAX);
		char path[256];

		(void)snprintf(
		    path, sizeof(path), FOLDER "/%s.ndjson", hosts[i]);
		load(b, hosts[i]);
		interpret(b);
		if (getenv("EXHIBIT_UPDATE_FIXTURES") != NULL &&
		    file_write(path, b->out.p, b->out.len, 0644, &b->f) == -1)
			fail_msg("%s", b->f.text);
		if (file_read(path, &want, &b->f) == -1)
			fail_msg("%s", b->f.text);
		same_lines(hosts[i], want.p, b->out.p);
		assert_int_equal(want.len, b->out.len);
	}
}

/* Every line is one that `collect import` takes back. */
static int
count(void *ctx, const struct observation *o, struct fault *f)
{
	(void)o;
	(void)f;
	++*(size_t *)ctx;
	return 0;
}

static int
covered(void *ctx, const struct coverage *c, struct fault *f)
{
	(void)c;
	return count(ctx, NULL, f);
}

static void
every_line_can_be_read_back(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < LENGTH(hosts); i++) {
		struct span rest, line;
		size_t put = 0, lines = 0;
		const struct sink sink = { count, covered, &put };

		load(b, hosts[i]);
		interpret(b);
		rest = (struct span){ b->out.p, b->out.len };
		for (; span_line(&rest, &line); lines++)
			if (ndjson_line(line.p, line.len, node_kinds, &sink,
				&b->f) == -1)
				fail_msg("%s: %s", hosts[i], b->f.text);
		assert_int_equal(put, lines);
	}
}

/* Two observations of one kind and key would be two truths. */
static void
no_subject_is_told_of_twice(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < LENGTH(hosts); i++) {
		json_t *seen = json_object();
		struct span rest, line;

		load(b, hosts[i]);
		interpret(b);
		rest = (struct span){ b->out.p, b->out.len };
		while (span_line(&rest, &line)) {
			json_t *o = json_read(line.p, line.len, "line", &b->f);
			char id[2048];

			assert_non_null(o);
			if (json_object_get(o, "coverage") == NULL) {
				(void)snprintf(id, sizeof(id), "%s %s",
				    json_string_value(
					json_object_get(o, "kind")),
				    json_string_value(
					json_object_get(o, "key")));
				if (json_object_get(seen, id) != NULL)
					fail_msg("%s: %s twice", hosts[i], id);
				json_object_set_new(seen, id, json_true());
			}
			json_decref(o);
		}
		json_decref(seen);
	}
}

static void
no_secret_of_a_file_is_kept(void **state)
{
	struct bench *b = *state;

	load(b, "hostile");
	interpret(b);
	never_says(b, "SECRET");
	never_says(b, "hunter2");
	never_says(b, "\x1b");
	never_says(b, "/root:");
}

static void
what_cannot_be_read_is_never_absent(void **state)
{
	static const struct {
		const char *host, *path, *says, *never;
	} cases[] = {
		{ "rhel9-fips", "/proc/sys/crypto/fips_enabled",
		    "\"fips_enabled\":null,\"fips_enabled_outcome\":\"denied\"",
		    "\"fips_enabled\":0" },
		{ "rhel9-fips", "/proc/cmdline",
		    "\"cmdline_fips\":null,\"cmdline_fips_on\":null,\"cmdline_"
		    "outcome\":\"denied\"",
		    "\"cmdline_fips\":\"1\"" },
		{ "rhel9-fips", "/proc/crypto",
		    "\"selftest_failed\":null,\"selftest_outcome\":\"denied\"",
		    "\"selftest_failed\":[]" },
		{ "rhel9-fips", "/etc/system-fips", "\"system_fips\":null",
		    "\"system_fips\":false" },
		{ "rhel9-fips", "/etc/crypto-policies/state/current",
		    "\"kind\":\"node.crypto_policy\",\"observation\":{"
		    "\"outcome\":\"denied\"",
		    "\"policy\":" },
		{ "rhel9-fips", "/etc/crypto-policies/config",
		    "\"kind\":\"node.crypto_policy\",\"observation\":{"
		    "\"outcome\":\"denied\"",
		    "\"configured\":" },
		{ "rhel9-fips", "/etc/pki/tls/openssl.cnf",
		    "\"config_activates_default\":null,"
		    "\"config_activates_fips\":null,"
		    "\"config_outcome\":\"denied\"",
		    "\"openssl_follows\":true" },
		{ "rhel9-fips", "/usr/lib64/ossl-modules/fips.so",
		    "\"fips_module_outcome\":\"denied\"",
		    "\"fips_module_outcome\":\"absent\"" },
		{ "rhel9-fips", "!rpm",
		    "\"kind\":\"node.package\",\"observation\":{"
		    "\"outcome\":\"denied\"",
		    "\"manager\":\"rpm\"" },
		{ "rhel9-fips", "!openssl version",
		    "\"runtime_outcome\":\"denied\"",
		    "\"runtime_md5\":\"refused\"" },
		{ "debian12-off", "/var/lib/dpkg/status",
		    "\"kind\":\"node.package\",\"observation\":{"
		    "\"outcome\":\"denied\"",
		    "no dpkg status file" },
		{ "debian12-off", "/etc/default/grub",
		    "{\"key\":\"/etc/default/grub\",\"kind\":\"node.boot\","
		    "\"observation\":{\"outcome\":\"denied\"",
		    "\"source\":\"grub-default\"" },
		{ "ubuntu2204-pro-fips",
		    "/var/lib/ubuntu-advantage/status.json",
		    "\"kind\":\"node.pro_service\",\"observation\":{"
		    "\"outcome\":\"denied\"",
		    "\"entitled\":" },
		{ "bottlerocket-fips-on", "/etc/.fips-kernel-check-passed",
		    "\"kernel_check\":\"denied\"",
		    "\"kernel_check\":\"absent\"" },
		{ "upstream-openssl", "/usr/local/ssl/fipsmodule.cnf",
		    "\"config_activates_default\":null,"
		    "\"config_activates_fips\":null,"
		    "\"config_outcome\":\"observed\"",
		    "\"install_status\":\"INSTALL" },
		{ "upstream-openssl", "/etc/gcrypt/fips_enabled",
		    "\"forced\":null", "\"forced\":true" },
		{ "rhel9-fips", "/etc/os-release", "\"os_family\":null",
		    "\"os_family\":\"other\"" },
		{ "al2-fips", "!openssl dgst -md5", "\"runtime_md5\":null",
		    "\"runtime_md5\":\"available\"" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < LENGTH(cases); i++) {
		load(b, cases[i].host);
		refuse(b, cases[i].path, OUTCOME_DENIED);
		interpret(b);
		says(b, cases[i].says);
		never_says(b, cases[i].never);
	}
}

/* Ubuntu's 99-fips.cfg appends to what nobody knows, but it comes last. */
static void
an_unreadable_grub_default_is_unknown_until_it_is_overruled(void **state)
{
	struct bench *b = *state;

	load(b, "ubuntu2204-pro-fips");
	refuse(
	    b, "/etc/default/grub.d/50-cloudimg-settings.cfg", OUTCOME_DENIED);
	interpret(b);
	says(b, "{\"key\":\"/etc/default/grub.d/50-cloudimg-settings.cfg\","
		"\"kind\":\"node.boot\",\"observation\":{"
		"\"outcome\":\"denied\"");
	says(b,
	    "{\"key\":\"/etc/default/grub.d/99-fips.cfg\","
	    "\"kind\":\"node.boot\",\"observation\":{\"attributes\":{"
	    "\"decides\":true,\"entries\":1,\"entries_fips\":1,\"fips\":\"1\"");
}

/* Such a folder has an entry of its own; what is in it has none. */
static void
a_folder_that_cannot_be_listed_is_no_empty_folder(void **state)
{
	static const struct {
		const char *path, *says, *never;
	} cases[] = {
		{ "/etc/crypto-policies/back-ends",
		    "\"backends_fips\":null,\"backends_missing\":null,"
		    "\"backends_other\":null",
		    "\"backends_fips\":[]" },
		{ "/usr/lib64", "\"hmac_files\":null", "\"hmac_files\":[]" },
		{ "/boot/loader/entries",
		    "{\"key\":\"/boot/loader/entries\",\"kind\":"
		    "\"node.boot\",\"observation\":{\"outcome\":"
		    "\"denied\"",
		    "\"source\":\"bls\"" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < LENGTH(cases); i++) {
		load(b, "rhel9-fips");
		refuse(b, cases[i].path, OUTCOME_ABSENT);
		assert_int_equal(snapshot_add_refused(&b->s, cases[i].path,
				     OUTCOME_DENIED, REASON_DENIED, &b->f),
		    0);
		snapshot_sort(&b->s);
		interpret(b);
		says(b, cases[i].says);
		says(b, "{\"kind\":\"node.file\",\"outcome\":\"denied\"");
		never_says(b, cases[i].never);
	}
}

static void
a_policy_older_than_its_configuration_is_stale(void **state)
{
	struct bench *b = *state;

	load(b, "rhel9-fips");
	for (size_t i = 0; i < b->s.n; i++)
		if (strcmp(b->s.entries[i].path,
			"/etc/crypto-policies/config") == 0)
			b->s.entries[i].mtime++;
	interpret(b);
	says(b, "\"state_stale\":true");
}

static void
a_broken_rpm_answer_is_no_list_of_packages(void **state)
{
	static const char *const bad[] = { "openssl\t3.0.7-28.el9\n",
		"warning: db locked\n", "openssl\t\tx86_64\n", "\t1\tx86_64\n",
		"a\tb\tc\td\n" };
	struct bench *b = *state;

	for (size_t i = 0; i < LENGTH(bad) + 1; i++) {
		load(b, "rhel9-fips");
		for (size_t k = 0; k < b->s.n; k++) {
			struct entry *e = &b->s.entries[k];

			if (strcmp(e->path, RPM_QUERY) != 0)
				continue;
			if (i == LENGTH(bad))
				e->status = 1;
			else
				buf_puts(&e->bytes, bad[i]);
		}
		interpret(b);
		says(b, "{\"key\":\"*\",\"kind\":\"node.package\","
			"\"observation\":{\"outcome\":\"error\"");
		says(b, "{\"kind\":\"node.package\",\"outcome\":\"error\"");
		never_says(b, "\"manager\"");
	}
}

/* Git keeps no FIFO and no file above its cap: made here. */
static void
what_is_no_readable_file_is_an_error(void **state)
{
	char root[] = "/tmp/exhibit-node-XXXXXX", path[256];
	static const char *const folders[] = { "/etc", "/etc/ssl", "/usr",
		"/usr/lib" };
	struct bench *b = *state;
	BUF_AUTO(big, 200 * 1024);

	assert_non_null(mkdtemp(root));
	for (size_t i = 0; i < LENGTH(folders); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", root, folders[i]);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	(void)snprintf(path, sizeof(path), "%s/etc/system-fips", root);
	assert_int_equal(mkfifo(path, 0644), 0);
	while (big.len < 100 * 1024)
		buf_puts(&big, "ID=debian\n");
	(void)snprintf(path, sizeof(path), "%s/etc/os-release", root);
	assert_int_equal(file_write(path, big.p, big.len, 0644, &b->f), 0);
	(void)snprintf(path, sizeof(path), "%s/etc/ssl/openssl.cnf", root);
	assert_int_equal(mkdir(path, 0755), 0);

	assert_int_equal(
	    snapshot_read_root(&b->s, manifest, root, false, b->crypto, &b->f),
	    0);
	b->s.name = strdup("made");
	interpret(b);
	says(b, "{\"key\":\"/etc/system-fips\",\"kind\":\"node.file\","
		"\"observation\":{\"outcome\":\"error\"");
	says(b, "{\"key\":\"/etc/os-release\",\"kind\":\"node.file\","
		"\"observation\":{\"outcome\":\"error\"");
	says(b, "\"os_family\":null");
	says(b, "\"system_fips\":null");
	says(b, "\"config_outcome\":\"error\"");

	(void)rmdir(path);
	(void)snprintf(path, sizeof(path), "%s/etc/os-release", root);
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/etc/system-fips", root);
	(void)unlink(path);
	for (size_t i = LENGTH(folders); i > 0; i--) {
		(void)snprintf(
		    path, sizeof(path), "%s%s", root, folders[i - 1]);
		(void)rmdir(path);
	}
	assert_int_equal(rmdir(root), 0);
}

static void
an_empty_root_says_what_it_does_not_know(void **state)
{
	struct bench *b = *state;

	b->s.name = strdup("empty");
	interpret(b);
	says(b, "\"fips_enabled_outcome\":\"unreachable\"");
	says(b, "\"cmdline_outcome\":\"unreachable\"");
	says(b, "\"selftest_outcome\":\"unreachable\"");
	/* what was not asked is not among the kinds that were answered */
	says(b, "\"kinds\":[\"config.aws_endpoint\",\"node\",");
	never_says(b, "\"node.provider\"]");
	says(b, "{\"kind\":\"node.bottlerocket\",\"outcome\":\"error\"");
	says(b, "no dpkg status file and no RPM database");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    recorded_hosts_are_understood_byte_for_byte, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    every_line_can_be_read_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    no_subject_is_told_of_twice, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    no_secret_of_a_file_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_cannot_be_read_is_never_absent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    an_unreadable_grub_default_is_unknown_until_it_is_overruled,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_folder_that_cannot_be_listed_is_no_empty_folder, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    a_policy_older_than_its_configuration_is_stale, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    a_broken_rpm_answer_is_no_list_of_packages, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    what_is_no_readable_file_is_an_error, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    an_empty_root_says_what_it_does_not_know, set_up,
		    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
