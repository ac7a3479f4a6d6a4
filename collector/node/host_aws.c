/* How the host's own programs call AWS: root's AWS configuration (on
 * Bottlerocket made of settings.aws.config) and the system's environment. */
#include "collector/settings/config_host.h"
#include "collector/settings/config_kinds.h"
#include "collector/node/parts.h"

#define AWS_CONFIG "/root/.aws/config"
#define ENVIRONMENT "/etc/environment"

static bool
refused(const struct reading *r)
{
	return r->outcome != OUTCOME_OBSERVED && r->outcome != OUTCOME_ABSENT;
}

int
aws_emit(struct parts *p, struct fault *f)
{
	struct reading file = part_read(p, AWS_CONFIG);
	struct reading env = part_read(p, ENVIRONMENT);
	const struct reading *bad = refused(&file)  ? &file
				    : refused(&env) ? &env
						    : NULL;

	/* half of what decides is not enough to say what is called */
	if (bad != NULL)
		return emit_outcome(p->e, &config_aws_endpoint_kind,
		    bad == &file ? AWS_CONFIG : ENVIRONMENT, bad->outcome,
		    bad->reason, bad == &file ? AWS_CONFIG : ENVIRONMENT, f);
	if (file.text.p == NULL && !config_host_env(env.text))
		return 0; /* nothing says that AWS is called at all */
	return config_host_aws(p->e, AWS_CONFIG, file.text, env.text, f);
}
