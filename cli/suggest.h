/* "did you mean ...?" for a name that there is not. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include "base/fault.h"
#include "base/near.h"

#define SUGGESTION_LEN (NEAR_NAME_MAX + 32)

/* "; did you mean 'checks'?", or "" if nothing is near. Returns out. */
const char *suggestion(
    const struct near *n, const char *prefix, char out[SUGGESTION_LEN]);

/* FAULT_USAGE, -1: there is no such WHAT as was asked for, and 'exhibit LISTER'
 * lists those there are. */
int no_such(const struct near *n, const char *what, const char *lister,
    struct fault *f);

#endif
