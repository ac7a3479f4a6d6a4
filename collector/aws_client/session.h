/*
 * What every request to AWS needs: the pool, the clock, the catalogue of
 * endpoints, where the user's configuration is. And calls outside a
 * collection, for other collectors and for the commands that sign.
 */
#ifndef COLLECTOR_AWS_CLIENT_SESSION_H
#define COLLECTOR_AWS_CLIENT_SESSION_H

#include <stdint.h>

#include "collector/kit/collector.h"
#include "collector/http/http.h"
#include "collector/aws_client/sigv4.h"

struct aws_credentials;
struct aws_profiles;

struct aws_session {
	const struct request *request; /* borrowed */
	struct http *http; /* of the answers that are evidence; owned */
	struct http *side; /* for credentials, inside a request; owned */
	struct http_setup setup;
	struct aws_profiles *profiles; /* owned */
	const char *endpoint_url;      /* --endpoint-url, or NULL */
	char *region;	   /* see aws_session_region(); NULL; owned */
	bool asked_region; /* of the instance */
	char *ca_file;	   /* owned, NULL */
	int64_t began_utc, began_clock; /* seconds, milliseconds */
};

/*
 * Read the user's files and settings: AWS_REGION, AWS_CA_BUNDLE, HTTPS_PROXY
 * and NO_PROXY; the options endpoint-url and ca-file. An AWS_ENDPOINT_URL or
 * endpoint_url setting, which would silently take the place of FIPS hosts, is
 * refused unless AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true or
 * --endpoint-url is given. profile may be NULL. NULL with a fault.
 */
MUST_USE struct aws_session *aws_session_new(
    const struct request *r, const char *profile, struct fault *f);
void aws_session_free(struct aws_session *s);

/*
 * The region meant: AWS_REGION, the profile's, else that of the instance we
 * run on, asked once of its metadata service unless AWS_EC2_METADATA_DISABLED
 * is true. Borrowed; NULL: none.
 */
const char *aws_session_region(struct aws_session *s);

/* Seconds since 1970: the host's clock when the request was made, and what has
 * passed since. */
int64_t aws_now(const struct aws_session *s);

/*
 * A token for the API server of an EKS cluster ("k8s-aws-v1." and a presigned
 * STS GetCallerIdentity in base64url, as aws-iam-authenticator's): valid some
 * 15 minutes, *expires gets when to make another. token is a secret.
 * profile and role_arn may be NULL; region names the STS host.
 */
#define EKS_TOKEN_MAX 16384
MUST_USE int aws_eks_token(const struct request *r, const char *profile,
    const char *region, const char *role_arn, const char *cluster,
    struct buf *token, int64_t *expires, struct fault *f);

/*
 * Ask KMS ("Sign" or "GetPublicKey") about a key: an ARN, a key id or an alias,
 * which input names. The host is KMS's FIPS host where one is listed. region
 * NULL: the ARN's, else the profile's. *answer is the caller's.
 */
MUST_USE int aws_kms(const struct request *r, const char *operation,
    const char *key, const char *region, json_t *input, json_t **answer,
    struct fault *f);

#endif
