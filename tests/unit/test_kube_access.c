/* Kubeconfigs: what is taken, what is merged, and each refusal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/kube/cluster_access.h"
#include "base/length.h"
#include "base/file.h"

#define CONTEXT                                                                \
	"current-context: c\ncontexts:\n- name: c\n  context: {cluster: k, "   \
	"user: u}\n"
#define CLUSTER                                                                \
	"clusters:\n- name: k\n  cluster: {server: 'https://host:6443/'}\n"
#define TOKEN "users:\n- name: u\n  user: {token: abc}\n"

static char folder[] = "/tmp/exhibit-kubeconfig-XXXXXX";

static void
write_file(const char *name, const char *text, char path[256])
{
	struct fault f = { 0 };

	(void)snprintf(path, 256, "%s/%s", folder, name);
	assert_int_equal(file_write(path, text, strlen(text), 0700, &f), 0);
}

static int
read_config(const char *text, struct kube_access *a, struct fault *f)
{
	static const struct request r = { .now = "2026-11-23T11:00:00Z" };
	char path[256];

	write_file("config", text, path);
	return access_kubeconfig(a, &r, path, NULL, f);
}

static void
a_kubeconfig_is_read(void **state)
{
	struct fault f = { 0 };
	struct kube_access a;

	(void)state;
	if (read_config(CONTEXT CLUSTER TOKEN, &a, &f) == -1)
		fail_msg("%s", f.text);
	assert_string_equal(a.server, "https://host:6443");
	assert_string_equal(a.cluster, "k");
	assert_string_equal(a.token.p, "abc");
	access_free(&a);
}

static void
what_is_refused_is_told(void **state)
{
	static const struct {
		const char *text, *says;
		enum fault_kind kind;
	} cases[] = {
		{ CONTEXT
		    "clusters:\n- name: k\n  cluster:\n    server: "
		    "https://h\n    insecure-skip-tls-verify: true\n" TOKEN,
		    "insecure-skip-tls-verify", FAULT_USAGE },
		{ CONTEXT "clusters:\n- name: k\n  cluster: {server: "
			  "'http://h'}\n" TOKEN,
		    "only https://", FAULT_USAGE },
		{ CONTEXT "clusters:\n- name: k\n  cluster: {server: "
			  "'https://a@h'}\n" TOKEN,
		    "without user", FAULT_USAGE },
		{ CONTEXT "clusters:\n- name: k\n  cluster: {}\n" TOKEN,
		    "no server", FAULT_FORMAT },
		{ CLUSTER TOKEN, "no context is chosen", FAULT_USAGE },
		{ CONTEXT CLUSTER, "no user 'u'", FAULT_USAGE },
		{ CONTEXT TOKEN, "no cluster 'k'", FAULT_USAGE },
		{ CONTEXT CLUSTER "users:\n- name: u\n  user: {username: x, "
				  "password: y}\n",
		    "basic authentication", FAULT_USAGE },
		{ CONTEXT CLUSTER "users:\n- name: u\n  user: {auth-provider: "
				  "{name: gcp}}\n",
		    "auth-provider", FAULT_USAGE },
		{ CONTEXT CLUSTER "users:\n- name: u\n  user: {token: a, as: "
				  "admin}\n",
		    "acting as somebody else", FAULT_USAGE },
		{ CONTEXT CLUSTER "users:\n- name: u\n  user: "
				  "{client-key-data: '%%%'}\n",
		    "not base64", FAULT_FORMAT },
		{ CONTEXT CLUSTER "users:\n- name: u\n  user: "
				  "{client-certificate-data: YWJj}\n",
		    "no PEM", FAULT_FORMAT },
		{ CONTEXT CLUSTER "users:\n- name: u\n  user: {exec: "
				  "{apiVersion: "
				  "client.authentication.k8s.io/v1alpha1, "
				  "command: x}}\n",
		    "v1alpha1", FAULT_USAGE },
		{ CONTEXT CLUSTER "users:\n- name: u\n  user: {exec: "
				  "{apiVersion: client.authentication.k8s.io/"
				  "v1, command: x, interactiveMode: Always}}\n",
		    "nobody can be asked", FAULT_USAGE },
		{ CONTEXT CLUSTER TOKEN "---\na: b\n", "a second document",
		    FAULT_FORMAT },
		{ CONTEXT CLUSTER TOKEN "- name: u\n  user: {}\n",
		    "stands twice", FAULT_FORMAT },
		{ "- a\n- b\n", "no kubeconfig", FAULT_FORMAT },
		{ "a: [", "not YAML", FAULT_FORMAT },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct fault f = { 0 };
		struct kube_access a;

		if (read_config(cases[i].text, &a, &f) == 0)
			fail_msg("case %zu is taken", i);
		if (f.kind != cases[i].kind ||
		    strstr(f.text, cases[i].says) == NULL)
			fail_msg("case %zu: %d: %s", i, f.kind, f.text);
	}
}

static void
of_several_files_the_first_wins(void **state)
{
	char one[256], two[256], list[768];
	char *environment[] = { list, NULL };
	const struct request r = { .now = "2026-11-23T11:00:00Z",
		.environment = environment };
	struct fault f = { 0 };
	struct kube_access a;

	(void)state;
	write_file("one",
	    "current-context: c\nclusters:\n- name: k\n  cluster: {server: "
	    "'https://first'}\nusers:\n- name: u\n  user: {tokenFile: tok}\n",
	    one);
	write_file("two", CONTEXT CLUSTER TOKEN, two);
	(void)snprintf(
	    list, sizeof(list), "KUBECONFIG=%s:%s/none:%s", one, folder, two);
	if (access_kubeconfig(&a, &r, NULL, NULL, &f) == -1)
		fail_msg("%s", f.text);
	assert_string_equal(a.server, "https://first");
	(void)snprintf(one, sizeof(one), "%s/tok", folder);
	assert_string_equal(a.token_file, one); /* relative to its file */
	write_file("tok", "first\n", two);
	assert_int_equal(access_refresh(&a, &r, false, &f), 0);
	assert_string_equal(a.token.p, "first");
	write_file("tok", "second\n", two);
	assert_int_equal(access_refresh(&a, &r, true, &f), 0);
	assert_string_equal(a.token.p, "second");
	write_file("tok", "a b\n", two);
	assert_int_equal(access_refresh(&a, &r, true, &f), -1);
	access_free(&a);
}

