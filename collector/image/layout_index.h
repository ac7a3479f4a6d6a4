/* index.json of an OCI layout. */
#ifndef IMAGE_LAYOUT_INDEX_H
#define IMAGE_LAYOUT_INDEX_H

#include "buf.h"

/* Append index (a JSON text) to out, with only those manifests that have the
 * name; name NULL: as it is. FAULT_ABSENT: there is none. */
int layout_index(const struct buf *index, const char *name, struct buf *out,
    struct fault *f);

#endif
