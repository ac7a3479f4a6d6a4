/*
 * Credentials as the aws command has them: SSO sessions and their renewal,
 * 'aws login' sessions, the instance's region, and what is told of a profile
 * that is not there. Who answers is played.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/length.h"
#include "base/text.h"
#include "collector/aws_client/credentials.h"
#include "collector/aws_client/session.h"
#include "tests/unit/http_played.h"
#include "tests/wrong_shapes.h"

extern const struct text report_text[]; /* the catalogues */

/* ---- who answers ---- */

static struct {
	const char *oidc; /* CreateToken's answer, */
	long oidc_status;
	char renewed[512]; /* and what it was asked with */
	char bearer[128];  /* token the portal was asked with */
	const char *region;
	size_t asked;
	char url[256]; /* of the last request */
} played_by;

static const char portal_answer[] =
    "{\"roleCredentials\":{\"accessKeyId\":\"ASIASSO\",\"secretAccessKey\":"
    "\"s\",\"sessionToken\":\"t\",\"expiration\":1795600000000}}";

static const char *
played(const struct http_request *r, long *status, size_t *len)
{
	(void)len;
	played_by.asked++;
	(void)snprintf(played_by.url, sizeof(played_by.url), "%s", r->url);
	if (strstr(r->url, "/token") != NULL && r->body != NULL &&
	    strstr(r->url, "oidc.") != NULL) {
		(void)snprintf(played_by.renewed, sizeof(played_by.renewed),
		    "%.*s", (int)r->body_len, r->body);
		*status = played_by.oidc_status;
		return played_by.oidc;
	}
	if (strstr(r->url, "/federation/credentials") != NULL) {
		(void)snprintf(played_by.bearer, sizeof(played_by.bearer), "%s",
		    strchr(r->headers[0], ' ') + 1);
		return portal_answer;
	}
	if (strstr(r->url, "/latest/api/token") != NULL)
		return "abc";
	if (strstr(r->url, "/placement/region") != NULL)
		return played_by.region;
	*status = 404;
	return "";
}

/* ---- the user ---- */

#define CORP "ee0bfd2552fbd840c02cc48b6e823320543c450f" /* SHA-1 of "corp" */

static char folder[] = "/tmp/exhibit-credentials-XXXXXX";
static char home[128];
static struct crypto *crypto;

static const char config[] =
    "[profile sso]\n"
    "sso_session = corp\nsso_account_id = 111122223333\n"
    "sso_role_name = audit\n"
    "[sso-session corp]\nsso_region = us-east-1\n"
    "sso_start_url = https://corp.example/start\n"
    "[profile older]\n"
    "sso_start_url = https://corp.example/start\nsso_region = us-east-1\n"
    "sso_account_id = 111122223333\nsso_role_name = audit\n"
    "[profile person]\n"
    "login_session = arn:aws:iam::111122223333:user/ann\n"
    "[bare]\nregion = us-east-1\n";

static void
put_file(const char *name, const char *text)
{
	struct fault f;
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/.aws/%s", folder, name);
	if (file_write(path, text, strlen(text), 0644, &f) == -1)
		fail_msg("%s", f.text);
}

static void
get_file(const char *name, struct buf *out)
{
	struct fault f;
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/.aws/%s", folder, name);
	assert_int_equal(file_read(path, out, &f), 0);
}

static void
drop_file(const char *name)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/.aws/%s", folder, name);
	(void)unlink(path);
}

#define NOW "2026-11-24T00:00:00Z"

/* Keys of a profile: 0, and id; -1 with why. */
static int
keys_of(const char *profile, const char *variable, char id[64], struct fault *f)
{
	char *environment[] = { home, (char *)variable, NULL };
	struct request r = { .now = NOW,
		.environment = environment,
		.texts = report_text,
		.crypto = crypto };
	struct aws_session *s = aws_session_new(&r, profile, f);
	struct aws_credentials *c;
	struct sigv4_key key;
	int rc = -1;

	assert_non_null(s);
	played_by.asked = 0;
	played_by.renewed[0] = played_by.bearer[0] = '\0';
	if ((c = credentials_find(s, profile, f)) != NULL &&
	    (rc = credentials_key(c, &key, f)) == 0)
		(void)snprintf(id, 64, "%s", key.id);
	credentials_free(c);
	aws_session_free(s);
	return rc;
}

