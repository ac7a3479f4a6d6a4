/* A file of results as one JSON value, whatever it was written in. */
#ifndef COLLECTOR_SCAP_RESULTS_READ_H
#define COLLECTOR_SCAP_RESULTS_READ_H

#include <stdbool.h>

#include "base/json.h"

#define RESULTS_FILE_MAX (64UL * 1024 * 1024)
#define RESULTS_DEPTH_MAX 64

/* A new reference, or NULL with FAULT_FORMAT: neither JSON nor XML, XML with a
 * DTD, a name twice, too deep. *xml: it was XML. */
MUST_USE json_t *results_read(
    const char *p, size_t len, bool *xml, struct fault *f);

#endif
