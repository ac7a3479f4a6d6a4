/* Which type of file it is, by what stands in it. */
#include "collector/settings/config_parts.h"

#include <string.h>

extern const struct config_type config_aws, config_cloudformation,
    config_eksctl, config_encryption, config_envoy, config_haproxy,
    config_kubeconfig, config_kubelet, config_nginx, config_openssl, config_pod,
    config_sshd, config_terraform;

/* asked in this order */
const struct config_type *const config_types[] = {
	&config_eksctl,
	&config_kubelet,
	&config_encryption,
	&config_kubeconfig,
	&config_pod,
	&config_terraform,
	&config_cloudformation,
	&config_envoy,
	&config_haproxy,
	&config_openssl,
	&config_aws,
	&config_nginx,
	&config_sshd,
	NULL,
};

const struct config_type *
config_type_find(const char *name)
{
	for (size_t i = 0; config_types[i] != NULL; i++)
		if (strcmp(config_types[i]->name, name) == 0)
			return config_types[i];
	return NULL;
}
