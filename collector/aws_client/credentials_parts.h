/* Inside credentials: one provider each. See credentials.h. */
#ifndef COLLECTOR_AWS_CLIENT_CREDENTIALS_PARTS_H
#define COLLECTOR_AWS_CLIENT_CREDENTIALS_PARTS_H

#include "collector/aws_client/credentials.h"
#include "base/json.h"
#include "base/span.h"
#include "collector/aws_client/session.h"

#define AWS_SOURCE_TEXT_MAX 320
#define AWS_NAME_MAX 512 /* of a role, a path, a session */

struct aws_credentials {
	struct aws_session *s; /* borrowed */
	/* Take keys anew, by credentials_set(). */
	int (*take)(struct aws_credentials *, struct fault *);
	char source[AWS_SOURCE_TEXT_MAX];
	char account[16];
	char *id, *secret, *token;    /* owned, wiped; id NULL: none yet */
	int64_t expires;	      /* UTC seconds; 0: never */
	unsigned taken;		      /* how many times */
	struct aws_credentials *base; /* whose role is taken */
	bool owns_base;
	char role_arn[AWS_NAME_MAX], external_id[AWS_NAME_MAX];
	char session_name[128];
	int duration;
	char path[2 * AWS_NAME_MAX]; /* token file, cache file, URL */
	char token_file[AWS_NAME_MAX];
	bool renews; /* an SSO session that may renew its token */
	char region[64], role_name[AWS_NAME_MAX];
	char *command; /* owned, wiped */
	char *auth;    /* owned, wiped */
};

/* Take over; expires NULL: they never do. FAULT_FORMAT: not fit for headers. */
MUST_USE int credentials_set(struct aws_credentials *c, const char *id,
    const char *secret, const char *token, const char *expires,
    struct fault *f);

MUST_USE struct aws_credentials *credentials_new(
    struct aws_session *s, const char *source, struct fault *f);

/* Copy a span; false: not there, empty or too long. */
bool credentials_copy(struct span v, char *out, size_t size);

/* Answers with keys: of JSON members by these names. */
struct credential_names {
	const char *id, *secret, *token, *expires;
};
MUST_USE int credentials_from_json(struct aws_credentials *c, const json_t *v,
    const struct credential_names *names, const char *what, struct fault *f);

/* One HTTP request whose answer holds keys; *v a new reference. The status
 * is told when it is not 200 (then -1 with FAULT_DENIED or FAULT_REMOTE). */
MUST_USE int credentials_http(struct aws_session *s,
    const struct http_request *q, const char *what, json_t **v, long *status,
    struct fault *f);

/* POST a JSON body (taken) that holds secrets; header is one more, or NULL.
 * *answer a new reference. */
MUST_USE int credentials_post(struct aws_credentials *c, const char *url,
    bool plain, const char *header, json_t *body, json_t **answer,
    struct fault *f);

/* Can the file at path, which renews a session, be written anew? FAULT_DENIED:
 * no. */
MUST_USE int credentials_may_keep(const char *path, struct fault *f);
MUST_USE int credentials_keep(
    const char *path, const json_t *token, struct fault *f);

MUST_USE int take_role(struct aws_credentials *c, struct fault *f);
MUST_USE int take_web_identity(struct aws_credentials *c, struct fault *f);
MUST_USE int take_process(struct aws_credentials *c, struct fault *f);
MUST_USE int take_imds(struct aws_credentials *c, struct fault *f);

/* The instance's region, of its metadata service; owned; NULL: none, or it is
 * not to be asked. */
char *imds_region(struct aws_session *s);
bool imds_is_off(const struct aws_session *s);

/* Prepare them from the environment; NULL and FAULT_NONE: not set there. */
MUST_USE struct aws_credentials *container_of_environment(
    struct aws_session *s, struct fault *f);
MUST_USE struct aws_credentials *sso_of_profile(
    struct aws_session *s, const char *profile, struct fault *f);
MUST_USE struct aws_credentials *login_of_profile(struct aws_session *s,
    const char *profile, struct span session, struct fault *f);

/* A token of SSO's cache: when it ends; false: it does not say. */
bool sso_time(const json_t *token, const char *name, int64_t *when);

/* Renew it, and the file at path that has it. -1: why not; *token stays. */
MUST_USE int sso_renew(struct aws_credentials *c, const char *path,
    json_t **token, struct fault *f);

/* Renew the keys of a session of 'aws login', and the file at path that has
 * them. -1: why not; *session stays. */
MUST_USE int login_renew(struct aws_credentials *c, const char *path,
    json_t **session, struct fault *f);

#endif
