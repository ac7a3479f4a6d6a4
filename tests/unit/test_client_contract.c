/*
 * Every wrong shape of tests/wrong_shapes.h as the answer of whoever hands out
 * keys (instance metadata, containers, IAM Identity Center, STS), and of EKS
 * when a cluster is looked up by its name: never keys, never a cluster.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/length.h"
#include "base/text.h"
#include "collector/aws_client/credentials.h"
#include "collector/aws_client/session.h"
#include "collector/kube/cluster_access.h"
#include "tests/unit/http_played.h"
#include "tests/wrong_shapes.h"

extern const struct text report_text[]; /* the catalogues */

/* ---- who answers ---- */

static const char *good_until; /* URLs with this in them answer well */
static const char *body;       /* of all others */
static size_t asked;

static const char *
played(const struct http_request *r, long *status, size_t *len)
{
	(void)status;
	(void)len;
	if (good_until != NULL && strstr(r->url, good_until) != NULL)
		return "abcd";
	asked++;
	return body;
}

/* ---- who asks ---- */

static char folder[] = "/tmp/exhibit-client-XXXXXX";
static char home[128];

static const char config[] =
    "[profile sso]\n"
    "sso_session = corp\nsso_account_id = 111122223333\n"
    "sso_role_name = audit\n"
    "[sso-session corp]\nsso_region = us-east-1\n"
    "sso_start_url = https://corp.example/start\n"
    "[profile role]\n"
    "role_arn = arn:aws:iam::111122223333:role/audit\n"
    "source_profile = keys\n"
    "[profile keys]\naws_access_key_id = AKIAX\n"
    "aws_secret_access_key = x\n";

static const struct {
	const char *about, *profile, *good;
	const char *environment[4];
} sources[] = {
	{ "instance metadata, token", NULL, NULL, { NULL } },
	{ "instance metadata, role", NULL, "/latest/api/token", { NULL } },
	{ "container", NULL, NULL,
	    { "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x", NULL } },
	{ "SSO", "sso", NULL, { NULL } },
	{ "AssumeRole", "role", NULL, { NULL } },
};

static void
no_wrong_shape_is_keys(void **state)
{
	struct fault none = { 0 };
	struct crypto *crypto = crypto_new(false, &none);

	(void)state;
	for (size_t i = 0; i < LENGTH(sources); i++)
		for (size_t k = 0; k < LENGTH(wrong_shapes); k++) {
			char *environment[4] = { home,
				(char *)sources[i].environment[0], NULL, NULL };
			struct request r = { .now = "2026-11-24T00:00:00Z",
				.environment = environment,
				.texts = report_text,
				.crypto = crypto };
			struct fault f = { 0 };
			struct aws_session *s =
			    aws_session_new(&r, sources[i].profile, &f);
			struct aws_credentials *c;
			struct sigv4_key key;

			assert_non_null(s);
			good_until = sources[i].good;
			body = wrong_shapes[k];
			asked = 0;
			c = credentials_find(s, sources[i].profile, &f);
			if (c == NULL)
				fail_msg("%s: %s", sources[i].about, f.text);
			if (credentials_key(c, &key, &f) != -1)
				fail_msg("%s: keys of '%s'", sources[i].about,
				    wrong_shapes[k]);
			if (asked == 0)
				fail_msg("%s was not asked: %s",
				    sources[i].about, f.text);
			assert_true(f.text[0] != '\0');
			credentials_free(c);
			aws_session_free(s);
		}
	crypto_free(crypto);
}

/* ---- a cluster by its name ---- */

#define CLUSTER(name, endpoint, ca)                                            \
	"{\"cluster\":{\"name\":" name ",\"endpoint\":" endpoint               \
	",\"certificateAuthority\":{\"data\":" ca "}}}"

static int
look_up(const char *text, struct crypto *crypto, struct fault *f)
{
	char *environment[] = { home, (char *)"AWS_ACCESS_KEY_ID=AKIAX",
		(char *)"AWS_SECRET_ACCESS_KEY=x", NULL };
	const struct request_option options[] = { { "eks-region",
	    "us-east-1" } };
	struct request r = { .now = "2026-11-24T00:00:00Z",
		.environment = environment,
		.options = options,
		.noptions = 1,
		.texts = report_text,
		.crypto = crypto };
	struct kube_access a;
	int rc;

	good_until = NULL;
	body = text;
	asked = 0;
	rc = access_eks_cluster(&a, &r, "prod", f);
	if (rc == 0)
		access_free(&a);
	return rc;
}

static void
no_wrong_shape_is_a_cluster(void **state)
{
	static const char *const others[] = {
		"{\"cluster\":null}",
		"{\"cluster\":\"prod\"}",
		"{\"cluster\":[]}",
		"{\"cluster\":{}}",
		"{\"cluster\":{\"name\":\"prod\"}}",
		CLUSTER("\"other\"", "\"https://e.example\"", "\"YQ==\""),
		CLUSTER("null", "\"https://e.example\"", "\"YQ==\""),
		CLUSTER("\"prod\"", "\"http://e.example\"", "\"YQ==\""),
		CLUSTER("\"prod\"", "\"\"", "\"YQ==\""),
		CLUSTER("\"prod\"", "7", "\"YQ==\""),
		CLUSTER("\"prod\"", "\"https://e.example\"", "\"<html>\""),
		CLUSTER("\"prod\"", "\"https://e.example\"", "null"),
	};
	struct fault f = { 0 };
	struct crypto *crypto = crypto_new(false, &f);

	(void)state;
	if (look_up(CLUSTER("\"prod\"", "\"https://e.example\"", "\"YQ==\""),
		crypto, &f) == -1)
		fail_msg("the good answer: %s", f.text);
	for (size_t i = 0; i < LENGTH(wrong_shapes) + LENGTH(others); i++) {
		const char *text = i < LENGTH(wrong_shapes)
				       ? wrong_shapes[i]
				       : others[i - LENGTH(wrong_shapes)];

		f = (struct fault){ 0 };
		if (look_up(text, crypto, &f) != -1)
			fail_msg("a cluster of '%s'", text);
		assert_true(asked > 0 && f.text[0] != '\0');
	}
	crypto_free(crypto);
}

static int
make_home(void **state)
{
	static const char token[] =
	    "{\"startUrl\":\"https://corp.example/start\",\"region\":"
	    "\"us-east-1\",\"accessToken\":\"t\",\"expiresAt\":"
	    "\"2026-11-25T00:00:00Z\"}";
	struct fault f;
	char command[512];

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(
	    command, sizeof(command), "mkdir -p %s/.aws/sso/cache", folder);
	if (system(command) != 0)
		return -1;
	(void)snprintf(home, sizeof(home), "HOME=%s", folder);
	(void)snprintf(command, sizeof(command), "%s/.aws/config", folder);
	if (file_write(command, config, strlen(config), 0600, &f) == -1)
		return -1;
	/* SHA-1 of "corp" */
	(void)snprintf(command, sizeof(command),
	    "%s/.aws/sso/cache/"
	    "ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
	    folder);
	return file_write(command, token, strlen(token), 0600, &f);
}

static int
remove_home(void **state)
{
	char command[256];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) == 0 ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_wrong_shape_is_keys),
		cmocka_unit_test(no_wrong_shape_is_a_cluster),
	};

	return cmocka_run_group_tests(tests, make_home, remove_home);
}
