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
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
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
	char renewed[512];  /* and what it was asked with */
	char bearer[128];   /* token the portal was asked with */
	const char *signin; /* CreateOAuth2Token's answer, */
	long signin_status;
	char proof[1024]; /* and the proof it was asked with */
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
	if (strstr(r->url, "/v1/token") != NULL && r->body != NULL) {
		(void)snprintf(played_by.renewed, sizeof(played_by.renewed),
		    "%.*s", (int)r->body_len, r->body);
		(void)snprintf(played_by.proof, sizeof(played_by.proof), "%s",
		    r->headers[1]);
		*status = played_by.signin_status;
		return played_by.signin;
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
	assert_int_equal(played_by.asked, 0);
	(void)snprintf(text, sizeof(text), form, "2026-11-23T23:59:59Z");
	put_file(login_file, text);
	refused("person", "has ended, and was not renewed: no region is set");
	for (size_t i = 0; i < LENGTH(wrong_shapes); i++) {
		put_file(login_file, wrong_shapes[i]);
		refused("person", "profile person: ");
	}
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		put_file(login_file, wrong[i]);
		refused("person", "profile person: ");
	}
}

/* A key as a JSON text has it, made anew by each run. */
static char login_key[512];

static bool
make_login_key(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *out = BIO_new(BIO_s_mem());
	char *pem = NULL;
	long len;
	size_t n = 0;

	if (key == NULL || PEM_write_bio_PrivateKey_traditional(
			       out, key, NULL, NULL, 0, NULL, NULL) != 1)
		return false;
	len = BIO_get_mem_data(out, &pem);
	for (long i = 0; i < len && n + 3 < sizeof(login_key); i++) {
		if (pem[i] == '\n')
			login_key[n++] = '\\';
		login_key[n++] = pem[i] == '\n' ? 'n' : pem[i];
	}
	EVP_PKEY_free(key);
	(void)BIO_free(out);
	return n > 0;
}

/* The file of the session, with that key where it says @KEY@. */
static const char *
put_login(const char *form)
{
	static char text[4096];
	const char *at = strstr(form, "@KEY@");

	if (at == NULL)
		(void)snprintf(text, sizeof(text), "%s", form);
	else
		(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - form),
		    form, login_key, at + strlen("@KEY@"));
	put_file(login_file, text);
	return text;
}

#define LOGIN(expires, more)                                                   \
	"{\"accessToken\":{\"accessKeyId\":\"ASIAOLD\",\"secretAccessKey\":"   \
	"\"s\",\"sessionToken\":\"t\",\"accountId\":\"111122223333\","         \
	"\"expiresAt\":\"" expires "\"},\"tokenType\":\"aws_sigv4\""           \
	",\"idToken\":\"i\"" more "}"
#define PROVES                                                                 \
	",\"refreshToken\":\"r1\",\"clientId\":"                               \
	"\"arn:aws:signin:::devtools/same-device\",\"dpopKey\":\"@KEY@\""
static const char signin_answer[] =
    "{\"accessToken\":{\"accessKeyId\":\"ASIANEW\",\"secretAccessKey\":"
    "\"s2\",\"sessionToken\":\"t2\"},\"tokenType\":\"aws_sigv4\","
    "\"expiresIn\":900,\"refreshToken\":\"r2\"}";

/* The JSON of a part of a JWT; the caller's. */
static json_t *
part_of(const char *p, size_t len)
{
	BUF_AUTO(text, 1024);
	BUF_AUTO(padded, 1024);
	json_t *v;

	for (size_t i = 0; i < len; i++)
		buf_putc(&padded, p[i] == '-' ? '+' : p[i] == '_' ? '/' : p[i]);
	for (; len % 4 != 0; len++)
		buf_putc(&padded, '=');
	assert_true(base64_read(&text, padded.p, padded.len));
	v = json_loadb(text.p, text.len, 0, NULL);
	assert_non_null(v);
	return v;
}

/* It says what it has to; botocore's own is compared in aws_botocore.sh. */
static void
proof_is_of(const char *url)
{
	const char *head = played_by.proof + strlen("DPoP: ");
	const char *claims = strchr(head, '.') + 1;
	const char *signature = strchr(claims, '.') + 1;
	json_t *h = part_of(head, strcspn(head, "."));
	json_t *c = part_of(claims, strcspn(claims, "."));
	const json_t *jwk = json_object_get(h, "jwk");

	assert_string_equal(
	    json_string_value(json_object_get(h, "typ")), "dpop+jwt");
	assert_string_equal(
	    json_string_value(json_object_get(h, "alg")), "ES256");
	assert_int_equal(json_object_size(jwk), 4); /* and no private part */
	assert_int_equal(json_string_length(json_object_get(jwk, "x")), 43);
	assert_int_equal(json_string_length(json_object_get(jwk, "y")), 43);
	assert_string_equal(json_string_value(json_object_get(c, "htu")), url);
	assert_string_equal(
	    json_string_value(json_object_get(c, "htm")), "POST");
	assert_int_equal(json_integer_value(json_object_get(c, "iat")) / 60,
	    1795478400 / 60);
	assert_int_equal(strlen(signature), 86); /* 64 bytes */
	json_decref(h);
	json_decref(c);
}

#define REGION "AWS_REGION=us-east-1"

