/*
 * A YAML text as JSON in which every scalar is a string: enough for a
 * kubeconfig and for aws-auth, where a type is never in doubt. Aliases and
 * tags are refused, so nothing expands and nothing is constructed.
 */
#ifndef COLLECTOR_KUBE_YAMLJSON_H
#define COLLECTOR_KUBE_YAMLJSON_H

#include "base/fault.h"
#include "base/json.h"

#define YAML_NODES_MAX 100000
#define YAML_DEPTH_MAX 32

/* A new reference; an empty text is null. NULL with FAULT_FORMAT naming what
 * and the line, or FAULT_LIMIT. A key that stands twice is refused. */
json_t *yaml_json(const char *p, size_t len, const char *what, struct fault *f);

#endif
