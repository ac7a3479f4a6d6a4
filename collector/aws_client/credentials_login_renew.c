/*
 * Keys of 'aws login', renewed as the aws command does it: its file has a
 * refresh token and the private key that the token was given to, and the
 * sign-in service gives new keys to who proves that he has that key (AWS
 * Sign-In API, CreateOAuth2Token; RFC 9449, DPoP). The file is written anew
 * with what came. Where it cannot be written nothing is asked, and the reason
 * is told.
 */
#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "base/utc.h"
#include "collector/aws_client/aws_host.h"
#include "collector/aws_client/credentials_dpop.h"
#include "collector/aws_client/credentials_parts.h"
#include "collector/kit/shape.h"

#define LIFE_MAX 900 /* seconds: AWS Sign-In API, ExpiresIn */

/* Its hosts are not "signin.REGION.SUFFIX" in these partitions (endpoint rules
 * of the service, botocore 1.43.11); no FIPS host is listed. */
static const struct {
	const char *partition, *suffix;
} hosts[] = {
	{ "aws", "signin.aws.amazon.com" },
	{ "aws-cn", "signin.amazonaws.cn" },
	{ "aws-us-gov", "signin.amazonaws-us-gov.com" },
};

static const struct aws_service signin = { .name = "signin",
	.protocol = AWS_REST_JSON };

static const char *
text_of(const json_t *v, const char *name)
{
	const char *s = json_string_value(json_object_get(v, name));

	return s != NULL && s[0] != '\0' ? s : NULL;
}

/* Has it all that renewing takes? */
static int
can_renew(const json_t *session, const char *path, struct fault *f)
{
	static const char *const parts[] = { "refreshToken", "dpopKey",
		"clientId" };

	for (size_t i = 0; i < LENGTH(parts); i++)
		if (text_of(session, parts[i]) == NULL)
			return fault(f, FAULT_DENIED,
			    "its file has no %s to renew it with", parts[i]);
	return credentials_may_keep(path, f);
}

static int
url_of(struct aws_credentials *c, struct buf *url, bool *plain, struct fault *f)
{
	const char *region = aws_session_region(c->s);
	struct aws_endpoint to;
	const char *suffix = NULL;

	if (region == NULL)
		return fault(f, FAULT_USAGE,
		    "no region is set to renew it in; set AWS_REGION");
	if (aws_endpoint_of(aws_catalog(c->s->request->texts),
		c->s->endpoint_url, &signin, region, &to, f) == -1)
		return -1;
	for (size_t i = 0; i < LENGTH(hosts); i++)
		if (strcmp(hosts[i].partition, aws_partition(region)) == 0)
			suffix = hosts[i].suffix;
	if (c->s->endpoint_url == NULL && suffix != NULL)
		buf_printf(url, "https://%s.%s/v1/token", region, suffix);
	else
		buf_printf(url, "%s/v1/token", to.base);
	*plain = to.plain;
	return buf_done(url, "URL", f);
}

static int
is_promised(const json_t *answer, struct fault *f)
{
	double life = json_number_value(json_object_get(answer, "expiresIn"));

	if (shape_check(".accessToken.accessKeyId=text "
			".accessToken.secretAccessKey=text "
			".accessToken.sessionToken=text "
			".expiresIn=number .refreshToken=text",
		answer, SHAPE_OF_JSON, "renewing it", f) == -1)
		return -1;
	return life >= 1 && life <= LIFE_MAX
		   ? 0
		   : fault(f, FAULT_FORMAT,
			 "renewing it: the new keys would last %.0f seconds, "
			 "not 1 to %d",
			 life, LIFE_MAX);
}

static int
ask(struct aws_credentials *c, const json_t *session, json_t **answer,
    struct fault *f)
{
	BUF_AUTO(url, 4096);
	BUF_AUTO(header, 4096);
	bool plain = false;

	if (url_of(c, &url, &plain, f) == -1)
		return -1;
	buf_puts(&header, "DPoP: ");
	if (dpop_proof(c->s->request->crypto, text_of(session, "dpopKey"),
		url.p, aws_now(c->s), &header, f) == -1 ||
	    buf_done(&header, "proof", f) == -1 ||
	    credentials_post(c, url.p, plain, header.p,
		json_pack("{s:s, s:s, s:s}", "clientId",
		    text_of(session, "clientId"), "refreshToken",
		    text_of(session, "refreshToken"), "grantType",
		    "refresh_token"),
		answer, f) == -1)
		return -1;
	return is_promised(*answer, f);
}

/* The session with what came; all else in it stays. New reference. */
static json_t *
renewed(const struct aws_credentials *c, const json_t *session,
    const json_t *answer)
{
	const json_t *keys = json_object_get(answer, "accessToken");
	double life = json_number_value(json_object_get(answer, "expiresIn"));
	json_t *next = json_deep_copy(session), *into;
	char expires[UTC_LEN];

	utc_format(aws_now(c->s) + (int64_t)life, expires);
	into = json_object_get(next, "accessToken");
	if (json_object_update_new(into,
		json_pack("{s:s, s:s, s:s, s:s}", "accessKeyId",
		    text_of(keys, "accessKeyId"), "secretAccessKey",
		    text_of(keys, "secretAccessKey"), "sessionToken",
		    text_of(keys, "sessionToken"), "expiresAt", expires)) ==
		0 &&
	    json_object_set_new(next, "refreshToken",
		json_string(text_of(answer, "refreshToken"))) == 0)
		return next;
	json_decref(next);
	return NULL;
}

int
login_renew(struct aws_credentials *c, const char *path, json_t **session,
    struct fault *f)
{
	json_t *answer = NULL, *next = NULL;
	int rc = can_renew(*session, path, f);

	if (rc == 0)
		rc = ask(c, *session, &answer, f);
	if (rc == 0 && (next = renewed(c, *session, answer)) == NULL)
		rc = fault_memory(f);
	if (rc == 0)
		rc = credentials_keep(path, next, f);
	json_decref(answer);
	if (rc == -1) {
		json_decref(next);
		return -1;
	}
	json_decref(*session);
	*session = next;
	return 0;
}
