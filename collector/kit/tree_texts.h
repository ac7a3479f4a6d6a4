/*
 * A YAML text as JSON in which every scalar is a string: enough for a
 * kubeconfig and for aws-auth, where a type is never in doubt.
 */
#ifndef COLLECTOR_KIT_TREE_TEXTS_H
#define COLLECTOR_KIT_TREE_TEXTS_H

#include "base/fault.h"
#include "base/json.h"

#define TREE_TEXTS_MAX 100000 /* values, aliases written out */

/*
 * A new reference; an empty text is null. Read as tree_yaml() does, one
 * document. NULL with FAULT_FORMAT naming what and the line, or FAULT_LIMIT.
 */
MUST_USE json_t *tree_texts(
    const char *p, size_t len, const char *what, struct fault *f);

#endif
