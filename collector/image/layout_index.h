/* index.json of an OCI layout. */
#ifndef COLLECTOR_IMAGE_LAYOUT_INDEX_H
#define COLLECTOR_IMAGE_LAYOUT_INDEX_H

#include "base/buf.h"

/* Append index (a JSON text) to out, with only those manifests that have the
 * name; name NULL: as it is. FAULT_ABSENT: there is none. */
MUST_USE int layout_index(const struct buf *index, const char *name,
    struct buf *out, struct fault *f);

#endif
