/*
 * IAM Identity Center: the token that 'aws sso login' left in
 * ~/.aws/sso/cache, given for a role's keys (IAM Identity Center Portal API,
 * GetRoleCredentials). The file of a session is named by the SHA-1 of its name,
 * that of the older form by the SHA-1 of the start URL; a file of another name
 * with that start URL in it serves where there is none.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/digest.h"
#include "collector/aws_client/credentials_parts.h"
#include "collector/aws_client/aws_host.h"
#include "base/file.h"
#include "collector/aws_client/aws_profile.h"
#include "base/utc.h"

#define CACHE_FILES_MAX 1000
#define SHA1_LEN 20 /* names a file, and protects nothing */
#define RENEW_S 900 /* this long before its end a token is renewed */

static const struct aws_service portal = { .name = "portal.sso",
	.protocol = AWS_REST_JSON };

/* ---- the cache ---- */

/* Is this the token for that start URL? New reference or NULL. */
static json_t *
token_of(const char *path, const char *start_url)
{
	struct buf text = { .max = AWS_FILE_MAX };
	struct fault none;
	json_t *v = NULL;
	const char *url;

	if (file_read(path, &text, &none) == 0)
		v = json_loadb(text.p != NULL ? text.p : "", text.len,
		    JSON_REJECT_DUPLICATES, NULL);
	buf_wipe(&text);
	url = json_string_value(json_object_get(v, "startUrl"));
	if (url != NULL && strcmp(url, start_url) == 0 &&
	    json_is_string(json_object_get(v, "accessToken")))
		return v;
	json_decref(v);
	return NULL;
}

/* The name of the session's own file; "": SHA-1 cannot be had. */
static void
own_name(
    const struct aws_credentials *c, struct span of, char *out, size_t size)
{
	const struct crypto *crypto = c->s->request->crypto;
	EVP_MD *md = crypto == NULL ? NULL
				    : EVP_MD_fetch(crypto_libctx(crypto),
					  "SHA1", crypto_propq(crypto));
	uint8_t digest[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1] = "";
	unsigned len = 0;

	if (md != NULL &&
	    EVP_Digest(of.p, of.len, digest, &len, md, NULL) == 1 &&
	    len == SHA1_LEN)
		hex_encode(digest, len, hex);
	EVP_MD_free(md);
	(void)snprintf(out, size, "%s%s", hex, hex[0] != '\0' ? ".json" : "");
}

/* Of several for one start URL the one that lasts longest: each session and
 * the older form leave a file of their own. */
static json_t *
search(const struct aws_credentials *c, struct buf *path)
{
	json_t *best = NULL, *v;
	struct dirent *d;
	DIR *dir = opendir(c->path);
	int64_t ends = 0, when;
	int n = 0;

	if (dir == NULL)
		return NULL;
	while ((d = readdir(dir)) != NULL && n++ < CACHE_FILES_MAX) {
		BUF_AUTO(one, 4096);

		if (strstr(d->d_name, ".json") == NULL)
			continue;
		buf_printf(&one, "%s/%s", c->path, d->d_name);
		if (one.p == NULL ||
		    (v = token_of(one.p, c->external_id)) == NULL)
			continue;
		if (!sso_time(v, "expiresAt", &when) ||
		    (best != NULL && when <= ends)) {
			json_decref(v);
			continue;
		}
		json_decref(best);
		best = v;
		ends = when;
		buf_reset(path);
		buf_puts(path, one.p);
	}
	(void)closedir(dir);
	return best;
}

/* path gets the file it is in. */
static json_t *
find_token(const struct aws_credentials *c, struct buf *path)
{
	json_t *v;

	buf_printf(path, "%s/%s", c->path, c->token_file);
	if (c->token_file[0] != '\0' && path->p != NULL &&
	    (v = token_of(path->p, c->external_id)) != NULL)
		return v;
	buf_reset(path);
	return search(c, path);
}

static int
log_in(const struct aws_credentials *c, const char *why, struct fault *f)
{
	const char *profile = c->source + strlen("profile ");

	return fault(f, FAULT_DENIED,
	    "%s: %s; run 'aws sso login --profile %.*s'", c->source, why,
	    (int)strcspn(profile, " "), profile);
}

/* ---- the role's keys ---- */

