/*
 * What both pens have in common, the emitter and the reader of NDJSON: nothing
 * gets past them that a kind did not declare.
 */
#ifndef BASE_OBSERVATION_PUT_H
#define BASE_OBSERVATION_PUT_H

#include "base/observation.h"

/* Are all columns declared and of their type? FAULT_FORMAT: no. */
MUST_USE int attrs_check(
    const struct kind *k, const struct attrs *a, struct fault *f);
MUST_USE int attributes_check(
    const struct kind *k, json_t *attributes, struct fault *f);

/* A scope or a key, called what. FAULT_FORMAT: it is empty; FAULT_LIMIT. */
MUST_USE int name_check(const char *what, const char *s, struct fault *f);

/* Hand on an observation whose names are in order. */
MUST_USE int observation_put(
    const struct sink *sink, const struct observation *o, struct fault *f);

/* Hand on a coverage statement as canonical bytes. */
MUST_USE int coverage_put(const struct sink *sink, const char *collector,
    const char *scope, const json_t *coverage, struct fault *f);

#endif
