/*
 * Of a program's environment only the variables named here are kept, and of
 * their values only what bears on FIPS: a JVM's options that speak of it, an
 * endpoint's host without user or path. Whoever reads environments from
 * outside, of containers or of functions, keeps to this one list.
 */
#ifndef COLLECTOR_KIT_ENVIRONMENT_H
#define COLLECTOR_KIT_ENVIRONMENT_H

#include "base/attrs.h"
#include "base/json.h"

struct kept_variable;

/* The rule for a variable of this name; static. NULL: it is not kept. */
const struct kept_variable *environment_kept(const char *name);

/* Put what is kept of its value into env; a failure sticks in a. */
void environment_put(struct attrs *a, json_t *env,
    const struct kept_variable *kept, const char *name, const char *value);

#endif
