/* What the program takes from itself before it reads anything. */
#ifndef BASE_FENCES_H
#define BASE_FENCES_H

#include <stdbool.h>

#include "base/fault.h"

/* No core dump, and no other process of this user may read our memory, where
 * keys are (prctl(2), PR_SET_DUMPABLE). Not under sanitizers, whose search for
 * leaks is such a process. */
MUST_USE int hide_memory(struct fault *f);

/* Do both hold now? For doctor. */
bool memory_is_hidden(void);

#endif
