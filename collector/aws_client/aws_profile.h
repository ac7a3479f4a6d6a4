/*
 * ~/.aws/config and ~/.aws/credentials (AWS SDKs and Tools Reference Guide,
 * "Shared config and credentials files"; AWS_CONFIG_FILE and
 * AWS_SHARED_CREDENTIALS_FILE name others). Values are borrowed from the
 * texts, which are wiped when they are freed.
 */
#ifndef COLLECTOR_AWS_CLIENT_AWS_PROFILE_H
#define COLLECTOR_AWS_CLIENT_AWS_PROFILE_H

#include "collector/kit/collector.h"
#include "base/span.h"

struct aws_profiles {
	struct buf config, credentials;
	char *home; /* the user's folder; owned; NULL: not known */
};

/* A file that is not there is an empty one. FAULT_DENIED, FAULT_LIMIT. */
MUST_USE int profiles_read(
    struct aws_profiles *p, const struct request *r, struct fault *f);
void profiles_free(struct aws_profiles *p);

/* Is there such a profile in either file? */
bool profile_there(const struct aws_profiles *p, const char *profile);

/* Has the config file "[NAME]", which the aws command passes over there? */
bool profile_bare(const struct aws_profiles *p, const char *profile);

/* A setting of a profile, of the credentials file first; p NULL: not set. */
struct span profile_get(
    const struct aws_profiles *p, const char *profile, const char *key);

/* A setting of "[sso-session NAME]". */
struct span sso_session_get(
    const struct aws_profiles *p, struct span session, const char *key);

/* The profile meant: name, AWS_PROFILE, AWS_DEFAULT_PROFILE, "default". */
const char *profile_name_of(const struct request *r, const char *name);

#endif
