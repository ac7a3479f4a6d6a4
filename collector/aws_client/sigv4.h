/*
 * AWS Signature Version 4 ("Create a signed AWS API request", AWS IAM User
 * Guide), with OpenSSL through the program's one library context, so that
 * under --fips it is a FIPS provider that signs.
 */
#ifndef COLLECTOR_AWS_CLIENT_SIGV4_H
#define COLLECTOR_AWS_CLIENT_SIGV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"

#define SIGV4_HEADERS_MAX 64
#define SIGV4_QUERY_MAX 512 /* parameters */
#define SIGV4_BYTES_MAX ((size_t)1024 * 1024)
#define SIGV4_DATE_LEN 17 /* 20150830T123600Z and its NUL */
#define EMPTY_SHA256                                                           \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

struct sigv4_key { /* borrowed */
	const char *id, *secret;
	const char *token; /* of a session, or NULL */
};

struct sigv4_request { /* borrowed */
	const char *method;
	const char *host;  /* as the Host header has it, port included */
	const char *path;  /* as it is sent: percent-encoded once; "/" */
	const char *query; /* as it is sent, without "?", or NULL */
	const char *const *headers; /* "Name: value" to sign, then NULL; NULL */
	const void *body;
	size_t body_len;
	const char *region, *service; /* of the signature's scope */
	int64_t time;		      /* UTC, seconds since 1970 */
	/* S3's rules: the path is signed as it is sent (elsewhere it is
	 * normalised and encoded a second time), and the body's digest is sent
	 * as x-amz-content-sha256. */
	bool s3;
};

struct sigv4_signed { /* headers to send; the caller wipes and frees */
	struct buf authorization;
	char date[SIGV4_DATE_LEN]; /* X-Amz-Date */
	char body_sha256[SHA256_HEX];
};

/*
 * Sign for the Authorization header. Signed are host, x-amz-date, the token
 * (x-amz-security-token: the caller sends key->token), with s3 the
 * x-amz-content-sha256, and r->headers. FAULT_LIMIT or FAULT_IO.
 */
MUST_USE int sigv4_sign(struct crypto *c, const struct sigv4_key *key,
    const struct sigv4_request *r, struct sigv4_signed *out, struct fault *f);
void sigv4_free(struct sigv4_signed *s);

/*
 * Append to out the query of a presigned URL (without "?"): r->query, the
 * X-Amz-* parameters, and the signature. expires: seconds, at most 604800.
 * The body is signed as given (STS: empty; S3: "UNSIGNED-PAYLOAD").
 */
MUST_USE int sigv4_presign(struct crypto *c, const struct sigv4_key *key,
    const struct sigv4_request *r, int expires, struct buf *out,
    struct fault *f);

/* What is signed: the canonical request, the names of its headers ("host;
 * x-amz-date"), and the string to sign. The caller frees, after -1 too. */
struct sigv4_form {
	char date[SIGV4_DATE_LEN], body_sha256[SHA256_HEX];
	struct buf canonical, names, to_sign;
};
MUST_USE int sigv4_form(struct crypto *c, const struct sigv4_key *key,
    const struct sigv4_request *r, struct sigv4_form *out, struct fault *f);
void sigv4_form_free(struct sigv4_form *form);

#endif
