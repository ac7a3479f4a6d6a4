/*
 * One request of a call, made and signed; and what a refusal means. Used by
 * the engine and by single calls (session.h).
 */
#ifndef COLLECTOR_AWS_CLIENT_ASK_H
#define COLLECTOR_AWS_CLIENT_ASK_H

#include "collector/aws_client/aws_call.h"
#include "collector/aws_client/credentials.h"
#include "collector/aws_client/aws_host.h"
#include "collector/http/http.h"
#include "collector/aws_client/session.h"

#define AWS_BODY_MAX ((size_t)256 * 1024) /* bytes of a request's body */
#define AWS_URL_MAX ((size_t)64 * 1024)
#define AWS_CODE_MAX 96
#define AWS_MESSAGE_MAX 512

struct aws_ask {		     /* a request ready to be signed and sent */
	const struct aws_call *call; /* borrowed */
	struct aws_session *session; /* borrowed */
	struct aws_credentials *who; /* borrowed */
	struct aws_endpoint to;
	struct buf path;  /* percent-encoded */
	struct buf query; /* "a=b&c=d", no "?" */
	struct buf body;
	struct buf url;
	const char *method, *type;   /* type: Content-Type, or NULL */
	char target[AWS_ACTION_MAX]; /* X-Amz-Target, or "" */
};

void aws_ask_init(struct aws_ask *a);
void aws_ask_free(struct aws_ask *a);

/*
 * Fill path, query, body and url from input, an object by input name (see
 * aws_input). to, call, session and who are set. FAULT_LIMIT, FAULT_USAGE.
 */
MUST_USE int aws_ask_build(
    struct aws_ask *a, const json_t *input, struct fault *f);

/* http_request.prepare: sign for now. */
MUST_USE int aws_ask_sign(void *ask, struct http_headers *h, struct fault *f);

/* What the answer other than 2xx says. */
enum aws_refusal {
	AWS_REFUSED,   /* we may not */
	AWS_NO_KEYS,   /* the credentials are not valid, or expired */
	AWS_EXPIRED,   /* ... expired: take them anew */
	AWS_CLOCK,     /* our clock is wrong */
	AWS_BUSY,      /* throttled, or it failed: worth another try */
	AWS_ELSEWHERE, /* S3: the bucket is in another region */
	AWS_WRONG      /* anything else */
};

struct aws_problem {
	enum aws_refusal refusal;
	char code[AWS_CODE_MAX]; /* "HTTP 500" where the answer has none */
	char message[AWS_MESSAGE_MAX];
	char region[AWS_REGION_MAX]; /* AWS_ELSEWHERE: which one */
	int64_t behind;		     /* seconds, AWS_CLOCK */
};

void aws_problem_of(struct aws_problem *p, const struct aws_session *s,
    const struct http_answer *a);

enum outcome aws_problem_outcome(const struct aws_problem *p);

/* Is the code among those of a list with blanks between? */
bool aws_code_is(const char *code, const char *list);

/* http_request.again, ctx unused: throttled or failed. */
bool aws_is_busy(void *ctx, const struct http_answer *a);

/*
 * Ask one question, start to end, outside a collection. input: by name, as in
 * aws_ask_build(). *tree gets the answer, a new reference. The fault's kind:
 * FAULT_DENIED, FAULT_ABSENT (call->absent), FAULT_REMOTE, FAULT_FORMAT.
 */
MUST_USE int aws_ask_once(struct aws_session *s, struct aws_credentials *who,
    const struct aws_call *call, const char *region, const json_t *input,
    json_t **tree, struct fault *f);

#endif