static void
refused(const char *profile, const char *says)
{
	struct fault f = { 0 };
	char id[64];

	if (keys_of(profile, NULL, id, &f) != -1)
		fail_msg("%s: keys %s", profile, id);
	if (strstr(f.text, says) == NULL)
		fail_msg("'%s' does not say '%s'", f.text, says);
}

/* ---- SSO ---- */

#define TOKEN(access, expires, more)                                           \
	"{\"startUrl\":\"https://corp.example/start\",\"region\":"             \
	"\"us-east-1\",\"accessToken\":\"" access                              \
	"\",\"expiresAt\":\"" expires "\"" more "}"
#define RENEWS                                                                 \
	",\"clientId\":\"c1\",\"clientSecret\":\"c2\","                        \
	"\"registrationExpiresAt\":\"2027-01-01T00:00:00Z\","                  \
	"\"refreshToken\":\"r1\""

static void
a_session_has_a_file_of_its_own(void **state)
{
	struct fault f = { 0 };
	char id[64];

	(void)state;
	put_file("sso/cache/other.json",
	    TOKEN("of-another", "2026-11-26T00:00:00Z", ""));
	put_file("sso/cache/" CORP ".json",
	    TOKEN("own", "2026-11-25T00:00:00Z", ""));
	assert_int_equal(keys_of("sso", NULL, id, &f), 0);
	assert_string_equal(id, "ASIASSO");
	assert_string_equal(played_by.bearer, "own");
	assert_string_equal(played_by.renewed, "");
	assert_int_equal(keys_of("older", NULL, id, &f), 0);
	assert_string_equal(played_by.bearer, "of-another");
	drop_file("sso/cache/other.json");
}