static void
a_login_session_that_ends_is_renewed_and_its_file_too(void **state)
{
	static const char *const ends[] = { LOGIN(
						"2026-11-24T00:04:00Z", PROVES),
		LOGIN("2026-11-23T20:00:00Z", PROVES) };
	static const char *const kept[] = { "\"ASIANEW\"", "\"s2\"", "\"t2\"",
		"\"r2\"", "\"111122223333\"", "\"2026-11-24T00:15:00Z\"",
		"\"idToken\": \"i\"", "BEGIN EC PRIVATE KEY" };
	struct fault f = { 0 };
	char id[64];

	(void)state;
	played_by.signin = signin_answer;
	played_by.signin_status = 200;
	for (size_t i = 0; i < LENGTH(ends); i++) {
		BUF_AUTO(text, 8192);

		(void)put_login(ends[i]);
		if (keys_of("person", REGION, id, &f) == -1)
			fail_msg("%s", f.text);
		assert_string_equal(id, "ASIANEW");
		assert_int_equal(played_by.asked, 1);
		assert_non_null(
		    strstr(played_by.renewed, "\"refreshToken\":\"r1\""));
		assert_non_null(strstr(
		    played_by.renewed, "\"grantType\":\"refresh_token\""));
		assert_null(strstr(played_by.renewed, "PRIVATE"));
		proof_is_of("https://us-east-1.signin.aws.amazon.com/v1/token");
		get_file(login_file, &text);
		for (size_t k = 0; k < LENGTH(kept); k++)
			if (strstr(text.p, kept[k]) == NULL)
				fail_msg("%s is not in %s", kept[k], text.p);
		assert_null(strstr(text.p, "ASIAOLD"));
	}
	(void)put_login(ends[1]);
	assert_int_equal(
	    keys_of("person", "AWS_REGION=us-gov-west-1", id, &f), 0);
	proof_is_of(
	    "https://us-gov-west-1.signin.amazonaws-us-gov.com/v1/token");
	(void)put_login(ends[1]);
	assert_int_equal(keys_of("person", "AWS_REGION=cn-north-1", id, &f), 0);
	proof_is_of("https://cn-north-1.signin.amazonaws.cn/v1/token");
}

static void
refused_in_region(const char *says)
{
	struct fault f = { 0 };
	char id[64];

	if (keys_of("person", REGION, id, &f) != -1)
		fail_msg("keys %s, and not '%s'", id, says);
	if (strstr(f.text, says) == NULL)
		fail_msg("'%s' does not say '%s'", f.text, says);
}

static void
a_login_session_that_cannot_be_renewed_is_told(void **state)
{
	static const char over[] = LOGIN("2026-11-23T20:00:00Z", PROVES);
	static const char *const lacks[][2] = {
		{ LOGIN("2026-11-23T20:00:00Z", ""), "no refreshToken" },
		{ LOGIN("2026-11-23T20:00:00Z", ",\"refreshToken\":\"r\""),
		    "no dpopKey" },
		{ LOGIN("2026-11-23T20:00:00Z",
		      ",\"refreshToken\":\"r\",\"dpopKey\":\"x\""),
		    "no clientId" },
		{ LOGIN("2026-11-23T20:00:00Z",
		      ",\"refreshToken\":\"r\",\"dpopKey\":\"x\","
		      "\"clientId\":\"c\""),
		    "no private key on P-256" },
	};
	struct fault f = { 0 };
	const char *left;
	char id[64];

	(void)state;
	played_by.signin_status = 200;
	assert_true(strlen(login_key) > 100);
	for (size_t i = 0; i < LENGTH(wrong_shapes); i++) {
		BUF_AUTO(text, 8192);

		played_by.signin = wrong_shapes[i];
		left = put_login(over);
		refused_in_region("was not renewed: renewing it");
		get_file(login_file, &text);
		assert_string_equal(text.p, left);
	}
	played_by.signin =
	    "{\"accessToken\":{\"accessKeyId\":\"A\",\"secretAccessKey\":"
	    "\"s\",\"sessionToken\":\"t\"},\"expiresIn\":86400,"
	    "\"refreshToken\":\"r2\"}";
	refused_in_region("86400 seconds");
	played_by.signin = "{\"error\":\"TOKEN_EXPIRED\",\"message\":\"m\"}";
	played_by.signin_status = 401;
	refused_in_region("HTTP 401, TOKEN_EXPIRED; run 'aws login --profile "
			  "person'");
	played_by.asked = 0;
	for (size_t i = 0; i < LENGTH(lacks); i++) {
		(void)put_login(lacks[i][0]);
		refused_in_region(lacks[i][1]);
		assert_int_equal(played_by.asked, 0);
	}
	/* keys that live are used to their end */
	put_file(login_file, LOGIN("2026-11-24T00:04:00Z", ""));
	assert_int_equal(keys_of("person", REGION, id, &f), 0);
	assert_string_equal(id, "ASIAOLD");
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
	if (mkdtemp(folder) == NULL || !make_login_key() ||
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
		cmocka_unit_test(
		    a_login_session_that_ends_is_renewed_and_its_file_too),
		cmocka_unit_test(
		    a_login_session_that_cannot_be_renewed_is_told),
		cmocka_unit_test(the_region_is_the_instances_where_none_is_set),
		cmocka_unit_test(a_section_without_its_word_is_told),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
