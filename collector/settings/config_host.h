/* A host's own AWS configuration, read by the rules of config_aws.h. */
#ifndef COLLECTOR_SETTINGS_CONFIG_HOST_H
#define COLLECTOR_SETTINGS_CONFIG_HOST_H

#include "base/observation.h"
#include "base/span.h"

/* Does a text of NAME=value lines (pam_env(8)) set how AWS is called? */
bool config_host_env(struct span environment);

/*
 * Which endpoints the programs of a host call that read this AWS config file
 * (text.p NULL: there is none) under this environment: config.aws_endpoint
 * under "PATH#profile NAME/SERVICE", PATH with "/etc/environment" where there
 * is no file. Nothing else of either is kept. -1: memory or the sink.
 */
MUST_USE int config_host_aws(struct emitter *e, const char *path,
    struct span text, struct span environment, struct fault *f);

#endif
