/* Every collector and every kind there is. */
#include "collector.h"

#include <string.h>

#include "kinds.h"

extern const struct collector node_collector;

const struct collector *const collectors[] = {
	&node_collector,
	NULL,
};

/* docs, views and imports range over these; each kind stands here once */
const struct kind *const kinds[] = {
	&node_kind,
	&node_boot_kind,
	&node_bottlerocket_kind,
	&node_crypto_policy_kind,
	&node_file_kind,
	&node_instance_kind,
	&node_library_kind,
	&node_openssl_kind,
	&node_package_kind,
	&node_pro_service_kind,
	&node_provider_kind,
	NULL,
};

const struct collector *
collector_find(const char *name)
{
	for (size_t i = 0; collectors[i] != NULL; i++)
		if (strcmp(collectors[i]->name, name) == 0)
			return collectors[i];
	return NULL;
}

const struct kind *
kind_find(const char *name)
{
	for (size_t i = 0; kinds[i] != NULL; i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

const char *
request_get(const struct request *r, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < r->noptions; i++)
		if (strcmp(r->options[i].name, name) == 0)
			value = r->options[i].value;
	return value;
}
