/*
 * Keys from where we run: a program of the user's (credential_process), a
 * container's agent (ECS; EKS Pod Identity), the instance's metadata service,
 * version 2. AWS SDKs and Tools Reference Guide, "Process", "Container" and
 * "IMDS credential provider".
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/aws_client/aws_host.h"
#include "base/child.h"
#include "collector/aws_client/credentials_parts.h"
#include "base/file.h"

#define PROCESS_TIME_MS 60000
#define IMDS_HOST "http://169.254.169.254"
#define IMDS_TRIES 2
#define IMDS_CONNECT 1000
#define ECS_HOST "http://169.254.170.2"
#define ROLE_PATH "/latest/meta-data/iam/security-credentials/"

static const struct credential_names names = { "AccessKeyId", "SecretAccessKey",
	"Token", "Expiration" };

/* ---- answers ---- */

int
credentials_from_json(struct aws_credentials *c, const json_t *v,
    const struct credential_names *n, const char *what, struct fault *f)
{
	const char *id = json_string_value(json_object_get(v, n->id));
	const char *secret = json_string_value(json_object_get(v, n->secret));
	const char *token = json_string_value(json_object_get(v, n->token));
	const char *expires =
	    n->expires == NULL
		? NULL
		: json_string_value(json_object_get(v, n->expires));
	char plain[32];

	if (id == NULL || secret == NULL)
		return fault(
		    f, FAULT_FORMAT, "%s: the answer has no keys", what);
	/* "…09:00:00+00:00" and fractions of a second are Z here */
	if (expires != NULL && strlen(expires) > 20) {
		(void)snprintf(plain, sizeof(plain), "%.19sZ", expires);
		expires = plain;
	}
	return credentials_set(c, id, secret, token, expires, f);
}

/* ", invalid_grant": the code of an OAuth 2.0 error (RFC 6749, section 5.2);
 * else "". */
static void
error_code(const struct buf *text, char out[64])
{
	json_t *v = json_loadb(text->p != NULL ? text->p : "", text->len,
	    JSON_REJECT_DUPLICATES, NULL);
	const char *s = json_string_value(json_object_get(v, "error"));

	out[0] = '\0';
	if (s != NULL && s[0] != '\0' && strlen(s) < 60 &&
	    strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
		      "abcdefghijklmnopqrstuvwxyz") == strlen(s))
		(void)snprintf(out, 64, ", %s", s);
	json_decref(v);
}

int
credentials_http(struct aws_session *s, const struct http_request *q,
    const char *what, json_t **v, long *status, struct fault *f)
{
	struct http_request own = *q;
	struct http_answer a;
	struct fault why = { 0 };
	char code[64];
	int rc;

	own.text_max = AWS_SECRET_MAX;
	*v = NULL;
	if (http_call(s->side, &own, &a, &why) == -1)
		return fault(f, why.kind, "%s: %.900s", what, why.text);
	*status = a.status;
	if (a.status != 200) {
		error_code(&a.text, code);
		rc = fault(f,
		    a.status >= 500 || a.status == 429 ? FAULT_REMOTE
						       : FAULT_DENIED,
		    "%s: refused with HTTP %ld%s", what, a.status, code);
	} else {
		*v = json_loadb(a.text.p != NULL ? a.text.p : "", a.text.len,
		    JSON_REJECT_DUPLICATES, NULL);
		rc = *v != NULL ? 0
				: fault(f, FAULT_FORMAT,
				      "%s: the answer is no JSON", what);
	}
	http_answer_free(&a);
	return rc;
}

/* ---- credential_process ---- */

/* As a shell would run it: the setting is a command line. */
static int
run_process(struct aws_credentials *c, struct buf *out, struct fault *f)
{
	const char *argv[] = { "/bin/sh", "-c", c->command, NULL };
	struct child child = { .take = child_take_buf, .ctx = out };
	struct child_program p = { .file = "/bin/sh",
		.argv = argv,
		.env = (const char *const *)c->s->request->environment,
		.time_ms = PROCESS_TIME_MS };

	if (child_spawn(&child, &p, f) == -1)
		return -1;
	child_finish(&child);
	if (out->failed != FAULT_NONE)
		return fault(f, FAULT_LIMIT, "%s: its answer is over %zu bytes",
		    c->source, AWS_SECRET_MAX);
	if (child.end == CHILD_TIMED_OUT)
		return fault(f, FAULT_REMOTE,
		    "%s: no answer within %d s; does it wait for a person?",
		    c->source, PROCESS_TIME_MS / 1000);
	if (child.end != CHILD_EXITED || child.status != 0)
		return fault(f, FAULT_DENIED,
		    "%s: it failed (status %d); run it by hand to see why",
		    c->source, child.status);
	return 0;
}

