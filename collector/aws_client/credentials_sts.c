/* Roles: AssumeRole and AssumeRoleWithWebIdentity (AWS STS API Reference,
 * version 2011-06-15). */
#include <stdlib.h>
#include <string.h>

#include "collector/aws_client/ask.h"
#include "collector/aws_client/credentials_parts.h"
#include "base/file.h"

static const struct aws_service sts = {
	.name = "sts",
	.protocol = AWS_QUERY,
	.version = "2011-06-15",
	.xmlns = "https://sts.amazonaws.com/doc/2011-06-15/",
};

#define CREDENTIALS                                                            \
	".Credentials.AccessKeyId=text .Credentials.SecretAccessKey=text "     \
	".Credentials.SessionToken=text .Credentials.Expiration=text"

static const struct aws_call assume_role = {
	.service = &sts,
	.operation = "AssumeRole",
	.must = CREDENTIALS,
};

static const struct aws_call assume_web = {
	.service = &sts,
	.operation = "AssumeRoleWithWebIdentity",
	.must = CREDENTIALS,
};

static const struct credential_names names = { "AccessKeyId", "SecretAccessKey",
	"SessionToken", "Expiration" };

static const char *
region_of(const struct aws_credentials *c)
{
	if (c->s->region != NULL)
		return c->s->region;
	return strncmp(c->role_arn, "arn:aws-us-gov:", 15) == 0
		   ? "us-gov-west-1"
		   : "us-east-1";
}

static json_t *
role_input(const struct aws_credentials *c)
{
	char seconds[16];

	(void)snprintf(seconds, sizeof(seconds), "%d", c->duration);
	return json_pack("{s:s, s:s, s:s}", "RoleArn", c->role_arn,
	    "RoleSessionName", c->session_name, "DurationSeconds", seconds);
}

int
take_role(struct aws_credentials *c, struct fault *f)
{
	json_t *input = role_input(c), *tree = NULL;
	int rc = input == NULL ? fault_memory(f) : 0;

	if (rc == 0 && c->external_id[0] != '\0')
		rc = json_object_set_new(
		    input, "ExternalId", json_string(c->external_id));
	if (rc == 0)
		rc = aws_ask_once(
		    c->s, c->base, &assume_role, region_of(c), input, &tree, f);
	if (rc == 0)
		rc = credentials_from_json(c,
		    json_object_get(tree, "Credentials"), &names, c->source, f);
	json_decref(input);
	json_decref(tree);
	return rc;
}

/* The token is read anew each time: kubelet renews the file. */
int
take_web_identity(struct aws_credentials *c, struct fault *f)
{
	struct buf token = { .max = AWS_SECRET_MAX };
	json_t *input = role_input(c), *tree = NULL;
	int rc =
	    input == NULL ? fault_memory(f) : file_read(c->path, &token, f);

	while (token.len > 0 && strchr("\r\n ", token.p[token.len - 1]))
		token.p[--token.len] = '\0';
	if (rc == 0 && token.len == 0)
		rc = fault(f, FAULT_DENIED, "%s: the token's file is empty",
		    c->source);
	if (rc == 0)
		rc = json_object_set_new(input, "WebIdentityToken",
		    json_stringn(token.p, token.len));
	if (rc == 0)
		rc = aws_ask_once(
		    c->s, NULL, &assume_web, region_of(c), input, &tree, f);
	if (rc == 0)
		rc = credentials_from_json(c,
		    json_object_get(tree, "Credentials"), &names, c->source, f);
	buf_wipe(&token);
	json_decref(input);
	json_decref(tree);
	return rc;
}
