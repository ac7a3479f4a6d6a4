/*
 * What a program accepts of its file, as a table: the members of each of its
 * types and what they hold. A further type of file is a further table.
 */
#ifndef COLLECTOR_SETTINGS_CONFIG_SCHEMA_H
#define COLLECTOR_SETTINGS_CONFIG_SCHEMA_H

#include "collector/settings/config_parts.h"

/*
 * One type: "name:what name:what ...". what is s (text: a plain number is
 * none), b (true or false, not quoted), i (a whole number), n (a number),
 * d (a duration: text), * (anything), =A|B (one of these texts), {what} (a
 * map), [what] (a list), or the name of a type of the same table. Null is
 * accepted for each.
 */
struct schema_type {
	const char *name, *members;
};

struct schema {
	const char *program;		 /* "eksctl rejects" */
	const char *top;		 /* the type of a document */
	const struct schema_type *types; /* ends with name NULL */
};

extern const struct schema schema_eksctl, schema_kubelet, schema_encryption,
    schema_kubeadm_cluster, schema_kubeadm_init, schema_kubeadm_join;

/* Tell config_refused() of every member of root that the schema does not have,
 * with the name that is meant, and of every value of another type; the file
 * is then strict. */
void config_schema_check(struct config_file *file, const struct node *root,
    const struct schema *schema);

#endif