int
take_process(struct aws_credentials *c, struct fault *f)
{
	static const struct credential_names process = { "AccessKeyId",
		"SecretAccessKey", "SessionToken", "Expiration" };
	struct buf out = { .max = AWS_SECRET_MAX };
	json_t *v = NULL;
	int rc = run_process(c, &out, f);

	if (rc == 0) {
		v = json_loadb(out.p != NULL ? out.p : "", out.len,
		    JSON_REJECT_DUPLICATES, NULL);
		if (json_integer_value(json_object_get(v, "Version")) != 1)
			rc = fault(f, FAULT_FORMAT,
			    "%s: its answer is no JSON object with Version 1",
			    c->source);
	}
	if (rc == 0)
		rc = credentials_from_json(c, v, &process, c->source, f);
	buf_wipe(&out);
	json_decref(v);
	return rc;
}

/* ---- containers ---- */

/* The token's file is read anew: the Pod Identity agent renews it. */
static int
container_token(struct aws_credentials *c, struct buf *header, struct fault *f)
{
	struct buf text = { .max = AWS_SECRET_MAX };
	int rc = 0;

	if (c->token_file[0] != '\0') {
		rc = file_read(c->token_file, &text, f);
		while (text.len > 0 &&
		       strchr("\r\n ", text.p[text.len - 1]) != NULL)
			text.p[--text.len] = '\0';
		buf_printf(
		    header, "Authorization: %s", text.p != NULL ? text.p : "");
	} else if (c->auth != NULL) {
		buf_printf(header, "Authorization: %s", c->auth);
	}
	buf_wipe(&text);
	return rc == 0 ? buf_done(header, "token", f) : -1;
}

static int
take_container(struct aws_credentials *c, struct fault *f)
{
	struct buf header = { .max = AWS_SECRET_MAX };
	const char *headers[2] = { NULL, NULL };
	json_t *v = NULL;
	long status = 0;
	int rc = container_token(c, &header, f);

	headers[0] = header.len > 0 ? header.p : NULL;
	if (rc == 0) {
		struct http_request q = { .method = "GET",
			.url = c->path,
			.headers = headers,
			.plain = true,
			.connect_ms = IMDS_CONNECT };

		rc = credentials_http(c->s, &q, c->source, &v, &status, f);
	}
	if (rc == 0)
		rc = credentials_from_json(c, v, &names, c->source, f);
	buf_wipe(&header);
	json_decref(v);
	return rc;
}

