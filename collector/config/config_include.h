/* The files that files of one operand include, found inside its tree. */
#ifndef COLLECTOR_CONFIG_CONFIG_INCLUDE_H
#define COLLECTOR_CONFIG_CONFIG_INCLUDE_H

#include "collector/settings/config_parts.h"

struct config_includes {
	const char *root; /* the tree: a folder's path; borrowed */
	json_t *by;	  /* owned: path of an included file -> who includes */
	size_t opened;	  /* files, every time they were */
	bool peeking;	  /* what is opened is not included */
};

MUST_USE int config_includes_init(
    struct config_includes *c, const char *root, struct fault *f);
void config_includes_free(struct config_includes *c);

/* The path that included it, or NULL. */
const char *config_included_by(
    const struct config_includes *c, const char *path);

/* For config_file.tree; c is borrowed. */
struct config_tree config_includes_tree(struct config_includes *c);

#endif
