/* What the areas share when they make columns of an item. */
#ifndef COLLECTOR_AWS_FILL_H
#define COLLECTOR_AWS_FILL_H

#include "collector/kit/project.h"

/*
 * The texts at path (see project.h) as a new sorted array, each once: answers
 * come in any order, and equal evidence must be equal bytes. Null where there
 * is no list. A failure sticks in a.
 */
json_t *sorted_texts(const json_t *object, const char *path, struct attrs *a);

/*
 * The value of a tag, borrowed, or NULL. tags is a list of objects with the
 * members key and value, named as the service names them ("key", "Key").
 */
const char *tag_value(const json_t *tags, const char *key_member,
    const char *value_member, const char *tag);

/*
 * The cluster that tags name: eks:cluster-name, which EKS sets, else the NAME
 * of kubernetes.io/cluster/NAME. NULL: none. Borrowed.
 */
const char *tag_cluster(
    const json_t *tags, const char *key_member, const char *value_member);

#endif