struct aws_credentials *
container_of_environment(struct aws_session *s, struct fault *f)
{
	const struct request *r = s->request;
	const char *relative =
	    request_env(r, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	const char *full = request_env(r, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
	const char *file =
	    request_env(r, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	const char *token = request_env(r, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
	struct aws_credentials *c;

	if (relative == NULL && full == NULL)
		return NULL;
	if ((c = credentials_new(s, "container agent", f)) == NULL)
		return NULL;
	c->take = take_container;
	if (relative != NULL && relative[0] == '/')
		(void)snprintf(
		    c->path, sizeof(c->path), ECS_HOST "%.900s", relative);
	else
		(void)snprintf(c->path, sizeof(c->path), "%.1000s",
		    full != NULL ? full : "");
	if (file != NULL)
		(void)snprintf(
		    c->token_file, sizeof(c->token_file), "%s", file);
	else if (token != NULL)
		c->auth = strdup(token);
	if (strncmp(c->path, "https://", 8) == 0 ||
	    (strncmp(c->path, "http://", 7) == 0 &&
		http_plain_place(c->path) != NULL))
		return c;
	credentials_free(c);
	(void)fault(f, FAULT_USAGE,
	    "AWS_CONTAINER_CREDENTIALS_FULL_URI: plain http is spoken to "
	    "this host and the agents of ECS and EKS alone");
	return NULL;
}

/* ---- the instance ---- */

bool
imds_is_off(const struct aws_session *s)
{
	const char *off = request_env(s->request, "AWS_EC2_METADATA_DISABLED");

	return off != NULL && strcasecmp(off, "true") == 0;
}

static int
imds_text(struct aws_session *s, const char *method, const char *path,
    const char *header, struct buf *out, struct fault *f)
{
	const char *base =
	    request_env(s->request, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
	const char *headers[] = { header, NULL };
	struct fault why = { 0 };
	struct http_answer a;
	BUF_AUTO(url, 2048);
	size_t n;
	int rc = 0;

	if (base == NULL || base[0] == '\0')
		base = IMDS_HOST;
	n = strlen(base);
	while (n > 0 && base[n - 1] == '/')
		n--; /* the path begins with one */
	buf_printf(&url, "%.*s%s", (int)n, base, path);
	if (buf_done(&url, "URL", f) == -1)
		return -1;
	struct http_request q = { .method = method,
		.url = url.p,
		.headers = headers,
		.body = strcmp(method, "PUT") == 0 ? "" : NULL,
		.plain = true,
		.tries = IMDS_TRIES,
		.connect_ms = IMDS_CONNECT,
		.time_ms = 5 * IMDS_CONNECT };
	if (http_call(s->side, &q, &a, &why) == -1)
		return fault(f, FAULT_USAGE,
		    "no AWS credentials: none in the environment or in a "
		    "profile, and no instance metadata here (%.200s); set "
		    "AWS_ACCESS_KEY_ID, or name a profile with --aws-profile",
		    why.text);
	if (a.status != 200)
		rc = fault(f, FAULT_DENIED,
		    "no AWS credentials: the instance metadata service "
		    "answered HTTP %ld; does the instance have a role, and a "
		    "hop limit of 2 for pods?",
		    a.status);
	else
		buf_put(out, a.text.p != NULL ? a.text.p : "", a.text.len);
	http_answer_free(&a);
	return rc == 0 ? buf_done(out, "instance metadata", f) : -1;
}

/* A token, as the header that brings it. */
static int
imds_token(struct aws_session *s, struct buf *header, struct fault *f)
{
	struct buf token = { .max = AWS_SECRET_MAX };
	int rc = imds_text(s, "PUT", "/latest/api/token",
	    "X-aws-ec2-metadata-token-ttl-seconds: 300", &token, f);

	buf_printf(header, "X-aws-ec2-metadata-token: %s",
	    token.p != NULL ? token.p : "");
	buf_wipe(&token);
	return rc == 0 ? buf_done(header, "token", f) : -1;
}

/* "us-gov-west-1": words, and a number at the end. */
static bool
names_region(const char *s)
{
	return s != NULL && aws_is_region(s) && strchr(s, '-') != NULL &&
	       strchr("0123456789", s[strlen(s) - 1]) != NULL;
}

char *
imds_region(struct aws_session *s)
{
	struct buf header = { .max = AWS_SECRET_MAX };
	struct fault none = { 0 };
	BUF_AUTO(text, AWS_NAME_MAX);
	char *region = NULL;

	if (!imds_is_off(s) && imds_token(s, &header, &none) == 0 &&
	    imds_text(s, "GET", "/latest/meta-data/placement/region", header.p,
		&text, &none) == 0 &&
	    names_region(text.p))
		region = strdup(text.p);
	buf_wipe(&header);
	return region;
}

int
take_imds(struct aws_credentials *c, struct fault *f)
{
	struct buf header = { .max = AWS_SECRET_MAX };
	struct buf keys = { .max = AWS_SECRET_MAX };
	BUF_AUTO(role, AWS_NAME_MAX);
	BUF_AUTO(path, 2 * AWS_NAME_MAX);
	json_t *v = NULL;
	int rc;

	rc = imds_token(c->s, &header, f);
	if (rc == 0)
		rc = imds_text(c->s, "GET", ROLE_PATH, header.p, &role, f);
	if (rc == 0) {
		buf_puts(&path, ROLE_PATH);
		http_encode(&path, role.p != NULL ? role.p : "",
		    strcspn(role.p != NULL ? role.p : "", "\r\n"), false);
		rc = buf_done(&path, "role", f);
	}
	if (rc == 0)
		rc = imds_text(c->s, "GET", path.p, header.p, &keys, f);
	if (rc == 0) {
		v = json_loadb(keys.p != NULL ? keys.p : "", keys.len,
		    JSON_REJECT_DUPLICATES, NULL);
		rc = credentials_from_json(c, v, &names, c->source, f);
	}
	buf_wipe(&header);
	buf_wipe(&keys);
	json_decref(v);
	return rc;
}
