/* Every collector and every kind there is. */
#include "collector/kit/collector.h"

#include <string.h>

#include "collector/aws/aws_kinds.h"
#include "collector/settings/config_kinds.h"
#include "collector/endpoint/endpoint_kinds.h"
#include "collector/image/image_kinds.h"
#include "collector/node_kinds/node_kinds.h"
#include "collector/aws/kinds_data.h"
#include "collector/kube/kube_kinds.h"
#include "collector/scap/results_kinds.h"
#include "collector/scap/scap_kinds.h"

extern const struct collector aws_collector, config_collector,
    endpoint_collector, image_collector, kube_collector, node_collector,
    results_collector, scap_collector;

const struct collector *const collectors[] = {
	&aws_collector,
	&config_collector,
	&endpoint_collector,
	&image_collector,
	&kube_collector,
	&node_collector,
	&results_collector,
	&scap_collector,
	NULL,
};

/* docs, views and imports range over these; each kind stands here once */
const struct kind *const kinds[] = {
	AWS_KINDS,
	AWS_DATA_KINDS,
	CONFIG_KINDS,
	RESULTS_KINDS,
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
