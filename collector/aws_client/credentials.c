/* The chain, and refreshing. See credentials.h. */
#include "collector/aws_client/credentials.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "collector/aws_client/credentials_parts.h"
#include "collector/aws_client/aws_profile.h"
#include "base/utc.h"

static struct aws_credentials *of_profile(
    struct aws_session *s, const char *profile, int depth, struct fault *f);

/* ---- one set of keys ---- */

static void
wipe(char **s)
{
	if (*s != NULL)
		OPENSSL_cleanse(*s, strlen(*s));
	free(*s);
	*s = NULL;
}

struct aws_credentials *
credentials_new(struct aws_session *s, const char *source, struct fault *f)
{
	struct aws_credentials *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	c->s = s;
	c->duration = AWS_ROLE_S;
	(void)snprintf(c->source, sizeof(c->source), "%s", source);
	(void)snprintf(
	    c->session_name, sizeof(c->session_name), AWS_SESSION_NAME);
	return c;
}

void
credentials_free(struct aws_credentials *c)
{
	if (c == NULL)
		return;
	if (c->owns_base)
		credentials_free(c->base);
	wipe(&c->id);
	wipe(&c->secret);
	wipe(&c->token);
	wipe(&c->command);
	wipe(&c->auth);
	free(c);
}

bool
credentials_copy(struct span v, char *out, size_t size)
{
	if (v.p == NULL || v.len == 0 || v.len >= size)
		return false;
	memcpy(out, v.p, v.len);
	out[v.len] = '\0';
	return true;
}

/* 012345678901 of arn:aws:iam::012345678901:role/x, or "". */
void
credentials_account_of(const char *arn, char out[16])
{
	const char *p = arn;

	out[0] = '\0';
	for (int i = 0; i < 4 && p != NULL; i++)
		if ((p = strchr(p, ':')) != NULL)
			p++;
	if (p != NULL && strspn(p, "0123456789") == 12)
		(void)snprintf(out, 16, "%.12s", p);
}

static bool
printable(const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
		if (*s <= ' ' || *s > '~')
			return false;
	return true;
}

int
credentials_set(struct aws_credentials *c, const char *id, const char *secret,
    const char *token, const char *expires, struct fault *f)
{
	int64_t when = 0;

	if (id == NULL || secret == NULL || id[0] == '\0' ||
	    secret[0] == '\0' || !printable(id) || !printable(secret) ||
	    !printable(token))
		return fault(f, FAULT_FORMAT,
		    "%s: a key is missing, or holds a blank", c->source);
	if (expires != NULL && utc_parse(expires, &when) == -1)
		return fault(f, FAULT_FORMAT,
		    "%s: it does not say when the keys expire as "
		    "2026-11-23T09:00:00Z",
		    c->source);
	wipe(&c->id);
	wipe(&c->secret);
	wipe(&c->token);
	c->id = strdup(id);
	c->secret = strdup(secret);
	if (token != NULL && token[0] != '\0')
		c->token = strdup(token);
	c->expires = when;
	c->taken++;
	return c->id == NULL || c->secret == NULL ||
		       (token != NULL && token[0] != '\0' && c->token == NULL)
		   ? fault_memory(f)
		   : 0;
}

int
credentials_key(
    struct aws_credentials *c, struct sigv4_key *key, struct fault *f)
{
	int64_t now = aws_now(c->s);
	bool due = c->id == NULL ||
		   (c->expires != 0 && c->expires - now < AWS_REFRESH_S);

	/* keys that cannot be had again are used to their end */
	if (due && c->take != NULL && c->take(c, f) == -1)
		if (c->id == NULL || c->expires <= now)
			return -1;
	if (c->id == NULL)
		return fault(f, FAULT_DENIED, "%s: no keys", c->source);
	*key = (struct sigv4_key){ c->id, c->secret, c->token };
	return 0;
}

void
credentials_expire(struct aws_credentials *c)
{
	if (c->take != NULL)
		wipe(&c->id);
}

unsigned
credentials_taken(const struct aws_credentials *c)
{
	return c->taken;
}

const char *
credentials_source(const struct aws_credentials *c)
{
	return c->source;
}

