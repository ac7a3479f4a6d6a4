/*
 * Who we are to a registry: what docker login and its kin have written
 * (docker.com, "docker login"; containers-auth.json(5)), or a credential
 * helper of the user (docker-credential-helpers protocol: "get", the server on
 * standard input, JSON back). Secrets live here and are wiped.
 */
#ifndef COLLECTOR_IMAGE_REGISTRY_AUTH_H
#define COLLECTOR_IMAGE_REGISTRY_AUTH_H

#include "base/buf.h"
#include "collector/kit/collector.h"

#define DOCKER_CONFIG_MAX ((size_t)1024 * 1024)
#define REGISTRY_SECRET_MAX ((size_t)64 * 1024)
#define HELPER_TIME_MS 60000

/*
 * Append "user:password" for the host. Nothing is appended when none is kept
 * for it: many images are for everybody. FAULT_USAGE: the file named by the
 * user is not there or broken; FAULT_DENIED: the helper failed.
 */
MUST_USE int registry_login(const struct request *r, const char *host,
    struct buf *out, struct fault *f);

/* What a registry asks for: WWW-Authenticate (RFC 9110 11.6.1, RFC 6750 3). */
struct challenge {
	bool bearer; /* false: Basic */
	char realm[1024], service[256], scope[512];
};

/* Read one header's value. -1: neither Bearer with a realm nor Basic. */
int challenge_read(struct challenge *c, const char *header);

#endif
