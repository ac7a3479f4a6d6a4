/* Resources of AWS by their Terraform types, for readers of Terraform. */
#ifndef COLLECTOR_SETTINGS_CONFIG_RESOURCE_H
#define COLLECTOR_SETTINGS_CONFIG_RESOURCE_H

#include "collector/settings/config_parts.h"

/* Emit what a resource of this type sets; one of a type that is not known is
 * told to config_unknown(). */
MUST_USE int config_resource_terraform(struct config_file *file,
    const char *type, const char *address, const struct node *body,
    struct fault *f);

#endif
