/*
 * JSON as Kubernetes nearly always writes it: printable ASCII without a
 * backslash. That much is read here, far faster than by a parser that has to
 * be ready for everything; whatever else stands in a text, or is wrong with
 * it, is left to jansson to read or to refuse.
 */
#ifndef COLLECTOR_KUBE_PLAIN_OBJECT_H
#define COLLECTOR_KUBE_PLAIN_OBJECT_H

#include <stddef.h>

#include <jansson.h>

/*
 * What json_loadb() with JSON_REJECT_DUPLICATES makes of the object or list at
 * p, as a new reference; or NULL, which says only: ask that one.
 */
json_t *plain_read(const char *p, size_t len);

#endif
