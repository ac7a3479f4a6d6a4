/*
 * HCL 2, native syntax (github.com/hashicorp/hcl, spec), as a tree: a body is
 * a map; a block is a map under its type, or below its labels; blocks that
 * stand again are lists. Literals are scalars, lists and maps. var.NAME and
 * local.NAME are what tree_hcl_resolve() knows of them; every other
 * expression, and a text with ${...}, is known only later (node.call).
 */
#ifndef COLLECTOR_KIT_TREE_HCL_H
#define COLLECTOR_KIT_TREE_HCL_H

#include "collector/kit/tree.h"

/* As tree_yaml(). */
MUST_USE int tree_hcl(
    struct documents *out, const char *p, size_t len, struct fault *f);

/* Put values in the place of references: of "var.NAME" the value of NAME in
 * the first of given (maps of names and values) that has it, of "local.NAME"
 * that of locals. What rests on a value that is not known stays so. */
MUST_USE int tree_hcl_resolve(const struct documents *d,
    const struct node *const *given, size_t ngiven,
    const struct node *const *locals, size_t nlocals, struct fault *f);

#endif
