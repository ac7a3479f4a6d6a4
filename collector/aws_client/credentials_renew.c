/*
 * The token of an SSO session, renewed before it ends as the aws command does
 * (IAM Identity Center OIDC API, CreateToken with a refresh token), and its
 * file written anew: a refresh token may be good for one use, so that a token
 * nobody could keep would end the person's own session. Where the file cannot
 * be written nothing is asked, and the reason is told.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "base/file.h"
#include "base/length.h"
#include "base/utc.h"
#include "collector/aws_client/aws_host.h"
#include "collector/aws_client/credentials_parts.h"
#include "collector/kit/shape.h"

#define LIFE_MAX                                                               \
	(90LL * 24 * 3600) /* seconds of a token; hours in practice            \
			    */

static const struct aws_service oidc = { .name = "oidc",
	.protocol = AWS_REST_JSON };

static const char *
member(const json_t *token, const char *name)
{
	const char *s = json_string_value(json_object_get(token, name));

	return s != NULL && s[0] != '\0' ? s : NULL;
}

bool
sso_time(const json_t *token, const char *name, int64_t *when)
{
	const char *s = member(token, name);
	char text[UTC_LEN];

	/* "2026-11-23T09:00:00Z", or the older "…UTC" */
	if (s == NULL || strlen(s) < 19)
		return false;
	(void)snprintf(text, sizeof(text), "%.19sZ", s);
	return utc_parse(text, when) == 0;
}

int
credentials_may_keep(const char *path, struct fault *f)
{
	char folder[4096];
	char *slash;

	(void)snprintf(folder, sizeof(folder), "%s", path);
	if ((slash = strrchr(folder, '/')) != NULL)
		*slash = '\0';
	if (access(path, W_OK) == -1 || access(folder, W_OK | X_OK) == -1)
		return fault(f, FAULT_DENIED,
		    "%.300s cannot be written, and what renews the session "
		    "would be lost",
		    path);
	return 0;
}

int
credentials_keep(const char *path, const json_t *token, struct fault *f)
{
	char *text = json_dumps(token, 0);
	int rc;

	if (text == NULL)
		return fault_memory(f);
	rc = file_write(path, text, strlen(text), 0600, f);
	OPENSSL_cleanse(text, strlen(text));
	free(text);
	return rc;
}

/* Has it all that renewing takes? */
static int
can_renew(const struct aws_credentials *c, const json_t *token,
    const char *path, struct fault *f)
{
	static const char *const parts[] = { "refreshToken", "clientId",
		"clientSecret", "registrationExpiresAt" };
	int64_t until;

	for (size_t i = 0; i < LENGTH(parts); i++)
		if (member(token, parts[i]) == NULL)
			return fault(f, FAULT_DENIED,
			    "its token has no %s to renew it with", parts[i]);
	if (!sso_time(token, "registrationExpiresAt", &until) ||
	    until <= aws_now(c->s))
		return fault(f, FAULT_DENIED,
		    "the registration it would be renewed with has expired");
	return credentials_may_keep(path, f);
}

int
credentials_post(struct aws_credentials *c, const char *url, bool plain,
    const char *header, json_t *body, json_t **answer, struct fault *f)
{
	const char *headers[] = { "Content-Type: application/json", header,
		NULL };
	char *text = json_dumps(body, JSON_COMPACT);
	long status = 0;
	int rc;

	json_decref(body);
	if (text == NULL)
		return fault_memory(f);
	{
		struct http_request q = { .method = "POST",
			.url = url,
			.headers = headers,
			.body = text,
			.body_len = strlen(text),
			.plain = plain };

		rc = credentials_http(
		    c->s, &q, "renewing it", answer, &status, f);
	}
	OPENSSL_cleanse(text, strlen(text));
	free(text);
	return rc;
}

static int
ask(struct aws_credentials *c, const json_t *token, json_t **answer,
    struct fault *f)
{
	struct aws_endpoint to;
	BUF_AUTO(url, 4096);

	if (aws_endpoint_of(aws_catalog(c->s->request->texts),
		c->s->endpoint_url, &oidc, c->region, &to, f) == -1)
		return -1;
	buf_printf(&url, "%s/token", to.base);
	if (buf_done(&url, "URL", f) == -1 ||
	    credentials_post(c, url.p, to.plain, NULL,
		json_pack("{s:s, s:s, s:s, s:s}", "grantType", "refresh_token",
		    "clientId", member(token, "clientId"), "clientSecret",
		    member(token, "clientSecret"), "refreshToken",
		    member(token, "refreshToken")),
		answer, f) == -1)
		return -1;
	return shape_check(".accessToken=text .expiresIn=number "
			   ".refreshToken=text?",
	    *answer, SHAPE_OF_JSON, "renewing it", f);
}

/* As the aws command writes it; a refresh token that was not sent anew is
 * kept. New reference. */
static json_t *
renewed(
    const struct aws_credentials *c, const json_t *token, const json_t *answer)
{
	double life = json_number_value(json_object_get(answer, "expiresIn"));
	const char *refresh = member(answer, "refreshToken");
	char expires[UTC_LEN];

	if (!(life > 0 && life < (double)LIFE_MAX))
		life = 0;
	utc_format(aws_now(c->s) + (int64_t)life, expires);
	if (refresh == NULL)
		refresh = member(token, "refreshToken");
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "startUrl",
	    c->external_id, "region", c->region, "accessToken",
	    member(answer, "accessToken"), "expiresAt", expires, "clientId",
	    member(token, "clientId"), "clientSecret",
	    member(token, "clientSecret"), "registrationExpiresAt",
	    member(token, "registrationExpiresAt"), "refreshToken", refresh);
}

int
sso_renew(struct aws_credentials *c, const char *path, json_t **token,
    struct fault *f)
{
	json_t *answer = NULL, *next = NULL;
	int rc = can_renew(c, *token, path, f);

	if (rc == 0)
		rc = ask(c, *token, &answer, f);
	if (rc == 0 && (next = renewed(c, *token, answer)) == NULL)
		rc = fault_memory(f);
	if (rc == 0)
		rc = credentials_keep(path, next, f);
	json_decref(answer);
	if (rc == -1) {
		json_decref(next);
		return -1;
	}
	json_decref(*token);
	*token = next;
	return 0;
}