static int
ask_portal(struct aws_credentials *c, const char *token, struct fault *f)
{
	static const struct credential_names names = { "accessKeyId",
		"secretAccessKey", "sessionToken", NULL };
	struct aws_endpoint to;
	BUF_AUTO(url, 4096);
	struct buf header = { .max = AWS_SECRET_MAX };
	const char *headers[2] = { NULL, NULL };
	json_t *v = NULL;
	const json_t *keys;
	long status = 0;
	int rc;

	if (aws_endpoint_of(aws_catalog(c->s->request->texts),
		c->s->endpoint_url, &portal, c->region, &to, f) == -1)
		return -1;
	buf_printf(&url, "%s/federation/credentials?role_name=", to.base);
	http_encode(&url, c->role_name, strlen(c->role_name), false);
	buf_printf(&url, "&account_id=%s", c->account);
	buf_printf(&header, "x-amz-sso_bearer_token: %s", token);
	rc = buf_done(&url, "URL", f);
	if (rc == 0)
		rc = buf_done(&header, "token", f);
	headers[0] = header.p;
	if (rc == 0) {
		struct http_request q = { .method = "GET",
			.url = url.p,
			.headers = headers,
			.plain = to.plain };

		rc = credentials_http(c->s, &q, c->source, &v, &status, f);
		if (rc == -1 && status == 401)
			rc = log_in(c, "its SSO session was refused", f);
	}
	keys = json_object_get(v, "roleCredentials");
	if (rc == 0)
		rc = credentials_from_json(c, keys, &names, c->source, f);
	if (rc == 0) /* milliseconds */
		c->expires = (int64_t)json_integer_value(
				 json_object_get(keys, "expiration")) /
			     1000;
	buf_wipe(&header);
	json_decref(v);
	return rc;
}

/* As long as a token lasts, that it could not be renewed is no matter. */
static int
live(struct aws_credentials *c, const char *path, json_t **token,
    struct fault *f)
{
	struct fault why = { 0 };
	int64_t ends = 0, now = aws_now(c->s);
	char text[700];

	if (!sso_time(*token, "expiresAt", &ends))
		ends = 0;
	if (c->renews && ends - now < RENEW_S) {
		if (sso_renew(c, path, token, &why) == 0)
			return 0;
	}
	if (ends > now)
		return 0;
	(void)snprintf(text, sizeof(text),
	    "its SSO session has expired%s%.600s",
	    why.text[0] != '\0' ? ", and was not renewed: " : "", why.text);
	return log_in(c, text, f);
}

static int
take_sso(struct aws_credentials *c, struct fault *f)
{
	BUF_AUTO(path, 4096);
	json_t *token = find_token(c, &path);
	int rc;

	if (token == NULL)
		return log_in(c, "nobody has logged in to its SSO session", f);
	rc = live(c, path.p, &token, f);
	if (rc == 0)
		rc = ask_portal(c,
		    json_string_value(json_object_get(token, "accessToken")),
		    f);
	json_decref(token);
	return rc;
}

/* ---- from the profile ---- */

struct aws_credentials *
sso_of_profile(struct aws_session *s, const char *profile, struct fault *f)
{
	const struct aws_profiles *p = s->profiles;
	struct span session = profile_get(p, profile, "sso_session");
	struct span region, url;
	char source[AWS_SOURCE_TEXT_MAX];
	struct aws_credentials *c;

	(void)snprintf(source, sizeof(source), "profile %.200s", profile);
	if ((c = credentials_new(s, source, f)) == NULL)
		return NULL;
	region = session.p != NULL ? sso_session_get(p, session, "sso_region")
				   : profile_get(p, profile, "sso_region");
	url = session.p != NULL ? sso_session_get(p, session, "sso_start_url")
				: profile_get(p, profile, "sso_start_url");
	c->take = take_sso;
	c->renews = session.p != NULL;
	(void)snprintf(c->path, sizeof(c->path), "%s/.aws/sso/cache",
	    p->home != NULL ? p->home : "");
	if (credentials_copy(region, c->region, sizeof(c->region)) &&
	    credentials_copy(url, c->external_id, sizeof(c->external_id)) &&
	    credentials_copy(profile_get(p, profile, "sso_account_id"),
		c->account, sizeof(c->account)) &&
	    credentials_copy(profile_get(p, profile, "sso_role_name"),
		c->role_name, sizeof(c->role_name))) {
		own_name(c, session.p != NULL ? session : url, c->token_file,
		    sizeof(c->token_file));
		return c;
	}
	credentials_free(c);
	(void)fault(f, FAULT_USAGE,
	    "profile %.200s: SSO needs sso_start_url and sso_region (in the "
	    "profile or its sso-session), sso_account_id and sso_role_name",
	    profile);
	return NULL;
}