const char *
credentials_account(const struct aws_credentials *c)
{
	return c->account[0] != '\0' ? c->account : NULL;
}

/* ---- roles ---- */

struct aws_credentials *
credentials_role(struct aws_session *s, struct aws_credentials *base,
    const char *role_arn, const char *external_id, struct fault *f)
{
	struct aws_credentials *c;
	char source[AWS_SOURCE_TEXT_MAX];

	if (strncmp(role_arn, "arn:", 4) != 0 ||
	    strstr(role_arn, ":role/") == NULL ||
	    strlen(role_arn) >= AWS_NAME_MAX) {
		(void)fault(f, FAULT_USAGE,
		    "'%.200s': no ARN of a role, as "
		    "arn:aws:iam::123456789012:role/exhibit",
		    role_arn);
		return NULL;
	}
	(void)snprintf(source, sizeof(source), "role %.250s", role_arn);
	if ((c = credentials_new(s, source, f)) == NULL)
		return NULL;
	c->base = base;
	c->take = take_role;
	(void)snprintf(c->role_arn, sizeof(c->role_arn), "%s", role_arn);
	(void)snprintf(c->external_id, sizeof(c->external_id), "%s",
	    external_id != NULL ? external_id : "");
	credentials_account_of(role_arn, c->account);
	return c;
}

/* ---- of the environment ---- */

static struct aws_credentials *
of_environment(struct aws_session *s, struct fault *f)
{
	const char *id = request_env(s->request, "AWS_ACCESS_KEY_ID");
	const char *secret = request_env(s->request, "AWS_SECRET_ACCESS_KEY");
	const char *token = request_env(s->request, "AWS_SESSION_TOKEN");
	struct aws_credentials *c;

	if (token == NULL || token[0] == '\0') /* its older name */
		token = request_env(s->request, "AWS_SECURITY_TOKEN");

	if (id == NULL || secret == NULL || id[0] == '\0')
		return NULL;
	if ((c = credentials_new(s, "environment", f)) == NULL)
		return NULL;
	if (credentials_set(c, id, secret, token, NULL, f) == 0)
		return c;
	credentials_free(c);
	return NULL;
}

static struct aws_credentials *
web_identity(struct aws_session *s, const char *file, const char *role,
    const char *session, const char *source, struct fault *f)
{
	struct aws_credentials *c = credentials_role(s, NULL, role, NULL, f);

	if (c == NULL)
		return NULL;
	c->take = take_web_identity;
	(void)snprintf(c->path, sizeof(c->path), "%s", file);
	(void)snprintf(c->source, sizeof(c->source), "%s", source);
	if (session != NULL && session[0] != '\0')
		(void)snprintf(
		    c->session_name, sizeof(c->session_name), "%s", session);
	return c;
}

/* IRSA sets these in a pod. */
static struct aws_credentials *
web_identity_of_environment(struct aws_session *s, struct fault *f)
{
	const char *file =
	    request_env(s->request, "AWS_WEB_IDENTITY_TOKEN_FILE");
	const char *role = request_env(s->request, "AWS_ROLE_ARN");

	if (file == NULL || role == NULL)
		return NULL;
	return web_identity(s, file, role,
	    request_env(s->request, "AWS_ROLE_SESSION_NAME"), "web identity",
	    f);
}

static struct aws_credentials *
of_instance(struct aws_session *s, struct fault *f)
{
	struct aws_credentials *c;

	if (imds_is_off(s))
		return NULL;
	if ((c = credentials_new(s, "instance metadata", f)) != NULL)
		c->take = take_imds;
	return c;
}

/* ---- of a profile ---- */

/* botocore takes the older name first. */
static struct span
token_of_profile(const struct aws_profiles *p, const char *profile)
{
	struct span t = profile_get(p, profile, "aws_security_token");

	return t.p != NULL && t.len > 0
		   ? t
		   : profile_get(p, profile, "aws_session_token");
}

