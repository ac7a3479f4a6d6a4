/*
 * Keys that 'aws login' left behind: the profile names a session
 * (login_session), and ~/.aws/login/cache, or AWS_LOGIN_CACHE_DIRECTORY, has a
 * file of its SHA-256 with keys that last some minutes. They are renewed as the
 * aws command does it (credentials_login_renew.c); keys that live are used to
 * their end where that fails.
 */
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "collector/aws_client/aws_profile.h"
#include "collector/aws_client/credentials_parts.h"

static int
log_in(const struct aws_credentials *c, const char *why, struct fault *f)
{
	return fault(f, FAULT_DENIED, "%s: %s; run 'aws login --profile %s'",
	    c->source, why, c->source + strlen("profile "));
}

/* New reference or NULL. */
static json_t *
read_session(const struct aws_credentials *c)
{
	struct buf text = { .max = AWS_FILE_MAX };
	struct fault none;
	json_t *v = NULL;

	if (file_read(c->path, &text, &none) == 0)
		v = json_loadb(text.p != NULL ? text.p : "", text.len,
		    JSON_REJECT_DUPLICATES, NULL);
	buf_wipe(&text);
	return v;
}

/* The keys of a session, and when they end. */
static int
take_keys(struct aws_credentials *c, const json_t *session, struct fault *f)
{
	static const struct credential_names names = { "accessKeyId",
		"secretAccessKey", "sessionToken", "expiresAt" };
	const json_t *keys = json_object_get(session, "accessToken");
	const char *account =
	    json_string_value(json_object_get(keys, "accountId"));

	if (!json_is_string(json_object_get(keys, "expiresAt")))
		return fault(f, FAULT_FORMAT,
		    "%s: %.300s does not say when its keys end", c->source,
		    c->path);
	if (credentials_from_json(c, keys, &names, c->source, f) == -1)
		return -1;
	if (account != NULL && strlen(account) == 12)
		(void)snprintf(c->account, sizeof(c->account), "%s", account);
	return 0;
}

static int
take_login(struct aws_credentials *c, struct fault *f)
{
	json_t *session = read_session(c);
	struct fault why = { 0 };
	char text[700];
	int rc;

	if (session == NULL)
		return log_in(c, "nobody has logged in to its session", f);
	rc = take_keys(c, session, f);
	if (rc == 0 && c->expires - aws_now(c->s) < AWS_REFRESH_S &&
	    login_renew(c, c->path, &session, &why) == 0)
		rc = take_keys(c, session, f);
	if (rc == 0 && c->expires <= aws_now(c->s)) {
		(void)snprintf(text, sizeof(text),
		    "its login session has ended, and was not renewed: %.600s",
		    why.text);
		rc = log_in(c, text, f);
	}
	json_decref(session);
	return rc;
}

/* Where the file of a session is. */
static int
path_of(struct aws_session *s, struct span session, struct aws_credentials *c,
    struct fault *f)
{
	const char *folder =
	    request_env(s->request, "AWS_LOGIN_CACHE_DIRECTORY");
	const char *home = s->profiles->home != NULL ? s->profiles->home : "";
	uint8_t digest[SHA256_LEN];
	char name[SHA256_HEX];
	int n;

	if (digest_sha256(
		s->request->crypto, session.p, session.len, digest, f) == -1)
		return -1;
	hex_encode(digest, SHA256_LEN, name);
	if (folder == NULL || folder[0] == '\0')
		n = snprintf(c->path, sizeof(c->path),
		    "%s/.aws/login/cache/%s.json", home, name);
	else
		n = snprintf(c->path, sizeof(c->path), "%s%s/%s.json",
		    folder[0] == '~' ? home : "",
		    folder[0] == '~' ? folder + 1 : folder, name);
	return n > 0 && (size_t)n < sizeof(c->path)
		   ? 0
		   : fault(f, FAULT_USAGE,
			 "AWS_LOGIN_CACHE_DIRECTORY: name too long");
}

struct aws_credentials *
login_of_profile(struct aws_session *s, const char *profile,
    struct span session, struct fault *f)
{
	char source[AWS_SOURCE_TEXT_MAX];
	struct aws_credentials *c;

	(void)snprintf(source, sizeof(source), "profile %.200s", profile);
	if ((c = credentials_new(s, source, f)) == NULL)
		return NULL;
	c->take = take_login;
	if (path_of(s, session, c, f) == 0)
		return c;
	credentials_free(c);
	return NULL;
}
