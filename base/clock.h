/* The monotonic clock: for limits, never for evidence. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment before the program began; never goes back. */
int64_t clock_ms(void);

#endif