static struct aws_credentials *
keys_of_profile(struct aws_session *s, const char *profile, struct fault *f)
{
	char id[256], secret[512], *token = NULL;
	char source[AWS_SOURCE_TEXT_MAX];
	struct span t = token_of_profile(s->profiles, profile);
	struct aws_credentials *c;
	int rc = 0;

	if (!credentials_copy(
		profile_get(s->profiles, profile, "aws_access_key_id"), id,
		sizeof(id)) ||
	    !credentials_copy(
		profile_get(s->profiles, profile, "aws_secret_access_key"),
		secret, sizeof(secret)))
		return NULL;
	if (t.p != NULL && t.len > 0)
		token = strndup(t.p, t.len);
	(void)snprintf(source, sizeof(source), "profile %.200s", profile);
	if ((c = credentials_new(s, source, f)) != NULL)
		rc = credentials_set(c, id, secret, token, NULL, f);
	OPENSSL_cleanse(secret, sizeof(secret));
	wipe(&token);
	if (rc == 0)
		return c;
	credentials_free(c);
	return NULL;
}

static struct aws_credentials *
of_source(struct aws_session *s, const char *profile, struct span where,
    struct fault *f)
{
	struct aws_credentials *c = NULL;

	if (span_is(where, "Environment"))
		c = of_environment(s, f);
	else if (span_is(where, "Ec2InstanceMetadata"))
		c = of_instance(s, f);
	else if (span_is(where, "EcsContainer"))
		c = container_of_environment(s, f);
	if (c == NULL && f->kind == FAULT_NONE)
		(void)fault(f, FAULT_USAGE,
		    "profile %.200s: its credential_source gives no keys here",
		    profile);
	return c;
}

/* Whose keys take the role of a profile. */
static struct aws_credentials *
base_of(struct aws_session *s, const char *profile, int depth, struct fault *f)
{
	struct span named = profile_get(s->profiles, profile, "source_profile");
	struct span where =
	    profile_get(s->profiles, profile, "credential_source");
	char source[256];

	if (where.p != NULL)
		return of_source(s, profile, where, f);
	if (!credentials_copy(named, source, sizeof(source))) {
		(void)fault(f, FAULT_USAGE,
		    "profile %.200s: role_arn needs source_profile or "
		    "credential_source",
		    profile);
		return NULL;
	}
	if (strcmp(source, profile) != 0)
		return of_profile(s, source, depth + 1, f);
	struct aws_credentials *c = keys_of_profile(s, profile, f);
	if (c == NULL && f->kind == FAULT_NONE)
		(void)fault(f, FAULT_USAGE,
		    "profile %.200s: it is its own source_profile and has no "
		    "keys",
		    profile);
	return c;
}

static struct aws_credentials *
role_of_profile(struct aws_session *s, const char *profile, struct span role,
    int depth, struct fault *f)
{
	const struct aws_profiles *p = s->profiles;
	char arn[AWS_NAME_MAX], file[AWS_NAME_MAX], external[AWS_NAME_MAX] = "";
	char name[128] = "", source[AWS_SOURCE_TEXT_MAX];
	struct aws_credentials *base, *c;
	long long seconds;

	(void)snprintf(source, sizeof(source), "profile %.200s", profile);
	(void)credentials_copy(
	    profile_get(p, profile, "role_session_name"), name, sizeof(name));
	(void)credentials_copy(
	    profile_get(p, profile, "external_id"), external, sizeof(external));
	if (profile_get(p, profile, "mfa_serial").p != NULL) {
		(void)fault(f, FAULT_USAGE,
		    "profile %.200s: it asks for an MFA code (mfa_serial), "
		    "which nobody can type here; take a session first ('aws "
		    "sts get-session-token', or SSO) and name its profile",
		    profile);
		return NULL;
	}
	if (!credentials_copy(role, arn, sizeof(arn)))
		return NULL;
	if (credentials_copy(profile_get(p, profile, "web_identity_token_file"),
		file, sizeof(file)))
		return web_identity(s, file, arn, name, source, f);
	if ((base = base_of(s, profile, depth, f)) == NULL)
		return NULL;
	if ((c = credentials_role(s, base, arn, external, f)) == NULL) {
		credentials_free(base);
		return NULL;
	}
	c->owns_base = true;
	(void)snprintf(c->source, sizeof(c->source), "%s", source);
	if (name[0] != '\0')
		(void)snprintf(
		    c->session_name, sizeof(c->session_name), "%s", name);
	if (span_integer(
		profile_get(p, profile, "duration_seconds"), &seconds) == 0 &&
	    seconds >= 900 && seconds <= 43200)
		c->duration = (int)seconds;
	return c;
}

