/* Every collector and every kind there is. */
#include "collector.h"

#include <string.h>

#include "aws_kinds.h"
#include "config_kinds.h"
#include "endpoint_kinds.h"
#include "image_kinds.h"
#include "kinds.h"
#include "kinds_data.h"
#include "kube_kinds.h"
#include "scap_kinds.h"

extern const struct collector aws_collector, config_collector,
    endpoint_collector, image_collector, kube_collector, node_collector,
    scap_collector;

const struct collector *const collectors[] = {
	&aws_collector,
	&config_collector,
	&endpoint_collector,
	&image_collector,
	&kube_collector,
	&node_collector,
	&scap_collector,
	NULL,
};

/* docs, views and imports range over these; each kind stands here once */
const struct kind *const kinds[] = {
	AWS_KINDS,
	AWS_DATA_KINDS,
	CONFIG_KINDS,
	IMAGE_KINDS,
	KUBE_KINDS,
	NODE_KINDS,
	SCAP_KINDS,
	SSH_KINDS,
	TLS_KINDS,
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

const char *
request_env(const struct request *r, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; r->environment != NULL && r->environment[i] != NULL;
	     i++)
		if (strncmp(r->environment[i], name, len) == 0 &&
		    r->environment[i][len] == '=')
			return r->environment[i] + len + 1;
	return NULL;
}
