/* Keys of what stands several times in one file. */
#ifndef COLLECTOR_SCAP_KEY_ONCE_H
#define COLLECTOR_SCAP_KEY_ONCE_H

#include <jansson.h>

#include "base/buf.h"
#include "base/fault.h"

/*
 * Make the key one that did not come before, of the keys noted in seen (an
 * object, borrowed): "x" stays, its second becomes "x#2". What the file itself
 * calls "x#2" is another: no two rows ever share a key.
 */
MUST_USE int key_once(json_t *seen, struct buf *key, struct fault *f);

#endif