static struct aws_credentials *
process_of_profile(struct aws_session *s, const char *profile,
    struct span command, struct fault *f)
{
	char source[AWS_SOURCE_TEXT_MAX];
	struct aws_credentials *c;

	(void)snprintf(source, sizeof(source),
	    "profile %.200s (credential_process)", profile);
	if ((c = credentials_new(s, source, f)) == NULL)
		return NULL;
	c->take = take_process;
	if ((c->command = strndup(command.p, command.len)) != NULL)
		return c;
	credentials_free(c);
	(void)fault_memory(f);
	return NULL;
}

/* NULL and FAULT_NONE: it has none. */
static struct aws_credentials *
of_profile(
    struct aws_session *s, const char *profile, int depth, struct fault *f)
{
	const struct aws_profiles *p = s->profiles;
	struct aws_credentials *c;
	struct span v;

	if (depth == AWS_CHAIN_MAX) {
		(void)fault(f, FAULT_USAGE,
		    "profile %.200s: over %d profiles name each other as "
		    "source_profile",
		    profile, AWS_CHAIN_MAX);
		return NULL;
	}
	if (depth > 0 && !profile_there(p, profile)) {
		(void)fault(f, FAULT_USAGE,
		    "profile %.200s: named as source_profile, and not there",
		    profile);
		return NULL;
	}
	if ((v = profile_get(p, profile, "role_arn")).p != NULL)
		return role_of_profile(s, profile, v, depth, f);
	if (profile_get(p, profile, "sso_session").p != NULL ||
	    profile_get(p, profile, "sso_start_url").p != NULL)
		return sso_of_profile(s, profile, f);
	c = keys_of_profile(s, profile, f);
	if (c != NULL || f->kind != FAULT_NONE)
		return c;
	if ((v = profile_get(p, profile, "login_session")).p != NULL)
		return login_of_profile(s, profile, v, f);
	if ((v = profile_get(p, profile, "credential_process")).p != NULL)
		return process_of_profile(s, profile, v, f);
	if (depth > 0)
		(void)fault(f, FAULT_USAGE,
		    "profile %.200s: named as source_profile, and has no "
		    "credentials",
		    profile);
	return NULL;
}

struct aws_credentials *
credentials_find(struct aws_session *s, const char *profile, struct fault *f)
{
	const char *name = profile_name_of(s->request, profile);
	bool named = profile != NULL || strcmp(name, "default") != 0;
	struct aws_credentials *c = NULL;

	*f = (struct fault){ 0 };
	if (profile == NULL) {
		c = of_environment(s, f);
		if (c == NULL && f->kind == FAULT_NONE)
			c = web_identity_of_environment(s, f);
	}
	if (c == NULL && f->kind == FAULT_NONE && named &&
	    !profile_there(s->profiles, name)) {
		(void)fault(f, FAULT_USAGE,
		    "profile '%.200s': neither in ~/.aws/config nor in "
		    "~/.aws/credentials%s%.200s%s",
		    name,
		    profile_bare(s->profiles, name) ? "; the config file has ["
						    : "",
		    profile_bare(s->profiles, name) ? name : "",
		    profile_bare(s->profiles, name)
			? "], which there must read [profile NAME]"
			: "");
		return NULL;
	}
	if (c == NULL && f->kind == FAULT_NONE)
		c = of_profile(s, name, 0, f);
	if (c == NULL && f->kind == FAULT_NONE && named)
		(void)fault(f, FAULT_USAGE,
		    "profile '%.200s' has no credentials", name);
	if (c == NULL && f->kind == FAULT_NONE)
		c = container_of_environment(s, f);
	if (c == NULL && f->kind == FAULT_NONE)
		c = of_instance(s, f);
	if (c == NULL && f->kind == FAULT_NONE)
		(void)fault(f, FAULT_USAGE,
		    "no AWS credentials: set AWS_ACCESS_KEY_ID, or name a "
		    "profile with --aws-profile");
	return c;
}
