/* TOML 1.0 (toml.io/en/v1.0.0) as a tree: tables are maps, arrays lists; a
 * date or time is a plain scalar. */
#ifndef COLLECTOR_KIT_TREE_TOML_H
#define COLLECTOR_KIT_TREE_TOML_H

#include "collector/kit/tree.h"

/* As tree_yaml(). */
MUST_USE int tree_toml(
    struct documents *out, const char *p, size_t len, struct fault *f);

#endif