static void
a_token_that_ends_is_renewed_and_its_file_too(void **state)
{
	static const char *const ends[] = { "2020-01-01T00:00:00Z",
		"2026-11-24T00:10:00Z" };

	(void)state;
	played_by.oidc_status = 200;
	for (size_t i = 0; i < LENGTH(ends); i++) {
		BUF_AUTO(text, 65536);
		struct fault f = { 0 };
		struct stat st;
		char id[64], path[512], token[1024];

		(void)snprintf(
		    token, sizeof(token), TOKEN("old", "%s", RENEWS), ends[i]);
		put_file("sso/cache/" CORP ".json", token);
		played_by.oidc = "{\"accessToken\":\"new\",\"expiresIn\":28800,"
				 "\"refreshToken\":\"r2\",\"tokenType\":"
				 "\"Bearer\"}";
		if (keys_of("sso", NULL, id, &f) == -1)
			fail_msg("%s", f.text);
		assert_string_equal(played_by.bearer, "new");
		assert_string_equal(played_by.renewed,
		    "{\"grantType\":\"refresh_token\",\"clientId\":\"c1\","
		    "\"clientSecret\":\"c2\",\"refreshToken\":\"r1\"}");
		get_file("sso/cache/" CORP ".json", &text);
		assert_string_equal(text.p,
		    "{\"startUrl\": \"https://corp.example/start\", "
		    "\"region\": \"us-east-1\", \"accessToken\": \"new\", "
		    "\"expiresAt\": \"2026-11-24T08:00:00Z\", \"clientId\": "
		    "\"c1\", \"clientSecret\": \"c2\", "
		    "\"registrationExpiresAt\": \"2027-01-01T00:00:00Z\", "
		    "\"refreshToken\": \"r2\"}");
		(void)snprintf(path, sizeof(path),
		    "%s/.aws/sso/cache/" CORP ".json", folder);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

/* Nothing is written that was not said, and the person is told why not. */
static void
a_renewal_that_fails_leaves_the_file_and_is_told(void **state)
{
	static const char over[] = TOKEN("old", "2020-01-01T00:00:00Z", RENEWS);
	static const char *const parts[] = { "{\"accessToken\":\"a\"}",
		"{\"accessToken\":\"\",\"expiresIn\":9}",
		"{\"accessToken\":7,\"expiresIn\":9}",
		"{\"accessToken\":\"a\",\"expiresIn\":\"9\"}",
		"{\"accessToken\":\"a\",\"expiresIn\":9,\"refreshToken\":{}}" };
	size_t n = LENGTH(wrong_shapes);

	(void)state;
	for (size_t i = 0; i <= n + LENGTH(parts); i++) {
		BUF_AUTO(text, 65536);

		put_file("sso/cache/" CORP ".json", over);
		played_by.oidc_status = i == 0 ? 400 : 200;
		played_by.oidc = i == 0	  ? "{\"error\":\"invalid_grant\"}"
				 : i <= n ? wrong_shapes[i - 1]
					  : parts[i - n - 1];
		refused("sso", "has expired, and was not renewed: renewing it");
		get_file("sso/cache/" CORP ".json", &text);
		assert_string_equal(text.p, over);
	}
}

static void
what_cannot_be_renewed_is_told(void **state)
{
	struct fault f = { 0 };
	char id[64];

	(void)state;
	put_file("sso/cache/" CORP ".json",
	    TOKEN("old", "2020-01-01T00:00:00Z", ""));
	refused("sso", "no refreshToken to renew it with; run 'aws sso login");
	assert_int_equal(played_by.asked, 0);
	put_file("sso/cache/" CORP ".json",
	    TOKEN("old", "2020-01-01T00:00:00Z",
		",\"clientId\":\"c1\",\"clientSecret\":\"c2\","
		"\"registrationExpiresAt\":\"2026-11-01T00:00:00Z\","
		"\"refreshToken\":\"r1\""));
	refused("sso", "registration it would be renewed with has expired");
	/* the older form is never renewed, and a live token is used */
	refused("older", "its SSO session has expired; run");
	played_by.oidc_status = 400;
	played_by.oidc = "{}";
	put_file("sso/cache/" CORP ".json",
	    TOKEN("short", "2026-11-24T00:05:00Z", RENEWS));
	assert_int_equal(keys_of("sso", NULL, id, &f), 0);
	assert_string_equal(played_by.bearer, "short");
	drop_file("sso/cache/" CORP ".json");
	refused("sso", "nobody has logged in");
}

/* ---- aws login ---- */

/* SHA-256 of "arn:aws:iam::111122223333:user/ann" */
static char login_file[160];

static void
keys_of_a_login_session_are_used_until_they_end(void **state)
{
	static const char form[] =
	    "{\"accessToken\":{\"accessKeyId\":\"ASIALOGIN\","
	    "\"secretAccessKey\":\"s\",\"sessionToken\":\"t\",\"accountId\":"
	    "\"111122223333\",\"expiresAt\":\"%s\"},\"tokenType\":"
	    "\"urn:aws:params:oauth:token-type:access_token_sigv4\","
	    "\"refreshToken\":\"r\",\"clientId\":\"c\",\"dpopKey\":\"-\"}";
	static const char *const wrong[] = { "{\"accessToken\":null}",
		"{\"accessToken\":{}}", "{\"accessToken\":[]}",
		("{\"accessToken\":{\"accessKeyId\":\"A\","
		 "\"secretAccessKey\":\"s\",\"sessionToken\":\"t\"}}"),
		"{\"accessToken\":{\"expiresAt\":\"2026-12-01T00:00:00Z\"}}" };
	struct fault f = { 0 };
	char id[64], text[1024], variable[256];

	(void)state;
	refused("person", "nobody has logged in to its session");
	(void)snprintf(text, sizeof(text), form, "2026-11-24T00:14:00Z");
	put_file(login_file, text);
	if (keys_of("person", NULL, id, &f) == -1)
		fail_msg("%s", f.text);
	assert_string_equal(id, "ASIALOGIN");
	(void)snprintf(variable, sizeof(variable),
	    "AWS_LOGIN_CACHE_DIRECTORY=%s/.aws/elsewhere", folder);
	assert_int_equal(keys_of("person", variable, id, &f), -1);
	(void)snprintf(variable, sizeof(variable),
	    "AWS_LOGIN_CACHE_DIRECTORY=~/.aws/login/cache");
	assert_int_equal(keys_of("person", variable, id, &f), 0);
	(void)snprintf(text, sizeof(text), form, "2026-11-23T23:59:59Z");
	put_file(login_file, text);
	refused("person", "has ended; run 'aws login --profile person'");
	for (size_t i = 0; i < LENGTH(wrong_shapes); i++) {
		put_file(login_file, wrong_shapes[i]);
		refused("person", "profile person: ");
	}
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		put_file(login_file, wrong[i]);
		refused("person", "profile person: ");
	}
}

/* ---- the rest ---- */

static void
the_region_is_the_instances_where_none_is_set(void **state)
{
	static const struct {
		const char *variable, *answer, *region;
	} cases[] = {
		{ NULL, "eu-central-1", "eu-central-1" },
		{ "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1/",
		    "eu-central-1", "eu-central-1" },
		{ "AWS_EC2_METADATA_DISABLED=TRUE", "eu-central-1", NULL },
		{ "AWS_EC2_METADATA_DISABLED=true", "eu-central-1", NULL },
		{ "AWS_REGION=us-west-2", "eu-central-1", "us-west-2" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases) + LENGTH(wrong_shapes); i++) {
		bool wrong = i >= LENGTH(cases);
		char *environment[] = { home,
			(char *)(wrong ? NULL : cases[i].variable), NULL };
		struct request r = { .now = NOW,
			.environment = environment,
			.texts = report_text,
			.crypto = crypto };
		struct fault f = { 0 };
		struct aws_session *s = aws_session_new(&r, NULL, &f);
		const char *got;

		assert_non_null(s);
		played_by.region =
		    wrong ? wrong_shapes[i - LENGTH(cases)] : cases[i].answer;
		got = aws_session_region(s);
		if (wrong || cases[i].region == NULL)
			assert_null(got);
		else
			assert_string_equal(got, cases[i].region);
		assert_null(strstr(played_by.url + 8, "//"));
		aws_session_free(s);
	}
}

static void
a_section_without_its_word_is_told(void **state)
{
	(void)state;
	refused("bare", "the config file has [bare], which there must read "
			"[profile NAME]");
	refused("nobody", "neither in ~/.aws/config nor in ~/.aws/credentials");
}

static int
set_up(void **state)
{
	static const char session[] = "arn:aws:iam::111122223333:user/ann";
	struct fault f = { 0 };
	uint8_t digest[SHA256_LEN];
	char hex[SHA256_HEX], command[512];

	(void)state;
	crypto = crypto_new(false, &f);
	if (mkdtemp(folder) == NULL ||
	    digest_sha256(crypto, session, strlen(session), digest, &f) == -1)
		return -1;
	hex_encode(digest, SHA256_LEN, hex);
	(void)snprintf(
	    login_file, sizeof(login_file), "login/cache/%s.json", hex);
	(void)snprintf(command, sizeof(command),
	    "mkdir -p %s/.aws/sso/cache %s/.aws/login/cache", folder, folder);
	if (system(command) != 0)
		return -1;
	(void)snprintf(home, sizeof(home), "HOME=%s", folder);
	put_file("config", config);
	return 0;
}

static int
tear_down(void **state)
{
	char command[256];

	(void)state;
	crypto_free(crypto);
	(void)snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) == 0 ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_has_a_file_of_its_own),
		cmocka_unit_test(a_token_that_ends_is_renewed_and_its_file_too),
		cmocka_unit_test(
		    a_renewal_that_fails_leaves_the_file_and_is_told),
		cmocka_unit_test(what_cannot_be_renewed_is_told),
		cmocka_unit_test(
		    keys_of_a_login_session_are_used_until_they_end),
		cmocka_unit_test(the_region_is_the_instances_where_none_is_set),
		cmocka_unit_test(a_section_without_its_word_is_told),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