static void
plugin(const char *script, const char *says)
{
	static const struct request r = { .now = "2026-11-23T11:00:00Z" };
	struct fault f = { 0 };
	struct kube_access a;
	char path[256];

	write_file("plugin", script, path);
	if (read_config(CONTEXT CLUSTER
		"users:\n- name: u\n  user:\n    exec:\n      apiVersion: "
		"client.authentication.k8s.io/v1\n      command: ./plugin\n"
		"      args: [tok]\n      env: [{name: PART, value: en}]\n",
		&a, &f) == -1)
		fail_msg("%s", f.text);
	if (access_refresh(&a, &r, false, &f) == 0) {
		assert_string_equal(a.token.p, says);
		assert_true(a.token_due > 0);
	} else if (strstr(f.text, says) == NULL) {
		fail_msg("%s", f.text);
	}
	access_free(&a);
}

static void
a_plugin_brings_a_token_or_a_clear_text(void **state)
{
#define ANSWER(version, status)                                                \
	"#!/bin/sh\necho "                                                     \
	"'{\"apiVersion\":\"client.authentication.k8s.io/" version             \
	"\",\"kind\":\"ExecCredential\",\"status\":{" status "}}'\n"
	(void)state;
	plugin(ANSWER("v1", "\"token\":\"'$1$PART'\",\"expirationTimestamp\":"
			    "\"2026-11-23T12:00:00Z\""),
	    "token");
	plugin(ANSWER("v1beta1", "\"token\":\"x\""), "asked was");
	plugin(ANSWER("v1", ""), "neither a token nor");
	plugin(ANSWER("v1", "\"token\":\"a b\""), "control character");
	plugin("#!/bin/sh\necho no\n", "no JSON");
	plugin("#!/bin/sh\nexit 3\n", "status 3");
}

static void
a_pod_has_its_service_account(void **state)
{
	char host[] = "KUBERNETES_SERVICE_HOST=fd00::1";
	char port[] = "KUBERNETES_SERVICE_PORT=443";
	char *environment[] = { host, port, NULL };
	const struct request r = { .environment = environment };
	struct fault f = { 0 };
	struct kube_access a;
	char path[256];

	(void)state;
	assert_int_equal(access_in_cluster(&a, &r, "/nowhere", &f), -1);
	assert_int_equal(f.kind, FAULT_ABSENT);
	write_file("token", "t", path);
	write_file("ca.crt", "-----BEGIN CERTIFICATE-----\n", path);
	if (access_in_cluster(&a, &r, folder, &f) == -1)
		fail_msg("%s", f.text);
	assert_string_equal(a.server, "https://[fd00::1]:443");
	assert_null(a.cluster);
	access_free(&a);
}

static int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
remove_folder(void **state)
{
	static const char *const names[] = { "config", "one", "two", "tok",
		"plugin", "token", "ca.crt" };
	char path[256];

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kubeconfig_is_read),
		cmocka_unit_test(what_is_refused_is_told),
		cmocka_unit_test(of_several_files_the_first_wins),
		cmocka_unit_test(a_plugin_brings_a_token_or_a_clear_text),
		cmocka_unit_test(a_pod_has_its_service_account),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
