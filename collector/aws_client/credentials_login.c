/*
 * Keys that 'aws login' left behind: the profile names a session
 * (login_session), and ~/.aws/login/cache, or AWS_LOGIN_CACHE_DIRECTORY, has a
 * file of its SHA-256 with keys that last some minutes. The aws command renews
 * them with a private key it keeps there for that (RFC 9449, DPoP); that key is
 * the person's, and not used here: keys that ended are told.
 */
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "collector/aws_client/aws_profile.h"
#include "collector/aws_client/credentials_parts.h"

static int
log_in(const struct aws_credentials *c, const char *why, struct fault *f)
{
	return fault(f, FAULT_DENIED,
	    "%s: %s; run 'aws login --profile %s', or any aws command with "
	    "it, which renews its keys",
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

static int
take_login(struct aws_credentials *c, struct fault *f)
{
	static const struct credential_names names = { "accessKeyId",
		"secretAccessKey", "sessionToken", "expiresAt" };
	json_t *v = read_session(c);
	const json_t *keys = json_object_get(v, "accessToken");
	const char *account =
	    json_string_value(json_object_get(keys, "accountId"));
	int rc;

	if (v == NULL) {
		rc = log_in(c, "nobody has logged in to its session", f);
	} else if (!json_is_string(json_object_get(keys, "expiresAt"))) {
		rc = fault(f, FAULT_FORMAT,
		    "%s: %.300s does not say when its keys end", c->source,
		    c->path);
	} else {
		rc = credentials_from_json(c, keys, &names, c->source, f);
	}
	if (rc == 0 && c->expires <= aws_now(c->s))
		rc = log_in(c, "its login session has ended", f);
	if (rc == 0 && account != NULL && strlen(account) == 12)
		(void)snprintf(c->account, sizeof(c->account), "%s", account);
	json_decref(v);
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
