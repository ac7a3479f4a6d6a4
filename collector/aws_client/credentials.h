/*
 * Credentials as users of AWS have them, in the order of the SDKs ("AWS SDKs
 * and Tools Reference Guide", standardized credential providers): the
 * environment, a web identity (IRSA), the profile (keys, role_arn with
 * source_profile or credential_source, sso_session, the older sso settings,
 * credential_process), containers (EKS Pod Identity, ECS), and the instance's
 * metadata service, version 2.
 *
 * Secrets live here and nowhere else. They are wiped when they are replaced
 * or freed, and no fault names one.
 */
#ifndef COLLECTOR_AWS_CLIENT_CREDENTIALS_H
#define COLLECTOR_AWS_CLIENT_CREDENTIALS_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/kit/collector.h"
#include "base/fault.h"
#include "collector/http/http.h"
#include "collector/aws_client/sigv4.h"

#define AWS_FILE_MAX ((size_t)1024 * 1024) /* config, credentials, a cache */
#define AWS_SECRET_MAX ((size_t)64 * 1024) /* a token, an answer with keys */
#define AWS_CHAIN_MAX 8			   /* profiles that name each other */
#define AWS_REFRESH_S 300		   /* this long before they expire */
#define AWS_ROLE_S 3600 /* DurationSeconds unless the profile says */
#define AWS_SESSION_NAME "exhibit"

struct aws_session; /* what asks: see session.h */
struct aws_credentials;

/*
 * Find who we are: profile NULL: AWS_PROFILE, or "default" behind the
 * environment's keys. Nothing is asked of AWS yet. FAULT_USAGE: there are
 * none, or what is set cannot be used unattended (mfa_serial); the text says
 * what to do.
 */
MUST_USE struct aws_credentials *credentials_find(
    struct aws_session *s, const char *profile, struct fault *f);

/* Those of a role, taken with base, which must outlive them. The external id
 * may be NULL. */
MUST_USE struct aws_credentials *credentials_role(struct aws_session *s,
    struct aws_credentials *base, const char *role_arn, const char *external_id,
    struct fault *f);

void credentials_free(struct aws_credentials *c);

/*
 * The keys of now: taken, or taken again when they end within AWS_REFRESH_S.
 * key's texts are borrowed until the next call. FAULT_DENIED: AWS or the
 * provider refused; FAULT_REMOTE: it did not answer.
 */
MUST_USE int credentials_key(
    struct aws_credentials *c, struct sigv4_key *key, struct fault *f);

/* How many times they were taken: tells whether those that were refused are
 * still those of now. */
unsigned credentials_taken(const struct aws_credentials *c);

/* They were refused as expired: take them anew at the next call. */
void credentials_expire(struct aws_credentials *c);

/* "profile prod", "environment", "role arn:aws:iam::1:role/x": no secret. */
const char *credentials_source(const struct aws_credentials *c);

/* 012345678901 of arn:aws:iam::012345678901:role/x, or "". */
void credentials_account_of(const char *arn, char out[16]);

/* The account they belong to as far as the configuration says, or NULL. */
const char *credentials_account(const struct aws_credentials *c);

#endif
