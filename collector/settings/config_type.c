/* Which type of file it is, by what stands in it. */
#include "collector/settings/config_parts.h"

#include <string.h>

#include "base/length.h"

extern const struct config_type config_apache, config_aws, config_container,
    config_cloudformation, config_eksctl, config_encryption, config_envoy,
    config_haproxy, config_hcl, config_kubeconfig, config_kubelet, config_nginx,
    config_openssl, config_pod, config_sshd, config_terraform;
extern const struct config_type config_table_types[]; /* config_tables.c */

/* asked in this order, and the tables between them: those of texts would pass
 * for an sshd_config, and nothing that is known here for one of theirs */
static const struct config_type *const first[] = {
	&config_eksctl,
	&config_kubelet,
	&config_encryption,
	&config_kubeconfig,
	&config_pod,
	&config_terraform,
	&config_cloudformation,
	&config_envoy,
	&config_hcl,
	&config_haproxy,
	&config_openssl,
	&config_nginx,
	&config_apache,
	&config_container,
};
static const struct config_type *const last[] = {
	&config_aws,
	&config_sshd,
};

const struct config_type *
config_type_at(size_t i)
{
	size_t n = 0;

	if (i < LENGTH(first))
		return first[i];
	i -= LENGTH(first);
	while (config_table_types[n].name != NULL)
		n++;
	if (i < n)
		return &config_table_types[i];
	return i - n < LENGTH(last) ? last[i - n] : NULL;
}

const struct config_type *
config_type_find(const char *name)
{
	const struct config_type *t;

	for (size_t i = 0; (t = config_type_at(i)) != NULL; i++)
		if (strcmp(t->name, name) == 0)
			return t;
	return NULL;
}
