/* What a refusal of AWS means ("Common errors" of the services' API
 * references; botocore's retry tables). See ask.h. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/aws_client/answer.h"
#include "collector/aws_client/ask.h"

#define CLOCK_OFF_S 240 /* AWS accepts five minutes */

static const char busy[] =
    "Throttling ThrottlingException ThrottledException RequestThrottled "
    "RequestThrottledException TooManyRequestsException RequestLimitExceeded "
    "BandwidthLimitExceeded PriorRequestNotComplete SlowDown "
    "ProvisionedThroughputExceededException EC2ThrottledException "
    "RequestTimeout RequestTimeoutException InternalFailure InternalError "
    "InternalServerError InternalServerException ServiceUnavailable "
    "ServiceUnavailableException Unavailable";
static const char refused[] =
    "AccessDenied AccessDeniedException UnauthorizedOperation "
    "UnauthorizedException AuthorizationError AuthorizationErrorException "
    "NotAuthorized NotAuthorizedException AllAccessDisabled Forbidden "
    "ForbiddenException OptInRequired SubscriptionRequiredException "
    "AWSOrganizationsNotInUseException KMSAccessDeniedException";
static const char expired[] =
    "ExpiredToken ExpiredTokenException TokenRefreshRequired";
static const char no_keys[] =
    "InvalidClientTokenId UnrecognizedClientException InvalidAccessKeyId "
    "AuthFailure MissingAuthenticationToken "
    "MissingAuthenticationTokenException "
    "IncompleteSignature IncompleteSignatureException InvalidToken "
    "NotSignedUp";
static const char by_clock[] =
    "RequestTimeTooSkewed RequestExpired SignatureDoesNotMatch "
    "InvalidSignatureException AuthFailure RequestInTheFuture";

bool
aws_code_is(const char *code, const char *list)
{
	size_t len = strlen(code);

	for (const char *p = list; p != NULL && len > 0;
	     p = strchr(p, ' '), p += p != NULL) {
		if (strncmp(p, code, len) == 0 &&
		    (p[len] == ' ' || p[len] == '\0'))
			return true;
	}
	return false;
}

static void
read_code(const struct http_answer *a, char *code, size_t code_size,
    char *message, size_t message_size)
{
	char type[AWS_CODE_MAX];
	const char *at;

	aws_answer_error(a->text.p != NULL ? a->text.p : "", a->text.len, code,
	    code_size, message, message_size);
	if (code[0] == '\0' &&
	    http_header(a, "x-amzn-errortype", type, sizeof(type))) {
		at = strchr(type, '#') != NULL ? strchr(type, '#') + 1 : type;
		(void)snprintf(
		    code, code_size, "%.*s", (int)strcspn(at, ":, "), at);
	}
	if (code[0] == '\0')
		(void)snprintf(code, code_size, "HTTP %ld", a->status);
}

/* How far our clock is behind the Date of the answer, in seconds. */
static int64_t
behind(const struct aws_session *s, const struct http_answer *a)
{
	struct tm tm = { 0 };
	char date[64];

	if (!http_header(a, "Date", date, sizeof(date)) ||
	    strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &tm) == NULL)
		return 0;
	return (int64_t)timegm(&tm) - aws_now(s);
}

bool
aws_is_busy(void *ctx, const struct http_answer *a)
{
	char code[AWS_CODE_MAX], message[AWS_MESSAGE_MAX];

	(void)ctx;
	if (http_busy(NULL, a))
		return true;
	if (a->status < 400 || a->status >= 500)
		return false;
	read_code(a, code, sizeof(code), message, sizeof(message));
	return aws_code_is(code, busy);
}

void
aws_problem_of(struct aws_problem *p, const struct aws_session *s,
    const struct http_answer *a)
{
	*p = (struct aws_problem){ .refusal = AWS_WRONG };
	read_code(a, p->code, sizeof(p->code), p->message, sizeof(p->message));
	if (aws_code_is(p->code, by_clock)) {
		p->behind = behind(s, a);
		if (llabs(p->behind) > CLOCK_OFF_S ||
		    aws_code_is(p->code, "RequestTimeTooSkewed")) {
			p->refusal = AWS_CLOCK;
			return;
		}
	}
	if (http_header(
		a, "x-amz-bucket-region", p->region, sizeof(p->region)) &&
	    (a->status == 301 || a->status == 400) && aws_is_region(p->region))
		p->refusal = AWS_ELSEWHERE;
	else if (aws_code_is(p->code, expired))
		p->refusal = AWS_EXPIRED;
	else if (aws_code_is(p->code, no_keys) ||
		 aws_code_is(p->code, by_clock))
		p->refusal = AWS_NO_KEYS;
	else if (aws_code_is(p->code, refused) || a->status == 401 ||
		 a->status == 403)
		p->refusal = AWS_REFUSED;
	else if (aws_code_is(p->code, busy) || http_busy(NULL, a))
		p->refusal = AWS_BUSY;
}

enum outcome
aws_problem_outcome(const struct aws_problem *p)
{
	switch (p->refusal) {
	case AWS_REFUSED:
	case AWS_NO_KEYS:
	case AWS_EXPIRED:
	case AWS_CLOCK:
		return OUTCOME_DENIED;
	case AWS_BUSY:
		return OUTCOME_UNREACHABLE;
	default:
		return OUTCOME_ERROR;
	}
}
